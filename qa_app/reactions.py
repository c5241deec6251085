"""What follows what: the only file that joins areas. An event -> the functions it calls, in the same transaction."""

from collections.abc import Callable
from typing import Any

from qa_app.actions import operations as actions
from qa_app.allocation.operations import discard_assignments
from qa_app.audits import messages as audit_mails
from qa_app.audits import operations as audits
from qa_app.audits.events import (
    AuditModerated,
    AuditReassigned,
    AuditReturned,
    AuditsDiscarded,
    AuditsIssued,
    AuditSubmitted,
    AuditWithdrawn,
    CaseReplaced,
    DeclarationAnswered,
    DeclarationMade,
)
from qa_app.cases.events import RestrictionLifted
from qa_app.cases.operations import auditing as cases
from qa_app.core.clock import london_day
from qa_app.exemptions import messages as exemption_mails
from qa_app.exemptions.events import (
    ExemptionAsked,
    ExemptionDecided,
    ExemptionDeclined,
    ExemptionForwarded,
    ExemptionWithdrawn,
)
from qa_app.exemptions.queries import exemptions_covering
from qa_app.exemptions.states import ExemptionState
from qa_app.feeds import operations as feeds
from qa_app.improvement import operations as improvement
from qa_app.issuing.messages import tell_auditors
from qa_app.moderation import operations as moderation
from qa_app.people.events import PersonLeft, RoleLost
from qa_app.rounds import operations as rounds
from qa_app.rounds.events import RoundIssued, SampleDrawn
from qa_app.signin.sessions import end_sessions_of
from qa_app.slippage import operations as slippage
from qa_app.slippage.states import Outcome as SlippageOutcome


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


def note_cases_audited(event: AuditsIssued) -> None:
    """A case under audit is nobody's reserve."""
    cases.note_issued(event.case_ids)


def note_case_submitted(event: AuditSubmitted) -> None:
    """A case that was audited is left out of the sample for a while."""
    cases.note_submitted(event.audit.case_id, london_day(event.now))


def note_case_free(event: AuditWithdrawn | CaseReplaced) -> None:
    """A case whose audit is withdrawn can be drawn again."""
    cases.note_no_longer_audited(event.audit.case_id)


def note_case_reopened(event: AuditReturned) -> None:
    """A case whose audit was returned is under audit again."""
    cases.note_issued([event.audit.case_id])


def note_replacement(event: CaseReplaced) -> None:
    """The case that replaces another is under audit, once its audit is issued."""
    if event.replacement.issued_at is not None:
        cases.note_issued([event.replacement.case_id])


def expect_nothing(event: ExemptionDecided) -> None:
    """An approved exemption lowers what the rounds of its months expect."""
    request = event.request
    if request.state == ExemptionState.APPROVED:
        rounds.exempt_auditor(request.person_id, request.first_month, request.last_month, event.viewer, event.now)


def note_exempt_auditor_free(event: AuditReassigned | AuditSubmitted | AuditWithdrawn | CaseReplaced) -> None:
    """The QA team is asked no more about the audits of an exempt auditor, once none is left."""
    audit = event.audit
    before = event.previous_id if isinstance(event, AuditReassigned) else audit.auditor_id
    if before is not None:
        exemption_mails.take_back_settled(exemptions_covering(before, audit.round.month))


def close_notice_of_submitted(event: AuditSubmitted) -> None:
    """A submitted audit slips no more: its slippage notice says whether it came in time."""
    late = event.audit.is_late
    outcome = SlippageOutcome.SUBMITTED_LATE if late else SlippageOutcome.SUBMITTED_IN_TIME
    slippage.settle(event.audit, outcome, event.viewer, event.now)


def close_notice_of_reassigned(event: AuditReassigned) -> None:
    """Somebody else has the audit now, and time to look at it."""
    slippage.settle(event.audit, SlippageOutcome.REASSIGNED, event.viewer, event.now)


def close_notice_of_withdrawn(event: AuditWithdrawn | CaseReplaced) -> None:
    """An audit that will not be done slips no more."""
    slippage.settle(event.audit, SlippageOutcome.WITHDRAWN, event.viewer, event.now)


def open_actions(event: AuditSubmitted) -> None:
    """What an audit found to be done is its owners' from its submission on."""
    actions.open_drafts("audit", event.audit.id, event.viewer, event.now)


def discard_draft_actions(event: AuditWithdrawn | CaseReplaced) -> None:
    """What was never submitted is nobody's to do; what is open already stays."""
    actions.discard_drafts("audit", event.audit.id, event.viewer, event.now)


