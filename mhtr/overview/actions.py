"""What can be done with a case now, and why the rest cannot."""

from dataclasses import dataclass

from mhtr.cases import rules
from mhtr.cases.facts import CaseState, CloseReason, Fact, FactKind, effective_facts
from mhtr.cases.models import Case
from mhtr.cases.report_due import is_due
from mhtr.cases.rules import CaseStanding
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.overview.links import page_href

K = FactKind


@dataclass(frozen=True)
class Action:
    """A step: its page where it is possible now, the reasons where it is not."""

    text: str
    href: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Step:
    text: str
    kind: FactKind | None
    endpoint: str
    once: bool = True
    """Not offered, nor its absence explained, once it was done."""


STEPS = (
    _Step("Triage", K.ACCEPTED, "intake.triage_case"),
    _Step("Start the assessment", K.ASSESSMENT_STARTED, "suitability.assessment"),
    _Step(
        "Ask for a countersignature",
        K.COUNTERSIGN_REQUESTED,
        "suitability.assessment_request_countersign",
        False,
    ),
    _Step("Release the report", K.RELEASED, "suitability.release"),
    _Step("Write an addendum", K.ADDENDUM_WRITTEN, "suitability.release_addendum", False),
    _Step("Record a court date", K.HEARING_SET, "intake.hearing", False),
    _Step("Record the court's result", K.SENTENCED_WITH_MHTR, "suitability.outcome"),
    _Step("Record consent", None, "people.consent", False),
    _Step("Refer him on", K.ROUTED_ON, "intake.onward", False),
)


_KINDS = tuple(step.kind for step in STEPS if step.kind is not None)
OFFICE = tuple(s for s in STEPS if s.kind in (K.ACCEPTED, K.HEARING_SET, K.SENTENCED_WITH_MHTR))
"""What an administrator does."""


_OF_A_REPORT = frozenset({K.ASSESSMENT_STARTED, K.RELEASED})
"""What nobody waits for where no report will follow."""
CLOSING_WORDS = {
    CloseReason.HE_DECLINED: "Close: he declined",
    CloseReason.HE_WITHDREW: "Close: he withdrew",
    CloseReason.NOT_SUITABLE: "Close: not suitable",
}


def _closing(viewer: Viewer, case: Case, facts: list[Fact]) -> list[Action]:
    """Closing for a reason that concerns him, once there is one and nothing is due any more."""
    href = page_href(viewer, "intake.close_case", case.ref)
    due = is_due(case)
    reasons = rules.reasons_to_close(facts, clock.today())
    open_to = [each for each in reasons if not (due and each is CloseReason.NOT_SUITABLE)]
    if not href or not open_to:
        return []
    text = CLOSING_WORDS[open_to[0]] if len(open_to) == 1 else "Close the case"
    return [Action(text, href)]


def actions_of(
    viewer: Viewer,
    case: Case,
    facts: list[Fact],
    standing: CaseStanding,
    steps: tuple[_Step, ...] = STEPS,
) -> tuple[list[Action], list[Action]]:
    """Steps possible now, in the order of the journey, and those that are not, with reasons."""
    today = clock.today()
    done = {fact.kind for fact in effective_facts(facts, today)}
    possible: list[Action] = []
    refused: list[Action] = []
    if standing.state is CaseState.ASSESSING and steps is STEPS:
        href = page_href(viewer, "suitability.assessment", case.ref)
        if href:
            possible.append(Action("Go on with the assessment", href))
    stopped = standing.no_report_since is not None
    decisions = rules.can_each(_KINDS, facts, today, by_id=viewer.staff_id)
    if steps is STEPS:
        possible += _closing(viewer, case, facts)
    for step in steps:
        href = page_href(viewer, step.endpoint, case.ref)
        if not href or (step.once and step.kind in done):
            continue
        if step.kind is None:
            possible.append(Action(step.text, href))
            continue
        decision = decisions[step.kind]
        if decision.allowed:
            possible.append(Action(step.text, href))
        elif step.once and not (stopped and step.kind in _OF_A_REPORT):
            refused.append(Action(step.text, href, decision.reasons))
    return possible, refused
