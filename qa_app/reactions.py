"""What follows what: the only file that joins areas. An event -> the functions it calls, in the same transaction."""

from collections.abc import Callable
from typing import Any

from qa_app.allocation.operations import discard_assignments
from qa_app.audits import operations as audits
from qa_app.audits.events import AuditsDiscarded
from qa_app.issuing.messages import tell_auditors
from qa_app.people.events import PersonLeft, RoleLost
from qa_app.rounds.events import RoundIssued, SampleDrawn
from qa_app.signin.sessions import end_sessions_of


def sign_out_everywhere(event: PersonLeft | RoleLost) -> None:
    """Whoever may do less than before signs in anew."""
    end_sessions_of(event.person_id, event.now)


def issue_audits(event: RoundIssued) -> None:
    """An issued round opens its audits to their auditors."""
    audits.issue_audits(event.round, event.viewer, event.now)


def mail_auditors(event: RoundIssued) -> None:
    """Each auditor hears by mail how many audits they have, and by when."""
    tell_auditors(event.round, event.now)


def discard_audits(event: SampleDrawn) -> None:
    """A sample drawn again voids what stood on the one before."""
    if event.again:
        audits.discard_unissued(event.round.id)


def discard_reasons(event: AuditsDiscarded) -> None:
    """With audits that were never issued goes the reason for their auditors."""
    discard_assignments(event.audit_ids)


REACTIONS: dict[type, tuple[Callable[[Any], None], ...]] = {
    AuditsDiscarded: (discard_reasons,),
    PersonLeft: (sign_out_everywhere,),
    RoleLost: (sign_out_everywhere,),
    SampleDrawn: (discard_audits,),
    RoundIssued: (issue_audits, mail_auditors),
}
