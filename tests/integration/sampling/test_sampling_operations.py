"""A draw on the database: all of it kept, the same everywhere, and never edited by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.core.errors import BadInput
from qa_app.rounds import operations as rounds
from qa_app.rounds.queries import audit_type
from qa_app.rounds.states import RoundState
from qa_app.sampling import queries
from qa_app.sampling.frame import frame_digest, in_order_of_use
from qa_app.sampling.model import (
    ExclusionRules,
    FrameCase,
    NumberOfCases,
    NumberPerTeam,
    PercentageOfOpen,
    Pick,
    QuotaPerService,
)
from qa_app.sampling.models import LeftOut, SampledCase
from qa_app.sampling.operations import next_reserve
from qa_app.sampling.options import DrawRules, size_as_json, size_in_words, size_of
from tests.factories import people
from tests.factories.rounds import JUNE, case_list, round_at

DRAWN = [
    "LAE-0008", "LAE-0003", "LAW-0009", "LAE-0012", "NS-0005", "SS-0012", "NS-0009", "NS-0012",
]  # fmt: skip


@pytest.fixture
def council(database, now):
    return people.council(database, now)


@pytest.fixture
def cases(database, council, now):
    return case_list(database, council, now)


def _references(round_id):
    return [sampled.case.reference for sampled in queries.drawn_cases(round_id)]


@pytest.mark.usefixtures("cases")
def test_the_same_list_and_seed_give_the_same_sample_on_every_database(now):
    # Worked out apart from the app (the four smallest of SHA-256(seed, reference) a service): SQLite, PostgreSQL, any process.
    made = round_at(RoundState.SAMPLED, now)
    draw = queries.current_draw(made.id)
    assert draw.frame_digest == "e7ae866547aba6222bb492d7140869105c3e386165df776f4f5f128642e3072c"
    assert _references(made.id) == DRAWN


@pytest.mark.usefixtures("cases")
def test_everything_about_the_draw_is_kept(database, council, now):
    made = round_at(RoundState.SAMPLED, now)
    draw = queries.current_draw(made.id)
    assert (draw.number, draw.seed, draw.size) == (1, "seed", {"kind": "number", "value": 8})
    assert draw.exclusions["audited_within_months"] == 12
    assert [(row["name"], row["open"], row["drawn"]) for row in draw.strata] == [
        ("Children in Care", 24, 4),
        ("Safeguarding and Support", 24, 4),
    ]
    assert len(queries.cases_of(draw.id, is_reserve=True)) == 10
    assert queries.counts([made.id]) == {made.id: 8}


def test_cases_left_out_are_kept_with_their_reasons(database, council, cases, now):
    today = now.date()
    cases[0].restricted = True
    cases[1].last_audited_on = today - timedelta(days=90)
    cases[2].opened_on = today - timedelta(days=7)
    cases[3].being_audited = True
    cases[4].closed_on = today
    database.flush()
    made = round_at(RoundState.SAMPLED, now, size=43)
    draw = queries.current_draw(made.id)
    out, total = queries.left_out(draw.id, {}, [], limit=50)
    assert total == 4
    assert {row.case.reference: row.reason for row in out} == {
        cases[0].reference: "restricted",
        cases[1].reference: "recently_audited",
        cases[2].reference: "too_new",
        cases[3].reference: "in_round",
    }
    assert len(_references(made.id)) == 43
    found = {sampled.case_id for sampled in queries.cases_of(draw.id, is_reserve=False)}
    assert found.isdisjoint({case.id for case in cases[:5]})
    one, count = queries.left_out(
        draw.id, {"reason": "restricted", "service": str(council.service_a.id), "q": "ns"}, [], limit=5
    )
    assert (count, one[0].explanation) == (1, "It is marked restricted.")


def test_what_another_round_of_the_month_drew_is_not_drawn_again(cases, now):
    monthly = round_at(RoundState.SAMPLED, now, size=30)
    dip = rounds.create_round(JUNE, audit_type("dip"), system(), now)
    rounds.draw_sample(dip, NumberOfCases(18), "other", system(), now)
    assert set(_references(monthly.id)).isdisjoint(_references(dip.id))


@pytest.mark.usefixtures("cases")
def test_drawn_again_only_as_a_whole_with_a_reason_that_stays(database, now):
    made = round_at(RoundState.SAMPLED, now)
    first = _references(made.id)
    with pytest.raises(BadInput, match="Enter why the sample is drawn again"):
        rounds.draw_sample(made, NumberOfCases(8), "again", system(), now, "  ")
    rounds.draw_sample(made, NumberOfCases(8), "again", system(), now, "A new list was imported")
    assert _references(made.id) != first
    newest, oldest = queries.draws(made.id)
    assert (newest.number, newest.reason, oldest.replaced_at) == (2, "A new list was imported", now)
    assert [sampled.case.reference for sampled in queries.cases_of(oldest.id, is_reserve=False)] == first


@pytest.mark.usefixtures("council")
def test_without_a_case_list_it_says_what_to_do(now):
    with pytest.raises(BadInput, match="Import the case list first"):
        round_at(RoundState.SAMPLED, now)


@pytest.mark.usefixtures("cases")
def test_when_nothing_could_be_drawn_it_says_why(now):
    made = round_at(RoundState.PLANNED, now)
    rules = DrawRules(ExclusionRules(weeks_open=500), 5)
    with pytest.raises(BadInput, match="every open case is left out"):
        rounds.draw_sample(made, NumberOfCases(8), None, system(), now, rules=rules)


@pytest.mark.usefixtures("cases")
def test_a_size_that_cannot_be_used_is_refused(now):
    made = round_at(RoundState.PLANNED, now)
    with pytest.raises(BadInput) as refusal:
        rounds.draw_sample(made, NumberOfCases(0), None, system(), now)
    assert set(refusal.value.fields) == {"size"}


@pytest.mark.parametrize(
    ("size", "words", "drawn"),
    [
        (NumberOfCases(1), "1 case", 1),
        (NumberPerTeam(2), "2 cases from each team", 8),
        (PercentageOfOpen(Decimal("12.5")), "12.5% of open cases", 6),
        (QuotaPerService({"Children in Care": 3, "Safeguarding and Support": 0}), "Children in Care 3", 3),
    ],
)
@pytest.mark.usefixtures("cases")
def test_every_kind_of_size(now, size, words, drawn):
    assert size_of(size_as_json(size)) == size
    assert size_in_words(size_as_json(size)) == words
    made = round_at(RoundState.PLANNED, now)
    rounds.draw_sample(made, size, None, system(), now)
    assert len(_references(made.id)) == drawn


def test_reserves_are_used_once_in_order_and_only_while_they_can_be(database, council, cases, now):
    made = round_at(RoundState.SAMPLED, now)
    kept = [
        row.case for row in queries.cases_of(queries.current_draw(made.id).id, is_reserve=True)
        if row.service_id == council.service_a.id
    ]  # fmt: skip
    kept[1].closed_on = now.date()
    kept[2].restricted = True
    kept[3].being_audited = True
    database.flush()
    assert next_reserve(made.id, council.service_a.id, now) is kept[0]
    assert next_reserve(made.id, council.service_a.id, now) is kept[4]
    assert next_reserve(made.id, council.service_a.id, now) is None
    used = database.scalars(select(SampledCase.case_id).where(SampledCase.used_at.is_not(None))).all()
    assert set(used) == {kept[0].id, kept[4].id}
    assert next_reserve(made.id, council.service_b.id, now) is not None


def _frame(**changes):
    case = {"id": 1, "reference": "1", "service_name": "A", "team_name": "T", "case_type": "x",
            "opened_on": None, "last_audited_on": None}  # fmt: skip
    return FrameCase(**(case | changes))


def test_the_digest_is_of_the_list_and_not_of_its_order_or_ids():
    one, two = _frame(), _frame(reference="2")
    assert frame_digest([one, two]) == frame_digest([two, _frame(id=9)])
    for change in ({"restricted": True}, {"team_name": "U"}, {"last_audited_on": date(2026, 1, 1)}, {"in_round": True}):
        assert frame_digest([one]) != frame_digest([_frame(**change)])
    assert frame_digest([one, _frame(reference="3", is_open=False)]) == frame_digest([one])


def test_reserves_of_a_service_drawn_by_team_are_used_in_random_order():
    picks = [Pick(_frame(reference=str(n), team_name=f"T{n}"), f"A: T{n}", 1) for n in range(20)]
    ordered = in_order_of_use(picks, "s")
    assert ordered == in_order_of_use(reversed(picks), "s")
    assert ordered != picks


def test_a_left_out_case_is_never_without_a_reason(database, cases, now):
    cases[0].restricted = True
    database.flush()
    round_at(RoundState.SAMPLED, now)
    assert all(row.reason and row.explanation for row in database.scalars(select(LeftOut)))


def test_an_unknown_kind_of_size_is_refused():
    with pytest.raises(ValueError, match="no sample size"):
        size_of({"kind": "all", "value": 1})
