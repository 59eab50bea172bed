"""The end of the referral form: help first, check answers, the same man?, sent, thrown away."""

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING
from mhtr.cases.models import Case
from mhtr.cases.offence import RULE_BEFORE
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.formats import moment
from mhtr.intake import drafts, queries
from mhtr.intake.draft_routes import REFERRERS, Answer, code_lists, saved_already, unsent
from mhtr.intake.models import ReferralDraft
from mhtr.intake.routes import bp
from mhtr.intake.rules import SafetyAnswer, safety_prompt
from mhtr.intake.same_man_form import SameManForm
from mhtr.intake.service import SOURCES
from mhtr.intake.summary import sections
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving


@bp.get("/referrals/drafts/<uuid:draft_ref>/help")
@only(*REFERRERS)
def help_first(draft_ref: uuid.UUID) -> str:
    """Before anything else: who must be told now."""
    found = unsent(draft_ref)
    return render_template(
        "intake/help_first.html", draft=found, prompt=safety_prompt(SafetyAnswer.NOT_SURE)
    )


def check_page(found: ReferralDraft, form: Form) -> str:
    """Every answer, with a way to change it."""
    parts = [
        (part, url_for("intake.draft", draft_ref=found.ref, step=part.step.value))
        for part in sections(drafts.given(found), safety_at=moment(drafts.safety_at(found)))
    ]
    again = drafts.asks_safety_again(found)
    said = drafts.given(found)
    return render_template(
        "intake/check.html",
        draft=found,
        parts=parts,
        form=form,
        again=again,
        early_notes=bool(said.get("notes")) and said.get("stage") not in AFTER_PLEA_OR_FINDING,
        offence_before=RULE_BEFORE,
    )


def _ask_safety(draft_ref: uuid.UUID) -> Response:
    return redirect(url_for("intake.draft", draft_ref=draft_ref, step="safety"), 303)


@bp.get("/referrals/drafts/<uuid:draft_ref>/check")
@only(*REFERRERS)
def check(draft_ref: uuid.UUID) -> Answer:
    """Check the answers before they are sent."""
    found = unsent(draft_ref)
    return saved_already(found) if found.submitted_at else check_page(found, Form())


@bp.post("/referrals/drafts/<uuid:draft_ref>/check")
@only(*REFERRERS)
def send(draft_ref: uuid.UUID) -> Answer:
    """Send the referral, once."""
    viewer, form = current_viewer(), Form()
    text = request.form.get("version", "")
    found = unsent(draft_ref)
    if not form.validate_on_submit():
        return check_page(found, form), 422
    try:
        with saving() as saved:
            drafts.send(
                draft_ref,
                version=int(text) if text.isdecimal() else 0,
                codes=code_lists(),
                by=viewer.staff_id,
            )
            saved.goes_to(url_for("intake.sent", draft_ref=draft_ref))
        return saved.redirect()
    except drafts.AskFirst:
        return redirect(url_for("intake.same_man", draft_ref=draft_ref), 303)
    except drafts.AskSafety:
        return _ask_safety(draft_ref)
    except Stale:
        form.refuse("The answers were changed on another page. Check them again, then send.")
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    return check_page(drafts.find(viewer.staff_id, draft_ref), form), 409


def same_man_form(found: ReferralDraft) -> SameManForm | None:
    """The question about possible earlier records; None where there is nothing to ask."""
    asked = drafts.open_candidates(found, drafts.read(found, code_lists()))
    if not asked:
        return None
    shows("person", *(candidate.person_id for candidate in asked))
    form = SameManForm()
    form.ask(asked)
    return form


@bp.get("/referrals/drafts/<uuid:draft_ref>/same-man")
@only(*REFERRERS)
def same_man(draft_ref: uuid.UUID) -> Answer:
    """There may already be a record of him. Shows only what he typed that matched."""
    found = unsent(draft_ref)
    if found.submitted_at is not None:
        return saved_already(found)
    form = same_man_form(found)
    if form is None:
        return redirect(url_for("intake.check", draft_ref=draft_ref), 303)
    return render_template("intake/same_man.html", draft=found, form=form)


@bp.post("/referrals/drafts/<uuid:draft_ref>/same-man")
@only(*REFERRERS)
def answer_same_man(draft_ref: uuid.UUID) -> Answer:
    """Keep the answers, then send."""
    viewer, found = current_viewer(), unsent(draft_ref)
    if found.submitted_at is not None:
        return saved_already(found)
    form = same_man_form(found)
    if form is None:
        return redirect(url_for("intake.check", draft_ref=draft_ref), 303)
    if not form.validate_on_submit():
        return render_template("intake/same_man.html", draft=found, form=form), 422
    if drafts.asks_safety_again(found):
        return _ask_safety(draft_ref)
    answers = form.answers()
    with saving() as saved:
        drafts.answer_same_man(draft_ref, answers, by=viewer.staff_id)
        again = drafts.find(viewer.staff_id, draft_ref)
        drafts.send(draft_ref, version=again.version, codes=code_lists(), by=viewer.staff_id)
        saved.goes_to(url_for("intake.sent", draft_ref=draft_ref))
    return saved.redirect()


@bp.get("/referrals/drafts/<uuid:draft_ref>/sent")
@only(*REFERRERS)
def sent(draft_ref: uuid.UUID) -> str:
    """It was sent: the reference, and what happens next. Holds nothing about him, so it prints."""
    viewer = current_viewer()
    found = unsent(draft_ref)
    if found.case_id is None:
        raise NotFound
    case = db.session.get_one(Case, found.case_id)
    referral = queries.referral_of(case.id)
    if referral is None:
        raise NotFound
    return render_template(
        "intake/sent.html",
        draft=found,
        case=case,
        came=queries.came(referral.place_code),
        told=SOURCES[referral.source].sees_outcome,
        sees_outcome=queries.sees_outcome(viewer, case.id),
    )


@bp.post("/referrals/drafts/<uuid:draft_ref>/discard")
@only(*REFERRERS)
def discard(draft_ref: uuid.UUID) -> Response:
    """Throw a draft away."""
    viewer = current_viewer()
    with saving() as saved:
        drafts.discard(draft_ref, by=viewer.staff_id)
        saved.goes_to(url_for("intake.my_referrals"), "The draft was thrown away")
    return saved.redirect()
