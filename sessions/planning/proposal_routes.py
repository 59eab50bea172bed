"""Proposals for the caseload: asked for, watched, cancelled, looked at, booked and taken back."""

import uuid
from collections.abc import Callable, Sequence

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.availability.keeping import KEEPERS
from sessions.availability.queries import clinicians_open, rooms_open
from sessions.blueprint import bp
from sessions.booking.tokens import refs_of
from sessions.planning import applying, proposal_service
from sessions.planning.ask_rules import Ask
from sessions.planning.kinds import ProposalKind, ProposalState
from sessions.planning.models import Proposal
from sessions.planning.proposal_forms import (
    KIND_WORDS,
    SECONDS,
    ApplyForm,
    ProposalForm,
    StopForm,
    UndoForm,
)
from sessions.planning.proposal_page import (
    ANSWERED,
    STATE_WORDS,
    UNDER_WAY,
    Review,
    review,
    rows_of,
)
from sessions.planning.proposal_queries import find_proposal, proposals_of

LOOK_AGAIN = "3"
"""Seconds until the page of one that is being worked out is loaded again."""

navigation.add_under(
    navigation.CALENDAR,
    25,
    "Plan",
    "sessions.proposals",
    *KEEPERS,
    section=("sessions.proposal",),
)


@bp.get("/proposals")
@only(*KEEPERS)
def proposals() -> str:
    """What the planner was asked for the trust's men, and what it can be asked."""
    viewer = current_viewer()
    return render_template(
        "sessions/proposals.html", rows=rows_of(proposals_of(viewer)), kinds=KIND_WORDS
    )


@bp.route("/proposals/new/<any(away,waiting,room,joins):what>", methods=["GET", "POST"])
@only(*KEEPERS)
def proposal_new(what: str) -> Page | Response:
    """Ask the planner one of four questions."""
    viewer, asked = current_viewer(), ProposalKind(what)
    organisation_id = trust_of(viewer)
    form = ProposalForm(asked, first=clock.today(), seconds=SECONDS)
    staff, rooms = _choices(form, organisation_id)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = proposal_service.ask_for(
                    organisation_id=organisation_id,
                    ask=_ask(form, asked, staff, rooms),
                    seconds=form.seconds.data or 0,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".proposal", proposal_ref=made.ref))
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return form_page("sessions/proposal_new.html", form=form, kind=asked, title=KIND_WORDS[asked])


def _choices(
    form: ProposalForm, organisation_id: int
) -> tuple[dict[str, int], dict[str, tuple[int, int | None]]]:
    """Therapists, and rooms and whole places, of the trust by reference."""
    today = clock.today()
    staff: dict[str, int] = {}
    rooms: dict[str, tuple[int, int | None]] = {}
    if "clinician" in form:
        clinicians = clinicians_open(organisation_id, today, today)
        refs = refs_of(clinicians, ())
        staff = {str(refs.staff[key]): key for key in clinicians}
        names = [(ref, clinicians[key].name) for ref, key in staff.items()]
        form.clinician.set_choices(names)
    if "room" in form:
        found = rooms_open(organisation_id, today, today)
        refs = refs_of((), found)
        choices = []
        for key, room in found.items():
            whole = f"place-{refs.rooms[key]}"
            if room.site_id not in {site for site, one in rooms.values() if one is None}:
                rooms[whole] = (room.site_id, None)
                choices.append((whole, f"{room.site_name}, every room"))
            rooms[str(refs.rooms[key])] = (room.site_id, key)
            choices.append((str(refs.rooms[key]), f"{room.name} at {room.site_name}"))
        form.room.set_choices(choices)
    return staff, rooms


def _ask(
    form: ProposalForm,
    kind: ProposalKind,
    staff: dict[str, int],
    rooms: dict[str, tuple[int, int | None]],
) -> Ask:
    site_id, room_id = rooms[form.room.data or ""] if "room" in form else (None, None)
    days = "first" in form
    return Ask(
        kind,
        staff_id=staff[form.clinician.data or ""] if "clinician" in form else None,
        site_id=site_id,
        room_id=room_id,
        first=form.first.data if days else None,
        last=form.last.data if days else None,
    )