def select_for_moderation(event: AuditSubmitted) -> None:
    """A submitted audit is moderated where the rule asks for it, and goes to a moderator at once."""
    moderation.select_for_moderation(event.audit, event.viewer, event.now)


def hold_moderation(event: AuditReturned) -> None:
    """While an audit is back with its auditor its moderator waits."""
    moderation.hold_moderation(event.audit, event.viewer, event.now)


def cancel_moderation(event: AuditWithdrawn | CaseReplaced) -> None:
    """An audit that will not be done is not moderated either."""
    moderation.cancel_moderation(event.audit, event.viewer, event.now)


def follow_improvement(event: AuditSubmitted) -> None:
    """A grade that starts it starts the improvement process at once; a re-audit is followed."""
    improvement.follow(event.audit, event.audit.overall_grade, event.viewer, event.now)


def follow_moderated_grade(event: AuditModerated) -> None:
    """A moderated grade that starts it starts the process; of one that no longer does the Practice Lead decides."""
    improvement.follow(event.audit, event.after, event.viewer, event.now)


def note_improvement_returned(event: AuditReturned) -> None:
    """The improvement process of an audit that was given back goes on and says so; its re-audit is to do again."""
    improvement.note_returned(event.audit, event.viewer, event.now)
    improvement.reopen_reaudit(event.audit, event.viewer, event.now)


def note_improvement_withdrawn(event: AuditWithdrawn | CaseReplaced) -> None:
    """Without its audit there is no improvement process; without its audit a re-audit is to be scheduled again."""
    improvement.note_withdrawn(event.audit, event.viewer, event.now)
    improvement.unschedule(event.audit, event.viewer, event.now)


def note_reauditor(event: AuditReassigned) -> None:
    """It is another auditor's turn to do the re-audit."""
    improvement.note_reauditor(event.audit, event.viewer, event.now)


def serve_again(event: RestrictionLifted) -> None:
    """Whoever may know of a case's audits now, and reads the feed bit by bit, gets them."""
    feeds.serve_again(event.case_id)


REACTIONS: dict[type, tuple[Callable[[Any], object], ...]] = {
    AuditModerated: (follow_moderated_grade,),
    AuditReassigned: (
        close_notice_of_reassigned,
        note_reauditor,
        audit_mails.take_back_what_was_asked,
        audit_mails.tell_new_auditor,
        audit_mails.tell_who_lost_it,
        note_exempt_auditor_free,
    ),
    AuditReturned: (
        note_case_reopened,
        hold_moderation,
        note_improvement_returned,
        audit_mails.tell_auditor_of_return,
    ),
    AuditsDiscarded: (discard_reasons,),
    AuditsIssued: (note_cases_audited,),
    AuditSubmitted: (
        open_actions,
        note_case_submitted,
        close_notice_of_submitted,
        select_for_moderation,
        follow_improvement,
        audit_mails.take_back_what_was_asked,
        note_exempt_auditor_free,
    ),
    AuditWithdrawn: (
        discard_draft_actions,
        note_case_free,
        close_notice_of_withdrawn,
        cancel_moderation,
        note_improvement_withdrawn,
        audit_mails.take_back_what_was_asked,
        audit_mails.tell_who_lost_it,
        note_exempt_auditor_free,
    ),
    CaseReplaced: (
        discard_draft_actions,
        close_notice_of_withdrawn,
        cancel_moderation,
        note_improvement_withdrawn,
        note_case_free,
        note_replacement,
        audit_mails.take_back_what_was_asked,
        audit_mails.tell_auditor_of_other_case,
    ),
    DeclarationAnswered: (audit_mails.tell_who_declared,),
    DeclarationMade: (audit_mails.tell_qa_team,),
    ExemptionAsked: (exemption_mails.tell_who_answers,),
    ExemptionDecided: (
        expect_nothing,
        exemption_mails.tell_who_asked_of_decision,
        exemption_mails.tell_qa_team_of_audits,
    ),
    ExemptionDeclined: (exemption_mails.tell_who_asked_of_decline,),
    ExemptionForwarded: (exemption_mails.tell_directors,),
    ExemptionWithdrawn: (exemption_mails.take_back_what_was_asked,),
    PersonLeft: (sign_out_everywhere,),
    RoleLost: (sign_out_everywhere,),
    SampleDrawn: (discard_audits,),
    RestrictionLifted: (serve_again,),
    RoundIssued: (issue_audits, mail_auditors),
}
