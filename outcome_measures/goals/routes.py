"""The page of a man's own goals, where goal-based outcomes are installed."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.web.fields import Required, TextAreaField
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.goals import service
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.page_parts import Part, add_part


class GoalForm(Form):
    """A goal in his words."""

    words = TextAreaField(
        "What does he want to get to?",
        [Required("Write the goal down in his words")],
        hint="In his own words, short enough to read out at each session.",
        max_length=500,
        rows=2,
    )


class EndForm(Form):
    """Ending a goal."""


@bp.get("/cases/<uuid:case_ref>/measures/goals")
@only(*CLINICAL_ROLES)
def goals(case_ref: uuid.UUID) -> Page:
    """His goals, those of before too, and setting another."""
    viewer = current_viewer()
    return _page(viewer, _case(viewer, case_ref), GoalForm())


@bp.post("/cases/<uuid:case_ref>/measures/goals")
@only(*CLINICAL_ROLES)
def set_goal(case_ref: uuid.UUID) -> Page | Response:
    """Write a goal down."""
    viewer = current_viewer()
    case, form = _case(viewer, case_ref), GoalForm()
    if form.validate():
        try:
            with saving() as saved:
                service.set_goal(case_id=case.id, words=form.words.data, by=viewer.staff_id)
                saved.goes_to(url_for("measures.goals", case_ref=case_ref), "The goal is set")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
    return _page(viewer, _case(viewer, case_ref), form)


@bp.route("/cases/<uuid:case_ref>/measures/goals/<uuid:goal_ref>/end", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def end_goal(case_ref: uuid.UUID, goal_ref: uuid.UUID) -> Page | Response:
    """Ask whether a goal is to end, and end it."""
    viewer = current_viewer()
    case, form = _case(viewer, case_ref), EndForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.end_goal(case_id=case.id, goal_ref=goal_ref, by=viewer.staff_id)
                saved.goes_to(url_for("measures.goals", case_ref=case_ref), "The goal is ended")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
    case = _case(viewer, case_ref)
    goal = service.find_goal(case.id, goal_ref)
    shows("measure_goal", goal.id)
    return form_page(
        "outcome_measures/goal_end.html",
        form=form,
        record=record(viewer, case),
        case=case,
        goal=goal,
    )


def _case(viewer: Viewer, case_ref: uuid.UUID) -> Case:
    if service.GOAL_INSTRUMENT not in INSTRUMENTS:
        raise NotFound
    return find_case(viewer, case_ref, Purpose.CLINICAL)


def _page(viewer: Viewer, case: Case, form: Form) -> Page:
    every = service.every_goal(case.id)
    shows("measure_goal", *(goal.id for goal in every))
    now = [goal for goal in every if goal.ended_on is None]
    return form_page(
        "outcome_measures/goals.html",
        form=form,
        record=record(viewer, case),
        case=case,
        now=sorted(now, key=lambda goal: goal.number),
        before=[goal for goal in every if goal.ended_on is not None][::-1],
        full=len(now) == len(service.NUMBERS),
    )


def _more(_viewer: Viewer, _case: Case) -> dict[str, bool]:
    """The links under a man's measures: to his goals where they are installed, and to the rules."""
    return {"goals": service.GOAL_INSTRUMENT in INSTRUMENTS}


add_part(Part("outcome_measures/more_of_case.html", _more, order=90))
