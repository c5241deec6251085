"""Pictures hold to the strict policy, are named for those who do not see them, and draw what they are given."""

import re

import html5lib
import pytest
from bs4 import BeautifulSoup

from qa_app.pictures.drawing import as_svg
from qa_app.pictures.filters import drawn
from qa_app.pictures.png import ZOOM, as_png
from qa_app.pictures.specs import Bar, Bars, Phase, Point, Progress, Stacked, StackedRow, Trend
from qa_app.pictures.trends import LEFT
from tests.unit.pictures.examples import BARS, EVERY_KIND, STACKED, TREND

FORBIDDEN = re.compile(r"<style|<script|\sstyle=|\son[a-z]+=|\sclass=|href=")
every_kind = pytest.mark.parametrize("picture", EVERY_KIND, ids=lambda picture: type(picture).__name__)


def soup(picture):
    return BeautifulSoup(as_svg(picture, "p"), "html.parser")


def words(picture):
    return " ".join(element.get_text() for element in soup(picture).select("text"))


@every_kind
def test_a_picture_holds_presentation_attributes_only(picture):
    text = as_svg(picture, "p")
    assert not FORBIDDEN.search(text)
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(f"<!DOCTYPE html><title>x</title>{text}")


def test_what_the_policy_forbids_would_be_found():
    assert FORBIDDEN.search('<g style="fill:red">') and FORBIDDEN.search("<style>") and FORBIDDEN.search(' onclick="x"')


@every_kind
def test_a_picture_has_a_role_a_name_and_a_description(picture):
    root = soup(picture).svg
    assert root["role"] == "img" and root["aria-labelledby"] == "p-title p-desc"
    assert root.select_one("title#p-title").text == picture.title
    assert root.select_one("desc#p-desc").text == picture.description


@every_kind
def test_nothing_lies_outside_of_the_picture(picture):
    root = soup(picture).svg
    height = float(root["height"])
    assert root["width"] == "100%"
    for element in root.find_all(True):
        for name in ("x", "x1", "x2", "cx", "width"):
            value = str(element.get(name, "0"))
            assert 0 <= float(value.rstrip("%")) <= 100, (name, element)
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height, (name, element)


@every_kind
def test_no_line_of_writing_is_wider_than_a_phone(picture):
    assert max(len(element.get_text()) for element in soup(picture).select("text")) <= 36


def test_text_is_escaped_and_shown_as_it_was_written():
    assert "Safeguarding & <Support>" in words(BARS)
    assert "<Support>" not in as_svg(BARS, "p")
    assert as_svg(Progress("<b>", "<i>", 1, 2, "w"), "p").count("&lt;") == 2


@pytest.mark.parametrize("name", ["", "1", "a b", 'a"', "a>"])
def test_a_name_that_cannot_be_an_id_is_refused(name):
    with pytest.raises(ValueError, match="not a name for an id"):
        as_svg(BARS, name)


def test_a_bar_is_as_long_as_its_value_and_a_hidden_one_is_not_drawn():
    assert [bar["width"] for bar in soup(BARS).select("rect")] == ["24%", "60%"]
    assert "fewer than 5" in words(BARS)


def test_without_an_end_the_axis_ends_at_the_greatest_value():
    picture = Bars("t", "d", (Bar("A", 3, "3"), Bar("B", 12, "12")))
    assert [bar["width"] for bar in soup(picture).select("rect")] == ["25%", "100%"]
    empty = Bars("t", "d", (Bar("A", 0, "0"),))
    assert [bar["width"] for bar in soup(empty).select("rect")] == ["0%"]


def test_stacked_parts_fill_the_bar_and_are_named_by_number():
    widths = [
        float(part["width"].rstrip("%"))
        for part in soup(STACKED).select("rect[stroke='#0b0c0c']")
        if "%" in part["width"]
    ]
    assert sum(widths) == pytest.approx(100, abs=0.05)
    assert "122" in words(STACKED) and "Nobody" in words(STACKED)


