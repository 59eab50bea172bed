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
    contact_stand,
    decision_stand,
    is_decided,
    typed_code,
)
from mhtr.probation.keying_rules import Stand as S
from tests.sessions.seen import TODAY

MISSED, SEEN = "Did not come.", "He came."


@pytest.mark.parametrize(
    ("now", "keyed", "anything", "expected"),
    [
        (MISSED, {}, False, S.TO_KEY),
        # Also where somebody put right since what an entry does not repeat: the reason, a concern.
        (MISSED, {1: MISSED}, True, S.KEYED),
        (SEEN, {1: MISSED}, True, S.TO_CORRECT),
        (SEEN, {1: MISSED, 2: SEEN}, True, S.KEYED),
        (SEEN, {2: SEEN}, True, S.KEYED),
        # Put right, and back again: nDelius says what was keyed in last.
        (MISSED, {1: MISSED, 2: SEEN}, True, S.TO_CORRECT),
        # The same record, and other proof that he was told.
        (f"{MISSED} Nobody recorded that he was told.", {1: MISSED}, True, S.TO_CORRECT),
        # A cancelled booking.
        (MISSED, {0: MISSED}, True, S.KEYED),
        # Only the decision was keyed in: nDelius knows of the session all the same.
        (MISSED, {}, True, S.TO_CORRECT),
    ],
)
def test_what_happened(now: str, keyed: dict[int, str], anything: bool, expected: S) -> None:
    assert contact_stand(now, keyed, anything=anything) is expected


@pytest.mark.parametrize(
    ("opinion", "number", "keyed", "expected"),
    [
        (Opinion.EXCUSED, 1, {}, S.TO_KEY),
        (Opinion.NO_EXCUSE, 1, {}, S.TO_KEY),
        (Opinion.UNACCEPTABLE, 1, {}, S.TO_KEY),
        (Opinion.MORE_WANTED, 1, {}, None),
        (Opinion.TAKEN_BACK, 2, {}, None),
        (Opinion.EXCUSED, 1, {1: MISSED}, S.KEYED),
        (Opinion.EXCUSED, 1, {1: SEEN}, S.TO_CORRECT),
        (Opinion.EXCUSED, 2, {1: MISSED}, S.TO_CORRECT),
        (Opinion.TAKEN_BACK, 2, {1: MISSED}, S.TO_CORRECT),
        (Opinion.MORE_WANTED, 2, {1: MISSED}, S.TO_CORRECT),
        (Opinion.TAKEN_BACK, 2, {1: SEEN, 2: MISSED}, S.KEYED),
    ],
)
def test_what_probation_decided(
    opinion: Opinion, number: int, keyed: dict[int, str], expected: S | None
) -> None:
    assert decision_stand(opinion, number, MISSED, keyed, anything=bool(keyed)) is expected


_FACTS = st.sampled_from([MISSED, SEEN, f"{MISSED} Left the room."])


@given(now=_FACTS, keyed=st.dictionaries(st.integers(0, 5), _FACTS))
def test_keyed_in_means_that_ndelius_says_what_counts(now: str, keyed: dict[int, str]) -> None:
    stand = contact_stand(now, keyed, anything=bool(keyed))
    last = sorted(keyed.items())[-1:]
    assert (stand is S.KEYED) == ([words for _, words in last] == [now])
    assert (stand is S.TO_KEY) == (not keyed)


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
