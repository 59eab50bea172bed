"""The papers of a referral: what they would say, every version of them, and that one was sent."""

import uuid

import typst
from flask import Response as FileResponse
from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.probation.blueprint import bp
from mhtr.probation.papers import service
from mhtr.probation.papers.content import Papers, content_hash
from mhtr.probation.papers.forms import MakeForm, SentForm
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.page import draft_issue, issue_of, since, unsent
from mhtr.probation.papers.queries import (
    find_referral,
    find_version,
    is_file_intact,
    referrals_of,
    sendings_of,
    versions_of,
)
from mhtr.probation.papers.view import compile_papers, papers_view
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

MEANWHILE = "Somebody made a version while you had this page. Read it first; what you typed is here"
NO_FILE = (
    "The file could not be made, so nothing was kept. Try again; if it happens again, tell whoever "
    "runs the program."
)


@bp.route("/referrals/<uuid:referral_ref>/papers", methods=["GET", "POST"])
@only(*SUPERVISES)
def papers(referral_ref: uuid.UUID) -> Page | Response:
    """The countdown, every version with what changed since, and recording that one was sent."""
    viewer = current_viewer()
    case, step = find_referral(viewer, referral_ref)
    form, case_id = SentForm(), case.id
    form.offer(versions_of(step.id))
    if form.validate_on_submit() and form.on.data is not None:
        try:
            with saving() as saved:
                service.send(
                    case_id=case_id,
                    step_ref=referral_ref,
                    number=int(form.number.data or 0),
                    on=form.on.data,
                    to=form.to.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".papers", referral_ref=referral_ref), "Recorded as sent.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, referral_ref, form)


def _page(viewer: Viewer, referral_ref: uuid.UUID, form: SentForm) -> Page:
    case, step = find_referral(viewer, referral_ref)
    versions, sendings = versions_of(step.id), sendings_of(step.id)
    shows("papers", *(one.row.id for one in versions), case_id=case.id)
    now = papers_of(case, step)
    referral = next(one for one in referrals_of([case.id])[case.id] if one.ref == step.ref)
    return form_page(
        "probation/papers/papers.html",
        form=form,
        button=Form(formdata=None),
        record=record(viewer, case),
        case=case,
        referral=referral,
        about=now.about,
        versions=versions,
        sendings=sendings,
        unsent=unsent(versions, sendings),
        since=since(versions, now),
    )


@bp.route("/referrals/<uuid:referral_ref>/papers/new", methods=["GET", "POST"])
@only(*SUPERVISES)
def papers_new(referral_ref: uuid.UUID) -> Page | Response:
    """What the papers would say now, and making a version of that."""
    viewer = current_viewer()
    case, step = find_referral(viewer, referral_ref)
    case_id, versions = case.id, versions_of(step.id)
    form = MakeForm()
    form.offer(again=bool(versions))
    if form.validate_on_submit():
        try:
            compiled = _compiled(viewer, papers_of(case, step), form, len(versions))
            with saving() as saved:
                service.make(
                    case_id=case_id,
                    step_ref=referral_ref,
                    compiled=compiled,
                    seen=form.read_version,
                    why=form.reason,
                    by=viewer.staff_id,
                )
                page = url_for(".papers", referral_ref=referral_ref)
                saved.goes_to(page, f"Version {len(versions) + 1} is made.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _preview(viewer, referral_ref, form)


def _compiled(viewer: Viewer, now: Papers, form: MakeForm, versions: int) -> service.Compiled:
    """The file of what the page showed, made before the write transaction opens."""
    if content_hash(now) != form.content_hash.data:
        raise Refused(service.CHANGED)
    issue = draft_issue(versions + 1, viewer.name, form.reason.strip())
    try:
        return service.Compiled(now, compile_papers(now, issue))
    except typst.TypstError:
        raise Refused(NO_FILE) from None


def _preview(viewer: Viewer, referral_ref: uuid.UUID, form: MakeForm) -> Page:
    case, step = find_referral(viewer, referral_ref)
    versions, now = versions_of(step.id), papers_of(case, step)
    shows("papers", *(one.row.id for one in versions), case_id=case.id)
    form.version.carry(len(versions))
    form.content_hash.carry(content_hash(now))
    return form_page(
        "probation/papers/new.html",
        form=form,
        record=record(viewer, case),
        case=case,
        step=step,
        number=len(versions) + 1,
        same=bool(versions) and versions[0].row.content_hash == content_hash(now),
        since=since(versions, now),
        view=papers_view(now, draft_issue(len(versions) + 1, viewer.name)),
    )


@bp.get("/referrals/<uuid:referral_ref>/papers/<uuid:papers_ref>")
@only(*SUPERVISES)
def papers_version(referral_ref: uuid.UUID, papers_ref: uuid.UUID) -> str | tuple[str, int]:
    """One version as it was made; an earlier one says that it is superseded."""
    viewer = current_viewer()
    case, step = find_referral(viewer, referral_ref)
    versions = versions_of(step.id)
    found = find_version(versions, papers_ref)
    shows("papers", found.row.id, case_id=case.id)
    view = papers_view(found.content, issue_of(found, versions[0])) if found.content else None
    page = render_template(
        "probation/papers/version.html",
        record=record(viewer, case),
        case=case,
        step=step,
        version=found,
        view=view,
    )
    return page if view is not None else (page, 409)


@bp.get("/referrals/<uuid:referral_ref>/papers/<uuid:papers_ref>.pdf")
@only(*SUPERVISES)
def papers_pdf(referral_ref: uuid.UUID, papers_ref: uuid.UUID) -> FileResponse | tuple[str, int]:
    """One version as the file that was made. The name of an earlier one says superseded."""
    viewer = current_viewer()
    case, step = find_referral(viewer, referral_ref)
    versions = versions_of(step.id)
    found = find_version(versions, papers_ref)
    shows("papers", found.row.id, case_id=case.id)
    if found.content is None or not is_file_intact(found.row):
        page = render_template(
            "probation/papers/version.html",
            record=record(viewer, case),
            case=case,
            step=step,
            version=found,
            view=None,
        )
        return page, 409
    issue = issue_of(found, versions[0])
    # Whoever holds it compares it with what was sent: the file never differs from its fingerprint.
    answer = make_response(found.row.pdf)
    answer.headers["Content-Type"] = "application/pdf"
    said = "-superseded" if issue.superseded else ""
    name = f"papers-{found.content.reference.replace(' ', '-')}-{issue.number}{said}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/referrals/<uuid:referral_ref>/papers/sent/<uuid:sent_ref>/take-back")
@only(*SUPERVISES)
def papers_sent_take_back(referral_ref: uuid.UUID, sent_ref: uuid.UUID) -> Response:
    """Take back that a version was sent."""
    viewer = current_viewer()
    case, step = find_referral(viewer, referral_ref)
    if not any(one.row.ref == sent_ref for one in sendings_of(step.id)):
        raise NotFound
    case_id = case.id
    with saving() as saved:
        service.take_back_sent(
            case_id=case_id, step_ref=referral_ref, sent_ref=sent_ref, by=viewer.staff_id
        )
        saved.goes_to(url_for(".papers", referral_ref=referral_ref), "Taken back.")
    return saved.redirect()
