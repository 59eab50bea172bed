"""Two records become one and two again, exactly; nothing is settled silently."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mhtr.cases import identity, rules
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import consent, flags, merge_rows, merging, service
from mhtr.people.models import (
    ConsentDecision,
    ConsentItem,
    FlagKind,
    IdentifierKind,
    Person,
)
from mhtr.people.queries import live_id, pair_question
from mhtr.people.search_keys import search_keys
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_case, make_staff
from tests.people.merged import ask, merge, undo
from tests.people.test_service import NHS, OTHER_NHS, create

LEFT_OUT = {"version"}


def everything(app: Flask) -> dict[str, list[dict[str, Any]]]:
    """Every row that says something about people, as the database holds it."""
    db.session.rollback()
    db.session.expire_all()
    tables = {
        name: table
        for name, table in db.metadata.tables.items()
        if name in {"people", "cases", *merge_rows.OWNED, "consent_events", "match_keys"}
    }
    held: dict[str, list[dict[str, Any]]] = {}
    for name, table in tables.items():
        rows = db.session.execute(select(table).order_by(table.c.id)).mappings().all()
        held[name] = [{k: v for k, v in row.items() if k not in LEFT_OUT} for row in rows]
    # Keys are made anew: which row holds one is of no account.
    held["match_keys"] = sorted(
        ({k: v for k, v in row.items() if k != "id"} for row in held["match_keys"]),
        key=lambda row: (row["person_id"], row["key"]),
    )
    db.session.rollback()
    return held


def test_every_reference_to_a_person_is_thought_of(app: Flask) -> None:
    pointing = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "people.id" for key in column.foreign_keys)
    }
    moved = {f"{name}.person_id" for name in merge_rows.OWNED} | {"cases.person_id"}
    assert pointing == moved | merging.STAYING


@pytest.mark.parametrize(
    ("reason", "words"), [("", "Say how you know"), ("  ", "Say how you know")]
)
def test_a_merge_needs_a_reason(app: Flask, reason: str, words: str) -> None:
    staff, one, two = make_staff(), create(), create()
    question_id, one_id = ask(one, two, staff.id), one.id
    with pytest.raises(Refused, match=words), writing():
        identity.answer_same(
            question_id=question_id, kept_id=one_id, right={}, reason=reason, by=staff.id
        )


def keep_apart(one: Person, two: Person, by: int) -> None:
    with writing():
        flags.raise_flag(
            person_id=one.id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="",
            owner_staff_id=by,
            review_on=date(2027, 1, 1),
            other_person_id=two.id,
            by=by,
        )


def test_men_who_must_not_meet_are_not_merged(app: Flask) -> None:
    staff, one, two = make_staff(), create(), create()
    keep_apart(one, two, staff.id)
    with pytest.raises(Refused, match="must not meet"):
        merge(one, two, staff.id)


def test_nor_is_a_man_with_whom_one_of_them_was_made_one(app: Flask) -> None:
    staff, one, two, three = make_staff(), create(), create(), create()
    keep_apart(one, two, staff.id)
    merge(three, two, staff.id)
    with pytest.raises(Refused, match="must not meet"):
        merge(one, three, staff.id)
    with pytest.raises(Refused, match="must not meet"):
        merging.must_not_be_kept_apart(three.id, one.id)


def test_different_is_remembered_also_after_a_merge(app: Flask) -> None:
    staff, one, two, three = make_staff(), create(), create(), create()
    question_id = ask(one, two, staff.id)
    with writing():
        identity.answer_different(question_id=question_id, reason="Two passports", by=staff.id)
    with pytest.raises(Refused, match="answered"), writing():
        identity.answer_different(question_id=question_id, reason="Two passports", by=staff.id)
    merge(three, two, staff.id)
    assert pair_question(one.id, three.id) is not None
    with writing():
        assert (
            service.raise_identity_question(
                person_id=three.id, other_id=one.id, verdict="possible", reasons=[], by=None
            )
            is None
        )


def test_merges_are_undone_in_the_reverse_order(app: Flask) -> None:
    staff, one, two, three = make_staff(), create(), create(), create()
    first = merge(one, two, staff.id)
    second = merge(three, one, staff.id)
    assert live_id(two.id) == three.id
    with pytest.raises(Refused, match="Undo that merge first"):
        undo(first, staff.id)
    undo(second, staff.id)
    undo(first, staff.id)
    assert live_id(two.id) == two.id
    with pytest.raises(Refused, match="already undone"):
        undo(first, staff.id)


def test_what_was_added_since_stays_with_the_kept_record(app: Flask) -> None:
    staff, one, two = make_staff(), create(), create()
    old = make_case(two)
    merge_id = merge(one, two, staff.id)
    new = make_case(one)
    undo(merge_id, staff.id)
    db.session.expire_all()
    assert (old.person_id, new.person_id) == (two.id, one.id)


NUMBERS = st.sampled_from(["", NHS, OTHER_NHS])
PERSONS = st.fixed_dictionaries(
    {
        "nhs": NUMBERS,
        "crn": st.sampled_from(["", "X123456", "Y654321"]),
        "aliases": st.lists(st.sampled_from(["Tee", "Joe Bloggs", "T Okafor"]), max_size=3),
        "born": st.sampled_from([None, date(1990, 2, 3), date(1990, 3, 2)]),
        "text": st.sampled_from(["yes", "no", "unknown"]),
        "needs": st.lists(
            st.sampled_from(["communication_support:plain-words", "contact_method:letter"]),
            unique=True,
        ),
        "religion": st.sampled_from(["not_asked", "declined", "code:C"]),
        "cases": st.integers(0, 2),
        "details": st.fixed_dictionaries(
            {},
            optional={
                "phone": st.sampled_from(["07700 900111", "07700 900222"]),
                "email": st.just("one@example.org"),
                "safe_to_voicemail": st.sampled_from(["yes", "no"]),
                "contact_known_how": st.sampled_from(["in_person", "writing"]),
                "contact_phrase": st.sampled_from(["The bins", "Blue door"]),
                "contact_note": st.just("After six"),
                "language": st.sampled_from(["so", "pl"]),
                "interpreter": st.sampled_from(["yes", "no"]),
                "address": st.sampled_from(["1 High Street", "2 Low Road"]),
                "no_fixed_abode": st.booleans(),
                "needs_asked": st.sampled_from(["given", "declined"]),
                "needs_note": st.sampled_from(["Large print", "Slowly"]),
                "needs_review_on": st.sampled_from([date(2027, 1, 1), date(2027, 2, 1)]),
                "gp_status": st.sampled_from(["registered", "willing"]),
                "gp_name": st.sampled_from(["The Surgery", "Green Lane"]),
                "known_as": st.just("Tee"),
            },
        ),
    }
)


def build(shape: dict[str, Any]) -> Person:
    person = create(
        identifiers={IdentifierKind.NHS: shape["nhs"], IdentifierKind.CRN: shape["crn"]},
        aliases=shape["aliases"],
        born=shape["born"],
        safe_to_text=shape["text"],
        needs=tuple(shape["needs"]),
        equality={"religion": shape["religion"]},
        **shape["details"],
    )
    for _ in range(shape["cases"]):
        make_case(person)
    return person


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(PERSONS, PERSONS, st.booleans())
def test_undoing_a_merge_restores_everything(
    either_app: Flask, first: dict[str, Any], second: dict[str, Any], second_is_right: bool
) -> None:
    staff = make_staff()
    one, two = build(first), build(second)
    before = everything(either_app)
    right = {
        kind: numbers[second_is_right]
        for kind, numbers in merging.differing_numbers(one, two).items()
    }
    merge_id = merge(one, two, staff.id, right, two if second_is_right else one)
    merged = everything(either_app)
    assert merged != before
    assert not db.session.scalars(select(Case).where(Case.person_id == two.id)).all()
    undo(merge_id, staff.id)
    assert everything(either_app) == before


def test_words_are_found_from_their_first_letters() -> None:
    from mhtr.people.names import PersonName

    keys = search_keys([PersonName("José-María", "O'Brien")])
    assert {"w:jose", "p:jos", "w:maria", "w:obrien", "p:obr"} <= keys


def withdrawn_on(case_id: int) -> object:
    db.session.rollback()
    return rules.fold(cases.facts_of(case_id), clock.today()).consent_withdrawn_on


def say(person_id: int, decision: ConsentDecision, by: int) -> None:
    with writing():
        consent.record_consent(
            person_id=person_id,
            item=ConsentItem.TREATMENT,
            decision=decision,
            how="telephone",
            at=clock.now(),
            by=by,
        )


@pytest.mark.parametrize("his_own_too", [False, True])
def test_undone_a_merge_leaves_no_withdrawal_that_was_not_his(
    either_app: Flask, his_own_too: bool
) -> None:
    staff = make_staff()
    one, two = create(), create(family_name="Okafar")
    case_id, by = make_case(one).id, staff.id
    for person in (one, two) if his_own_too else (two,):
        say(person.id, ConsentDecision.GIVEN, by)
        say(person.id, ConsentDecision.WITHDRAWN, by)
    merge_id = merge(one, two, by)
    assert withdrawn_on(case_id) is not None
    waiting = select(Task.state).where(Task.kind == TaskKind.CONSENT_WITHDRAWN)
    assert db.session.scalars(waiting).all() == [TaskState.OPEN]
    undo(merge_id, by)
    assert (withdrawn_on(case_id) is not None) is his_own_too
    kept = TaskState.OPEN if his_own_too else TaskState.WITHDRAWN
    assert db.session.scalars(waiting).all() == [kept]
