"""One answer settles every question about the same two men; a merge leaves none about one man."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import identity
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service
from mhtr.people.models import IdentityQuestion, Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import holding, undo
from tests.people.test_pages import submission
from tests.people.test_service import create


class Three:
    """Three referrals of one man, each compared with the earlier ones: three questions."""

    def __init__(self) -> None:
        self.trust = make_organisation()
        self.lead: Staff = make_staff(Role.CLINICAL_LEAD, organisation=self.trust)
        self.people: list[Person] = [create() for _ in range(3)]
        for person in self.people:
            make_case(person)
        holding(self.lead.id, *self.people)
        self.first, self.second, self.third = (self._ask(a, b) for a, b in ((0, 1), (0, 2), (1, 2)))

    def _ask(self, one: int, two: int) -> int:
        with writing():
            question = service.raise_identity_question(
                person_id=self.people[one].id,
                other_id=self.people[two].id,
                verdict="possible",
                reasons=["Alike"],
                by=self.lead.id,
                owner_principal_id=self.trust.principal_id,
            )
            assert question is not None
            return question.id

    def one_man(self, question_id: int) -> int:
        kept_id = self.people[0].id
        with writing():
            row = identity.answer_same(
                question_id=question_id,
                kept_id=kept_id,
                right={},
                reason="Passport",
                by=self.lead.id,
            )
            merge_id = row.id
        db.session.expire_all()
        return merge_id

    def two_men(self, question_id: int) -> None:
        with writing():
            identity.answer_different(
                question_id=question_id, reason="Two passports", by=self.lead.id
            )
        db.session.expire_all()

    def answers(self) -> list[str | None]:
        ids = (self.first, self.second, self.third)
        return [db.session.get_one(IdentityQuestion, i).answer for i in ids]

    def open_tasks(self) -> list[str]:
        query = select(Task.key).where(
            Task.kind == TaskKind.IDENTITY_QUESTION, Task.state == TaskState.OPEN
        )
        return sorted(db.session.scalars(query))


def test_no_question_about_a_man_with_himself_is_left(either_app: Flask) -> None:
    three = Three()
    three.one_man(three.first)
    three.one_man(three.second)
    assert three.answers() == ["same", "same", "joined"]
    assert three.open_tasks() == []


def test_of_a_pair_one_question_is_left(client: PageClient) -> None:
    three = Three()
    three.one_man(three.first)
    assert three.answers() == ["same", None, "joined"]
    assert three.open_tasks() == [f"identity:{three.second}"]
    client.sign_in(three.lead)
    page = client.page("/identity")
    assert page.count(">Compare<") == 1
    (task,) = db.session.scalars(select(Task).where(Task.state == TaskState.OPEN))
    address = f"/identity/{task.subject_ref}"
    data = {"submission_key": submission(client.page(address)), "answer": "different"}
    data["why_two"] = "Two passports"
    assert client.post(address, data=data).status_code == 303
    assert "No question is waiting" in client.page("/identity")
    assert three.open_tasks() == []


def test_two_men_settles_every_open_question_about_the_pair(either_app: Flask) -> None:
    """Left from before: two open questions of which a merge has made one pair."""
    three = Three()
    three.one_man(three.first)
    with writing():
        left = db.session.get_one(IdentityQuestion, three.third)
        left.answer = left.answered_at = left.answered_by = None
        task = db.session.scalars(select(Task).where(Task.key == f"identity:{left.id}")).one()
        task.state, task.finished_at, task.finished_by = TaskState.OPEN, None, None
    three.two_men(three.second)
    assert three.answers() == ["same", "different", "different"]
    assert three.open_tasks() == []


def test_two_men_said_before_holds_for_what_is_merged(either_app: Flask) -> None:
    three = Three()
    three.two_men(three.second)
    three.one_man(three.first)
    assert three.answers() == ["same", "different", "different"]
    assert three.open_tasks() == []


def test_the_task_goes_on_with_the_question_that_is_left(either_app: Flask) -> None:
    three = Three()
    with writing():
        row = db.session.scalars(select(Task).where(Task.key == f"identity:{three.second}")).one()
        db.session.delete(row)
    three.one_man(three.first)
    assert three.open_tasks() == [f"identity:{three.second}"]


@pytest.mark.parametrize("merged_twice", [False, True])
def test_undone_they_are_asked_again(either_app: Flask, merged_twice: bool) -> None:
    three = Three()
    merges = [three.one_man(three.first)]
    if merged_twice:
        merges.append(three.one_man(three.second))
    for merge_id in reversed(merges):
        undo(merge_id, three.lead.id)
    db.session.expire_all()
    if merged_twice:  # it was said that the first is neither the second nor the third
        assert three.answers() == ["different", "different", None]
        assert three.open_tasks() == [f"identity:{three.third}"]
    else:
        assert three.answers() == ["different", None, None]
        assert three.open_tasks() == [f"identity:{three.second}", f"identity:{three.third}"]