def test_a_row_with_a_hidden_count_has_no_total_and_no_part():
    picture = Stacked("t", "d", ("Good", "Inadequate"), (StackedRow("Few", (None, 9)),), hidden_words="hidden")
    assert words(picture).split() == ["Good", "Inadequate", "Few", "hidden"]
    assert [part for part in soup(picture).select("rect") if "%" in part["width"]] == []


def test_more_parts_than_tones_are_refused():
    with pytest.raises(ValueError, match="at most eight"):
        as_svg(Stacked("t", "d", tuple("abcdefghi"), ()), "p")


def test_a_signal_is_marked_by_form_letter_and_words():
    assert len(soup(TREND).select("circle[r='8']")) == 2
    assert "A Feb 26: above the upper limit" in words(TREND).replace("  ", " ")
    assert "B Jun 26: above the upper limit" in words(TREND).replace("  ", " ")


def test_a_gap_in_the_values_is_a_gap_in_the_line():
    joined = soup(TREND).select_one("g[stroke='#1d70b8'][stroke-width='2']")
    assert len(joined.select("line")) == 3


def test_limits_step_and_never_join_over_a_phase():
    points = tuple(Point(str(at), 1, "1", centre=2, upper=upper) for at, upper in enumerate((4, 4, 5, 5)))
    one_phase = Trend("t", "d", points)
    dashed = "g[stroke-dasharray='4 3'] line"
    assert len(soup(one_phase).select(dashed)) == 3
    assert len(soup(Trend("t", "d", points, phases=(Phase(2, "why"),))).select(dashed)) == 2
    assert len(soup(one_phase).select("g[stroke-width='2'] line")) == 1 + 3


def test_the_target_and_each_phase_stand_in_words():
    assert "Target: at most 12%" in words(TREND)
    assert "From May 26: the audit tool changed" in words(TREND)
    assert "From Jan 26" not in words(TREND)


def test_the_target_is_not_drawn_through_the_numbers_of_the_grid():
    target = [one for one in soup(TREND).select("line[stroke-dasharray='10 5']") if one["x2"] == "100%"]
    assert [one["x1"] for one in target] == [f"{LEFT}%"]


def test_the_axis_ends_at_a_round_number_above_all_values():
    def highest(*values, **options):
        points = tuple(Point("x", value, "x") for value in values)
        trend = Trend("t", "d", points, **options)
        return [text.text for text in soup(trend).select("text[x='0%'][fill='#484949']")][-1]

    assert highest(47, unit="%", most=100) == "60%"
    assert highest(100, unit="%", most=100) == "100%"
    assert highest(3, unit=" days") == "3"
    assert highest(1234) == "1,500"
    assert highest(0) == "1"
    assert highest() == "1"


def test_more_signals_than_letters_have_names_too():
    points = tuple(Point("x", 1, "1", signal="s") for _ in range(27))
    marks = [text.text for text in soup(Trend("t", "d", points)).select("text[paint-order]")]
    assert marks[0] == "A" and marks[25] == "Z" and marks[26] == "AA"


def test_progress_without_an_expectation_is_a_bar_and_words():
    picture = Progress("t", "d", 0, 0, "nothing to do")
    assert words(picture) == "nothing to do"
    assert [bar["width"] for bar in soup(picture).select("rect")] == ["100%", "0%"]
    assert len(soup(picture).select("line")) == 0


def test_a_picture_is_drawn_once_for_a_page():
    assert drawn(BARS, "p") is drawn(BARS, "p")
    assert drawn(BARS, "q") != drawn(BARS, "p")


@every_kind
def test_a_picture_becomes_a_png_of_the_width_asked_for(picture, app):
    png = as_png(picture, 400)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 400 * ZOOM


def test_a_page_shows_the_picture_with_its_table_behind(app):
    template = app.jinja_env.from_string(
        '{% from "components/picture.html" import picture %}{{ picture(spec, "grades") }}'
    )
    page = BeautifulSoup(template.render(spec=BARS), "html.parser")
    assert page.select_one("figure > figcaption").text == BARS.title
    assert page.select_one("figure svg[role=img]")
    assert [cell.text for cell in page.select("details thead th")] == ["Service", "Good or better", "Interval (95%)"]
    assert len(page.select("details tbody tr")) == 3
