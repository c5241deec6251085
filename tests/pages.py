"""Checks of every HTML answer that a test gets: `check_page(html)`, called by the test client.

Each check names the fault and where it is, so that the person who reads it knows what to write.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import html5lib
from bs4 import BeautifulSoup, Tag

NO_LABEL_NEEDED = {"hidden", "submit", "button", "image", "reset"}
TOKEN = re.compile(r"(csrf_token\" value=\"|X-CSRFToken\":\")[^\"]*")


class BadPage(AssertionError):
    """The page has faults; the message lists them all."""


def check_page(html: str) -> None:
    """Raise BadPage unless `html` is a sound whole page."""
    _raise(_page_faults(TOKEN.sub(r"\1", html)))


def check_fragment(html: str) -> None:
    """Raise BadPage unless `html` is a sound part of a page, as htmx swaps in."""
    _raise(_fragment_faults(TOKEN.sub(r"\1", html)))


# A strict parse takes a tenth of a second, and tests meet the same page again and again.
@lru_cache(maxsize=512)
def _page_faults(html: str) -> tuple[str, ...]:
    soup = BeautifulSoup(html, "html.parser")
    checks = (_language, _heading_and_title, *SHARED)
    return (*parse_faults(html, fragment=False), *chain.from_iterable(check(soup) for check in checks))


@lru_cache(maxsize=512)
def _fragment_faults(html: str) -> tuple[str, ...]:
    soup = BeautifulSoup(html, "html.parser")
    whole = ("a fragment holds a whole page",) if soup.find(["html", "head", "body"]) else ()
    return (*parse_faults(html, fragment=True), *whole, *chain.from_iterable(check(soup) for check in SHARED))


def check_response(html: str) -> None:
    """Check a page or a fragment, whichever it is."""
    if html.lstrip()[:9].lower() == "<!doctype":
        check_page(html)
    elif html.strip():
        check_fragment(html)


def parse_faults(html: str, *, fragment: bool) -> Iterator[str]:
    """What a strict HTML parser objects to, each with its line."""
    parser = html5lib.HTMLParser(strict=False)
    if fragment:
        parser.parseFragment(html, container="div")
    else:
        parser.parse(html)
    for (line, _column), code, details in parser.errors:
        yield f"line {line}: {code} {details or ''}".strip()


def _language(soup: BeautifulSoup) -> Iterator[str]:
    html = soup.find("html")
    if not isinstance(html, Tag) or not html.get("lang"):
        yield "<html> has no lang"
    if not soup.find("main"):
        yield "there is no <main>"


def _heading_and_title(soup: BeautifulSoup) -> Iterator[str]:
    headings = soup.find_all("h1")
    if len(headings) != 1:
        yield f"there are {len(headings)} h1 headings instead of one"
        return
    heading = _words(headings[0])
    title = _words(soup.title) if soup.title else ""
    if not title.removeprefix("Error: ").startswith(heading):
        yield f"the title {title!r} does not begin with the h1 {heading!r}"
    if bool(soup.select(".govuk-error-summary")) != title.startswith("Error: "):
        yield f"the title {title!r} and the error summary disagree on whether there is an error"


def _unique_ids(soup: BeautifulSoup) -> Iterator[str]:
    counts = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    yield from (f"id {name!r} is used {count} times" for name, count in counts.items() if count > 1)


def _labels(soup: BeautifulSoup) -> Iterator[str]:
    labelled = {str(tag["for"]) for tag in soup.find_all("label") if tag.get("for")}
    for tag in soup.find_all(["input", "select", "textarea"]):
        if tag.name == "input" and tag.get("type", "text") in NO_LABEL_NEEDED:
            continue
        named = tag.get("aria-label") or tag.get("aria-labelledby") or tag.find_parent("label")
        if tag.get("id") not in labelled and not named:
            yield f"{_start(tag)} has no label"


def _references(soup: BeautifulSoup) -> Iterator[str]:
    """Names that lead nowhere. Only where both ends are in the same piece of HTML, so not for fragments."""
    if not soup.find("html"):
        return
    ids = {str(tag["id"]) for tag in soup.find_all(id=True)}
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-conflict"):
        for tag in soup.find_all(attrs={name: True}):
            missing = [part for part in str(tag[name]).split() if part not in ids]
            if missing:
                yield f"{_start(tag)}: {name} names {missing[0]!r}, which is not on the page"
    for link in soup.find_all("a", href=re.compile("^#.")):
        if str(link["href"])[1:] not in ids:
            yield f"{_start(link)} leads to nothing on the page"


def _forms(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.find_all("form"):
        if not form.has_attr("action") or not form.has_attr("method"):
            yield f"{_start(form)} needs both action and method"
        if str(form.get("method", "")).lower() == "post" and not form.find("input", attrs={"name": "csrf_token"}):
            yield f"{_start(form)} has no csrf_token"
        if form.find("form"):
            yield f"{_start(form)} holds another form"
        if form.find("input", type="file") and form.get("enctype") != "multipart/form-data":
            yield f'{_start(form)} sends a file, so it needs enctype="multipart/form-data"'


def _links_and_buttons(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(["a", "button"]):
        if not _words(tag) and not tag.get("aria-label"):
            yield f"{_start(tag)} has no words"
    for link in soup.find_all("a"):
        if not link.get("href") or link.get("href") == "#":
            yield f"{_start(link)} leads nowhere"
        if not link.get("class") and not link.find_parent(class_="govuk-error-summary"):
            yield f'{_start(link)} is bare: give it a class such as "govuk-link"'
    for button in soup.find_all("button"):
        if not button.get("type"):
            yield f"{_start(button)} has no type"


def _pictures(soup: BeautifulSoup) -> Iterator[str]:
    for image in soup.find_all("img"):
        if not image.has_attr("alt"):
            yield f"{_start(image)} has no alt"
    for svg in soup.find_all("svg"):
        if not (svg.get("aria-hidden") == "true" or svg.get("role") == "img"):
            yield f'{_start(svg)} is neither hidden nor role="img"'


def _nothing_inline(soup: BeautifulSoup) -> Iterator[str]:
    """What the content security policy would refuse, or htmx would have to evaluate."""
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            inline = name == "style" or name.startswith(("on", "hx-on"))
            evaluated = isinstance(value, str) and value.strip().lower().startswith(("js:", "javascript:"))
            if inline or evaluated:
                yield f"{_start(tag)}: {name} is refused by the content security policy"
    yield from (f"{_start(tag)} is inline" for tag in soup.find_all("style"))
    yield from (f"{_start(tag)} is inline" for tag in soup.find_all("script") if not tag.get("src"))


def _text_left_over(soup: BeautifulSoup) -> Iterator[str]:
    text = soup.get_text(" ")
    yield from (
        f"{sign!r} was printed" for sign in ("{{", "{%", "Undefined", "<Markup", "None of None") if sign in text
    )
    escaped = re.search(r"&(lt|gt|amp|#34|#39);", text)
    if escaped:
        yield f"escaped twice: {text[max(0, escaped.start() - 30) : escaped.end() + 10]!r}"


SHARED = (
    _unique_ids,
    _labels,
    _references,
    _forms,
    _links_and_buttons,
    _pictures,
    _nothing_inline,
    _text_left_over,
)


def _start(tag: Tag) -> str:
    names = [name for name in ("id", "name", "href", "action") if tag.get(name)]
    attributes = "".join(f' {name}="{tag[name]}"' for name in names)
    if tag.get("class"):
        attributes += f' class="{" ".join(filter(None, tag.get_attribute_list("class")))}"'
    return f"<{tag.name}{attributes}>"


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _raise(faults: tuple[str, ...]) -> None:
    if faults:
        raise BadPage("\n".join(["The page has faults:", *(f"- {fault}" for fault in faults)]))
