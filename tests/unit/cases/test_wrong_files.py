"""Files that are no case list get a sentence that says what they are and what to do; hostile ones are never unpacked."""

import io
import shutil
import stat
import zipfile
from pathlib import Path

import openpyxl
import pytest

from qa_app.cases.reading import WrongFile, read_case_list
from qa_app.core import workbooks
from qa_app.core.workbooks import check_workbook
from tests.unit.cases.annex_rows import LIST_6, child
from tests.unit.cases.conftest import DATA, PlainWorkbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def zipped(*names: str, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (OLE + "Workbook".encode("utf-16-le"), r"old Excel format \(.xls\)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE, "old Microsoft Office file"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "web page"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither an Excel workbook nor a text file"),
        (b"PK\x03\x04 cut short", "damaged"),
        (zipped("mimetype", content=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (zipped("word/document.xml"), "Word document"),
        (zipped("list.csv"), "zip file, not an Excel workbook"),
        (zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (zipped("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "cannot be opened"),
        (b"<?xml version='1.0'?><Message><Header><Collection>CIN</Collection>", "children in need census"),
        (b"<?xml version='1.0'?><Message><Header><Collection>CLA</Collection>", "SSDA903"),
        (b"<?xml version='1.0'?><list/>", "XML file"),
        (b"one word", "No heading row"),
        (b"Shoe,Size\n1,2\n", "No column was recognised for: case reference, case status, team"),
    ],
)
def test_each_wrong_file_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match=says):
        read_case_list(path, teams=None)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ssda903_header.csv", "SSDA903"),
        ("ssda903_episodes.csv", "SSDA903"),
        ("cin_details.csv", "children in need census"),
        ("cin_child_identifiers.csv", "children in need census"),
    ],
)
def test_other_returns_are_named_with_what_to_upload_instead(name: str, says: str) -> None:
    with pytest.raises(WrongFile, match=f"{says}.*Upload the Annex A workbook"):
        read_case_list(DATA / name, teams=None)


def rebuilt(source: Path, target: Path, **changed: bytes) -> Path:
    """A copy of a workbook with the content of some parts (by the end of their name) changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = next((value for key, value in changed.items() if name.endswith(f"{key}.xml")), old.read(name))
            new.writestr(name, content)
    return target


@pytest.fixture
def good(workbook: PlainWorkbook) -> Path:
    return workbook({"List 6": [LIST_6, child("A1")]})


def test_a_bomb_is_refused_from_its_directory(good: Path, tmp_path: Path) -> None:
    bomb = rebuilt(good, tmp_path / "bomb.xlsx", sheet1=b" " * 20_000_000)
    with pytest.raises(WrongFile, match="more than a hundred times its size"):
        read_case_list(bomb, teams=None)


def test_a_workbook_that_unpacks_to_too_much_or_has_too_many_parts_is_refused(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(WrongFile, match="unpacks to more than"):
        check_workbook(good)
    monkeypatch.setattr(workbooks, "MAX_ENTRIES", 3)
    with pytest.raises(WrongFile, match="parts where a case list has fewer than 3"):
        check_workbook(good)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "xl\\..\\evil.xml"])
def test_a_part_that_points_outside_is_refused(good: Path, name: str) -> None:
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr(name, "x")
    with pytest.raises(WrongFile, match="points outside"):
        check_workbook(good)


def test_a_part_that_is_a_link_is_refused(good: Path) -> None:
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(WrongFile, match="is a link"):
        check_workbook(good)


def test_entities_are_refused_because_defusedxml_guards_the_reader(good: Path, tmp_path: Path) -> None:
    assert openpyxl.DEFUSEDXML
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
    hostile = rebuilt(good, tmp_path / "laughs.xlsx", sheet1=laughs)
    with pytest.raises(WrongFile, match="damaged or holds something unexpected"):
        read_case_list(hostile, teams=None)


def test_a_forged_row_number_does_not_run_for_ever(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_SHEET_ROWS", 1000)
    with zipfile.ZipFile(good) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    forged = rebuilt(good, tmp_path / "rows.xlsx", sheet1=sheet.replace(b'<row r="2"', b'<row r="2000000000"'))
    with pytest.raises(WrongFile, match="more rows than Excel can hold"):
        read_case_list(forged, teams=None)


def test_a_lying_dimension_is_ignored(good: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    lying = rebuilt(good, tmp_path / "lying.xlsx", sheet1=sheet.replace(b'ref="A1:I2"', b'ref="A1:XFD1048576"'))
    assert len(read_case_list(lying, teams=None).cases) == 1


def test_the_name_of_a_file_does_not_matter(good: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "list.csv"
    shutil.copy(good, renamed)
    assert len(read_case_list(renamed, teams=None).cases) == 1
