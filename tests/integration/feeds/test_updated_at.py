"""Every way in which the app writes a row says when: through the session, by a statement, one row or many."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from qa_app.access.roles import Role
from qa_app.audits import operations, queries
from qa_app.audits.models import Audit
from qa_app.core.clock import utc_now
from qa_app.core.database import Base, UpdatedAt
from qa_app.feeds.models import FeedRemoval
from qa_app.people.models import Person, Service
from qa_app.people.operations import grant_role, revoke_role
from tests.factories.audits import audit_at, issued_round
from tests.factories.people import council
from tests.factories.rounds import viewer

DATED = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, UpdatedAt)),
    key=lambda model: model.__name__,
)


@pytest.fixture
def begun():
    return utc_now()


def stamp(database, model, key):
    return database.scalar(select(model.updated_at).where(model.id == key))


def age(database, model):
    """Make every row of a table look as if it was written a day ago."""
    database.execute(update(model).values(updated_at=utc_now() - timedelta(days=1)))


@pytest.mark.parametrize("model", DATED, ids=lambda model: model.__name__)
def test_a_table_that_is_read_bit_by_bit_has_the_index_for_it(model):
    indexes = [[column.name for column in index.columns] for index in model.__table__.indexes]
    assert ["updated_at", "id"] in indexes


def test_what_is_added_through_the_session_or_by_a_statement_says_when(database, begun):
    first = Service(name="First")
    database.add(first)
    database.flush()
    database.execute(insert(Service), [{"name": "Second"}, {"name": "Third"}])
    database.execute(insert(Service.__table__).values(name="Fourth"))
    stamps = database.scalars(select(Service.updated_at)).all()
    assert len(stamps) == 4
    assert all(begun <= at <= utc_now() for at in stamps)


def test_what_is_changed_through_the_session_or_by_a_statement_says_when(database, now, begun):
    people = council(database, now)
    age(database, Person)
    people.auditor.job_title = "Something else"
    database.flush()
    database.execute(update(Person).where(Person.id == people.qa.id).values(job_title="Else"))
    database.execute(update(Person.__table__).where(Person.id == people.director.id).values(job_title="Else"))
    for person in (people.auditor, people.qa, people.director):
        assert stamp(database, Person, person.id) >= begun
    assert stamp(database, Person, people.executive.id) < begun


def test_a_bulk_change_of_many_rows_says_when(database, now, begun):
    scene = audit_at(database, "unissued", now)
    age(database, Audit)
    operations.issue_audits(scene.round, scene.qa, now)
    assert all(at >= begun for at in database.scalars(select(Audit.updated_at)))


def test_a_save_of_a_section_says_when_though_its_statements_are_prepared(database, now, begun):
    scene = issued_round(database, now)
    age(database, Audit)
    section = queries.sections_of(scene.audit)[0]
    operations.save_section(
        scene.audit, section.domain, operations.SectionInput("good", "Clear."), 0, scene.auditor, now
    )
    assert stamp(database, Audit, scene.audit.id) >= begun
    assert stamp(database, Audit, scene.audits[1].id) < begun


def test_a_role_that_is_taken_away_leaves_a_removal_and_its_id_is_not_given_again(database, now):
    people = council(database, now)
    administrator = viewer(people.administrator, now)
    grant = grant_role(people.caseworker, Role.EXECUTIVE, administrator, now)
    key = grant.id
    revoke_role(grant, administrator, now)
    removal = database.scalars(select(FeedRemoval)).one()
    assert (removal.removed_from, removal.removed_id, removal.person_id) == ("roles", key, people.caseworker.id)
    assert grant_role(people.caseworker, Role.EXECUTIVE, administrator, now).id > key


def test_rows_from_before_count_as_written_when_the_table_was_changed(database):
    raw = text("INSERT INTO service (name) VALUES ('Old')")
    if database.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL gave its rows their instant and took the default away again")
    database.execute(raw)
    assert database.scalar(select(Service.updated_at)).tzinfo is not None
