"""A command that is killed leaves all of its work or none; run again, it ends as if nothing had happened."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.faults.killing import KILLED, Point
from tests.faults.stores import Rows, Store, Stores, meaning

CASES = """Child ID;Case type;Team;Social worker;Start date
NS-0001;CP;North Safeguarding;Sol Venables;01/05/2026
NS-0002;CIN;North Safeguarding;Wyn Arkwright;02/05/2026
LAE-0001;LAC;Looked After West;Tamsin Oyelaran;03/05/2026
NEW-1;CP;South Safeguarding;Wren Holloway;04/05/2026
NEW-2;CIN;South Safeguarding;;05/05/2026
"""

COMMANDS: dict[str, tuple[str, ...]] = {
    "allocate": ("round", "allocate", "2026-08"),
    "allocate again": ("round", "allocate", "2026-07"),
    "issue": ("round", "issue", "2026-07"),
    "close": ("round", "close", "2026-06"),
    "tick": ("tick", "--at", "2026-07-10T00:05"),
    "import": ("import-cases", "{folder}/cases.csv", "--apply"),
}


@dataclass(frozen=True)
class Undisturbed:
    """The rows before a command and after one that nothing disturbed, and the points where it can be killed."""

    before: Rows
    after: Rows
    points: Sequence[Point]


def arguments(name: str, store: Store) -> list[str]:
    """The command's words, with its file in place."""
    (store.folder / "cases.csv").write_text(CASES)
    return [word.format(folder=store.folder) for word in COMMANDS[name]]


def undisturbed(name: str, stores: Stores) -> Undisturbed:
    """Run the command through on a database of its own."""
    store = stores.copy()
    before = store.rows()
    points = store.command(*arguments(name, store)).points()
    store.check_whole()
    result = Undisturbed(before, store.rows(), points)
    stores.drop(store)
    assert meaning(result.after) != meaning(before), "the command did nothing"
    return result


def chosen(points: Sequence[Point], name: str) -> list[Point]:
    """A write somewhere in the middle, the moment before each commit of writes, and the one after the last.

    Just after any other commit the database is as it will be before the next, so those points would show nothing more.
    """
    writes = [point for point in points if point.kind == "write"]
    before = [point for earlier, point in pairwise(points) if point.kind == "before-commit" and earlier.kind == "write"]
    return [random.Random(name).choice(writes), *before, Point("after-commit", before[-1].number)]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_is_done_whole_or_not_at_all_and_can_be_run_again(name: str, stores: Stores) -> None:
    whole = undisturbed(name, stores)
    wanted = (meaning(whole.before), meaning(whole.after))
    for point in chosen(whole.points, name):
        store = stores.copy()
        command = store.command(*arguments(name, store))
        assert command.killed_at(point).run() == KILLED, point
        store.check_whole()
        rows = store.rows()
        assert meaning(rows) in wanted, f"{name} killed at {point} left half of its work"
        if meaning(rows) == wanted[0]:
            assert rows == whole.before
            assert command.run() == 0, command.output()
            assert meaning(store.rows()) == wanted[1], f"{name} killed at {point} and run again ended otherwise"
            store.check_whole()
        stores.drop(store)
