"""Each criterion of a referral: what it comes to, what stands in the way, and the words."""

from dataclasses import replace
from datetime import date

import pytest

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, StageOfCase
from mhtr.intake.eligibility import (
    AgeMeasuredOn,
    CoveragePeriod,
    Criterion,
    CriterionName,
    CriterionStatus,
    EligibilityFacts,
    EligibilityPolicy,
    Gender,
    GpStatus,
    LocalAnswer,
    Willingness,
    eligibility,
)

N = CriterionName
MET, NOT_MET = CriterionStatus.MET, CriterionStatus.NOT_MET
UNKNOWN, NOT_FOR_YOU = CriterionStatus.UNKNOWN, CriterionStatus.NOT_FOR_YOU
AS_OF, CONVICTED = date(2026, 11, 21), date(2026, 11, 2)
POLICY = EligibilityPolicy()
GOOD = EligibilityFacts(
    as_of=AS_OF,
    born_on=date(1990, 5, 1),
    convicted_on=CONVICTED,
    stage=StageOfCase.GUILTY_PLEA,
    gender=Gender.MAN,
    court_code="B01",
    hearing_on=date(2026, 12, 4),
    coverage=(CoveragePeriod("B01", date(2025, 11, 1)),),
    willing=Willingness.WILLING,
    gp=GpStatus.REGISTERED,
)


def of(
    name: CriterionName, policy: EligibilityPolicy = POLICY, **changes: object
) -> tuple[CriterionStatus, str, bool]:
    facts = replace(GOOD, **changes)  # type: ignore[arg-type]
    found = {criterion.name: criterion for criterion in eligibility(facts, policy)}[name]
    return found.status, found.reason, found.blocks


def test_every_criterion_stands_in_its_place() -> None:
    found = eligibility(GOOD, POLICY)
    assert [criterion.name for criterion in found] == [
        N.AGE,
        N.MENS_SERVICE,
        N.COURT_COVERED,
        N.WILLING,
        N.PLEA_OR_FINDING,
        N.SENTENCE_RANGE,
        N.GP,
    ]
    assert not any(criterion.blocks for criterion in found)
    assert Criterion(N.GP, MET, "").blocks is False


def test_what_holds_until_the_service_has_said_otherwise() -> None:
    ask = LocalAnswer.ASK
    assert EligibilityPolicy(18, AgeMeasuredOn.CONVICTION, ask, ask, ask) == POLICY
    assert EligibilityFacts(AS_OF) == EligibilityFacts(
        AS_OF, gender=Gender.UNKNOWN, willing=Willingness.NOT_ASKED, gp=GpStatus.UNKNOWN
    )


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


MAN = (MET, "Recorded as a man.", False)
WOMAN = (
    NOT_MET,
    "Recorded as a woman. London has a women's service: route the referral there.",
    True,
)
NOT_RECORDED_GENDER = (UNKNOWN, "Gender is not recorded.", False)
ASK = (NOT_FOR_YOU, "This service has set no policy on this. Ask the clinical lead.", False)
ELIGIBLE = (MET, "Eligible under this service's policy.", False)
NOT_ELIGIBLE = (
    NOT_MET,
    "Not eligible under this service's policy. Offer the service that is.",
    True,
)
OPEN_TO = {
    "nobody": POLICY,
    "trans men": EligibilityPolicy(trans_men=LocalAnswer.ELIGIBLE),
    "trans women": EligibilityPolicy(trans_women=LocalAnswer.ELIGIBLE),
    "non-binary": EligibilityPolicy(non_binary=LocalAnswer.ELIGIBLE),
    "closed to all": EligibilityPolicy(
        trans_men=LocalAnswer.NOT_ELIGIBLE,
        trans_women=LocalAnswer.NOT_ELIGIBLE,
        non_binary=LocalAnswer.NOT_ELIGIBLE,
    ),
}


