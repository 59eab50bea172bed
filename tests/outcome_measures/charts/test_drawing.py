"""The drawn chart, looked at as the artists on it: lines at their heights, gaps left as gaps."""

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from subprocess import run
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from outcome_measures.charts.content import STYLE, Mark, Picture, Zone, content_key
from outcome_measures.charts.drawing import dimensions, draw
from outcome_measures.charts.style import BANDS, COLOURS, DASHES, MARKERS, SCORE, SIZES
from outcome_measures.charts.svg import plain_svg, svg_of
from outcome_measures.definitions import Instrument, Source
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.reading.rules import chart_of, read
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.signing.rules import rules_of, with_signed
from outcome_measures.time_points import Origin, TimePoint
from tests.outcome_measures.points import FIRST_SESSION, apart, course, session

RULE = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION
MISSED = FIRST_SESSION + timedelta(days=14)


def shown(
    points: Sequence[ScorePoint], missed: Sequence[date] = (), *, every_session: bool = False
) -> Picture:
    return chart_of(read(PHQ9, points, RULE, FIRST_SESSION, every_session=every_session), missed)


def lines(figure: Figure, gid: str) -> list[Any]:
    return [line for line in figure.axes[0].lines if line.get_gid() == gid]


def levels(figure: Figure, name: str) -> list[float]:
    return [float(line.get_ydata()[0]) for line in lines(figure, f"line-{name}")]


def words_on(figure: Figure) -> str:
    texts = [*figure.texts, *figure.axes[0].texts]
    return " | ".join(text.get_text().replace("\n", " ") for text in texts)


def test_lines_lie_at_the_first_score_the_cut_off_and_reliable_change() -> None:
    figure = draw(shown(course(16, 14, 9)), "narrow")
    assert levels(figure, "first") == [16]
    assert levels(figure, "cut_off") == [10]
    assert levels(figure, "reliable") == [10, 22]
    other = draw(
        chart_of(read(GAD7, course(15, 6, instrument="gad7"), RULE, FIRST_SESSION)), "wide"
    )
    assert (levels(other, "cut_off"), levels(other, "reliable")) == ([8], [11, 19])


def test_a_line_no_score_can_reach_is_not_drawn() -> None:
    assert levels(draw(shown(course(24, 20)), "wide"), "reliable") == [18]
    assert levels(draw(shown(course(5, 4)), "wide"), "reliable") == [11]


def test_nothing_is_drawn_from_a_rule_that_is_not_verified() -> None:
    unread = Source("recalled", "", verified=False)
    unsigned = replace(
        PHQ9,
        caseness=replace(PHQ9.caseness, source=unread) if PHQ9.caseness else None,
        reliable_change=replace(PHQ9.reliable_change, source=unread)
        if PHQ9.reliable_change
        else None,
        bands=tuple(replace(band, source=unread) for band in PHQ9.bands),
    )
    figure = draw(chart_of(read(unsigned, course(16, 9), RULE, FIRST_SESSION)), "wide")
    assert (levels(figure, "cut_off"), levels(figure, "reliable")) == ([], [])
    assert "severe" not in words_on(figure)
    assert levels(figure, "first") == [16]


def test_no_line_runs_through_a_gap() -> None:
    points = [session(1, 20), session(2, None), session(4, 15), session(5, 13)]
    figure = draw(shown(points, [MISSED]), "wide")
    (line,) = lines(figure, "scores")
    drawn = [None if math.isnan(y) else y for y in line.get_ydata()]
    assert drawn == [20, None, None, 15, 13]
    (incomplete,) = lines(figure, f"{Zone.COURSE}-{Mark.INCOMPLETE}")
    (missed,) = lines(figure, f"{Zone.COURSE}-{Mark.MISSED}")
    assert incomplete.get_ydata()[0] < 0
    assert missed.get_xdata()[0] == line.get_xdata()[2]
    assert "asked, not complete: no score" in words_on(figure)
    assert "session missed: no score" in words_on(figure)


