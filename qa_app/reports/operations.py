"""Make, build, write, review, publish and correct reports (domain.md section 9)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.format import day, month_name
from qa_app.core.states import move
from qa_app.figures.cuts import RANDOM_SAMPLE, Cut
from qa_app.reports import queries
from qa_app.reports.blocks import LONGEST_NARRATIVE
from qa_app.reports.gathering import period_of
from qa_app.reports.models import Edition
from qa_app.reports.permissions import check_can_manage
from qa_app.reports.states import AUDIENCES, EDITION, Audience, EditionState, ReportKind
from qa_app.rounds.models import AuditType, Round
from qa_app.rounds.operations import report_round
from qa_app.rounds.states import RoundState
from qa_app.trail import operations as trail

SUBJECT = EDITION.name


class Changed(Stale):
    """The words were saved from somewhere else since the page was opened; `version` is theirs."""

    def __init__(self, version: int) -> None:
        super().__init__("This was saved from somewhere else since you opened it. Look at both texts before you go on.")
        self.version = version


def make(kind: ReportKind, month: date, audience: Audience, viewer: Viewer, now: datetime) -> Edition:
    """Begin a report; it is built next. Asked for again while it is not published, the one that is there is given.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: an audience that this kind is not for, a period that is not over, or one that is published already.
    """
    check_can_manage(viewer)
    cut = period_of(kind, month)
    faults = {}
    if audience not in AUDIENCES[kind]:
        faults["audience"] = "Choose one of the audiences that this report can be for"
    if cut.last > london_day(now):
        faults["month"] = "Choose a month that has begun"
    if faults:
        raise BadInput("Check what you chose.", faults)
    there = queries.newest_of(kind, cut.last, audience)
    if there is None:
        return _add(kind, cut, audience, 1, "", viewer, now)
    if there.state == EditionState.PUBLISHED:
        sentence = "This report is published. Open it and choose Correct it to publish another edition."
        raise BadInput(sentence, {"month": sentence})
    return there


def correct(found: Edition, reason: str, viewer: Viewer, now: datetime) -> Edition:
    """Begin the edition that corrects a published one. The published one stands until then.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: no reason.
        IllegalMove: it is not the newest edition, or it is not published.
    """
    check_can_manage(viewer)
    if not reason.strip():
        raise BadInput("Check what you entered.", {"reason": "Enter what is corrected and why: every reader sees it"})
    newest = queries.newest_of(found.kind, found.last_month, found.audience)
    if newest is None or newest.id != found.id or found.state != EditionState.PUBLISHED:
        raise IllegalMove("Only the newest published edition can be corrected.")
    cut = Cut(found.first_month, found.last_month)
    made = _add(ReportKind(found.kind), cut, Audience(found.audience), found.number + 1, reason.strip(), viewer, now)
    made.narrative, made.narrative_version = dict(found.narrative), 1
    db.session.flush()
    return made


def _add(
    kind: ReportKind, cut: Cut, audience: Audience, number: int, reason: str, viewer: Viewer, now: datetime
) -> Edition:
    name = f"{kind}-{cut.last:%Y-%m}-{audience}"
    made = Edition(
        reference=name if number == 1 else f"{name}-{number}",
        kind=kind,
        first_month=cut.first,
        last_month=cut.last,
        audience=audience,
        number=number,
        correction_reason=reason,
        made_at=now,
        made_by_id=viewer.person_id,
    )
    db.session.add(made)
    db.session.flush()
    _append("report:made", made, viewer, now, reason=reason)
    return made


def build_again(found: Edition, version: int, viewer: Viewer, now: datetime) -> None:
    """Take a draft's figures anew, as they are now. The QA team's words stay.

    Raises:
        NotAllowed, IllegalMove, Stale.
    """
    check_can_manage(viewer)
    move(found, EDITION, "build_again", now=now, person_id=viewer.person_id, version=version, progress=0)
    _append("report:built-again", found, viewer, now)


def keep_content(found: Edition, content: Mapping[str, Any], viewer: Viewer, now: datetime) -> None:
    """Keep what was built, as the draft.

    Raises:
        IllegalMove, Stale: it was built or begun again meanwhile.
    """
    values: dict[str, Any] = {"content": dict(content), "built_at": now, "progress": 100}
    move(found, EDITION, "built", now=now, person_id=viewer.person_id, **values)
    _append("report:built", found, viewer, now)


def write(found: Edition, texts: Mapping[str, str], version: int, viewer: Viewer, now: datetime) -> int:
    """Save the QA team's words beside the figures and return their new version.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove: it is published, so it is fixed.
        BadInput: a text that is too long.
        Changed: saved from elsewhere since.
    """
    check_can_manage(viewer)
    kept = {key: text.replace("\x00", "") for key, text in texts.items() if text.strip()}
    if too_long := [key for key, text in kept.items() if len(text) > LONGEST_NARRATIVE]:
        raise BadInput("Check what you entered.", {key: "Shorten this to 20,000 characters" for key in too_long})
    if found.state not in (EditionState.DRAFT, EditionState.IN_REVIEW):
        raise IllegalMove("This report is published or being built, so its words can't be changed now.")
    if found.narrative == kept:
        return found.narrative_version
    changed = db.session.execute(
        update(Edition)
        .where(
            Edition.id == found.id,
            Edition.narrative_version == version,
            Edition.state.in_((EditionState.DRAFT, EditionState.IN_REVIEW)),
        )
        .values(narrative=kept, narrative_version=version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(found, ["narrative", "narrative_version", "state"])
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Changed(found.narrative_version)
    _append("report:written", found, viewer, now, version=version + 1)
    return version + 1


def send_for_review(found: Edition, version: int, viewer: Viewer, now: datetime) -> None:
    """Ask a colleague of the QA team to read the draft.

    Raises:
        NotAllowed, IllegalMove, Stale.
    """
    check_can_manage(viewer)
    person_id = viewer.person_id
    move(found, EDITION, "send_for_review", now=now, person_id=person_id, version=version, sent_by_id=person_id)
    _append("report:sent-for-review", found, viewer, now)


def give_back(found: Edition, version: int, viewer: Viewer, now: datetime) -> None:
    """Back from review: there is more to write or to mend.

    Raises:
        NotAllowed, IllegalMove, Stale.
    """
    check_can_manage(viewer)
    move(found, EDITION, "give_back", now=now, person_id=viewer.person_id, version=version)
    _append("report:given-back", found, viewer, now)


def publish(found: Edition, version: int, viewer: Viewer, now: datetime) -> None:
    """Freeze a report and let its readers read it. A correction takes the place of the edition before; the monthly
    report's month counts as reported.

    Raises:
        NotAllowed, Stale.
        IllegalMove: it was not built, or the month's round is still running.
    """
    check_can_manage(viewer)
    rounds = _rounds_of(found)
    if running := [one for one in rounds if one.state == RoundState.ISSUED]:
        name, due = month_name(running[0].month), day(running[0].due_on)
        raise IllegalMove(f"{name} is still running until {due}. Publish its report once the round is closed.")
    values: dict[str, Any] = {"published_at": now, "published_by_id": viewer.person_id}
    move(found, EDITION, "publish", now=now, person_id=viewer.person_id, version=version, **values)
    before = db.session.scalar(
        select(Edition).where(
            Edition.kind == found.kind,
            Edition.last_month == found.last_month,
            Edition.audience == found.audience,
            Edition.state == EditionState.PUBLISHED,
            Edition.id != found.id,
        )
    )
    if before is not None:
        move(before, EDITION, "supersede", now=now, person_id=viewer.person_id, reason=found.correction_reason)
        _append("report:superseded", before, viewer, now, by=found.reference, reason=found.correction_reason)
    _append("report:published", found, viewer, now, audience=found.audience)
    if found.kind == ReportKind.MONTHLY:
        for one in rounds:
            if one.state == RoundState.CLOSED:
                report_round(one, viewer, now)


def _rounds_of(found: Edition) -> list[Round]:
    statement = (
        select(Round)
        .join(AuditType)
        .where(Round.month.between(found.first_month, found.last_month), AuditType.key == RANDOM_SAMPLE)
        .order_by(Round.month, Round.id)
    )
    return list(db.session.scalars(statement))


def record_view(found: Edition, viewer: Viewer, now: datetime) -> None:
    """Leave in the trail that a report was read."""
    _append("report:viewed", found, viewer, now)


def record_export(found: Edition | None, form: str, viewer: Viewer, now: datetime, **filters: str) -> None:
    """Leave in the trail that a report, or the list of reports, was taken away, and as what."""
    trail.append("report:exported", viewer, now, (SUBJECT, found.id if found else None), form=form, filters=filters)


def _append(event: str, found: Edition, viewer: Viewer, now: datetime, **detail: Any) -> None:
    trail.append(event, viewer, now, (SUBJECT, found.id), reference=found.reference, **detail)
