"""How far an assessment has got, section by section, and which sections are closed for now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, Fact, ReportProgress
from mhtr.cases.rules import fold
from mhtr.suitability.sections import SECTIONS, Section, SectionSpec

ABOUT_THE_REPORT = frozenset({Section.PATHWAY, Section.CONDITIONS, Section.RECOMMENDATION})
NO_PLEA_OR_FINDING = (
    "No guilty plea or finding is recorded. Until then nothing is written for the report."
)
RELEASED = "The report is released. What changes now goes into an addendum."
WITH_THE_LEAD = (
    "The report is with the clinical lead. Take it back on the assessment’s page to change it."
)
FINISHED = "The assessment is finished. Reopen it on the assessment’s page to change it."
SPECS: Mapping[Section, SectionSpec] = {spec.section: spec for spec in SECTIONS}


@dataclass(frozen=True)
class Step:
    """One line of the task list: `status` in words with the colour of its tag."""

    section: Section
    title: str
    lead: str
    status: str
    colour: str
    open: bool


def closed_sections(facts: list[Fact], today: date) -> Mapping[Section, str]:
    """Sections that cannot be written now, each with the reason."""
    if fold(facts, today).stage in AFTER_PLEA_OR_FINDING:
        return {}
    return dict.fromkeys(ABOUT_THE_REPORT, NO_PLEA_OR_FINDING)


def finished_words(progress: ReportProgress) -> str:
    """What stands in the way of changing a finished assessment, and what to do about it."""
    words = {ReportProgress.RELEASED: RELEASED, ReportProgress.WITH_CLINICAL_LEAD: WITH_THE_LEAD}
    return words.get(progress, FINISHED)


def steps(
    complete: Mapping[Section, bool],
    closed: Mapping[Section, str],
    comments: Mapping[Section, int],
    confirm: Collection[Section] = (),
) -> tuple[Step, ...]:
    """The task list. `complete` holds the sections that were saved, True where nothing lacks;
    `confirm` those that a former author wrote and nobody has looked through since."""
    made = []
    for spec in SECTIONS:
        status, colour = _status(spec.section, complete, closed, comments)
        if spec.section in confirm and spec.section not in closed:
            status, colour = "To look through", "orange"
        lead = closed.get(spec.section, spec.lead)
        made.append(
            Step(spec.section, spec.title, lead, status, colour, spec.section not in closed)
        )
    return tuple(made)


def _status(
    section: Section,
    complete: Mapping[Section, bool],
    closed: Mapping[Section, str],
    comments: Mapping[Section, int],
) -> tuple[str, str]:
    if section in closed:
        return "Cannot start yet", "grey"
    many = comments.get(section, 0)
    if many:
        return f"{many} comment{'' if many == 1 else 's'}", "orange"
    if section not in complete:
        return "Not started", "blue"
    return ("Complete", "green") if complete[section] else ("In progress", "aqua-green")
