"""Who signs, who may have a copy, what a plan needs, and what the record puts into a letter."""

from dataclasses import replace
from datetime import date

import pytest

from mhtr.discharge.letter_content import (
    Facts,
    Letter,
    Measure,
    content_hash,
    fact_rows,
    from_json,
    sheet,
    to_json,
)
from mhtr.discharge.letter_kinds import SHAPES, LetterKind
from mhtr.discharge.rules import (
    NO_GP,
    Agreed,
    Copy,
    Gp,
    Plan,
    Sent,
    Signer,
    Signs,
    Stance,
    To,
    exception_objections,
    gp_objections,
    plan_objections,
    signs_as,
)

ON = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("signer", "first", "wanted"),
    [
        (Signer(1, registered=True, lead=False), None, Signs.ALONE),
        (Signer(1, registered=False, lead=False), None, Signs.FIRST),
        (Signer(1, registered=False, lead=False), 1, None),
        (Signer(1, registered=True, lead=True), 1, None),
        (Signer(2, registered=True, lead=True), None, Signs.ALONE),
        (Signer(2, registered=True, lead=True), 1, Signs.SECOND),
        (Signer(2, registered=False, lead=True), None, None),
        (Signer(2, registered=False, lead=True), 1, None),
        (Signer(2, registered=True, lead=False), None, None),
        (Signer(2, registered=True, lead=False), 1, None),
    ],
)
def test_who_signs(signer: Signer, first: int | None, wanted: Signs | None) -> None:
    found, why = signs_as(signer, therapist=1, name="Ada", first=first)
    assert found is wanted and bool(why) == (wanted is None)


def test_without_a_therapist_a_registered_lead_signs() -> None:
    anybody, lead = Signer(3, registered=True, lead=False), Signer(4, registered=True, lead=True)
    assert signs_as(anybody, therapist=None, name="", first=None)[0] is None
    assert signs_as(lead, therapist=None, name="", first=None)[0] is Signs.ALONE


@pytest.mark.parametrize("agreed", list(Agreed))
@pytest.mark.parametrize("exception", [False, True])
@pytest.mark.parametrize(("registered", "name"), [(True, "A"), (True, " "), (False, "A")])
def test_his_gp_has_a_copy_only_where_he_agrees_and_it_is_known(
    agreed: Agreed, exception: bool, registered: bool, name: str
) -> None:
    against = gp_objections(Gp(agreed, registered, name), exception=exception)
    known = registered and bool(name.strip())
    assert (NO_GP in against) == (not known)
    assert (not against) == (known and (exception or agreed is Agreed.YES))


def test_an_exception_needs_its_kind_a_reason_and_an_approver() -> None:
    gp = Gp(Agreed.NO, registered=True, name="A")
    said = Copy(To.GP, Sent.POST, "He spoke of it twice", 7)
    assert exception_objections(said, gp, allowed=True, approvers=(7,)) == ()
    assert exception_objections(said, gp, allowed=False, approvers=(7,))
    assert exception_objections(said, gp, allowed=True, approvers=(8,))
    assert exception_objections(replace(said, exception_why=" "), gp, allowed=True, approvers=(7,))
    agrees = replace(gp, agreed=Agreed.YES)
    assert exception_objections(Copy(To.GP, Sent.POST), agrees, allowed=False, approvers=()) == ()
    assert [kind for kind in LetterKind if SHAPES[kind].exception] == [LetterKind.RISK]


def test_a_plan_needs_what_he_agrees_to() -> None:
    full = Plan(signs="a", call="b", stance=Stance.AGREED)
    assert plan_objections(full) == ()
    assert plan_objections(Plan())[0][0] == "signs"
    assert plan_objections(replace(full, call=" "))[0][0] == "call"
    assert plan_objections(replace(full, signs=""))[0][0] == "signs"
    assert plan_objections(Plan(helps="a")) == ()
    assert plan_objections(replace(full, stance=Stance.DISSENTS))[0][0] == "dissent"


FACTS = Facts(
    treated_by="Ada Mensah",
    therapies=("CBT",),
    held=11,
    planned=12,
    first_on=date(2026, 8, 3),
    last_on=ON,
    finished=False,
    ended_on=ON,
    measures=(Measure("PHQ-9", 18, date(2026, 8, 3), 7, ON), Measure("GAD-7", 12, ON)),
)


def letter(**said: object) -> Letter:
    given: dict[str, object] = {
        "kind": LetterKind.SUMMARY,
        "reference": "AB12",
        "number": 1,
        "service": "The service",
        "written_on": ON,
        "person_name": "Sam Example",
        "person_born_on": date(1990, 2, 3),
        "nhs_number": "999 000 0018",
        "facts": fact_rows(LetterKind.SUMMARY, FACTS),
        "parts": (("What you came for", "To sleep.\n\nTo go out."), ("What comes next", "")),
        "plan": (("signs", "I stay in"), ("helps", "")),
        "services": ("Housing",),
        "author": "Ada Mensah",
        "author_title": "Practitioner",
        "registration": "",
        **said,
    }
    return Letter(**given)  # type: ignore[arg-type]


def test_what_the_record_puts_into_each_kind() -> None:
    rows = dict(fact_rows(LetterKind.SUMMARY, FACTS))
    assert rows["Sessions attended"] == "11 of 12 planned"
    assert rows["How it ended"].startswith("Before all planned sessions were held")
    assert rows["PHQ-9"] == "18 points on 3 August 2026, 7 points on 12 November 2026"
    assert rows["GAD-7"].endswith("not asked again after that")
    assert "measure" not in str(fact_rows(LetterKind.RISK, FACTS))
    for kind in set(LetterKind) - {LetterKind.SUMMARY}:
        assert "PHQ-9" not in dict(fact_rows(kind, FACTS)), kind
    going = replace(FACTS, ended_on=None, finished=False, first_on=None, last_on=None)
    assert set(dict(fact_rows(LetterKind.DISCHARGE, going))) == {"Treatment", "Treated by"}


def test_a_letter_is_kept_whole_and_read_from_one_sheet() -> None:
    one = letter()
    assert from_json(to_json(one)) == one
    assert content_hash(replace(one, services=())) != content_hash(one)
    view = sheet(one)
    assert [part.heading for part in view.sections] == [
        "What you came for",
        "Where you were referred",
        "Your plan for later: signs that things get harder",
    ]
    assert view.sections[0].paragraphs == ("To sleep.", "To go out.")
    assert not view.again and len(view.signatures) == 1
    again = sheet(letter(number=2, why_again="A day was wrong.", countersigner="Dr Lead"))
    assert "version 1" in again.again and "A day was wrong." in again.again
    assert [name for name, _, _ in again.signatures] == ["Ada Mensah", "Dr Lead"]
    assert "court" not in str(view).lower() and "order" not in str(view).lower()
