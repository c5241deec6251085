"""How the demonstration council's moderators, auditors and panel carry on, and two calibration sets of theirs."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit, SectionAnswer
from qa_app.audits.states import SUBMITTED_STATES
from qa_app.calibration import operations as calibration
from qa_app.calibration.inputs import SetInput
from qa_app.calibration.models import CalibrationPart, CalibrationSet
from qa_app.core.clock import add_working_days, london_day
from qa_app.core.database import db
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.words import DISPUTES, FEEDBACK, MODERATOR_SAYS, OVERALL_SAYS, PANEL_SAYS
from qa_app.demo.writing import GRADES
from qa_app.moderation import operations
from qa_app.moderation.inputs import DecisionInput, GradesInput, SectionInput
from qa_app.moderation.models import Moderation
from qa_app.moderation.queries import moderation_of, panel_people
from qa_app.moderation.states import ModerationState
from qa_app.tools.models import Domain

LOWER, SAME = 0.16, 0.78
"""Of a hundred moderated grades 16 are one lower than the auditor's, 78 the same, the rest one higher."""

LATE_SHARE, ACCEPTED_SHARE = 0.07, 0.75
DISPUTED_SHARE = 0.3
"""Of the grades that were lowered, how many are disputed."""

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TAKE_PART = 4


