"""Who is told by mail of a slippage notice (domain.md sections 6 and 10).

Every mail has the notice as its subject, so that whatever settles it takes back what is not sent yet. Nobody is mailed
about their own act, and nobody is asked to decide on their own audit.
"""

from collections.abc import Iterable
from datetime import datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.messages import told_otherwise
from qa_app.audits.presenters.words import path_of
from qa_app.core.clock import london_day
from qa_app.core.format import MONTHS
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue, take_back
from qa_app.people.queries import deciders
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.queries.one import heads_of
from qa_app.slippage.rules import Stage
from qa_app.slippage.states import Outcome

TO_HEADS = ("slippage_raised", "slippage_foreseen", "slippage_chased", "slippage_escalated")
"""What asks the Head of Service, or tells the next level that they have not answered."""


def subject_of(notice: SlippageNotice) -> str:
    """What the mails about a notice are about."""
    return f"slippage:{notice.id}"


def page_of(notice: SlippageNotice) -> str:
    """The notice's page."""
    return f"/slippage/{notice.id}"


def tell_heads(notice: SlippageNotice, viewer: Viewer, now: datetime) -> int:
    """The Head of Service hears at once that the auditor may not finish in time."""
    heads = heads_of(notice.service_id, notice.person_id, london_day(now))
    return _tell("slippage_raised", heads, notice, viewer, now, slot="raised", person=notice.person.name)


def tell_of_foreseen(notice: SlippageNotice, viewer: Viewer, now: datetime) -> int:
    """The auditor is asked whether they will make it; the Head of Service hears with the day's other mail."""
    heads = heads_of(notice.service_id, notice.person_id, london_day(now))
    name = notice.person.name
    told = _tell("slippage_foreseen", heads, notice, viewer, now, slot="foreseen", person=name)
    path = f"{path_of(notice.audit)}/slippage"
    return told + _tell("slippage_predicted", [notice.person_id], notice, viewer, now, slot="predicted", path=path)


def tell_qa_team(notice: SlippageNotice, viewer: Viewer, now: datetime) -> int:
    """The QA team hears at once that capacity is asked for."""
    team = deciders(Role.QA_TEAM, london_day(now))
    return _tell("slippage_forwarded", team, notice, viewer, now, slot="forwarded", person=notice.person.name)


def tell_auditor(notice: SlippageNotice, viewer: Viewer, now: datetime) -> int:
    """The auditor who was slipping hears the answer, also that the audit is theirs no more: one mail says both."""
    if notice.outcome == Outcome.REASSIGNED:
        told_otherwise(notice.audit, notice.person_id)
    return _tell(
        "slippage_answered", [notice.person_id], notice, viewer, now, slot="answered", outcome=str(notice.outcome)
    )


def chase(notice: SlippageNotice, stage: Stage, viewer: Viewer, now: datetime) -> int:
    """Whoever has the notice is reminded of it, once."""
    today = london_day(now)
    if stage is Stage.QA_TEAM:
        asked = deciders(Role.QA_TEAM, today)
    else:
        asked = heads_of(notice.service_id, notice.person_id, today)
    return _tell("slippage_chased", asked, notice, viewer, now, slot=stage, person=notice.person.name)


def escalate(notice: SlippageNotice, stage: Stage, viewer: Viewer, now: datetime) -> int:
    """The Director, next above Head of Service and QA team, hears that nobody has acted, once."""
    directors = deciders(Role.DIRECTOR, london_day(now))
    name, waits_for = notice.person.name, str(stage)
    return _tell("slippage_escalated", directors, notice, viewer, now, slot=stage, person=name, waits_for=waits_for)


def nobody_need_act(notice: SlippageNotice) -> None:
    """Take back everything about a settled notice that is not sent yet."""
    take_back(subject_of(notice))


def heads_have_acted(notice: SlippageNotice) -> None:
    """Take back what asks the Head of Service to act."""
    take_back(subject_of(notice), TO_HEADS)


def _tell(
    message: str,
    person_ids: Iterable[int],
    notice: SlippageNotice,
    viewer: Viewer,
    now: datetime,
    *,
    slot: str,
    path: str = "",
    **further: Value,
) -> int:
    audit = notice.audit
    common: dict[str, Value] = {
        "month": MONTHS[audit.round.month.month - 1],
        "due_on": audit.due_on,
        "path": path or page_of(notice),
    }
    return queue(
        message,
        [person_id for person_id in person_ids if person_id != viewer.person_id],
        subject_key=subject_of(notice),
        slot=slot,
        now=now,
        variables=common | further,
    )
