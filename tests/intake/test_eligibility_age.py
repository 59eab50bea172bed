"""The criterion of age: at conviction or referral, from a birth date or a stated age."""

from datetime import date

import pytest

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, StageOfCase
from mhtr.intake.eligibility import (
    AgeMeasuredOn,
    EligibilityPolicy,
)
from tests.intake.criterion import AS_OF, MET, NOT_MET, UNKNOWN, N, of

REFERRAL = EligibilityPolicy(age_measured_on=AgeMeasuredOn.REFERRAL)
TOO_YOUNG = "The service is for 18 and over."
BORN_TOO_LATE = "The date of birth lies in the future. Check it."


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2008, 11, 2), (MET, "He was 18 when he was convicted on 2 November 2026.", False)),
        (
            date(2008, 11, 3),
            (NOT_MET, f"He was 17 when he was convicted on 2 November 2026. {TOO_YOUNG}", True),
        ),
        (date(1926, 12, 1), (MET, "He was 99 when he was convicted on 2 November 2026.", False)),
        (date(2026, 11, 22), (UNKNOWN, BORN_TOO_LATE, False)),
        # Born today is no future: he is simply far too young.
        (
            AS_OF,
            (NOT_MET, f"He was -1 when he was convicted on 2 November 2026. {TOO_YOUNG}", True),
        ),
    ],
)
def test_age_on_the_day_of_conviction(born: date, expected: object) -> None:
    assert of(N.AGE, born_on=born) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2008, 11, 21), (MET, "He was 18 when he was referred on 21 November 2026.", False)),
        (
            date(2008, 11, 22),
            (NOT_MET, f"He was 17 when he was referred on 21 November 2026. {TOO_YOUNG}", True),
        ),
    ],
)
def test_age_on_the_day_of_referral(born: date, expected: object) -> None:
    assert of(N.AGE, REFERRAL, born_on=born) == expected
    assert of(N.AGE, REFERRAL, born_on=born, convicted_on=None) == expected


MAYBE = "Age counts at conviction, and whether he was convicted is not recorded."
NOT_YET = "Age counts at conviction, which has not happened yet."
NOT_RECORDED = "He is {}; the date of conviction, when age counts, is not recorded."
OF_AGE = (
    "He is {}. The day of conviction, when age counts, is not recorded, but he was 18 or over at "
    "any that still waits for sentence."
)


@pytest.mark.parametrize(
    ("stage", "born", "expected"),
    [
        (None, date(2008, 11, 21), (UNKNOWN, NOT_RECORDED.format(18), False)),
        # The stage may be left empty: then nobody says that he was convicted.
        (None, date(2008, 11, 22), (UNKNOWN, f"He is 17. {MAYBE}", False)),
        (StageOfCase.GUILTY_PLEA, date(2008, 11, 21), (UNKNOWN, NOT_RECORDED.format(18), False)),
        # 20 and 21 today: only who came of age within three years may have been too young.
        (StageOfCase.GUILTY_PLEA, date(2005, 11, 22), (UNKNOWN, NOT_RECORDED.format(20), False)),
        (StageOfCase.GUILTY_PLEA, date(2005, 11, 21), (MET, OF_AGE.format(21), False)),
        (None, date(1990, 2, 3), (MET, OF_AGE.format(36), False)),
        (StageOfCase.FOUND_GUILTY, date(2008, 11, 22), (NOT_MET, f"He is 17. {TOO_YOUNG}", True)),
        (
            StageOfCase.CHARGED,
            date(2008, 11, 21),
            (MET, "He is 18 and not yet convicted, so he will be 18 or over by then.", False),
        ),
        (
            StageOfCase.CHARGED,
            date(2008, 11, 22),
            (
                UNKNOWN,
                "He is 17. Age counts at conviction, which has not happened yet.",
                False,
            ),
        ),
    ],
)
def test_age_where_no_conviction_is_recorded(
    stage: StageOfCase | None, born: date, expected: object
) -> None:
    assert of(N.AGE, born_on=born, convicted_on=None, stage=stage) == expected


RESTS = "His date of birth is not known; this rests on his stated age of {} at referral."


@pytest.mark.parametrize(
    ("least", "age", "expected"),
    [
        (18, None, (UNKNOWN, "His date of birth is not known.", False)),
        (18, 16, (NOT_MET, f"{RESTS.format(16)} {TOO_YOUNG}", True)),
        (18, 17, (UNKNOWN, f"{RESTS.format(17)} {TOO_YOUNG} Find out the date.", False)),
        (18, 18, (UNKNOWN, f"{RESTS.format(18)} {TOO_YOUNG} Find out the date.", False)),
        (18, 19, (MET, RESTS.format(19), False)),
        (
            21,
            19,
            (NOT_MET, f"{RESTS.format(19)} The service is for 21 and over.", True),
        ),
        (21, 22, (MET, RESTS.format(22), False)),
    ],
)
def test_a_stated_age(least: int, age: int | None, expected: object) -> None:
    policy = EligibilityPolicy(minimum_age=least)
    assert of(N.AGE, policy, born_on=None, stated_age=age) == expected


@pytest.mark.parametrize("stage", [None, *StageOfCase])
@pytest.mark.parametrize("known", [{"born_on": date(2011, 1, 1)}, {"stated_age": 15}])
def test_nobody_is_too_young_before_he_was_convicted(
    stage: StageOfCase | None, known: dict[str, object]
) -> None:
    found = of(N.AGE, **{"born_on": None, "convicted_on": None, "stage": stage, **known})  # type: ignore[arg-type]
    if stage in AFTER_PLEA_OR_FINDING:
        assert found[::2] == (NOT_MET, True)
        assert found[1].endswith(TOO_YOUNG)
    else:
        assert found[::2] == (UNKNOWN, False)
        assert found[1].endswith(MAYBE if stage is None else NOT_YET)


@pytest.mark.parametrize("stage", [None, *StageOfCase])
def test_at_referral_a_stated_age_counts_whatever_the_stage(stage: StageOfCase | None) -> None:
    found = of(N.AGE, REFERRAL, born_on=None, stated_age=15, convicted_on=None, stage=stage)
    assert found[::2] == (NOT_MET, True)
