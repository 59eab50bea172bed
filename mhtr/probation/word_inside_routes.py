"""What probation told of a man, as the service reads it, and what it does with it."""

import uuid
from collections.abc import Callable

from flask import current_app, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.cases import flag_owners
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.people.rules import accepts
from mhtr.people.sections import Section
from mhtr.people.values import mark, values_of
from mhtr.probation import word_acts, word_service, word_tasks
from mhtr.probation.blueprint import bp
from mhtr.probation.word_acts import Warn
from mhtr.probation.word_forms import (
    REVIEW_IN,
    AddressForm,
    BarForm,
    BlockForm,
    NothingForm,
    WarnForm,
)
from mhtr.probation.word_page import for_service
from mhtr.probation.word_queries import Word, word_of, words_of
from mhtr.probation.word_routes import INSIDE
from mhtr.probation.word_rules import CLINICAL, Subject
from mhtr.web import navigation
from mhtr.web.forms import Form, OneOfSeveral, Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.availability.breaking import WouldBreak
from sessions.availability.kinds import CannotReason
from sessions.availability.scope import sites_of
from sessions.availability.weighing import WeighedForm, rows_for

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
MEANWHILE = "Something was done with it meanwhile. Nothing of yours is saved: read it again"
navigation.add_case(
    CaseGroup.TREATMENT,
    60,
    "Probation",
    "probation.words_inside",
    *PURPOSES,
    section=("probation.word",),
    roles=INSIDE,
)


class ReceivedForm(OneOfSeveral):
    """The service has it."""


class LookedForm(OneOfSeveral):
    """What was made of it was looked at."""


