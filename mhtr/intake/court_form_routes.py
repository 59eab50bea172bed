"""Recording one thing about the court case: its stage, the next hearing, what stops it."""

import uuid
from collections.abc import Callable

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import hearings, rules
from mhtr.cases.facts import StageOfCase
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.cases.record import record
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.intake import court_case, filing_form
from mhtr.intake.court_case import Ending
from mhtr.intake.court_forms import (
    EndingForm,
    HearingForm,
    StageForm,
    VersionForm,
)
from mhtr.intake.court_routes import PURPOSES, ROLES, refused
from mhtr.intake.draft_routes import Answer
from mhtr.intake.other_trust import GoesElsewhere
from mhtr.intake.routes import bp
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.web.both_versions import both_versions
from mhtr.web.gate import only
from mhtr.web.submission import saving

TITLES = {
    "stage": "Stage of the case",
    "date": "The next hearing",
    "ending": "Pause or close the case",
}

MEANWHILE = "Somebody changed this case meanwhile. Nothing of yours is recorded yet."


def _form(what: str, case: Case, **formdata: None) -> VersionForm:
    """The form as it was sent, or as the record fills it in (always so with `formdata=None`)."""
    version = str(case.version)
    if what == "stage":
        return StageForm(**formdata, data={"version": version, "stage": case.stage})
    if what == "ending":
        # Nothing is chosen beforehand.
        ended = {"ending": _ended(case)} if formdata else {}
        return EndingForm(**formdata, data={"version": version, **ended})
    now = hearings.current(case.id)
    form = HearingForm(
        **formdata,
        data={
            "version": version,
            "court": case.court_code,
            "hearing_on": now.on if now else None,
            "purpose": now.purpose if now else "",
            "psr_kind": now.psr_kind if now else "",
        },
    )
    form.offer()
    form.before = now.on if now else None
    filing_form.take_out_unless_due(form, case)
    return form


def _ended(case: Case) -> str | None:
    """How the case stands stopped now, in the words of the form."""
    standing = rules.fold(facts_of(case.id), clock.today())
    return standing.paused or standing.closed_reason


def _form_page(viewer: Viewer, case_ref: uuid.UUID, what: str, form: VersionForm) -> str:
    case = find_case(viewer, case_ref, *PURPOSES)
    stale = form.is_submitted() and form.seen() != case.version
    form.version.carry(case.version)
    return render_template(
        "intake/court_form.html",
        record=record(viewer, case),
        case=case,
        what=what,
        title=TITLES[what],
        form=form,
        differences=both_versions(_form(what, case, formdata=None), form) if stale else (),
        refused=() if form.errors else refused(case).get(what, ()),
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
            to_trust=form.other_trust.ticked,
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
    except GoesElsewhere as asked:
        if isinstance(form, HearingForm):
            form.other_trust.ask(asked)
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    except Stale:
        form.refuse(MEANWHILE)
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
