"""What a record takes over from a later referral: what it lacks, and every "not safe"."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.people.learning_rules import learned, less_safe, taken_back

HIS, OTHER = "+447700900111", "+447700900222"
HELD: dict[str, Any] = {
    "given_name": "Tunde",
    "family_name": "Okafor",
    "aliases": (),
    "born": None,
    "nhs": "",
    "crn": "",
    "phone": HIS,
    "safe_to_text": "yes",
    "safe_to_voicemail": "unknown",
    "contact_known_how": "in_person",
    "language": "",
    "interpreter": "unknown",
}


@pytest.mark.parametrize(
    ("held", "said", "changes"),
    [
        ({}, {"phone": HIS, "safe_to_text": "no"}, {"safe_to_text": "no"}),
        ({}, {"phone": OTHER, "safe_to_text": "no"}, {"safe_to_text": "no"}),
        ({}, {"safe_to_text": "no"}, {"safe_to_text": "no"}),
        # Nothing said of texts: what he said before stands.
        ({}, {"phone": HIS, "safe_to_text": "unknown"}, {}),
        ({}, {"phone": HIS}, {}),
        # A yes for another number is none for this one, and who has this one is not known.
        ({}, {"phone": OTHER, "safe_to_text": "yes"}, {"safe_to_text": "unknown"}),
        (
            {"safe_to_voicemail": "yes"},
            {"phone": OTHER},
            {"safe_to_text": "unknown", "safe_to_voicemail": "unknown"},
        ),
        # A no is never undone by a referral.
        ({"safe_to_text": "no"}, {"phone": HIS, "safe_to_text": "yes"}, {}),
        ({"safe_to_text": "no"}, {"phone": OTHER, "safe_to_text": "yes"}, {}),
        (
            {"safe_to_text": "unknown", "contact_known_how": ""},
            {"phone": HIS, "safe_to_text": "yes", "contact_known_how": "telephone"},
            {"safe_to_text": "yes", "contact_known_how": "telephone"},
        ),
        ({"safe_to_text": "unknown"}, {"safe_to_text": "yes"}, {}),
        (
            {"phone": "", "safe_to_text": "unknown"},
            {"phone": OTHER, "safe_to_text": "yes", "contact_known_how": "in_person"},
            {"phone": OTHER, "safe_to_text": "yes"},
        ),
        ({"phone": ""}, {"phone": OTHER}, {"phone": OTHER, "safe_to_text": "unknown"}),
        ({}, {"crn": "X123456", "language": "so"}, {"crn": "X123456", "language": "so"}),
        ({"crn": "X123456", "language": "so"}, {"crn": "X999999", "language": "pl"}, {}),
        ({}, {"interpreter": "yes"}, {"interpreter": "yes"}),
        ({"interpreter": "no"}, {"interpreter": "yes"}, {}),
        ({"aliases": ("Tee",)}, {"aliases": ("T Bone",)}, {"aliases": ("Tee", "T Bone")}),
        ({"aliases": ("Tee",)}, {"aliases": ("TEE", "tunde okafor")}, {}),
    ],
)
def test_what_a_record_learns(
    held: dict[str, Any], said: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert learned(HELD | held, said) == changes


ANSWERS = st.sampled_from(["yes", "no", "unknown"])


@given(ANSWERS, ANSWERS, st.sampled_from(["", HIS, OTHER]), st.sampled_from(["", HIS]))
def test_it_is_never_safer_than_the_more_careful_of_two_answers(
    held: str, said: str, number: str, known: str
) -> None:
    record = HELD | {"safe_to_text": held, "phone": known}
    after = record | learned(record, {"phone": number, "safe_to_text": said})
    if "no" in (held, said):
        assert after["safe_to_text"] == "no"
    if after["safe_to_text"] == "yes":
        # Somebody who asked him said so of the very number that is on record.
        assert (said == "yes" and number == after["phone"]) or (
            held == "yes" and number in ("", known)
        )


def test_what_is_taken_back_has_to_be_asked_again() -> None:
    assert taken_back(HELD, number=HIS, answer=False) == {"safe_to_text": "unknown"}
    assert taken_back(HELD, number=OTHER, answer=False) == {}
    assert taken_back(HELD, number="", answer=True) == {"safe_to_text": "unknown"}
    assert less_safe({"safe_to_text": "unknown"}) and not less_safe({"safe_to_text": "yes"})
