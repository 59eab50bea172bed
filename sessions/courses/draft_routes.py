"""Pages on which a lead works on the next revision of a pathway, one step at a time."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.web.both_versions import Difference, both_versions
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from sessions.blueprint import bp
from sessions.courses import page, pathway_service, queries, rules
from sessions.courses.attempts import at_once, attempt
from sessions.courses.forms import AppendForm, ArrangeForm, SessionForm, UseForm, filled
from sessions.courses.models import Pathway
from sessions.courses.pathway_routes import KEEPERS, find

DONE = {"up": "The session is moved up.", "down": "The session is moved down."}


@bp.get("/pathways/<uuid:pathway_ref>/draft")
@only(*KEEPERS)
def pathway_draft(pathway_ref: uuid.UUID) -> str:
    """The sessions of the next revision while they are worked on."""
    row = find(current_viewer(), pathway_ref)
    if row.draft is None:
        return render_template(
            "courses/draft_none.html", pathway=row, form=VersionedForm(version=row.version)
        )
    sessions = pathway_service.drafted(row)
    drafter = db.session.get_one(Staff, row.draft_by)
    return render_template(
        "courses/draft.html",
        pathway=row,
        rows=page.planned_rows(sessions),
        weeks=-(-rules.least_days(sessions) // 7),
        notices=rules.notices(sessions) if sessions else (),
        drafter=drafter.name,
        form=VersionedForm(version=row.version),
    )


@bp.post("/pathways/<uuid:pathway_ref>/draft/begin")
@only(*KEEPERS)
def pathway_draft_begin(pathway_ref: uuid.UUID) -> Response:
    """Take the sessions in use as a draft."""
    viewer = current_viewer()
    pathway_id, form = find(viewer, pathway_ref).id, VersionedForm()
    return at_once(
        lambda: pathway_service.begin_draft(
            pathway_id=pathway_id, version=form.read_version, by=viewer.staff_id
        ),
        _draft(pathway_ref),
        "",
    )


@bp.route("/pathways/<uuid:pathway_ref>/draft/sessions/<int:number>", methods=["GET", "POST"])
@only(*KEEPERS)
def pathway_draft_session(pathway_ref: uuid.UUID, number: int) -> Page | Response:
    """Change a session of the draft, or (0) add one at its end."""
    viewer = current_viewer()
    row = find(viewer, pathway_ref)
    pathway_id = row.id
    form = SessionForm(version=row.version, **_filled(row, number))
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: pathway_service.set_drafted(
                pathway_id=pathway_id,
                number=number,
                said=form.planned(),
                version=form.read_version,
                by=viewer.staff_id,
            ),
            _draft(pathway_ref),
            "The session is changed." if number else "The session is added.",
            version_now=lambda: find(viewer, pathway_ref).version,
        )
        if saved is not None:
            return saved
    row = find(viewer, pathway_ref)
    return form_page(
        "courses/draft_session.html",
        form=form,
        pathway=row,
        number=number,
        differences=_differences(form, _filled(row, number)) if number else (),
    )


@bp.post("/pathways/<uuid:pathway_ref>/draft/arrange")
@only(*KEEPERS)
def pathway_draft_arrange(pathway_ref: uuid.UUID) -> Response:
    """Move a session of the draft up or down, or take it out."""
    viewer = current_viewer()
    pathway_id, form = find(viewer, pathway_ref).id, ArrangeForm()
    verb, number = form.asked

    def do() -> None:
        version, by = form.read_version, viewer.staff_id
        if verb == "out":
            pathway_service.take_out_drafted(
                pathway_id=pathway_id, number=number, version=version, by=by
            )
        elif verb in DONE:
            pathway_service.move_drafted(
                pathway_id=pathway_id, number=number, up=verb == "up", version=version, by=by
            )
        else:
            raise Refused("Say what is done with which session.")

    return at_once(do, _draft(pathway_ref), DONE.get(verb, "The session is taken out."))


@bp.route("/pathways/<uuid:pathway_ref>/draft/append", methods=["GET", "POST"])
@only(*KEEPERS)
def pathway_append(pathway_ref: uuid.UUID) -> Page | Response:
    """Let another pathway’s sessions follow: a sequence of therapies."""
    viewer = current_viewer()
    row = find(viewer, pathway_ref)
    pathway_id, form = row.id, AppendForm(version=row.version)
    known = {str(one.ref): one for one in queries.pathways_of(row.organisation_id)}
    form.other.set_choices(
        [(ref, f"{one.name}: {len(page.in_use(one))} sessions") for ref, one in known.items()]
    )
    if form.validate_on_submit():
        other_id = known[form.other.data or ""].id
        saved = attempt(
            form,
            lambda: pathway_service.append_pathway(
                pathway_id=pathway_id,
                other_id=other_id,
                version=form.read_version,
                by=viewer.staff_id,
            ),
            _draft(pathway_ref),
            "Its sessions follow now.",
            version_now=lambda: find(viewer, pathway_ref).version,
        )
        if saved is not None:
            return saved
    return form_page("courses/append.html", form=form, pathway=find(viewer, pathway_ref))


@bp.route("/pathways/<uuid:pathway_ref>/draft/use", methods=["GET", "POST"])
@only(*KEEPERS)
def pathway_use(pathway_ref: uuid.UUID) -> Page | Response:
    """Put the draft into use as the next revision."""
    viewer = current_viewer()
    row = find(viewer, pathway_ref)
    pathway_id, form = row.id, UseForm(version=row.version)
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: pathway_service.put_into_use(
                pathway_id=pathway_id,
                why=form.why.data,
                version=form.read_version,
                by=viewer.staff_id,
            ),
            url_for(".pathway", pathway_ref=pathway_ref),
            "The sessions are in use for courses made from now on.",
            version_now=lambda: find(viewer, pathway_ref).version,
        )
        if saved is not None:
            return saved
    row = find(viewer, pathway_ref)
    sessions = pathway_service.drafted(row)
    return form_page(
        "courses/use.html",
        form=form,
        pathway=row,
        wrong=rules.whole(sessions),
        rows=page.planned_rows(sessions),
        notices=rules.notices(sessions) if sessions else (),
    )


@bp.post("/pathways/<uuid:pathway_ref>/draft/discard")
@only(*KEEPERS)
def pathway_discard(pathway_ref: uuid.UUID) -> Response:
    """Forget the draft."""
    viewer = current_viewer()
    pathway_id, form = find(viewer, pathway_ref).id, VersionedForm()
    return at_once(
        lambda: pathway_service.discard_draft(
            pathway_id=pathway_id, version=form.read_version, by=viewer.staff_id
        ),
        url_for(".pathway", pathway_ref=pathway_ref),
        "The draft is discarded. What is in use stays as it is.",
    )


def _filled(row: Pathway, number: int) -> dict[str, object]:
    """The fields of a drafted session.

    Raises:
        NotFound: the draft has no such session.
    """
    if row.draft is None:
        raise NotFound
    sessions = pathway_service.drafted(row)
    if number == 0:
        return {}
    if number > len(sessions):
        raise NotFound
    return filled(sessions[number - 1])


def _differences(form: SessionForm, now: dict[str, object]) -> tuple[Difference, ...]:
    return differences(form, now) if form.form_errors else ()


def differences(form: SessionForm, now: dict[str, object]) -> tuple[Difference, ...]:
    """What is recorded of a session now and was typed otherwise."""
    saved = SessionForm(None, **now)
    return tuple(row for row in both_versions(saved, form) if row.saved != row.typed)


def _draft(pathway_ref: uuid.UUID) -> str:
    return url_for(".pathway_draft", pathway_ref=pathway_ref)
