"""What she said about a date is kept, whatever becomes of the date."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import schema
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import date_answering
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.models import DateAnswered, ReportRequest
from tests.makers import make_case
from tests.pages import PageClient
from tests.suitability.makers import ASKED, COURT, CourtSide
from tests.suitability.requesting import ask
from tests.suitability.test_request_service import TODAY

EARLIEST = date(2026, 11, 19)


class Answered:
    """Asked for today after closing time; she keeps the date, then the hearing moves."""

    def __init__(self, set_clock: SetClock) -> None:
        self.court = CourtSide()
        self.case_id = make_case().id
        set_clock.advance(hours=6)
        asked = replace(ASKED, asked_for_on=TODAY)
        self.request_id = ask(self.case_id, self.court.author.id, asked).id
        self.say(DateAnswer.KEEPS_DATE)

    def say(self, answer: DateAnswer) -> None:
        with writing():
            date_answering.answer_date(
                request_id=self.request_id, answer=answer, by=self.court.author.id
            )

    def move(self, on: date) -> None:
        with writing():
            hearings.record_hearing(cases.lock(self.case_id), court_code=COURT, on=on, by=None)


def kept() -> list[tuple[str, date, date | None]]:
    rows = db.session.scalars(select(DateAnswered).order_by(DateAnswered.id))
    return [(row.answer, row.due_on, row.earliest_on) for row in rows]


def test_an_answer_outlives_the_date_it_was_about(either_app: Flask, set_clock: SetClock) -> None:
    answered = Answered(set_clock)
    at = db.session.scalars(select(DateAnswered.at)).one()
    # Worked out for another day before: so the hearing changes what she was asked about.
    with writing():
        db.session.get_one(ReportRequest, answered.request_id).earliest_on = date(2026, 11, 20)
    answered.move(TODAY)
    request = db.session.get_one(ReportRequest, answered.request_id)
    assert (request.date_answer, request.date_answered_at) == ("", None)
    assert kept() == [("keeps_date", TODAY, EARLIEST)]
    assert db.session.scalars(select(DateAnswered.at)).one() == at
    answered.say(DateAnswer.SEEKS_ADJOURNMENT)
    assert [answer for answer, _, _ in kept()] == ["keeps_date", "seeks_adjournment"]


@pytest.mark.parametrize(
    "statement", ["UPDATE date_answers SET answer = 'x'", "DELETE FROM date_answers"]
)
def test_an_answer_is_never_changed_or_deleted(
    either_app: Flask, set_clock: SetClock, statement: str
) -> None:
    Answered(set_clock)
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.execute(text(statement))


def test_answers_given_before_the_table_was_made_are_taken_over(
    either_app: Flask, set_clock: SetClock
) -> None:
    Answered(set_clock)
    before = kept()
    at = db.session.scalars(select(DateAnswered.at)).one()
    db.session.remove()
    schema.downgrade("0003")
    schema.upgrade()
    assert kept() == before
    row = db.session.scalars(select(DateAnswered)).one()
    assert (row.at, row.by_id) == (at, db.session.scalars(select(ReportRequest.author_id)).one())


def test_her_page_shows_every_answer(client: PageClient, set_clock: SetClock) -> None:
    answered = Answered(set_clock)
    client.sign_in(answered.court.author)
    address = f"/cases/{db.session.get_one(Case, answered.case_id).ref}/request"
    page = client.page(address)
    assert "Answers about the date" in page
    assert "The date stays: what can be sent is to be sent" in page
    answered.say(DateAnswer.WITHDRAWS)
    page = client.page(address)
    for words in ("The date stays", "Withdrew the request", answered.court.author.name):
        assert words in page
