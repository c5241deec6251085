"""Everything that changes a moderation, one function a verb, by the part of its life."""

from qa_app.moderation.operations.giving import give, give_waiting, reassign
from qa_app.moderation.operations.grading import complete, lacking, lock_grades, save_grades, sections_of
from qa_app.moderation.operations.selecting import cancel_moderation, hold_moderation, select_for_moderation
from qa_app.moderation.operations.settling import acknowledge, decide, dispute, record_export, settle_due

__all__ = [
    "acknowledge",
    "cancel_moderation",
    "complete",
    "decide",
    "dispute",
    "give",
    "give_waiting",
    "hold_moderation",
    "lacking",
    "lock_grades",
    "reassign",
    "record_export",
    "save_grades",
    "sections_of",
    "select_for_moderation",
    "settle_due",
]
