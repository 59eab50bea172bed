"""Reading a referral: the same answers give the same values, and every fault is told at once."""

from dataclasses import fields
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.cases.facts import StageOfCase
from mhtr.core.clock import LONDON
from mhtr.intake.referral import FIELDS, WHERE, Problem, ReferralSubmission, read_referral
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.referral_dates import NOT_A_DATE
from mhtr.intake.referral_values import Answer, Level, Safety, Urgency
from tests.intake.samples import ANSWERS, lists

TODAY = date(2026, 11, 18)


def read(**changes: str) -> ReferralSubmission | list[Problem]:
    return read_referral({**ANSWERS, **changes}, TODAY, lists())


def test_values_are_canonical() -> None:
    found = read(crn="x123456", nhs_number="999 000 0018", court="CRT034", told_at="")
    assert isinstance(found, ReferralSubmission)
    assert found.safety is Safety.SAFE and found.need is Level.MEDIUM
    assert found.stage is StageOfCase.GUILTY_PLEA
    assert found.born == date(1990, 2, 3)
    assert found.vulnerabilities == ("anxiety", "trauma")
    assert found.phone == "+447700900123" and found.safe_to_text is Answer.YES
    assert (found.crn, found.nhs_number, found.court) == ("X123456", "9990000018", "B01IX")
    assert not found.urgent


def test_only_what_is_known_at_three_in_the_morning_is_needed() -> None:
    needed = ("safety", "given_name", "family_name", "source", "place", "willing")
    least = {name: ANSWERS[name] for name in needed} | {"willing": "not_asked"}
    assert isinstance(read_referral(least, TODAY, lists()), ReferralSubmission)
    for name in needed:
        without = {k: v for k, v in least.items() if k != name}
        faults = read_referral(without, TODAY, lists())
        assert isinstance(faults, list) and [f.field for f in faults] == [name]


@pytest.mark.parametrize("source", ["court-probation", "probation", "judiciary", "defence", "self"])
@pytest.mark.parametrize("place", ["", "telephone", "By letter or e-mail", "own-report", "B01EF"])
def test_who_did_not_see_him_names_no_place(source: str, place: str) -> None:
    found = read(source=source, place=place)
    assert isinstance(found, ReferralSubmission)
    assert found.place == {"By letter or e-mail": "letter"}.get(place, place)


@pytest.mark.parametrize("place", ["", "telephone", "letter", "own-report"])
def test_who_saw_him_in_custody_or_at_court_says_where(place: str) -> None:
    assert read(source="ld", place=place) == [Problem("place", WHERE)]


def test_a_place_that_is_none_is_named_once() -> None:
    faults = read(source="ld", place="nowhere")
    assert isinstance(faults, list) and [f.field for f in faults] == ["place"]


def test_a_name_that_is_no_field_is_refused() -> None:
    """A misspelt column is not lost in silence, and no column of a table can be named."""
    assert read(case_id="1") == [Problem("case_id", "This is not a field of a referral")]


