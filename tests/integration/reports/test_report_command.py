"""`qa-app report`: which edition it takes, what it writes, what it says and what it leaves in the trail."""

import io
from datetime import date

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from qa_app.reports import operations, running
from qa_app.reports.commands import report_command
from qa_app.reports.models import Edition
from qa_app.reports.states import Audience, EditionState, ReportKind
from qa_app.rounds import operations as rounds
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.audits import audit_at
from tests.factories.reports import SAID, edition_at
from tests.pages import parse_faults

S = EditionState


@pytest.fixture
def scene(database, now, monkeypatch):
    made = audit_at(database, "submitted", now, "requires_improvement")
    rounds.close_round(made.round, made.qa, now)
    database.commit()
    monkeypatch.setattr("qa_app.reports.commands.utc_now", lambda: now)
    return made


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments, form="html"):
        return CliRunner().invoke(
            report_command, [*arguments, "--format", form, "--output", str(tmp_path / f"report.{form}")]
        )

    return invoke


def exports(database):
    database.rollback()
    exported = database.query(TrailEntry).filter_by(event="report:exported").order_by(TrailEntry.id)
    return [database.get(TrailDetail, entry.id).detail for entry in exported]


def test_figures_as_they_are_now_are_a_draft_that_nobody_keeps(scene, run, tmp_path, database):
    result = run("monthly")
    assert result.exit_code == 0
    assert result.stderr == "Draft: not published\n"
    page = (tmp_path / "report.html").read_text()
    assert list(parse_faults(page, fragment=False)) == []
    assert "<h1>Monthly report, June 2026</h1>" in page
    assert "audits done on time." in page
    assert "<svg" in page
    for outside in ('href="/', "src=", "<script", "<link", "@import", "url("):
        assert outside not in page
    assert database.query(Edition).count() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    (entry,) = exports(database)
    assert entry["form"] == "html"
    assert entry["filters"] == {"kind": "monthly", "period": "2026-06", "audience": "internal"}


@pytest.mark.parametrize("state", [S.DRAFT, S.IN_REVIEW, S.PUBLISHED])
def test_what_was_made_is_what_is_written(scene, run, tmp_path, database, now, state):
    edition_at(state, scene.qa, now)
    database.commit()
    result = run("monthly", "--period", "2026-06")
    assert result.stderr == ("" if state == S.PUBLISHED else "Draft: not published\n")
    assert SAID["grades"] in (tmp_path / "report.html").read_text()
    assert exports(database)[-1]["form"] == "html"


def test_the_published_edition_comes_before_the_draft_of_its_correction(scene, run, tmp_path, database, now):
    published = edition_at(S.PUBLISHED, scene.qa, now)
    further = operations.correct(published, "Three late audits were left out.", scene.qa, now)
    database.commit()
    assert run("monthly").stderr == ""
    running.build_now(further, scene.qa, now)
    database.commit()
    assert run("monthly").stderr == ""
    assert "Three late audits" not in (tmp_path / "report.html").read_text()


def test_it_is_written_as_a_word_document(scene, run, tmp_path, database):
    assert run("adherence", "--period", "2026-06", form="docx").exit_code == 0
    assert docx.Document(tmp_path / "report.docx").paragraphs
    assert exports(database)[-1]["form"] == "word"


def test_every_kind_is_written_as_a_workbook(scene, run, tmp_path, database, now):
    for kind in ReportKind:
        result = run(kind.value, "--period", "2026-06", form="xlsx")
        assert result.exit_code == 0, result.stderr
        book = openpyxl.load_workbook(io.BytesIO((tmp_path / "report.xlsx").read_bytes()))
        assert not [cell for sheet in book for row in sheet.rows for cell in row if cell.data_type == "f"]


def test_a_quarter_is_found_by_any_of_its_months(scene, run, tmp_path, database, now):
    edition_at(S.PUBLISHED, scene.qa, now, ReportKind.QUARTERLY, Audience.LEADERSHIP)
    database.commit()
    assert run("quarterly", "--period", "2026-04").stderr == ""
    assert "Quarterly report, April to June 2026" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("monthly", "--period", "June"), "Give --period as a year and a month, such as 2026-06."),
        (("monthly", "--period", "2026-13"), "Give --period as a year and a month, such as 2026-06."),
        (("monthly", "--period", "2026-09"), "September 2026 is not over yet. Give an earlier --period."),
        (("monthly", "--audience", "public"), "This report is for internal or leadership."),
    ],
)
def test_what_cannot_be_written_says_why_in_one_sentence(scene, run, tmp_path, arguments, sentence):
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(sentence)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_no_entry(scene, tmp_path, database):
    output = str(tmp_path / "nowhere" / "report.html")
    result = CliRunner().invoke(report_command, ["monthly", "--format", "html", "--output", output])
    assert result.exit_code == 1
    assert result.stderr == f"{output} can't be written: No such file or directory. Give another --output.\n"
    assert exports(database) == []


def test_without_a_period_that_is_over_it_asks_for_one(database, now, run):
    scene = audit_at(database, "submitted", now)
    assert scene.round.month == date(2026, 6, 1)
    database.commit()
    assert run("monthly").stderr == "No period is over yet. Give --period, such as 2026-06.\n"
