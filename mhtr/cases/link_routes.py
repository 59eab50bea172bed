"""Pages about a man who may have records in two trusts: each side answers for its own."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import identity, linking, settled
from mhtr.cases.answering import DIFFERENT
from mhtr.cases.comparison import compare_across, same_name_and_birth
from mhtr.cases.identity_queries import Question, find_question, judged
from mhtr.cases.link_forms import TAKE_BACK, AcrossForm, ApartForm
from mhtr.cases.link_queries import in_one_trust, open_proposal
from mhtr.cases.models import IdentityProposal, PersonLink
from mhtr.cases.question_owners import ANSWERERS as ANSWERERS
from mhtr.cases.routes import bp, settings
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.people.models import Person
from mhtr.people.queries import live_id
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

Page = str | Response | tuple[str, int]


def answer_across(viewer: Viewer, question: Question) -> Page:
    """The page of a question of which one record is another trust's."""
    row = open_proposal(question_id=question.id)
    form = AcrossForm()
    side = _side(row, question.own.id, viewer)
    lines = compare_across(question.own, question.other)
    form.offer(**side, agree=same_name_and_birth(lines))
    if form.is_submitted() and form.validate():
        question_ref = question.ref
        try:
            with saving() as saved:
                message = _save(form, question, proposed=side["proposed"], viewer=viewer)
                saved.goes_to(url_for("people.identity_questions"), message)
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            question = find_question(viewer, question_ref)
            row = open_proposal(question_id=question.id)
    page = render_template(
        "people/identity_across.html",
        question=question,
        form=form,
        lines=lines,
        proposal=row,
        proposer=db.session.get_one(Staff, row.proposed_by) if row is not None else None,
        **side,
    )
    return (page, 422) if form.is_submitted() else page


def _side(row: IdentityProposal | None, own_id: int, viewer: Viewer) -> dict[str, bool]:
    """Whether something was proposed, by the viewer's side, and by himself."""
    return {
        "proposed": row is not None,
        "own_side": row is not None and live_id(row.side_id) == own_id,
        "mine": row is not None and row.proposed_by == viewer.staff_id,
    }


def _save(form: AcrossForm, question: Question, *, proposed: bool, viewer: Viewer) -> str:
    by = viewer.staff_id
    if form.answer.data == DIFFERENT:
        identity.answer_different(question_id=question.id, reason=form.why_two.data, by=by)
        return "Remembered: they are two men"
    if form.answer.data == TAKE_BACK:
        linking.take_back(question_id=question.id, by=by)
        return "Taken back: the question waits as before"
    name_of = form.name_of(question)
    if proposed:
        linking.confirm(question_id=question.id, name_of=name_of, settings=settings(), by=by)
        return "Both trusts have confirmed it: the two records are of one man"
    linking.propose(question_id=question.id, name_of=name_of, reason=form.reason.data, by=by)
    return "Saved: nothing changes before somebody of the other trust has confirmed it"


@bp.route("/identity/links/<uuid:link_ref>/undo", methods=["GET", "POST"])
@only(*ANSWERERS)
def undo_link(link_ref: uuid.UUID) -> Page:
    """Records of two trusts that are of two men after all."""
    viewer = current_viewer()
    try:
        return _undo_link(viewer, link_ref)
    except NotFound:
        return settled.link_page(viewer, link_ref)


def _undo_link(viewer: Viewer, link_ref: uuid.UUID) -> Page:
    link, own = _find(viewer, link_ref)
    row = open_proposal(link_id=link.id)
    form = ApartForm()
    side = _side(row, own.id, viewer)
    together = in_one_trust(link.one_id, link.two_id)
    if together:
        side["own_side"] = side["mine"]  # a colleague of the same trust confirms
    form.offer(**side, together=together)
    if form.is_submitted() and form.validate():
        try:
            with saving() as saved:
                proposed = side["proposed"]
                message = _save_apart(
                    form, link.id, proposed=proposed, together=together, viewer=viewer
                )
                saved.goes_to(url_for("people.identity_questions"), message)
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            link, own = _find(viewer, link_ref)
            row = open_proposal(link_id=link.id)
    page = render_template(
        "people/undo_link.html",
        form=form,
        link=link,
        own=own,
        together=together,
        proposal=row,
        proposer=db.session.get_one(Staff, row.proposed_by) if row is not None else None,
        **side,
    )
    return (page, 422) if form.is_submitted() else page


def _save_apart(
    form: ApartForm, link_id: int, *, proposed: bool, together: bool, viewer: Viewer
) -> str:
    by = viewer.staff_id
    if form.answer.data != DIFFERENT:
        if not proposed:
            return "Nothing changed: they stay one man"
        linking.keep(link_id=link_id, by=by)
        return "Saved: they stay one man"
    if proposed:
        linking.undo(link_id=link_id, settings=settings(), by=by)
        return f"{'Two people' if together else 'Both trusts'} have confirmed it: two men again"
    linking.propose_undo(link_id=link_id, reason=form.reason.data, by=by)
    whom = "a colleague" if together else "somebody of the other trust"
    return f"Saved: nothing changes before {whom} has confirmed it"


def _find(viewer: Viewer, ref: uuid.UUID) -> tuple[PersonLink, Person]:
    """A link that stands, and the record of the two that is the viewer's.

    Raises:
        NotFound: there is none, or not exactly one of its records is his to answer for.
    """
    link = (
        db.session.query(PersonLink).filter_by(ref=ref, undone_at=None, merge_id=None).one_or_none()
    )
    if link is None:
        raise NotFound
    ends = [live_id(end) for end in (link.one_id, link.two_id)]
    held = judged(viewer, ends)
    own = [end for end in ends if held[end].seen]
    if not own or any(one.barred for one in held.values()):
        raise NotFound
    shows("person", *own)
    return link, db.session.get_one(Person, own[0])
