"""WSAS is score entry: no band unless it is signed, and none for a form without a question."""

import pytest
from flask import Flask

from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.instruments.wsas import WSAS
from outcome_measures.models import MeasureContact, MeasureOccasion
from outcome_measures.reading.rules import of_highest
from outcome_measures.recording import totals
from outcome_measures.signing import service as signing
from tests.outcome_measures.treatment import contact, forms, sentenced
from tests.pages import PageClient
from tests.suitability.browsing import base
from tests.suitability.journey import People

BANDS = ("subclinical", "significant", "moderately severe")


@pytest.fixture
def people(app: Flask) -> People:
    return sentenced()


def wsas(people: People, session: int, total: int, *, no_job: bool) -> MeasureOccasion:
    made: MeasureContact = contact(people, session, instruments=("wsas",))
    form = forms(made)["wsas"]
    with writing():
        db.session.refresh(form)
        typed = totals.TypedTotal(total, {"no_job": 1} if no_job else {})
        totals.type_total(form, typed, version=form.version, by=people.assessor.id)
    return form


def sign_bands(people: People) -> None:
    with writing():
        people.lead.hcpc_number = "PYL12345"
        signing.sign(instrument="wsas", rule="bands", source_read="The note", by=people.lead.id)


def pages(people: People, client: PageClient, form: MeasureOccasion) -> dict[str, str]:
    client.sign_in(people.assessor)
    case = base(people)
    return {
        path: client.page(path).lower()
        for path in (
            f"{case}/measures",
            f"{case}/measures/answers/{form.ref}",
            f"{case}/measures/forms/{form.ref}",
            f"{case}/measures/contacts/{db.session.get_one(MeasureContact, form.contact_id).ref}",
            case,
        )
    }


@pytest.mark.parametrize("no_job", [False, True])
def test_without_a_signature_no_page_shows_a_band(
    client: PageClient, people: People, no_job: bool
) -> None:
    form = wsas(people, 1, 21, no_job=no_job)
    for path, page in pages(people, client, form).items():
        assert "21" in page, path
        assert not any(band in page for band in BANDS), path


def test_the_page_of_the_form_says_why_there_is_none(client: PageClient, people: People) -> None:
    form = wsas(people, 1, 33, no_job=False)
    page = pages(people, client, form)[f"{base(people)}/measures/forms/{form.ref}"]
    assert "the severity bands are not yet verified, so none is shown." in page
    assert "no cut-off is published for this questionnaire." in page
    assert 'summary-list__value">none' not in page


def test_signed_it_is_shown_for_the_whole_form_only(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    form = wsas(people, 1, 21, no_job=False)
    sign_bands(people)
    shown = pages(people, client, form)
    assert all("moderately severe" in page for page in shown.values()), "the control"
    set_clock.advance(days=7)
    form = wsas(people, 2, 21, no_job=True)
    for path, page in pages(people, client, form).items():
        if not path.endswith(base(people)):
            assert "moderately severe or worse (21 to 40)" not in page, path


def test_a_form_without_a_question_is_out_of_less_and_not_compared(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    wsas(people, 1, 30, no_job=False)
    set_clock.advance(days=7)
    wsas(people, 2, 12, no_job=True)
    page = client.sign_in(people.assessor).page(f"{base(people)}/measures")
    assert "WSAS is 12: one score so far" in page
    assert "12 out of 32, on 25 November 2026" in page
    assert "Totals of other questions, or of another number of them, are in the table" in page
    assert "<strong>12</strong> out of 32" in page


def test_it_has_the_range_that_is_left_and_neither_bands_nor_cut_off() -> None:
    part = of_highest(WSAS, 32)
    assert (part.lowest, part.highest, part.bands, part.caseness) == (0, 32, (), None)
    assert of_highest(WSAS, 40) is WSAS
    assert of_highest(WSAS, 0) is WSAS
