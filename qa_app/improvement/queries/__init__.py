"""Read improvement processes: one, the board, what waits for whom, who covers, who may re-audit and authorise."""

from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.queries.auditors import Slot, Taker, case_of, slot_for, suggestions
from qa_app.improvement.queries.authorisers import possible_authorisers
from qa_app.improvement.queries.board import (
    SORTS,
    BoardRow,
    Counts,
    StagePoint,
    counts,
    find_processes,
    places,
    whose_turns,
)
from qa_app.improvement.queries.one import (
    following,
    hidden_processes,
    id_in,
    possible_owners,
    process_address,
    process_for,
    process_of,
    visible,
    whole_process,
)
from qa_app.improvement.queries.waiting import waiting_steps

__all__ = [
    "SORTS",
    "BoardRow",
    "Counts",
    "ImprovementProcess",
    "Slot",
    "StagePoint",
    "Taker",
    "case_of",
    "counts",
    "find_processes",
    "following",
    "hidden_processes",
    "id_in",
    "places",
    "possible_authorisers",
    "possible_owners",
    "process_address",
    "process_for",
    "process_of",
    "slot_for",
    "suggestions",
    "visible",
    "waiting_steps",
    "whole_process",
    "whose_turns",
]
