"""Whether what a mail on an improvement process asks is still to be done, as it is about to be sent (section 10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.states import Mark, ProcessState, StageKind
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail
from qa_app.people.queries import stand_ins

Found = Mapping[int, Mapping[str, Value]]


def _ids(mail: Mail) -> list[int]:
    return [int(part) for part in mail.subject_key.split(":")[1:]]


def _open_stages(mails: Sequence[Mail]) -> dict[int, Stage]:
    """The mails' stages that are open, by id."""
    ids = {_ids(mail)[1] for mail in mails}
    rows = (
        select(Stage)
        .join(Stage.process)
        .where(Stage.id.in_(ids), Stage.outcome.is_(None), ImprovementProcess.state == ProcessState.OPEN)
    )
    return {stage.id: stage for stage in db.session.scalars(rows.execution_options(populate_existing=True))}


def still_open(mails: Sequence[Mail], now: datetime) -> Found:
    """Stages that are not settled."""
    open_ = _open_stages(mails)
    return {mail.id: mail.variables for mail in mails if _ids(mail)[1] in open_}


def still_their_turn(mails: Sequence[Mail], now: datetime) -> Found:
    """Stages that are not settled, and still the reader's turn, or that of somebody whom they stand in for."""
    open_ = _open_stages(mails)
    turns = {stage.id: stage.turn_id for stage in open_.values()}
    readers = stand_ins([one for one in turns.values() if one is not None], london_day(now))
    found: dict[int, Mapping[str, Value]] = {}
    for mail in mails:
        turn = turns.get(_ids(mail)[1])
        if turn is not None and mail.person_id in (turn, readers[turn]):
            found[mail.id] = mail.variables
    return found


def still_uncovered(mails: Sequence[Mail], now: datetime) -> Found:
    """Stages that are nobody's while their owner is away."""
    open_ = _open_stages(mails)
    return {
        mail.id: mail.variables
        for mail in mails
        if (stage := open_.get(_ids(mail)[1])) is not None and stage.uncovered_since is not None
    }


def still_unscheduled(mails: Sequence[Mail], now: datetime) -> Found:
    """Re-audits that are not scheduled."""
    open_ = _open_stages(mails)
    waiting = {one.id for one in open_.values() if one.kind == StageKind.REAUDIT and one.process.reaudit_id is None}
    return {mail.id: mail.variables for mail in mails if _ids(mail)[1] in waiting}


def still_running(mails: Sequence[Mail], now: datetime) -> Found:
    """Processes that are open."""
    return _processes(mails, ImprovementProcess.state == ProcessState.OPEN)


def still_to_decide(mails: Sequence[Mail], now: datetime) -> Found:
    """Processes whose grade has changed, and of which nobody has said whether they go on."""
    return _processes(mails, (ImprovementProcess.state == ProcessState.OPEN) & (ImprovementProcess.mark == Mark.BETTER))


def _processes(mails: Sequence[Mail], condition: Any) -> Found:
    ids = {_ids(mail)[0] for mail in mails}
    wanted = set(db.session.scalars(select(ImprovementProcess.id).where(ImprovementProcess.id.in_(ids), condition)))
    return {mail.id: mail.variables for mail in mails if _ids(mail)[0] in wanted}
