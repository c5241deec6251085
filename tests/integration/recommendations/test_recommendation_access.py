"""Whole matrices: every verb by every role in every state, and every page by every reader."""

from datetime import date

import pytest

from qa_app.core.errors import IllegalMove, NotAllowed, NotFound
from qa_app.recommendations import operations, queries
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput, ReportInput, SummaryInput
from qa_app.recommendations.models import ReportKind
from qa_app.recommendations.states import Outcome
from tests.factories.recommendations import published, report_of, summed_up

ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "team_manager_a2", "service_manager",
    "service_manager_b", "head_of_service", "head_of_service_b", "practice_lead", "qa", "director", "executive",
    "scrutiny", "administrator",
]  # fmt: skip
WANTED = RecommendationInput("Do more.")
REPORT = ReportInput("A report", ReportKind.REVIEW, date(2026, 2, 1))
DRAFT, PUBLISHED, IMPLEMENTED = "draft", "published", "implemented"


def scene_at(database, now, state):
    """Two recommendations, the first owned by the service manager, with a follow-up in a state."""
    followed = report_of(database, now, 2)
    if state == DRAFT:
        found = summed_up(followed, operations.start_follow_up(followed.report, followed.qa, now))
        for each in queries.judgements_of(followed.qa, found):
            operations.save_judgement(each, JudgementInput(Outcome.PARTIALLY, "Half."), 0, followed.qa, now)
    else:
        outcome = Outcome.FULLY if state == IMPLEMENTED else Outcome.NOT
        found = published(followed, (outcome, Outcome.NOT))
    return followed, found


def _judge(followed, found, who):
    each = queries.judgement_of(followed.qa, found, 1)
    operations.save_judgement(each, JudgementInput(Outcome.FULLY, "All."), each.version, who, followed.now)


ALWAYS = {DRAFT, PUBLISHED, IMPLEMENTED}
VERBS = {
    "add a report": (lambda f, _, who: operations.add_report(REPORT, who, f.now), "qa", ALWAYS),
    "change it": (
        lambda f, _, who: operations.change_report(f.report, REPORT, f.report.version, who, f.now), "qa", ALWAYS,
    ),
    "add one": (lambda f, _, who: operations.add_recommendation(f.report, WANTED, who, f.now), "qa", ALWAYS),
    "change one": (
        lambda f, _, who: operations.change_recommendation(
            f.recommendations[0], RecommendationInput("Improve step 1."), "x", f.recommendations[0].version, who, f.now
        ), "qa", ALWAYS,
    ),
    "remove one": (lambda f, _, who: operations.remove_recommendation(f.recommendations[0], who, f.now), "qa", set()),
    "say what was done": (
        lambda f, _, who: operations.describe(f.recommendations[0], "Done.", who, f.now, is_done=True),
        "service_manager", {DRAFT, PUBLISHED},
    ),
    "begin a follow-up": (lambda f, _, who: operations.start_follow_up(f.report, who, f.now), "qa", ALWAYS),
    "judge": (_judge, "qa", {DRAFT}),
    "sum up": (
        lambda f, found, who: operations.save_summary(
            found, SummaryInput(f.now.date(), summary="Well."), found.version, who, f.now
        ), "qa", {DRAFT},
    ),
    "publish": (lambda f, found, who: operations.publish(found, who, f.now), "qa", {DRAFT}),
}  # fmt: skip


@pytest.mark.parametrize("state", [DRAFT, PUBLISHED, IMPLEMENTED])
def test_every_verb_by_every_role(database, now, state):
    followed, found = scene_at(database, now, state)
    assert followed.recommendations[0].owner_id == followed.council.service_manager.id
    for name, (verb, role, states) in VERBS.items():
        for person in ROLES:
            who = followed.viewer(getattr(followed.council, person))
            point = database.begin_nested()
            try:
                if person != role:
                    with pytest.raises(NotAllowed):
                        verb(followed, found, who)
                elif state not in states:
                    with pytest.raises(IllegalMove):
                        verb(followed, found, who)
                else:
                    verb(followed, found, who)
            except BaseException as error:
                error.add_note(f"{name} by {person} in {state}")
                raise
            point.rollback()
            database.expire_all()


