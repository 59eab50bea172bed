"""PCL-5: twenty questions on symptoms of post-traumatic stress, the version for the past month."""

from outcome_measures.definitions import (
    Called,
    Caseness,
    Criterion,
    Finding,
    Instrument,
    Item,
    Licence,
    Option,
    Pattern,
    ReliableChange,
    Screen,
    Source,
    Subscale,
)

_CAMCOPS = Source(
    citation="CamCOPS documentation, PCL-5: a work of the US Government; wording in pcl5.xml",
    url=(
        "https://github.com/ucam-department-of-psychiatry/camcops/blob/master/docs/source/tasks/"
        "pcl5.rst"
    ),
    verified=True,
)
_GUIDELINES = Source(
    citation="Comorbidity Guidelines, Appendix S, PCL-5 scoring and interpretation",
    url=(
        "https://comorbidityguidelines.org.au/appendix-s-ptsd-checklist-for-dsm5-pcl5/"
        "pcl5-scoring-and-interpretation"
    ),
    verified=True,
)
_QXMD = Source(
    citation=(
        "PCL-5 as printed by QxMD: not copyrighted; 5 points a response, 10 points meaningful. "
        "The National Center for PTSD has since written otherwise, so it is to be read there"
    ),
    url="https://calculate.qxmd.com/storage/calculators/684/PCL-5.html",
    verified=False,
)

_HOW_MUCH = (
    Option(0, "Not at all"),
    Option(1, "A little bit"),
    Option(2, "Moderately"),
    Option(3, "Quite a bit"),
    Option(4, "Extremely"),
)
_QUESTIONS = (
    "Repeated, disturbing, and unwanted memories of the stressful experience?",
    "Repeated, disturbing dreams of the stressful experience?",
    "Suddenly feeling or acting as if the stressful experience were actually happening again (as "
    "if you were actually back there reliving it)?",
    "Feeling very upset when something reminded you of the stressful experience?",
    "Having strong physical reactions when something reminded you of the stressful experience "
    "(for example, heart pounding, trouble breathing, sweating)?",
    "Avoiding memories, thoughts, or feelings related to the stressful experience?",
    "Avoiding external reminders of the stressful experience (for example, people, places, "
    "conversations, activities, objects, or situations)?",
    "Trouble remembering important parts of the stressful experience?",
    "Having strong negative beliefs about yourself, other people, or the world (for example, "
    "having thoughts such as: I am bad, there is something seriously wrong with me, no one can be "
    "trusted, the world is completely dangerous)?",
    "Blaming yourself or someone else for the stressful experience or what happened after it?",
    "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
    "Loss of interest in activities that you used to enjoy?",
    "Feeling distant or cut off from other people?",
    "Trouble experiencing positive feelings (for example, being unable to feel happiness or have "
    "loving feelings for people close to you)?",
    "Irritable behavior, angry outbursts, or acting aggressively?",
    "Taking too many risks or doing things that could cause you harm?",
    "Being “superalert” or watchful or on guard?",
    "Feeling jumpy or easily startled?",
    "Having difficulty concentrating?",
    "Trouble falling or staying asleep?",
)
_B, _C, _D, _E = (
    tuple(range(1, 6)),
    (6, 7),
    tuple(range(8, 15)),
    tuple(range(15, 21)),
)

PCL5 = Instrument(
    id="pcl5",
    name="PCL-5",
    title="PTSD Checklist for DSM-5",
    version="1",
    language="en",
    recall_period="the past month",
    stem="In the past month, how much were you bothered by:",
    items=tuple(Item(number, text, _HOW_MUCH) for number, text in enumerate(_QUESTIONS, start=1)),
    licence=Licence(
        notice=(
            "PTSD Checklist for DSM-5 (PCL-5), standard form. Weathers, Litz, Keane, Palmieri, "
            "Marx and Schnurr (2013), National Center for PTSD, www.ptsd.va.gov. A work of the "
            "US Government, not copyrighted."
        ),
        source=_CAMCOPS,
    ),
    citation=Source(
        citation=(
            "Blevins CA, Weathers FW, Davis MT, Witte TK, Domino JL. The Posttraumatic Stress "
            "Disorder Checklist for DSM-5 (PCL-5): development and initial psychometric "
            "evaluation. Journal of Traumatic Stress 2015; 28: 489–498"
        ),
        url="https://doi.org/10.1002/jts.22059",
        verified=False,
    ),
    caseness=Caseness(33, _GUIDELINES),
    reliable_change=ReliableChange(10, _QXMD, Called.MEANINGFUL, response=5),
    subscales=(
        Subscale("intrusion", "Intrusion (B)", _GUIDELINES, _B),
        Subscale("avoidance", "Avoidance (C)", _GUIDELINES, _C),
        Subscale("mood", "Thoughts and mood (D)", _GUIDELINES, _D),
        Subscale("arousal", "Arousal and reactivity (E)", _GUIDELINES, _E),
    ),
    screen=Screen(
        patterns=(
            Pattern(
                "dsm5",
                "Symptoms in the pattern of DSM-5",
                (
                    Criterion("B, one of 1 to 5", _B, 2),
                    Criterion("C, one of 6 and 7", _C, 2),
                    Criterion("D, two of 8 to 14", _D, 2, needed=2),
                    Criterion("E, two of 15 to 20", _E, 2, needed=2),
                ),
            ),
        ),
        findings=(Finding("symptom pattern of PTSD", frozenset({"dsm5"})),),
        otherwise="no symptom pattern of PTSD",
        needs="It counts only after exposure to a traumatic event, which a clinician asks about.",
        source=_GUIDELINES,
    ),
    screens_only=True,
)
