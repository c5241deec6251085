"""What each mail is for, asked again at the moment of sending: message -> its reason (`outbox.freshness.Reason`).

One line a message, as in `reactions.py`. A message without a line is sent as it was written.
"""

from qa_app.actions import reasons as actions
from qa_app.audits import reasons as audits
from qa_app.calibration import reasons as calibration
from qa_app.comments import reasons as comments
from qa_app.exemptions import reasons as exemptions
from qa_app.improvement import reasons as improvement
from qa_app.moderation import reasons as moderation
from qa_app.outbox.freshness import Reason
from qa_app.recommendations import reasons as recommendations
from qa_app.reminders import reasons as reminders
from qa_app.slippage import reasons as slippage

REASONS: dict[str, Reason] = {
    "action_done": actions.still_to_verify,
    "action_escalated": actions.still_overdue,
    "action_given": actions.still_theirs,
    "action_immediate": actions.still_theirs,
    "action_immediate_chased": actions.still_to_do,
    "action_immediate_raised": actions.still_open,
    "action_not_done": actions.still_not_done,
    "action_overdue": actions.still_to_do,
    "action_reopened": actions.still_theirs,
    "audit_commented": comments.still_open,
    "audit_given": audits.still_theirs,
    "audit_returned": audits.still_theirs,
    "audits_issued": audits.still_to_do,
    "calibration_asked": calibration.still_to_grade,
    "case_replaced": audits.still_theirs,
    "declaration_answered": audits.answer_still_holds,
    "declaration_made": audits.still_to_answer,
    "exemption_asked": exemptions.still_to_forward,
    "exemption_forwarded": exemptions.still_to_decide,
    "exemption_granted_audits": exemptions.still_to_reassign,
    "moderation_changed": moderation.still_open_to_dispute,
    "moderation_disputed": moderation.still_disputed,
    "moderation_feedback": moderation.still_unread,
    "moderation_given": moderation.still_to_moderate,
    "recommendations_due": recommendations.still_due,
    "recommendations_given": recommendations.still_theirs,
    "improvement_covered": improvement.still_their_turn,
    "improvement_decide": improvement.still_to_decide,
    "improvement_reaudit_needed": improvement.still_unscheduled,
    "improvement_reaudit_scheduled": improvement.still_open,
    "improvement_review_again": improvement.still_open,
    "improvement_started": improvement.still_running,
    "improvement_step_due": improvement.still_their_turn,
    "improvement_step_escalated": improvement.still_open,
    "improvement_step_late": improvement.still_their_turn,
    "improvement_uncovered": improvement.still_uncovered,
    "reaudit_given": audits.still_theirs,
    "slippage_chased": slippage.still_with_whom_it_was,
    "slippage_escalated": slippage.still_with_whom_it_was,
    "slippage_foreseen": slippage.still_unseen,
    "slippage_forwarded": slippage.still_to_answer,
    "slippage_predicted": slippage.still_unsaid,
    "slippage_raised": slippage.still_unseen,
    **reminders.REASONS,
}
