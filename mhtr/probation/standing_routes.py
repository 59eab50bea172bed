"""Where his orders stand, and probation's decision on one absence at a time."""

import uuid

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.compliance import decision_service
from mhtr.compliance.deciding import NO_ABSENCE, is_to_decide
from mhtr.compliance.decision_queries import decisions_of, decisions_on, known_of
from mhtr.compliance.enforcement_queries import steps_of, warnings_of
from mhtr.compliance.explanation_page import said_lines
from mhtr.compliance.explanation_queries import explanations_on, latest_number
from mhtr.compliance.explanation_service import is_asked
from mhtr.compliance.explanations import Side
from mhtr.compliance.models import Attendance
from mhtr.compliance.notice_queries import how_told, notices_of
from mhtr.compliance.order_facts import facts_of
from mhtr.compliance.queries import latest
from mhtr.compliance.standing.facts import Notice, Opinion
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.probation.blueprint import bp
from mhtr.probation.cover_page import officer_line, officers_before
from mhtr.probation.decide_form import DecideForm
from mhtr.probation.finding import find_absence
from mhtr.probation.papers.queries import referrals_of
from mhtr.probation.standing_page import (
    absence,
    absences_of,
    history,
    order_stands,
    step_shown,
    tried,
    warning_shown,
)
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.availability.adjust_queries import adjustments_of

MEANWHILE = (
    "It was decided, what happened was put right, or he said more of it, while you had this page. "
    "Nothing of yours is saved: read what is on record now, and decide"
)
navigation.add_case(
    CaseGroup.TREATMENT,
    45,
    "Standing",
    "probation.standing",
    Purpose.SUPERVISION,
    section=(
        "probation.decide",
        "probation.explanation",
        "probation.explanation_take_back",
        "probation.warning_new",
        "probation.warning_withdraw",
        "probation.cover_one",
        "probation.enforcement",
        "probation.enforcement_take_back",
        "probation.papers",
        "probation.papers_new",
        "probation.papers_version",
        "probation.report_one",
        "probation.report_one_release",
        "probation.released",
        "probation.release_again",
    ),
    roles=SUPERVISES,
)


@bp.get("/cases/<uuid:case_ref>/standing")
@only(*SUPERVISES)
def standing(case_ref: uuid.UUID) -> str:
    """Where each of his orders stands, step by step, and the absences to decide."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    held = facts_of(case.id)
    shows("order", *(one.held.order.id for one in held), case_id=case.id)
    shows("decision", *(row.id for row in decisions_of([case.id])), case_id=case.id)
    warnings, steps = warnings_of(case.id), steps_of(case.id)
    shows("warning", *(row.id for row in warnings), case_id=case.id)
    shows("enforcement", *(row.id for row, _ in steps), case_id=case.id)
    return render_template(
        "probation/standing.html",
        record=record(viewer, case),
        case=case,
        officer=officer_line(case.id, viewer.staff_id),
        orders=[order_stands(one, clock.today()) for one in held],
        absences=absences_of(case.id),
        warnings=[warning_shown(row) for row in warnings],
        done=[step_shown(row, by) for row, by in steps],
        referrals=[one for one in referrals_of([case.id]).get(case.id, ()) if not one.taken_back],
        officers=officers_before(case.id),
        adjustments=adjustments_of(case),
    )


@bp.get("/absences/<uuid:place_ref>")
@only(*SUPERVISES)
def absence_here(place_ref: uuid.UUID) -> Response:
    """To the page of an absence that is known by its session alone, as a task knows it."""
    row = latest(place_ref)
    if row is None:
        raise NotFound
    query = select(Case.ref).where(Case.id == row.case_id)
    case = find_case(current_viewer(), db.session.scalars(query).one(), Purpose.SUPERVISION)
    return redirect(url_for(".decide", case_ref=case.ref, place_ref=place_ref), 303)


@bp.route("/cases/<uuid:case_ref>/absences/<uuid:place_ref>", methods=["GET", "POST"])
@only(*SUPERVISES)
def decide(case_ref: uuid.UUID, place_ref: uuid.UUID) -> Page | Response:
    """Decide of one absence, with everything it rests on before one's eyes."""
    viewer = current_viewer()
    case, row = find_absence(viewer, case_ref, place_ref)
    form = _form(row)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                decision_service.decide(
                    case_id=case.id,
                    subject=place_ref,
                    decision=form.decision(),
                    seen=form.seen(),
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".standing", case_ref=case_ref), "Your decision is recorded.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, place_ref, form)


def _form(row: Attendance) -> DecideForm:
    before = decisions_on(row.subject)
    said = latest_number(explanations_on(row.subject))
    form = DecideForm(version=len(before), record=str(row.number), explanation=str(said))
    form.offer(
        decided=bool(before) and before[-1].opinion is not Opinion.TAKEN_BACK,
        proven=known_of(row, before).notice is Notice.PROVEN,
    )
    return form


def _page(viewer: Viewer, case_ref: uuid.UUID, place_ref: uuid.UUID, form: DecideForm) -> Page:
    case, row = find_absence(viewer, case_ref, place_ref)
    before = decisions_on(place_ref)
    shows("decision", *(one.id for one in before), case_id=case.id)
    said = explanations_on(place_ref)
    shows("explanation", *(one.id for one in said), case_id=case.id)
    form.version.carry(len(before))
    form.record.carry(row.number)
    form.explanation.carry(latest_number(said))
    told = how_told(notices_of(case.id), {row.subject: row.starts_at})[row.subject]
    return form_page(
        "probation/decide.html",
        form=form,
        record=record(viewer, case),
        case=case,
        one=absence(row, told, before[-1] if before else None, said),
        said=said_lines(said, row.on, side=Side.PROBATION),
        officer=officer_line(case.id, viewer.staff_id),
        changed=row.number > 1,
        since=before and before[-1].attendance_id != row.id,
        known=known_of(row, before),
        today=clock.today(),
        tried=tried(place_ref),
        history=history(before),
        orders=[order_stands(one, clock.today()) for one in facts_of(case.id)],
        asked=is_asked(row),
        can_decide=is_to_decide(row.happened, required=True, described=bool(row.described)),
        no_absence=NO_ABSENCE,
    )
