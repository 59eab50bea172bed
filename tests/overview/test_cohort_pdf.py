"""The outcomes report on paper: accessible, hidden and rounded, the same bytes each time."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mhtr.overview import cohort_charts as charts
from mhtr.overview.cohort_figures import Report, report
from mhtr.overview.cohort_files import HOW_SHOWN, to_csv
from mhtr.overview.cohort_forms import half_years, whole_quarters
from mhtr.overview.cohort_pdf import compiled
from mhtr.overview.cohort_queries import Asked, Cohort, Man
from mhtr.overview.cohort_traits import Trait
from mhtr.overview.cohort_words import NOT_SHOWN
from outcome_measures.cohorts.coarse import step_for
from outcome_measures.cohorts.cohort import Episode, Figure
from outcome_measures.cohorts.words import MEANINGS, RULES
from tests.counts import count as tries
from tests.outcome_measures.cohorts.men import cohorts, man
from tests.suitability.pdf_structure import faults

TODAY = date(2026, 11, 18)
ASKED = Asked(date(2026, 1, 1), date(2026, 9, 30), compared=Trait.COURT)
HEADING = ["Outcomes of the service", "Episodes ended from 1 January 2026 to 30 September 2026"]


def in_court(episode: Episode, court: str) -> Man:
    return Man(episode, {Trait.COURT: court})


def made(*, better: int = 60, same: int = 41, worse: int = 3, open_men: int = 2) -> Cohort:
    kinds = [((18, 15), (6, 5))] * better + [((18, 15), (17, 15))] * same
    kinds += [((12, 9), (19, 14))] * worse
    ended = [
        in_court(man(number, *weeks), "B01KR" if number % 3 else "B01BE")
        for number, weeks in enumerate(kinds, start=1)
    ]
    still = [
        in_court(man(1000 + number, (18, 15), (17, 15), ended=False), "B01KR")
        for number in range(open_men)
    ]
    return Cohort(tuple(ended), tuple(still))


def leaving(cohort: Cohort, asked: Asked = ASKED) -> Report:
    return report(cohort, asked, leaves=True, today=TODAY, trusts={})


def text_of(file: bytes) -> str:
    pages = PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


COHORTS = {
    "large": made(),
    "few": made(better=3, same=2, worse=0),
    "nobody": made(better=0, same=0, worse=0, open_men=0),
    "many open": made(open_men=80),
}


@pytest.mark.parametrize("kind", COHORTS)
def test_it_passes_as_an_accessible_file(kind: str) -> None:
    assert faults(compiled(leaving(COHORTS[kind]), HEADING, TODAY)) == []


def test_it_says_what_leaves_and_nothing_else() -> None:
    text = text_of(compiled(leaving(made(open_men=80)), HEADING, TODAY))
    assert "60 of 105" in text and "57%" in text
    assert RULES in text and HOW_SHOWN in text
    assert "104" not in text and "3 of" not in text.replace("Page 3 of", "")
    assert "Barkingside" in text and "Belmarsh" in text
    assert "Interim" not in text and "80" not in text.replace("80.2%", "")
    assert "PHQ-9 to the nearest 0.5 point" in text and "17.8" not in text
    assert MEANINGS[Figure.RECOVERED].definition in text


def test_a_few_men_are_not_told_of() -> None:
    text = text_of(compiled(leaving(COHORTS["few"]), HEADING, TODAY))
    assert "Finished courses: 5." in text and "0.0 to" not in text
    assert "not listed" in text
    assert re.search("Effect size 95% interval PHQ-9 [^–]*– – – – –", text)


def test_the_same_figures_give_the_same_bytes() -> None:
    shown = leaving(COHORTS["large"])
    assert compiled(shown, HEADING, TODAY) == compiled(shown, HEADING, TODAY)
    assert compiled(shown, HEADING, TODAY) != compiled(shown, HEADING[:1], TODAY)


def test_words_are_never_read_as_markup() -> None:
    text = text_of(compiled(leaving(COHORTS["few"]), ['#panic("no")', "*a* $x$"], TODAY))
    assert '#panic("no")' in text and "*a* $x$" in text


def test_the_chart_says_in_words_what_it_shows() -> None:
    shown = leaving(COHORTS["large"])
    words = charts.alternative(shown)
    assert "Reliable recovery: 57% (95% interval 44.8 to 69.1%), 60 of 105 men" in words
    assert "PHQ-9: mean 18.0 before and 10.5 after" in words
    assert charts.drawable(shown) and not charts.drawable(leaving(COHORTS["nobody"]))


def test_the_title_of_the_chart_names_what_is_on_it() -> None:
    large, few = leaving(COHORTS["large"]), leaving(COHORTS["few"])
    assert charts.title_of(large) == "Rates with 95% intervals, and mean scores before and after"
    assert all(one.values is None for one in few.scores)
    assert "mean" not in charts.title_of(few)


def test_the_chart_is_the_same_each_time_and_different_on_paper() -> None:
    shown = leaving(COHORTS["large"])
    assert charts.for_screen(shown) == charts.for_screen(shown)
    assert charts.for_paper(shown) == charts.for_paper(shown)
    assert b"<text" in charts.for_screen(shown) and b"<text" not in charts.for_paper(shown)


def test_no_cell_of_the_csv_is_a_formula() -> None:
    lines = to_csv(leaving(COHORTS["large"]), ["=cmd|' /C calc'!A0"]).splitlines()
    assert lines[0].startswith("'=")


def test_groups_are_in_the_order_of_a_rate_only_where_none_is_small() -> None:
    many = made(better=300, same=200, worse=0)
    inside = report(many, ASKED, leaves=False, today=TODAY, trusts={}, ranked=True)
    assert inside.ranked and inside.may_be_ranked
    shares = [group.recovery.share or 0 for group in inside.groups]
    assert shares == sorted(shares, reverse=True)
    few = report(made(), ASKED, leaves=False, today=TODAY, trusts={}, ranked=True)
    assert not few.ranked


def test_what_leaves_shows_no_mean_of_few_men() -> None:
    few, enough = leaving(made(better=25, same=2, worse=0)), leaving(made(better=31, same=5))
    assert [one.values for one in few.scores] == [None, None]
    assert all(one.values is not None for one in enough.scores)
    assert few.time.days is None and enough.time.days == 14
    inside = report(made(better=9, same=0, worse=0), ASKED, leaves=False, today=TODAY, trusts={})
    assert all(one.values is not None for one in inside.scores) and inside.time.days == 7


def test_what_leaves_counts_nobody_in_treatment() -> None:
    shown = leaving(COHORTS["many open"])
    assert set(shown.interim.values()) == {None} and shown.interim_rates == ()


def cells(shown: Report) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(to_csv(shown, HEADING))))
    return rows[next(n for n, row in enumerate(rows) if row[:1] == ["Section"]) + 1 :]


@given(cohorts(largest=12), st.integers(3, 9), st.integers(0, 3))
@settings(max_examples=tries(25, 300), deadline=None)
def test_whoever_works_back_from_the_file_finds_five_counts(
    episodes: list[Episode], times: int, lost: int
) -> None:
    """From every number of a row: each count that its rounded one may be must still fit."""
    many = [replace(one, case_id=n) for n, one in enumerate(episodes * times, start=1)]
    many += [man(5000 + n, (18, 15), sessions=3) for n in range(lost)]
    shown = leaving(Cohort(tuple(in_court(one, "B01KR") for one in many), ()))
    rows = cells(shown)
    for one in shown.scores:
        own = {row[2]: row for row in rows if row[2].startswith(f"{one.instrument.name}, ")}
        said = [row[12] for row in own.values()]
        if one.paired is None or one.paired < 30:
            assert set(said) == {NOT_SHOWN}
            continue
        if set(said) == {NOT_SHOWN}:
            continue
        step = step_for(one.paired, one.instrument.highest)
        assert step is not None
        for mean in (said[0], said[2]):
            for number in range(one.paired - 2, one.paired + 3):
                low = (float(mean) - step / 2) * number
                assert ceil(low + 1e-6) <= floor(low + step * number - 1e-6)
    for row in rows:
        men, of, share = row[3], row[4], row[6]
        if share and of:
            assert share == f"{100 * int(men) / int(of):.0f}"


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_half_years_share_no_day_and_are_over(today: date) -> None:
    found = half_years(today)
    for (first, last), (earlier, before) in pairwise(found):
        assert before + timedelta(days=1) == first and earlier < before < first < last < today
    assert {(first.month, first.day, last.month) for first, last in found} == {
        (4, 1, 9),
        (10, 1, 3),
    }
    assert (today - found[0][1]).days <= 184


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 500), st.integers(0, 200))
def test_whole_quarters_are_within_what_was_asked_and_over(
    first: date, days: int, since: int
) -> None:
    last = first + timedelta(days=days)
    today = last + timedelta(days=since - 100)
    found = whole_quarters(first, last, today)
    if found is None:
        assert min(days, (today - first).days) < 185
        return
    begin, end = found
    assert first <= begin < end <= last and end < today
    for day in (begin, end + timedelta(days=1)):
        assert day.day == 1 and day.month in {1, 4, 7, 10}


def test_a_report_of_nothing_compared_has_no_groups() -> None:
    shown = leaving(COHORTS["large"], replace(ASKED, compared=None))
    assert shown.groups == () and "Compared by" not in text_of(compiled(shown, HEADING, TODAY))
