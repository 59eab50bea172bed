"""The outcomes report on paper: accessible, hidden and rounded, the same bytes each time."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from mhtr.overview import cohort_charts as charts
from mhtr.overview.cohort_figures import Report, report
from mhtr.overview.cohort_files import HOW_SHOWN, to_csv
from mhtr.overview.cohort_pdf import compiled
from mhtr.overview.cohort_queries import Asked, Cohort, Man
from mhtr.overview.cohort_traits import Trait
from outcome_measures.cohort import Episode, Figure
from outcome_measures.cohort_words import MEANINGS, RULES
from tests.outcome_measures.cohorts import man
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
    text = text_of(compiled(leaving(COHORTS["large"]), HEADING, TODAY))
    assert "60 of 105" in text and "57%" in text
    assert RULES in text and HOW_SHOWN in text
    assert "104" not in text and "3 of" not in text.replace("Page 3 of", "")
    assert "Barkingside" in text and "Belmarsh" in text
    assert "Interim: men still in treatment" in text
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
    assert "Reliable recovery: 57% (95% interval 47.6 to 66.2%), 60 of 105 men" in words
    assert "PHQ-9: mean 17.8 before and 10.7 after" in words
    assert charts.drawable(shown) and not charts.drawable(leaving(COHORTS["nobody"]))


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


def test_what_leaves_shows_no_mean_of_fewer_than_ten() -> None:
    nine, ten = leaving(made(better=9, same=0, worse=0)), leaving(made(better=10, same=0, worse=0))
    assert [one.values for one in nine.scores] == [None, None]
    assert all(one.values is not None for one in ten.scores)
    assert nine.time.days is None and ten.time.days == 7
    inside = report(made(better=9, same=0, worse=0), ASKED, leaves=False, today=TODAY, trusts={})
    assert all(one.values is not None for one in inside.scores)


def test_a_report_of_nothing_compared_has_no_groups() -> None:
    shown = leaving(COHORTS["large"], replace(ASKED, compared=None))
    assert shown.groups == () and "Compared by" not in text_of(compiled(shown, HEADING, TODAY))
