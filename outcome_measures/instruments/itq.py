"""ITQ: eighteen questions that screen for PTSD and complex PTSD as ICD-11 describes them."""

from outcome_measures.definitions import (
    Criterion,
    Finding,
    Instrument,
    Item,
    Licence,
    Option,
    Pattern,
    Screen,
    Source,
    Subscale,
)

_PAPER = Source(
    citation=(
        "Cloitre M and others. The International Trauma Questionnaire: development of a "
        "self-report measure of ICD-11 PTSD and complex PTSD. Acta Psychiatrica Scandinavica 2018; "
        "138: 536–546; its summary says that the measure is freely available"
    ),
    url="https://ris.maynoothuniversity.ie/live/!W_VA_PUBLICATION.POPUP?LAYOUT=N&OBJECT_ID=2354266",
    verified=True,
)
_PSYPACK = Source(
    citation="PsyPack, International Trauma Questionnaire, scoring",
    url="https://psypack.com/assessments/international-trauma-questionnaire-itq-ptsd",
    verified=True,
)
# The table has the twelve symptoms; stems and the six questions on what they affect were seen in
# public code only. A clinician compares them with the published form before anybody is asked.
_WORDING = Source(
    citation=(
        "European Journal of Psychotraumatology 2020; volume 11, table 1 (questions 1 to 6 and "
        "10 to 15). Stems and questions 7 to 9 and 16 to 18: to be compared with the published form"
    ),
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC7685205/table/t0001",
    verified=False,
)

_HOW_MUCH = (
    Option(0, "Not at all"),
    Option(1, "A little bit"),
    Option(2, "Moderately"),
    Option(3, "Quite a bit"),
    Option(4, "Extremely"),
)
_IN_THE_PAST_MONTH = "In the past month, have the above problems:"
_ABOUT_HIMSELF = (
    "In the past month, have the above problems in emotions, in beliefs about yourself and in "
    "relationships:"
)
_OTHER = "such as parenting, or school or college work, or other important activities?"
_SYMPTOMS = (
    "Having upsetting dreams that replay part of the experience or are clearly related to the "
    "experience?",
    "Having powerful images or memories that sometimes come into your mind in which you feel the "
    "experience is happening again in the here and now?",
    "Avoiding internal reminders of the experience (for example, thoughts, feelings, or physical "
    "sensations)?",
    "Avoiding external reminders of the experience (for example, people, places, conversations, "
    "objects, activities, or situations)?",
    "Being “super-alert”, watchful, or on guard?",
    "Feeling jumpy or easily startled?",
)
_AFFECTED = (
    f"{_IN_THE_PAST_MONTH} Affected your relationships or social life?",
    f"{_IN_THE_PAST_MONTH} Affected your work or ability to work?",
    f"{_IN_THE_PAST_MONTH} Affected any other important part of your life {_OTHER}",
)
_STATEMENTS = (
    "How true is this of you? When I am upset, it takes me a long time to calm down.",
    "How true is this of you? I feel numb or emotionally shut down.",
    "How true is this of you? I feel like a failure.",
    "How true is this of you? I feel worthless.",
    "How true is this of you? I feel distant or cut off from people.",
    "How true is this of you? I find it hard to stay emotionally close to people.",
)
_AFFECTED_TOO = (
    f"{_ABOUT_HIMSELF} Created concern or distress about your relationships or social life?",
    f"{_ABOUT_HIMSELF} Affected your work or ability to work?",
    f"{_ABOUT_HIMSELF} Affected any other important parts of your life {_OTHER}",
)
_QUESTIONS = (*_SYMPTOMS, *_AFFECTED, *_STATEMENTS, *_AFFECTED_TOO)
_PTSD, _DSO = tuple(range(1, 7)), tuple(range(10, 16))

ITQ = Instrument(
    id="itq",
    name="ITQ",
    title="International Trauma Questionnaire",
    version="1",
    language="en",
    recall_period="the past month",
    stem=(
        "Think of the experience that troubles you most. How much have you been bothered by each "
        "problem in the past month?"
    ),
    items=tuple(
        Item(number, text, _HOW_MUCH, scored=number in (*_PTSD, *_DSO))
        for number, text in enumerate(_QUESTIONS, start=1)
    ),
    licence=Licence(
        notice=(
            "International Trauma Questionnaire (ITQ). Cloitre M, Shevlin M, Brewin CR, Bisson "
            "JI, Roberts NP, Maercker A, Karatzias T, Hyland P (2018). The measure is freely "
            "available."
        ),
        source=_PAPER,
    ),
    citation=Source(
        citation=(
            "Cloitre M, Shevlin M, Brewin CR, Bisson JI, Roberts NP, Maercker A, Karatzias T, "
            "Hyland P. The International Trauma Questionnaire: development of a self-report "
            "measure of ICD-11 PTSD and complex PTSD. Acta Psychiatrica Scandinavica 2018; 138: "
            "536–546"
        ),
        url="https://doi.org/10.1111/acps.12956",
        verified=False,
    ),
    subscales=(
        Subscale("ptsd", "PTSD", _PSYPACK, _PTSD),
        Subscale("dso", "Disturbances in self-organisation", _PSYPACK, _DSO),
    ),
    screen=Screen(
        patterns=(
            Pattern(
                "ptsd",
                "PTSD symptoms",
                (
                    Criterion("re-experiencing", (1, 2), 2),
                    Criterion("avoidance", (3, 4), 2),
                    Criterion("sense of threat", (5, 6), 2),
                    Criterion("affecting his life", (7, 8, 9), 2),
                ),
            ),
            Pattern(
                "dso",
                "disturbances in self-organisation",
                (
                    Criterion("emotions", (10, 11), 2),
                    Criterion("view of himself", (12, 13), 2),
                    Criterion("relationships", (14, 15), 2),
                    Criterion("affecting his life", (16, 17, 18), 2),
                ),
            ),
        ),
        findings=(
            Finding("complex PTSD", frozenset({"ptsd", "dso"})),
            Finding("PTSD", frozenset({"ptsd"})),
        ),
        otherwise="neither PTSD nor complex PTSD",
        needs="It counts only after exposure to a traumatic event, which a clinician asks about.",
        source=_PSYPACK,
    ),
    screens_only=True,
    wording_source=_WORDING,
)
