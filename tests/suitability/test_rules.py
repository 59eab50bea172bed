"""What an assessment lacks, and what does not fit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.suitability.fitting_rules import inconsistencies
from mhtr.suitability.named_in_order import NEITHER, NO_NUMBER
from mhtr.suitability.rules import (
    Assessment,
    OrderKind,
    PathwayPolicy,
    Recommendation,
    Section,
    legal_limit,
    missing,
    section_complete,
)
from mhtr.suitability.sections import SECTIONS, Answer, QuestionKind

TODAY = date(2026, 11, 21)

POLICY = PathwayPolicy()
GOOD: dict[Section, dict[str, Answer]] = {
    Section.TOLD: {"readers": True, "quoted": True, "choice": True, "agrees": True},
    Section.CAPACITY: {"capacity": "yes"},
    Section.PRESENTING_NEED: {"need_account": "Worry.", "effect": "Sleep."},
    Section.HISTORY: {"past_treatment": "None."},
    Section.RISK_NOW: {"risk_account": "Low.", "safety_plan": True},
    Section.PREPARATION: {"helps": "A quiet room."},
    Section.NEURODIVERSITY_SUBSTANCES: {"neurodiversity": "None known.", "substances": "None."},
    Section.GP: {"gp": "no"},
    Section.PRACTICAL: {"availability": "Afternoons.", "interpreter": False},
    Section.WILLINGNESS_CONSENT: {
        "willing": "yes",
        "consent_treatment": True,
        "consent_report": True,
    },
    Section.MEASURES: {"phq9_complete": True, "gad7_complete": True},
    Section.EXCLUSIONS: {"psychosis": "no", "crisis": "no", "secondary_care": "no"},
    Section.PATHWAY: {
        "pathways": ["emotional_skills", "cbt"],
        "sessions": 12,
        "requirement_months": 9,
        "institution": "A Trust",
        "directing_psychologist": "Dr Hannah Sorensen",
        "directing_hcpc": "PYL000123",
    },
    Section.CONDITIONS: {
        key + suffix: "met" if not suffix else "Words."
        for key in ("need", "arrangements", "willingness")
        for suffix in ("", "_evidence", "_released")
    },
    Section.RECOMMENDATION: {
        "recommendation": "suitable",
        "recommendation_released": "It is likely to help.",
    },
}


def changed(*changes: tuple[Section, str, Answer]) -> Assessment:
    answers = {section: dict(given) for section, given in GOOD.items()}
    for section, key, answer in changes:
        answers[section][key] = answer
    return Assessment(answers)


def found(*changes: tuple[Section, str, Answer]) -> list[tuple[Section, str]]:
    rows = inconsistencies(changed(*changes), POLICY, TODAY)
    return [(row.section, row.words) for row in rows]


@pytest.mark.parametrize(
    ("institution", "psychologist", "number", "lacks"),
    [
        ("A Trust", "", "", []),
        ("", "Dr Hannah Sorensen", "PYL000123", []),
        ("", "", "", [NEITHER]),
        ("", "Fred Nobody", "", [NO_NUMBER]),
        ("A Trust", "Fred Nobody", " ", [NO_NUMBER]),
    ],
)
def test_the_institution_or_a_registered_psychologist_is_enough(
    institution: str, psychologist: str, number: str, lacks: list[str]
) -> None:
    given = changed(
        (Section.PATHWAY, "institution", institution),
        (Section.PATHWAY, "directing_psychologist", psychologist),
        (Section.PATHWAY, "directing_hcpc", number),
    )
    assert [found.words for found in missing(given)] == lacks
    assert section_complete(Section.PATHWAY, given) is not bool(lacks)


def test_a_full_assessment_lacks_nothing_and_fits() -> None:
    assert missing(changed()) == ()
    assert found() == []
    assert all(section_complete(section, changed()) for section in Section)


def test_an_empty_assessment_lacks_every_required_question() -> None:
    rows = missing(Assessment({}))
    wanted = [q for spec in SECTIONS for q in spec.questions if q.required and not q.needed_if]
    # One line stands for the institution and the psychologist, with his number.
    assert len(rows) == len(wanted) - 2
    assert {row.section for row in rows} == set(Section)


@pytest.mark.parametrize(
    ("section", "key"),
    [
        (section, key)
        for section, keys in GOOD.items()
        for key in keys
        if key not in ("institution", "directing_psychologist")
    ],
)
def test_each_needed_answer_is_missed(section: Section, key: str) -> None:
    rows = missing(changed((section, key, None)))
    assert {row.section for row in rows} == {section}
    assert not section_complete(section, changed((section, key, None)))


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_blank_text_is_no_answer(blank: str | None) -> None:
    assert missing(changed((Section.HISTORY, "past_treatment", blank)))


def test_no_is_an_answer() -> None:
    assert missing(changed((Section.RISK_NOW, "safety_plan", False))) == ()


@pytest.mark.parametrize(
    ("section", "key", "answer"),
    [
        (Section.CAPACITY, "capacity", "unsure"),
        (Section.PRACTICAL, "interpreter", True),
        (Section.MEASURES, "phq9_complete", False),
        (Section.RECOMMENDATION, "recommendation", "suitable_not_ready"),
    ],
)
def test_some_answers_call_for_another(section: Section, key: str, answer: Answer) -> None:
    rows = missing(changed((section, key, answer)))
    assert [row.section for row in rows] == [section]


@pytest.mark.parametrize("prompt", ["psychosis", "crisis", "secondary_care"])
def test_each_urgent_prompt_calls_for_who_received_the_handover_and_when(prompt: str) -> None:
    rows = missing(changed((Section.EXCLUSIONS, prompt, "yes")))
    assert [row.section for row in rows] == [Section.EXCLUSIONS] * 3
    words = [row.words.partition(" (")[0] for row in rows]
    assert words == [
        "Who received the urgent handover",
        "Day of the handover",
        "Time of the handover",
    ]
    assert missing(changed((Section.EXCLUSIONS, prompt, "unsure"))) == ()


def test_no_course_is_needed_where_none_is_recommended() -> None:
    changes = [(Section.PATHWAY, key, None) for key in GOOD[Section.PATHWAY]]
    assert missing(changed(*changes))
    declined = (Section.RECOMMENDATION, "recommendation", "declined")
    assert missing(changed(*changes, declined)) == ()


W, C, E, P = (
    Section.WILLINGNESS_CONSENT,
    Section.CONDITIONS,
    Section.EXCLUSIONS,
    Section.PATHWAY,
)
R = Section.RECOMMENDATION


@pytest.mark.parametrize(
    ("changes", "section", "words"),
    [
        ([(W, "willing", "no")], R, "recorded as not willing"),
        ([(W, "willing", "no")], C, "do not agree"),
        ([(C, "need", "not_met")], R, "condition of need"),
        ([(C, "arrangements", "unclear")], R, "not clear yet"),
        ([(C, "willingness", "not_met")], C, "do not agree"),
        ([(Section.CAPACITY, "capacity", "no")], R, "capacity"),
        ([(E, "psychosis", "yes")], R, "psychosis"),
        ([(E, "crisis", "yes")], R, "crisis"),
        ([(E, "secondary_care", "yes")], R, "secondary care"),
        ([(W, "consent_report", False)], R, "did not consent to the report"),
        ([(W, "consent_treatment", False)], R, "did not consent to treatment"),
        ([(R, "recommendation", "unsuitable")], R, "all three conditions"),
        ([(R, "recommendation", "declined")], R, "recorded as willing"),
        ([(Section.TOLD, "quoted", False)], Section.TOLD, "not told"),
        ([(Section.PRACTICAL, "interpreter_used", False)], Section.PRACTICAL, "interpreter"),
        (
            [(E, "crisis", "yes"), (Section.RISK_NOW, "safety_plan", False)],
            Section.RISK_NOW,
            "no safety plan",
        ),
        ([(Section.MEASURES, "gad7_complete", False)], Section.MEASURES, "GAD-7"),
        ([(P, "sessions", 9)], P, "usually 10 to 12"),
        ([(P, "sessions", 13)], P, "usually 10 to 12"),
        ([(P, "sessions", 21)], P, "20 at most"),
        ([(P, "requirement_months", 2)], P, "do not fit"),
        ([(P, "requirement_months", 0)], P, "at least one month"),
        ([(P, "requirement_months", 25)], P, "suspended sentence order: 24"),
        ([(P, "requirement_months", 37), (P, "order_kind", "co")], P, "community order: 36"),
    ],
)
def test_what_does_not_fit(
    changes: list[tuple[Section, str, Answer]], section: Section, words: str
) -> None:
    rows = found(*changes)
    assert any(where is section and words in said for where, said in rows), rows


@pytest.mark.parametrize(
    "changes",
    [
        [(P, "sessions", 10)],
        [(P, "requirement_months", 36), (P, "order_kind", "co")],
        [(P, "requirement_months", 24), (P, "order_kind", "sso")],
        [(P, "requirement_months", 3)],
        [(C, "arrangements", "unclear"), (R, "recommendation", "suitable_not_ready")],
        [(C, "need", "not_met"), (R, "recommendation", "unsuitable")],
        [(Section.GP, "gp", "no")],
    ],
)
def test_what_fits_is_left_alone(changes: list[tuple[Section, str, Answer]]) -> None:
    assert found(*changes) == []


@pytest.mark.parametrize(
    ("kind", "months"),
    [(OrderKind.COMMUNITY_ORDER, 36), (OrderKind.SUSPENDED_SENTENCE_ORDER, 24)],
)
@pytest.mark.parametrize("made_on", [date(2026, 3, 21), date(2026, 3, 22), TODAY])
def test_legal_limits(kind: OrderKind, months: int, made_on: date) -> None:
    """Sentencing Act 2020 s.209(2) and s.288(4), the latter not amended by the 2026 Act."""
    limit = legal_limit(kind, made_on)
    assert limit.months == months
    assert limit.source.startswith("Sentencing Act 2020")


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["yes", "no", "unsure", "met", "not_met", "unclear", ""]),
    st.integers(-1, 60),
    st.sampled_from(list(Recommendation)).map(lambda found: found.value),
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    (spec.section, q.key)
                    for spec in SECTIONS
                    for q in spec.questions
                    if q.key != "order_kind"
                ]
            ),
            VALUES,
        ),
        max_size=12,
    )
)
def test_it_only_ever_speaks(changes: list[tuple[tuple[Section, str], Answer]]) -> None:
    assessment = changed(*((section, key, answer) for (section, key), answer in changes))
    before = {section: dict(answers) for section, answers in assessment.answers.items()}
    for row in (*missing(assessment), *inconsistencies(assessment, POLICY, TODAY)):
        assert row.words
    assert assessment.answers == before


def test_the_sections_hold_together() -> None:
    assert [spec.section for spec in SECTIONS] == list(Section)
    keys = [question.key for spec in SECTIONS for question in spec.questions]
    assert len(keys) == len(set(keys))
    for spec in SECTIONS:
        own = {question.key for question in spec.questions}
        for question in spec.questions:
            assert question.needed_if is None or question.needed_if[0] in own
            choice = question.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
            assert bool(question.choices) is choice
    offered = next(q for s in SECTIONS for q in s.questions if q.key == "recommendation")
    assert [key for key, _ in offered.choices] == [found.value for found in Recommendation]