@bp.get("/cases/<uuid:case_ref>/from-probation")
@only(*INSIDE)
def words_inside(case_ref: uuid.UUID) -> str:
    """Everything that probation told of a man, what waits first."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    found = words_of(case.id)
    shows("word", *(one.row.id for one in found), case_id=case.id)
    clinician = Purpose.CLINICAL in purposes_held(viewer, case)
    return render_template(
        "probation/words_inside.html",
        record=record(viewer, case),
        case=case,
        rows=[for_service(one, clinician=clinician) for one in found],
    )


@bp.route("/cases/<uuid:case_ref>/from-probation/<uuid:word_ref>", methods=["GET", "POST"])
@only(*INSIDE)
def word(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Page | Response:
    """One thing that probation told: received, acted on with its words, or nothing to change."""
    viewer = current_viewer()
    case, found = _find(viewer, case_ref, word_ref)
    form, act = _act(viewer, case, found)
    back = url_for(".words_inside", case_ref=case_ref)
    if act is not None and form.validate_on_submit():
        try:
            with saving() as saved:
                act()
                saved.goes_to(back, "Done, and probation is told that it was seen to.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except WouldBreak as breaks:
            if isinstance(form, WeighedForm):
                form.ask(breaks)
        except Refused as refused:
            form.refuse_all(refused)
    elif act is None and form.is_submitted():
        form.refuse(MEANWHILE)
    return _page(viewer, case_ref, word_ref, form)


@bp.post("/cases/<uuid:case_ref>/from-probation/<uuid:word_ref>/received")
@only(*INSIDE)
def word_received(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Response:
    """Say that the service has it."""
    viewer = current_viewer()
    case_id = _find(viewer, case_ref, word_ref)[0].id
    with saving() as saved:
        word_service.receive(case_id=case_id, ref=word_ref, by=viewer.staff_id)
        here = url_for(".word", case_ref=case_ref, word_ref=word_ref)
        saved.goes_to(here, "Probation is told that it was received.")
    return saved.redirect()


@bp.post("/cases/<uuid:case_ref>/from-probation/<uuid:word_ref>/looked")
@only(*INSIDE)
def word_looked(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Response:
    """Say that what was made of something that was taken back was looked at."""
    viewer = current_viewer()
    case_id = _find(viewer, case_ref, word_ref)[0].id
    with saving() as saved:
        word_service.looked(case_id=case_id, ref=word_ref, by=viewer.staff_id)
        saved.goes_to(url_for(".words_inside", case_ref=case_ref), "Recorded.")
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/from-probation/<uuid:word_ref>/nothing", methods=["GET", "POST"])
@only(*INSIDE)
def word_nothing(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Page | Response:
    """Say that nothing is changed by it, and why."""
    viewer = current_viewer()
    case, _ = _find(viewer, case_ref, word_ref)
    case_id, form = case.id, NothingForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                word_service.nothing(
                    case_id=case_id, ref=word_ref, why=form.why.data, by=viewer.staff_id
                )
                saved.goes_to(url_for(".words_inside", case_ref=case_ref), "Recorded.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    case, found = _find(viewer, case_ref, word_ref)
    return form_page(
        "probation/word_nothing.html",
        form=form,
        record=record(viewer, case),
        case=case,
        one=for_service(found, clinician=_is_clinical(viewer, case)),
        may_act=_may_act(viewer, case, found),
    )


def _find(viewer: Viewer, case_ref: uuid.UUID, word_ref: uuid.UUID) -> tuple[Case, Word]:
    case = find_case(viewer, case_ref, *PURPOSES)
    found = word_of(case.id, word_ref)
    if found is None:
        raise NotFound
    shows("word", found.row.id, case_id=case.id)
    return case, found


def _is_clinical(viewer: Viewer, case: Case) -> bool:
    return Purpose.CLINICAL in purposes_held(viewer, case)


def _may_act(viewer: Viewer, case: Case, found: Word) -> bool:
    return found.row.subject not in CLINICAL or _is_clinical(viewer, case)


def _act(viewer: Viewer, case: Case, found: Word) -> tuple[Form, Callable[[], None] | None]:
    """The form that takes over what probation said, and what it does; None: nothing to do."""
    makes = {
        Subject.KEEP_AWAY: _bar,
        Subject.REQUIREMENT: _block,
        Subject.ADDRESS: _move,
    }.get(found.row.subject, _warn)
    form, act = makes(viewer, case, found)
    return form, act if found.is_open and _may_act(viewer, case, found) else None


def _warn(viewer: Viewer, case: Case, found: Word) -> tuple[Form, Callable[[], None]]:
    owners = flag_owners.may_own(case.person_id)
    row, case_id, by = found.row, case.id, viewer.staff_id
    first = owners.get(by) or owners.get(case.assessor_id or 0) or next(iter(owners.values()), None)
    form = WarnForm(
        version=0,
        fact=(row.fact or "")[:160],
        reason=row.why or "",
        owner=str(first.ref) if first else "",
        review_on=clock.today() + REVIEW_IN,
    )
    form.ask(row.subject, owners.values(), clinician=_is_clinical(viewer, case))
    ids = {str(one.ref): one.id for one in owners.values()}

    def act() -> None:
        said = Warn(
            fact=form.fact.data,
            reason=form.reason.data if "reason" in form else "",
            owner_staff_id=ids[form.owner.data or ""],
            review_on=form.review_on.data or clock.today(),
        )
        word_acts.warn(case_id=case_id, ref=row.ref, said=said, by=by)

    return form, act


def _bar(viewer: Viewer, case: Case, found: Word) -> tuple[Form, Callable[[], None]]:
    sites, form = sites_of(trust_of(viewer)), BarForm(version=0)
    form.offers(sites)
    ids, case_id, ref, by = (
        {str(s.ref): s.id for s in sites},
        case.id,
        found.row.ref,
        viewer.staff_id,
    )

    def act() -> None:
        word_acts.bar(
            case_id=case_id,
            ref=ref,
            site_id=ids[form.site.data or ""],
            accepted=form.accepted(),
            by=by,
        )

    return form, act


def _block(viewer: Viewer, case: Case, found: Word) -> tuple[Form, Callable[[], None]]:
    form, case_id, ref, by = BlockForm(version=0), case.id, found.row.ref, viewer.staff_id

    def act() -> None:
        word_acts.block(
            case_id=case_id,
            ref=ref,
            reason=CannotReason(form.reason.data or ""),
            accepted=form.accepted(),
            by=by,
        )

    return form, act


def _move(viewer: Viewer, case: Case, found: Word) -> tuple[Form, Callable[[], None]]:
    row, case_id, by = found.row, case.id, viewer.staff_id
    form = AddressForm(
        version=0,
        address=row.fact or "",
        postcode=row.postcode,
        seen=mark(values_of(case.person, Section.ADDRESS)),
    )

    def act() -> None:
        word_acts.move_house(
            case_id=case_id,
            ref=row.ref,
            address=form.address.data,
            postcode=form.postcode.data,
            seen=form.seen.data,
            settings=accepts(current_app.config),
            by=by,
        )

    return form, act


def _page(viewer: Viewer, case_ref: uuid.UUID, word_ref: uuid.UUID, form: Form) -> Page:
    case, found = _find(viewer, case_ref, word_ref)
    return form_page(
        "probation/word.html",
        form=form,
        record=record(viewer, case),
        case=case,
        one=for_service(found, clinician=_is_clinical(viewer, case)),
        may_act=_may_act(viewer, case, found),
        subject=found.row.subject,
        broken=rows_for(viewer, form) if isinstance(form, WeighedForm) else [],
        received=ReceivedForm(None),
        looked=LookedForm(None),
        look_again=word_tasks.to_look_at(found.row) is not None,
        address=case.person.address if found.row.subject is Subject.ADDRESS else "",
    )
