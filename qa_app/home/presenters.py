"""What the home page says: at most seven sentences, most urgent first, each with one link that does it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from qa_app.access.permissions import Permission
from qa_app.actions.presenters.needs import needs as action_needs
from qa_app.audits.states import AuditState
from qa_app.core.format import MONTHS, day, long_day, plural
from qa_app.core.waiting import Waiting
from qa_app.exemptions.states import ExemptionState
from qa_app.home.improvement import improvement_needs
from qa_app.home.moderation import of_moderation
from qa_app.home.needs import Need, due_words
from qa_app.home.queries import Situation
from qa_app.progress.permissions import remindable
from qa_app.progress.presenters.words import heading, round_words, time_left
from qa_app.progress.rules import total
from qa_app.reports.presenters.pages import path_of, title_of
from qa_app.rounds.states import RoundState
from qa_app.slippage.states import SlippageState

MOST = 7
MOST_NAMED = 3
"""So many audits of a round have each its own link to say that it may slip; of more, a page lets one choose."""
LAST = date.max


@dataclass(frozen=True)
class Home:
    """The page: what needs the viewer, and one line of figures with where it opens."""

    needs: Sequence[Need]
    figures: str
    figures_href: str
    published_only: bool
    dashboard: bool
    """Whether the dashboard is for them."""


def home(situation: Situation) -> Home:
    """The page of a situation."""
    needs = sorted(
        [
            *_own(situation),
            *_foreseen(situation),
            *_actions(situation),
            *_waiting(situation),
            *_behind(situation),
            *_to_run(situation),
            *_asked(situation),
            *of_moderation(situation),
            *_to_confirm(situation),
            *_to_read(situation),
        ],
        key=lambda need: need.by,
    )
    figures, href = _figures(situation)
    return Home(
        needs[:MOST],
        figures,
        href,
        situation.reads_only_what_is_published,
        situation.viewer.can(Permission.FIGURES_READ),
    )


def _was(due_on: date, today: date, many: bool) -> str:
    now, past = ("are", "were") if many else ("is", "was")
    return f"{past if today > due_on else now} {due_words(due_on, today)}"


def _own(situation: Situation) -> Iterator[Need]:
    """The viewer's own audits: those sent back one by one, the others of a round together."""
    today = situation.today
    ordered = sorted(situation.own_audits, key=lambda audit: (audit.due_on, audit.round_id, audit.number))
    for (due_on, _), group in groupby(ordered, key=lambda audit: (audit.due_on, audit.round_id)):
        audits = list(group)
        for audit in (a for a in audits if a.submitted_at is not None):
            text = f"Your audit {audit.reference} came back with a comment, and {_was(due_on, today, False)}."
            yield Need(due_on, text, "Read the comment", f"/audits/{audit.reference}")
        rest = [audit for audit in audits if audit.submitted_at is None]
        if rest:
            yield _rest_of_round(rest, today)


def _rest_of_round(audits: Sequence[Any], today: date) -> Need:
    begun = [audit for audit in audits if audit.state == AuditState.IN_PROGRESS]
    following = max(begun, key=lambda audit: audit.sections_done, default=audits[0])
    month = _month(following.round, today)
    due_on = following.due_on
    if len(audits) == 1:
        done = f"{following.sections_done} of {plural(following.sections_total, 'section')} done"
        text = f"Your {month} audit {_was(due_on, today, False)}: {done if begun else 'not started'}."
    else:
        text = f"Your {len(audits)} {month} audits {_was(due_on, today, True)}: {len(begun)} begun, "
        text += f"{len(audits) - len(begun)} not started."
    otherwise = () if today > due_on else _otherwise(audits)
    return Need(due_on, text, "Continue" if begun else "Start", f"/audits/{following.reference}", otherwise)


def _otherwise(audits: Sequence[Any]) -> Sequence[tuple[str, str]]:
    round_ = audits[0].round
    if len(audits) == 1:
        slips = [("I may not finish in time", f"/audits/{audits[0].reference}/slippage")]
    elif len(audits) <= MOST_NAMED:
        slips = [
            (f"I may not finish {audit.reference} in time", f"/audits/{audit.reference}/slippage") for audit in audits
        ]
    else:
        slips = [("I may not finish in time", f"/my/slippage?round={round_.reference}")]
    return (*slips, ("Ask for an exemption", f"/exemptions/ask?month={round_.month:%Y-%m}"))


