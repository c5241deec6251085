"""What the invented auditors write: a strength and an area for improvement for each section of the default tool."""

from qa_app.exemptions.states import Category

STRENGTHS: dict[str, tuple[str, ...]] = {
    "referral": ("The referral was screened the same day and the threshold decision is clearly reasoned.",
                 "History was read before the decision, and the referrer was told the outcome."),
    "risk": ("Risks are named in plain words, with what would raise or lower them.",
             "The safety plan was tested with the family and revised after the second incident."),
    "assessment": ("The assessment draws on the family's history and ends in an analysis, not a list.",
                   "The child's identity, culture and heritage run through the whole assessment."),
    "planning": ("The plan says who does what by when, in words that the family uses.",
                 "Contingency is written down and known to the parents."),
    "review": ("Reviews were in time and changed the plan where it was not working.",
               "The review record shows the challenge that was made and the answer to it."),
    "permanence": ("Permanence was considered by the second review, with a plan beside it in case the first fails.",
                   "The pathway plan is owned by the young person and is up to date."),
    "voice": ("The child was seen alone, and their own words appear in the plan.",
              "Direct work with drawings helped a quiet child to say what worries them."),
    "family": ("Both parents were involved, including the father who lives elsewhere.",
               "Carers say that they are listened to and know what is expected."),
    "agencies": ("The school and health visitor contribute to every core group.",
                 "Information was shared early, and decisions are recorded the same way by all partners."),
    "oversight": ("Supervision is monthly, reflective, and ends in directions that were followed up.",
                  "The manager's oversight is visible at each decision point."),
    "recording": ("The chronology is current and picks out what matters.",
                  "Records are respectful, and could be read by the child one day."),
    "impact": ("Life is measurably better: attendance is up and there were no further incidents.",
               "The child says that home feels calmer."),
}  # fmt: skip
IMPROVEMENTS: dict[str, tuple[str, ...]] = {
    "referral": ("The rationale for the threshold decision should be recorded.",),
    "risk": ("The risk assessment was not revised after the last incident.",
             "The analysis lists events but does not say what they mean for this child."),
    "assessment": ("The assessment relies on the mother's account alone.",
                   "It took 58 days, and the delay is not explained."),
    "planning": ("Several steps in the plan have no date.", "The plan lists services rather than what should change."),
    "review": ("Two reviews were late, and actions of the last one were carried over without a reason.",),
    "permanence": ("There is no second plan in case the first fails.",),
    "voice": ("The child's wishes are described by others rather than heard.",
              "Visits were brief, and the child was not seen alone on the last two."),
    "family": ("The father is not mentioned after the assessment.",),
    "agencies": ("The health visitor was not invited to the last two core groups.",),
    "oversight": ("Supervision was missed for two months, and earlier directions were not followed up.",
                  "Case directions repeat from month to month without saying why they were not done."),
    "recording": ("The chronology stops five months ago.",),
    "impact": ("It is not yet clear what has changed for the child.",),
}  # fmt: skip

