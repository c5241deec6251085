"""How an invented auditor fills in an audit, through the same operations as a real one."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qa_app.access.viewer import Viewer
from qa_app.actions.inputs import ActionInput
from qa_app.actions.states import ForWhom
from qa_app.audits.models import Audit, ConversationWith
from qa_app.audits.operations import (
    ConversationInput,
    OverallInput,
    SectionInput,
    add_action,
    link_action,
    save_conversations,
    save_overall,
    save_section,
    submit_audit,
)
from qa_app.audits.queries import actions_to_link
from qa_app.core.clock import london_day
from qa_app.demo.words import ACTIONS, IMPROVEMENTS, LEARNED, REASONS, STRENGTHS, WHY_NOT
from qa_app.tools.models import Domain

GRADES = ("outstanding", "good", "requires_improvement", "inadequate", "inadequate_critical")
SHARES = (4, 42, 47, 5, 2)
"""Of a hundred audits, how many come out at each grade."""


@dataclass
class Writer:
    """Fills in audits with one source of chance, so that the demo is the same each time."""

    rng: random.Random
    domains: Sequence[Domain]
    lately: datetime
    """From here on what is found may be immediate, so that the demonstration has something that is."""

    def write(
        self,
        audit: Audit,
        viewer: Viewer,
        started: datetime,
        ended: datetime,
        share: float,
        *,
        overall: str | None = None,
    ) -> None:
        """Fill in that share of the audit between two instants; the whole of it is submitted."""
        overall = overall or self.rng.choices(GRADES, SHARES)[0]
        wanted = self.domains[: round(len(self.domains) * share)]
        for n, domain in enumerate(wanted):
            self._section(audit, domain, overall, viewer, started + (ended - started) * n / (len(self.domains) + 2))
        if share < 1:
            return
        before = ended - timedelta(minutes=10)
        save_conversations(audit, self._conversations(), 0, viewer, before)
        save_overall(audit, OverallInput(overall, REASONS[overall]), 0, viewer, before)
        submit_audit(audit, viewer, ended)

    def _section(self, audit: Audit, domain: Domain, overall: str, viewer: Viewer, now: datetime) -> None:
        grade = self._grade(domain, overall)
        weak = grade in GRADES[2:]
        affects = self.rng.random() < (0.18 if grade in GRADES[3:] else 0.02) if weak else None
        typed = SectionInput(
            grade=grade,
            strengths="" if grade in GRADES[3:] else self.rng.choice(STRENGTHS[domain.key]),
            improvements=self.rng.choice(IMPROVEMENTS[domain.key]) if weak else "",
            affects_child_now=affects,
        )
        if grade == "not_applicable":
            typed = SectionInput(grade=grade)
        save_section(audit, domain, typed, 0, viewer, now)
        if affects:
            owner = audit.caseworker_id or audit.auditor_id or 0
            due = london_day(now) + timedelta(days=self.rng.choice((3, 7, 14, 21)))
            immediate = audit.number % 2 == 0 if now >= self.lately else grade in GRADES[3:] and audit.number % 6 == 0
            what = self.rng.choice(ACTIONS)
            team_wide = not immediate and audit.number % 5 == 0
            known = [] if immediate else actions_to_link(audit, viewer)
            if known and audit.number % 3 == 0:
                link_action(audit, domain, known[0], viewer, now)
                return
            for_whom = ForWhom.TEAM if team_wide else ForWhom.CHILD
            due = london_day(now) + timedelta(days=2) if immediate else due
            add_action(audit, domain, ActionInput(what, owner, due, immediate, for_whom), viewer, now)

    def _grade(self, domain: Domain, overall: str) -> str:
        if domain.may_be_not_applicable and self.rng.random() < 0.25:
            return "not_applicable"
        step = self.rng.choices((-1, 0, 1), (20, 60, 20))[0]
        return GRADES[min(3, max(0, GRADES.index(overall) + step))]

    def _conversations(self) -> dict[ConversationWith, ConversationInput]:
        held = {"social_worker": 0.94, "parent_or_carer": 0.62, "child": 0.41}
        return {
            whom: ConversationInput(held=True, learned=LEARNED[whom])
            if self.rng.random() < held[whom]
            else ConversationInput(held=False, why_not=WHY_NOT[whom])
            for whom in ConversationWith
        }
