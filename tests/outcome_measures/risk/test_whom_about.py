"""Harm to others is never taken for harm to himself; what nobody knows is never “not reached”."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Task
from outcome_measures.answers import NOT_KNOWN
from outcome_measures.definitions import Answer, AnswerState, RiskTo
from outcome_measures.instruments.registry import PACKS
from outcome_measures.models import MeasureFlag
from outcome_measures.risk.titles import NotSaved, review_title
from tests.outcome_measures.past_scores.test_import import on_record, take
from tests.outcome_measures.past_scores.test_recent_imports import row
from tests.outcome_measures.treatment import (
    contact,
    correct,
    forms,
    risk_tasks,
    said,
    sentenced,
    submit,
    type_total,
)
from tests.pages import PageClient
from tests.suitability.browsing import as_, base
from tests.suitability.journey import People

needs_core_om = pytest.mark.skipif("coreom" not in PACKS, reason="the pack was deleted")
ABOUT_OTHERS, ABOUT_HIMSELF = 6, 9


@pytest.fixture
def people(app: Flask) -> People:
    return sentenced()


@pytest.fixture
def client(app: Flask, people: People) -> PageClient:
    return as_(app, people.assessor)


@pytest.fixture
def two_kinds(people: People) -> dict[RiskTo, Task]:
    """A review of each kind, from one form."""
    form = forms(contact(people, instruments=("coreom",)))["coreom"]
    answers = {number: said(0) for number in range(1, 35)}
    submit(people, form, answers | {ABOUT_OTHERS: said(3), ABOUT_HIMSELF: said(1)})
    others, himself = risk_tasks()
    return {RiskTo.OTHERS: others, RiskTo.SELF: himself}


@pytest.mark.parametrize("to", RiskTo)
@pytest.mark.parametrize("why", [None, *NotSaved])
def test_every_title_says_which_kind_and_no_other(to: RiskTo, why: NotSaved | None) -> None:
    title = review_title(to, why)
    (other,) = set(RiskTo) - {to}
    assert to.words in title and other.words not in title
    assert ("saved" in title) is bool(why)
    assert len(title) <= 200
    unknown = review_title(None, why)
    assert len(unknown) <= 200 and not any(one.words in unknown for one in RiskTo)


@needs_core_om
def test_title_page_and_lists_say_which_kind_without_the_answer(
    client: PageClient, people: People, two_kinds: dict[RiskTo, Task]
) -> None:
    for to, task in two_kinds.items():
        assert task.title == f"Risk review, {to.words}: an answer needs a clinician to look"
        page = client.page(f"/tasks/{task.ref}")
        assert f"Sign of risk: {to.words}</h1>" in page
        assert f"Sign of risk: {to.words} – " in page
    page = client.page("/today")
    assert "Risk review, harm to others" in page and "Risk review, harm to himself" in page
    for path in ("/today", "/worklists/risk"):
        page = client.page(path)
        assert "CORE-OM, question 6 (harm to others): 3" in page
        assert "CORE-OM, question 9 (harm to himself): 1" in page
    page = client.page(f"{base(people)}/risk")
    assert "Harm to others</dd>" in page and "Harm to himself</dd>" in page


@needs_core_om
def test_a_review_opened_before_titles_said_so_says_so_on_its_page(
    client: PageClient, two_kinds: dict[RiskTo, Task]
) -> None:
    others = two_kinds[RiskTo.OTHERS].id
    with writing():
        db.session.get_one(Task, others).about = None
    page = client.page(f"/tasks/{db.session.get_one(Task, others).ref}")
    assert "Sign of risk: harm to others</h1>" in page


@needs_core_om
def test_flags_say_which_kind(
    client: PageClient, people: People, two_kinds: dict[RiskTo, Task]
) -> None:
    page = client.page(f"{base(people)}/measures")
    assert "Risk question (harm to others): CORE-OM" in page
    assert "Risk question (harm to himself): CORE-OM" in page
    assert "Question 6 of CORE-OM (harm to others) was answered 3 on" in page
    assert "Question 6 (harm to others): <strong>3</strong>" in page
    assert "Question 9 (harm to himself): <strong>1</strong>" in page
    assert "Question 16" not in page


def test_an_unknown_answer_beside_a_typed_total_is_nowhere_not_reached(
    client: PageClient, people: People
) -> None:
    made = contact(people)
    form = forms(made)["phq9"]
    type_total(people, form, 12)
    (task,) = risk_tasks()
    flag = db.session.scalars(select(MeasureFlag)).first()
    assert flag is not None
    paths = (
        f"/tasks/{task.ref}",
        "/today",
        "/worklists/risk",
        f"{base(people)}/risk",
        f"{base(people)}/measures",
        f"{base(people)}/measures/answers/{form.ref}",
        f"{base(people)}/measures/forms/{form.ref}",
        f"{base(people)}/measures/flags/{flag.ref}",
    )
    for path in paths:
        page = client.page(path)
        assert NOT_KNOWN in page.lower(), path
        assert "not reached" not in page.lower(), path
        assert "was not answered on" not in page.lower(), path


def test_nor_after_it_became_known(client: PageClient, people: People) -> None:
    form = forms(contact(people))["phq9"]
    type_total(people, form, 12)
    correct(people, form, 9, said(2))
    (task,) = risk_tasks()
    for path in (f"/tasks/{task.ref}", f"{base(people)}/measures/forms/{form.ref}"):
        page = client.page(path)
        assert NOT_KNOWN in page and "not reached" not in page.lower(), path


def test_what_he_did_say_beside_a_total_stays_what_he_said(
    client: PageClient, people: People
) -> None:
    form = forms(contact(people))["phq9"]
    type_total(people, form, 12, {9: said(0)})
    correct(people, form, 9, Answer(AnswerState.DECLINED))
    (task,) = risk_tasks()
    page = client.page(f"/tasks/{task.ref}")
    assert NOT_KNOWN not in page and "rather not say" in page


def test_nor_behind_a_total_that_was_imported(app: Flask) -> None:
    people = on_record()
    client = as_(app, people.lead)
    take(people, row(8, "1;1;1;1;1;1;1;1;2,,"), row(1, ",11,"))
    _, review = risk_tasks()
    for path in (f"/tasks/{review.ref}", "/worklists/risk", f"{base(people)}/risk"):
        page = client.page(path)
        assert NOT_KNOWN in page and "not reached" not in page.lower(), path
    page = client.page(f"/tasks/{review.ref}")
    assert "harm to himself</h1>" in page
    assert f"<strong>{NOT_KNOWN}</strong>" in page and "More than half the days (10 Nov" in page
