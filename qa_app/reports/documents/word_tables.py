"""A report's table as a real Word table. Written as XML: cell by cell the library takes seconds over a long report."""

from collections.abc import Sequence
from html import escape
from typing import Any

from qa_app.reports.blocks import Cell, Table
from qa_app.reports.documents.facts import plain

TWENTIETHS = 20  # Word counts widths in twentieths of a point
NARROWEST = 5  # characters that a column has room for at least
WIDEST = 34
_CROWDED = 7  # from so many columns on the writing is smaller


def word_table(table: Table, style: str, width: int) -> Any:
    """The element of a table that is `width` twentieths of a point wide, in the table style with this id.

    Its first row is marked as headings and comes again on every page; no row is parted by the end of a page.
    """
    from docx.oxml import parse_xml  # noqa: PLC0415 - only who writes a document needs it in memory
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    widths = _widths(table, width)
    look = (
        f'<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="{int(table.has_total)}" w:firstColumn="1" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    parts = [
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{escape(style)}"/>',
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{look}',
        f'<w:tblCaption w:val="{escape(plain(table.title))}"/></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{each}"/>' for each in widths),
        "</w:tblGrid>",
        _row(list(table.header), table, widths, heading=True),
    ]
    last = len(table.rows) - 1
    parts += [
        _row(_texts(row), table, widths, bold=table.has_total and at == last) for at, row in enumerate(table.rows)
    ]
    return parse_xml("".join(parts) + "</w:tbl>")


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _row(texts: Sequence[str], table: Table, widths: Sequence[int], heading: bool = False, bold: bool = False) -> str:
    properties = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heading else ''}</w:trPr>"
    look = "<w:b/>" if heading or bold else ""
    look += '<w:sz w:val="17"/>' if len(widths) >= _CROWDED else '<w:sz w:val="19"/>'
    place = '<w:vAlign w:val="bottom"/>' if heading else ""
    cells = [f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{place}</w:tcPr>' for width in widths]
    ways = ["right" if numeric else "left" for numeric in table.numeric]
    return "".join(
        [
            f"<w:tr>{properties}",
            *(
                f'{cell}<w:p><w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
                f'<w:jc w:val="{way}"/></w:pPr>{_run(text, look)}</w:p></w:tc>'
                for cell, way, text in zip(cells, ways, texts, strict=True)
            ),
            "</w:tr>",
        ]
    )


def _run(text: str, look: str) -> str:
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in plain(text).split("\n")]
    return f"<w:r><w:rPr>{look}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def _widths(table: Table, width: int) -> list[int]:
    """The room divided by what the columns hold: their longest text, and at least the longest word of the heading."""
    wanted = []
    for at, heading in enumerate(table.header):
        longest = max((len(row[at].text) for row in table.rows), default=0)
        word = max((len(word) for word in heading.split()), default=0)
        wanted.append(min(WIDEST, max(NARROWEST, longest, word, min(len(heading), 10)) + 2))
    total = sum(wanted)
    return [width * each // total for each in wanted]
