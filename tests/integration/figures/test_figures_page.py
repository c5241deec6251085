"""The list of audits that a figure counts: it agrees with the figure, and shows nobody more than they may open."""

import io

import openpyxl
import pytest

from qa_app.access.viewer import system
from qa_app.cases.models import Case
from qa_app.figures import queries
from qa_app.figures.cuts import month_of
from qa_app.figures.presenters.lists import address
from qa_app.figures.queries.lists import STANDINGS
from qa_app.trail.models import TrailEntry
from tests.factories.audits import audit_at


@pytest.fixture
def scene(database, now):
    made = audit_at(database, "submitted", now, "requires_improvement")
    database.commit()
    return made


def how_many(cut, **asked):
    return queries.counted_audits(cut, asked, system()).counted


def test_each_way_to_narrow_agrees_with_the_counts(scene):
    cut = month_of(scene.round.month)
    rows = queries.audit_counts(cut, system())
    for standing in ("not_started", "in_progress", "on_time", "late"):
        assert how_many(cut, standing=standing) == sum(row.n for row in rows if row.standing == standing)
    groups = {"submitted": ("on_time", "late"), "outstanding": ("not_started", "in_progress")}
    for key, standings in groups.items():
        assert how_many(cut, standing=key) == sum(row.n for row in rows if row.standing in standings) > 0
    assert how_many(cut, standing="not_final") == sum(row.n for row in rows if row.after and not row.is_final)
    assert set(STANDINGS) == {"not_started", "in_progress", "on_time", "late", "not_final", *groups}
    for row in rows:
        if row.after:
            assert how_many(cut, before=row.before) == sum(other.n for other in rows if other.before == row.before)
            assert how_many(cut, after=row.after) == sum(other.n for other in rows if other.after == row.after)
    sections = queries.section_counts(cut, system())
    assert sections
    for row in sections:
        assert how_many(cut, section=row.key, answer=row.grade, after=row.after) == row.n
    for talk in queries.conversation_counts(cut, system()):
        assert how_many(cut, talk=talk.with_whom, held="yes" if talk.held else "no") == talk.n > 0
    place = cut._replace(service_id=scene.council.service_b.id)
    assert how_many(place) == sum(row.n for row in rows if row.service_id == place.service_id) > 0


def test_a_figure_opens_into_its_audits(sign_in, scene):
    cut = month_of(scene.round.month)
    qa = sign_in(scene.council.qa.id)
    page = qa.get(address(cut, standing="submitted")).get_data(as_text=True)
    assert "1 audit, June 2026" in page
    assert scene.audit.reference in page
    assert 'href="/audits/2026-06/' in page
    assert '<details class="app-filters">' in page, "the audits come first, and tags say what is in force"
    file = qa.get(address(cut, standing="submitted").replace("audits?", "audits/export?")).data
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert [row[0].value for row in book.active.rows] == ["Audit", scene.audit.reference]


def test_a_download_is_recorded(sign_in, database, scene):
    sign_in(scene.council.qa.id).get(address(month_of(scene.round.month)).replace("audits?", "audits/export?"))
    assert database.query(TrailEntry).order_by(TrailEntry.id.desc()).first().event == "figures:exported"


def test_what_one_may_not_open_is_counted_and_not_listed(sign_in, database, scene):
    cut = month_of(scene.round.month)
    database.get(Case, scene.audit.case_id).restricted = True
    database.commit()
    page = sign_in(scene.council.director.id).get(address(cut, standing="submitted")).get_data(as_text=True)
    assert "1 audit, June 2026" in page
    assert scene.audit.reference not in page
    assert "1 audit more counted here, not listed" in page


def test_grades_stay_from_the_moderator_who_has_not_graded(sign_in, database, scene):
    cut = month_of(scene.round.month)
    manager = scene.council.team_manager
    scene.audit.blind_for_id = manager.id
    database.commit()
    reader = sign_in(manager.id)
    assert scene.audit.reference not in reader.get(address(cut, after="requires_improvement")).get_data(as_text=True)
    scene.audit.blind_for_id = None
    database.commit()
    assert scene.audit.reference in reader.get(address(cut, after="requires_improvement")).get_data(as_text=True)


def test_another_service_is_neither_counted_nor_listed(sign_in, scene):
    cut = month_of(scene.round.month)
    page = sign_in(scene.council.head_of_service_b.id).get(address(cut, standing="submitted")).get_data(as_text=True)
    assert "0 audits, June 2026" in page
    assert scene.audit.reference not in page


@pytest.mark.parametrize(
    "asked", ["from=2026-13&to=x", "service=999999", "type=none", "standing=odd", "from=2026-06&to=2026-01"]
)
def test_an_address_that_nobody_offered_shows_what_there_is(sign_in, scene, asked):
    assert sign_in(scene.council.qa.id).get(f"/figures/audits?{asked}").status_code == 200
