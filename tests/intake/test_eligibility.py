"""Each criterion of a referral: what it comes to, what stands in the way, and the words."""

from datetime import date

import pytest

from mhtr.cases.facts import StageOfCase
from mhtr.intake.eligibility import (
    AgeMeasuredOn,
    CoveragePeriod,
    Criterion,
    EligibilityFacts,
    EligibilityPolicy,
    Gender,
    GpStatus,
    LocalAnswer,
    Willingness,
    eligibility,
)
from tests.intake.criterion import AS_OF, GOOD, MET, NOT_FOR_YOU, NOT_MET, POLICY, UNKNOWN, N, of


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


@pytest.mark.parametrize(
    ("willing", "able", "expected"),
    [
        (
            Willingness.WILLING,
            False,
            (
                NOT_MET,
                "He said yes, but was not able to decide this then. "
                "Ask him again at the assessment, or when he is able to decide.",
                False,
            ),
        ),
        (
            Willingness.WILLING,
            None,
            (
                UNKNOWN,
                "He said yes. Whether he was able to decide this then is not known. "
                "Ask him again at the assessment.",
                False,
            ),
        ),
        (
            Willingness.NOT_WILLING,
            False,
            (
                NOT_MET,
                "He does not want the referral. But he was not able to decide then: ask him again.",
                True,
            ),
        ),
        (Willingness.NOT_WILLING, None, (NOT_MET, "He does not want the referral.", True)),
        (
            Willingness.UNSURE,
            False,
            (UNKNOWN, "He is not sure yet. Ask him before the assessment.", False),
        ),
    ],
)
def test_a_yes_counts_only_from_a_man_able_to_decide(
    willing: Willingness, able: bool | None, expected: object
) -> None:
    assert of(N.WILLING, willing=willing, able_to_agree=able) == expected


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
