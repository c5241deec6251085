"""Preview and apply: what a list changes, whole or not at all, and once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from qa_app.access.viewer import system
from qa_app.cases import operations
from qa_app.cases.models import Case, CaseImport, CaseImportState, ImportRow
from qa_app.cases.operations import applying
from qa_app.cases.reading import TeamEntry, TeamLookup, WrongFile
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.people.models import Person, RoleGrant, Service, Team
from qa_app.trail.models import TrailEntry
from tests.factories.cases import EAST, NORTH, imported, preview, row
from tests.factories.people import council
from tests.factories.rounds import viewer

VIEWER = system()
DAY = timedelta(days=1)


@pytest.fixture
def people(database, now):
    return council(database, now)


def case(database, reference):
    return database.scalars(select(Case).where(Case.reference == reference)).one()


def numbers(made):
    return {kind: made.counts[kind] for kind in ("new", "changed", "closed", "unchanged", "held", "unusable")}


def rows_of(database, made, kind):
    found = select(ImportRow).where(ImportRow.case_import_id == made.id, ImportRow.kind == kind)
    return list(database.scalars(found.order_by(ImportRow.id)))


def test_a_preview_counts_and_changes_nothing(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001"), row("002", "CP"), row("", "CP")], now)
    assert numbers(made) == {"new": 2, "changed": 0, "closed": 0, "unchanged": 0, "held": 0, "unusable": 1}
    assert made.state == CaseImportState.PREVIEWED
    assert made.counts["open_by_team"] == {NORTH: 2}
    assert made.counts["open_by_service"] == {"Safeguarding and Support": 2}
    assert database.scalar(select(func.count(Case.id))) == 0
    (unusable,) = rows_of(database, made, "unusable")
    assert (unusable.row, unusable.reason) == (4, "The row has no reference.")


def test_applied_cases_are_as_the_list_says(people, database, now, tmp_path):
    imported(tmp_path, [row("001", opened="03/04/2025"), row("002", "LAC", EAST, "Ada New")], now)
    first, second = case(database, "001"), case(database, "002")
    assert (first.case_type, first.team_id, first.caseworker_id) == (
        "child_in_need",
        people.team_a1.id,
        people.caseworker.id,
    )
    assert (first.opened_on, first.closed_on, first.restricted) == (date(2025, 4, 3), None, False)
    assert (second.case_type, second.team.name) == ("child_in_care", EAST)
    assert (second.caseworker.name, second.caseworker.email, second.caseworker.team_id) == (
        "Ada New",
        None,
        people.team_b1.id,
    )


def test_the_same_list_again_changes_nothing(people, database, now, tmp_path):
    rows = [row("001"), row("002", "CP", worker="Ada New"), row("003", "LAC", EAST, worker="")]
    imported(tmp_path, rows, now)
    before = database.scalar(select(func.count(Person.id)))
    again = imported(tmp_path, rows, now + DAY)
    assert numbers(again) == {"new": 0, "changed": 0, "closed": 0, "unchanged": 3, "held": 0, "unusable": 0}
    assert database.scalar(select(func.count(Person.id))) == before
    assert {found.last_import_id for found in database.scalars(select(Case))} == {again.id}


def test_applying_twice_is_applying_once(people, database, now, tmp_path):
    made = imported(tmp_path, [row("001")], now)
    with pytest.raises(IllegalMove):
        operations.apply_import(made, VIEWER, now)
    assert database.scalar(select(func.count(Case.id))) == 1


def test_a_preview_that_was_not_seen_is_not_applied(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001")], now)
    with pytest.raises(Stale):
        operations.apply_import(made, VIEWER, now, made.version - 1)


def test_of_two_previews_only_the_first_applied_counts(people, database, now, tmp_path):
    one, other = preview(tmp_path, [row("001")], now), preview(tmp_path, [row("002")], now)
    operations.apply_import(one, VIEWER, now)
    with pytest.raises(Stale, match="Another list was applied"):
        operations.apply_import(other, VIEWER, now)


def test_what_changes_is_said_and_done(people, database, now, tmp_path):
    imported(tmp_path, [row("001"), row("002"), row("003")], now)
    made = preview(
        tmp_path,
        [row("001", "CP"), row("002", team=EAST, worker="Tamsin Oyelaran"), row("003", worker="", opened="")],
        now + DAY,
    )
    assert numbers(made) | {"changed": 3} == numbers(made)
    changes = [
        [(c["name"], c["before"], c["after"]) for c in r.values["changes"]] for r in rows_of(database, made, "changed")
    ]
    assert changes == [
        [("case_type", "child_in_need", "child_protection")],
        [("team", NORTH, EAST), ("worker", "Sol Venables", "Tamsin Oyelaran")],
        [("worker", "Sol Venables", "")],
    ]
    operations.apply_import(made, VIEWER, now + DAY)
    assert case(database, "001").case_type == "child_protection"
    assert (case(database, "002").team_id, case(database, "002").caseworker_id) == (
        people.team_b1.id,
        people.caseworker_b.id,
    )
    assert (case(database, "003").caseworker_id, case(database, "003").opened_on) == (None, date(2026, 2, 1))


def test_a_case_closes_when_it_is_closed_on_the_list_or_absent(people, database, now, tmp_path):
    imported(tmp_path, [row("001"), row("002"), row("003")], now)
    later = now + DAY
    made = imported(tmp_path, [row("001"), row("002", "Closed", closed="10/06/2026")], later)
    assert numbers(made)["closed"] == 2
    assert case(database, "001").closed_on is None
    assert case(database, "002").closed_on == date(2026, 6, 10)
    assert case(database, "003").closed_on == later.date()
    assert {r.reference: r.reason for r in rows_of(database, made, "closed")} == {
        "002": "Closed on the list.",
        "003": "Not on the list.",
    }


def test_a_closed_case_opens_again_and_keeps_its_history(people, database, now, tmp_path):
    imported(tmp_path, [row("001"), row("002")], now)
    found = case(database, "001")
    operations.note_submitted(found.id, date(2026, 5, 5))
    imported(tmp_path, [row("002")], now + DAY)
    made = imported(tmp_path, [row("001"), row("002")], now + 2 * DAY)
    assert numbers(made) | {"new": 0, "changed": 1, "closed": 0} == numbers(made)
    database.refresh(found)
    assert (found.closed_on, found.last_audited_on) == (None, date(2026, 5, 5))


def test_a_case_that_stays_closed_is_nothing_new(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001", "Closed", closed="10/06/2026"), row("002")], now)
    assert numbers(made) | {"new": 1, "closed": 0} == numbers(made)


def test_a_case_whose_row_cannot_be_used_is_left_as_it_is(people, database, now, tmp_path):
    before = imported(tmp_path, [row("001"), row("002")], now)
    made = imported(tmp_path, [row("001", "Nobody knows"), row("002")], now + DAY)
    assert numbers(made) | {"held": 1, "closed": 0, "unusable": 1} == numbers(made)
    assert (case(database, "001").closed_on, case(database, "001").last_import_id) == (None, before.id)
    assert case(database, "002").last_import_id == made.id


def test_restriction_and_audits_survive_an_import(people, database, now, tmp_path):
    imported(tmp_path, [row("001")], now)
    found = case(database, "001")
    operations.set_restricted(found, True, "A relative of a member of staff.", VIEWER, now)
    operations.note_issued([found.id])
    imported(tmp_path, [row("001", "CP")], now + DAY)
    database.refresh(found)
    assert (found.restricted, found.being_audited, found.case_type) == (True, True, "child_protection")


@pytest.mark.parametrize("restricted", [True, False])
def test_a_restriction_needs_its_reason_both_ways(people, database, now, tmp_path, restricted):
    imported(tmp_path, [row("001")], now)
    found = case(database, "001")
    if not restricted:
        operations.set_restricted(found, True, "A relative.", VIEWER, now)
    before = database.scalar(select(func.count(TrailEntry.id)))
    with pytest.raises(BadInput) as refusal:
        operations.set_restricted(found, restricted, " ", VIEWER, now)
    assert refusal.value.fields == {"reason": "Enter the reason"}
    database.refresh(found)
    assert found.restricted is not restricted
    assert database.scalar(select(func.count(TrailEntry.id))) == before


def test_a_leaver_keeps_their_cases_and_stays(people, database, now, tmp_path):
    imported(tmp_path, [row("001", worker="Ada New")], now)
    ada = case(database, "001").caseworker
    ada.leaves_on = now.date()
    database.flush()
    imported(tmp_path, [row("001", worker="Sol Venables")], now + DAY)
    assert case(database, "001").caseworker_id == people.caseworker.id
    assert database.get(Person, ada.id).name == "Ada New"


def test_two_people_of_one_name_in_two_teams_are_two(people, database, now, tmp_path):
    imported(tmp_path, [row("001", worker="Nadia Miller"), row("002", team=EAST, worker="Nadia Miller")], now)
    first, second = case(database, "001").caseworker, case(database, "002").caseworker
    assert first.id != second.id
    assert (first.team_id, second.team_id) == (people.team_a1.id, people.team_b1.id)


def test_a_member_of_staff_with_an_account_is_found_in_their_team(people, database, now, tmp_path):
    imported(tmp_path, [row("001", worker="OKAFOR, Asha"), row("002", worker="Asha Okafor")], now)
    assert case(database, "001").caseworker_id == people.auditor.id == case(database, "002").caseworker_id


def test_someone_who_moved_teams_keeps_the_cases_of_the_old_team(people, database, now, tmp_path):
    imported(tmp_path, [row("001")], now)
    people.caseworker.team_id = people.team_b1.id
    database.flush()
    imported(tmp_path, [row("001"), row("002")], now + DAY)
    assert case(database, "002").caseworker_id == people.caseworker.id


LOOKUP = TeamLookup(
    [
        TeamEntry(NORTH, "Safeguarding and Support", "Eleri Sandhu"),
        TeamEntry("Fostering", "Fostering and Adoption", "Vera Quill"),
        TeamEntry("Adoption", "Fostering and Adoption", "Eleri Sandhu"),
        TeamEntry("Unused", "Unused", None),
    ]
)


def test_a_lookup_makes_the_teams_that_cases_need(people, database, now, tmp_path):
    rows = [row("001", team="Fostering", worker="A B"), row("002", team="adoption", worker="C D"), row("003")]
    made = preview(tmp_path, rows, now, teams=LOOKUP)
    assert [(team["team"], team["new_service"]) for team in made.counts["new_teams"]] == [
        ("Fostering", True),
        ("Adoption", True),
    ]
    assert database.scalar(select(Team).where(Team.name == "Fostering")) is None
    granted = database.scalar(select(func.count(RoleGrant.id)))
    operations.apply_import(made, VIEWER, now)
    fostering = database.scalars(select(Team).where(Team.name == "Fostering")).one()
    adoption = database.scalars(select(Team).where(Team.name == "Adoption")).one()
    assert (fostering.service.name, fostering.manager.name, fostering.manager.email) == (
        "Fostering and Adoption",
        "Vera Quill",
        None,
    )
    assert adoption.manager_id == people.team_manager.id
    assert case(database, "002").team_id == adoption.id
    assert database.scalar(select(func.count(Service.id)).where(Service.name == "Unused")) == 0
    assert database.scalar(select(func.count(RoleGrant.id))) == granted


def test_a_team_added_by_hand_since_the_preview_is_not_made_twice(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001", team="Fostering")], now, teams=LOOKUP)
    database.add(Team(name="fostering", service_id=people.service_b.id))
    database.flush()
    operations.apply_import(made, VIEWER, now)
    (fostering,) = (team for team in database.scalars(select(Team)) if team.name.casefold() == "fostering")
    assert (fostering.service_id, fostering.manager_id) == (people.service_b.id, None)
    assert case(database, "001").team_id == fostering.id
    assert database.scalar(select(func.count(TrailEntry.id)).where(TrailEntry.event == "team:added")) == 0


def test_a_team_without_a_manager_in_the_lookup_is_made_without(people, database, now, tmp_path):
    imported(tmp_path, [row("001", team="Unused")], now, teams=LOOKUP)
    team = case(database, "001").team
    assert (team.name, team.service.name, team.manager_id) == ("Unused", "Unused", None)


def test_a_mended_opening_date_is_taken_over(people, database, now, tmp_path):
    imported(tmp_path, [row("001", opened="01/02/2026"), row("002")], now)
    made = imported(tmp_path, [row("001", opened="01/02/2025"), row("002")], now + DAY)
    assert numbers(made) | {"changed": 1, "unchanged": 1} == numbers(made)
    assert case(database, "001").opened_on == date(2025, 2, 1)


def test_a_reader_that_is_no_longer_wanted_stops(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001")], now)
    operations.read_again(made, VIEWER, now)
    operations.note_progress(made.id, made.version, 40, now)
    database.refresh(made)
    assert (made.state, made.progress) == (CaseImportState.READING, 40)
    seen = made.version
    with pytest.raises(operations.Superseded):
        operations.note_progress(made.id, seen - 1, 60, now)  # another reader took it over
    operations.abandon_import(made, VIEWER, now)
    with pytest.raises(operations.Superseded):
        operations.note_progress(made.id, made.version, 60, now)
    database.refresh(made)
    assert made.progress == 40


def test_without_a_lookup_an_unknown_team_is_said(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001", team="Nowhere"), row("002")], now)
    (unusable,) = rows_of(database, made, "unusable")
    assert "Nowhere" in unusable.reason
    assert "Add the team" in unusable.done


def test_a_lookup_that_contradicts_the_organisation_is_refused(people, database, now, tmp_path):
    wrong = TeamLookup([TeamEntry(NORTH, "Children in Care", None)])
    with pytest.raises(WrongFile, match=NORTH):
        preview(tmp_path, [row("001")], now, teams=wrong)


def test_nothing_is_half_applied(people, database, now, tmp_path, monkeypatch):
    made = preview(tmp_path, [row("001", worker="Ada New"), row("002")], now)
    database.commit()

    def killed(_import_id):
        raise KeyboardInterrupt

    monkeypatch.setattr(applying, "_mark_as_seen", killed)
    with pytest.raises(KeyboardInterrupt):
        operations.apply_import(made, VIEWER, now)
    database.rollback()
    assert database.scalar(select(func.count(Case.id))) == 0
    assert database.scalar(select(Person).where(Person.name == "Ada New")) is None
    assert database.get(CaseImport, made.id).state == CaseImportState.PREVIEWED
    monkeypatch.undo()
    operations.apply_import(database.get(CaseImport, made.id), VIEWER, now)
    assert database.scalar(select(func.count(Case.id))) == 2


def test_only_the_qa_team_imports(people, database, now, tmp_path):
    manager = viewer(people.team_manager, now)
    with pytest.raises(NotAllowed):
        preview(tmp_path, [row("001")], now, by=manager)
    made = preview(tmp_path, [row("001")], now, by=viewer(people.qa, now))
    for step in (operations.apply_import, operations.abandon_import):
        with pytest.raises(NotAllowed):
            step(made, manager, now)
    imported(tmp_path, [row("001")], now)
    with pytest.raises(NotAllowed):
        operations.set_restricted(case(database, "001"), True, "Why.", manager, now)


def test_each_step_is_in_the_trail(people, database, now, tmp_path):
    by = viewer(people.qa, now)
    imported(tmp_path, [row("001")], now, by)
    operations.abandon_import(preview(tmp_path, [row("001")], now, by), by, now)
    events = database.execute(
        select(TrailEntry.event, TrailEntry.person_id)
        .where(TrailEntry.subject_type == "case import")
        .order_by(TrailEntry.id)
    ).all()
    assert [tuple(event) for event in events] == [
        ("import:started", people.qa.id),
        ("import:applied", people.qa.id),
        ("import:started", people.qa.id),
        ("import:abandoned", people.qa.id),
    ]


def test_an_abandoned_import_cannot_be_applied(people, database, now, tmp_path):
    made = preview(tmp_path, [row("001")], now)
    operations.abandon_import(made, VIEWER, now)
    with pytest.raises(IllegalMove):
        operations.apply_import(made, VIEWER, now)


def test_what_is_noted_of_audits(people, database, now, tmp_path):
    imported(tmp_path, [row("001")], now)
    found = case(database, "001")
    operations.note_issued([found.id])
    operations.note_submitted(found.id, date(2026, 6, 10))
    database.refresh(found)
    assert (found.being_audited, found.last_audited_on) == (False, date(2026, 6, 10))
    operations.note_submitted(found.id, date(2026, 6, 1))
    operations.note_issued([found.id])
    database.refresh(found)
    assert (found.being_audited, found.last_audited_on) == (True, date(2026, 6, 10))
    operations.note_no_longer_audited(found.id)
    database.refresh(found)
    assert found.being_audited is False
