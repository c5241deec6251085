"""How a Word document looks when no template of the council says otherwise, and which styles a report needs."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

FONT = "Arial"
TABLE_STYLE = "Report table"
LANGUAGE = "en-GB"
BULLETS = "List Bullet"


class Look(NamedTuple):
    """Size and room above and below, in points."""

    size: float
    above: float
    below: float
    bold: bool = False
    with_next: bool = False
    """Never parted from what follows by the end of a page."""


LOOKS = {
    "Normal": Look(11, 3, 6),
    "Title": Look(24, 0, 4, bold=True, with_next=True),
    "Subtitle": Look(14, 0, 8),
    "Heading 1": Look(17, 20, 6, bold=True, with_next=True),
    "Heading 2": Look(12, 12, 4, bold=True, with_next=True),
    BULLETS: Look(11, 0, 4),
    "Header": Look(9, 0, 0),
    "Footer": Look(9, 0, 0),
}
"""Every paragraph style that a report uses. Those after the first take its font, so a council's own as well."""

# Lines below rows only, and a stronger one below the headings. A council's template may hold a style of this name.
TABLE_STYLE_XML = f"""
<w:style {{namespace}} w:type="table" w:customStyle="1" w:styleId="ReportTable">
<w:name w:val="{TABLE_STYLE}"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/></w:tblBorders>
<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/></w:tcBorders></w:tcPr></w:tblStylePr>
<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
<w:top w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"/></w:tcBorders></w:tcPr></w:tblStylePr>
</w:style>
"""


def default_document() -> "Document":
    """An empty A4 document in the default look."""
    import docx  # noqa: PLC0415 - only who writes a document needs it in memory
    from docx.shared import Cm  # noqa: PLC0415

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for name, look in LOOKS.items():
        _dress(document.styles[name], look)
    document.styles["Normal"].font.name = FONT
    add_table_style(document)
    speak_british(document)
    return document


def _dress(style: "ParagraphStyle", look: Look) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:i", "w:iCs", "w:spacing", "w:kern"):
        for element in properties.findall(qn(name)):
            properties.remove(element)
    for border in style.element.xpath("w:pPr/w:pBdr | w:pPr/w:contextualSpacing"):
        border.getparent().remove(border)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(look.size), look.bold, RGBColor(0x0B, 0x0C, 0x0C)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(look.above), Pt(look.below), 1.15
    layout.keep_with_next = look.with_next


def add_table_style(document: "Document") -> None:
    """Give the document the style of a report's tables."""
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    document.styles.element.append(parse_xml(TABLE_STYLE_XML.format(namespace=nsdecls("w"))))


def speak_british(document: "Document") -> None:
    """Say that the document is in British English where it says another English or nothing."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    styles = document.styles.element
    for element in styles.iter(qn("w:lang")):
        if element.get(qn("w:val"), "en").startswith("en"):
            element.set(qn("w:val"), LANGUAGE)
    inner = styles
    for name in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"):
        found = inner.find(qn(name))
        if found is None:
            found = OxmlElement(name)
            # The schema has the language after all other properties of writing, and defaults before all styles.
            inner.insert(len(inner) if name == "w:lang" else 0, found)
        inner = found
    inner.set(qn("w:val"), LANGUAGE)
    document.core_properties.language = LANGUAGE
