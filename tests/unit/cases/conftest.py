"""Workbooks for the tests of case lists: the generated 900-child sample, and small ones made on demand."""

import contextlib
import csv
import importlib.util
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from qa_app.cases.reading import CaseList, TeamLookup, read_case_list

DATA = Path(__file__).parents[2] / "data"

Cells = list[object]
PlainWorkbook = Callable[[dict[str, list[Cells]]], Path]


@dataclass(frozen=True)
class Sample:
    """A generated workbook with what is true about it and what was spoiled in it."""

    path: Path
    truth: list[dict[str, str]]
    spoiled: list[dict[str, str]]
    teams: TeamLookup

    @property
    def open_truth(self) -> list[dict[str, str]]:
        return [child for child in self.truth if child["open_on_as_at_date"] == "yes"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sample(stem: Path) -> Sample:
    def beside(name: str) -> Path:
        return stem.with_name(f"{stem.name}_{name}.csv")

    return Sample(
        stem.with_suffix(".xlsx"),
        _rows(beside("truth")),
        _rows(beside("injected")),
        TeamLookup.from_file(beside("teams")),
    )


@pytest.fixture(scope="session")
def official() -> Sample:
    """The 900-child sample, as light in its mess as a good export."""
    return _sample(DATA / "annex_a_synthetic_900")


@pytest.fixture(scope="session")
def official_read(official: Sample) -> CaseList:
    """The 900-child sample as read with its team lookup."""
    return read_case_list(official.path, teams=official.teams)


@pytest.fixture(scope="session")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_annex_a", DATA / "make_annex_a.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_sample(generator: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Sample]:
    """Make a workbook with the generator's own switches; each set of switches is made once."""
    made: dict[str, Sample] = {}

    def make(switches: str) -> Sample:
        if switches not in made:
            stem = tmp_path_factory.mktemp("annex") / "list"
            files = [f"{stem}.xlsx", "--truth", f"{stem}_truth.csv", "--log", f"{stem}_injected.csv"]
            with contextlib.redirect_stdout(io.StringIO()):
                generator.main([*files, "--teams", f"{stem}_teams.csv", *switches.split()])
            made[switches] = _sample(stem)
        return made[switches]

    return make


@pytest.fixture
def workbook(tmp_path: Path) -> PlainWorkbook:
    """Write a workbook from sheet names and rows."""

    def write(sheets: dict[str, list[Cells]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "list.xlsx"
        book.save(path)
        return path

    return write
