"""Every move of a report from every state, and what an operation refuses."""

from datetime import timedelta

import pytest

from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.reports import operations, running
from qa_app.reports.models import Edition
from qa_app.reports.states import EDITION, Audience, EditionState, ReportKind
from qa_app.rounds import operations as rounds
from tests.factories.audits import audit_at
from tests.factories.reports import edition_at

S = EditionState


@pytest.fixture
def scene(database, now):
    made = audit_at(database, "submitted", now)
    rounds.close_round(made.round, made.qa, now)
    database.commit()
    return made


OPERATIONS = {
    "built": lambda found, who, now: operations.keep_content(found, {"sections": []}, who, now),
    "build_again": lambda found, who, now: operations.build_again(found, found.version, who, now),
    "send_for_review": lambda found, who, now: operations.send_for_review(found, found.version, who, now),
    "give_back": lambda found, who, now: operations.give_back(found, found.version, who, now),
    "publish": lambda found, who, now: operations.publish(found, found.version, who, now),
}


@pytest.mark.parametrize("state", list(EditionState))
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_move_is_made_from_its_states_alone(database, scene, now, state, name):
    found = edition_at(state, scene.qa, now)
    legal = EDITION.moves[name]
    if state in legal.sources:
        OPERATIONS[name](found, scene.qa, now)
        assert found.state == legal.target
    else:
        with pytest.raises(IllegalMove):
            OPERATIONS[name](found, scene.qa, now)
        assert found.state == state


@pytest.mark.parametrize("name", ["build_again", "send_for_review", "publish"])
def test_a_stale_page_changes_nothing(scene, now, name):
    found = edition_at(S.DRAFT, scene.qa, now)
    with pytest.raises(Stale):
        getattr(operations, name)(found, found.version - 1, scene.qa, now)
    assert found.state == S.DRAFT


@pytest.mark.parametrize("state", list(EditionState))
def test_words_are_written_in_drafts_alone(scene, now, state):
    found = edition_at(state, scene.qa, now)
    if state in (S.DRAFT, S.IN_REVIEW):
        assert operations.write(found, {"grades": "Another word."}, 1, scene.qa, now) == 2
        assert operations.write(found, {"grades": "Another word."}, 1, scene.qa, now) == 2
    else:
        with pytest.raises(IllegalMove):
            operations.write(found, {"grades": "Another word."}, 1, scene.qa, now)


def test_too_long_a_text_is_refused_and_says_where(scene, now):
    found = edition_at(S.DRAFT, scene.qa, now)
    with pytest.raises(BadInput) as refused:
        operations.write(found, {"grades": "x" * 20_001}, 1, scene.qa, now)
    assert refused.value.fields == {"grades": "Shorten this to 20,000 characters"}


@pytest.mark.parametrize("state", list(EditionState))
def test_only_what_is_published_and_newest_is_corrected(scene, now, state):
    found = edition_at(state, scene.qa, now)
    if state == S.PUBLISHED:
        made = operations.correct(found, "A late audit.", scene.qa, now)
        assert (made.number, made.narrative, made.state) == (2, found.narrative, S.BUILDING)
        with pytest.raises(IllegalMove):
            operations.correct(found, "Again.", scene.qa, now)
    else:
        with pytest.raises(IllegalMove):
            operations.correct(found, "A late audit.", scene.qa, now)


def test_a_correction_needs_a_reason(scene, now):
    found = edition_at(S.PUBLISHED, scene.qa, now)
    with pytest.raises(BadInput):
        operations.correct(found, " ", scene.qa, now)


def test_a_month_without_a_round_of_the_sample_is_published_as_it_is(scene, now):
    before = (now - timedelta(days=400)).date().replace(day=1)
    assert edition_at(S.PUBLISHED, scene.qa, now, month=before).state == S.PUBLISHED


def test_a_process_builds_what_was_begun_and_leaves_all_else(database, scene, now):
    found = edition_at(S.BUILDING, scene.qa, now, ReportKind.SCRUTINY, Audience.PUBLIC)
    database.commit()
    said = []
    running.run_builder(found.id, lambda: now, lambda edition_id, percent: said.append((edition_id, percent)))
    assert said == sorted(said)
    assert {edition_id for edition_id, _ in said} == {found.id}
    database.expire_all()
    built = database.query(Edition).one()
    assert (built.state, built.progress, built.built_at) == (S.DRAFT, 100, now)
    version = built.version
    running.run_builder(found.id, lambda: now)
    running.run_builder(999, lambda: now)
    database.expire_all()
    assert database.query(Edition).one().version == version


def test_a_scrutiny_report_is_built_apart(scene, now, app, monkeypatch, sign_in, database):
    begun = []
    monkeypatch.setitem(app.config, "START_BUILDER", begun.append)
    qa = sign_in(scene.council.qa.id)
    page = qa.get("/reports/new").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    chosen = {"csrf_token": token, "kind": "scrutiny", "month": "2026-06", "audience": "public"}
    assert "The figures are being read" in qa.post("/reports/new", data=chosen, follow_redirects=True).text
    assert begun == [database.query(Edition).one().id]
    refused = qa.post("/reports/new", data=chosen | {"kind": "monthly"})
    assert refused.status_code == 422
    assert "Choose one of the audiences that this report can be for" in refused.text


def test_who_is_not_of_the_qa_team_keeps_no_content_out(scene, now):
    with pytest.raises(NotAllowed):
        operations.correct(
            edition_at(S.PUBLISHED, scene.qa, now), "Why", scene.viewer(scene.council.head_of_service), now
        )