def test_a_session_without_the_measure_breaks_the_line_where_each_session_has_it() -> None:
    (line,) = lines(draw(shown([session(1, 20), session(2, 18), session(4, 12)]), "wide"), "scores")
    assert [None if math.isnan(y) else y for y in line.get_ydata()] == [20, 18, None, 12]
    (line,) = lines(draw(shown([session(1, 20), session(6, 12)]), "wide"), "scores")
    assert list(line.get_ydata()) == [20, 12]
    every_other = shown([session(1, 20), session(3, 16), session(5, 12)], every_session=True)
    (line,) = lines(draw(every_other, "wide"), "scores")
    assert [None if math.isnan(y) else y for y in line.get_ydata()] == [20, None, 16, None, 12]


def test_days_lie_as_far_apart_as_they_were() -> None:
    figure = draw(shown([session(1, 20), session(2, 18), session(9, 12)]), "wide")
    (marks,) = lines(figure, f"{Zone.COURSE}-{Mark.SCORED}")
    first, second, third = marks.get_xdata()
    assert third - second == pytest.approx(7 * (second - first))


def test_scores_before_sentence_and_at_follow_up_stand_apart() -> None:
    after = apart(6, TimePoint.FOLLOW_UP, date(2027, 3, 1))
    figure = draw(shown([apart(22), *course(20, 12), after]), "narrow")
    (line,) = lines(figure, "scores")
    assert list(line.get_ydata()) == [20, 12]
    (before,) = lines(figure, f"{Zone.BEFORE}-{Mark.SCORED}")
    (later,) = lines(figure, f"{Zone.AFTER}-{Mark.SCORED}")
    assert list(before.get_ydata()) == [22]
    assert before.get_xdata()[0] < min(line.get_xdata())
    assert later.get_xdata()[0] > max(line.get_xdata())
    assert "before sentence" in words_on(figure)
    assert "follow- up" in words_on(figure)


def test_a_session_missed_on_a_day_with_a_score_has_no_mark() -> None:
    figure = draw(shown(course(20, 18), [FIRST_SESSION]), "wide")
    assert lines(figure, f"{Zone.COURSE}-{Mark.MISSED}") == []


def test_a_typed_total_has_a_shape_of_its_own() -> None:
    points = [session(1, 20), session(2, 15, origin=Origin.TOTAL)]
    figure = draw(shown(points), "wide")
    (typed,) = lines(figure, f"{Zone.COURSE}-{Mark.TYPED}")
    (scored,) = lines(figure, f"{Zone.COURSE}-{Mark.SCORED}")
    assert list(typed.get_ydata()) == [15]
    assert typed.get_marker() != scored.get_marker()


@pytest.mark.parametrize("size", SIZES)
def test_every_band_is_named_in_words(size: str) -> None:
    said = words_on(draw(shown(course(20, 12)), size))
    for band in PHQ9.bands:
        assert band.label in said


def test_shapes_and_dashes_tell_everything_apart_without_colour() -> None:
    assert len({str(style) for style in DASHES.values()}) == len(DASHES)
    assert len({style["marker"] for style in MARKERS.values()}) == len(Mark)


def _luminance(colour: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("colour", [SCORE, *COLOURS.values()])
@pytest.mark.parametrize("ground", BANDS)
def test_every_line_stands_out_from_every_band(colour: str, ground: str) -> None:
    assert (_luminance(ground) + 0.05) / (_luminance(colour) + 0.05) > 4.5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda one: one.id)