@pytest.mark.parametrize("to", OPEN_TO)
@pytest.mark.parametrize(
    ("gender", "as_born", "decided", "switch"),
    [
        (Gender.MAN, None, MAN, ""),
        (Gender.MAN, True, MAN, ""),
        (Gender.MAN, False, None, "trans men"),
        (Gender.WOMAN, None, WOMAN, ""),
        (Gender.WOMAN, True, WOMAN, ""),
        (Gender.WOMAN, False, None, "trans women"),
        (Gender.NON_BINARY, None, None, "non-binary"),
        (Gender.ANOTHER, True, None, "non-binary"),
        (Gender.NOT_ASKED, None, NOT_RECORDED_GENDER, ""),
        (Gender.DECLINED, None, NOT_RECORDED_GENDER, ""),
        (Gender.UNKNOWN, False, NOT_RECORDED_GENDER, ""),
    ],
)
def test_the_mens_service(
    gender: Gender, as_born: bool | None, decided: object, switch: str, to: str
) -> None:
    local = {switch: ELIGIBLE, "closed to all": NOT_ELIGIBLE}.get(to, ASK)
    found = of(N.MENS_SERVICE, OPEN_TO[to], gender=gender, born_as_recorded=as_born)
    assert found == (decided or local)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"court_code": None}, (UNKNOWN, "The court is not known yet.", False)),
        ({}, (MET, "The service covers this court on 4 December 2026.", False)),
        ({"hearing_on": None}, (MET, "The service covers this court on 21 November 2026.", False)),
        (
            {"court_code": "B02"},
            (NOT_MET, "The service does not cover this court on 4 December 2026.", True),
        ),
        (
            {"coverage": ()},
            (NOT_MET, "The service does not cover this court on 4 December 2026.", True),
        ),
        (
            {"hearing_on": date(2025, 10, 31)},
            (NOT_MET, "The service does not cover this court on 31 October 2025.", True),
        ),
    ],
)
def test_the_court(changes: dict[str, object], expected: object) -> None:
    assert of(N.COURT_COVERED, POLICY, **changes) == expected


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2025, 10, 31), False),
        (date(2025, 11, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_a_court_is_covered_on_the_first_day_and_the_last(day: date, covered: bool) -> None:
    period = CoveragePeriod("B01", date(2025, 11, 1), date(2026, 3, 31))
    assert period.covers("B01", day) is covered
    assert not period.covers("B02", day)
    whole = of(N.COURT_COVERED, hearing_on=day, coverage=(CoveragePeriod("B02", day), period))
    assert (whole[0] is MET) is covered


@pytest.mark.parametrize(
    ("willing", "expected"),
    [
        (
            Willingness.WILLING,
            (MET, "He agreed to the referral. He is asked again at the assessment.", False),
        ),
        (Willingness.NOT_WILLING, (NOT_MET, "He does not want the referral.", True)),
        (
            Willingness.UNSURE,
            (UNKNOWN, "He is not sure yet. Ask him before the assessment.", False),
        ),
        (
            Willingness.NOT_ASKED,
            (UNKNOWN, "He has not been asked yet. Ask him before the assessment.", False),
        ),
    ],
)
def test_what_he_wants(willing: Willingness, expected: object) -> None:
    assert of(N.WILLING, willing=willing) == expected


RECORDED = (MET, "A guilty plea or a finding is recorded.", False)
NO_PLEA = (
    NOT_MET,
    "No guilty plea or finding is recorded yet. "
    "Until then there is a referral and a health screening, and no suitability report.",
    False,
)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (None, (UNKNOWN, "The stage of the criminal case is not recorded.", False)),
        (StageOfCase.UNDER_INVESTIGATION, NO_PLEA),
        (StageOfCase.CHARGED, NO_PLEA),
        (StageOfCase.NOT_GUILTY_PLEA, NO_PLEA),
        (StageOfCase.GUILTY_PLEA, RECORDED),
        (StageOfCase.FOUND_GUILTY, RECORDED),
        (StageOfCase.AWAITING_SENTENCE, RECORDED),
    ],
)
def test_the_plea_or_finding(stage: StageOfCase | None, expected: object) -> None:
    assert of(N.PLEA_OR_FINDING, stage=stage) == expected


FOR_THE_COURT = "Whether a community or suspended sentence order is possible is for the court."


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (None, FOR_THE_COURT),
        ("", FOR_THE_COURT),
        ("All options open", f"{FOR_THE_COURT} Said so far: All options open"),
    ],
)
def test_the_sentence(view: str | None, words: str) -> None:
    assert of(N.SENTENCE_RANGE, sentence_view=view) == (NOT_FOR_YOU, words, False)


@pytest.mark.parametrize(
    ("gp", "expected"),
    [
        (GpStatus.REGISTERED, (MET, "Registered with a GP.", False)),
        (
            GpStatus.WILLING,
            (MET, "Not registered, but willing to register before treatment starts.", False),
        ),
        (
            GpStatus.NO,
            (
                NOT_MET,
                "No GP, and not willing to register yet. The assessment can go ahead.",
                False,
            ),
        ),
        (
            GpStatus.UNKNOWN,
            (UNKNOWN, "Not known whether he has a GP. The assessment can go ahead.", False),
        ),
    ],
)
def test_the_gp(gp: GpStatus, expected: object) -> None:
    assert of(N.GP, gp=gp) == expected
