"""Whether what a mail on audits asks is still to be done, when it is about to be sent (domain.md section 10)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from qa_app.access.roles import Role
from qa_app.audits.models import Audit, Declaration
from qa_app.audits.presenters.words import path_of
from qa_app.audits.states import OPEN_STATES
from qa_app.core.database import db
from qa_app.core.format import MONTHS
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail
from qa_app.people.queries import holders_of
from qa_app.rounds.models import Round

Found = Mapping[int, Mapping[str, Value]]


def still_theirs(mails: Sequence[Mail], now: datetime) -> Found:
    """Mails on an audit that is still open and still its reader's."""
    audits = _audits(mails)
    found: dict[int, Mapping[str, Value]] = {}
    for mail in mails:
        audit = audits.get(_id(mail.subject_key))
        if audit is not None and audit.auditor_id == mail.person_id and audit.state in OPEN_STATES:
            found[mail.id] = _variables(audit) | {"path": path_of(audit)}
    return found


def answer_still_holds(mails: Sequence[Mail], now: datetime) -> Found:
    """Answers to a declaration: those that leave the audit with its reader hold as long as it is theirs to do."""
    kept = [mail for mail in mails if mail.subject_key.startswith("audit:")]
    found = {mail_id: {**values, "outcome": "kept"} for mail_id, values in still_theirs(kept, now).items()}
    others = {mail.id: mail.variables for mail in mails if not mail.subject_key.startswith("audit:")}
    return others | found


def still_to_answer(mails: Sequence[Mail], now: datetime) -> Found:
    """Declarations that wait for an answer, to whoever is of the QA team now."""
    ids = {_id(mail.slot) for mail in mails}
    statement = select(Declaration).where(Declaration.id.in_(ids), Declaration.outcome == "")
    waiting = {declaration.id: declaration for declaration in db.session.scalars(statement)}
    audits = _audits(mails)
    team = set(holders_of(Role.QA_TEAM))
    return {
        mail.id: _variables(audits[waiting[_id(mail.slot)].audit_id]) | {"path": f"/declarations/{_id(mail.slot)}"}
        for mail in mails
        if _id(mail.slot) in waiting and mail.person_id in team
    }


def still_to_do(mails: Sequence[Mail], now: datetime) -> Found:
    """Mails on a round of which the reader has audits to do."""
    counts = open_audits({_id(mail.subject_key) for mail in mails}, {mail.person_id for mail in mails})
    rounds = rounds_of(mails)
    found: dict[int, Mapping[str, Value]] = {}
    for mail in mails:
        round_ = rounds.get(_id(mail.subject_key))
        if round_ is not None and (count := counts.get((round_.id, mail.person_id))):
            found[mail.id] = {
                "month": MONTHS[round_.month.month - 1],
                "audits": count,
                "due_on": round_.due_on,
                "round": round_.reference,
                "path": "/my-audits",
            }
    return found


def open_audits(round_ids: Collection[int], person_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """How many audits of a round a person has still to do, by round and person; pairs without any are left out."""
    rows = db.session.execute(
        select(Audit.round_id, Audit.auditor_id, func.count())
        .where(
            Audit.round_id.in_(round_ids),
            Audit.auditor_id.in_(person_ids),
            Audit.state.in_(OPEN_STATES),
            Audit.issued_at.is_not(None),
        )
        .group_by(Audit.round_id, Audit.auditor_id)
    )
    return {(round_id, person_id): count for round_id, person_id, count in rows if person_id is not None}


def rounds_of(mails: Sequence[Mail]) -> dict[int, Round]:
    """The rounds that mails with subjects like `round:12` are about, by id."""
    ids = {_id(mail.subject_key) for mail in mails}
    return {round_.id: round_ for round_ in db.session.scalars(select(Round).where(Round.id.in_(ids)))}


def _audits(mails: Sequence[Mail]) -> dict[int, Audit]:
    ids = {_id(mail.subject_key) for mail in mails}
    statement = select(Audit).where(Audit.id.in_(ids)).options(joinedload(Audit.round))
    return {audit.id: audit for audit in db.session.scalars(statement)}


def _variables(audit: Audit) -> dict[str, Value]:
    return {"month": MONTHS[audit.round.month.month - 1], "due_on": audit.due_on}


def _id(key: str) -> int:
    """The number in a key like `audit:12`."""
    return int(key.rsplit(":", 1)[1])
