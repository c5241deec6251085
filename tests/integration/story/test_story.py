"""The whole story of an audit: complete, in order, in London days, and each reader seeing what they may."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qa_app.actions import operations as actions
from qa_app.actions.inputs import Source, VerifyInput
from qa_app.actions.models import Action
from qa_app.actions.states import Outcome as Found
from qa_app.audits import operations as audits
from qa_app.audits import queries
from qa_app.audits.models import Audit, DeclarationKind
from qa_app.cases.models import Case
from qa_app.exemptions import operations as exemptions
from qa_app.exemptions.models import ExemptionRequest
from qa_app.people.models import Deputy
from qa_app.slippage import operations as slippage
from qa_app.story.presenters import story_page
from qa_app.story.queries import story_of
from qa_app.story.telling import SAVES, About
from qa_app.trail.models import TrailEntry
from tests.factories.audits import act, fill, issued_round
from tests.factories.exemptions import STATEMENT, ask
from tests.factories.improvement import meet, schedule, started
from tests.factories.moderation import moderation_at
from tests.factories.rounds import viewer
from tests.factories.slippage import raised, walk_to
from tests.statements import MOST, counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFLICT = "CANARY-CONFLICT: I know this family."


@pytest.fixture
def told(database, now):
    """An audit to which everything has happened: hour by hour, and the last of it on the next day."""
    scene = issued_round(database, now)
    audit, who, qa, people = scene.audit, scene.auditor, scene.qa, scene.council
    exemption = ask(people.auditor, now + HOUR)
    exemptions.forward(exemption, "I support it.", scene.viewer(people.head_of_service), now + HOUR)
    exemptions.refuse(exemption, "Exchange dates.", scene.viewer(people.director), now + HOUR)
    scene.now = now + 2 * HOUR
    walk_to(scene, raised(scene), "resolved")
    declared = audits.declare(audit, DeclarationKind.CONFLICT, CONFLICT, who, now + 3 * HOUR)
    audits.answer_declaration(declared, audits.Answer(audits.Outcome.KEPT, "It is long ago."), qa, now + 3 * HOUR)
    fill(audit, who, now + 4 * HOUR, "requires_improvement")
    audits.submit_audit(audit, who, now + 5 * HOUR)
    audits.return_audit(audit, "Say more on the father.", qa, now + 6 * HOUR)
    section = queries.sections_of(audit)[1]
    typed = audits.SectionInput("requires_improvement", "Seen.", "More.", False)
    audits.save_section(audit, section.domain, typed, section.answer.version, who, now + DAY)
    act(audit, queries.sections_of(audit)[0].domain, who, now + DAY, "See the mother too")
    audits.submit_audit(audit, who, now + DAY + HOUR)
    one = database.scalars(select(Action).order_by(Action.id)).first()
    actions.report_done(one, "He was seen.", scene.viewer(one.owner), now + DAY + 2 * HOUR)
    verifier = scene.viewer(people.service_manager)
    actions.verify(one, VerifyInput(Found.FULLY, "It is in the file."), verifier, now + DAY + 3 * HOUR)
    database.commit()
    return scene


def words(scene, person, audit=None):
    who = scene.viewer(getattr(scene.council, person))
    page = story_page(audit or scene.audit, story_of(audit or scene.audit, who), who)
    return [line.words for day in page.days for line in day.lines]


def test_the_whole_story_newest_first(told, database):
    one, two = (action.reference for action in database.scalars(select(Action).order_by(Action.id)))
    assert words(told, "qa") == [
        f"Action {one} verified: fully implemented",
        f"Action {one} reported as done",
        f"Action {two} raised, due 25 June 2026",
        "Submitted again: version 2",
        "Worked on 1 section",
        "Returned to the auditor",
        f"Action {one} raised, due 24 June 2026",
        "Submitted, in time",
        "Worked on 12 sections, the conversations and the overall grade",
        "Begun",
        "What the auditor declared was answered: the audit stays with them",
        "The auditor said that they can't audit this case",
        "Slippage notice closed: no capacity",
        "Slippage notice forwarded to the QA team",
        "Slippage notice acknowledged",
        "The auditor said that it may be late",
        "The exemption was refused",
        "The exemption was forwarded to the Director",
        "The auditor asked for an exemption",
        "Issued to its auditor",
        "Allocated with its round",
    ]


KINDS = {
    "audit": "Submitted, in time",
    "notice": "The auditor said that it may be late",
    "exemption": "The auditor asked for an exemption",
    "action": "reported as done",
    "conflict": CONFLICT,
}
ALL_KINDS = set(KINDS)
A_MANAGER = {"audit", "notice", "action"}
SEEN = {
    "auditor": {"audit", "notice", "exemption", "conflict", "action"},
    "team_manager": A_MANAGER,
    "service_manager": A_MANAGER,
    "head_of_service": A_MANAGER | {"exemption"},
    "practice_lead": A_MANAGER,
    "qa": ALL_KINDS,
    "director": A_MANAGER | {"exemption"},
    "executive": A_MANAGER | {"exemption"},
}
"""Which kinds of event each reader of the audit sees; nobody else reaches the page."""
PEOPLE = [
    *SEEN, "auditor_b", "moderator", "lead_auditor", "team_manager_a2", "team_manager_b1", "service_manager_b",
    "head_of_service_b", "scrutiny", "administrator",
]  # fmt: skip


@pytest.mark.parametrize("person", PEOPLE)
def test_each_reader_sees_their_kinds_of_event_and_no_other(told, database, sign_in, person):
    told.audit.team_id = told.council.team_a1.id
    for action in database.scalars(select(Action)):
        action.team_id = told.council.team_a1.id
    database.commit()
    answer = sign_in(getattr(told.council, person).id).get(f"{told.path}/story")
    assert answer.status_code == (200 if person in SEEN else 404)
    seen = {kind for kind, sign in KINDS.items() if sign in answer.get_data(as_text=True).replace("&#39;", "'")}
    assert seen == SEEN.get(person, set())
    for secret in (STATEMENT, "I support it.", "Exchange dates.", "He was seen."):
        assert secret not in answer.text


@pytest.mark.parametrize(("person", "seen"), [
    ("service_manager_b", {"audit", "action"}), ("head_of_service_b", {"audit", "action"}),
    ("team_manager_b1", {"audit", "action"}), ("head_of_service", None), ("team_manager", None),
    ("auditor", SEEN["auditor"]), ("qa", ALL_KINDS),
])  # fmt: skip
def test_a_case_of_another_service_tells_its_managers_nothing_of_the_auditor_s_own(
    told, database, sign_in, person, seen
):
    """The auditor is of service A, the case of service B: notices and exemptions are for the managers of A."""
    people = told.council
    told.audit.service_id, told.audit.team_id = people.service_b.id, people.team_b1.id
    for action in database.scalars(select(Action)):
        action.service_id, action.team_id = people.service_b.id, people.team_b1.id
    database.commit()
    answer = sign_in(getattr(people, person).id).get(f"{told.path}/story")
    assert answer.status_code == (404 if seen is None else 200)
    if seen is not None:
        text = answer.get_data(as_text=True).replace("&#39;", "'")
        assert {kind for kind, sign in KINDS.items() if sign in text} == seen


def test_another_who_asked_is_not_told_to_whoever_has_it_now(told, database):
    """The exemption and the reasons of whoever had it before are theirs, the QA team's and the deciders'."""
    scene, people = told, told.council
    audit = next(a for a in scene.audits[1:] if a.auditor_id == people.auditor.id)
    audits.reassign_audit(audit, people.auditor_b.id, "A swap.", scene.qa, scene.now)
    assert "The auditor asked for an exemption" in words(scene, "qa", audit)
    assert "The auditor asked for an exemption" not in words(scene, "auditor_b", audit)
    assert "Given to another auditor: Bryn Pritchard" in words(scene, "auditor_b", audit)


def test_an_exemption_of_another_month_is_no_part_of_it(told, database):
    request = database.scalars(select(ExemptionRequest)).one()
    request.first_month = request.last_month = request.first_month.replace(month=7)
    database.flush()
    assert not any("xempt" in line for line in words(told, "qa"))


def reserve(database, scene):
    taken = {audit.case_id for audit in scene.audits}
    return database.scalars(select(Case).where(Case.id.not_in(taken), Case.team_id == scene.audit.team_id)).first()


def test_a_case_in_the_place_of_another(database, now):
    scene = issued_round(database, now)
    first = scene.audit
    new = audits.replace_case(first, reserve(database, scene), "Closed.", scene.qa, now + HOUR)
    assert words(scene, "qa", new) == ["Taken in the place of another case"]
    assert words(scene, "qa")[:2] == ["Another case was taken in its place", "Withdrawn"]
    audits.reassign_audit(new, scene.council.auditor_b.id, "A swap.", scene.qa, now + 2 * HOUR)
    assert words(scene, "qa", new)[-1] == "Taken in the place of another case"


def test_days_are_london_days_and_saves_one_line_a_day(database, now):
    scene = issued_round(database, now)
    audit, who = scene.audit, scene.auditor
    domain = queries.sections_of(audit)[1].domain
    late = datetime(2026, 6, 17, 22, 50, tzinfo=UTC)
    version = 0
    for minute, text in enumerate(["a", "ab", "abc"]):
        at = late + timedelta(minutes=8 * minute)
        version = audits.save_section(audit, domain, audits.SectionInput(None, text), version, who, at)
    page = story_page(audit, story_of(audit, who), who)
    assert [(day.heading, [line.words for line in day.lines][:1]) for day in page.days] == [
        ("Thu 18 June 2026", ["Worked on 1 section"]), ("Wed 17 June 2026", ["Worked on 1 section"]),
    ]  # fmt: skip
    saved = [line for day in page.days for line in day.lines if line.words.startswith("Worked")]
    assert [line.at for line in saved] == [late + timedelta(minutes=16), late + timedelta(minutes=8)][: len(saved)]


def test_a_deputy_and_the_system_are_named_as_they_acted(database, now):
    scene = issued_round(database, now)
    people = scene.council
    notice = raised(scene)
    database.add(
        Deputy(
            person_id=people.head_of_service.id,
            deputy_id=people.service_manager_b.id,
            starts_on=now.date(),
            ends_on=now.date(),
        )
    )
    database.flush()
    slippage.acknowledge(notice, "", viewer(people.service_manager_b, now), now)
    page = story_page(scene.audit, story_of(scene.audit, scene.qa), scene.qa)
    by = {line.words: line.by for day in page.days for line in day.lines}
    assert by["Slippage notice acknowledged"] == "Joss Whelan, on behalf of Kavita Rowntree"
    assert by["Allocated with its round"] == "the system"


def test_links_lead_to_pages_and_looking_is_a_view_in_the_trail(told, database, sign_in):
    client = sign_in(told.council.qa.id)
    before = database.scalar(select(TrailEntry.id).order_by(TrailEntry.id.desc()).limit(1))
    page = BeautifulSoup(client.get(f"{told.path}/story").text, "html.parser").find("main")
    viewed = database.scalars(select(TrailEntry).where(TrailEntry.id > before)).all()
    assert [(entry.event, entry.subject_id) for entry in viewed] == [("audit:viewed", told.audit.id)]
    for link in {a["href"] for a in page.select("ol a")}:
        assert client.get(link).status_code == 200, link
    assert f'href="{told.path}/story"' in client.get(told.path).text
    assert any(a["href"].startswith("/actions/") for a in page.select("ol a"))


def test_it_asks_as_often_for_a_long_story_as_for_a_short_one(told, database, sign_in):
    number, who, people = told.audit.id, told.auditor, told.council
    ids = {name: getattr(people, name).id for name in ("qa", "auditor", "head_of_service")}
    clients, path = {name: sign_in(key) for name, key in ids.items()}, f"{told.path}/story"
    counts = {}
    for turn in range(2):
        for name, client in clients.items():
            database.expunge_all()
            with counted() as seen:
                assert client.get(path).status_code == 200
            counts.setdefault(name, []).append(len(seen))
        audit = database.get(Audit, number)
        if turn == 0:
            audits.return_audit(audit, "Again.", told.qa, told.now + 2 * DAY)
        for n in range(30):
            section = queries.sections_of(audit)[2]
            typed = audits.SectionInput("good", f"Seen {n}.")
            audits.save_section(audit, section.domain, typed, section.answer.version, who, told.now + 2 * DAY)
        database.commit()
    assert all(len(set(found)) == 1 and found[0] <= MOST for found in counts.values()), counts


def test_nothing_is_told_that_stands_in_no_table(told):
    happened = story_of(told.audit, told.qa).happened
    assert {each.event for each in happened if each.about is About.AUDIT} >= set(SAVES)
    assert not any(each.event.endswith((":viewed", ":raised")) and each.about is About.ACTION for each in happened)


COURSE = {"Chosen for moderation", "Given to a moderator: Carys Whitlock", "The moderator began"}
RESULTS = {
    "moderated": {"Moderated"},
    "disputed": {"Moderated", "The moderated grade was disputed"},
    "decided": {
        "Moderated", "The moderated grade was disputed", "The moderation panel decided the grade", "Made final",
    },
    "accepted": {
        "Moderated", "The auditor read the moderator's feedback",
        "The moderated grade stands", "Made final",
    },
}  # fmt: skip
MANAGERS = ("team_manager", "service_manager", "head_of_service", "practice_lead", "qa", "director", "executive")


@pytest.mark.parametrize("state", RESULTS)
def test_the_course_of_a_moderation_is_for_its_readers_and_what_came_of_it_for_the_audit_s(database, now, state):
    made = moderation_at(database, state, now)
    scene = made.scene
    scene.audit.team_id = scene.council.team_a1.id
    database.flush()
    every = COURSE | RESULTS["decided"] | RESULTS["accepted"]
    for person in ("auditor", *MANAGERS):
        expected = RESULTS[state] | (COURSE if person != "auditor" else set())
        assert set(words(scene, person)) & every == expected, person
        assert not any(
            grade in line.lower()
            for line in words(scene, person)
            for grade in ("inadequate", "requires", "outstanding")
        )


def test_a_blind_moderator_reads_no_story_before_grading(database, now, sign_in):
    made = moderation_at(database, "in_progress", now)
    made.scene.audit.blind_for_id = made.scene.council.qa.id
    database.commit()
    answer = sign_in(made.scene.council.qa.id).get(f"{made.scene.path}/story")
    assert (answer.status_code, answer.headers["Location"]) == (303, made.path)


def test_an_action_that_it_links_to_is_told_from_the_link_on(told, database):
    other = next(a for a in told.audits[1:] if a.auditor_id == told.council.auditor.id)
    action = database.scalars(select(Action).where(Action.state == "open")).one()
    actions.add_note(action, "Before the link.", told.qa, told.now)
    source = Source("audit", other.id, "planning", "Audit", other.team_id, other.service_id)
    later = told.now + 4 * DAY
    actions.link(action, source, told.qa, later)
    actions.add_note(action, "After the link.", told.qa, later + HOUR)
    reference = action.reference
    assert words(told, "qa", other)[:2] == [
        f"Note on action {reference}", f"Linked to action {reference}, which was open already",
    ]  # fmt: skip
    assert sum(reference in line for line in words(told, "qa", other)) == 2
    assert not any("Linked" in line for line in words(told, "qa"))


COURSE_OF_PROCESS = (
    "Improvement process {} began", "Managers were told that improvement process {} began",
    "Day-three meeting: done (improvement process {})", "Improvement plan: done (improvement process {})",
)  # fmt: skip


def test_the_stages_of_an_improvement_process_are_for_its_readers(database, now):
    scene, process = started(database, now)
    meet(scene, process, now + DAY)
    schedule(scene, process, now + DAY)
    planned = database.scalars(select(Action).where(Action.source_type == "improvement process")).one()
    process.team_id = scene.audit.team_id = planned.team_id = scene.council.team_a1.id
    database.flush()
    expected = {line.format(process.reference) for line in COURSE_OF_PROCESS}
    for person in ("auditor", *MANAGERS):
        told = words(scene, person)
        process_lines = {line for line in told if process.reference in line}
        assert bool(process_lines) is (person != "auditor"), person
        assert process_lines >= (expected if person != "auditor" else set()), (person, process_lines)
        sees_plan = any(planned.reference in line for line in told)
        assert sees_plan is (person != "auditor"), person
    assert any(line.startswith("Re-audit planned for ") for line in words(scene, "qa"))
    assert words(scene, "qa", process.reaudit)[-1] == "Given out as a re-audit: Bryn Pritchard"


def test_a_process_leads_to_its_page(database, now, sign_in):
    scene, process = started(database, now)
    database.commit()
    client = sign_in(scene.council.qa.id)
    page = client.get(f"{scene.path}/story").text
    assert f'href="/improvement/{process.reference}"' in page
    assert client.get(f"/improvement/{process.reference}").status_code == 200


def test_what_follows_by_itself_is_nobody_s_act(database, now):
    made = moderation_at(database, "accepted", now)
    scene = made.scene
    page = story_page(scene.audit, story_of(scene.audit, scene.qa), scene.qa)
    by = {line.words: line.by for day in page.days for line in day.lines}
    assert by["Chosen for moderation"] == by["Given to a moderator: Carys Whitlock"] == "the system"
    assert by["Moderated"] == "Carys Whitlock"
    assert by["The auditor read the moderator's feedback"] == by["Submitted, in time"] == "Asha Okafor"
