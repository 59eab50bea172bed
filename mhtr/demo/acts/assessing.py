"""An assessor sees a man, asks the measures, writes the sections, finishes."""

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.acts import wording
from mhtr.demo.world import Hand
from mhtr.suitability import assessment_service as service
from mhtr.suitability import meeting_service, taking_over
from mhtr.suitability.assessment_measures import derived
from mhtr.suitability.assessment_queries import latest_assessment, section_rows, written_version
from mhtr.suitability.meetings import read
from mhtr.suitability.models import Assessment
from mhtr.suitability.report_content import HowAssessed
from mhtr.suitability.sections import Answer as SectionAnswer
from mhtr.suitability.sections import Section
from mhtr.suitability.unsaved_measures import context_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureMode
from outcome_measures.recording import service as measures
from outcome_measures.risk import service as risk

THEMES = (
    "need", "effect", "past", "risk", "helps", "neuro", "substances", "gp", "available",
    "arrangements",
)  # fmt: skip
PHQ9_ITEM_ON_LIFE = 9


def assessment_of(hand: Hand) -> Assessment:
    """The assessment of the case in hand, which was started."""
    found = latest_assessment(hand.case_id)
    if found is None:
        raise ValueError("the assessment was not started")
    return found


def start(hand: Hand) -> None:
    """Start, and record how he was seen today."""
    service.start(case_id=hand.case_id, by=hand.assessor)
    how = hand.world.chance.choice(tuple(HowAssessed))
    meet(hand, how)


def meet(hand: Hand, how: HowAssessed) -> None:
    """Record a meeting of today."""
    made = assessment_of(hand)
    meeting_service.add(
        made,
        how=how,
        on=clock.today(),
        met_by=hand.assessor,
        version=made.version,
        by=hand.assessor,
    )


def agree(hand: Hand, *, treatment: bool = True) -> None:
    """Asked in the assessment: he agrees to the report, and to treatment or not."""
    answers: dict[str, SectionAnswer] = {
        "willing": "yes" if treatment else "no",
        "consent_treatment": treatment,
        "consent_report": True,
    }
    service.save_section(
        assessment_of(hand), Section.WILLINGNESS_CONSENT, answers, version=0, by=hand.assessor
    )


def measure(hand: Hand, instrument: str, *, item_nine: int | None = 0) -> None:
    """Ask a measure. `item_nine` is his answer to PHQ-9's last scored item; None: skipped."""
    assessment = assessment_of(hand)
    occasion = measures.open_occasion(
        case_id=hand.case_id,
        context=context_of(assessment),
        instrument=instrument,
        mode=MeasureMode(read(assessment.meetings)[-1].how),
        asked_on=clock.today(),
        by=hand.assessor,
    )
    chance = hand.world.chance
    answers = {
        item.number: Answer(AnswerState.ANSWERED, chance.choice((0, 1, 1, 2, 2, 3)))
        for item in INSTRUMENTS[instrument].items
    }
    if instrument == "phq9":
        answers[PHQ9_ITEM_ON_LIFE] = (
            Answer(AnswerState.SKIPPED)
            if item_nine is None
            else Answer(AnswerState.ANSWERED, item_nine)
        )
    measures.submit(occasion, answers, version=occasion.version, by=hand.assessor)
    service.set_derived(assessment, Section.MEASURES, derived(assessment), by=hand.assessor)


def lose_answers(hand: Hand, why: risk.NotSaved, *, item_nine: int) -> None:
    """Send a questionnaire that cannot be saved: his answers are lost, their risk is not."""
    risk.look_at_unsaved(
        case_id=hand.case_id,
        context=context_of(assessment_of(hand)),
        instrument="phq9",
        answers={PHQ9_ITEM_ON_LIFE: Answer(AnswerState.ANSWERED, item_nine)},
        submitted=False,
        why=why,
        by=hand.assessor,
    )


def write(hand: Hand, *, recommendation: str = "suitable", upto: int = 99) -> None:
    """Write sections in order, all or the first few."""
    assessment = assessment_of(hand)
    trust = db.session.get_one(Staff, hand.assessor).organisation.name
    pick = {theme: hand.world.chance.randrange(60) for theme in THEMES}
    given = wording.sections(pick, recommendation, trust)
    rows = section_rows(assessment.id)
    for section in [each for each in Section if each in given][:upto]:
        row = rows.get(section)
        service.save_section(
            assessment, section, given[section], version=row.version if row else 0, by=hand.assessor
        )


def finish(hand: Hand) -> None:
    """Finish with the recommendation written."""
    made = assessment_of(hand)
    service.finish(assessment=made, version=written_version(made), by=hand.assessor)


def take_over(hand: Hand) -> None:
    """Become the author of what a colleague began."""
    made = assessment_of(hand)
    taking_over.take_over(assessment=made, version=written_version(made), by=hand.assessor)


def look_through(hand: Hand, upto: int) -> None:
    """Save the first few sections as they stand, under his own name."""
    made = assessment_of(hand)
    rows = section_rows(made.id)
    for section in [each for each in Section if each in rows][:upto]:
        row = rows[section]
        service.save_section(made, section, row.answers, version=row.version, by=hand.assessor)


def refused(hand: Hand) -> None:
    """Asked first whether he agrees to be assessed, he says no; nothing more is asked."""
    assessment = assessment_of(hand)
    told: dict[str, SectionAnswer] = dict.fromkeys(("readers", "quoted", "choice"), True)
    said: dict[Section, dict[str, SectionAnswer]] = {
        Section.TOLD: {**told, "agrees": False},
        Section.CAPACITY: {"capacity": "yes"},
        Section.RECOMMENDATION: {"recommendation": "declined"},
    }
    for section, answers in said.items():
        service.save_section(assessment, section, answers, version=0, by=hand.assessor)


def reopen(hand: Hand) -> None:
    """Open a finished assessment again, and record that he now agrees."""
    made = assessment_of(hand)
    service.reopen(assessment=made, version=made.version, by=hand.assessor)
    row = section_rows(made.id)[Section.TOLD]
    service.save_section(
        made,
        Section.TOLD,
        {**row.answers, "agrees": True},
        version=row.version,
        by=hand.assessor,
    )


def risk_task(hand: Hand) -> Task | None:
    """The open risk review of the case in hand."""
    found = tasks.open_tasks(hand.case_id, TaskKind.RISK_REVIEW)
    return found[0] if found else None


def acknowledge_risk(hand: Hand) -> None:
    """Its owner has seen it."""
    task = risk_task(hand)
    if task is not None and task.owner_staff_id is not None:
        tasks.acknowledge(task, by=task.owner_staff_id)


def close_risk(hand: Hand) -> None:
    """A clinician records what was done about an answer, and the plan."""
    _found(
        hand,
        "Rang him the same afternoon. Thoughts of death without plan or means.",
        "Safety plan gone through again; GP told, he agreed; look again in a week.",
    )


def look_into_sign(hand: Hand) -> None:
    """A clinician records what he found of a man who was not known to be safe."""
    _found(
        hand,
        "Rang the custody suite: healthcare had seen him, and he went home with his sister.",
        "He has the crisis line's number. Ask again at the first contact.",
    )


def _found(hand: Hand, outcome: str, plan: str) -> None:
    task = risk_task(hand)
    if task is not None and task.owner_staff_id is not None:
        tasks.finish(task, by=task.owner_staff_id, outcome=outcome, plan=plan)