def _month(round_: Any, today: date) -> str:
    name = MONTHS[round_.month.month - 1]
    return name if round_.month.year == today.year else f"{name} {round_.month.year}"


def _actions(situation: Situation) -> Iterator[Need]:
    """Actions: the viewer's own, those to verify, and those of people who have left."""
    return (Need(*sentence) for sentence in action_needs(situation.waiting, situation.today))


def _waiting(situation: Situation) -> Iterator[Need]:
    """Requests that wait for the viewer's answer: one by name, several by their number and the longest wait."""
    today = situation.today
    if requests := situation.exemptions:
        first = requests[0]
        text = f"{first.person.name} asks for an exemption: with you"
        text = text if len(requests) == 1 else f"{len(requests)} exemption requests wait for you, the longest"
        text += f" since {day(first.head_answered_at or first.asked_at)}."
        decides = first.state == ExemptionState.WITH_DIRECTOR
        yield Need(today, text, "Decide" if decides else "Forward or decline", f"/exemptions/{first.id}")
    if notices := situation.notices:
        notice = notices[0]
        month = _month(notice.audit.round, today)
        text = f"{notice.person.name} may not finish a {month} audit in time: with you"
        text = text if len(notices) == 1 else f"{len(notices)} slippage notices wait for you, the longest"
        text += f" since {day(notice.forwarded_at or notice.raised_at)}."
        looks = "Look at it" if len(notices) == 1 else "Look at the oldest"
        action = "Answer" if notice.state == SlippageState.WITH_QA_TEAM else looks
        yield Need(today, text, action, f"/slippage/{notice.id}")
    if audits := situation.of_exempt:
        waits = plural(len(audits), "audit is", "audits are")
        text = f"{waits} still with auditors who are exempt: withdraw or reassign."
        yield Need(audits[0].due_on, text, "See what waits", f"/exemptions/{audits[0].request_id}")


def _foreseen(situation: Situation) -> Iterator[Need]:
    """The viewer's own audits that the system thinks will slip."""
    for notice in situation.foreseen:
        reference = notice.audit.reference
        text = f"Your {_month(notice.audit.round, situation.today)} audit {reference} may not be done in time."
        yield Need(situation.today, text, "Say whether it will", f"/audits/{reference}/slippage")


def _behind(situation: Situation) -> Iterator[Need]:
    """Managers whom the viewer may remind of the running round."""
    if situation.running is None or not situation.viewer.can(Permission.PROGRESS_REMIND):
        return
    round_ = situation.running.round
    behind = remindable(situation.viewer, situation.running.rows)
    if not behind or round_.closed_at is not None:
        return
    people = plural(len(behind), "manager has", "managers have")
    audits = plural(sum(row.figures.outstanding for row in behind), "audit")
    month, due = round_words(round_, situation.today), due_words(round_.due_on, situation.today)
    text = f"{people} {audits} outstanding for {month}, {due}."
    yield Need(round_.due_on, text, "See who is behind", f"/progress/{round_.reference}?having=outstanding")


STEPS = {
    RoundState.PLANNED: ("is planned", "Draw the sample", "/sample"),
    RoundState.SAMPLED: ("is sampled", "Allocate", "/allocation"),
    RoundState.ALLOCATED: ("is allocated", "Look and issue", "/issue"),
}
"""What a round waits for: how it stands, what to press, and where."""


def _to_run(situation: Situation) -> Iterator[Need]:
    """What the QA team has to bring on."""
    if situation.to_run is None:
        return
    today, found = situation.today, situation.to_run
    for round_ in found.open:
        if round_.state in STEPS:
            stands, action, path = STEPS[RoundState(round_.state)]
            when = f"to be issued on {day(round_.issue_on)}"
            if today > round_.issue_on:
                when = f"and was to be issued on {day(round_.issue_on)}"
            text = f"The {round_words(round_, today)} round {stands}, {when}."
            yield Need(round_.issue_on, text, action, f"/rounds/{round_.reference}{path}")
    for reference, due_on, count in found.without_auditor:
        text = (
            f"{plural(count, 'audit has', 'audits have')} no auditor in round {reference}, {due_words(due_on, today)}."
        )
        yield Need(due_on, text, "See the shortfall", f"/rounds/{reference}/allocation")
    if situation.current is None and not found.open:
        yield Need(
            today,
            "There is no round yet. Import the case list, then create this month's round.",
            "Create a round",
            "/rounds/new",
        )


