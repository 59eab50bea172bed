"""His plan for later and the letters about his treatment, for who treats him."""

import uuid

from flask import Response, make_response, render_template, url_for
from werkzeug.wrappers import Response as Answer

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import Refused, Stale
from mhtr.discharge import copy_routes, follow, letter_routes, page, plan_service, queries
from mhtr.discharge.blueprint import bp
from mhtr.discharge.forms import PlanForm
from mhtr.discharge.models import LaterPlan
from mhtr.discharge.pdf import compile_plan, plan_sheet
from mhtr.discharge.rules import PLAN_HEADINGS
from mhtr.discharge.treatment_facts import course_of, facts_of
from mhtr.intake import onward_queries
from mhtr.intake.onward_rules import ONWARD_WORDS
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

__all__ = ["bp", "copy_routes", "follow", "letter_routes"]

MEANWHILE = (
    "Another version of his plan was kept while you had this page. Nothing of yours is saved: "
    "read what it says now, and send again"
)
navigation.add_case(
    CaseGroup.TREATMENT,
    65,
    "Letters",
    "discharge.letters",
    Purpose.CLINICAL,
    section=("discharge.",),
    roles=CLINICAL_ROLES,
)


@bp.get("/cases/<uuid:case_ref>/letters")
@only(*CLINICAL_ROLES)
def letters(case_ref: uuid.UUID) -> str:
    """His plan for later, every letter with its copies, and where he was referred."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    plans, course = queries.plans_of(case.id), course_of(case.id)
    shows("later_plan", *(one.id for one in plans), case_id=case.id)
    shows("case_letter", *(one.id for one in queries.letters_of(case.id)))
    onward = onward_queries.of_case(case.id)
    return render_template(
        "discharge/letters.html",
        record=record(viewer, case),
        case=case,
        plan=queries.said_of(plans[-1]) if plans else None,
        plans=[page.plan_line(one) for one in reversed(plans)],
        headings=PLAN_HEADINGS,
        letters=page.letter_lines(case, facts_of(case, course) if course else None),
        begins=page.may_begin(case.id) if course else [],
        has_course=course is not None,
        lacks_summary=course is not None and page.lacks_summary(case.id, course),
        onward=[(one, onward_queries.service_label(one)) for one in onward],
        onward_words=ONWARD_WORDS,
    )


@bp.route("/cases/<uuid:case_ref>/plan-for-later", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def plan(case_ref: uuid.UUID) -> Page | Answer:
    """Write his plan for later with him, or change it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    case_id, before = case.id, queries.plan_now(case.id)
    words = before.words if before is not None else {}
    form = PlanForm(version=before.number if before else 0, data=words)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                plan_service.write(
                    case_id=case_id,
                    plan=form.said(),
                    way=form.said_way,
                    seen=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".letters", case_ref=case_ref), "His plan is kept.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _plan_page(viewer, case_ref, form)


def _plan_page(viewer: Viewer, case_ref: uuid.UUID, form: PlanForm) -> Page:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    now = queries.plan_now(case.id)
    stale = form.version.data not in ("", str(now.number if now else 0))
    form.version.carry(now.number if now else 0)
    if now is not None:
        shows("later_plan", now.id, case_id=case.id)
    return form_page(
        "discharge/plan.html",
        form=form,
        record=record(viewer, case),
        case=case,
        now=queries.said_of(now) if now is not None and stale else None,
        headings=PLAN_HEADINGS,
    )


def _find(case_ref: uuid.UUID, plan_ref: uuid.UUID) -> tuple[Case, LaterPlan]:
    case = find_case(current_viewer(), case_ref, Purpose.CLINICAL)
    row = queries.find_plan(case.id, plan_ref)
    shows("later_plan", row.id, case_id=case.id)
    return case, row


@bp.get("/cases/<uuid:case_ref>/plan-for-later/<uuid:plan_ref>")
@only(*CLINICAL_ROLES)
def plan_version(case_ref: uuid.UUID, plan_ref: uuid.UUID) -> str:
    """One version of his plan, as he gets it."""
    case, row = _find(case_ref, plan_ref)
    newest = queries.plan_now(case.id)
    return render_template(
        "discharge/plan_version.html",
        record=record(current_viewer(), case),
        case=case,
        row=page.plan_line(row),
        view=plan_sheet(case, row),
        newer=newest if newest is not None and newest.id != row.id else None,
    )


@bp.get("/cases/<uuid:case_ref>/plan-for-later/<uuid:plan_ref>.pdf")
@only(*CLINICAL_ROLES)
def plan_pdf(case_ref: uuid.UUID, plan_ref: uuid.UUID) -> Response:
    """One version of his plan as a file to print for him."""
    case, row = _find(case_ref, plan_ref)
    answer = make_response(compile_plan(case, row))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="plan-v{row.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
