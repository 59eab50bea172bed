"""What of a session is to be keyed into nDelius: tables of cases, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.compliance.attendance import NEVER_HIS
from mhtr.compliance.attendance import Happened as H
from mhtr.compliance.crosswalk import NEVER_HERE, codes_of
from mhtr.compliance.standing.facts import Opinion
from mhtr.core.codes.lists import load
from mhtr.probation.keying_rules import (
    Kind,
    Said,
    contact_stand,
    decision_stand,
    is_decided,
    typed_code,
)
from mhtr.probation.keying_rules import Stand as S
from tests.sessions.seen import TODAY

MISSED = Said(1, H.DID_NOT_COME)


def later(
    number: int, happened: H = H.DID_NOT_COME, late: int | None = None, words: str = ""
) -> Said:
    return Said(number, happened, late, words)


@pytest.mark.parametrize(
    ("records", "keyed", "anything", "expected"),
    [
        ([MISSED], (), False, S.TO_KEY),
        ([MISSED], (1,), True, S.KEYED),
        # Somebody put right what an entry does not repeat: the reason, a concern.
        ([MISSED, later(2)], (1,), True, S.KEYED),
        ([MISSED, later(2, H.SEEN)], (1,), True, S.TO_CORRECT),
        ([MISSED, later(2, H.SEEN)], (1, 2), True, S.KEYED),
        ([MISSED, later(2, H.SEEN)], (2,), True, S.KEYED),
        ([MISSED, later(2, H.SEEN)], (), False, S.TO_KEY),
        # Put right, and back again: nDelius says what was keyed in last.
        ([MISSED, later(2, H.SEEN), later(3)], (1,), True, S.KEYED),
        ([MISSED, later(2, H.SEEN), later(3)], (1, 2), True, S.TO_CORRECT),
        ([MISSED, later(2, words="Left the room")], (1,), True, S.TO_CORRECT),
        ([later(1, H.SEEN_LATE, 5), later(2, H.SEEN_LATE, 15)], (1,), True, S.TO_CORRECT),
        # A cancelled booking, and a record of the same made later.
        ([later(0, H.WE_CANCELLED)], (), False, S.TO_KEY),
        ([later(0, H.WE_CANCELLED), later(1, H.WE_CANCELLED)], (0,), True, S.KEYED),
        # Only the decision was keyed in: nDelius knows of the session all the same.
        ([MISSED], (), True, S.TO_CORRECT),
    ],
)
def test_what_happened(
    records: list[Said], keyed: tuple[int, ...], anything: bool, expected: S
) -> None:
    assert contact_stand(records, keyed, anything=anything) is expected


@pytest.mark.parametrize(
    ("opinion", "number", "keyed", "expected"),
    [
        (Opinion.EXCUSED, 1, (), S.TO_KEY),
        (Opinion.NO_EXCUSE, 1, (), S.TO_KEY),
        (Opinion.UNACCEPTABLE, 1, (), S.TO_KEY),
        (Opinion.MORE_WANTED, 1, (), None),
        (Opinion.TAKEN_BACK, 2, (), None),
        (Opinion.EXCUSED, 1, (1,), S.KEYED),
        (Opinion.EXCUSED, 2, (1,), S.TO_CORRECT),
        (Opinion.TAKEN_BACK, 2, (1,), S.TO_CORRECT),
        (Opinion.MORE_WANTED, 2, (1,), S.TO_CORRECT),
        (Opinion.TAKEN_BACK, 2, (1, 2), S.KEYED),
    ],
)
def test_what_probation_decided(
    opinion: Opinion, number: int, keyed: tuple[int, ...], expected: S | None
) -> None:
    assert decision_stand(opinion, number, keyed) is expected


_RECORDS = st.lists(
    st.tuples(st.sampled_from([*H]), st.sampled_from(["", "Left the room"])), min_size=1, max_size=5
)


@given(said=_RECORDS, keyed=st.sets(st.integers(1, 5)))
def test_keyed_in_means_that_ndelius_says_what_counts(
    said: list[tuple[H, str]], keyed: set[int]
) -> None:
    records = [Said(n, how, None, words) for n, (how, words) in enumerate(said, 1)]
    held = keyed & {one.number for one in records}
    stand = contact_stand(records, held, anything=bool(held))
    last_keyed = next((one for one in reversed(records) if one.number in held), None)
    assert (stand is S.KEYED) == (last_keyed is not None and last_keyed.same(records[-1]))
    assert (stand is S.TO_KEY) == (not held)


@pytest.mark.parametrize("happened", [*H])
def test_the_program_suggests_no_code_that_follows_a_decision(happened: H) -> None:
    code = codes_of(happened, TODAY).suggested
    offered = {one.code for one in load("ndelius_after_decision").entries}
    assert code not in offered and code not in NEVER_HERE
    if happened in NEVER_HIS:
        assert code in ("ATSS", "RSSR")


def test_every_code_offered_after_a_decision_is_probations_own() -> None:
    assert {one.code for one in load("ndelius_after_decision").entries} <= NEVER_HERE
    assert not is_decided(Opinion.MORE_WANTED) and is_decided(Opinion.NO_EXCUSE)
    assert {kind.value for kind in Kind} == {"contact", "decision"}


@pytest.mark.parametrize(
    ("text", "code"), [("", ""), (" afta ", "AFTA"), ("CO05", "CO05"), ("RSSR", "RSSR")]
)
def test_a_code_is_written_as_ndelius_writes_it(text: str, code: str) -> None:
    assert typed_code(text) == code


@pytest.mark.parametrize("text", ["A", "AF TA", "missed it", "AFTA-1", "ABCDEFGHI"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        typed_code(text)
