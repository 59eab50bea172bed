"""Stage and hearing of one case: what is known, what was superseded, what happens next."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import hearings, rules
from mhtr.cases.facts import CaseState, CloseReason, FactKind, StageOfCase
from mhtr.cases.models import Case, Hearing
from mhtr.cases.queries import find_case, in_scope
from mhtr.cases.record import record
from mhtr.cases.service import facts_of
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.intake import (
    chasing,
    court_case,
    filing_form,
    reopening,
    transfer,  # noqa: F401 (listens to court dates)
)
from mhtr.intake.court_case import Ending
from mhtr.intake.court_forms import (
    REASONS,
    AskAgainForm,
    EndingForm,
    HearingForm,
    ReopenForm,
    StageForm,
    VersionForm,
)
from mhtr.intake.draft_routes import Answer
from mhtr.intake.queries import place_label
from mhtr.intake.referral_values import WORDS, HearingPurpose, PsrKind
from mhtr.intake.routes import bp
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

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

TITLES = {
    "stage": "Stage of the case",
    "date": "The next hearing",
    "ending": "Pause or close the case",
}


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
        refused=_refused(case),
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
        refused.version.raw_data, refused.version.data = None, str(case.version)
        return refused
    form.form_errors.extend(refused.form_errors)
    return form


def _refused(case: Case) -> dict[str, tuple[str, ...]]:
    """Which of the three forms would be refused now, each with the rules' reasons."""
    facts, today = facts_of(case.id), clock.today()
    closing = {"reason": CloseReason.ACQUITTED.value}
    found = {
        "stage": rules.can(FactKind.STAGE_RECORDED, facts, today),
        "date": rules.can(FactKind.HEARING_SET, facts, today),
        "ending": rules.can(FactKind.CLOSED, facts, today, detail=closing),
    }
    return {what: one.reasons for what, one in found.items() if not one.allowed}


def _form(what: str, case: Case) -> VersionForm:
    version = str(case.version)
    if what == "stage":
        return StageForm(data={"version": version, "stage": case.stage})
    if what == "ending":
        return EndingForm(data={"version": version})
    now = hearings.current(case.id)
    form = HearingForm(
        data={
            "version": version,
            "court": case.court_code,
            "hearing_on": now.on if now else None,
            "purpose": now.purpose if now else "",
            "psr_kind": now.psr_kind if now else "",
        }
    )
    form.offer()
    form.before = now.on if now else None
    filing_form.take_out_unless_due(form, case)
    return form


def _form_page(viewer: Viewer, case_ref: uuid.UUID, what: str, form: VersionForm) -> str:
    case = find_case(viewer, case_ref, *PURPOSES)
    return render_template(
        "intake/court_form.html",
        record=record(viewer, case),
        case=case,
        what=what,
        title=TITLES[what],
        form=form,
        refused=() if form.errors else _refused(case).get(what, ()),
    )


@bp.get("/cases/<uuid:case_ref>/hearing/<any(stage,date,ending):what>")
@only(*ROLES)
def court_form(case_ref: uuid.UUID, what: str) -> str:
    """One thing to record about the court case."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    return _form_page(viewer, case_ref, what, _form(what, case))


@bp.post("/cases/<uuid:case_ref>/hearing/<any(stage,date,ending):what>")
@only(*ROLES)
def record_court(case_ref: uuid.UUID, what: str) -> Answer:
    """Record it, and tell those concerned."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = _form(what, case)
    if not (form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH)):
        return _form_page(viewer, case_ref, what, form), 422
    case_id = case.id
    answer = _saved(form, case_ref, lambda: _record(form, case_id, viewer.staff_id))
    return answer or (_form_page(viewer, case_ref, what, form), 409)


def _record(form: VersionForm, case_id: int, by: int) -> None:
    if isinstance(form, StageForm):
        court_case.record_stage(
            case_id=case_id,
            version=form.seen(),
            stage=StageOfCase(str(form.stage.data)),
            convicted_on=form.convicted_on.data,
            by=by,
        )
    elif isinstance(form, HearingForm):
        court_case.record_hearing(
            case_id=case_id,
            version=form.seen(),
            court=form.court.data or "",
            on=form.hearing_on.data,
            purpose=form.purpose.data or "",
            psr_kind=form.psr_kind.data or "",
            reason=form.reason.data or "",
            by=by,
            filing=filing_form.filing_of(form),
        )
    elif isinstance(form, EndingForm):
        court_case.end(
            case_id=case_id, version=form.seen(), ending=Ending(str(form.ending.data)), by=by
        )


def _saved(form: VersionForm, case_ref: uuid.UUID, save: Callable[[], None]) -> Response | None:
    try:
        with saving() as saved:
            save()
            saved.goes_to(*_after(case_ref))
        return saved.redirect()
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    except Stale:
        form.refuse("Somebody changed this case meanwhile. Go back, look again, then record it.")
    return None


def _after(case_ref: uuid.UUID) -> tuple[str, str]:
    """The hearing's page, unless recording it took the case to another trust."""
    db.session.flush()
    still = select(Case.id).where(Case.ref == case_ref, in_scope(current_viewer(), *PURPOSES))
    if db.session.scalars(still).first() is None:
        return url_for("overview.today"), "It is recorded. Another trust has the case from now on."
    return (
        url_for("intake.hearing", case_ref=case_ref),
        "It is recorded, and those concerned are told",
    )
