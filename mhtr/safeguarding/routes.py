"""Safeguarding referrals: making one, putting it right, printing it, and what became of it."""

import uuid

from flask import make_response, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.safeguarding import incident_routes as incident_routes  # registers its pages
from mhtr.safeguarding import service
from mhtr.safeguarding.blueprint import bp
from mhtr.safeguarding.forms import CorrectForm, ReferralForm, StepForm, typed_from
from mhtr.safeguarding.kinds import (
    AGREED_WORDS,
    KIND_WORDS,
    KNOWS_WORDS,
    STATE_WORDS,
    STEP_WORDS,
    TITLES,
    State,
    StepKind,
)
from mhtr.safeguarding.models import SafeguardingReferral, SafeguardingVersion
from mhtr.safeguarding.queries import Referral, Written, find_referral, referrals_of
from mhtr.safeguarding.referral_pdf import compile_referral
from mhtr.safeguarding.rules import Said
from mhtr.safeguarding.sheet import Whom
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

BASE = "/cases/<uuid:case_ref>/safeguarding"
MADE = "Recorded. Print it and send it: you are asked to see that it is acknowledged."
navigation.add_case(
    CaseGroup.TREATMENT,
    48,
    "Safety",
    "safeguarding.referrals",
    Purpose.CLINICAL,
    section=(
        "safeguarding.",
        "probation.risks",
        "probation.risk_new",
        "probation.risk_again",
        "probation.risk_take_back",
    ),
    roles=CLINICAL_ROLES,
)


