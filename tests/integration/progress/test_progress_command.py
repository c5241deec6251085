"""`qa-app progress ROUND`."""

import json

import pytest
from click.testing import CliRunner

from qa_app.progress.commands import progress_command
from tests.factories.progress import round_in_flight


@pytest.fixture
def scene(database, now):
    return round_in_flight(database, now)


def test_json_holds_a_row_a_manager_with_the_columns_of_the_page(scene):
    rows = json.loads(CliRunner().invoke(progress_command, ["2026-06", "--json"]).stdout)
    assert [row["manager"] for row in rows] == ["Bryn Pritchard", "Asha Okafor", "Carys Whitlock", "Eleri Sandhu"]
    assert {key: rows[1][key] for key in rows[1] if key != "last_activity"} == {
        "manager": "Asha Okafor",
        "team": "North Safeguarding",
        "service": "Safeguarding and Support",
        "expected": 4,
        "exempted": 0,
        "issued": 4,
        "not_started": 2,
        "in_progress": 1,
        "on_time": 1,
        "late": 0,
        "outstanding": 3,
        "slipping": 0,
        "pending": 0,
        "completion": 25.0,
        "completion_unadjusted": 25.0,
    }
    assert rows[2]["completion"] is None


def test_people_get_a_table(scene):
    lines = CliRunner().invoke(progress_command, ["2026-06"]).stdout.splitlines()
    assert lines[0].startswith("June")
    assert lines[2].split() == [
        "Manager", "Expected", "Exempt", "Issued", "Not", "started", "In", "progress", "On", "time", "Late",
        "Outstanding", "Slipping", "Exemption", "asked", "Completion",
    ]  # fmt: skip
    assert lines[3].startswith("Bryn Pritchard")


def test_an_unknown_round_is_one_sentence_and_status_1(scene):
    result = CliRunner().invoke(progress_command, ["2031-01"])
    assert result.exit_code == 1
    assert result.stderr == "There is no round 2031-01. Give its reference, such as 2026-06.\n"
