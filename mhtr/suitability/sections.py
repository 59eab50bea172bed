"""The sections of a suitability assessment and their questions, as data.

Pages, forms and the check for what is missing are all made from `SECTIONS`. Answers are what a
page stores as JSON: text, a choice's key, True or False, a whole number, a list of keys, or a
date or a time of day in London as ISO text. Only questions marked `released` may flow into the
report; everything else is clinical and stays. Longer than other modules because it is one table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Answer = str | bool | int | list[str] | tuple[str, ...] | None
Answers = Mapping[str, Answer]


class Section(StrEnum):
    TOLD = "told"
    CAPACITY = "capacity"
    PRESENTING_NEED = "presenting_need"
    HISTORY = "history"
    RISK_NOW = "risk_now"
    PREPARATION = "preparation"
    NEURODIVERSITY_SUBSTANCES = "neurodiversity_substances"
    GP = "gp"
    PRACTICAL = "practical"
    WILLINGNESS_CONSENT = "willingness_consent"
    MEASURES = "measures"
    EXCLUSIONS = "exclusions"
    PATHWAY = "pathway"
    CONDITIONS = "conditions"
    RECOMMENDATION = "recommendation"


class QuestionKind(StrEnum):
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"


class Pathway(StrEnum):
    """The service's treatments; more than one, in order, is a sequence."""

    CBT = "cbt"
    TRAUMA_INFORMED = "trauma_informed"
    EMOTIONAL_SKILLS = "emotional_skills"


PATHWAY_WORDS: Mapping[Pathway, str] = {
    Pathway.CBT: "cognitive behavioural therapy (CBT)",
    Pathway.TRAUMA_INFORMED: "trauma-informed therapy",
    Pathway.EMOTIONAL_SKILLS: "emotional skills work",
}


@dataclass(frozen=True)
class Question:
    """One question. `needed_if` names another question of the section and the answers that make
    this one needed; without it, `required` alone says so. `revealed`: asked only under such an
    answer, and forgotten with it. `released`: may go into the report."""

    key: str
    label: str
    kind: QuestionKind
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True
    needed_if: tuple[str, tuple[Answer, ...]] | None = None
    revealed: bool = False
    released: bool = False


@dataclass(frozen=True)
class SectionSpec:
    section: Section
    title: str
    lead: str
    questions: tuple[Question, ...]


Q = Question
TEXT, YES_NO, CHOICE = QuestionKind.TEXT, QuestionKind.YES_NO, QuestionKind.CHOICE
CHOICES, NUMBER = QuestionKind.CHOICES, QuestionKind.NUMBER
DATE, TIME = QuestionKind.DATE, QuestionKind.TIME

YES_NO_UNSURE = (("yes", "Yes"), ("no", "No"), ("unsure", "Not sure"))
CONDITION_ANSWERS = (("met", "Met"), ("not_met", "Not met"), ("unclear", "Not clear yet"))
RECOMMENDATIONS = (
    ("suitable", "Suitable"),
    ("suitable_not_ready", "Suitable but not ready"),
    ("unsuitable", "Unsuitable"),
    ("declined", "He declined"),
)
PATHWAYS = tuple((pathway.value, words.capitalize()) for pathway, words in PATHWAY_WORDS.items())
PATHWAYS = tuple((key, label.replace("(cbt)", "(CBT)")) for key, label in PATHWAYS)

_CLINICAL = "For the clinical record. It does not go into the report."
_RELEASED = "This wording goes into the report and may be read out in court."


def _condition(key: str, label: str) -> tuple[Question, ...]:
    return (
        Q(key, label, CHOICE, choices=CONDITION_ANSWERS),
        Q(f"{key}_evidence", "What this rests on", TEXT, _CLINICAL),
        Q(f"{key}_released", "Wording for the report", TEXT, _RELEASED, released=True),
    )


