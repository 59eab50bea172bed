"""Pages of the pathways of a trust: kept by its clinical leads, read by who works with them."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.accounts.own_trust import trust_of
from mhtr.core.access import CLINICAL_ROLES, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web import navigation
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from sessions.blueprint import bp
from sessions.courses import page, pathway_service, queries
from sessions.courses.attempts import at_once, attempt
from sessions.courses.forms import NewPathwayForm, PathwayForm
from sessions.courses.models import Pathway
from sessions.courses.rules import least_days, notices

READERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
KEEPERS = (Role.CLINICAL_LEAD,)
navigation.add_under(
    navigation.CALENDAR,
    60,
    "Pathways",
    "sessions.pathways",
    *READERS,
    section=("sessions.pathway",),
)


def find(viewer: Viewer, ref: uuid.UUID) -> Pathway:
    """A pathway of the viewer's trust.

    Raises:
        NotFound: there is none, or it is another trust's.
    """
    return queries.find_pathway(trust_of(viewer), ref)


@bp.get("/pathways")
@only(*READERS)
def pathways() -> str:
    """Every pathway of the trust, with those that are retired below."""
    viewer = current_viewer()
    found = queries.pathways_of(trust_of(viewer), retired=True)
    listed = [(one, page.in_use(one)) for one in found]
    return render_template(
        "courses/pathways.html",
        live=[pair for pair in listed if pair[0].retired_at is None],
        retired=[pair for pair in listed if pair[0].retired_at is not None],
        keeps=viewer.has(*KEEPERS),
    )


@bp.route("/pathways/new", methods=["GET", "POST"])
@only(*KEEPERS)
def pathway_new() -> Page | Response:
    """Begin a pathway, from scratch or as a copy of another."""
    viewer = current_viewer()
    trust_id, form = trust_of(viewer), NewPathwayForm()
    known = {str(one.ref): one for one in queries.pathways_of(trust_id, retired=True)}
    form.copy_of.set_choices([(ref, one.name) for ref, one in known.items() if one.revision])
    if form.validate_on_submit():
        copied = known.get(form.copy_of.data or "")
        sessions = page.in_use(copied) if copied is not None else []
        ref = uuid.uuid4()
        saved = attempt(
            form,
            lambda: pathway_service.make_pathway(
                organisation_id=trust_id,
                name=form.name.data,
                about=form.about.data,
                sessions=sessions,
                by=viewer.staff_id,
                ref=ref,
            ),
            url_for(".pathway_draft", pathway_ref=ref),
            "The pathway is begun. Nobody’s course is made from it until you put it into use.",
            version_now=lambda: 0,
        )
        if saved is not None:
            return saved
    return form_page("courses/pathway_new.html", form=form)


@bp.get("/pathways/<uuid:pathway_ref>")
@only(*READERS)
def pathway(pathway_ref: uuid.UUID) -> str:
    """The sessions in use of a pathway, and its history."""
    viewer = current_viewer()
    row = find(viewer, pathway_ref)
    return _shown(viewer, row, row.revision)


@bp.get("/pathways/<uuid:pathway_ref>/revisions/<int:number>")
@only(*READERS)
def pathway_revision(pathway_ref: uuid.UUID, number: int) -> str:
    """The sessions of an earlier revision, which courses may still follow."""
    viewer = current_viewer()
    row = find(viewer, pathway_ref)
    if not 1 <= number <= row.revision:
        raise NotFound
    return _shown(viewer, row, number)


def _shown(viewer: Viewer, row: Pathway, revision: int) -> str:
    sessions = page.in_use(row, revision)
    return render_template(
        "courses/pathway.html",
        pathway=row,
        revision=revision,
        rows=page.planned_rows(sessions),
        weeks=-(-least_days(sessions) // 7),
        required=sum(one.required for one in sessions),
        notices=notices(sessions) if sessions else (),
        revisions=[
            (one, db.session.get_one(Staff, one.by_id).name) for one in queries.revisions_of(row.id)
        ],
        keeps=viewer.has(*KEEPERS),
        form=VersionedForm(version=row.version),
    )


@bp.route("/pathways/<uuid:pathway_ref>/name", methods=["GET", "POST"])
@only(*KEEPERS)
def pathway_name(pathway_ref: uuid.UUID) -> Page | Response:
    """What a pathway is called and whom it is for."""
    viewer = current_viewer()
    row = find(viewer, pathway_ref)
    pathway_id, form = row.id, PathwayForm(version=row.version, name=row.name, about=row.about)
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: pathway_service.name_pathway(
                pathway_id=pathway_id,
                name=form.name.data,
                about=form.about.data,
                version=form.read_version,
                by=viewer.staff_id,
            ),
            _page_of(pathway_ref),
            "The pathway is changed.",
            version_now=lambda: find(viewer, pathway_ref).version,
        )
        if saved is not None:
            return saved
    return form_page("courses/pathway_name.html", form=form, pathway=find(viewer, pathway_ref))


@bp.post("/pathways/<uuid:pathway_ref>/retire")
@only(*KEEPERS)
def pathway_retire(pathway_ref: uuid.UUID) -> Response:
    """Offer it for no new course."""
    viewer = current_viewer()
    pathway_id, form = find(viewer, pathway_ref).id, VersionedForm()
    return at_once(
        lambda: pathway_service.retire(
            pathway_id=pathway_id, version=form.read_version, by=viewer.staff_id
        ),
        _page_of(pathway_ref),
        "The pathway is retired. Courses made from it go on.",
    )


@bp.post("/pathways/<uuid:pathway_ref>/bring-back")
@only(*KEEPERS)
def pathway_bring_back(pathway_ref: uuid.UUID) -> Response:
    """Offer it again."""
    viewer = current_viewer()
    pathway_id, form = find(viewer, pathway_ref).id, VersionedForm()
    return at_once(
        lambda: pathway_service.bring_back(
            pathway_id=pathway_id, version=form.read_version, by=viewer.staff_id
        ),
        _page_of(pathway_ref),
        "The pathway is offered again.",
    )


def _page_of(pathway_ref: uuid.UUID) -> str:
    return url_for(".pathway", pathway_ref=pathway_ref)
