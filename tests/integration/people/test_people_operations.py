"""What changes people, roles and the organisation: effects, refusals, and the trail."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.errors import BadInput, NotAllowed, Stale
from qa_app.people import operations, queries
from qa_app.people.models import Person, TrainingStatus
from qa_app.people.operations import AuditorDetails, PersonDetails, TeamDetails
from qa_app.people.queries import viewer_of
from qa_app.signin.models import SignInSession
from qa_app.signin.sessions import find_session, start_session
from qa_app.trail.models import TrailEntry
from qa_app.trail.operations import verify
from tests.factories.people import Council, council, email_of


@pytest.fixture
def made(database: Any, now: datetime) -> Council:
    return council(database, now)


@pytest.fixture
def today(now: datetime) -> date:
    return london_day(now)


@pytest.fixture
def admin(made: Council, today: date) -> Viewer:
    return viewer_of(made.administrator, today)


@pytest.fixture
def qa(made: Council, today: date) -> Viewer:
    return viewer_of(made.qa, today)


def details_of(person: Person, **changes: Any) -> PersonDetails:
    values = {
        "name": person.name,
        "email": person.email,
        "job_title": person.job_title,
        "team_id": person.team_id,
        "line_manager_id": person.line_manager_id,
        "starts_on": person.starts_on,
    }
    return PersonDetails(**values | changes)


def events_of(person: Person) -> list[str]:
    return [line.event for line in queries.history_of(person.id)]


# People


def test_a_person_is_added_with_an_email_in_small_letters(made: Council, admin: Viewer, now: datetime) -> None:
    person = operations.add_person(
        PersonDetails("  Una Vasquez ", " Una.Vasquez@Council.Example ", "Social worker", made.team_a1.id), admin, now
    )
    assert (person.name, person.email) == ("Una Vasquez", "una.vasquez@council.example")
    line = queries.history_of(person.id)[0]
    assert line.event == "person:added"
    assert line.by == made.administrator.name
    assert line.detail["changes"]["Team"] == ["none", made.team_a1.name]


def test_an_email_belongs_to_one_person(made: Council, admin: Viewer, now: datetime) -> None:
    with pytest.raises(BadInput, match="this one belongs to Asha Okafor") as refusal:
        operations.add_person(PersonDetails("Other", email_of("Asha Okafor").upper()), admin, now)
    assert set(refusal.value.fields) == {"email"}


def test_changes_are_told_in_words_and_only_where_something_changed(
    made: Council, admin: Viewer, now: datetime
) -> None:
    person = made.caseworker
    assert operations.change_person(person, details_of(person), None, admin, now) is False
    assert events_of(person) == []
    assert operations.change_person(person, details_of(person, team_id=made.team_b1.id), None, admin, now)
    assert queries.history_of(person.id)[0].detail == {"changes": {"Team": [made.team_a1.name, made.team_b1.name]}}


def test_people_may_have_no_email_and_any_number_of_them(made: Council, admin: Viewer, now: datetime) -> None:
    first, second = (operations.add_person(PersonDetails(name, " "), admin, now) for name in ("Una Reid", "Val Reid"))
    assert (first.email, second.email) == (None, None)
    assert operations.change_person(first, details_of(first, job_title="Social worker"), None, admin, now)


def test_a_change_made_on_an_old_page_is_refused(made: Council, admin: Viewer, now: datetime) -> None:
    person, seen = made.caseworker, made.caseworker.version
    operations.change_person(person, details_of(person, job_title="Senior social worker"), seen, admin, now)
    with pytest.raises(Stale):
        operations.change_person(person, details_of(person, name="Else"), seen, admin, now)


@pytest.mark.parametrize(
    ("changes", "field"), [({"name": " "}, "name"), ({"starts_on": date(2030, 1, 1)}, "starts_on")]
)
def test_what_does_not_fit_is_refused_by_field(
    made: Council, admin: Viewer, now: datetime, changes: dict[str, Any], field: str
) -> None:
    made.caseworker.leaves_on = date(2026, 12, 31)
    with pytest.raises(BadInput) as refusal:
        operations.change_person(made.caseworker, details_of(made.caseworker, **changes), None, admin, now)
    assert set(refusal.value.fields) == {field}


def test_nobody_is_their_own_line_manager(made: Council, admin: Viewer, now: datetime) -> None:
    with pytest.raises(BadInput, match="other than the person"):
        operations.change_person(
            made.auditor, details_of(made.auditor, line_manager_id=made.auditor.id), None, admin, now
        )


def test_only_administrators_change_people(made: Council, qa: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        operations.add_person(PersonDetails("A", None), qa, now)
    with pytest.raises(NotAllowed):
        operations.grant_role(made.auditor, Role.DIRECTOR, qa, now)
    with pytest.raises(NotAllowed):
        operations.add_service("A", qa, now)
    with pytest.raises(NotAllowed):
        operations.set_last_day(made.auditor, None, None, qa, now)


# Leaving


def test_a_leaver_loses_access_the_day_after_the_last_day(
    made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    token = start_session(made.auditor.id, now)
    operations.set_last_day(made.auditor, today, None, admin, now)
    assert find_session(token, now) is not None
    tomorrow = now + timedelta(days=1)
    assert viewer_of(made.auditor, london_day(tomorrow)).grants == ()
    assert find_session(start_session(made.auditor.id, tomorrow), tomorrow) is None


def test_a_last_day_that_is_over_ends_every_session_at_once(
    database: Any, made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    start_session(made.auditor.id, now)
    operations.set_last_day(made.auditor, today - timedelta(days=1), None, admin, now)
    assert database.scalars(select(SignInSession.ended_at)).all() == [now]
    assert made.auditor.role_grants, "history stays"
    operations.set_last_day(made.auditor, None, None, admin, now)
    assert events_of(made.auditor) == ["person:staying", "person:leaving"]


def test_a_last_day_before_the_first_is_refused(made: Council, admin: Viewer, now: datetime) -> None:
    with pytest.raises(BadInput) as refusal:
        operations.set_last_day(made.auditor, date(2019, 1, 1), None, admin, now)
    assert set(refusal.value.fields) == {"last_day"}


def test_a_last_day_that_stands_already_is_not_told_again(
    made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    operations.set_last_day(made.auditor, None, None, admin, now)
    assert events_of(made.auditor) == []
    for _ in range(2):
        operations.set_last_day(made.auditor, today, None, admin, now)
    assert events_of(made.auditor) == ["person:leaving"]


# Roles


def test_a_lost_role_is_gone_and_signs_out(
    database: Any, made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    start_session(made.head_of_service.id, now)
    (grant,) = made.head_of_service.role_grants
    operations.revoke_role(grant, admin, now)
    assert not viewer_of(made.head_of_service, today).can(Permission.AUDIT_READ)
    assert database.scalars(select(SignInSession.ended_at)).all() == [now]
    assert queries.history_of(made.head_of_service.id)[0].detail == {
        "role": "Head of Service",
        "of": made.service_a.name,
    }


def test_a_role_is_held_once_and_with_its_reach(made: Council, admin: Viewer, now: datetime) -> None:
    with pytest.raises(BadInput, match="Choose the service"):
        operations.grant_role(made.auditor, Role.HEAD_OF_SERVICE, admin, now)
    grant = operations.grant_role(
        made.auditor, Role.QA_TEAM, admin, now, service_id=made.service_a.id, team_id=made.team_a1.id
    )
    assert (grant.service_id, grant.team_id) == (None, None)
    with pytest.raises(BadInput, match="holds this role already"):
        operations.grant_role(made.auditor, Role.QA_TEAM, admin, now)
    with pytest.raises(BadInput, match="under Auditing"):
        operations.grant_role(made.caseworker, Role.MODERATOR, admin, now)


def test_the_last_administrator_stays(made: Council, admin: Viewer, now: datetime, today: date) -> None:
    (grant,) = made.administrator.role_grants
    with pytest.raises(BadInput, match="last administrator"):
        operations.revoke_role(grant, admin, now)
    with pytest.raises(BadInput, match="last administrator"):
        operations.set_last_day(made.administrator, today, None, admin, now)
    operations.grant_role(made.qa, Role.ADMINISTRATOR, admin, now)
    operations.revoke_role(grant, admin, now)
    assert not viewer_of(made.administrator, today).can(Permission.PERSON_MANAGE)


def test_a_team_without_manager_gets_its_new_one(made: Council, admin: Viewer, now: datetime) -> None:
    (grant,) = [g for g in made.team_manager.role_grants if g.role == Role.TEAM_MANAGER]
    operations.revoke_role(grant, admin, now)
    assert made.team_a1.manager_id is None
    operations.grant_role(made.caseworker, Role.TEAM_MANAGER, admin, now, team_id=made.team_a1.id)
    assert made.team_a1.manager_id == made.caseworker.id


def test_a_team_keeps_its_manager_when_another_team_manager_loses_the_role(
    made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    second = operations.grant_role(made.caseworker, Role.TEAM_MANAGER, admin, now, team_id=made.team_a1.id)
    assert made.team_a1.manager_id == made.team_manager.id
    operations.revoke_role(second, admin, now)
    assert made.team_a1.manager_id == made.team_manager.id
    assert Role.TEAM_MANAGER in viewer_of(made.team_manager, today).roles


def test_a_role_that_comes_with_auditing_is_not_taken_by_itself(
    made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    for grant in list(made.moderator.role_grants):
        with pytest.raises(BadInput, match="comes with auditing"):
            operations.revoke_role(grant, admin, now)
    assert viewer_of(made.moderator, today).roles == {Role.AUDITOR, Role.MODERATOR}
    assert events_of(made.moderator) == []


# Auditing


def test_auditing_brings_its_roles_and_takes_them(made: Council, qa: Viewer, now: datetime, today: date) -> None:
    person = made.caseworker
    operations.set_auditor(person, AuditorDetails(expectation=0, is_moderator=True), person.version, qa, now)
    assert queries.roles_of(person.id) == {Role.AUDITOR, Role.MODERATOR}
    operations.set_auditor(person, AuditorDetails(TrainingStatus.LAPSED), person.version, qa, now)
    assert queries.roles_of(person.id) == {Role.AUDITOR}
    operations.stop_auditing(person, person.version, qa, now)
    operations.stop_auditing(person, person.version, qa, now)
    assert queries.roles_of(person.id) == set()
    assert queries.whole_person(person.id).auditor is None
    assert events_of(person).count("person:auditing-ended") == 1


def test_auditing_that_stays_as_it_was_is_not_told(made: Council, qa: Viewer, now: datetime) -> None:
    for _ in range(2):
        operations.set_auditor(made.caseworker, AuditorDetails(expectation=2), None, qa, now)
    assert sorted(events_of(made.caseworker)) == ["person:auditing-changed", "person:role-given"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (AuditorDetails(expectation=21), "expectation"),
        (AuditorDetails(expectation=-1), "expectation"),
        (AuditorDetails(TrainingStatus.IN_TRAINING, is_moderator=True), "is_moderator"),
    ],
)
def test_auditing_that_does_not_fit_is_refused(
    made: Council, qa: Viewer, now: datetime, details: AuditorDetails, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        operations.set_auditor(made.caseworker, details, None, qa, now)
    assert set(refusal.value.fields) == {field}


def test_auditors_do_not_manage_auditors(made: Council, now: datetime, today: date) -> None:
    viewer = viewer_of(made.auditor, today)
    with pytest.raises(NotAllowed):
        operations.set_auditor(made.auditor, AuditorDetails(expectation=0), None, viewer, now)
    with pytest.raises(NotAllowed):
        operations.stop_auditing(made.auditor, None, viewer, now)
    with pytest.raises(NotAllowed):
        operations.add_absence(made.auditor, today, today, viewer, now)


# Absences and deputies


def test_absences_do_not_overlap(made: Council, qa: Viewer, now: datetime, today: date) -> None:
    absence = operations.add_absence(made.auditor, today, today + timedelta(days=4), qa, now)
    with pytest.raises(BadInput):
        operations.add_absence(made.auditor, today + timedelta(days=4), today + timedelta(days=9), qa, now)
    operations.remove_absence(absence, qa, now)
    assert queries.whole_person(made.auditor.id).absences == []
    assert events_of(made.auditor) == ["person:absence-removed", "person:absence-added"]


def test_a_deputy_named_by_oneself_decides_for_those_days_only(made: Council, now: datetime, today: date) -> None:
    director, deputy = made.director, made.head_of_service
    row = operations.name_deputy(director, deputy, today, today + timedelta(days=2), viewer_of(director, today), now)
    (grant,) = [g for g in viewer_of(deputy, today).grants if g.role == Role.DIRECTOR]
    assert grant.on_behalf_of == director.id
    assert Role.DIRECTOR not in viewer_of(deputy, today + timedelta(days=3)).roles
    operations.end_deputy(row, viewer_of(director, today), now)
    assert Role.DIRECTOR not in viewer_of(deputy, today).roles


def test_a_deputy_named_earlier_stays_in_the_record_when_ended(made: Council, now: datetime, today: date) -> None:
    viewer = viewer_of(made.director, today)
    row = operations.name_deputy(made.director, made.practice_lead, today, today + timedelta(days=9), viewer, now)
    later = now + timedelta(days=3)
    operations.end_deputy(row, viewer, later)
    assert row.ends_on == today + timedelta(days=2)
    with pytest.raises(BadInput, match="over already"):
        operations.end_deputy(row, viewer, later)


@pytest.mark.parametrize(
    ("deputy", "start", "end", "message"),
    [
        ("director", 0, 1, "somebody else as the deputy"),
        ("scrutiny", 0, 1, "no role that may decide"),
        ("caseworker", 0, 1, "no role that may decide"),
        ("practice_lead", -3, -1, "today or later"),
        ("practice_lead", 3, 1, "the same as the first day"),
        ("practice_lead", 5, 6, "do not overlap a deputy"),
        ("executive", 8, 9, "does not work here on"),
    ],
)
def test_deputies_who_may_not_be(
    made: Council, now: datetime, today: date, deputy: str, start: int, end: int, message: str
) -> None:
    viewer, day = viewer_of(made.director, today), timedelta(days=1)
    made.executive.leaves_on = today + 7 * day
    operations.name_deputy(made.director, made.qa, today + 5 * day, today + 6 * day, viewer, now)
    with pytest.raises(BadInput, match=message):
        operations.name_deputy(
            made.director, getattr(made, deputy), today + start * day, today + end * day, viewer, now
        )


def test_nobody_names_a_deputy_for_another(made: Council, now: datetime, today: date) -> None:
    with pytest.raises(NotAllowed):
        operations.name_deputy(made.director, made.qa, today, today, viewer_of(made.qa, today), now)
    with pytest.raises(BadInput, match="needs no deputy"):
        operations.name_deputy(made.auditor, made.qa, today, today, viewer_of(made.auditor, today), now)


# Organisation


def test_a_new_manager_gets_the_team_and_the_one_before_loses_it(
    made: Council, admin: Viewer, now: datetime, today: date
) -> None:
    team = made.team_a1
    before, after = made.team_manager, made.caseworker
    operations.change_team(team, TeamDetails(team.name, team.service_id, after.id), admin, now)
    assert viewer_of(after, today).scope(Permission.AUDIT_READ).team_ids == {team.id}
    assert Role.TEAM_MANAGER not in viewer_of(before, today).roles


def test_names_are_taken_whatever_their_letters(made: Council, admin: Viewer, now: datetime) -> None:
    operations.add_service("Éire ", admin, now)
    with pytest.raises(BadInput, match="called éire already"):
        operations.add_service("éire", admin, now)
    with pytest.raises(BadInput, match="Enter the team's name"):
        operations.add_team(TeamDetails(" ", made.service_a.id), admin, now)


def test_a_service_closes_after_its_teams(made: Council, admin: Viewer, now: datetime, today: date) -> None:
    with pytest.raises(BadInput, match="North Safeguarding, South Safeguarding"):
        operations.change_service(made.service_a, made.service_a.name, today, admin, now)
    for team in (made.team_a1, made.team_a2):
        operations.change_team(team, TeamDetails(team.name, team.service_id, ends_on=today), admin, now)
    operations.change_service(made.service_a, "Old Safeguarding", today, admin, now)
    assert made.service_a not in queries.services(today)
    assert made.service_a in queries.services()
    assert made.team_a1 not in queries.teams(today)
    team = operations.add_team(
        TeamDetails("New East", made.service_b.id, made.qa.id, made.service_manager_b.id), admin, now
    )
    assert team in queries.teams(today)
    assert verify().faults == []


def test_a_closed_service_opens_again(made: Council, admin: Viewer, now: datetime, today: date) -> None:
    closed = operations.add_service("Duty", admin, now)
    operations.change_service(closed, "Duty", today, admin, now)
    assert closed not in queries.services(today)
    operations.change_service(closed, "Duty", None, admin, now)
    assert closed in queries.services(today)


def test_a_service_or_team_saved_as_it_was_is_not_told(
    database: Any, made: Council, admin: Viewer, now: datetime
) -> None:
    team = made.team_a1
    same = TeamDetails(team.name, team.service_id, team.manager_id, team.service_manager_id, team.ends_on)
    operations.change_team(team, same, admin, now)
    operations.change_service(made.service_a, f" {made.service_a.name} ", None, admin, now)
    assert database.scalars(select(TrailEntry.event)).all() == []
    operations.change_team(team, replace(same, name="North"), admin, now)
    operations.change_service(made.service_a, "Safeguarding", None, admin, now)
    assert database.scalars(select(TrailEntry.event)).all() == ["team:changed", "service:changed"]


# Finding


def test_people_are_found_by_every_filter(made: Council, today: date) -> None:
    made.auditor.leaves_on = today - timedelta(days=1)

    def names(**filters: str) -> set[str]:
        rows, total = queries.find_people(filters, [Person.name], today)
        assert total == len(rows)
        return {row.name for row in rows}

    assert names(q="okaf") == {"Asha Okafor"}
    assert names(q="BRYN.PRITCHARD@") == {"Bryn Pritchard"}
    assert names(q="%") == set()
    assert names(role=Role.QA_TEAM) == {"Nia Fairclough"}
    assert names(team=str(made.team_b2.id)) == {"Harun Lockhart"}
    assert "Tamsin Oyelaran" in names(service=str(made.service_b.id))
    assert names(working="left") == {"Asha Okafor"}
    assert len(names(working="now")) == 19
    rows, total = queries.find_people({}, [Person.name.desc()], today, limit=2, offset=1)
    assert total == 20
    assert [row.name for row in rows] == ["Sol Venables", "Rhian Stoddart"]
    assert rows[1].roles == "Administrator"
