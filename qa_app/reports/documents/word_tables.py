"""A report's table as a real Word table. Written as XML: cell by cell the library takes seconds over a long report."""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from qa_app.reports.blocks import Cell, Table
from qa_app.reports.documents.facts import plain

TWENTIETHS = 20  # Word counts widths in twentieths of a point
WIDEST = 34  # letters that a column asks room for at most
_CROWDED = 7  # from so many columns on the writing is smaller
_LETTER, _CAPITAL = 0.68, 0.3  # a bold letter's width by its height in the widest of usual fonts; a capital's beyond it
_EDGES = 120  # left and right of the writing in a cell, in twentieths of a point (look.py)
_SIZES = ((19, 19), (17, 17), (15, 17), (14, 17), (13, 15), (12, 14))
"""Of headings and of what is below them, in half points: the first is taken that breaks no word."""


def word_table(table: Table, style: str, width: int) -> Any:
    """The element of a table that is `width` twentieths of a point wide, in the table style with this id.

    Its first row is marked as headings and comes again on every page; no row is parted by the end of a page.
    """
    from docx.oxml import parse_xml  # noqa: PLC0415 - only who writes a document needs it in memory
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    fitted = _fitted(table, width)
    widths = fitted.widths
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
        _row(list(table.header), table, widths, fitted.heading, heading=True),
    ]
    last = len(table.rows) - 1
    parts += [
        _row(_texts(row), table, widths, fitted.body, bold=table.has_total and at == last)
        for at, row in enumerate(table.rows)
    ]
    return parse_xml("".join(parts) + "</w:tbl>")


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in row]


def _row(
    texts: Sequence[str], table: Table, widths: Sequence[int], size: int, *, heading: bool = False, bold: bool = False
) -> str:
    properties = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heading else ''}</w:trPr>"
    look = "<w:b/>" if heading or bold else ""
    look += f'<w:sz w:val="{size}"/>'
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


class _Fitted(NamedTuple):
    """Widths of columns in twentieths of a point, and the sizes of the writing in half points."""

    widths: Sequence[int]
    heading: int
    body: int


def _fitted(table: Table, width: int) -> _Fitted:
    """The room divided so that no word is broken: each column has its longest one, and of what is left what it asks
    for. Headings are smaller where there is no other way.
    """
    texts = [[row[at].text for row in table.rows] for at in range(len(table.header))]
    for heading, body in _SIZES[len(table.header) >= _CROWDED :]:
        least = [
            max(_room_of(title.split(), heading), _room_of([word for text in column for word in text.split()], body))
            for title, column in zip(table.header, texts, strict=True)
        ]
        if sum(least) <= width:
            break
    asked = [max(0, _room_of(column, body) - own) for column, own in zip(texts, least, strict=True)]
    spare = width - sum(least)
    if spare < 0:  # even the smallest headings are too wide: all columns are narrower alike
        return _Fitted([width * own // sum(least) for own in least], heading, body)
    given = [min(part, spare * part // sum(asked)) if part else 0 for part in asked]
    rest = (spare - sum(given)) // len(least)
    return _Fitted([own + more + rest for own, more in zip(least, given, strict=True)], heading, body)


def _room_of(texts: Sequence[str], size: int) -> int:
    """The room for the longest of some texts, in twentieths of a point."""
    longest = min(WIDEST, max(map(len, texts), default=1))
    return _EDGES + int((longest * _LETTER + _CAPITAL) * size * TWENTIETHS / 2)