def test_no_word_of_any_chart_is_cut_off(instrument: Instrument, size: str) -> None:
    signed = with_signed(instrument, {rule.key for rule in rules_of(instrument)})
    low, high = signed.lowest, signed.highest
    points = [
        replace(point, instrument=signed.id)
        for point in [
            apart(high),
            session(1, high),
            session(2, None),
            session(3, (low + high) // 2),
        ]
    ]
    figure = draw(chart_of(read(signed, points, RULE, FIRST_SESSION), [MISSED]), size)
    figure.canvas = FigureCanvasAgg(figure)
    for text in [*figure.texts, *figure.axes[0].texts]:
        box = text.get_window_extent()
        assert 0 <= box.x0, text.get_text()
        assert box.x1 <= SIZES[size].width, text.get_text()
    key = [(round(text.get_position()[1], 3), text.get_window_extent()) for text in figure.texts]
    key.sort(key=lambda entry: (entry[0], entry[1].x0))
    for (y, left), (other_y, right) in pairwise(key):
        assert y != other_y or left.x1 < right.x0 - 24, "an entry of the key lies upon another"


@pytest.mark.parametrize("size", SIZES)
def test_letters_stay_readable_on_a_phone(size: str) -> None:
    figure = draw(shown([apart(22), *course(20, 12)]), size)
    shrunk = 288 / SIZES["narrow"].width if size == "narrow" else 560 / SIZES["wide"].width
    for text in [*figure.texts, *figure.axes[0].texts, *figure.axes[0].get_xticklabels()]:
        assert float(text.get_fontsize()) * shrunk >= 9.4


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("number", [0, 1, 3, 20])
def test_the_drawing_is_as_large_as_was_said_before(size: str, number: int) -> None:
    picture = shown(course(*range(number)))
    text = svg_of(draw(picture, size), title="x").decode()
    width, height = dimensions(picture, size)
    box = re.search(r'viewBox="0 0 (\S+) (\S+)"', text)
    assert box is not None
    assert (float(box[1]), round(float(box[2]))) == (width, height)


def test_the_drawing_needs_nothing_that_the_content_policy_blocks() -> None:
    made = svg_of(draw(shown([apart(22), *course(20, None, 12)]), "wide"), title="A < B & C")
    text = made.decode()
    assert not re.search(r"style|<script|href=\"(?!#)|url\((?!#)|@import|<image|<!DOCTYPE", text)
    root = ElementTree.fromstring(made)  # noqa: S314  (our own drawing)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "A < B & C"
    filled = [e.get("fill") for e in root.iter() if e.tag.endswith("}path") and e.get("clip-path")]
    assert filled, "bands and lines are there"
    assert None not in filled, "a shape without a fill is black"


def test_every_kind_of_style_becomes_an_attribute() -> None:
    svg = '<svg a="1"><g style="fill: none; stroke-width: 0.8"/></svg>'
    assert '<g fill="none" stroke-width="0.8"/>' in plain_svg(svg, title="x")


def test_the_same_values_give_the_same_bytes_and_name() -> None:
    one, same = shown(course(20, 12)), shown(list(reversed(course(20, 12))))
    assert svg_of(draw(one, "wide"), title="x") == svg_of(draw(same, "wide"), title="x")
    assert content_key(one, "wide") == content_key(same, "wide")


def test_other_values_have_another_name() -> None:
    names = {
        content_key(shown(course(20, 12)), "wide"),
        content_key(shown(course(20, 12)), "narrow"),
        content_key(shown(course(20, 13)), "wide"),
        content_key(shown(course(20, 12), [MISSED]), "wide"),
        content_key(shown([session(1, 20), session(2, 12, origin=Origin.TOTAL)]), "wide"),
    }
    assert len(names) == 5


def test_another_style_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_key(shown(course(20, 12)), "wide")
    monkeypatch.setattr("outcome_measures.charts.content.STYLE", STYLE + 1)
    assert content_key(shown(course(20, 12)), "wide") != before


def test_a_chart_is_drawn_from_nothing_but_a_score_before_sentence() -> None:
    figure = draw(shown([apart(18)]), "narrow")
    assert "no score since sentence" in words_on(figure)
    assert lines(figure, "scores") == []


def test_the_program_starts_without_matplotlib() -> None:
    code = "import sys, mhtr.app, outcome_measures.charts; print('matplotlib' in sys.modules)"
    ended = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"
