"""Rows of small Annex A lists, written by the field that matters to a test."""

from datetime import date
from typing import Any

LIST_6 = [
    "Child Unique ID",
    "Date of Birth",
    "CIN Start Date",
    "Date Child Was Last Seen",
    "CIN Closure Date",
    "Reason for Closure",
    "Case status",
    "Allocated Team",
    "Allocated Worker",
]
LIST_7 = [
    "Child Unique ID",
    "Date of Birth",
    "Child Protection Plan Start Date",
    "Child Protection Plan End Date",
    "Allocated Team",
    "Allocated Worker",
]
LIST_8 = [
    "Child Unique ID",
    "Date of Birth",
    "Date Started to be Looked After",
    "Date Ceased to be Looked After ",
    "Allocated Team",
    "Allocated Worker",
]
LIST_9 = ["Child Unique ID", "Date of Birth", "Allocated Team", "Allocated Worker"]

BORN = date(2012, 5, 1)


def child(reference: object, **given: Any) -> list[object]:
    """A row of List 6: an open child in need plan in North, held by Ann Lee, unless given otherwise."""
    values = {
        "born": BORN,
        "started": date(2025, 1, 6),
        "seen": date(2025, 9, 1),
        "ended": None,
        "reason": None,
        "status": "c) Child in need plan",
        "team": "North",
        "worker": "Ann Lee",
        **given,
    }
    return [reference, *values.values()]


def on_list(reference: object, team: object = "North", worker: object = "Ann Lee", **given: Any) -> list[object]:
    """A row of List 7 or 8: open since 3 February 2025 unless given otherwise."""
    values = {"born": BORN, "started": date(2025, 2, 3), "ended": None, **given}
    return [reference, *values.values(), team, worker]
