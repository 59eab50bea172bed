"""An urgent handover was received after he was referred, and by now."""

from datetime import date, datetime

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service
from mhtr.suitability.assessment_queries import section_rows
from mhtr.suitability.handover_rules import HANDOVERS, wrong_times
from mhtr.suitability.handover_times import WrongTime
from mhtr.suitability.sections import SECTIONS, Answer, Section
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import People, allocated, started

REFERRED = date(2026, 11, 16)
NOW = datetime(2026, 11, 18, 12, 13, tzinfo=clock.LONDON)


@pytest.mark.parametrize("handover", HANDOVERS)
@pytest.mark.parametrize(
    ("day", "at", "beside"),
    [
        ("2026-11-18", "12:13", ""),
        ("2026-11-18", "12:14", "_at"),
        ("2026-11-18", "23:59:00", "_at"),
        ("2026-11-18", "", ""),
        ("2026-11-17", "23:59", ""),
        ("2026-11-16", "00:00", ""),
        ("2026-11-15", "23:59", "_on"),
        ("1901-11-22", "10:00", "_on"),
        ("2026-11-19", "08:00", "_on"),
        ("", "23:59", ""),
    ],
)
def test_between_the_day_of_the_referral_and_now(
    handover: str, day: str, at: str, beside: str
) -> None:
    found = wrong_times({f"{handover}_on": day, f"{handover}_at": at}, REFERRED, NOW)
    assert list(found) == ([f"{handover}{beside}"] if beside else [])


def test_every_handover_of_the_sections_is_looked_at() -> None:
    keys = [q.key for spec in SECTIONS for q in spec.questions if q.key.endswith("_to")]
    assert sorted(key.removesuffix("_to") for key in keys) == sorted(HANDOVERS)


def test_the_service_saves_none_that_cannot_be(either_app: Flask) -> None:
    people = allocated()
    assessment = started(people)
    answers: dict[str, Answer] = {"crisis": "yes", "handover_on": "1901-11-22"}
    with pytest.raises(WrongTime, match="He was referred on"), writing():
        assessment_service.save_section(
            assessment, Section.EXCLUSIONS, answers, version=0, by=people.assessor.id
        )
    assert Section.EXCLUSIONS not in section_rows(assessment.id)


def test_it_is_said_beside_the_field_and_nothing_typed_is_lost(app: Flask, people: People) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/exclusions"
    page = client.page(path)
    today = clock.today()
    typed = {
        "crisis": "yes",
        "handover_to": "Duty nurse, crisis team",
        "handover_on-day": str(today.day),
        "handover_on-month": str(today.month),
        "handover_on-year": str(today.year),
    }
    page = refused(client, path, page, **typed, handover_at="23:59")
    assert "the handover was received before" in page
    assert "Duty nurse, crisis team" in page
    assert send(client, path, page, **typed, handover_at="00:00").status_code == 303
