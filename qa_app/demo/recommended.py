"""What the demonstration council's reports recommend, and what followed: invented, in the manner of a real one."""

from dataclasses import dataclass

from qa_app.recommendations.states import Outcome


@dataclass(frozen=True)
class Recommended:
    """One recommendation: due so many days from today, what its owner said, and what each follow-up found."""

    text: str
    due_in: int
    outcome: Outcome
    evidence: str
    said: str = ""
    again: Outcome | None = None
    evidence_again: str = ""


OBJECTIVE = (
    "Whether what senior managers have arranged makes sure that prompt action follows whenever an audit finds a case "
    "file inadequate, so that no child is left at risk meanwhile."
)

FULLY, SUBSTANTIALLY, PARTIALLY, NOT = Outcome
RECOMMENDED = (
    Recommended("Write down the stages that follow an inadequate audit, each with its owner and its number of days.",
                -200, FULLY, "The process is in the practice handbook, and those asked could find it.",
                "Done: agreed by the management team and in the handbook since autumn."),
    Recommended("Tell the team manager and the Head of Service on the day that an audit is graded inadequate.",
                -180, FULLY, "All eight audits of the period were notified on the same day.",
                "Done: the QA team sends it from a shared mailbox."),
    Recommended("Say when the review of a worker's whole caseload may be left out, and who authorises that.",
                -150, SUBSTANTIALLY, "The wording is clear. Two of three decisions name who authorised them.",
                "Done: the criteria are in the process.", FULLY, "All four decisions since then name the person."),
    Recommended("Name cover for the Practice Lead, so that no day-three meeting is missed in their absence.",
                -140, PARTIALLY, "A deputy is named, but two meetings fell through in the summer all the same.",
                "A deputy is named and has been briefed.", SUBSTANTIALLY,
                "Cover held all but one of the meetings in the last six months."),
    Recommended("Keep one list of every inadequate audit with its stages and dates, and look through it each week.",
                -120, PARTIALLY, "The list is well designed but was not brought up to date between March and May.",
                "The list is kept by the QA team.", PARTIALLY,
                "It is up to date now. Nobody has looked at it together since the spring."),
    Recommended("Have service managers confirm within ten working days that remedial actions work.",
                5, PARTIALLY, "Done in five of eight cases; in three the confirmation came after four weeks or more.",
                "Service managers were told at their meeting in May.", SUBSTANTIALLY,
                "Seven of nine since then were in time."),
    Recommended("Check each improvement plan against what the case record shows to have been done.",
                12, PARTIALLY, "Three of the five plans that we tested were checked against the record."),
    Recommended("Extend the process to other professionals, such as reviewing officers and team managers.",
                40, NOT, "The process still speaks of social workers only."),
    Recommended("Report each quarter to the Director of Children's Services how well the stages are kept to.",
                25, NOT, "Monthly reports stopped in November, and no quarterly one has been made."),
    Recommended("Show grades by theme, such as the voice of the child, in the reports to the management team.",
                60, NOT, "Reports show overall grades alone."),
    Recommended("Give the QA team administrative time to keep the list and to chase what is late.",
                -30, NOT, "A post was agreed and is not filled."),
)  # fmt: skip

SUMMARY = (
    "The stages remain well designed, and where they are kept to they work: no case was found inadequate twice.\n\n"
    "Two things keep them from working every time. Cover for the Practice Lead is named but not always used, so that "
    "meetings are missed; and managers wait to be told instead of looking at the list themselves.\n\n"
    "The list of stages gives good oversight. Administrative time to keep it current would show delay early. Reports "
    "to the Director of Children's Services should begin again, each quarter, and say how far the process is kept to."
)

SINCE = {
    4: "Cover is in the calendar for every absence until spring.",
    6: "Done: the reminder now goes to the service manager on the eighth working day.",
    11: "The post is advertised; interviews are next month.",
}
"""What owners have said since the first follow-up."""

INSPECTED = (
    "See that every child who was missing is offered a return conversation within 72 hours.",
    "Bring risk assessments of exploitation up to date after each new incident.",
    "Make sure that strategy meetings include health and school, and record who was invited.",
    "Give social workers training in writing analysis rather than lists of events.",
)
