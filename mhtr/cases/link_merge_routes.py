"""The page on which two linked records that one trust has by now become one."""

import uuid

from flask import render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.cases import settled
from mhtr.cases.answering import SAME
from mhtr.cases.comparison import compare
from mhtr.cases.identity_forms import MergeLinkedForm
from mhtr.cases.identity_queries import judged
from mhtr.cases.link_merging import merge_linked as save_merge
from mhtr.cases.link_queries import in_one_trust
from mhtr.cases.link_routes import Page
from mhtr.cases.models import PersonLink
from mhtr.cases.question_owners import ANSWERERS
from mhtr.cases.routes import bp
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.people.models import Person
from mhtr.people.queries import live_id
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving


@bp.route("/identity/links/<uuid:link_ref>/merge", methods=["GET", "POST"])
@only(*ANSWERERS)
def merge_linked(link_ref: uuid.UUID) -> Page:
    """Two linked records side by side, and which of them is kept."""
    viewer = current_viewer()
    try:
        return _merge_linked(viewer, link_ref)
    except NotFound:
        return settled.link_page(viewer, link_ref)


def _merge_linked(viewer: Viewer, link_ref: uuid.UUID) -> Page:
    link, people = _find(viewer, link_ref)
    form = MergeLinkedForm()
    form.ask(*people)
    if form.is_submitted() and form.validate() and form.all_chosen():
        try:
            with saving() as saved:
                message = _save(form, link.id, {str(p.ref): p.id for p in people}, viewer)
                saved.goes_to(url_for("people.identity_questions"), message)
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            link, people = _find(viewer, link_ref)
    page = render_template(
        "people/merge_linked.html",
        link=link,
        form=form,
        lines=compare(*people),
        asked=form.asked(),
    )
    return (page, 422) if form.is_submitted() else page


def _save(form: MergeLinkedForm, link_id: int, records: dict[str, int], viewer: Viewer) -> str:
    if form.answer.data != SAME:
        return "Nothing changed: they stay two linked records"
    save_merge(
        link_id=link_id,
        kept_id=records[form.kept.data or ""],
        right=form.right(),
        chosen=form.chosen(records),
        reason=form.reason.data,
        by=viewer.staff_id,
    )
    return "The two records are one now"


def _find(viewer: Viewer, ref: uuid.UUID) -> tuple[PersonLink, tuple[Person, Person]]:
    """A link that stands, and both its records.

    Raises:
        NotFound: there is none, another trust has one of the records, or he may not judge both.
    """
    link = (
        db.session.query(PersonLink).filter_by(ref=ref, undone_at=None, merge_id=None).one_or_none()
    )
    if link is None or not in_one_trust(link.one_id, link.two_id):
        raise NotFound
    ends = live_id(link.one_id), live_id(link.two_id)
    held = judged(viewer, ends).values()
    if not all(one.seen for one in held) or any(one.barred for one in held):
        raise NotFound
    shows("person", *ends)
    return link, (db.session.get_one(Person, ends[0]), db.session.get_one(Person, ends[1]))