def _handover(prompt: str, key: str, words: str) -> tuple[Question, ...]:
    """Who received it, and when: called for as soon as the prompt is answered with yes."""
    yes = (prompt, ("yes",))
    return (
        Q(
            f"{key}_to",
            f"Who received the urgent handover ({words})",
            TEXT,
            "Name, role and service. Not “sent”: somebody who confirmed it. " + _CLINICAL,
            needed_if=yes,
            revealed=True,
        ),
        Q(f"{key}_on", f"Day of the handover ({words})", DATE, needed_if=yes, revealed=True),
        Q(f"{key}_at", f"Time of the handover ({words})", TIME, needed_if=yes, revealed=True),
    )


SECTIONS: tuple[SectionSpec, ...] = (
    SectionSpec(
        Section.TOLD,
        "What he was told, and whether he agrees",
        "Before the first question he knows who will read the report, and is asked if he agrees.",
        (
            Q("readers", "Told who will read the report", YES_NO),
            Q("quoted", "Told that it may be quoted in open court", YES_NO),
            Q("choice", "Told that he can stop, and what follows if he does", YES_NO),
            Q(
                "agrees",
                "Having heard this, he agrees to be assessed",
                YES_NO,
                "Asked again now, whatever the referral says. It is recorded under Consent.",
            ),
        ),
    ),
    SectionSpec(
        Section.CAPACITY,
        "Capacity for this decision",
        "Whether he can decide about this assessment and the requirement, today.",
        (
            Q("capacity", "Does he have capacity for this decision?", CHOICE, "", YES_NO_UNSURE),
            Q(
                "capacity_reasons",
                "What made you doubt it, and what would help",
                TEXT,
                _CLINICAL,
                needed_if=("capacity", ("no", "unsure")),
            ),
        ),
    ),
    SectionSpec(
        Section.PRESENTING_NEED,
        "Presenting need",
        "What troubles him now, in his words first.",
        (
            Q("need_account", "What troubles him now", TEXT, _CLINICAL),
            Q("effect", "How it affects his days", TEXT, _CLINICAL),
        ),
    ),
    SectionSpec(
        Section.HISTORY,
        "History",
        "Only what the recommendation needs.",
        (
            Q("past_treatment", "Earlier treatment and what helped", TEXT, _CLINICAL),
            Q("background", "Background", TEXT, _CLINICAL, required=False),
        ),
    ),
    SectionSpec(
        Section.RISK_NOW,
        "Risk now",
        "To himself, to others, from others.",
        (
            Q("risk_account", "Risk as you find it today", TEXT, _CLINICAL),
            Q("safety_plan", "Is there a safety plan agreed with him?", YES_NO),
        ),
    ),
    SectionSpec(
        Section.PREPARATION,
        "Trauma-informed preparation",
        "What makes meetings bearable for him. No detail of what happened.",
        (
            Q("helps", "What helps him to take part", TEXT, _CLINICAL),
            Q("avoid", "What to avoid", TEXT, _CLINICAL, required=False),
        ),
    ),
    SectionSpec(
        Section.NEURODIVERSITY_SUBSTANCES,
        "Neurodiversity and substance use",
        "Neither excludes him; both change how treatment is given.",
        (
            Q("neurodiversity", "Neurodiversity, known or suspected", TEXT, _CLINICAL),
            Q("substances", "Alcohol and drugs now", TEXT, _CLINICAL),
        ),
    ),
    SectionSpec(
        Section.GP,
        "GP",
        "Having no GP never holds up the assessment.",
        (
            Q(
                "gp",
                "Does he have a GP?",
                CHOICE,
                "",
                (
                    ("registered", "Registered"),
                    ("willing", "Not yet, willing to register"),
                    ("no", "No"),
                ),
            ),
        ),
    ),
    SectionSpec(
        Section.PRACTICAL,
        "Practical arrangements",
        "When, where and how he can come.",
        (
            Q("availability", "Days and times he can come", TEXT, _CLINICAL),
            Q("interpreter", "Does he need an interpreter?", YES_NO),
            Q(
                "interpreter_used",
                "Was one used today?",
                YES_NO,
                needed_if=("interpreter", (True,)),
            ),
            Q("adjustments", "Adjustments he needs", TEXT, _CLINICAL, required=False),
            Q(
                "practical_released",
                "Practical arrangements, for the report",
                TEXT,
                f"{_RELEASED} No address and no other person's name.",
                required=False,
                released=True,
            ),
        ),
    ),
    SectionSpec(
        Section.WILLINGNESS_CONSENT,
        "Willingness and consent",
        "Asked again now, whatever the referral says.",
        (
            Q(
                "willing",
                "Is he willing to comply with the requirement?",
                CHOICE,
                "",
                YES_NO_UNSURE,
            ),
            Q("consent_treatment", "He consents to the treatment", YES_NO),
            Q("consent_report", "He consents to the report going to probation and court", YES_NO),
        ),
    ),
    SectionSpec(
        Section.MEASURES,
        "Baseline measures",
        "PHQ-9 and GAD-7, item by item.",
        (
            Q("phq9_complete", "PHQ-9 answered", YES_NO),
            Q("gad7_complete", "GAD-7 answered", YES_NO),
            Q(
                "measures_missing_reason",
                "Why a measure is not answered",
                TEXT,
                _CLINICAL,
                needed_if=("phq9_complete", (False,)),
            ),
        ),
    ),
    SectionSpec(
        Section.EXCLUSIONS,
        "Things that may need another service",
        "Prompts for your judgement. The program excludes nobody.",
        (
            Q("psychosis", "Signs of active psychosis", CHOICE, "", YES_NO_UNSURE),
            *_handover("psychosis", "psychosis_handover", "psychosis"),
            Q("crisis", "Risk at crisis level", CHOICE, "", YES_NO_UNSURE),
            *_handover("crisis", "handover", "crisis"),
            Q("secondary_care", "Needs secondary care", CHOICE, "", YES_NO_UNSURE),
            *_handover("secondary_care", "secondary_care_handover", "secondary care"),
        ),
    ),
    SectionSpec(
        Section.PATHWAY,
        "Proposed pathway",
        "What the requirement would hold, and how long.",
        (
            Q("pathways", "Treatment, in order", CHOICES, "", PATHWAYS, released=True),
            Q("sessions", "Sessions", NUMBER, released=True),
            Q("requirement_months", "Length of the requirement, in months", NUMBER, released=True),
            Q(
                "order_kind",
                "Kind of order probation has in mind",
                CHOICE,
                "Leave empty where it is not known. The court decides.",
                (("co", "Community order"), ("sso", "Suspended sentence order")),
                required=False,
            ),
            Q(
                "institution",
                "Institution that would treat him",
                TEXT,
                "The order names the institution or a registered psychologist: one is enough. "
                "Only its name: it is read out in court.",
                released=True,
            ),
            Q(
                "directing_psychologist",
                "Registered psychologist directing treatment",
                TEXT,
                "A registered psychologist of your trust, or somebody else with the number below.",
                released=True,
            ),
            Q(
                "directing_hcpc",
                "HCPC number of the psychologist",
                TEXT,
                "Leave it empty for a psychologist of your trust: it is on file. Without a number "
                "the report does not say “registered”.",
                released=True,
            ),
        ),
    ),
    SectionSpec(
        Section.CONDITIONS,
        "The three conditions of the law",
        "Answer each one for itself.",
        (
            *_condition("need", "Need: he needs treatment, may benefit, no hospital order needed"),
            *_condition("arrangements", "Arrangements: treatment is or can be arranged"),
            *_condition("willingness", "Willingness: he is willing to comply"),
        ),
    ),
    SectionSpec(
        Section.RECOMMENDATION,
        "Recommendation",
        "Yours to make.",
        (
            Q("recommendation", "Your recommendation", CHOICE, "", RECOMMENDATIONS),
            Q(
                "recommendation_released",
                "Why, for the report",
                TEXT,
                _RELEASED,
                released=True,
            ),
            Q(
                "when_ready",
                "What would make him ready, and by when",
                TEXT,
                _RELEASED,
                needed_if=("recommendation", ("suitable_not_ready",)),
                released=True,
            ),
            Q(
                "onward",
                "Where he is routed instead",
                TEXT,
                _CLINICAL,
                needed_if=("recommendation", ("unsuitable",)),
            ),
        ),
    ),
)
