"""A council's own Word template: its styles, page and letterhead are kept, what it says is not."""

import logging
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_app.reports.documents.look import BULLETS, LOOKS, TABLE_STYLE, add_table_style, default_document, speak_british

if TYPE_CHECKING:
    from docx.document import Document

log = logging.getLogger(__name__)

TEMPLATE_NAME = "report-template.docx"
"""What a council's template is called in the data directory."""


class TemplateFault(ValueError):
    """The template cannot be used; the message says why and what to do."""


def empty_document(template: Path | None) -> "Document":
    """A document without text, dressed as the template says, or in the default look where there is none to use."""
    if template is None or not template.exists():
        return default_document()
    try:
        return open_template(template)
    except TemplateFault as fault:
        log.warning("report template not used: %s", fault)
        return default_document()


def template_fault(template: Path | None) -> str:
    """Why the template cannot be used and what to do; empty where it can, or where there is none."""
    if template is None or not template.exists():
        return ""
    try:
        open_template(template)
    except TemplateFault as fault:
        return str(fault)
    return ""


def open_template(template: Path) -> "Document":
    """The template, emptied and with every style that a report needs. Raises TemplateFault."""
    import docx  # noqa: PLC0415 - only who writes a document needs it in memory

    try:
        document = docx.Document(str(template))
        _check_styles(document)
        _empty(document)
        _complete(document)
        speak_british(document)
    except TemplateFault:
        raise
    except Exception as error:  # zip, XML and the library raise many kinds for a damaged or foreign file
        raise TemplateFault(
            f"{template.name} cannot be opened as a Word document, so reports are made in the default look. "
            'Open it in Word, choose Save As, then "Word Document (.docx)", and put that file in its place.'
        ) from error
    return document


def _check_styles(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415

    wanted = dict.fromkeys(LOOKS, WD_STYLE_TYPE.PARAGRAPH) | {TABLE_STYLE: WD_STYLE_TYPE.TABLE}
    for name, kind in wanted.items():
        if name in document.styles and document.styles[name].type != kind:
            raise TemplateFault(
                f'In the report template the style "{name}" is of the wrong type, so reports are made in the default '
                f"look. Make it a {kind.name.lower()} style."
            )


def _empty(document: "Document") -> None:
    """Take out all but the last section's page, which takes over the letterheads of the sections before it."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    body = document.element.body
    last = body.get_or_add_sectPr()
    for earlier in reversed(body.xpath(".//w:pPr/w:sectPr")):
        _take_over(last, earlier)
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)


def _take_over(last: Any, earlier: Any) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415

    for kind in ("w:headerReference", "w:footerReference"):
        had = {reference.get(qn("w:type")) for reference in last.findall(qn(kind))}
        for reference in earlier.findall(qn(kind)):
            if reference.get(qn("w:type")) not in had:
                last.insert(0, deepcopy(reference))


def _complete(document: "Document") -> None:
    """Copy the styles that the template lacks from the default look, in the template's own font."""
    source = None
    for name in LOOKS:
        if name not in document.styles:
            source = source or default_document()
            document.styles.element.append(_copied(document, source.styles[name].element))
            if name == BULLETS:
                _hang_on_bullets(document)
    if TABLE_STYLE not in document.styles:
        add_table_style(document)


def _copied(document: "Document", style: Any) -> Any:
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    copied = deepcopy(style)
    taken = {one.style_id for one in document.styles}
    if copied.styleId in taken:
        copied.styleId = f"Report{copied.styleId}"
    # The bullets of the default look, and the styles beside this one, are not in the template.
    for element in copied.xpath("w:link | w:next | w:basedOn | w:pPr/w:numPr"):
        element.getparent().remove(element)
    normal = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    if normal is not None and normal.style_id:
        copied.basedOn_val = normal.style_id
    for font in copied.xpath("w:rPr/w:rFonts"):
        font.getparent().remove(font)
    copied.attrib.pop(qn("w:default"), None)
    return copied


def _hang_on_bullets(document: "Document") -> None:
    """Give the template a list with bullets, and its bullet style a place in it, so that all read a list."""
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    numbering = _numbering(document)
    taken = [int(each.get(qn("w:abstractNumId"))) for each in numbering.findall(qn("w:abstractNum"))]
    number = max(taken, default=-1) + 1
    bullets = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
    )
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(bullets)
    else:
        first.addprevious(bullets)
    properties = document.styles[BULLETS].element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = numbering.add_num(number).numId


def _numbering(document: "Document") -> Any:
    """The template's lists; a template without any gets an empty part for them, which the library cannot make."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.opc.packuri import PackURI  # noqa: PLC0415
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls  # noqa: PLC0415
    from docx.parts.numbering import NumberingPart  # noqa: PLC0415

    part: Any
    try:
        part = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        empty = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        name = PackURI("/word/numbering.xml")
        part = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, empty, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return part.element
