"""What was done about one answer does not close the review of another that nobody has seen."""

from flask import Flask

from mhtr.core.database import db
from mhtr.overview.task_service import ANOTHER_ANSWER
from mhtr.tasks.models import TaskState
from tests.outcome_measures.treatment import (
    contact,
    correct,
    forms,
    phq,
    risk_tasks,
    said,
    save,
    sentenced,
    submit,
)
from tests.pages import PageClient
from tests.suitability.browsing import as_, hidden


def outcome(client: PageClient, path: str, page: str) -> tuple[int, str]:
    """Record it from a page; the status and what is answered."""
    key = hidden(page[page.index("/outcome") :], "submission_key")
    shown = hidden(page, "shown")
    typed = {"outcome": "Rang him", "plan": "Seen tomorrow", "shown": shown}
    answer = client.post(f"{path}/outcome", data={"submission_key": key, **typed})
    return answer.status_code, answer.get_data(as_text=True)


def test_an_old_page_closes_no_review_of_an_answer_it_did_not_show(either_app: Flask) -> None:
    people = sentenced()
    made = contact(people, 1, instruments=("phq9",))
    form = forms(made)["phq9"]
    submit(people, form, phq(said(1)))
    (task,) = risk_tasks()
    client, path = as_(either_app, people.assessor), f"/tasks/{task.ref}"
    old = client.page(path)
    correct(people, form, 9, said(3))
    status, refused = outcome(client, path, old)
    assert status == 422
    db.session.expire_all()
    (task,) = risk_tasks()
    assert task.state is TaskState.OPEN
    assert ANOTHER_ANSWER in refused
    assert "Rang him" in refused
    assert "Nearly every day" in refused
    # The page that came back shows the answer of now, and closes it.
    assert outcome(client, path, refused)[0] == 303
    db.session.expire_all()
    assert [one.state for one in risk_tasks()] == [TaskState.DONE]


def test_the_same_answer_again_is_no_other(app: Flask) -> None:
    people = sentenced()
    form = forms(contact(people, 1, instruments=("phq9",)))["phq9"]
    submit(people, form, phq(said(1)))
    (task,) = risk_tasks()
    client, path = as_(app, people.assessor), f"/tasks/{task.ref}"
    page = client.page(path)
    correct(people, form, 9, said(2))
    correct(people, form, 9, said(1))
    correct(people, form, 1, said(3))
    assert outcome(client, path, page)[0] == 303


def test_the_answer_that_opened_it_is_named_whatever_was_said_before_and_after(
    either_app: Flask,
) -> None:
    people = sentenced()
    form = forms(contact(people, 1, instruments=("phq9",)))["phq9"]
    save(people, form, phq(said(0)))
    submit(people, form, phq(said(3)))
    correct(people, form, 9, said(0))
    client = as_(either_app, people.assessor)
    words = "Not at all, first answered: Not at all, then Nearly every day"
    for path in ("/today", f"/cases/{people.case.ref}"):
        assert words in client.page(path), path
