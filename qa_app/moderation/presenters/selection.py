"""How a round's audits were selected, so that anybody of the QA team can make the draw again."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from qa_app.core.format import month_name, plural
from qa_app.core.lists import Column
from qa_app.moderation.presenters.words import REASONS
from qa_app.moderation.queries.selections import SORTS, SelectionRow
from qa_app.moderation.rules import PARTS
from qa_app.moderation.states import Reason, Rule

HIDDEN = "Shown once your own grades are locked"
RULES = {
    Rule.RISK_AND_SHARE: "All inadequate and all outstanding, and a random share of the rest",
    Rule.ALL: "Every audit",
    Rule.INADEQUATE_TO_HEAD: "Every inadequate audit, by the Head of Service",
}


def columns(viewer_id: int | None) -> tuple[Column[SelectionRow], ...]:
    """Which audit, whose, its lot, and what came of it; the last two are hidden from whoever moderates it blind."""
    return (
        Column("audit", "Audit", _link, sort=SORTS["audit"], header=True),
        Column("team", "Team", lambda row: row.team, sort=SORTS["team"]),
        Column("auditor", "Auditor", lambda row: row.auditor or "", sort=SORTS["auditor"]),
        Column("draw", "Drew", lambda row: _drew(row, viewer_id), numeric=True),
        Column("reason", "Why", lambda row: _reason(row, viewer_id)),
    )


def _link(row: SelectionRow) -> Markup | str:
    if row.reason == Reason.NOT_SELECTED:
        return row.reference
    address = f"/moderation/{row.reference.rpartition('/')[0]}/{row.number}"
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, row.reference)


def _is_hidden(row: SelectionRow, viewer_id: int | None) -> bool:
    """Whether the viewer moderates it blind: a lot above the share would tell them that its grade selected it."""
    return row.blind_for_id is not None and row.blind_for_id == viewer_id


def _drew(row: SelectionRow, viewer_id: int | None) -> str:
    return "" if _is_hidden(row, viewer_id) else f"{row.draw * 100 / PARTS:.2f}"


def _reason(row: SelectionRow, viewer_id: int | None) -> str:
    return HIDDEN if _is_hidden(row, viewer_id) else REASONS[Reason(row.reason)]


def heading(month: date, counts: Mapping[str, int]) -> str:
    """`June 2026: 14 of 61 submitted audits are moderated`."""
    every = sum(counts.values())
    selected = every - counts.get(Reason.NOT_SELECTED, 0)
    return f"{month_name(month)}: {selected} of {plural(every, 'submitted audit')} selected for moderation"


def rule_facts(rows: Sequence[SelectionRow], seed: str) -> list[tuple[str, str]]:
    """The rule in force, the share and the seed, as they were kept with the round's selections."""
    if not rows:
        return []
    first = rows[0]
    facts = [("Rule", RULES[Rule(first.rule)])]
    if first.rule == Rule.RISK_AND_SHARE:
        facts.append(("Random share", f"{first.share}%, drawn below {first.share}"))
    return [*facts, ("Seed", seed)]
