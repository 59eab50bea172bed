"""What the prompts before release find in a report's free words, and what they leave alone."""

from dataclasses import fields, replace

import pytest

from mhtr.suitability.release_checks import (
    WRITTEN_FIELDS,
    Forbidden,
    find_forbidden,
    names_in,
)
from mhtr.suitability.report_content import (
    ReportContent,
)
from tests.suitability.report_samples import ADDENDUM, SIGNED

FORBIDDEN = Forbidden(
    names=("Danielle Ekwueme", "Zoë Okafor"),
    addresses=("14 Larch Walk, Hanwell", "Flat 2\n9 Mill Lane"),
    phones=("020 7946 0123",),
    passages=(
        "CANARY-7f3a",
        "He sleeps badly. He lost his job. He drinks.",
        "When it rains he cannot be alone in a closed room and leaves",
    ),
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("He lives with danielle now.", "another person: Danielle"),
        ("Zoe's view is known.", "another person: Zoë"),
        ("The OKAFOR family helps.", "another person: Zoë"),
        ("He stays at 14  larch walk.", "address that is on the record"),
        ("He stays at 9 Mill Lane.", "address that is on the record"),
        ("Ring +44 20 7946 0123.", "number that is on the record"),
        ("Ring 07700 900123.", "a telephone number"),
        ("He lives in W7 3QS.", "a postcode"),
        ("Write to a.b@example.org.", "an e-mail address"),
        ("His number is 999 000 0018.", "an NHS number"),
        ("It was canary 7F3A all along.", "clinical text"),
        ("Clinic where his sister Philippa Vandergelder lives.", "somebody close to him"),
        ("He lost  his job — and wants help.", "clinical text"),
        ("Then he said he cannot be alone in a closed room.", "clinical text"),
    ],
)
@pytest.mark.parametrize("field", WRITTEN_FIELDS)
def test_what_should_not_be_there_is_found(field: str, words: str, expected: str) -> None:
    value: object = words
    if field in ("need", "arrangements", "willingness"):
        value = replace(getattr(SIGNED, field), wording=words)
    base = ADDENDUM if field == "addendum_wording" else SIGNED
    content = replace(base, **{field: value})  # type: ignore[arg-type]
    found = find_forbidden(content, FORBIDDEN)
    assert any(expected in warning.words and warning.field == field for warning in found), found


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("His sister Ada", ("Ada",)),
        ("No contact with Danielle Mensah or her mother, Mrs O’Neill.",
         ("Danielle Mensah", "O’Neill")),
        ("Not to contact any witness. The victim", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_names_are_found_in_what_is_said_of_others(words: str, names: tuple[str, ...]) -> None:
    assert names_in(words) == names


def test_his_own_name_and_ordinary_words_are_no_prompt() -> None:
    words = "Mr Ekwueme is ready. 12 sessions, 9 months, ref 2026-11-24, 1234567890."
    assert find_forbidden(replace(SIGNED, recommendation_wording=words), FORBIDDEN) == ()


@pytest.mark.parametrize(
    "words",
    ["He drinks. He sleeps well.", "He is alone in a room.", "He can come with his sister."],
)
def test_short_words_in_common_are_no_prompt(words: str) -> None:
    assert find_forbidden(replace(SIGNED, recommendation_wording=words), FORBIDDEN) == ()


def test_a_prompt_does_not_repeat_what_was_typed_beside_a_name() -> None:
    typed = Forbidden(names=("Danielle, his former partner, who was hurt at 14 Larch Walk",))
    content = replace(SIGNED, recommendation_wording="Danielle knows.")
    assert [w.words for w in find_forbidden(content, typed)] == [
        "It seems to name another person: Danielle."
    ]


def test_every_free_wording_is_looked_through() -> None:
    fixed = {
        "reference",
        "service_name",
        "person_name",
        "crn",
        "court_name",
        "requested_by",
        "interpreter_language",
        # Its form is checked as it is typed.
        "directing_hcpc",
        "addendum_to",
        "consent_version",
        "author_name",
        "author_title",
        "begun_by",
        "corrected",  # figures, in the program's words
        "countersigned_by",
        "countersigner_hcpc",
    }
    wordings = {
        field.name
        for field in fields(ReportContent)
        if "str" in str(field.type) or "ConditionStatement" in str(field.type)
    }
    assert wordings - fixed == set(WRITTEN_FIELDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He lives at 12 Acacia Avenue.", True),
        ("he lives at 12a, acacia avenue now", True),
        ("Flat 3, 7 Old Kent Road", True),
        ("Write to 4 Elm Close.", True),
        ("21 Queen’s Park Way", True),
        ("The clinic is on Holloway Road.", False),
        ("5 minutes from Holloway Road", False),
        ("12 sessions close to Mile End Road", False),
        ("On 18 December Westminster Magistrates' Court sat.", False),
        ("At 10 Southwark Crown Court", False),
        ("12 sessions at Park House within 9 months", False),
    ],
)
def test_a_street_with_a_number_is_an_address(text: str, found: bool) -> None:
    warnings = find_forbidden(replace(SIGNED, practical_arrangements=text), Forbidden())
    words = [w.words for w in warnings if w.field == "practical_arrangements"]
    assert words == (["It seems to hold an address: a street with a number."] if found else [])
