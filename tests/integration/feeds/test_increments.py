"""A program that keeps a copy by increments, while rows change between its pages, ends up with what is there."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from qa_app.access.roles import Role
from qa_app.audits.models import Audit
from qa_app.feeds import queries
from qa_app.feeds.dictionary import BY_NAME
from qa_app.feeds.queries import reading
from qa_app.people.models import RoleGrant
from qa_app.people.operations import grant_role, revoke_role
from tests.factories.feeds import busy_council, reader
from tests.factories.rounds import viewer


@pytest.fixture
def qa(database, client, now, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(reading, "LAG", timedelta(0))
    scene = busy_council(database, now)
    return reader(client, scene.council.qa, now)


class Copy:
    """What a program keeps of one table."""

    def __init__(self, program, table):
        self.program, self.table, self.rows, self.newest = program, table, {}, None

    def catch_up(self, meanwhile=lambda: None):
        """Read what changed, page by page; something happens between the pages."""
        options = {"$filter": f"updated_at gt {self.newest}"} if self.newest else {}
        seen = []
        for page in self.program.pages(self.table, **options):
            for row in page:
                key = row[BY_NAME[self.table].key.name]
                seen.append(key)
                self.rows[key] = row
                self.newest = max(self.newest or "", row["updated_at"])
            meanwhile()
        assert len(seen) == len(set(seen)), "a row came twice in one read"
        return seen


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("table", ["audits", "answers"])
def test_nothing_is_missed_and_nothing_comes_twice_while_rows_change(qa, database, table, seed):
    chance = random.Random(seed)
    ids = database.scalars(select(Audit.id)).all()

    def somebody_works():
        changed = chance.sample(ids, chance.randint(0, 3))
        database.execute(update(Audit).where(Audit.id.in_(changed)).values(sections_done=chance.randint(0, 12)))
        database.commit()

    copy = Copy(qa, table)
    for _ in range(4):
        copy.catch_up(somebody_works)
    copy.catch_up()
    copy.catch_up()
    assert copy.catch_up() == []
    key = BY_NAME[table].key.name
    assert copy.rows == {row[key]: row for row in qa.rows(table)}


def test_of_many_that_changed_at_the_same_instant_none_is_lost_between_pages(qa, database):
    copy = Copy(qa, "audits")
    copy.catch_up()
    database.execute(update(Audit).values(sections_done=1))
    database.commit()
    assert len(copy.catch_up()) == len(copy.rows)
    assert copy.catch_up() == []


@pytest.mark.parametrize("table", ["audits", "answers", "roles", "people", "stages", "processes", "calendar"])
def test_an_increment_from_the_beginning_is_the_whole_table(qa, table, monkeypatch):
    if table == "calendar":
        monkeypatch.setattr(queries, "PAGE", 2_000)
    whole = qa.rows(table)
    assert sorted(map(str, qa.rows(table, **{"$filter": "updated_at gt 1990-01-01"}))) == sorted(map(str, whole))


def test_what_a_blind_moderator_was_not_to_see_comes_when_they_have_graded(database, client, now, monkeypatch):
    monkeypatch.setattr(reading, "LAG", timedelta(0))
    scene = busy_council(database, now)
    head, audit = scene.council.head_of_service, scene.audits[2]
    assert audit.service_id == scene.council.service_a.id
    audit.blind_for_id = head.id
    database.commit()
    program = reader(client, head, now)
    tables = ("audits", "answers", "actions", "processes", "stages")
    copies = {table: Copy(program, table) for table in tables}
    for copy in copies.values():
        copy.catch_up()

    def of_audit(table):
        rows = copies[table].rows.values()
        if table == "stages":
            ours = {row["process_id"] for row in copies["processes"].rows.values() if row["audit_id"] == audit.id}
            return [row for row in rows if row["process_id"] in ours]
        return [row for row in rows if row["audit_id"] == audit.id]

    assert {table: bool(of_audit(table)) for table in tables} == dict.fromkeys(tables, False) | {"audits": True}
    assert of_audit("audits")[0]["auditor_grade"] is None
    audit.blind_for_id = None
    database.commit()
    for copy in copies.values():
        copy.catch_up()
    assert all(of_audit(table) for table in tables)
    assert of_audit("audits")[0]["auditor_grade"] == "inadequate"


def test_a_role_that_is_taken_away_is_told_by_an_increment_of_removals(qa, database, now):
    roles, removals = Copy(qa, "roles"), Copy(qa, "removals")
    roles.catch_up()
    removals.catch_up()
    held = database.scalars(select(RoleGrant).where(RoleGrant.role == Role.EXECUTIVE)).one()
    admin = database.scalars(select(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR)).one().person
    person, key = held.person, held.id
    revoke_role(held, viewer(admin, now), now)
    given = grant_role(person, Role.DIRECTOR, viewer(admin, now), now)
    database.commit()
    roles.catch_up()
    for removal in (removals.catch_up(), removals.rows.values())[1]:
        assert removal["removed_from"] == "roles"
        del roles.rows[removal["removed_key"]]
    assert key not in roles.rows
    assert given.id in roles.rows
    assert set(roles.rows) == {row["role_id"] for row in qa.rows("roles")}
