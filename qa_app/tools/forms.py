"""What can be changed in a section of a draft version."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field

from qa_app.core.forms import CheckboxField, Form, Required, TextAreaField, TextField
from qa_app.tools.inputs import DomainInput
from qa_app.tools.models import Domain


class DomainForm(Form):
    """One section: its words, and a line for each grade."""

    title = TextField("Title", [Required("Enter the section's title")])
    prompt = TextAreaField("What should the auditor look at?", [Required("Enter what the auditor should look at")])
    looks_good = TextAreaField("What good looks like")
    questions = TextAreaField("What to ask oneself")
    may_be_not_applicable = CheckboxField("May be not applicable")

    @property
    def guidance(self) -> list[Field]:
        """The fields of the grades' lines, best grade first."""
        return [field for field in self if field.name.startswith("guidance_")]

    def typed(self) -> DomainInput:
        """The section's new words."""
        return DomainInput(
            title=self.title.data or "",
            prompt=self.prompt.data or "",
            looks_good=_lines(self.looks_good.data),
            questions=_lines(self.questions.data),
            guidance={field.name.removeprefix("guidance_"): field.data or "" for field in self.guidance},
            may_be_not_applicable=bool(self.may_be_not_applicable.data),
        )


def domain_form(domain: Domain, scale: Sequence[dict[str, Any]]) -> DomainForm:
    """The form of one section, with a field for each grade of the version's scale."""

    class WithGrades(DomainForm):
        """The section's form for this scale."""

    for grade in scale:
        setattr(WithGrades, f"guidance_{grade['key']}", TextField(f"{grade['label']} means"))
    values = {
        "title": domain.title,
        "prompt": domain.prompt,
        "looks_good": "\n".join(domain.looks_good),
        "questions": "\n".join(domain.questions),
        "may_be_not_applicable": domain.may_be_not_applicable,
        **{f"guidance_{key}": text for key, text in domain.guidance.items()},
    }
    return WithGrades(data=values)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
