"""Fictional reports for the tests of content, checks and PDF."""

from dataclasses import replace
from datetime import date

from mhtr.cases.facts import Recommendation
from mhtr.suitability.report_content import (
    ConditionAnswer,
    ConditionStatement,
    HisAnswer,
    HowAssessed,
    ReportContent,
    ReportKind,
)
from mhtr.suitability.sections import Pathway

SIGNED = ReportContent(
    kind=ReportKind.REPORT,
    reference="SR-2026-0042",
    service_name="Men's MHTR Service, North West London",
    written_on=date(2026, 11, 25),
    person_name="Marlon Ekwueme",
    person_born_on=date(1991, 4, 3),
    crn="X123456",
    court_name="Westminster Magistrates' Court",
    hearing_on=date(2026, 12, 4),
    requested_by="Ruth Adeyemi, court probation officer",
    requested_on=date(2026, 11, 18),
    assessed_on=(date(2026, 11, 24),),
    how_assessed=HowAssessed.VIDEO,
    interpreter_language=None,
    told_beforehand=True,
    need=ConditionStatement(
        ConditionAnswer.MET,
        "He has symptoms of anxiety and low mood that affect his sleep, work and relationships. "
        "They are of the kind that psychological treatment helps. Nothing found suggests that a "
        "hospital or guardianship order is needed.",
    ),
    arrangements=ConditionStatement(
        ConditionAnswer.MET,
        "A place is held for him. A first appointment can be offered within ten working days of "
        "sentence.",
    ),
    willingness=ConditionStatement(
        ConditionAnswer.MET,
        "He understands what the requirement asks of him and what follows if he does not comply. "
        "He says that he is willing.",
    ),
    recommendation=Recommendation.SUITABLE,
    recommendation_wording=(
        "A course of psychological treatment under a requirement is likely to help him, and he "
        "is ready to start it."
    ),
    when_ready=None,
    pathways=(Pathway.EMOTIONAL_SKILLS, Pathway.CBT),
    sessions=12,
    requirement_months=9,
    institution="Central and North West London NHS Foundation Trust",
    directing_psychologist="Dr Hannah Sorensen",
    directing_hcpc="PYL000123",
    practical_arrangements="He can attend on weekdays after 3 pm. Reminders by text help him.",
    his_answer=HisAnswer.CORRECTIONS,
    his_words="“I have been working since October, please say so.” This was put right.",
    addendum_to=None,
    addendum_wording=None,
    consent_given_on=date(2026, 11, 24),
    consent_version="3",
    author_name="Tomasz Whitfield",
    author_title="Senior MHTR practitioner",
    countersigned_by="Dr Amara Lindqvist",
    countersigner_hcpc="PYL000456",
    countersigned_on=date(2026, 11, 26),
)
DRAFT = replace(
    SIGNED,
    countersigned_by=None,
    countersigner_hcpc=None,
    countersigned_on=None,
    his_answer=HisAnswer.NOT_YET,
    his_words=None,
)
ADDENDUM = replace(
    SIGNED,
    kind=ReportKind.ADDENDUM,
    reference="SR-2026-0042/A1",
    addendum_to="SR-2026-0042",
    addendum_wording="The hearing has moved to 18 December 2026. The place is held until then.",
    addendum_answer=HisAnswer.DISAGREES,
    addendum_words="I wanted the earlier day.",
)
UNSUITABLE = replace(
    SIGNED,
    need=ConditionStatement(ConditionAnswer.NOT_MET, "He needs more than this service gives."),
    willingness=ConditionStatement(ConditionAnswer.UNCLEAR, "He would like to think about it."),
    recommendation=Recommendation.UNSUITABLE,
    recommendation_wording="Another service can meet his needs better.",
    pathways=(),
    sessions=None,
    requirement_months=None,
    institution=None,
    directing_psychologist=None,
    directing_hcpc=None,
)
