"""The dashboard of a council that has just begun."""

from bs4 import BeautifulSoup

from qa_app.rounds.models import Round
from tests.factories.audits import audit_at
from tests.factories.people import council
from tests.integration.dashboard.statements import statements
from tests.statements import MOST


def test_before_the_first_round(database, sign_in, now):
    people = council(database, now)
    database.commit()
    page = BeautifulSoup(sign_in(people.director.id).get("/dashboard").get_data(as_text=True), "html.parser")
    assert "There is no round yet" in page.select_one("main").text


def test_it_takes_as_many_for_one_audit(database, now, sign_in):
    scene = audit_at(database, "submitted", now)
    database.commit()
    assert database.query(Round).count() == 1
    assert statements(sign_in(scene.council.qa.id)) == MOST
