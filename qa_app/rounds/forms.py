"""What the pages of rounds accept."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from wtforms.validators import ValidationError

from qa_app.cases.states import CASE_TYPE_LABELS
from qa_app.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionForm,
    WholeNumberField,
)
from qa_app.rounds.rules import RoundDates
from qa_app.sampling.model import (
    ExclusionRules,
    NumberOfCases,
    NumberPerTeam,
    PercentageOfOpen,
    QuotaPerService,
    SampleSize,
)
from qa_app.sampling.options import DrawRules

SIZE_KINDS = (
    ("number", "A number of cases, shared between the services in proportion"),
    ("percent", "A percentage of open cases, shared in proportion"),
    ("per_team", "A number from each team"),
    ("per_service", "A number for each service"),
)
CASE_TYPES = tuple((str(kind), label) for kind, label in CASE_TYPE_LABELS.items())
MOST_CASES = 100_000
MOST_MONTHS = 60
MOST_WEEKS = 104
MOST_RESERVES = 50

Value = TypeVar("Value")


def _entered(value: Value | None) -> Value:
    """A value of a form that is valid, in which what is needed was entered."""
    assert value is not None
    return value


class NewRoundForm(Form):
    """Which month and type."""

    month = SelectField("Month", validators=[Required("Choose a month")])
    audit_type = RadioField("Type of audit", validators=[Required("Choose a type of audit")])


class DatesForm(Form):
    """The days of a round, and the version of the round that the person saw."""

    issue_on = DateField("Issue date", what="the issue date", validators=[Required()])
    due_on = DateField("Due date", what="the due date", validators=[Required()])
    moderation_due_on = DateField("Moderation due", what="the date for moderation", validators=[Required()])
    report_due_on = DateField("Report due", what="the date for the report", validators=[Required()])
    version = HiddenField()

    def dates(self) -> RoundDates:
        """The days, once the form is valid."""
        issue_on, due_on = _entered(self.issue_on.data), _entered(self.due_on.data)
        return RoundDates(issue_on, due_on, _entered(self.moderation_due_on.data), _entered(self.report_due_on.data))


class Between:
    """A whole number in a range; nothing entered is for `Required`, or the choice that needs it, to judge."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, form: Form, field: Any) -> None:
        """Raise ValidationError saying the range."""
        if field.data is not None and not self.least <= field.data <= self.most:
            raise ValidationError(f"{field.label.text} must be between {self.least} and {self.most}")


def _number(label: str, what: str, least: int, most: int, *, needed: bool = True) -> WholeNumberField:
    return WholeNumberField(label, [*([Required()] if needed else []), Between(least, most)], what=what)


class SampleForm(VersionForm):
    """How the sample is drawn. `service_fields` are added for each service by `sample_form`."""

    kind = RadioField("How many cases", choices=SIZE_KINDS, validators=[Required("Choose how many cases to draw")])
    number = _number("Number of cases", "the number of cases", 1, MOST_CASES, needed=False)
    percent = TextField("Percentage of open cases", render_kw={"inputmode": "decimal"})
    per_team = _number("Cases from each team", "the cases from each team", 1, MOST_CASES, needed=False)
    months = _number("Months since the last audit", "the months since the last audit", 0, MOST_MONTHS)
    weeks = _number("Weeks open", "the weeks open", 0, MOST_WEEKS)
    case_types = CheckboxesField("Case types to leave out", choices=CASE_TYPES)
    reserves = _number("Reserves for each service", "the reserves for each service", 0, MOST_RESERVES)
    seed = TextField("Seed", validators=[MaxLength(100)])
    service_fields: Mapping[str, str] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, and the one that the chosen kind of size needs."""
        fine = bool(super().validate(extra_validators))
        missing = {
            "number": ("number", "Enter the number of cases"),
            "per_team": ("per_team", "Enter the cases from each team"),
        }.get(self.kind.data or "")
        if missing and self[missing[0]].data is None and not self[missing[0]].errors:
            self.add_errors({missing[0]: missing[1]})
        if self.kind.data == "percent" and self._percent() is None:
            self.add_errors({"percent": "Enter a percentage of open cases above 0 and up to 100, such as 5"})
        if self.kind.data == "per_service" and not self._quotas() and not self.errors:
            first = next(iter(self.service_fields), "")
            self.add_errors({first: "Enter how many cases to draw from at least one service"})
        return fine and not self.errors

    def _percent(self) -> Decimal | None:
        try:
            value = Decimal((self.percent.data or "").removesuffix("%").strip())
        except InvalidOperation:
            return None
        return value if value.is_finite() and 0 < value <= 100 else None

    def _quotas(self) -> dict[str, int]:
        return {name: self[field].data for field, name in self.service_fields.items() if self[field].data}

    def size(self) -> SampleSize:
        """The size that was asked for, once the form is valid."""
        match self.kind.data:
            case "percent":
                return PercentageOfOpen(_entered(self._percent()))
            case "per_team":
                return NumberPerTeam(_entered(self.per_team.data))
            case "per_service":
                return QuotaPerService(self._quotas())
            case _:
                return NumberOfCases(_entered(self.number.data))

    def rules(self) -> DrawRules:
        """Which cases are left out, and the reserves, once the form is valid."""
        exclusions = ExclusionRules(
            months_since_audit=_entered(self.months.data),
            weeks_open=_entered(self.weeks.data),
            leave_out_case_types=frozenset(self.case_types.data or ()),
        )
        return DrawRules(exclusions, _entered(self.reserves.data))


class SampleAgainForm(SampleForm):
    """The same, with the reason that stays on record."""

    reason = TextAreaField(
        "Why is it drawn again?", validators=[Required("Enter why the sample is drawn again"), MaxLength(1000)]
    )


def sample_form(
    services: Sequence[str], size: Mapping[str, Any], rules: Mapping[str, Any], seed: str, *, again: bool
) -> SampleForm:
    """The form with a field for each service, filled with a size and rules as they are kept."""
    base = SampleAgainForm if again else SampleForm
    fields: dict[str, Any] = {
        f"service_{number}": WholeNumberField(name, [Between(0, MOST_CASES)], what=f"the cases from {name}")
        for number, name in enumerate(services, 1)
    }
    made: type[SampleForm] = type("SampleFormOfServices", (base,), fields)
    data = {
        "kind": size["kind"],
        "months": rules["audited_within_months"],
        "weeks": rules["open_at_least_weeks"],
        "case_types": rules["left_out_case_types"],
        "reserves": rules["reserves_per_service"],
        "seed": seed,
    }
    names = dict(zip(fields, services, strict=True))
    if size["kind"] == "per_service":
        data |= {field: size["value"].get(name) for field, name in names.items()}
    else:
        data[size["kind"]] = size["value"]
    form = made(data=data)
    form.service_fields = names
    return form
