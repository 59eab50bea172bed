"""Consent belongs to the case it was asked on: a no there stops and tells nothing elsewhere."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases import consent_service, identity, rules
from mhtr.cases.consent_queries import standing_of
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case, ConsentAsked
from mhtr.cases.service import facts_of
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem, Person
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.cases.test_after_linking import linked
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import merge
from tests.people.test_service import create
from tests.suitability.journey import allocated, released, signed
from tests.suitability.requesting import tasks_of, told

G, R, W = ConsentDecision.GIVEN, ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN
A, T = ConsentItem.ASSESSMENT, ConsentItem.TREATMENT
OF_THE_CASE = [A, T, ConsentItem.SHARING_MORE]
OF_THE_MAN = [ConsentItem.GP, ConsentItem.LINK_WORKER]


def say(
    case: Case, item: ConsentItem, decision: ConsentDecision, by: int, at: datetime | None = None
) -> None:
    case_id = case.id
    with writing():
        consent_service.record_consent(
            case_id=case_id,
            item=item,
            decision=decision,
            how="telephone",
            at=at or clock.now(),
            by=by,
            scope="That he comes" if item is ConsentItem.SHARING_MORE else "",
        )


def stopped(case: Case) -> bool:
    reasons = rules.can(FactKind.RELEASED, facts_of(case.id), clock.today()).reasons
    return any(reason.startswith("He ") for reason in reasons)


def asked(case: Case) -> list[Task]:
    query = select(Task).where(
        Task.case_id == case.id,
        Task.kind == TaskKind.CONFIRM_CONSENT,
        Task.state == TaskState.OPEN,
    )
    return list(db.session.scalars(query))


class Both:
    """A man with two prosecutions in one trust, each with its assessor; he agreed on both."""

    def __init__(self) -> None:
        self.trust = make_organisation(name="West Trust")
        person = create()
        self.ones, self.twos = (
            make_staff(Role.ASSESSOR, organisation=self.trust) for _ in range(2)
        )
        self.one = self.given(person, self.ones, self.trust)
        self.two = self.given(person, self.twos, self.trust)

    @staticmethod
    def given(person: Person, assessor: Staff, trust: Organisation) -> Case:
        case = make_case(person)
        with writing():
            db.session.get_one(Case, case.id).assessor_id = assessor.id
            for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
                access.grant(case.id, purpose, trust.principal_id, because="test", by=None)
        for item in (A, T):
            say(case, item, G, assessor.id)
        return case


@pytest.mark.parametrize("item", [A, T])
def test_a_no_on_one_case_stops_no_other_and_its_clinician_is_asked(
    either_app: Flask, item: ConsentItem
) -> None:
    both = Both()
    facts = len(facts_of(both.one.id))
    say(both.two, item, W, both.twos.id)
    assert stopped(both.two) and not stopped(both.one)
    assert len(facts_of(both.one.id)) == facts
    (task,) = asked(both.one)
    assert task.owner_staff_id == both.ones.id
    assert "on another case of his" in task.title
    assert asked(both.two) == []
    # He is asked, and it is settled whatever he says.
    say(both.one, item, G, both.ones.id)
    assert asked(both.one) == [] and not stopped(both.one) and stopped(both.two)


def test_he_says_no_there_too_when_asked(app: Flask) -> None:
    both = Both()
    say(both.two, A, W, both.twos.id)
    say(both.one, A, W, both.ones.id)
    assert stopped(both.one) and asked(both.one) == asked(both.two) == []


def test_he_agrees_again_there_and_nobody_need_ask(app: Flask) -> None:
    both = Both()
    say(both.two, A, W, both.twos.id)
    say(both.two, A, G, both.twos.id)
    assert asked(both.one) == [] and not stopped(both.two)


def test_a_no_that_was_said_before_he_agreed_here_asks_nobody(
    app: Flask, set_clock: SetClock
) -> None:
    both = Both()
    say(both.one, A, G, both.ones.id, clock.now())
    set_clock.advance(hours=3)
    say(both.one, A, G, both.ones.id)
    say(both.two, A, W, both.twos.id, clock.now() - timedelta(hours=1))
    assert asked(both.one) == [] and stopped(both.two)


def test_whoever_has_not_been_asked_here_has_nothing_to_confirm(app: Flask) -> None:
    both = Both()
    third = make_case(both.one.person)
    say(both.two, A, W, both.twos.id)
    assert asked(third) == [] and not stopped(third)


@pytest.mark.parametrize("item", [*OF_THE_CASE, *OF_THE_MAN])
def test_what_is_of_the_case_and_what_of_the_man(app: Flask, item: ConsentItem) -> None:
    person, staff = create(), make_staff()
    one, two = make_case(person), make_case(person)
    say(one, item, G, staff.id)
    assert (item in standing_of(two)) is (item in OF_THE_MAN)
    assert standing_of(one)[item].decision is G


def test_the_author_and_the_released_report_of_the_other_case_are_untouched(
    app: Flask,
) -> None:
    people = allocated()
    author = people.psr_author
    assessment = signed(people)
    person = db.session.get_one(Person, people.case.person_id)
    other = make_case(person)
    say(other, A, G, people.assessor.id)
    say(other, A, W, people.assessor.id)
    released(assessment, people)
    say(other, A, G, people.assessor.id)
    before = told(author)
    say(other, A, W, people.assessor.id)
    assert told(author) == before
    assert not stopped(people.case)
    assert len(tasks_of(people.case.id, TaskKind.CONFIRM_CONSENT)) == 1


def test_another_trust_is_told_only_that_it_is_to_be_confirmed(client: PageClient) -> None:
    two = linked()
    for case, by in ((two.case, two.lead), (two.known, two.southern)):
        say(case, A, G, by.id)
    say(two.known, A, W, two.southern.id)
    assert not stopped(two.case)
    (task,) = asked(two.case)
    assert task.owner_principal_id == two.west.principal_id
    assert task.title == "Confirm with him that what he agreed to on this case still stands"
    client.sign_in(two.lead)
    page = client.page("/today")
    assert task.title in page and ">Ask him<" in page
    for address in ("/today", f"/cases/{two.case.ref}", f"/cases/{two.case.ref}/consent"):
        shown = client.page(address)
        assert "another case of his:" not in shown and "ook it back" not in shown
    client.sign_in(two.southern)
    assert asked(two.known) == []


def test_two_records_of_one_man_are_asked_about_and_no_more_once_they_are_two(
    app: Flask,
) -> None:
    both = Both()
    other = Both.given(create(), both.twos, both.trust)
    say(other, T, W, both.twos.id)
    assert asked(both.one) == []
    merge_id = merge(both.one.person, other.person, both.ones.id)
    assert len(asked(both.one)) == 1 and not stopped(both.one)
    by = both.ones.id
    with writing():
        identity.undo_merge(merge_id=merge_id, reason="Brothers", by=by)
    assert asked(both.one) == []
    # What he said while they were one stays with the case it was said on.
    assert standing_of(other)[T].decision is W


def test_what_was_recorded_before_counts_for_each_case_he_had(
    app: Flask, set_clock: SetClock
) -> None:
    person, staff = create(), make_staff()
    one, two = make_case(person), make_case(person)
    person_id, by = person.id, staff.id
    set_clock.advance(hours=1)
    with writing():
        consent.record_consent(
            person_id=person_id, item=A, decision=G, how="video", at=clock.now(), by=by
        )
    set_clock.advance(hours=1)
    later = make_case(person)
    assert A in standing_of(one) and A in standing_of(two)
    assert A not in standing_of(later)
    say(two, A, W, by)
    assert standing_of(one)[A].decision is G and standing_of(two)[A].decision is W


def test_on_which_case_it_was_said_is_never_changed(either_app: Flask) -> None:
    case = make_case(create())
    say(case, A, G, make_staff().id)
    for statement in ("UPDATE case_consents SET case_id = 1", "DELETE FROM case_consents"):
        with pytest.raises(DBAPIError, match="append_only"), writing():
            db.session.execute(text(statement))
    assert db.session.scalars(select(ConsentAsked.case_id)).one() == case.id


def test_nobody_is_told_of_another_trusts_case_before_they_are_linked(app: Flask) -> None:
    both = Both()
    stranger = Both.given(create(), make_staff(Role.ASSESSOR), make_organisation())
    say(stranger, A, W, both.twos.id)
    assert asked(both.one) == []
    assert db.session.scalars(select(Notice.id)).all() == []
