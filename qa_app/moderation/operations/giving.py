"""Give moderations to moderators: by the rules at once, and otherwise by the QA team (domain.md sections 5 and 7)."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import joinedload

from qa_app.access.viewer import Viewer, system
from qa_app.audits import operations as audits
from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.jobs import Done
from qa_app.core.states import move
from qa_app.moderation import messages
from qa_app.moderation.choosing import MAY_BE_SET_ASIDE, Bar, sentences
from qa_app.moderation.models import ModeratedDomain, Moderation
from qa_app.moderation.operations.holding import hold
from qa_app.moderation.permissions import check_can_manage
from qa_app.moderation.queries.candidates import bars_of, choice_for
from qa_app.moderation.queries.lists import waiting_ids
from qa_app.moderation.queries.one import names_of
from qa_app.moderation.states import GRADING, MODERATION, ModerationState
from qa_app.trail import operations as trail


def give(moderation: Moderation, viewer: Viewer, now: datetime) -> bool:
    """Keep its moderator where no rule is against it, or else choose one; whether it has one then."""
    today, audit = london_day(now), moderation.audit
    if moderation.moderator_id is not None:
        found = bars_of(audit, moderation.moderator_id, moderation.due_on, today, by_head=moderation.by_head)
        if found is not None and not found:
            _told(moderation, viewer, now)
            return True
    choice = choice_for(audit, moderation.due_on, today, by_head=moderation.by_head)
    person_id = choice.candidate.option.person_id if choice.candidate else None
    if (person_id, choice.why) != (moderation.moderator_id, moderation.why):
        _hand_over(moderation, person_id, choice.why, "", viewer, now)
    if person_id is not None:
        _told(moderation, viewer, now)
    return person_id is not None


def reassign(
    moderation: Moderation, person_id: int, reason: str, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """Give a moderation to somebody else by hand. What the one before wrote is dropped: the other begins anew.

    The auditor, and whoever works on, supervises or manages the case, never moderates it; somebody who is away may,
    with a reason that stays on record.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is moderated, on hold or was changed meanwhile.
        BadInput: a rule bars the person, or the reason for setting one aside is missing.
    """
    check_can_manage(viewer)
    hold(moderation)
    if moderation.state not in GRADING:
        raise IllegalMove("Only a moderation that waits or is in progress can be given to somebody else.")
    if person_id == moderation.moderator_id:
        raise BadInput("Choose somebody else.", {"moderator": "Choose somebody other than the moderator it has now"})
    today, audit = london_day(now), moderation.audit
    found = bars_of(audit, person_id, moderation.due_on, today, by_head=moderation.by_head)
    _check(person_id, found, reason)
    before = moderation.moderator_id
    messages.nobody_need_act(moderation)
    why = "Chosen by the QA team."
    override = reason.strip() if found else ""
    values: dict[str, Any] = {"moderator_id": person_id, "why": why, "override_reason": override}
    move(moderation, MODERATION, "give", now=now, person_id=viewer.person_id, version=version, **values, **_blank())
    _forget_grades(moderation)
    _hide(moderation)
    detail = {"before": before, "after": person_id, "overridden": override}
    trail.append("moderation:given", viewer, now, ("audit", audit.id), **detail)
    _told(moderation, viewer, now)


def _check(person_id: int, found: list[Bar] | None, reason: str) -> None:
    if found is None:
        raise BadInput("Choose a moderator from the list.", {"moderator": "Choose a moderator from the list"})
    name = names_of([person_id])[person_id]
    hard = [bar for bar in found if bar not in MAY_BE_SET_ASIDE]
    if hard:
        sentence = f"{sentences(name, hard)[0]} Choose somebody else"
        raise BadInput(f"{sentence}.", {"moderator": sentence})
    if found and not reason.strip():
        sentence = f"{sentences(name, found)[0]} Say why it must be them"
        raise BadInput(f"{sentence}.", {"reason": sentence})


def give_waiting(now: datetime) -> Done:
    """Find a moderator for each moderation that has none, or whose moderator may no longer; each on its own."""
    done, who, today = Done(), system("Moderations are given"), london_day(now)
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        ids = waiting_ids(today)
    done.looked_at = len(ids)
    for moderation_id in ids:
        try:
            with transaction():
                found = db.session.get_one(Moderation, moderation_id, options=[joinedload(Moderation.audit)])
                hold(found)
                done.did["given"] += found.state == ModerationState.WAITING and give(found, who, now)
        except (Stale, IllegalMove):
            done.skip("changed meanwhile")
    return done


def _hand_over(
    moderation: Moderation, person_id: int | None, why: str, override: str, viewer: Viewer, now: datetime
) -> None:
    """Write who moderates a moderation that nobody has begun, or whose moderator may no longer."""
    before = moderation.moderator_id
    changed = db.session.execute(
        update(Moderation)
        .where(
            Moderation.id == moderation.id,
            Moderation.version == moderation.version,
            Moderation.state == ModerationState.WAITING,
        )
        .values(moderator_id=person_id, why=why, override_reason=override, version=Moderation.version + 1, **_blank())
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("This moderation was changed by somebody else. Look at it again before you go on.")
    db.session.refresh(moderation)
    if before is not None:
        messages.nobody_need_act(moderation)
        _forget_grades(moderation)
    _hide(moderation)
    trail.append(
        "moderation:given", viewer, now, ("audit", moderation.audit_id), before=before, after=person_id, overridden=""
    )


def _blank() -> dict[str, Any]:
    return {"own_grade": None, "own_reasons": "", "feedback": "", "locked_at": None, "grades_saved_at": None}


def _forget_grades(moderation: Moderation) -> None:
    db.session.execute(delete(ModeratedDomain).where(ModeratedDomain.moderation_id == moderation.id))


def _hide(moderation: Moderation) -> None:
    audits.hide_grades(moderation.audit, moderation.moderator_id if moderation.is_blind else None)


def _told(moderation: Moderation, viewer: Viewer, now: datetime) -> None:
    messages.tell_moderator(moderation, viewer, now)