@dataclass
class Moderators:
    """Puts on the agenda what follows a submission that is selected for moderation."""

    rng: random.Random
    agenda: Agenda
    domains: Sequence[Domain]
    viewer_of: Callable[[int], Viewer]
    qa: Viewer

    def follow(self, audit: Audit, now: datetime) -> None:
        """The moderator does it some working days later; a few do it late."""
        found = moderation_of(audit.id)
        if found is None or found.moderator_id is None:
            return
        late = self.rng.random() < LATE_SHARE
        due = add_working_days(found.due_on, 2) if late else add_working_days(london_day(now), self.rng.randint(2, 6))
        self.agenda.add(at(due, self.rng.randint(9, 16), self.rng.randint(0, 59)), partial(self._moderate, found))

    def _moderate(self, found: Moderation, now: datetime) -> None:
        """A moderator who has left meanwhile does nothing: the clock finds another, or the QA team does."""
        if found.state != ModerationState.WAITING or found.moderator_id is None:
            return  # it is back with its auditor, or somebody else has it
        who, grade = self.viewer_of(found.moderator_id), self._grade(found.audit)
        if not who.can(Permission.MODERATION_DO):
            return
        operations.save_grades(found, self._grades(found.audit, grade), found.grades_version, who, now - HOUR)
        if found.is_blind:
            operations.lock_grades(found, who, now)
        operations.complete(found, grade, who, now)
        lowered = grade is not None and GRADES.index(grade) > GRADES.index(found.grade_before or grade)
        if lowered and self.rng.random() < DISPUTED_SHARE:
            self.agenda.add(now + DAY, partial(self._dispute, found))
        elif self.rng.random() < ACCEPTED_SHARE:
            self.agenda.add(now + self.rng.randint(1, 3) * DAY, partial(self._accept, found))

    def _grade(self, audit: Audit) -> str:
        place, chance = GRADES.index(audit.overall_grade or "good"), self.rng.random()
        step = 1 if chance < LOWER else 0 if chance < LOWER + SAME else -1
        return GRADES[min(3, max(0, place + step))] if step else GRADES[place]

    def _grades(self, audit: Audit, overall: str, share: float = 1.0) -> GradesInput:
        """Own grades near the auditor's; with a share below one, only so many sections."""
        rows = db.session.execute(
            select(SectionAnswer.domain_id, SectionAnswer.grade).where(SectionAnswer.audit_id == audit.id)
        )
        theirs = {domain_id: grade for domain_id, grade in rows}
        wanted = self.domains[: round(len(self.domains) * share)]
        sections = {domain.key: self._section(theirs.get(domain.id)) for domain in wanted}
        if share < 1:
            return GradesInput(sections)
        return GradesInput(sections, overall, self.rng.choice(OVERALL_SAYS), self.rng.choice(FEEDBACK))

    def _section(self, theirs: str | None) -> SectionInput:
        if theirs not in GRADES or self.rng.random() < 0.8:
            return SectionInput(theirs or "good", "" if theirs else self.rng.choice(MODERATOR_SAYS))
        place = min(3, max(0, GRADES.index(theirs) + self.rng.choice((1, 1, -1))))
        return SectionInput(GRADES[place], self.rng.choice(MODERATOR_SAYS))

    def _accept(self, found: Moderation, now: datetime) -> None:
        who = self.viewer_of(found.audit.auditor_id or 0)
        if found.state == ModerationState.MODERATED and who.can(Permission.MODERATION_DISPUTE):
            operations.acknowledge(found, who, now)

    def _dispute(self, found: Moderation, now: datetime) -> None:
        who = self.viewer_of(found.audit.auditor_id or 0)
        if found.state == ModerationState.MODERATED and who.can(Permission.MODERATION_DISPUTE):
            operations.dispute(found, self.rng.choice(DISPUTES), who, now)
            meets = add_working_days(london_day(now), self.rng.randint(4, 9))
            self.agenda.add(at(meets, 15), partial(self._decide, found))

    def _decide(self, found: Moderation, now: datetime) -> None:
        parties = {found.audit.auditor_id, found.moderator_id}
        others = [person_id for person_id, _ in panel_people(found, london_day(now)) if person_id not in parties]
        people = self.rng.sample(others, 3)
        grade = self.rng.choice((found.grade_before, found.moderated_grade, found.moderated_grade))
        said = DecisionInput(london_day(now), people, grade, self.rng.choice(PANEL_SAYS))
        operations.decide(found, said, self.qa, now)

    def present(self, now: datetime) -> None:
        """Today: one is half done, one is fixed and not finished, one is disputed and waits for the panel."""
        waiting = [one for one in _in_state(ModerationState.WAITING) if one.moderator_id is not None]
        for one, share in zip(waiting, (0.5, 1.0), strict=False):
            who = self.viewer_of(one.moderator_id or 0)
            grade = one.audit.overall_grade or "good"
            typed = self._grades(one.audit, grade, share)
            operations.save_grades(one, typed, one.grades_version, who, now)
            if share == 1 and one.is_blind:
                operations.lock_grades(one, who, now)
        if not _in_state(ModerationState.DISPUTED):
            # At a weekend there are grades whose time ended on Friday and that the clock has not settled yet.
            today = london_day(now)
            open_ = [one for one in _in_state(ModerationState.MODERATED) if (one.dispute_until or today) >= today]
            for one in [one for one in open_ if one.acknowledged_at is None][-1:]:
                who = self.viewer_of(one.audit.auditor_id or 0)
                operations.dispute(one, self.rng.choice(DISPUTES), who, now)

    def calibrate(self, auditors: Sequence[int], now: datetime) -> None:
        """A calibration set that was revealed some weeks ago, and one that is running."""
        self.agenda.add(now - 40 * DAY, partial(self._make, "Calibration, first set", auditors, TAKE_PART))
        self.agenda.add(now - 4 * DAY, partial(self._make, "Calibration, second set", auditors, 2))

    def _make(self, name: str, auditors: Sequence[int], hand_in: int, now: datetime) -> None:
        submitted = select(Audit).where(Audit.state.in_(SUBMITTED_STATES)).order_by(Audit.id.desc()).limit(20)
        audit = self.rng.choice(db.session.scalars(submitted).all())
        case_audited = select(Audit.auditor_id).where(Audit.case_id == audit.case_id)
        barred = {*db.session.scalars(case_audited), audit.team.manager_id, audit.caseworker_id}
        people = self.rng.sample([person_id for person_id in auditors if person_id not in barred], TAKE_PART)
        due = add_working_days(london_day(now), 8)
        made = calibration.make_set(SetInput(name, audit.reference, people, due), self.qa, now)
        able = [part for part in made.parts if self.viewer_of(part.person_id).can(Permission.CALIBRATION_GRADE)]
        for number, part in enumerate(able):
            if number < hand_in:
                self.agenda.add(now + (number + 1) * 7 * HOUR, partial(self._hand_in, part, audit))
        if hand_in == TAKE_PART:
            self.agenda.add(now + 9 * DAY, partial(self._reveal, made))

    def _hand_in(self, part: CalibrationPart, audit: Audit, now: datetime) -> None:
        who = self.viewer_of(part.person_id)
        place = GRADES.index(audit.overall_grade or "good")
        grade = GRADES[min(3, max(0, place + self.rng.choice((-1, 0, 0, 1))))]
        calibration.save_grades(part, self._grades(audit, grade), part.grades_version, who, now - HOUR)
        calibration.hand_in(part, who, now)

    def _reveal(self, made: CalibrationSet, now: datetime) -> None:
        calibration.reveal(made, self.qa, now)


def _in_state(state: ModerationState) -> Sequence[Moderation]:
    return db.session.scalars(select(Moderation).where(Moderation.state == state).order_by(Moderation.id)).all()
