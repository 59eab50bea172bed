"""Totals that lists read: one number a form, or a text, come to what scoring says."""

from collections.abc import Mapping

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.caseload.scores import COLUMNS, points_in, texts_of
from outcome_measures.definitions import Answer, AnswerState, Instrument
from outcome_measures.instruments.registry import INSTRUMENTS, find_instrument
from outcome_measures.models import MeasureAnswer, MeasureOccasion
from outcome_measures.reading.packed import fits, total_of_packed
from outcome_measures.reading.queries import points_of
from outcome_measures.scores import scoring
from tests.makers import make_staff
from tests.outcome_measures.occasions import asked
from tests.overview.things import a_case

ANSWERED, NOT_APPLICABLE = AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE
WITH_ITEMS = [one for one in INSTRUMENTS.values() if one.items]
PACKED = [one for one in WITH_ITEMS if fits(one)]


@st.composite
def forms(draw: st.DrawFn, of: list[Instrument]) -> tuple[Instrument, Mapping[int, Answer]]:
    """A form with any of its questions answered."""
    one = draw(st.sampled_from(of))
    given: dict[int, Answer] = {}
    for item in one.items:
        said = [Answer(ANSWERED, value) for value in item.values]
        said += [Answer(NOT_APPLICABLE)] if item.may_not_apply else []
        answer = draw(st.sampled_from([*said, *said, None]))
        if answer is not None:
            given[item.number] = answer
    return one, given


def packed(responses: Mapping[int, Answer]) -> int:
    return sum(
        (1 if answer.value is None else answer.value + 2) << 4 * (number - 1)
        for number, answer in responses.items()
    )


@given(forms(WITH_ITEMS))
def test_the_total_alone_is_that_of_the_score(
    form: tuple[Instrument, Mapping[int, Answer]],
) -> None:
    instrument, responses = form
    total = scoring.score(instrument, responses).total
    assert scoring.total_of(instrument, responses) == total


@given(forms(PACKED))
def test_a_form_packed_into_a_number_has_its_total(
    form: tuple[Instrument, Mapping[int, Answer]],
) -> None:
    instrument, responses = form
    total = scoring.score(instrument, responses).total
    assert total_of_packed(instrument.id, packed(responses)) == total


def test_what_the_caseload_shows_fits_and_the_longest_forms_do_not() -> None:
    assert all(fits(find_instrument(name)) for name in COLUMNS)
    assert not fits(find_instrument("pcl5"))


@pytest.mark.parametrize("names", [("phq9", "gad7"), ("phq9", "gad7", "pcl5")])
def test_lists_and_pages_read_the_same_scores(either_app: Flask, names: tuple[str, ...]) -> None:
    """Also where a question was left out, and as soon as an answer is another one."""
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    for number, (phq, gad) in enumerate([(27, 21), (0, 0), (13, 4)], 1):
        day = case.opened_at.date()
        asked(case, staff, "phq9", day.replace(day=number), phq, session=number)
        asked(case, staff, "gad7", day.replace(day=number), gad, session=number)

    def both() -> tuple[list[int | None], list[int | None]]:
        pages = points_of([case.id])[case.id]
        lists = points_in(texts_of([case.id], names)[case.id])
        key = {str(point.order): point.total for point in lists}
        return [point.total for point in pages], [key[str(point.order)] for point in pages]

    on_page, on_list = both()
    assert on_page == on_list and set(on_page) == {27, 21, 0, 13, 4}
    with writing():
        form = db.session.query(MeasureOccasion).filter_by(instrument="phq9").first()
        assert form is not None
        first, second = db.session.query(MeasureAnswer).filter_by(occasion_id=form.id).limit(2)
        first.value = 1
        second.state, second.value = AnswerState.DECLINED, None
    on_page, on_list = both()
    assert on_page == on_list and None in on_list
