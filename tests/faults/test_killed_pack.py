"""A maker of an inspection pack that is killed leaves a pack that is made, or one that nobody can take, and no third."""

from datetime import date
from typing import Any

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.core.database import reading, transaction
from qa_app.inspection import operations
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window
from qa_app.inspection.running import say_progress
from qa_app.inspection.states import PackState
from qa_app.people.models import Person, RoleGrant
from qa_app.people.queries import viewer_of
from qa_app.trail.models import TrailEntry
from tests.conftest import NOW
from tests.faults.killing import KILLED, Command
from tests.faults.stores import Store, Stores
from tests.faults.test_kills import chosen


def begun(store: Store) -> Command:
    """A pack of June that is being made, and what makes it."""
    june = date(2026, 6, 1)
    with store.session() as session, transaction():
        pack = operations.begin(Window(june, june), False, _qa(session), NOW)
        assert pack is not None
        return store.command("make-inspection-pack", str(pack.id))


def _qa(session: Any) -> Viewer:
    who = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == "qa_team")
    return viewer_of(session.scalars(who).first(), NOW.date())


def left(store: Store) -> tuple[str, bool, bool]:
    """The state of the pack, whether it has any content, and whether the trail says that it was made."""
    store.check_whole()
    with store.session() as session:
        pack = session.scalars(select(InspectionPack)).one()
        told = session.scalar(select(TrailEntry.id).where(TrailEntry.event == "inspection:pack-made"))
        return pack.state, pack.content != b"", told is not None


def test_a_killed_maker_leaves_a_whole_pack_or_none(stores: Stores) -> None:
    store = stores.copy()
    points = begun(store).points()
    assert left(store) == (PackState.MADE, True, True)
    stores.drop(store)
    seen = set()
    for point in chosen(points, "pack"):
        store = stores.copy()
        command = begun(store)
        assert command.killed_at(point).run() == KILLED, point
        seen.add(left(store))
        assert command.run() == 0, command.output()
        assert left(store) == (PackState.MADE, True, True)
        stores.drop(store)
    assert seen == {(PackState.MAKING, False, False), (PackState.MADE, True, True)}


def test_a_maker_says_how_far_it_is_while_it_only_reads_and_speaks_for_itself_alone(store: Store) -> None:
    begun(store)
    with store.session() as session:
        with reading():
            pack = session.scalars(select(InspectionPack)).one()
            say_progress(pack.id, pack.version, 40, NOW)
            say_progress(pack.id, pack.version - 1, 70, NOW)
        pack = session.scalars(select(InspectionPack)).one()
        assert (pack.progress, pack.progress_at) == (40, NOW)
