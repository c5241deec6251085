"""A report as a Word document, which opens well in a screen reader: headings, real tables, pictures with words."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_app.pictures.png import as_png
from qa_app.pictures.specs import from_json
from qa_app.reports.blocks import Block, Content, Narrative, Picture, Sentences, Table
from qa_app.reports.documents.facts import Facts, paragraphs, plain
from qa_app.reports.documents.look import BULLETS, TABLE_STYLE
from qa_app.reports.documents.template import empty_document
from qa_app.reports.documents.word_tables import TWENTIETHS, word_table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer, _Header

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDEST = 15 * 360_000  # of a picture: 15 cm in Word's units, where its writing is as large as the text beside it
_TALLEST = 0.7  # of a page: what a picture may take, so that its heading stays with it


def word(content: Content, narratives: Mapping[str, str], facts: Facts, template: Path | None) -> bytes:
    """The report as the bytes of a .docx file.

    `narratives` are the QA team's own words by the keys of their places. `template` is the council's own Word
    document; where it is missing or cannot be used, the default look is (`template_fault` says why). Nothing in the
    document is a link.
    """
    document = empty_document(template)
    _say_what_it_is(document, content, facts)
    _head_and_foot(document, f"{content.title} · {facts.status}", facts.product_name)
    _title(document, content, facts)
    writers: dict[str, Callable[[Document, Any], None]] = {
        "table": _table,
        "sentences": _sentences,
        "picture": _picture,
        "narrative": lambda document, block: _narrative(document, block, narratives),
    }
    for section in content.sections:
        document.add_heading(plain(section.title), 1)
        for block in section.blocks:
            _write(document, block, writers)
    if content.about:
        document.add_heading("About these figures", 1)
        _paragraphs(document, content.about)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(document: "Document", block: Block, writers: Mapping[str, Callable[["Document", Any], None]]) -> None:
    writers[block.kind](document, block)


def _say_what_it_is(document: "Document", content: Content, facts: Facts) -> None:
    about = document.core_properties
    about.title, about.author = plain(content.title)[:255], plain(facts.product_name)[:255]
    about.last_modified_by = about.author
    about.subject, about.comments, about.keywords = plain(content.subtitle)[:255], plain(facts.status)[:255], ""
    about.created = about.modified = facts.created
    about.revision = 1


def _head_and_foot(document: "Document", head: str, product_name: str) -> None:
    """On every kind of page the status below the council's own head, and page numbers unless its foot has some."""
    section = document.sections[0]
    heads, feet = [section.header], [section.footer]
    if section.different_first_page_header_footer:
        heads.append(section.first_page_header)
        feet.append(section.first_page_footer)
    if document.settings.odd_and_even_pages_header_footer:
        heads.append(section.even_page_header)
        feet.append(section.even_page_footer)
    for each in heads:
        _own_paragraph(each, "Header").add_run(plain(head))
    for foot in feet:
        if not foot._element.xpath(".//w:instrText[contains(., 'PAGE')] | .//w:fldSimple[contains(@w:instr, 'PAGE')]"):
            paragraph = _own_paragraph(foot, "Footer")
            paragraph.add_run(plain(f"{product_name} · Page "))
            _field(paragraph, "PAGE")
            paragraph.add_run(" of ")
            _field(paragraph, "NUMPAGES")


def _own_paragraph(part: "_Header | _Footer", style: str) -> Any:
    """An empty paragraph at the end of a head or foot; its first where it held nothing yet."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - only who writes a document needs it in memory

    paragraphs = part.paragraphs
    last = paragraphs[-1] if paragraphs else None
    holds = last is not None and any(child.tag != qn("w:pPr") for child in last._element)
    return part.add_paragraph(style=style) if last is None or holds else last


def _field(paragraph: Any, instruction: str) -> None:
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    xml = f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._element.append(parse_xml(xml))


def _title(document: "Document", content: Content, facts: Facts) -> None:
    document.add_paragraph(plain(content.title), "Title")
    if content.subtitle:
        document.add_paragraph(plain(content.subtitle), "Subtitle")
    _paragraphs(document, facts.lines)
    if content.headlines:
        document.add_heading("Headlines", 1)
        _paragraphs(document, content.headlines, BULLETS)


def _paragraphs(document: "Document", texts: Any, style: str = "Normal") -> None:
    for text in texts:
        document.add_paragraph(plain(text), style)


def _sentences(document: "Document", block: Sentences) -> None:
    _paragraphs(document, block.texts)


def _narrative(document: "Document", block: Narrative, narratives: Mapping[str, str]) -> None:
    _paragraphs(document, paragraphs(narratives.get(block.key, "")))


def _table(document: "Document", block: Table) -> None:
    document.add_heading(plain(block.title), 2)  # Word would join tables that touch
    if block.rows:
        style = document.styles[TABLE_STYLE].style_id
        width = _room(document)[0].pt * TWENTIETHS
        document.element.body.get_or_add_sectPr().addprevious(word_table(block, style, int(width)))
    else:
        document.add_paragraph("None.")
    if block.note:
        document.add_paragraph(plain(block.note))


def _picture(document: "Document", block: Picture) -> None:
    picture = from_json(dict(block.spec))
    document.add_heading(plain(picture.title), 2)
    shape = document.add_picture(BytesIO(as_png(picture)))
    width, height = _room(document)
    shrink = min(1.0, min(width, _WIDEST) / shape.width, height * _TALLEST / shape.height)
    shape.width, shape.height = int(shape.width * shrink), int(shape.height * shrink)
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    described = shape._inline.docPr
    described.set("descr", plain(picture.description))
    described.set("title", plain(picture.title))


def _room(document: "Document") -> tuple[Any, Any]:
    """Width and height between the margins of a page."""
    from docx.shared import Cm, Emu  # noqa: PLC0415

    page = document.sections[0]
    width = (page.page_width or Cm(21)) - (page.left_margin or 0) - (page.right_margin or 0)
    height = (page.page_height or Cm(29.7)) - (page.top_margin or 0) - (page.bottom_margin or 0)
    return Emu(width), Emu(height)
