"""The scrutiny report gives no small number away: not in itself, not beside an edition before, not by its words."""

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_app.audits.rules import Grade
from qa_app.core.errors import BadInput
from qa_app.figures.cuts import quarter_of, year_to
from qa_app.figures.model import (
    ActionRow,
    AuditCount,
    Completion,
    ConversationCount,
    ModerationRow,
    StageRow,
    Workers,
)
from qa_app.reports.blocks import HIDDEN, read_content
from qa_app.reports.building import build
from qa_app.reports.building.protecting import ALL, counts_of, name, services_of
from qa_app.reports.material import Earlier, Material, Targets
from qa_app.reports.states import Audience, ReportKind
from tests.unit.statistics.test_suppression import gives_away

SCALE = [
    Grade("outstanding", "Outstanding", True, False),
    Grade("good", "Good", True, False),
    Grade("requires_improvement", "Requires improvement", False, False),
    Grade("inadequate", "Inadequate", False, True),
    Grade("inadequate_critical", "Inadequate: critical", False, True),
]
KEYS = [grade.key for grade in SCALE]
SERVICES = {1: "Early Help", 2: "First Response", 3: "Looked After", 4: "Family Safeguarding"}
MONTH = date(2026, 6, 1)
SMALL_OR_NOT = st.one_of(st.integers(0, 6), st.integers(0, 40))


@st.composite
def materials(draw, earlier=()):
    """A quarter of some services, most numbers small."""
    services = dict(list(SERVICES.items())[: draw(st.integers(1, 4))])
    counts, done = [], []
    for key in services:
        grades = {grade: draw(SMALL_OR_NOT) for grade in KEYS}
        counts += [AuditCount(MONTH, key, key, "cin", "on_time", g, g, True, n) for g, n in grades.items() if n]
        late = draw(st.integers(0, 3))
        in_time = max(sum(grades.values()) - late, 0)
        done.append(Completion(MONTH, key, key, in_time + draw(st.integers(0, 8)), 0, 0, 0, in_time, late))
    moved = draw(st.lists(st.sampled_from(KEYS), max_size=12))
    child = draw(st.integers(0, 12))
    return Material(
        ReportKind.SCRUTINY,
        Audience.COMMITTEE,
        date(2026, 7, 20),
        quarter_of(MONTH),
        year_to(MONTH),
        Targets(40, 12, 100, 5),
        SCALE,
        services,
        {key: (f"Team {key}", key) for key in services},
        counts=counts,
        completion=done,
        workers=[Workers(key, draw(st.integers(0, 9)), draw(st.integers(0, 9))) for key in services],
        conversations=[ConversationCount("child", True, child), ConversationCount("child", False, draw(SMALL_OR_NOT))],
        moderations=[ModerationRow(1, 1, "share", 10, True, False, False, "good", "good", final) for final in moved],
        stages=[
            StageRow(1, 1, None, "", "reaudit", MONTH, MONTH, MONTH if n % 2 else date(2026, 6, 9), "done")
            for n in range(draw(st.integers(0, 12)))
        ],
        actions=[
            ActionRow(1, 1, False, "done", MONTH, MONTH, MONTH, MONTH if n % 3 else date(2026, 6, 9), None)
            for n in range(draw(st.integers(0, 12)))
        ],
        earlier=earlier,
    )


def hidden_of(made):
    return frozenset(made["hidden"])


@settings(max_examples=25, deadline=None)
@given(materials())
def test_whoever_knows_all_that_is_shown_cannot_work_a_hidden_number_out(material):
    made = build(material)
    table = counts_of(material, late="late" in made["hidden"] or "late" in made["shown"])
    assert {cell: table.counts[cell] for cell in made["shown"]} == made["shown"]
    assert set(made["shown"]) | hidden_of(made) == set(table.counts)
    assert not [cell for cell, value in made["shown"].items() if 0 < value < 5]
    stages = {cell for cell in hidden_of(made) if cell.startswith("stages|")}
    assert gives_away(table, hidden_of(made)).keys() <= stages  # hidden with the audits that they follow
    if stages and name("stages", ALL, ALL) in stages:
        assert stages == {cell for cell in table.counts if cell.startswith("stages|")}


@settings(max_examples=15, deadline=None)
@given(materials())
def test_a_service_of_one_or_two_people_shows_no_number_of_its_own(material):
    made = build(material)
    for one in material.workers:
        for table, people in (("grades", one.caseworkers), ("completion", one.auditors)):
            own = {
                cell for cell in counts_of(material).counts if cell.startswith(f"{table}|{SERVICES[one.service_id]}|")
            }
            assert own
            unexpected = table == "completion" and made["shown"].get(name(table, SERVICES[one.service_id], ALL))
            assert people not in (1, 2) or own <= hidden_of(made)
            assert people or not unexpected


