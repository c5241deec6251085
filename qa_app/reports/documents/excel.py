"""A report as an Excel workbook: numbers as numbers, text as text, and not one formula or link."""

import re
from collections.abc import Mapping
from io import BytesIO

from qa_app.pictures.specs import from_json
from qa_app.reports.blocks import Block, Cell, Content, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.documents.facts import Facts, paragraphs, plain
from qa_app.reports.documents.sheets import SUMMARY, Sheet, sheet_names

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SUMMARY_WIDTH = 100  # characters of the first column
_SECTION_WIDTH = 48
_NUMBER = re.compile(r"-?[\d,]*\d(\.\d+)?%?")


def excel(content: Content, narratives: Mapping[str, str], facts: Facts) -> bytes:
    """The report as the bytes of an .xlsx file: a summary, then a sheet a section with its tables below each other.

    `narratives` are the QA team's own words by the keys of their places.
    """
    import xlsxwriter  # noqa: PLC0415 - not every worker writes workbooks

    buffer = BytesIO()
    names = sheet_names(section.title for section in content.sections)
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties(
            {
                "title": plain(content.title)[:255],
                "subject": plain(content.subtitle)[:255],
                "author": plain(facts.product_name)[:255],
                "comments": plain(facts.status)[:255],
                "created": facts.created,
            }
        )
        _summary(Sheet(book, SUMMARY, content.title, facts.status, _SUMMARY_WIDTH), content, facts, names)
        for name, section in zip(names, content.sections, strict=True):
            _section(Sheet(book, name, section.title, facts.status, _SECTION_WIDTH), section, narratives)
    return buffer.getvalue()


def _summary(sheet: Sheet, content: Content, facts: Facts, names: list[str]) -> None:
    sheet.say([content.subtitle, *facts.lines])
    for title, texts in (("Headlines", content.headlines), ("Sheets", names), ("About these figures", content.about)):
        if texts:
            sheet.heading(title)
            sheet.say(texts)


def _section(sheet: Sheet, section: Section, narratives: Mapping[str, str]) -> None:
    for block in section.blocks:
        _write(sheet, block, narratives)


def _write(sheet: Sheet, block: Block, narratives: Mapping[str, str]) -> None:
    match block:
        case Sentences():
            sheet.say(block.texts)
        case Narrative():
            sheet.say(paragraphs(narratives.get(block.key, "")))
        case Table():
            _table(sheet, block)
        case Picture():
            picture = from_json(dict(block.spec))
            rows = [[read_number(text) for text in row] for row in picture.table.rows]
            _table(sheet, Table(picture.title, picture.table.header, rows, picture.description))


def _table(sheet: Sheet, table: Table) -> None:
    sheet.heading(table.title)
    if table.rows:
        sheet.table(table.header, table.rows, table.numeric, table.has_total)
    else:
        sheet.say(["None."])
    sheet.say([table.note] if table.note else [])


def read_number(text: str) -> Cell:
    """A cell of a picture's table with the number that its text is, where it is one and nothing else."""
    if not _NUMBER.fullmatch(text):
        return Cell(text)
    is_share = text.endswith("%")
    number = float(text.rstrip("%").replace(",", ""))
    if is_share:
        return Cell(text, number / 100, is_share=True)
    return Cell(text, int(number) if number.is_integer() else number)