def _asked(situation: Situation) -> Iterator[Need]:
    """What the areas say waits, each kind as one sentence."""
    today, found = situation.today, situation.waiting
    if waits := found.get("declarations"):
        text = f"{plural(waits.number, 'auditor says', 'auditors say')} that they can't do an audit."
        yield Need(today, text, "Answer", "/declarations")
    if waits := found.get("own cases audited"):
        assert waits.on is not None
        said, action, href = "A case of yours is", "See it and comment", f"/audits/{waits.first}/comments"
        if waits.number > 1:
            said, action, href = f"{waits.number} of your cases are", "See them and comment", "/my/cases-audited"
        text = f"{said} being audited, {due_words(waits.on, today)}. You can say what the auditor should know."
        yield Need(waits.on, text, action, href)
    if waits := found.get("case imports"):
        text = f"A case list was uploaded on {day(waits.at)} and is not applied yet."
        yield Need(today, text, "Look at it and apply it", f"/cases/imports/{waits.first}")
    yield from _reports(found, today)
    yield from _recommendations(found, today)
    yield from improvement_needs(found, today)


def _reports(found: Mapping[str, Waiting], today: date) -> Iterator[Need]:
    """The months that are over and not reported yet."""
    if (waits := found.get("reports")) and waits.on and waits.first:
        month, when = MONTHS[int(waits.first[5:7]) - 1], _was(waits.on, today, False)
        text = f"The {month} report {when} and is not published."
        if waits.number > 1:
            text = f"The reports of {waits.number} months are not published. {month}'s {when}."
        yield Need(waits.on, text, "Close the month", f"/reports/month/{waits.first}")


def _recommendations(found: Mapping[str, Waiting], today: date) -> Iterator[Need]:
    """The viewer's own recommendations that are due, and follow-ups that were begun."""
    if (waits := found.get("recommendations due")) and waits.on and waits.first:
        report, number = waits.first.split("/")
        when = _was(waits.on, today, False)
        text = f"A recommendation that you answer for {when}."
        if waits.number > 1:
            text = f"{waits.number} recommendations that you answer for are open, and the first {when}."
        yield Need(waits.on, text, "Say what was done", f"/recommendations/R-{int(report):04d}/{number}")
    if (waits := found.get("follow-ups in draft")) and waits.first:
        report, number = waits.first.split("/")
        path = f"/recommendations/R-{int(report):04d}/follow-ups/{number}"
        text = f"A follow-up audit of report R-{int(report):04d} was begun on {day(waits.at)} and is not published."
        if waits.number > 1:
            text = f"{waits.number} follow-up audits are not published, the oldest begun on {day(waits.at)}."
        yield Need(LAST, text, "Go on", path)


def _to_confirm(situation: Situation) -> Iterator[Need]:
    """The policy settings that no council has decided yet."""
    if situation.unconfirmed:
        decisions = plural(situation.unconfirmed, "decision is", "decisions are")
        text = f"{decisions} for your council to confirm: plain defaults hold until then."
        yield Need(LAST, text, "Confirm them", "/settings/first-run")


def _to_read(situation: Situation) -> Iterator[Need]:
    """The newest report, for those who read nothing but reports."""
    if found := situation.newest_report:
        text = f"The newest report for you: {title_of(found)}, published on {long_day(found.published_at)}."
        yield Need(LAST, text, "Read it", path_of(found))


def _figures(situation: Situation) -> tuple[str, str]:
    """One line for this round: of what the viewer answers for, else of their own audits."""
    if situation.running is not None and situation.running.rows:
        round_ = situation.running.round
        figures = total(situation.running.rows)
        line = heading(round_, figures, situation.today)
        if round_.issued_at is not None:
            line += f". {figures.in_progress:,} in progress, {figures.not_started:,} not started"
            line += f", {figures.late:,} done late"
        return f"{line}.", f"/progress/{round_.reference}"
    if situation.own_figures is not None and situation.current is not None:
        own, round_ = situation.own_figures, situation.current
        done = f"{own.done} of your {plural(own.issued, 'audit')} done"
        line = f"{round_words(round_, situation.today)}: {done}, {time_left(round_, situation.today)}."
        return line, "/my-audits"
    return "", ""
