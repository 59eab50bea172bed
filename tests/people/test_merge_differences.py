"""What differs between two records that become one is chosen, and the more careful answer holds."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import death, identity
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import consent, flags, merge_parts
from mhtr.people.matching import PersonSketch
from mhtr.people.models import (
    ConsentDecision,
    ConsentItem,
    FlagKind,
    IdentifierKind,
    IdentityQuestion,
    Merge,
    Permission,
    Person,
    PersonChange,
)
from mhtr.people.queries import candidates, live_id
from tests.makers import make_case, make_staff
from tests.people.merged import ask, merge, undo
from tests.people.test_service import NHS, OTHER_NHS, create


def test_the_kept_record_has_what_both_had(either_app: Flask) -> None:
    staff = make_staff()
    one = create(identifiers={IdentifierKind.NHS: NHS}, aliases=["Tee"], safe_to_text="yes")
    two = create(
        identifiers={IdentifierKind.CRN: "X123456"},
        family_name="Okafar",
        safe_to_text="no",
        needs=("communication_support:plain-words",),
        equality={"religion": "code:C"},
    )
    case = make_case(two)
    with writing():
        consent.record_consent(
            person_id=two.id,
            item=ConsentItem.GP,
            decision=ConsentDecision.GIVEN,
            how="telephone",
            at=clock.now(),
            by=staff.id,
        )
        flags.raise_flag(
            person_id=two.id,
            kind=FlagKind.RISK,
            fact="Ask before calling",
            reason="Reason",
            owner_staff_id=staff.id,
            review_on=date(2027, 1, 1),
            by=staff.id,
        )
    merge(one, two, staff.id)
    db.session.expire_all()
    assert {row.kind.value for row in one.identifiers} == {"nhs", "crn"}
    assert case.person_id == one.id
    assert one.safe_to_text is Permission.NO
    assert [need.code for need in one.needs] == ["plain-words"]
    assert consent.standing(one.id)[ConsentItem.GP].decision is ConsentDecision.GIVEN
    assert live_id(two.id) == one.id
    row = db.session.scalars(select(Merge)).one()
    assert row.moved["cases"] == [case.id]
    found = candidates(PersonSketch((), None, {"crn": "X123456"}))
    assert [c.person_id for c in found] == [one.id]


def test_a_number_that_differs_must_be_chosen_and_the_other_is_kept(either_app: Flask) -> None:
    staff = make_staff()
    one = create(identifiers={IdentifierKind.NHS: NHS})
    two = create(identifiers={IdentifierKind.NHS: OTHER_NHS})
    question_id, one_id = ask(one, two, staff.id), one.id
    for wrong in ({}, {IdentifierKind.NHS: "9990000034"}):
        with pytest.raises(Refused, match="choose the right NHS number"), writing():
            identity.answer_same(
                question_id=question_id, kept_id=one_id, right=wrong, reason="x", by=staff.id
            )
    assert db.session.get_one(IdentityQuestion, question_id).answer is None
    with writing():
        identity.answer_same(
            question_id=question_id,
            kept_id=one_id,
            right={IdentifierKind.NHS: OTHER_NHS},
            reason="Letter from his GP",
            by=staff.id,
        )
    db.session.expire_all()
    assert [row.value for row in one.identifiers] == [OTHER_NHS]
    assert [row.value for row in two.identifiers] == [NHS]
    change = db.session.scalars(select(PersonChange)).one()
    assert change.before == {"nhs": "999 000 0018"}


def test_a_death_comes_and_goes_with_the_record_that_holds_it(app: Flask) -> None:
    staff = make_staff()
    one, two = create(), create(family_name="Okafar")
    case_id, by = make_case(one).id, staff.id
    with writing():
        db.session.get_one(Person, two.id).died_on = clock.today()
    assert [part.key for part in merge_parts.differing(one, two)] == ["died_on"]
    merge_id = merge(one, two, by, chosen=two)
    assert db.session.get_one(Case, case_id).state is CaseState.CLOSED
    undo(merge_id, by)
    assert db.session.get_one(Case, case_id).state is CaseState.REFERRED


def test_what_only_the_other_record_holds_goes_over(either_app: Flask) -> None:
    staff, one = make_staff(), create(equality={"religion": "not_asked"})
    two = create(
        phone="07700 900111",
        safe_to_text="yes",
        contact_known_how="telephone",
        contact_phrase="The bins",
        contact_note="After six",
        language="so",
        interpreter="yes",
        needs_asked="given",
        needs_note="Large print",
        needs_review_on=date(2027, 1, 1),
        gp_status="registered",
        gp_name="The Surgery",
        address="1 High Street",
        equality={"religion": "code:C"},
    )
    merge_id = merge(one, two, staff.id)
    db.session.expire_all()
    names = [name for part in merge_parts.PARTS for name in part.fields]
    for name in [*names, "safe_to_text", "contact_known_how"]:
        assert getattr(one, name) == getattr(two, name), name
    assert [row.code for row in one.demographics] == ["C"]
    told = {n for row in db.session.scalars(select(PersonChange)) for n in row.before}
    assert {"phone", "contact_phrase", "needs_note", "gp_name", "safe_to_text"} <= told
    undo(merge_id, staff.id)
    db.session.expire_all()
    assert (one.phone, one.contact_phrase, one.gp_name, one.language) == ("", None, "", "")
    assert [row.code for row in one.demographics] == [None]


def test_what_differs_must_be_chosen(either_app: Flask) -> None:
    staff = make_staff()
    one = create(phone="07700 900111", safe_to_text="yes", gp_status="registered", gp_name="Lee")
    two = create(phone="07700 900222", gp_status="registered", gp_name="Green Lane")
    assert [part.key for part in merge_parts.differing(one, two)] == ["phone", "gp"]
    question_id, one_id, two_id = ask(one, two, staff.id), one.id, two.id
    for chosen in ({}, {"phone": two_id}, {"phone": two_id, "gp": 0}):
        with pytest.raises(Refused, match="choose the right"), writing():
            identity.answer_same(
                question_id=question_id,
                kept_id=one_id,
                right={},
                chosen=chosen,
                reason="x",
                by=staff.id,
            )
    with writing():
        identity.answer_same(
            question_id=question_id,
            kept_id=one_id,
            right={},
            chosen={"phone": two_id, "gp": one_id},
            reason="He said so",
            by=staff.id,
        )
    db.session.expire_all()
    assert (one.phone, one.gp_name) == ("+447700900222", "Lee")
    # Nobody asked him whether texts to that number are safe.
    assert one.safe_to_text is Permission.UNKNOWN


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [
        ("yes", "no", "no"),
        ("no", "yes", "no"),
        ("yes", "unknown", "unknown"),
        ("yes", "yes", "yes"),
    ],
)
def test_of_two_answers_the_more_careful_holds(
    app: Flask, ours: str, theirs: str, after: str
) -> None:
    one = create(phone="07700 900111", safe_to_text=ours)
    two = create(phone="07700 900111", safe_to_text=theirs)
    merge(one, two, make_staff().id)
    db.session.expire_all()
    assert one.safe_to_text.value == after


def test_a_death_that_was_wrong_is_taken_out_where_they_are_one_man(app: Flask) -> None:
    staff = make_staff()
    one, two = create(), create(family_name="Okafar", died_on=date(2026, 10, 1))
    case_id, by = make_case(two).id, staff.id
    with writing():
        death.follow(two.id, by=by)
    assert db.session.get_one(Case, case_id).state is CaseState.CLOSED
    merge_id = merge(two, one, by, chosen=one)
    db.session.expire_all()
    assert two.died_on is None
    assert db.session.get_one(Case, case_id).state is CaseState.REFERRED
    undo(merge_id, by)
    db.session.expire_all()
    assert two.died_on == date(2026, 10, 1)
    assert db.session.get_one(Case, case_id).state is CaseState.CLOSED
