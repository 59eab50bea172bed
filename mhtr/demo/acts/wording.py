"""What assessors of the fictional programme write. Nobody real said or wrote any of it."""

from mhtr.suitability.sections import Answer, Section

NEED = (
    "Wakes at four most nights and cannot stop worrying about money and his children.",
    "Low since he lost his work in spring. Has stopped seeing friends and going out.",
    "Startles at loud noises, avoids buses, dreams about an attack five years ago.",
    "Panic in crowds and on the underground; plans his days around avoiding both.",
    "Grieving for his mother. Feels nothing matters and sleeps in the day.",
)
EFFECT = (
    "Misses appointments because mornings are hardest. Eats once a day.",
    "Gave up a course he liked. Argues at home and regrets it.",
    "Leaves the flat only for shopping. Drinks to get to sleep.",
)
PAST = (
    "Six sessions of counselling at his GP practice; it helped to be listened to.",
    "Sertraline for a year; stopped by himself when he felt better.",
    "No treatment before. Says that he would not have known whom to ask.",
)
RISK = (
    "No thoughts of ending his life now. Had them in winter; told his sister then.",
    "No risk to himself or others found today.",
    "Thoughts that life is not worth living come and go, without a plan. Safety plan agreed.",
)
HELPS = (
    "A seat near the door, breaks when he asks, the same person each time.",
    "Short meetings, things written down, a reminder the day before.",
)
NEURO = (
    "None known; nothing suspected.",
    "Diagnosed with ADHD as a boy. Written notes help him.",
    "Dyslexia. Reads slowly; prefers to be read to.",
)
SUBSTANCES = (
    "Drinks at weekends. No drugs.",
    "Cannabis most evenings; wants to cut down.",
    "Neither.",
)
AVAILABLE = (
    "Tuesdays and Thursdays after two.",
    "Any day after his night shift, from noon.",
    "Mornings, while the children are at school.",
)
ARRANGEMENTS = (
    "He lives within half an hour of the clinic and can come on weekday afternoons.",
    "Appointments in the late morning suit him; he has a travel pass.",
)
WHY = {
    "suitable": "He has symptoms of anxiety and depression that treatment can help. He understands "
    "what is offered, is willing, and treatment can begin within the service's usual time.",
    "suitable_not_ready": "Treatment can help him once his housing is settled. He is willing, but "
    "cannot keep regular appointments yet.",
    "unsuitable": "His needs are greater than this service can meet. Another service has been "
    "asked to see him.",
    "declined": "He was told what the requirement would mean and decided against it.",
}
CONDITIONS = {
    "need": "He has moderate symptoms of anxiety and depression, which are susceptible to "
    "treatment and do not call for a hospital order.",
    "arrangements": "Treatment can be arranged with this service, beginning within six weeks of "
    "sentence.",
    "willingness": "He was told what the requirement asks of him and says that he is willing to "
    "comply.",
}
OTHERWISE = {
    "need": (
        "His needs are greater than this service’s treatment can meet.",
        "It is not clear yet whether treatment of this kind would help him.",
    ),
    "arrangements": (
        "This service cannot arrange the treatment that he needs.",
        "Treatment can be arranged once he has somewhere to live; the date is not known yet.",
    ),
    "willingness": (
        "He was told what the requirement asks of him and does not want it.",
        "He would like to think about it before he decides.",
    ),
}
"""What a report says of a condition that is not met, and of one that is not clear yet."""
COMMENTS = (
    "Please say in one sentence how treatment would be arranged around his work.",
    "The wording on need is about the past. What does he need now?",
)


def sections(
    pick: dict[str, int], recommendation: str, institution: str
) -> dict[Section, dict[str, Answer]]:
    """Complete answers of every section that is not worked out from measures.

    Args:
        pick: a number for each theme, choosing among its wordings.
    """
    met = {
        "suitable": ("met", "met", "met"),
        "suitable_not_ready": ("met", "unclear", "met"),
        "unsuitable": ("not_met", "not_met", "met"),
        "declined": ("met", "met", "not_met"),
    }[recommendation]
    return _about_him(pick) | _for_the_report(recommendation, institution, met)


def _one(texts: tuple[str, ...], number: int) -> str:
    return texts[number % len(texts)]


def _about_him(pick: dict[str, int]) -> dict[Section, dict[str, Answer]]:
    return {
        Section.TOLD: {"readers": True, "quoted": True, "choice": True, "agrees": True},
        Section.CAPACITY: {"capacity": "yes"},
        Section.PRESENTING_NEED: {
            "need_account": _one(NEED, pick["need"]),
            "effect": _one(EFFECT, pick["effect"]),
        },
        Section.HISTORY: {"past_treatment": _one(PAST, pick["past"])},
        Section.RISK_NOW: {"risk_account": _one(RISK, pick["risk"]), "safety_plan": True},
        Section.PREPARATION: {"helps": _one(HELPS, pick["helps"])},
        Section.NEURODIVERSITY_SUBSTANCES: {
            "neurodiversity": _one(NEURO, pick["neuro"]),
            "substances": _one(SUBSTANCES, pick["substances"]),
        },
        Section.GP: {"gp": ("registered", "registered", "willing", "no")[pick["gp"] % 4]},
        Section.PRACTICAL: {
            "availability": _one(AVAILABLE, pick["available"]),
            "interpreter": False,
            "practical_released": _one(ARRANGEMENTS, pick["arrangements"]),
        },
    }


def _for_the_report(
    recommendation: str, institution: str, met: tuple[str, ...]
) -> dict[Section, dict[str, Answer]]:
    conditions: dict[str, Answer] = {}
    for key, answer in zip(CONDITIONS, met, strict=True):
        conditions[key] = answer
        conditions[f"{key}_evidence"] = "Interview and measures today."
        conditions[f"{key}_released"] = (
            CONDITIONS[key] if answer == "met" else OTHERWISE[key][answer == "unclear"]
        )
    final: dict[str, Answer] = {
        "recommendation": recommendation,
        "recommendation_released": WHY[recommendation],
    }
    if recommendation == "suitable_not_ready":
        final["when_ready"] = "When he has an address, expected within two months."
    if recommendation == "unsuitable":
        final["onward"] = "Community mental health team."
    made: dict[Section, dict[str, Answer]] = {
        Section.WILLINGNESS_CONSENT: {
            "willing": "no" if recommendation == "declined" else "yes",
            "consent_treatment": recommendation != "declined",
            "consent_report": True,
        },
        Section.EXCLUSIONS: {"psychosis": "no", "crisis": "no", "secondary_care": "no"},
        Section.CONDITIONS: conditions,
        Section.RECOMMENDATION: final,
    }
    if recommendation == "unsuitable":
        made[Section.EXCLUSIONS]["secondary_care"] = "yes"
    made[Section.PATHWAY] = {
        "pathways": ["cbt"],
        "sessions": 12,
        "requirement_months": 12,
        "order_kind": "co",
        "institution": institution,
        "directing_psychologist": "",
    }
    return made