ACTIONS = (
    "Visit this week, see the child alone, and record what they say",
    "Review the safety plan with the parents and the school",
    "Hold a reflective supervision and record the decisions",
    "Complete the chronology for the last six months",
    "Find out from the father's solicitor how he can take part",
    "Bring the core group forward and invite the health visitor",
)
REASONS = {
    "outstanding": "Practice is consistently strong, and its effect on the child is plain in their own words.",
    "good": "Practice is sound throughout. The areas for improvement do not affect the child now.",
    "requires_improvement": "There is no immediate risk, but planning and oversight do not yet bring change in time.",
    "inadequate": "Risks are not understood well enough, and nobody has checked that the plan keeps the child safe.",
    "inadequate_critical": "The child may not be safe today. The team manager was told at once.",
}
LEARNED = {
    "social_worker": "Knows the child well. Would like the chronology to be shorter and supervision to be protected.",
    "parent_or_carer": "Feels respected, and would like to be told sooner when plans change.",
    "child": "Likes the social worker, and wants to see their brother more.",
}
WHY_NOT = {
    "social_worker": "On leave all week; the team manager took part instead.",
    "parent_or_carer": "Did not answer two calls and a letter.",
    "child": "The child is under three.",
}
DECLARED = {
    "conflict": "I chaired the child protection conference for this family last year.",
    "unsuitable": "The case closed on the day before it was given to me.",
}
COMMENTS = (
    "The chronology was brought up to date last week: look at the newest one.",
    "The worker has had this case since April only. Ask her what she found when she took it over.",
    "The conference was put off at the family's wish. The chair's note says why.",
)
"""What managers say of audits of their teams' cases."""
STATEMENTS: dict[Category, tuple[str, ...]] = {
    Category.ABSENCE: ("I have been off since the start of the month and come back after its end.",
                       "I am on a phased return and work two days a week."),
    Category.OTHER_ACTIVITY: ("I lead the multi-agency audit on neglect, which takes three days of this month.",),
    Category.STATUTORY_WORK: ("I give evidence at two final hearings in this month.",
                              "Two of my team are on leave, and I hold their duty visits."),
    Category.OTHER: ("My team moves offices this month, and records are out of reach for a week.",),
}  # fmt: skip
LATE_REASONS = (
    "The hearing was listed only yesterday.",
    "I hoped until this week that I could still do it.",
)
SLIPPING = (
    "Two child protection conferences were called for the days that I had kept free.",
    "I cover for a colleague who is ill.",
    "The social worker is away until next week, and I want to speak to them first.",
)
WOULD_HELP = ("Half a day without duty.", "Somebody who takes the second conversation.", "One more week.")
NOTES = (
    "The visit is booked for Thursday.",
    "The school has been asked; they answer by the end of the week.",
    "Talked about in supervision. Half of it is done.",
)
PUT_OFF = (
    "The health visitor is on leave until the week after next.",
    "The family is away, and will be back in ten days.",
    "The hearing was moved, and this depends on what it decides.",
)
NOT_DONE = (
    "The family has moved to another council, which was told.",
    "The review decided on another way, which its record explains.",
)
EVIDENCE = (
    "Done, and recorded on the day of the visit. The record says what was agreed.",
    "The chronology is complete for the last six months; my manager has read it.",
    "Supervision was held, and its decisions stand in the record.",
)
SEEN = {
    "fully": "I read the record, and all of it is there.",
    "substantially": "Nearly all of it is there. What is missing is small, and is agreed.",
    "partially": "It was begun, but the child has not been seen alone yet.",
    "not_implemented": "There is nothing in the record to show for it.",
}
MODERATOR_SAYS = (
    "The file shows a visit in the last six weeks that the audit does not mention.",
    "Supervision notes say more than the audit gives credit for.",
    "The plan names no dates after the spring, so I would not call this good.",
    "The child's own words are there, but only once in six months.",
)
OVERALL_SAYS = (
    "Taken together I see steady practice, with planning the part to work on.",
    "The child is safe today. Oversight is what holds the case back.",
    "Much was done well, and the last three months show a clear effect for the child.",
)
FEEDBACK = (
    "A clear audit, close to the file. Next time say which documents you read for your grade of risk.",
    "Thank you for the conversation with the family: it carries the audit. Be bolder where planning is thin.",
    "You describe what was done; tell us more about what it changed for the child.",
)
DISPUTES = (
    "The visits that the moderator misses are recorded under the sibling's file since the spring.",
    "Supervision was held monthly; the notes were uploaded in the week after the moderation.",
)
PANEL_SAYS = (
    "We read the file together. The records of the last quarter support this grade.",
    "Both readings can be defended; under our rule to over-state rather than under-state a risk, this one stands.",
)

AGREED = (
    "The risk assessment is done again with both parents, and the child is seen alone every week until the review.",
    "A senior worker takes the next two visits with the social worker. The safety plan is written in plain words.",
    "Supervision is weekly for two months. The chronology is completed before the core group meets.",
)
LATE_MEETING = "The social worker was in court on both days that were offered."
CONCERNS = {
    "team_manager": "Supervision was missed for two months, and the directions of the one before were not followed up.",
    "independent_reviewing_officer": "The last review did not ask why the plan had not moved for six months.",
    "other": "The school's worries were passed on twice before anybody answered.",
}
"""By whose part in the case they are about."""
REVIEWED = {
    True: "Read the last visits and the new plan. The child was seen alone twice, and the plan has dates.",
    False: "Visits happen, but the plan has not been told to the father, and one action is not begun.",
}
"""What a service manager found, by whether it is effective."""
WAIVED = "Her whole caseload was read three months ago, and the two cases have the same cause, which is dealt with."
