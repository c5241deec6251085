"""A long pack is made in a process of its own: how far it is, what is made of it, and what if that process dies."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select, update

from qa_app.access.roles import Role
from qa_app.core.errors import NotAllowed, Stale
from qa_app.core.states import StateChange
from qa_app.inspection import operations, running
from qa_app.inspection.commands import make_inspection_pack
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window
from qa_app.inspection.states import PackState
from qa_app.people.models import RoleGrant
from qa_app.trail.models import TrailEntry
from tests.databases import ON_POSTGRESQL
from tests.factories.feeds import busy_council
from tests.factories.moderation import moderation_at

S = PackState
MONTH = "2026-06"
POLLED = {"HX-Request": "true"}


@pytest.fixture
def scene(database, now):
    return busy_council(database, now)


@pytest.fixture
def begun(app, monkeypatch):
    """Every pack is long, and its maker is noted instead of started."""
    started = []
    monkeypatch.setattr(running, "QUICK", 0)
    monkeypatch.setitem(app.config, "START_MAKER", started.append)
    return started


@pytest.fixture
def qa(scene, sign_in):
    return sign_in(scene.council.qa.id)


def make(client, **more):
    return client.post("/inspection", data={"first": MONTH, "last": MONTH} | more)


def packs(database):
    database.rollback()
    return database.scalars(select(InspectionPack).order_by(InspectionPack.id)).all()


def only(database):
    (pack,) = packs(database)
    return pack


def made_entries(database):
    found = select(TrailEntry.person_id).where(TrailEntry.event == "inspection:pack-made")
    return database.scalars(found).all()


def test_a_long_pack_is_left_and_come_back_to(qa, scene, database, clock, begun):
    answer = make(qa)
    pack = only(database)
    assert (answer.status_code, begun) == (303, [pack.id])
    assert (pack.state, pack.made_by_id, pack.content) == (S.MAKING, scene.council.qa.id, b"")
    page = qa.get("/inspection").text
    assert "The inspection pack is being made. You can leave this page and come back." in page
    assert "Being made" in page and "Look again" in page
    assert "download>" not in page
    assert qa.get(f"/inspection/{pack.id}/download").status_code == 404
    assert made_entries(database) == []
    database.execute(update(InspectionPack).values(progress=40))
    database.commit()
    part = qa.get("/inspection", headers=POLLED).text
    assert "40% made" in part and 'hx-trigger="every 2s"' in part
    assert "<h1" not in part
    running.run_maker(pack.id, clock)
    over = qa.get("/inspection", headers=POLLED).text
    assert "Download as Excel" in over and "hx-trigger" not in over
    assert qa.get(f"/inspection/{pack.id}/download").data == only(database).content != b""
    assert made_entries(database) == [scene.council.qa.id]
    running.run_maker(pack.id, clock)
    assert (len(made_entries(database)), only(database).version) == (1, 2)


def test_what_a_process_makes_is_what_a_request_makes(qa, database, clock, begun, monkeypatch):
    make(qa)
    running.run_maker(only(database).id, clock)
    monkeypatch.setattr(running, "QUICK", 1000)
    make(qa)
    apart, within = packs(database)
    assert len(begun) == 1
    assert (apart.audits, apart.actions, apart.state) == (within.audits, within.actions, S.MADE)
    assert apart.audits > 0 and apart.actions > 0
    assert len(apart.content) == len(within.content)


def test_it_says_how_far_it_is_and_that_it_lives(qa, database, clock, begun, monkeypatch):
    make(qa)
    seconds = iter(range(10_000))
    monkeypatch.setattr(running.time, "monotonic", lambda: next(seconds))
    said = []
    running.run_maker(only(database).id, clock, lambda *what: said.append(what))
    pack = only(database)
    percents = [percent for _, _, percent, _ in said]
    assert percents == sorted(percents)
    assert 0 <= percents[0] < 50 < percents[-1] < 100
    assert {(pack_id, version, at) for pack_id, version, _, at in said} == {(pack.id, 1, clock.now)}
    assert (pack.state, pack.progress) == (S.MADE, 100)


def test_asked_for_twice_it_is_made_once(qa, scene, sign_in, database, begun):
    for client in (qa, qa, sign_in(scene.council.director.id)):
        assert make(client).status_code == 303
    assert begun == [only(database).id]
    assert "This inspection pack is being made already." in qa.get("/inspection").text
    make(qa, with_cases="y")
    assert len(packs(database)) == len(begun) == 2


def test_a_maker_that_was_killed_leaves_a_page_that_says_so_and_offers_it_again(qa, scene, database, clock, begun):
    make(qa)
    pack = only(database)
    database.execute(update(InspectionPack).values(progress=40))
    database.commit()
    clock.now += timedelta(minutes=3)
    page = qa.get("/inspection").text
    assert "Not made: its making stopped at 40%." in page
    assert "Make it again" in page
    assert 'hx-trigger="every 2s"' not in page
    assert qa.get(f"/inspection/{pack.id}/download").status_code == 404
    make(qa)
    again = only(database)
    assert begun == [pack.id, pack.id]
    assert (again.state, again.progress, again.version, again.made_at) == (S.MAKING, 0, 2, clock.now)
    running.run_maker(pack.id, clock)
    assert only(database).state == S.MADE
    assert len(made_entries(database)) == 1


def test_a_maker_that_was_thought_dead_changes_nothing(qa, database, clock, begun, monkeypatch):
    make(qa)
    build = running.content.build

    def slow(*asked):
        built = build(*asked)
        clock.now += timedelta(minutes=3)
        make(qa)
        return built

    monkeypatch.setattr(running.content, "build", slow)
    running.run_maker(only(database).id, clock)
    pack = only(database)
    assert (pack.state, pack.version, pack.content) == (S.MAKING, 2, b"")
    assert made_entries(database) == []


def test_a_maker_that_breaks_says_so_and_the_pack_can_be_made_again(qa, scene, sign_in, database, clock, begun):
    make(qa)
    pack = only(database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running.content, "workbook_of", _broken)
        with pytest.raises(RuntimeError, match="planted"):
            running.run_maker(pack.id, clock)
    assert only(database).state == S.FAILED
    page = qa.get("/inspection").text
    assert f"Not made. {running.BROKEN}" in page
    assert qa.get(f"/inspection/{pack.id}/download").status_code == 404
    director = sign_in(scene.council.director.id)
    make(director)
    running.run_maker(pack.id, clock)
    pack = only(database)
    assert (pack.state, pack.failure, pack.made_by_id) == (S.MADE, "", scene.council.director.id)
    assert made_entries(database) == [scene.council.director.id]
    moves = database.scalars(select(StateChange.move).where(StateChange.subject_type == "inspection pack"))
    assert moves.all() == ["fail", "make_again", "keep"]
    told = database.scalars(
        select(TrailEntry.event).where(TrailEntry.event.like("inspection:%")).order_by(TrailEntry.id)
    )
    assert [event[16:] for event in told] == ["asked-for", "not-made", "asked-for", "made"]


def _broken(*_args, **_more):
    raise RuntimeError("planted")


def test_whoever_may_no_longer_have_packs_is_made_none(qa, scene, database, clock, begun):
    make(qa)
    database.query(RoleGrant).filter_by(person_id=scene.council.qa.id, role=Role.QA_TEAM).delete()
    database.commit()
    running.run_maker(only(database).id, clock)
    pack = only(database)
    assert pack.state == S.FAILED
    assert pack.failure == "Only the QA team, the Director or an executive can make an inspection pack."


def test_whoever_moderates_blind_begins_none_and_is_made_none(database, now, clock, sign_in, begun):
    scene = moderation_at(database, "in_progress", now).scene
    blind_for, scene.audit.blind_for_id = scene.audit.blind_for_id, None
    database.add(RoleGrant(person_id=blind_for, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    moderator = sign_in(blind_for)
    make(moderator)
    scene.audit.blind_for_id = blind_for
    database.commit()
    running.run_maker(only(database).id, clock)
    assert "You moderate an audit of these months blind." in only(database).failure
    assert "Not made. You moderate an audit of these months blind." in moderator.get("/inspection").text
    assert make(moderator).status_code == 403
    assert len(begun) == 1


def test_a_pack_with_cases_that_is_being_made_is_unseen_by_those_who_may_not_see_cases(
    qa, scene, sign_in, database, clock, begun
):
    make(qa, with_cases="y")
    director = sign_in(scene.council.director.id)
    assert "No pack has been made yet." in director.get("/inspection").text
    clock.now += timedelta(minutes=3)
    assert 'name="with_cases" value="y"' in qa.get("/inspection").text
    assert make(director, with_cases="y").status_code == 403


def test_operations_refuse_what_is_over_and_who_may_not(scene, database, now):
    qa = scene.viewer(scene.council.qa)
    window = Window(scene.round.month, scene.round.month)
    with pytest.raises(NotAllowed):
        operations.begin(window, False, scene.viewer(scene.council.head_of_service), now)
    pack = operations.begin(window, False, qa, now)
    assert pack is not None
    with pytest.raises(Stale):
        operations.fail(pack, pack.version + 1, "Too late.", qa, now)
    operations.fail(pack, pack.version, "No room.", qa, now)
    assert (pack.state, pack.failure) == (S.FAILED, "No room.")
    assert operations.begin(window, False, qa, now) is pack


def test_the_command_leaves_an_unknown_pack_alone(app, database):
    assert CliRunner().invoke(make_inspection_pack, ["999"]).exit_code == 0


@pytest.mark.skipif(ON_POSTGRESQL, reason="which keeps a long value apart from its row")
def test_the_list_is_read_without_the_workbooks(database):
    # SQLite reads a row as far as the last column that is asked for.
    assert inspect(database.connection()).get_columns("inspection_pack")[-1]["name"] == "content"
