"""The demonstration council's reports: a year of them published, one corrected, the newest month's in draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from qa_app.access.viewer import Viewer
from qa_app.core.clock import add_working_days, last_day_of_month, months_before
from qa_app.demo.agenda import Agenda, at
from qa_app.reports import operations, queries, running
from qa_app.reports.models import Edition
from qa_app.reports.states import Audience, ReportKind

AFTER_MONTH = 11
"""Working days after a month's end until its report is published: moderation is over by then."""
CORRECTED = 5
"""Which of the months, counted from the newest, was published with a fault and corrected."""
REASON = "Two audits that came by post were entered late, and are counted now."
HOUR = timedelta(hours=1)

WORDS = (
    {
        "completion": "Most managers finished in the second half of the month. The two that did not have talked with "
        "their Head of Service.",
        "grades": "Where practice is good, plans say what will change for the child and by when. Elsewhere they list "
        "services instead.",
        "practice": "Management oversight is recorded more often than in spring. What it decides is not always "
        "followed up.",
        "talks": "Children tell us that they want to know sooner who their social worker is going to be.",
    },
    {
        "completion": "Court work and leave fell together in the last week. We ask teams to begin in the first.",
        "grades": "The share of good audits is within what chance alone explains: one month is no trend.",
        "inadequate": "The inadequate audits have in common that a change of worker was not handed over.",
        "actions": "Actions are done, and verified late. Service managers have a list of those that wait for them.",
    },
    {
        "grades": "Moderation lowered some grades: the feedback that auditors were given is part of the next training.",
        "moderation": "Auditors and moderators differ most where the child's voice is written in the worker's words.",
        "clocks": "Every day-three meeting was held or covered. Reviews come closer to their dates.",
        "capacity": "Two more managers were trained. The next course is in the coming quarter.",
    },
)
"""What the QA team writes, in turn."""


@dataclass
class Reports:
    """Puts the making of reports on the agenda."""

    agenda: Agenda
    qa: Viewer

    def plan(self, months: Sequence[date], now: datetime) -> None:
        """Monthly reports of past months, those of full quarters, and the newest month's as a draft."""
        for n, month in enumerate(months[:-1]):
            self.agenda.add(_after(month), partial(self._published, ReportKind.MONTHLY, Audience.INTERNAL, month, n))
        newest = months[-1]
        self.agenda.add(min(_after(newest), now - 2 * HOUR), partial(self._draft, newest))
        self.agenda.add(_after(months[-CORRECTED], 6), partial(self._corrected, months[-CORRECTED]))
        quarters = [month for month in months if month.month % 3 == 0 and months_before(month, 2) in months]
        for n, month in enumerate(quarters):
            self._add(ReportKind.SCRUTINY, Audience.COMMITTEE, month, n)
            self._add(ReportKind.QUARTERLY, Audience.LEADERSHIP, month, n)
        if quarters:
            self._add(ReportKind.ADHERENCE, Audience.LEADERSHIP, quarters[-1], 2)
            self._add(ReportKind.MODERATION, Audience.INTERNAL, quarters[-1], 2)

    def _add(self, kind: ReportKind, audience: Audience, month: date, turn: int) -> None:
        self.agenda.add(_after(month, 2), partial(self._published, kind, audience, month, turn))

    def _published(self, kind: ReportKind, audience: Audience, month: date, turn: int, now: datetime) -> None:
        made = self._written(kind, audience, month, turn, now)
        operations.send_for_review(made, made.version, self.qa, now + HOUR)
        operations.publish(made, made.version, self.qa, now + 2 * HOUR)

    def _written(self, kind: ReportKind, audience: Audience, month: date, turn: int, now: datetime) -> Edition:
        made = operations.make(kind, month, audience, self.qa, now)
        running.build_now(made, self.qa, now)
        places = {block["key"] for section in made.content["sections"] for block in section["blocks"] if "key" in block}
        said = {key: text for key, text in WORDS[turn % len(WORDS)].items() if key in places}
        operations.write(made, said, made.narrative_version, self.qa, now)
        return made

    def _draft(self, month: date, now: datetime) -> None:
        self._written(ReportKind.MONTHLY, Audience.INTERNAL, month, 1, now)

    def _corrected(self, month: date, now: datetime) -> None:
        before = queries.newest_of(ReportKind.MONTHLY, month, Audience.INTERNAL)
        assert before is not None
        made = operations.correct(before, REASON, self.qa, now)
        running.build_now(made, self.qa, now)
        operations.publish(made, made.version, self.qa, now)


def _after(month: date, further: int = 0) -> datetime:
    return at(add_working_days(last_day_of_month(month), AFTER_MONTH + further), 15)
