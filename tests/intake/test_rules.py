"""Eligibility and triage."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.intake.rules import (
    AgeMeasuredOn,
    CoveragePeriod,
    Criterion,
    CriterionName,
    CriterionStatus,
    DeclineReason,
    EligibilityFacts,
    EligibilityPolicy,
    Gender,
    GpStatus,
    LocalAnswer,
    StageOfCase,
    TriageOutcome,
    Willingness,
    eligibility,
    triage_decision,
)

AS_OF = date(2026, 11, 21)
MET, NOT_MET = CriterionStatus.MET, CriterionStatus.NOT_MET
UNKNOWN, NOT_FOR_YOU = CriterionStatus.UNKNOWN, CriterionStatus.NOT_FOR_YOU
GOOD = EligibilityFacts(
    as_of=AS_OF,
    born_on=date(1990, 5, 1),
    convicted_on=date(2026, 11, 2),
    stage=StageOfCase.GUILTY_PLEA,
    gender=Gender.MAN,
    court_code="B01",
    hearing_on=date(2026, 12, 4),
    coverage=(CoveragePeriod("B01", date(2025, 11, 1)),),
    willing=Willingness.WILLING,
    able_to_agree=True,
    gp=GpStatus.REGISTERED,
)


def find(
    name: CriterionName, facts: EligibilityFacts, policy: EligibilityPolicy | None = None
) -> Criterion:
    found = eligibility(facts, policy or EligibilityPolicy())
    return next(criterion for criterion in found if criterion.name is name)


@pytest.mark.parametrize(
    ("born", "convicted", "status", "blocks"),
    [
        (date(2008, 11, 2), date(2026, 11, 2), MET, False),
        (date(2008, 11, 3), date(2026, 11, 2), NOT_MET, True),
        (date(2008, 2, 29), date(2026, 2, 28), NOT_MET, True),
        (date(2008, 2, 29), date(2026, 3, 1), MET, False),
        (None, date(2026, 11, 2), UNKNOWN, False),
        (date(2027, 1, 1), date(2026, 11, 2), UNKNOWN, False),
        (date(1990, 1, 1), None, MET, False),
        (date(2006, 1, 1), None, UNKNOWN, False),
        (date(2010, 1, 1), None, NOT_MET, True),
    ],
)
def test_age_counts_at_conviction(
    born: date | None, convicted: date | None, status: CriterionStatus, blocks: bool
) -> None:
    found = find(CriterionName.AGE, replace(GOOD, born_on=born, convicted_on=convicted))
    assert (found.status, found.blocks) == (status, blocks)


@pytest.mark.parametrize(
    ("born", "status"), [(date(2008, 11, 21), MET), (date(2008, 11, 22), UNKNOWN)]
)
def test_age_before_conviction(born: date, status: CriterionStatus) -> None:
    facts = replace(GOOD, born_on=born, convicted_on=None, stage=StageOfCase.CHARGED)
    assert find(CriterionName.AGE, facts).status is status
    assert not find(CriterionName.AGE, facts).blocks


def test_age_at_referral_by_policy() -> None:
    facts = replace(GOOD, born_on=date(2008, 11, 10))
    assert find(CriterionName.AGE, facts).status is NOT_MET
    policy = EligibilityPolicy(age_measured_on=AgeMeasuredOn.REFERRAL)
    assert find(CriterionName.AGE, facts, policy).status is MET


@pytest.mark.parametrize(
    ("gender", "as_born", "status", "blocks"),
    [
        (Gender.MAN, None, MET, False),
        (Gender.MAN, True, MET, False),
        (Gender.MAN, False, NOT_FOR_YOU, False),
        (Gender.WOMAN, None, NOT_MET, True),
        (Gender.WOMAN, False, NOT_FOR_YOU, False),
        (Gender.NON_BINARY, None, NOT_FOR_YOU, False),
        (Gender.ANOTHER, None, NOT_FOR_YOU, False),
        (Gender.NOT_ASKED, None, UNKNOWN, False),
        (Gender.DECLINED, None, UNKNOWN, False),
        (Gender.UNKNOWN, False, UNKNOWN, False),
    ],
)
def test_an_unset_local_policy_is_a_question_never_an_answer(
    gender: Gender, as_born: bool | None, status: CriterionStatus, blocks: bool
) -> None:
    facts = replace(GOOD, gender=gender, born_as_recorded=as_born)
    found = find(CriterionName.MENS_SERVICE, facts)
    assert (found.status, found.blocks) == (status, blocks)


@pytest.mark.parametrize("answer", [LocalAnswer.ELIGIBLE, LocalAnswer.NOT_ELIGIBLE])
@pytest.mark.parametrize(
    ("switch", "gender", "as_born"),
    [
        ("trans_men", Gender.MAN, False),
        ("trans_women", Gender.WOMAN, False),
        ("non_binary", Gender.NON_BINARY, None),
    ],
)
def test_the_local_policy_is_followed(
    switch: str, gender: Gender, as_born: bool | None, answer: LocalAnswer
) -> None:
    facts = replace(GOOD, gender=gender, born_as_recorded=as_born)
    policy = replace(EligibilityPolicy(), **{switch: answer})  # type: ignore[arg-type]
    eligible = answer is LocalAnswer.ELIGIBLE
    found = find(CriterionName.MENS_SERVICE, facts, policy)
    assert (found.status is MET, found.blocks) == (eligible, not eligible)


@pytest.mark.parametrize(
    ("hearing", "ends", "status"),
    [
        (date(2025, 10, 31), None, NOT_MET),
        (date(2025, 11, 1), None, MET),
        (date(2026, 12, 4), date(2026, 12, 4), MET),
        (date(2026, 12, 5), date(2026, 12, 4), NOT_MET),
        (None, date(2026, 11, 20), NOT_MET),
    ],
)
def test_coverage_is_dated(
    hearing: date | None, ends: date | None, status: CriterionStatus
) -> None:
    period = CoveragePeriod("B01", date(2025, 11, 1), ends)
    facts = replace(GOOD, hearing_on=hearing, coverage=(period,))
    found = find(CriterionName.COURT_COVERED, facts)
    assert (found.status, found.blocks) == (status, status is NOT_MET)
    assert find(CriterionName.COURT_COVERED, replace(facts, court_code=None)).status is UNKNOWN
    assert find(CriterionName.COURT_COVERED, replace(facts, court_code="B99")).status is NOT_MET


@pytest.mark.parametrize("gp", list(GpStatus))
def test_gp_status_never_blocks(gp: GpStatus) -> None:
    facts = replace(GOOD, gp=gp)
    assert not find(CriterionName.GP, facts).blocks
    criteria = eligibility(facts, EligibilityPolicy())
    assert triage_decision(TriageOutcome.ACCEPT, criteria).allowed


@given(
    st.builds(
        EligibilityFacts,
        as_of=st.just(AS_OF),
        born_on=st.none() | st.dates(date(1930, 1, 1), date(2030, 1, 1)),
        stage=st.none() | st.sampled_from(StageOfCase),
        gender=st.sampled_from(Gender),
        willing=st.sampled_from(Willingness),
        sentence_view=st.none() | st.text(max_size=20),
    )
)
def test_the_sentence_is_never_decided_here(facts: EligibilityFacts) -> None:
    found = find(CriterionName.SENTENCE_RANGE, facts)
    assert (found.status, found.blocks) == (NOT_FOR_YOU, False)
    for criterion in eligibility(facts, EligibilityPolicy()):
        assert criterion.reason
        assert not criterion.blocks or criterion.status is NOT_MET


@pytest.mark.parametrize(
    ("willing", "status", "blocks"),
    [
        (Willingness.WILLING, MET, False),
        (Willingness.NOT_WILLING, NOT_MET, True),
        (Willingness.UNSURE, UNKNOWN, False),
        (Willingness.NOT_ASKED, UNKNOWN, False),
    ],
)
def test_willing(willing: Willingness, status: CriterionStatus, blocks: bool) -> None:
    found = find(CriterionName.WILLING, replace(GOOD, willing=willing))
    assert (found.status, found.blocks) == (status, blocks)


def test_a_stage_before_plea_does_not_block_acceptance() -> None:
    facts = replace(GOOD, stage=StageOfCase.CHARGED, convicted_on=None)
    found = find(CriterionName.PLEA_OR_FINDING, facts)
    assert (found.status, found.blocks) == (NOT_MET, False)


def test_triage() -> None:
    good = eligibility(GOOD, EligibilityPolicy())
    bad = eligibility(replace(GOOD, willing=Willingness.NOT_WILLING), EligibilityPolicy())
    assert triage_decision(TriageOutcome.ACCEPT, good).allowed
    refused = triage_decision(TriageOutcome.ACCEPT, bad)
    assert (refused.allowed, refused.reasons) == (False, ("He does not want the referral.",))
    assert not triage_decision(TriageOutcome.DECLINE, good).allowed
    assert not triage_decision(TriageOutcome.DECLINE, good, DeclineReason.OTHER, " ").allowed
    assert triage_decision(TriageOutcome.DECLINE, good, DeclineReason.OTHER, "Moved").allowed
    assert triage_decision(TriageOutcome.DECLINE, good, DeclineReason.UNDER_AGE).allowed
    assert not triage_decision(TriageOutcome.ASK_REFERRER, good, words="").allowed
    assert triage_decision(TriageOutcome.ASK_REFERRER, good, words="Which court?").allowed


def test_triage_says_why_and_what_is_still_open() -> None:
    unknown = Criterion(CriterionName.GP, UNKNOWN, "No GP is known yet.", False)
    blocks = Criterion(CriterionName.COURT_COVERED, NOT_MET, "The court is not covered.", True)
    met = Criterion(CriterionName.AGE, MET, "He is an adult.", False)
    accept, decline = TriageOutcome.ACCEPT, TriageOutcome.DECLINE
    assert triage_decision(accept, (met, unknown)).reasons == ("No GP is known yet.",)
    assert triage_decision(accept, (met, unknown, blocks)).reasons == ("The court is not covered.",)
    ask = triage_decision(TriageOutcome.ASK_REFERRER, ())
    assert ask.reasons == ("Write the question for the referrer.",)
    assert triage_decision(decline, ()).reasons == ("Choose why the referral is declined.",)
    bare = triage_decision(decline, (), DeclineReason.OTHER, " ")
    assert bare.reasons == ("Say in words why the referral is declined.",)
    done = triage_decision(decline, (), DeclineReason.UNDER_AGE)
    assert done.reasons == (
        "Offer another service where one fits, and record it as an onward referral.",
    )


@pytest.mark.parametrize(
    ("age", "status", "blocks"),
    [
        (None, UNKNOWN, False),
        (15, NOT_MET, True),
        (16, NOT_MET, True),
        (17, UNKNOWN, False),
        (18, UNKNOWN, False),
        (19, MET, False),
        (40, MET, False),
    ],
)
def test_a_stated_age_counts_where_no_birth_date_is_known(
    age: int | None, status: CriterionStatus, blocks: bool
) -> None:
    found = find(CriterionName.AGE, replace(GOOD, born_on=None, stated_age=age))
    assert (found.status, found.blocks) == (status, blocks)
    assert "date of birth is not known" in found.reason
    assert ("stated age" in found.reason) is (age is not None)


def test_a_birth_date_counts_before_a_stated_age() -> None:
    found = find(CriterionName.AGE, replace(GOOD, stated_age=12))
    assert found.status is MET
    assert "stated" not in found.reason