@bp.get("/proposals/<uuid:proposal_ref>")
@only(*KEEPERS)
def proposal(proposal_ref: uuid.UUID) -> str | Response:
    """One proposal: how far it is, or what it says."""
    viewer = current_viewer()
    found = find_proposal(viewer, proposal_ref)
    if found.state in ANSWERED:
        shown = review(viewer, found)
        apply, undo = _forms(shown)
        apply.parts.data = list(apply.parts.values()) if found.state is ProposalState.READY else []
        return _reviewed(found, shown, apply, undo)
    page = render_template(
        "sessions/proposal_progress.html",
        found=found,
        row=rows_of([found])[0],
        under_way=found.state in UNDER_WAY,
        form=StopForm(formdata=None),
    )
    answer = make_response(page)
    if found.state in UNDER_WAY:
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer


def _forms(
    shown: Review, *, sent: type[ApplyForm | UndoForm] | None = None
) -> tuple[ApplyForm, UndoForm]:
    """The two forms of the page; the one that was sent reads what was sent."""
    apply = ApplyForm() if sent is ApplyForm else ApplyForm(formdata=None)
    undo = UndoForm() if sent is UndoForm else UndoForm(formdata=None)
    apply.parts.set_choices(
        [(str(row.part.ref), row.case.person.name) for row in shown.parts if not row.applied]
    )
    undo.applied.set_choices(
        [(str(row.part.ref), row.case.person.name) for row in shown.parts if row.applied]
    )
    return apply, undo


def _reviewed(found: Proposal, shown: Review, apply: ApplyForm, undo: UndoForm) -> str:
    for part in shown.parts:
        shows("case", part.case.id)
    for left in shown.left:
        shows("case", left.case.id)
    return render_template(
        "sessions/proposal.html",
        found=found,
        row=rows_of([found])[0],
        shown=shown,
        apply=apply,
        undo=undo,
        form=apply if apply.errors else undo,
        states=STATE_WORDS,
    )


@bp.post("/proposals/<uuid:proposal_ref>/stop")
@only(*KEEPERS)
def proposal_stop(proposal_ref: uuid.UUID) -> Response:
    """Cancel what is being worked out."""
    viewer, form = current_viewer(), StopForm()
    found = find_proposal(viewer, proposal_ref)
    here, key = url_for(".proposal", proposal_ref=proposal_ref), found.id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                proposal_service.stop(proposal_id=key, by=viewer.staff_id)
                saved.goes_to(here)
            return saved.redirect()
        except Refused as refused:
            flash(" ".join(refused.reasons), "warning")
    return redirect(here, 303)


@bp.post("/proposals/<uuid:proposal_ref>/apply")
@only(*KEEPERS)
def proposal_apply(proposal_ref: uuid.UUID) -> Page | Response:
    """Book what is proposed for the men who are ticked, each by himself."""
    return _decided(current_viewer(), proposal_ref, ApplyForm)


@bp.post("/proposals/<uuid:proposal_ref>/undo")
@only(*KEEPERS)
def proposal_undo(proposal_ref: uuid.UUID) -> Page | Response:
    """Take back what was booked for the men who are ticked, each by himself."""
    return _decided(current_viewer(), proposal_ref, UndoForm)


def _decided(
    viewer: Viewer, proposal_ref: uuid.UUID, sent: type[ApplyForm | UndoForm]
) -> Page | Response:
    found = find_proposal(viewer, proposal_ref)
    shown = review(viewer, found)
    apply, undo = _forms(shown, sent=sent)
    form = apply if sent is ApplyForm else undo
    if not form.validate_on_submit():
        return _reviewed(found, shown, apply, undo), 422
    ticked = set(apply.parts.data if sent is ApplyForm else undo.applied.data)
    parts = [row.part.id for row in shown.parts if str(row.part.ref) in ticked]
    with saving() as saved:  # the form counts once, however often it is sent
        proposal_service.decided(proposal_id=found.id, by=viewer.staff_id)
        saved.goes_to(url_for(".proposal", proposal_ref=proposal_ref))
    service = applying.apply_part if sent is ApplyForm else applying.undo_part
    done = _each(service, parts, viewer)
    saved.message = _said(done, len(parts), "booked" if sent is ApplyForm else "taken back")
    return saved.redirect()


def _each(service: Callable[..., bool], parts: Sequence[int], viewer: Viewer) -> int:
    """Each part in a transaction of its own: one that is refused does not hold up the others."""
    done = 0
    for part_id in parts:
        try:
            with writing():
                done += service(part_id=part_id, by=viewer.staff_id)
        except Refused as refused:
            with writing():
                applying.note_refused(part_id=part_id, reasons=refused.reasons)
    return done


def _said(done: int, asked: int, verb: str) -> str:
    men = f"The sessions of {done} {'man' if done == 1 else 'men'} are {verb}."
    if done == asked:
        return men
    return f"{men} {asked - done} could not be: the page says why."
