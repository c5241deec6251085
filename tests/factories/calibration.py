"""Calibration sets, walked to where they are wanted by the operations."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.calibration import operations
from qa_app.calibration.inputs import SetInput
from qa_app.calibration.models import CalibrationPart, CalibrationSet
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.people.models import Person
from qa_app.tools.queries import domains
from tests.factories.audits import Scene, audit_at

DUE = date(2026, 6, 26)
TAKE_PART = ("moderator", "lead_auditor", "auditor_b")


@dataclass
class Calibrating:
    """A round whose first audit, `auditor`'s own, is submitted, and a set of its case for three others."""

    scene: Scene
    set: CalibrationSet

    def part(self, person: Person) -> CalibrationPart:
        """Somebody's part."""
        return next(part for part in self.set.parts if part.person_id == person.id)

    def people(self) -> list[Person]:
        """Who takes part."""
        return [getattr(self.scene.council, name) for name in TAKE_PART]

    def grade(self, person: Person, grade: str, *, hands_in: bool = True) -> None:
        """Somebody gives each section the same grade, and hands in."""
        part, who = self.part(person), self.who(person)
        operations.save_grades(part, grades(self.set, grade), part.grades_version, who, self.scene.now)
        if hands_in:
            operations.hand_in(part, who, self.scene.now)

    def who(self, person: Person) -> Viewer:
        """Somebody as a viewer."""
        return self.scene.viewer(person)


def grades(found: CalibrationSet, grade: str) -> GradesInput:
    """The same grade and reason everywhere."""
    sections = {domain.key: SectionInput(grade, f"Why {grade}.") for domain in domains(found.tool_version_id)}
    return GradesInput(sections, grade, f"All in all {grade}.")


def wish(scene: Scene, **changes: Any) -> SetInput:
    """A set of the first audit's case for three auditors."""
    people = [getattr(scene.council, name).id for name in TAKE_PART]
    values = {"name": "July", "reference": scene.audit.reference, "person_ids": people, "due_on": DUE}
    return SetInput(**(values | changes))


def calibrating(database: Any, now: datetime) -> Calibrating:
    """A set that is running, and that nobody has begun."""
    scene = audit_at(database, "submitted", now)
    return Calibrating(scene, operations.make_set(wish(scene), scene.qa, now))
