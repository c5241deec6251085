"""`qa-app round ...`: what it prints, and exit status 0 only when it did what it says."""

import json

import pytest
from click.testing import CliRunner

from qa_app.allocation.commands import round_commands
from qa_app.rounds.queries import round_by_reference
from tests.factories import people
from tests.factories.rounds import case_list


@pytest.fixture
def cases(database, now):
    made = case_list(database, people.council(database, now), now)
    database.commit()
    return made


@pytest.fixture
def run(app, database, clock):
    def call(*words):
        return CliRunner().invoke(round_commands, words)

    return call


@pytest.mark.usefixtures("cases")
def test_a_month_from_the_command_line(run):
    created = run("create", "--month", "2026-06", "--size", "8", "--seed", "seed", "--json")
    assert created.exit_code == 0
    facts = json.loads(created.stdout)
    assert (facts["reference"], facts["state"], facts["due_on"]) == ("2026-06", "planned", "2026-06-30")
    sampled = json.loads(run("sample", "2026-06", "--json").stdout)
    assert (len(sampled["cases"]), sampled["seed"], sampled["state"]) == (8, "seed", "sampled")
    assert sampled["cases"][0]["reference"] == "LAE-0008"
    allocated = json.loads(run("allocate", "2026-06", "--json").stdout)
    assert (allocated["state"], len(allocated["audits"])) == ("allocated", 8)
    assert allocated["allocated"] == sum(audit["auditor"] is not None for audit in allocated["audits"])
    assert run("allocate", "2026-06").stdout.startswith(f"{allocated['allocated']} audits of round 2026-06 allocated, ")
    assert json.loads(run("issue", "2026-06", "--json").stdout)["state"] == "issued"
    closed = run("close", "2026-06")
    assert (closed.exit_code, closed.stdout) == (0, "Round 2026-06 is closed.\n")


@pytest.mark.usefixtures("cases")
def test_drawn_again_needs_a_reason_and_makes_a_new_seed(run):
    run("create", "--month", "2026-06", "--size", "8", "--seed", "seed")
    assert run("sample", "2026-06").stdout == "8 cases drawn for round 2026-06 with the seed seed.\n"
    refused = run("sample", "2026-06")
    assert (refused.exit_code, refused.stderr) == (1, "Enter why the sample is drawn again\n")
    again = json.loads(run("sample", "2026-06", "--reason", "A new list", "--json").stdout)
    assert (again["draw"], again["seed"] != "seed") == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("create", "--month", "June"), "Write the month like 2026-06."),
        (("create", "--month", "2026-06", "--size", "0"), "Enter a sample size of 1 case or more."),
        (("sample", "2026-06"), "There is no round 2026-06. Create it first: qa-app round create --month YYYY-MM"),
        (("allocate", "2026-06"), "There is no round 2026-06. Create it first: qa-app round create --month YYYY-MM"),
        (("issue", "2026-06"), "There is no round 2026-06. Create it first: qa-app round create --month YYYY-MM"),
    ],
)
def test_refusals_are_one_sentence(run, words, sentence):
    result = run(*words)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", sentence + "\n")


def test_an_empty_installation_is_told_what_is_missing(run):
    assert run("create", "--month", "2026-06").exit_code == 0
    assert run("create", "--month", "2026-06").stderr == "There is already a round 2026-06. Choose another month.\n"
    assert run("sample", "2026-06").stderr == "There are no open cases to draw from. Import the case list first.\n"
    assert run("issue", "2026-06").stderr == "This round is planned, so that can't be done now.\n"
    assert round_by_reference("2026-06").state == "planned"