ALL = {1, 2}
OF_ALL = {"qa": ALL, "practice_lead": ALL, "director": ALL, "executive": ALL}
SEEN = {
    "of service A": OF_ALL | {"service_manager": ALL, "head_of_service": ALL, "team_manager": {2}},
    "of the department": OF_ALL
    | {"service_manager": ALL, "head_of_service": ALL, "team_manager": {2}}
    | {"service_manager_b": ALL, "head_of_service_b": ALL},
}
"""Which of the two recommendations each sees: the first is the service manager's, the second the team manager's."""


@pytest.mark.parametrize("where", SEEN)
def test_every_reader_sees_theirs_and_nothing_else(database, now, sign_in, where):
    followed = report_of(database, now, 2, department=where == "of the department")
    published(followed, (Outcome.FULLY, Outcome.NOT))
    draft = operations.start_follow_up(followed.report, followed.qa, now)
    database.commit()
    path = followed.path
    for person in ROLES:
        numbers = SEEN[where].get(person, set())
        who = followed.viewer(getattr(followed.council, person))
        rows, total = queries.find_reports(who, {}, [])
        assert (len(rows), total) == ((1, 1) if numbers else (0, 0)), person
        if not numbers:
            with pytest.raises(NotFound):
                queries.report_for(who, followed.report.reference)
        else:
            assert rows[0].counts.total == len(numbers), person
        client = sign_in(getattr(followed.council, person).id)
        manages = person == "qa"
        expected = {
            path: bool(numbers), f"{path}/1": 1 in numbers, f"{path}/2": 2 in numbers,
            f"{path}/follow-ups/1": bool(numbers), f"{path}/follow-ups/{draft.number}": manages,
            f"{path}/follow-ups/{draft.number}/2": manages, f"{path}/follow-ups/{draft.number}/summary": manages,
            f"{path}/follow-ups/{draft.number}/publish": manages, f"{path}/export": bool(numbers),
            f"{path}/change": manages, f"{path}/add": manages, f"{path}/2/change": manages,
            f"{path}/import": manages, f"{path}/follow-ups/new": manages, "/recommendations/new": manages,
        }  # fmt: skip
        for address, sees in expected.items():
            answer = client.get(address)
            assert (answer.status_code in (200, 303)) is sees, (person, address, answer.status_code)
            assert sees or answer.status_code == 404, (person, address)


def test_a_part_of_a_report_tells_nothing_of_the_rest(database, now, sign_in):
    followed = report_of(database, now, 2)
    published(followed, (Outcome.FULLY, Outcome.NOT))
    database.commit()
    client = sign_in(followed.council.team_manager.id)
    report, document = client.get(followed.path).text, client.get(f"{followed.path}/follow-ups/1").text
    export = client.get(f"{followed.path}/export").data
    for page in (report, document):
        assert "Improve step 2." in page
        for hidden in ("Improve step 1.", "Whether prompt action", "The process is well designed", "219"):
            assert hidden not in page, hidden
    assert len(export) < len(sign_in(followed.council.qa.id).get(f"{followed.path}/export").data)


def test_what_somebody_owned_is_no_longer_theirs_to_see(database, now):
    followed = report_of(database, now, 1)
    (one,) = followed.recommendations
    owner = followed.viewer(followed.council.service_manager)
    auditor = followed.council.auditor_b
    operations.change_recommendation(one, RecommendationInput(one.text, auditor.id), "x", one.version, followed.qa, now)
    assert queries.recommendation_of(followed.viewer(auditor), followed.report, 1).id == one.id
    operations.change_recommendation(one, RecommendationInput(one.text), "x", one.version, followed.qa, now)
    with pytest.raises(NotFound):
        queries.recommendation_of(followed.viewer(auditor), followed.report, 1)
    assert queries.recommendation_of(owner, followed.report, 1).id == one.id
