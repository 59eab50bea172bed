"""What a service sets for itself about measures: what is asked when, baseline, flags, expiry.

None of these is a clinical fact of an instrument: those stand with the instrument, each with its
source, and are signed for, not set.
"""

from collections.abc import Mapping

from mhtr.core.policy import PolicyValue, declare
from outcome_measures.codes import NO_CODE, Coded, snomed_fault
from outcome_measures.instruments.registry import INSTRUMENTS

_LOCAL = "Local agreement of the service; to be set by the clinical lead"
_SESSIONS = "a number of treatment sessions"

BASELINE_RULE = declare(
    PolicyValue(
        "measures.baseline_rule",
        "Which score is the baseline",
        "last_before_or_at_first_session",
        "one of the readings",
        "NHS Talking Therapies pairs the first valid score of the episode; a service that assesses "
        "for court months earlier reads the start of treatment",
        choices=("last_before_or_at_first_session", "first_of_case"),
    )
)
THIRD_MEASURE = declare(
    PolicyValue(
        "measures.third_measure",
        "Third measure of “improved on two of three”, in the outcomes report",
        "coreom",
        "an instrument with a rule in force for reliable change, or none",
        "Evaluations of MHTR services report PHQ-9, GAD-7 and CORE-OM; to be agreed locally",
        choices=("coreom", "core10", "pcl5", "wsas", "none"),
    )
)
AVERAGED_FROM = declare(
    PolicyValue(
        "measures.averaged_from",
        "Means, effect sizes and times leave the service of so many men or more",
        30,
        "men, as the rounded count says",
        "Local threshold: below it a mean coarse enough to give nobody away says little",
        minimum=20,
        maximum=200,
    )
)
EXPIRES_AFTER = declare(
    PolicyValue(
        "measures.expires_after_days",
        "A questionnaire left unfinished is closed after",
        7,
        "days",
        _LOCAL,
        minimum=1,
        maximum=60,
    )
)
PAST_ANSWERS_WITHIN = declare(
    PolicyValue(
        "measures.past_answers_within_days",
        "Imported answers to risk questions are looked at within",
        7,
        "days",
        _LOCAL,
        minimum=1,
        maximum=60,
    )
)
RECENT_ANSWERS = declare(
    PolicyValue(
        "measures.recent_answers_days",
        "Imported signs of risk are reviewed at once where they were answered in the last",
        28,
        "days",
        "Local threshold: an answer of these days is no past one; to be set by the clinical lead",
        minimum=1,
        maximum=365,
    )
)
LEAST_IMPROVEMENT_BY = declare(
    PolicyValue(
        "measures.no_reliable_change_from_session",
        "“No reliable change” is flagged from session",
        5,
        _SESSIONS,
        "Local threshold: outcome-monitoring practice looks at sessions 4 to 6",
        minimum=2,
        maximum=24,
    )
)
NEAR_END = declare(
    PolicyValue(
        "measures.near_end_sessions",
        "“Above the cut-off near the end” looks this many sessions before the last planned",
        2,
        _SESSIONS,
        "Local threshold",
        minimum=0,
        maximum=12,
    )
)
PAIR_BY = declare(
    PolicyValue(
        "measures.pair_by_session",
        "“Not measured” is flagged without two complete scores by session",
        2,
        _SESSIONS,
        "Local threshold",
        minimum=2,
        maximum=12,
    )
)

NEVER, EACH_SESSION, START_AND_END, START_MIDDLE_END = (
    "never",
    "each_session",
    "start_and_end",
    "start_middle_and_end",
)
WHEN_CHOICES = (NEVER, EACH_SESSION, START_AND_END, START_MIDDLE_END)


def asked_when(instrument_id: str, name: str, default: str) -> PolicyValue:
    """Declare when an instrument is asked; an instrument that is never asked is switched off."""
    return declare(
        PolicyValue(
            f"measures.{instrument_id}_when",
            f"{name} is asked",
            default,
            "one of the choices",
            _LOCAL,
            choices=WHEN_CHOICES,
        )
    )


_AT_FIRST = {"phq9": EACH_SESSION, "gad7": EACH_SESSION}
WHEN: Mapping[str, PolicyValue] = {
    instrument.id: asked_when(instrument.id, instrument.name, _AT_FIRST.get(instrument.id, NEVER))
    for instrument in INSTRUMENTS.values()
}
"""When each installed instrument is asked, by its id."""


def snomed_code(instrument_id: str, name: str, what: Coded) -> PolicyValue:
    """Declare the SNOMED CT code of an instrument or of its score: none until the trust enters it.

    A code that is entered is not used before a clinical lead has signed it as a rule.
    """
    return declare(
        PolicyValue(
            f"measures.{instrument_id}_snomed_{what}",
            f"SNOMED CT code of the {what} of {name}",
            NO_CODE,
            f"a SNOMED CT concept, or {NO_CODE}",
            "SNOMED CT UK Edition in the NHS browser, used in the UK under the trust's licence; "
            "in force once a clinical lead has signed it under “Rules of measures”",
            fault=snomed_fault,
        )
    )


SNOMED: Mapping[str, Mapping[Coded, PolicyValue]] = {
    instrument.id: {what: snomed_code(instrument.id, instrument.name, what) for what in Coded}
    for instrument in INSTRUMENTS.values()
}
"""The settings of the SNOMED CT codes of each installed instrument, by its id."""
