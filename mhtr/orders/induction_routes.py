"""The induction of a man: what is done and left, by when, and recording one part of it."""

import uuid
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left, left_until
from mhtr.core.errors import Refused
from mhtr.orders import induction_queries, induction_service
from mhtr.orders.induction import BY_HAND, ITEM_WORDS, OUTCOME_WORDS, Induction, Item, Line, Outcome
from mhtr.orders.models import InductionStep
from mhtr.orders.routes import bp
from mhtr.tasks.calendar import working_calendar
from mhtr.web import navigation
from mhtr.web.fields import DatePartsField, InPast, RadioField, Required, TextAreaField
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
INDUCTORS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
CLINICIANS_ONLY = frozenset({Item.RISK})
"""Asked by a clinician, and what came of it read by clinicians only."""
PAGES = {
    Item.REACHING: "people.details",
    Item.NEEDS: "people.details",
    Item.CONSENT: "people.consent",
    Item.MEASURES: "measures.contact_new",
}
"""Where the record itself is changed."""

navigation.add_case(
    CaseGroup.COURT,
    40,
    "Induction",
    "orders.induction",
    *PURPOSES,
    section=("orders.induction",),
    roles=INDUCTORS,
)


class StepForm(Form):
    """What came of one part of the induction."""

    outcome = RadioField(
        "What came of it?",
        [Required("Select what came of it")],
        choices=list(OUTCOME_WORDS.items()),
    )
    on = DatePartsField("On which day?", [Required(), InPast(clock.today, or_today=True)])
    note = TextAreaField("Note", max_length=1000, rows=3, hint="Nothing about the offence")


@dataclass(frozen=True)
class Row:
    """One part as the list shows it."""

    text: str
    href: str
    status: str
    colour: str
    hint: str


@dataclass(frozen=True)
class Said:
    """What somebody recorded of one part, as this reader may see it."""

    what: str
    outcome: str
    note: str
    on: str
    by: str


@bp.get("/cases/<uuid:case_ref>/induction")
@only(*INDUCTORS)
def induction(case_ref: uuid.UUID) -> str:
    """What is done and what is left, with the two dates."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    found = induction_queries.standing(case)
    steps = induction_queries.steps_of(case.id)
    shows("induction_step", *(step.id for step in steps), case_id=case.id)
    return render_template(
        "orders/induction.html",
        record=record(viewer, case),
        case=case,
        found=found,
        wanted=induction_queries.is_wanted(case),
        not_now=induction_service.NOT_NOW,
        rows=[_row(line, case, viewer) for line in found.lines] if found else [],
        dates=_dates(found) if found else [],
        steps=[_said(step, viewer) for step in reversed(steps)],
    )


@bp.route(
    "/cases/<uuid:case_ref>/induction/<any(probation,spoken,reaching,needs,times):item>",
    methods=["GET", "POST"],
)
@only(*INDUCTORS)
def induction_item(case_ref: uuid.UUID, item: str) -> Page | Response:
    """Record what came of one part."""
    return _part(case_ref, Item(item), *PURPOSES)


@bp.route("/cases/<uuid:case_ref>/induction/risk", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def induction_risk(case_ref: uuid.UUID) -> Page | Response:
    """Record how safe he is now: a clinician asks, and clinicians read what came of it."""
    return _part(case_ref, Item.RISK, Purpose.CLINICAL)


def _part(case_ref: uuid.UUID, part: Item, *purposes: Purpose) -> Page | Response:
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *purposes)
    form = StepForm(on=clock.today())
    if form.validate_on_submit() and form.on.data:
        try:
            with saving() as saved:
                induction_service.record_step(
                    case_id=case.id,
                    item=part,
                    outcome=Outcome(form.outcome.data or ""),
                    on=form.on.data,
                    note=form.note.data,
                    by=viewer.staff_id,
                )
                goes_to = url_for(".induction", case_ref=case_ref)
                saved.goes_to(
                    goes_to, f"Saved: {ITEM_WORDS[part][0].lower()}{ITEM_WORDS[part][1:]}"
                )
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    case = find_case(viewer, case_ref, *purposes)
    return form_page(
        "orders/induction_item.html",
        record=record(viewer, case),
        case=case,
        form=form,
        title=ITEM_WORDS[part],
        page=_page(part, case),
        wanted=induction_queries.is_wanted(case),
        not_now=induction_service.NOT_NOW,
    )


def _row(line: Line, case: Case, viewer: Viewer) -> Row:
    item = line.item
    hint = ""
    if line.tried:
        times = "once" if line.tried == 1 else f"{line.tried} times"
        last = day_words(line.last_tried_on) if line.last_tried_on else ""
        hint = f"Tried {times}, last on {last}"
    if line.done_on is None:
        return Row(ITEM_WORDS[item], _href(item, case, viewer), "To do", "blue", hint)
    status = f"Done {day_words(line.done_on)}{', changed' if line.changed else ''}"
    return Row(ITEM_WORDS[item], _href(item, case, viewer), status, "", hint)


def _href(item: Item, case: Case, viewer: Viewer) -> str:
    if item in CLINICIANS_ONLY:
        asks = viewer.has(*CLINICAL_ROLES)
        return url_for(".induction_risk", case_ref=case.ref) if asks else ""
    if item in BY_HAND:
        return url_for(".induction_item", case_ref=case.ref, item=item.value)
    if item is Item.MEASURES and not viewer.has(*CLINICAL_ROLES):
        return ""
    return _page(item, case)


def _page(item: Item, case: Case) -> str:
    endpoint = PAGES.get(item)
    return url_for(endpoint, case_ref=case.ref) if endpoint else ""


def _dates(found: Induction) -> list[tuple[str, date, Left | None]]:
    seen = next(line.done_on for line in found.lines if line.item is Item.PROBATION)
    calendar, now = working_calendar(), clock.now()
    return [
        (
            "Probation sees him by",
            found.probation_by,
            None if seen else left_until(found.probation_by, now, calendar),
        ),
        (
            "First session by",
            found.first_session_by,
            left_until(found.first_session_by, now, calendar),
        ),
    ]


def _said(step: InductionStep, viewer: Viewer) -> Said:
    hidden = step.item in CLINICIANS_ONLY and not viewer.has(*CLINICAL_ROLES)
    return Said(
        what=ITEM_WORDS[step.item],
        outcome=OUTCOME_WORDS[step.outcome],
        note="" if hidden else step.note or "",
        on=day_words(step.on),
        by=db.session.get_one(Staff, step.by_id).name,
    )