WRONG = {
    "born": ("1990-02-30", "real date"),
    "age": ("seven", "age in years"),
    "nhs_number": ("9990000019", "check each digit"),
    "crn": ("12", "one letter and 6 digits"),
    "place": ("nowhere", "not on the list"),
    "court": ("C01BL", "not on the list"),
    "stage": ("guilty", "Choose one of"),
    "hearing_on": ("2026-11-17", "within the next two years"),
    "screened_on": ("2026-11-19", "in the past"),
    "vulnerabilities": ("anxiety;sadness", "not on the list"),
    "phone": ("020 7946 12", "reserved for fiction"),
    "told_at": ("2026-11-18T03:20+00:00", "London time as YYYY-MM-DDTHH:MM"),
    "notes": ("x" * 1001, "1000 characters"),
    "family_name": ("O\x07k", "hidden character"),
    "agreed_how": ("", "how he agreed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_fault_is_named(name: str) -> None:
    text, words = WRONG[name]
    faults = read(**{name: text})
    assert isinstance(faults, list)
    assert [f.field for f in faults] == [name]
    assert words in faults[0].message


@pytest.mark.parametrize("text", ["19900203", "1990-W05-6", "1990-2-3", "1990-034", "٢٠٢٦-01-01"])
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    faults = read(born=text)
    assert isinstance(faults, list)
    assert [(f.field, f.message) for f in faults] == [("born", NOT_A_DATE)]


@pytest.mark.parametrize(
    ("text", "now", "taken"),
    [
        ("2026-11-18T12:00", "2026-11-18T12:00", True),
        ("2026-11-18T12:01", "2026-11-18T12:00", False),
        ("2026-11-18T23:59", "2026-11-18T12:00", False),
        ("2026-11-17T23:59", "2026-11-18T12:00", True),
        ("20261117T2359", "2026-11-18T12:00", False),
        ("2026-11-17", "2026-11-18T12:00", False),
        ("2026-11-17T23:59:30", "2026-11-18T12:00", False),
        # Clocks went back at 2:00: it is 1:10 for the second time, and 1:50 was there before.
        ("2026-10-25T01:50", "2026-10-25T01:10+00:00", True),
        ("2026-10-25T02:10", "2026-10-25T01:10+00:00", False),
    ],
)
def test_healthcare_was_told_in_the_past(text: str, now: str, taken: bool) -> None:
    at = datetime.fromisoformat(now)
    london = at.replace(tzinfo=LONDON) if at.tzinfo is None else at.astimezone(LONDON)
    answers = {
        "safety": "healthcare_told", "told_whom": "Custody nurse", "told_at": text,
        "given_name": "Any", "family_name": "Name", "source": "ld", "place": "met-brixton",
        "willing": "not_asked",
    }  # fmt: skip
    found = read_referral(answers, london.date(), lists(), london)
    assert isinstance(found, ReferralSubmission) is taken
    assert taken or [f.field for f in found] == ["told_at"]  # type: ignore[union-attr]


def test_every_fault_is_told_at_once() -> None:
    faults = read(born="tomorrow", stage="?", place="", colour="blue")
    assert isinstance(faults, list)
    assert {f.field for f in faults} == {"born", "stage", "place", "colour"}


def test_told_healthcare_needs_whom_and_when() -> None:
    faults = read(safety="healthcare_told")
    assert isinstance(faults, list)
    assert {f.field for f in faults} == {"told_whom", "told_at"}
    told = read(safety="healthcare_told", told_whom="Custody nurse", told_at="2026-11-18T03:20")
    assert isinstance(told, ReferralSubmission)
    assert told.told_at == datetime.fromisoformat("2026-11-18T03:20") and told.urgent


def test_a_referral_is_never_held_back_because_safety_is_not_known() -> None:
    found = read(safety="not_known")
    assert isinstance(found, ReferralSubmission) and found.urgent


def test_urgent_by_urgency() -> None:
    found = read(urgency=Urgency.URGENT.value)
    assert isinstance(found, ReferralSubmission) and found.urgent


def test_there_is_no_field_for_the_offence() -> None:
    names = {f.name for f in fields(ReferralSubmission)} | set(FIELDS)
    assert not [n for n in names if "offence" in n or "charge" in n or "allegation" in n]
    faults = read(offence="anything")
    assert isinstance(faults, list) and faults[0].field == "offence"


def test_answers_read_back_as_they_were() -> None:
    found = read(
        safety="healthcare_told",
        told_whom="Nurse",
        told_at="2026-11-17T23:05",
        hearing_on="2026-12-01",
        court="B01IX",
        hearing_purpose="sentence",
        psr_kind="short",
        also_known_as="Ray Okafor",
        notes="Works nights",
        language="yo",
        interpreter="yes",
    )
    assert isinstance(found, ReferralSubmission)
    assert read_referral(to_answers(found), TODAY, lists()) == found


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30)))
def test_no_text_breaks_the_reader(answers: dict[str, str]) -> None:
    found = read_referral(answers, TODAY, lists())
    if isinstance(found, ReferralSubmission):
        assert read_referral(to_answers(found), TODAY, lists()) == found
    else:
        assert found and {fault.field for fault in found} <= set(FIELDS)
