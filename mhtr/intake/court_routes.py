"""Stage and hearing of one case: what is known, what was superseded, what happens next."""

import uuid
from datetime import date
from typing import Any

from flask import render_template
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.cases import hearings, rules
from mhtr.cases.facts import CaseState, CloseReason, FactKind
from mhtr.cases.models import Case, Hearing
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.service import facts_of
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.intake import chasing, reopening
from mhtr.intake.court_forms import (
    REASONS,
    AskAgainForm,
    ReopenForm,
    VersionForm,
)
from mhtr.intake.queries import place_label
from mhtr.intake.referral_values import WORDS, HearingPurpose, PsrKind
from mhtr.intake.routes import bp
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup

PURPOSES = (
    Purpose.CLINICAL,
    Purpose.ADMINISTRATION,
    Purpose.REFERRAL,
    Purpose.PRE_SENTENCE,
    Purpose.PROBATION_REFERRAL,
)
ROLES = (
    Role.LD_PRACTITIONER,
    Role.ASSESSOR,
    Role.CLINICAL_LEAD,
    Role.DUTY_CLINICIAN,
    Role.ADMINISTRATOR,
    Role.COURT_PROBATION,
    Role.PROBATION,
    Role.SENIOR_PROBATION,
)

navigation.add_case(CaseGroup.COURT, 10, "Hearing", "intake.hearing", *PURPOSES)


def _history(case_id: int, sentenced_on: date | None) -> list[dict[str, str]]:
    rows = db.session.scalars(
        select(Hearing).where(Hearing.case_id == case_id).order_by(Hearing.id.desc())
    )
    reasons = dict(REASONS)
    return [
        {
            "change": row.change.value.capitalize(),
            "on": f"{row.on:%-d %B %Y}" if row.on else "No date yet",
            "court": place_label(row.court_code),
            "reason": reasons.get(row.reason, ""),
            "state": _state_words(row, sentenced_on),
        }
        for row in rows
    ]


def _state_words(row: Hearing, sentenced_on: date | None) -> str:
    if row.superseded_at:
        return "Superseded"
    if sentenced_on is None:
        return "Counts now"
    return "Superseded: sentenced before" if row.on and row.on > sentenced_on else "The last one"


@bp.get("/cases/<uuid:case_ref>/hearing")
@only(*ROLES)
def hearing(case_ref: uuid.UUID) -> str:
    """What is known of the court case."""
    return hearing_page(current_viewer(), case_ref)


def hearing_page(viewer: Viewer, case_ref: uuid.UUID, form: VersionForm | None = None) -> str:
    """The page, with the form for going on as it was refused, or a fresh one."""
    case = find_case(viewer, case_ref, *PURPOSES)
    now, banner = hearings.current(case.id), record(viewer, case)
    sentenced_on = banner.standing.sentenced_on
    heard = {"key": "Next hearing", "value": f"{now.on:%-d %B %Y}" if now and now.on else ""}
    if sentenced_on:
        heard = {"key": "Sentenced on", "value": f"{sentenced_on:%-d %B %Y}"}
    rows = [
        {"key": "Stage of the case", "value": WORDS[case.stage] if case.stage else ""},
        {"key": "Court", "value": place_label(case.court_code) if case.court_code else ""},
        heard,
        {
            "key": "Hearing is for",
            "value": WORDS[HearingPurpose(now.purpose)] if now and now.purpose else "",
        },
        {
            "key": "Pre-sentence report",
            "value": WORDS[PsrKind(now.psr_kind)] if now and now.psr_kind else "",
        },
    ]
    return render_template(
        "intake/hearing.html",
        record=banner,
        case=case,
        rows=rows,
        missing=chasing.missing(case) if case.state in BEFORE_SENTENCE else (),
        history=_history(case.id, sentenced_on),
        refused=refused(case),
        form=_going_on(viewer, case, form),
        closed=case.state is CaseState.CLOSED,
        declined=banner.standing.closed_reason is CloseReason.DECLINED_BY_SERVICE,
        reopens=reopening.may(case.id, viewer.staff_id),
        asks=reopening.asked_again(case.id),
        reopenings=reopening.reopenings(case.id),
    )


def _going_on(viewer: Viewer, case: Case, refused: VersionForm | None) -> VersionForm:
    """Resuming needs no words, reopening a reason; whoever may not reopen may ask."""
    given: dict[str, Any] = {"data": {"version": str(case.version)}}
    if refused is not None:
        given["formdata"] = None  # What was sent belongs to the form that was refused.
    form = VersionForm(**given)
    if case.state is CaseState.CLOSED and reopening.may(case.id, viewer.staff_id).allowed:
        form = ReopenForm(**given)
    elif case.state is CaseState.CLOSED:
        form = AskAgainForm(**given)
        form.offer(case.stage)
    if refused is None:
        return form
    if type(refused) is type(form):
        refused.version.carry(case.version)
        return refused
    form.form_errors.extend(refused.form_errors)
    return form


def refused(case: Case) -> dict[str, tuple[str, ...]]:
    """Which of the three forms would be refused now, each with the rules' reasons."""
    facts, today = facts_of(case.id), clock.today()
    closing = {"reason": CloseReason.ACQUITTED.value}
    found = {
        "stage": rules.can(FactKind.STAGE_RECORDED, facts, today),
        "date": rules.can(FactKind.HEARING_SET, facts, today),
        "ending": rules.can(FactKind.CLOSED, facts, today, detail=closing),
    }
    return {what: one.reasons for what, one in found.items() if not one.allowed}
