"""A letter, and his plan for later, as accessible PDFs."""

from dataclasses import asdict
from pathlib import Path

from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.pdf import compile_pdf
from mhtr.discharge.letter_content import DISSENT, Letter, Section, Sheet, sheet
from mhtr.discharge.models import LaterPlan
from mhtr.discharge.queries import said_of
from mhtr.discharge.rules import PLAN_HEADINGS, Stance
from mhtr.messages.links import reference
from mhtr.suitability.result_owner import trust_of

_LAYOUT = Path(__file__).parent / "letter.typ"
CRISIS = (
    "In an emergency call 999.",
    "Call 111 and choose option 2 for mental health, at any time.",
    "Call Samaritans on 116 123, at any time.",
)
HELP_NOW = "If I need help now"
TITLE = "My plan for later"


def compile_letter(letter: Letter) -> bytes:
    """The letter as PDF/UA-1. The same letter gives the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, asdict(sheet(letter)), letter.written_on)


def plan_sheet(case: Case, row: LaterPlan) -> Sheet:
    """His plan laid out for reading: his words first, and whom to call at once."""
    plan = said_of(row)
    parts = [(PLAN_HEADINGS[name], str(getattr(plan, name))) for name in PLAN_HEADINGS]
    sections = [Section(head, _lines(words)) for head, words in parts if words.strip()]
    if plan.stance is Stance.DISSENTS:
        sections.append(Section(DISSENT, _lines(plan.dissent)))
    sections.append(Section(HELP_NOW, CRISIS))
    on = day_words(row.created_at.astimezone(clock.LONDON).date())
    return Sheet(
        title=TITLE,
        reference=reference(case.ref),
        service=trust_of(case).name,
        version=f"Version {row.number}",
        facts=(("Name", case.person.name), ("Written down on", on)),
        opens="",
        sections=tuple(sections),
        signatures=(),
        handling="Mine. I choose who reads it.",
        again="",
    )


def compile_plan(case: Case, row: LaterPlan) -> bytes:
    """His plan as PDF/UA-1. Raises `typst.TypstError` where it cannot be made accessible."""
    day = row.created_at.astimezone(clock.LONDON).date()
    return compile_pdf(_LAYOUT, asdict(plan_sheet(case, row)), day)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n") if part.strip())