@settings(max_examples=25, deadline=None)
@given(materials())
def test_what_is_printed_is_what_may_be_shown(material):
    made = build(material)
    content = read_content(json.loads(json.dumps(made)))
    tables = {block.title: block for section in content.sections for block in section.blocks if block.kind == "table"}
    printed = tables["Grades after moderation by service of the case"]
    for row, key in zip(printed.rows, [*services_of(material), ALL], strict=True):
        for cell, part in zip(row[1:], [*KEYS, ALL], strict=False):
            value = made["shown"].get(name("grades", key, part))
            assert cell.text == (HIDDEN if value is None else f"{value:,}")
        for cell, part in zip(row[-2:], ("good_or_better", "any_inadequate"), strict=True):
            count, base = (made["shown"].get(name("grades", key, one)) for one in (part, ALL))
            assert (cell.text == HIDDEN) == (count is None or base is None or base < 20)
            assert cell.value is None or cell.value == pytest.approx(count / base)
    for row, key in zip(tables["Completion by the auditors' service"].rows, [*services_of(material), ALL], strict=True):
        for cell, part in zip(row[1:4], (ALL, "done", "not_done"), strict=True):
            assert (cell.text == HIDDEN) == (name("completion", key, part) in made["hidden"])
    said = [block.texts for section in content.sections for block in section.blocks if block.kind == "sentences"]
    words = " ".join([*content.headlines, *(text for texts in said for text in texts)])
    pairs = [tuple(int(n.replace(",", "")) for n in found) for found in re.findall(r"([\d,]+) of ([\d,]+) \(", words)]
    values = set(made["shown"].values())
    assert all(count in values and base in values and base >= 20 for count, base in pairs)


def test_nothing_leads_anywhere_and_nobody_is_named():
    content = read_content(build(_plain()))
    cells = [c for s in content.sections for b in s.blocks if b.kind == "table" for row in b.rows for c in row]
    assert cells
    assert not [cell for cell in cells if cell.href]


def _plain(earlier=(), inadequate=6):
    rows = {"good": 30, "requires_improvement": 20, "inadequate": inadequate}
    counts = [AuditCount(MONTH, 1, 1, "cin", "on_time", g, g, True, n) for g, n in rows.items()]
    return Material(
        ReportKind.SCRUTINY, Audience.COMMITTEE, date(2026, 7, 20), quarter_of(MONTH), year_to(MONTH),
        Targets(40, 12, 100, 5), SCALE, {1: "Early Help"}, {1: ("Team", 1)}, counts=counts,
        completion=[Completion(MONTH, 1, 1, 70, 0, 0, 14, 56 if inadequate == 6 else 50 + inadequate, 0)], earlier=earlier,
        workers=[Workers(1, 9, 9)],
    )  # fmt: skip


def test_what_an_earlier_edition_hid_stays_hidden():
    first = build(_plain(inadequate=3))
    assert "grades|all|inadequate" in first["hidden"]
    earlier = (Earlier(MONTH, "committee", first["shown"], first["hidden"]),)
    second = build(_plain(earlier, inadequate=6))
    assert set(first["hidden"]) <= set(second["hidden"])


def test_what_gives_away_together_with_what_was_published_is_not_built():
    table = counts_of(_plain(inadequate=3))
    unguarded = {cell: value for cell, value in table.counts.items() if "inadequate" not in cell}
    earlier = (Earlier(MONTH, "committee", unguarded, ()),)
    with pytest.raises(BadInput, match="would give a hidden number away"):
        build(_plain(earlier, inadequate=3))


def test_the_trend_shows_only_what_was_published():
    shown = {"grades|all|all": 50, "grades|all|good_or_better": 25}
    before = Earlier(date(2026, 3, 1), "public", shown, ["grades|all|any_inadequate"])
    content = read_content(build(_plain((before,))))
    (section,) = [section for section in content.sections if section.key == "trend"]
    good, bad = (block.spec for block in section.blocks if block.kind == "picture")
    assert [point["words"] for point in good["points"]] == ["25 of 50 (50%)", "30 of 56 (54%)"]
    assert bad["points"][0]["value"] is None
    (said,) = [block.texts for block in section.blocks if block.kind == "sentences"]
    assert list(said) == [good["description"], bad["description"]]
    assert "No trend shows." in said[0]


@pytest.mark.parametrize(("inadequate", "hides"), [(3, True), (30, False)])
def test_what_stands_for_a_hidden_number_is_said_before_the_first_table(inadequate, hides):
    made = build(_plain(inadequate=inadequate))
    (said,) = [block.texts for block in read_content(made).sections[0].blocks if block.kind == "sentences"]
    assert bool(made["hidden"]) == hides
    assert any(text.startswith("In these tables [c] stands for") for text in said) == hides
