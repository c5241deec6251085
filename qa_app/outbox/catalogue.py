"""Every mail that there is, with the only variables that it may be given (domain.md section 10).

To add one: a line here, and a folder `templates/emails/<message>/` with subject.txt, body.txt and body.html.
No variable may hold a case reference, a grade, a child or anything on health: a mail says what is asked, by when,
and where, and the page behind its link asks for sign-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

Value = str | int | date


class Section(IntEnum):
    """Where a mail stands in a digest, in this order."""

    OVERDUE = 1
    DUE_SOON = 2
    FOR_INFORMATION = 3


@dataclass(frozen=True)
class Message:
    """One kind of mail: its name for administrators, and the variables that its templates take.

    What somebody waits for goes at once; the rest waits for the day's digest.
    """

    label: str
    variables: frozenset[str]
    at_once: bool = True
    section: Section = Section.DUE_SOON


MESSAGES: dict[str, Message] = {
    "audit_given": Message("Audit given to another auditor", frozenset({"month", "due_on", "path"})),
    "audit_returned": Message("Audit returned", frozenset({"month", "due_on", "path"})),
    "audit_taken": Message(
        "Audit no longer yours",
        frozenset({"month", "due_on", "outcome", "path"}),
        section=Section.FOR_INFORMATION,
    ),
    "audits_issued": Message("Audits issued", frozenset({"month", "audits", "due_on", "path"})),
    "case_replaced": Message("Case replaced", frozenset({"month", "due_on", "path"})),
    "declaration_answered": Message("Declaration answered", frozenset({"month", "due_on", "outcome", "path"})),
    "declaration_made": Message("Declaration to answer", frozenset({"month", "due_on", "path"})),
    "exemption_asked": Message("Exemption to forward", frozenset({"month", "person", "path"})),
    "exemption_decided": Message("Exemption decided", frozenset({"month", "outcome", "path"})),
    "exemption_declined": Message("Exemption declined", frozenset({"month", "path"})),
    "exemption_forwarded": Message("Exemption to decide", frozenset({"month", "person", "path"})),
    "exemption_granted_audits": Message(
        "Audits of an exempt auditor", frozenset({"month", "person", "audits", "due_on", "path"})
    ),
    "reminder": Message("Reminder", frozenset({"month", "audits", "due_on", "working_days", "path"})),
}
"""`month` is a month's name or a span of months, `person` a member of staff, `audits` a number, `due_on` a date,
`path` a page of this site. `outcome` is what became of an audit: `kept` with who declared something of it, `reassigned`
or `withdrawn`; or of an exemption: `approved` or `refused`."""


def checked(message: str, variables: Mapping[str, Value]) -> dict[str, Value]:
    """The variables, once they are exactly those of the message and hold only text, numbers and dates.

    Raises:
        KeyError: there is no such message.
        ValueError: a variable is missing, is not in the catalogue, is a thing instead of a value, or leads outside.
    """
    expected = MESSAGES[message].variables
    if set(variables) != expected:
        raise ValueError(f"{message} takes exactly {sorted(expected)}, not {sorted(variables)}")
    for name, value in variables.items():
        if not isinstance(value, (str, int, date)):
            raise ValueError(f"{message}: {name} must be text, a number or a date")
    path = str(variables["path"])
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"{message}: path must be a page of this site")
    return dict(variables)