@bp.get(BASE)
@only(*CLINICAL_ROLES)
def referrals(case_ref: uuid.UUID) -> str:
    """The safeguarding referrals made of him, and where each stands."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = referrals_of(case.id)
    shows("safeguarding", *(one.row.id for one in found), case_id=case.id)
    return render_template(
        "safeguarding/referrals.html",
        record=record(viewer, case),
        case=case,
        rows=[{"one": one, "title": _title(one), "state": STATE_WORDS[one.state]} for one in found],
    )


@bp.route(f"{BASE}/new", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def referral_new(case_ref: uuid.UUID) -> Page | Response:
    """Make a referral."""
    viewer, form = current_viewer(), ReferralForm()
    case_id = find_case(viewer, case_ref, Purpose.CLINICAL).id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                row = service.make(case_id=case_id, said=form.said(), by=viewer.staff_id)
                saved.goes_to(_page_of(case_ref, row.ref), MADE)
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "safeguarding/referral_form.html",
        form=form,
        record=record(viewer, case),
        case=case,
        before=None,
        address=_address(case),
    )


@bp.route(f"{BASE}/<uuid:safeguarding_ref>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def referral(case_ref: uuid.UUID, safeguarding_ref: uuid.UUID) -> Page | Response:
    """One referral: what it says, every version, what became of it, and recording that."""
    viewer, form = current_viewer(), StepForm()
    found = _find(case_ref, safeguarding_ref)
    seen = f"{found.newest.row.number}:{len(found.taken)}"
    typed = form.seen.data or ""
    form.offer(found.possible, seen)
    if form.validate_on_submit() and form.on.data:
        try:
            with saving() as saved:
                service.step(
                    case_id=found.row.case_id,
                    ref=safeguarding_ref,
                    kind=StepKind(form.kind.data or ""),
                    on=form.on.data,
                    words=form.words.data,
                    seen=_numbers(typed),
                    by=viewer.staff_id,
                )
                saved.goes_to(_page_of(case_ref, safeguarding_ref), "Recorded.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = find_referral(case.id, safeguarding_ref)
    shows("safeguarding", found.row.id, case_id=case.id)
    return form_page(
        "safeguarding/referral.html",
        form=form,
        record=record(viewer, case),
        case=case,
        found=found,
        title=_title(found),
        state=STATE_WORDS[found.state],
        closed=found.state is State.CLOSED,
        versions=[_version(one) for one in reversed(found.versions)],
        steps=[_step(found, at) for at in reversed(range(len(found.steps)))],
    )


@bp.route(f"{BASE}/<uuid:safeguarding_ref>/correct", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def referral_correct(case_ref: uuid.UUID, safeguarding_ref: uuid.UUID) -> Page | Response:
    """Put a referral right: what was said before stays on record."""
    viewer = current_viewer()
    found = _find(case_ref, safeguarding_ref)
    newest = found.newest.row
    form = CorrectForm(data={**typed_from(newest), "seen": str(newest.number)})
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.correct(
                    case_id=found.row.case_id,
                    ref=safeguarding_ref,
                    said=form.said(),
                    why=form.why.data,
                    seen=int(form.seen.data) if (form.seen.data or "").isdigit() else 0,
                    by=viewer.staff_id,
                )
                saved.goes_to(_page_of(case_ref, safeguarding_ref), "Put right. Send it anew.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = find_referral(case.id, safeguarding_ref)
    return form_page(
        "safeguarding/referral_form.html",
        form=form,
        record=record(viewer, case),
        case=case,
        before=found,
        address=_address(case),
    )


@bp.get(f"{BASE}/<uuid:safeguarding_ref>.pdf")
@only(*CLINICAL_ROLES)
def referral_pdf(case_ref: uuid.UUID, safeguarding_ref: uuid.UUID) -> Response:
    """The newest version as a file, to send."""
    viewer = current_viewer()
    found = _find(case_ref, safeguarding_ref)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    shows("safeguarding", found.row.id, case_id=case.id)
    row, person = found.newest.row, case.person
    whom = Whom(
        name=f"{person.given_name} {person.family_name}".strip(),
        born=person.born,
        address=_address(case),
        service=viewer.organisation_name,
        writer=", ".join(one for one in (found.newest.by, found.newest.job) if one),
        made_on=row.created_at.astimezone(clock.LONDON).date(),
        number=row.number,
    )
    answer = make_response(compile_referral(_said(row), whom))
    answer.headers["Content-Type"] = "application/pdf"
    name = f"safeguarding-referral-{whom.made_on.isoformat()}-{row.number}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/safeguarding/<uuid:safeguarding_ref>")
@only(*CLINICAL_ROLES)
def here(safeguarding_ref: uuid.UUID) -> Response:
    """The page of a referral that a task is about."""
    query = select(SafeguardingReferral).where(SafeguardingReferral.ref == safeguarding_ref)
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    case_ref = db.session.get_one(Case, row.case_id).ref
    find_case(current_viewer(), case_ref, Purpose.CLINICAL)
    return redirect(_page_of(case_ref, safeguarding_ref), 303)


def _find(case_ref: uuid.UUID, ref: uuid.UUID) -> Referral:
    case = find_case(current_viewer(), case_ref, Purpose.CLINICAL)
    return find_referral(case.id, ref)


def _page_of(case_ref: uuid.UUID, ref: uuid.UUID) -> str:
    return url_for(".referral", case_ref=case_ref, safeguarding_ref=ref)


def _title(found: Referral) -> str:
    return TITLES[found.newest.row.kind]


def _address(case: Case) -> str:
    person = case.person
    if person.no_fixed_abode:
        return "No fixed abode"
    return ", ".join(part for part in (person.address, person.postcode) if part)


def _numbers(seen: str) -> tuple[int, int]:
    """The version and the steps that a page showed; nothing that holds where it is spoilt."""
    first, _, second = seen.partition(":")
    return (int(first), int(second)) if first.isdigit() and second.isdigit() else (0, 0)


def _said(row: SafeguardingVersion) -> Said:
    return Said(
        kind=row.kind,
        authority=row.authority,
        sent_how=row.sent_how,
        about=row.about,
        concern=row.concern,
        done=row.done,
        agreed=row.agreed,
        override_why=row.override_why or "",
        knows=row.knows,
        not_told_why=row.not_told_why or "",
    )


def _version(one: Written) -> dict[str, object]:
    row = one.row
    facts = [
        ("Who is at risk", KIND_WORDS[row.kind]),
        ("Who it is", row.about),
        ("Local authority", row.authority),
        ("How it goes there", row.sent_how),
        ("The concern", row.concern),
        ("What was done", row.done),
        ("Agreement", AGREED_WORDS[row.agreed]),
        ("Why without agreement", row.override_why),
        ("Does he know?", KNOWS_WORDS[row.knows]),
        ("Why he was not told", row.not_told_why),
        ("Why it was put right", row.why),
    ]
    return {
        "number": row.number,
        "at": row.created_at,
        "by": one.by,
        "facts": [{"key": key, "value": value} for key, value in facts if value],
    }


def _step(found: Referral, at: int) -> dict[str, object]:
    one = found.steps[at]
    return {
        "when_iso": one.row.on.isoformat(),
        "on": one.row.on,
        "title": STEP_WORDS[one.row.kind],
        "text": one.row.words,
        "kind": f"Version {one.row.version}",
        "by": f"Recorded by {one.by}",
    }
