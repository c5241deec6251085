"""Forms of people and the organisation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.core.forms import (
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextField,
    VersionForm,
    WholeNumberField,
)
from qa_app.people.rules import HELD_BY_AUDITORS, LARGEST_EXPECTATION, looks_like_email

Choice = tuple[Any, str]
NAME = MaxLength(120)


def optional_id(text: Any) -> int | None:
    """The id that an option holds; the empty option is None."""
    return int(text) if text not in (None, "", "None") else None


def people_choices(people: Iterable[tuple[int, str, str]]) -> list[Choice]:
    """Options for people, told apart by their job title, after an empty one."""
    return [("", "Nobody"), *((person_id, f"{name}, {title}" if title else name) for person_id, name, title in people)]


def thing_choices(things: Iterable[Any], empty: str) -> list[Choice]:
    """Options for services or teams, after an empty one."""
    return [("", empty), *((thing.id, thing.name) for thing in things)]


class PersonForm(VersionForm):
    """Details of a person."""

    name = TextField("Name", [Required("Enter the person's name"), NAME])
    email = EmailField(
        "Work email", description="People sign in with it. Leave it empty for a caseworker who never signs in."
    )
    job_title = TextField("Job title", [NAME])
    team_id = SelectField("Team", coerce=optional_id)
    line_manager_id = SelectField("Line manager", coerce=optional_id)
    starts_on = DateField("First day of work", what="the first day of work")

    def validate_email(self, field: Field) -> None:
        """Refuse what can be no email address."""
        if field.data and not looks_like_email(field.data):
            raise ValidationError("Enter an email address with an @ in it, such as name@council.gov.uk")


class LeavingForm(VersionForm):
    """The last day of work."""

    last_day = DateField("Last day of work", what="the last day of work")


class RoleForm(Form):
    """A role, and what it is limited to."""

    role = RadioField("Role", [Required("Choose a role")])
    service_id = SelectField("Service", coerce=optional_id)
    team_id = SelectField("Team", coerce=optional_id)

    ROLES = tuple((role.value, ROLE_LABELS[role]) for role in Role if role not in HELD_BY_AUDITORS)


class AuditorForm(VersionForm):
    """Training and expectation."""

    training_status = RadioField(
        "Training",
        [Required("Choose how far the training has come")],
        choices=[("trained", "Trained"), ("in_training", "In training"), ("lapsed", "Training lapsed")],
    )
    trained_on = DateField("Trained on", what="the date of the training")
    expectation = WholeNumberField("Audits a month", what="the number of audits a month")
    is_moderator = CheckboxField("Also moderates other auditors' audits")
    pool_service_id = SelectField("Pool", coerce=optional_id)

    def validate_expectation(self, field: Field) -> None:
        """Refuse a number beyond what anybody does."""
        if field.data is not None and not 0 <= field.data <= LARGEST_EXPECTATION:
            raise ValidationError(f"Enter a number of audits between 0 and {LARGEST_EXPECTATION}")


class AbsenceForm(Form):
    """Dates when a person is away."""

    starts_on = DateField("First day away", [Required()], what="the first day away")
    ends_on = DateField("Last day away", [Required()], what="the last day away")

    @property
    def span(self) -> tuple[date, date]:
        """The dates of a form that was found right."""
        assert self.starts_on.data
        assert self.ends_on.data
        return self.starts_on.data, self.ends_on.data


class DeputyForm(Form):
    """Who stands in, and when."""

    deputy_id = SelectField("Deputy", [Required("Choose who stands in")], coerce=optional_id)
    starts_on = DateField("First day", [Required()], what="the first day")
    ends_on = DateField("Last day", [Required()], what="the last day")

    @property
    def span(self) -> tuple[date, date]:
        """The dates of a form that was found right."""
        assert self.starts_on.data
        assert self.ends_on.data
        return self.starts_on.data, self.ends_on.data


class ServiceForm(Form):
    """A service."""

    name = TextField("Name of the service", [Required("Enter the service's name"), NAME])
    ends_on = DateField("Closed from", what="the day from which it is closed")


class TeamForm(Form):
    """A team."""

    name = TextField("Name of the team", [Required("Enter the team's name"), NAME])
    service_id = SelectField("Service", [Required("Choose the team's service")], coerce=optional_id)
    manager_id = SelectField("Team manager", coerce=optional_id)
    service_manager_id = SelectField("Service manager", coerce=optional_id)
    ends_on = DateField("Closed from", what="the day from which it is closed")


class ImportForm(Form):
    """A file of staff."""

    file = FileField("Staff list", [Required("Choose a file to upload")])


class ApplyForm(Form):
    """Apply a preview exactly as it was shown."""

    seen = HiddenField()
