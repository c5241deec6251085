"""`qa-app import-cases`: JSON that agrees with what is known of the sample, on an empty installation."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from qa_app.cases import commands
from qa_app.cases.commands import import_cases, read_case_list_command
from qa_app.cases.models import Case, CaseImport
from qa_app.people.models import Person, RoleGrant, Service, Team
from tests.factories.cases import row, write_list

DATA = Path(__file__).parents[2] / "data"
LIST, TEAMS = DATA / "annex_a_synthetic_900.xlsx", DATA / "annex_a_synthetic_900_teams.csv"


@pytest.fixture
def run(database, clock):
    def run(*arguments):
        return CliRunner().invoke(import_cases, [str(argument) for argument in arguments])

    return run


@pytest.fixture(scope="module")
def truth():
    with (DATA / "annex_a_synthetic_900_truth.csv").open(newline="", encoding="utf-8") as file:
        return {line["child_id"]: line for line in csv.DictReader(file)}


def test_the_sample_is_imported_as_its_truth_says(run, database, truth):
    result = run(LIST, "--teams", TEAMS, "--apply", "--json")
    assert result.exit_code == 0, result.stderr
    facts = json.loads(result.stdout)
    assert {"read", "new", "changed", "closed", "unusable", "repaired"} <= set(facts)
    assert {"open_by_status", "open_by_service", "open_by_team"} <= set(facts)
    assert all(problem["sheet"] and problem["row"] and problem["reason"] for problem in facts["unusable"])
    assert all({"sheet", "row", "reason", "column", "done"} <= set(problem) for problem in facts["repaired"])
    open_truth = {
        child for child, line in truth.items() if line["open_on_as_at_date"] == "yes" or line["in_list_9"] == "yes"
    }
    applied = {
        reference: (team, service)
        for reference, team, service in database.execute(
            select(Case.reference, Team.name, Service.name)
            .join(Team, Case.team_id == Team.id)
            .join(Service, Team.service_id == Service.id)
        )
    }
    lost = {problem["reference"] for problem in facts["unusable"]}
    assert set(applied) <= open_truth
    assert open_truth - set(applied) <= lost
    assert applied == {child: (truth[child]["team"], truth[child]["service"]) for child in applied}
    assert facts["new"] == len(applied)
    assert facts["open_by_team"] == Counter(team for team, _ in applied.values())
    assert facts["open_by_service"] == Counter(service for _, service in applied.values())
    assert sum(facts["open_by_status"].values()) == len(applied)


def test_teams_services_and_managers_come_from_the_lookup_without_roles(run, database):
    before = database.scalar(select(func.count(RoleGrant.id)))
    run(LIST, "--teams", TEAMS, "--apply")
    with TEAMS.open(newline="", encoding="utf-8") as file:
        wanted = {tuple(line)[:3] for line in list(csv.reader(file))[1:]}
    teams = database.scalars(select(Team)).all()
    assert {(team.name, team.service.name, team.manager.name) for team in teams} == wanted
    assert database.scalar(select(func.count(RoleGrant.id))) == before
    assert database.scalar(select(func.count(Person.id)).where(Person.email.is_not(None))) == 0


def test_without_apply_nothing_is_written(run, database):
    result = run(LIST, "--teams", TEAMS)
    assert result.exit_code == 0
    assert "Nothing was changed: add --apply to apply." in result.stdout
    for model in (CaseImport, Case, Team, Person):
        assert database.scalar(select(func.count(model.id))) == 0


def test_a_second_time_needs_no_lookup_and_changes_nothing(run, database):
    run(LIST, "--teams", TEAMS, "--apply")
    facts = json.loads(run(LIST, "--apply", "--json").stdout)
    assert (facts["new"], facts["changed"], facts["closed"]) == (0, 0, 0)
    assert facts["unchanged"] == database.scalar(select(func.count(Case.id)))


@pytest.mark.parametrize("name", ["ssda903_episodes.csv", "cin_details.csv", "annex_a_template_ofsted_2019.xlsx"])
def test_a_wrong_file_is_one_sentence_and_no_success(run, database, name):
    result = run(DATA / name, "--teams", TEAMS, "--apply")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert database.scalar(select(func.count(CaseImport.id))) == 0


def test_unknown_headings_are_one_sentence(run, tmp_path):
    result = run(write_list(tmp_path / "l.csv", [row("001")], ("A", "B", "C", "D", "E", "F")))
    assert result.exit_code == 1
    assert "No column was recognised for" in result.stderr


def test_the_reader_limits_itself_and_leaves_an_unknown_import_alone(database, clock, monkeypatch):
    limits = []
    monkeypatch.setattr(commands.resource, "setrlimit", lambda *limit: limits.append(limit))
    result = CliRunner().invoke(read_case_list_command, ["999"])
    assert result.exit_code == 1
    assert "There is no such import." in result.stderr
    assert len(limits) == 2
