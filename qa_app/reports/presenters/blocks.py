"""What a report's page shows of its content.

Tables are written here as HTML and not in the template: a report of twenty tables would take ten times as long there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from qa_app.pictures.specs import Picture, from_json
from qa_app.reports import blocks
from qa_app.reports.blocks import Content, Narrative, Section, Sentences, Table
from qa_app.reports.documents.facts import paragraphs

_NONE: Mapping[str, str] = {}
_BETWEEN = "\x00"  # in no text that a database gives


@dataclass(frozen=True, slots=True)
class Shown:
    """One block: its HTML, or the picture that the template draws, with the name that begins its ids."""

    html: Markup = Markup()  # noqa: RUF009 - it never changes
    picture: Picture | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with its anchor."""

    key: str
    title: str
    blocks: list[Shown]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What `reports/_content.html` needs."""

    headlines: Markup
    sections: list[ShownSection]
    about: Markup


def report_page(content: Content, narratives: Mapping[str, str], writing: Mapping[str, str] = _NONE) -> ReportPage:
    """A report's content for its page.

    `narratives` are the QA team's own words by the keys of their places. `writing` gives, to those who write a draft,
    the address where each place is written; then its question stands there too.
    """
    return ReportPage(
        Markup("").join(Markup("<li>{}</li>\n").format(text) for text in content.headlines),
        [_section(section, narratives, writing) for section in content.sections],
        _paragraphs(content.about),
    )


def without_links(content: Content) -> Content:
    """The content as it leaves the app: a file's reader has no page to open."""
    return replace(
        content, sections=[replace(one, blocks=[_closed(b) for b in one.blocks]) for one in content.sections]
    )


def _closed(block: blocks.Block) -> blocks.Block:
    if not isinstance(block, Table):
        return block
    return replace(block, rows=[[replace(cell, href="") for cell in row] for row in block.rows])


def _section(section: Section, narratives: Mapping[str, str], writing: Mapping[str, str]) -> ShownSection:
    shown = []
    for at, block in enumerate(section.blocks, 1):
        match block:
            case Table():
                shown.append(Shown(_table(block)))
            case Sentences():
                shown.append(Shown(_paragraphs(block.texts)))
            case Narrative():
                shown.append(Shown(_narrative(block, narratives.get(block.key, ""), writing.get(block.key, ""))))
            case blocks.Picture():
                shown.append(Shown(picture=from_json(dict(block.spec)), name=f"picture-{section.key}-{at}"))
    return ShownSection(section.key, section.title, shown)


def _paragraphs(texts: Iterable[str], kind: str = "govuk-body") -> Markup:
    html = "".join(f'<p class="{kind}">{escape(text)}</p>\n' for text in texts)
    return Markup(html)  # noqa: S704 - every text went through escape()


def _narrative(block: Narrative, text: str, href: str) -> Markup:
    words = _paragraphs(paragraphs(text), "govuk-body app-typed")
    if not href:
        return words
    return Markup(
        '<div class="govuk-inset-text"><p class="govuk-body app-soft">{prompt}</p>\n{words}'
        '<p class="govuk-body"><a class="govuk-link" href="{href}">{verb}'
        '<span class="govuk-visually-hidden">: {prompt}</span></a></p></div>\n'
    ).format(prompt=block.prompt, words=words, href=href, verb="Change" if words else "Write")


def _table(table: Table) -> Markup:
    heading = Markup('<h3 class="govuk-heading-s govuk-!-margin-bottom-1">{}</h3>\n').format(table.title)
    note = Markup('<p class="govuk-body-s">{}</p>\n').format(table.note) if table.note else Markup("")
    if not table.rows:
        return heading + Markup('<p class="govuk-body">None.</p>\n') + note
    title = escape(table.title)
    kinds = ["" if numeric else ' class="app-report__words"' for numeric in table.numeric]
    head = "".join(f'<th scope="col"{kind}>{escape(text)}</th>' for text, kind in zip(table.header, kinds, strict=True))
    return heading + Markup(  # noqa: S704 - every text went through escape()
        f'<div class="app-table-scroll govuk-!-margin-bottom-6" tabindex="0" role="region" aria-label="{title}">\n'
        f'<table class="app-report__table">\n<caption class="govuk-visually-hidden">{title}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{_rows(table, kinds)}</tbody>\n</table>\n{note}</div>\n"
    )


def _rows(table: Table, kinds: Sequence[str]) -> str:
    """The rows as HTML; a column's kind is the class of its cells."""
    row = f'><th scope="row"{kinds[0]}>%s</th>{"".join(f"<td{kind}>%s</td>" for kind in kinds[1:])}</tr>\n'
    cells = [cell for each in table.rows for cell in each]
    texts = _escaped([cell.text for cell in cells])
    links = [at for at, cell in enumerate(cells) if cell.href]
    for at, href in zip(links, _escaped([cells[at].href for at in links]), strict=True):
        texts[at] = f'<a class="govuk-link" href="{href}">{texts[at]}</a>'
    width = len(kinds)
    rows = [row % tuple(texts[start : start + width]) for start in range(0, len(texts), width)]
    starts = ["<tr"] * len(rows)
    if table.has_total:
        starts[-1] = '<tr class="app-table__totals"'
    return "".join(start + rest for start, rest in zip(starts, rows, strict=True))


def _escaped(texts: list[str]) -> list[str]:
    """Each text escaped, all by one call: one a cell would take most of the page's time."""
    if not texts:
        return []
    parts = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
    return parts if len(parts) == len(texts) else [str(escape(text)) for text in texts]
