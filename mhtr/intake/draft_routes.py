"""The referral form: a page a step, saved at each, checked, sent once."""

import uuid

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.facts import StageOfCase
from mhtr.core import clock, formats
from mhtr.core.access import Role, Viewer
from mhtr.core.errors import Stale
from mhtr.intake import drafts, queries
from mhtr.intake.agreement_form import AgreementForm
from mhtr.intake.form_base import StepForm
from mhtr.intake.forms import FORMS, SEE_HIM, NeedsForm, PlaceForm
from mhtr.intake.models import ReferralDraft
from mhtr.intake.referral import CodeLists, Problem, ReferralSubmission, read_referral
from mhtr.intake.referral_values import Safety
from mhtr.intake.routes import bp
from mhtr.intake.rules import SafetyAnswer, safety_prompt
from mhtr.intake.steps import FormStep, next_step, problems_of
from mhtr.intake.summary import in_words, sections
from mhtr.people.rules import accepts
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import AlreadySaved, saving

REFERRERS = (
    Role.LD_PRACTITIONER,
    Role.COURT_PROBATION,
    Role.PROBATION,
    Role.SENIOR_PROBATION,
    Role.ADMINISTRATOR,
)
Answer = str | Response | tuple[str, int]


def code_lists() -> CodeLists:
    """The lists a referral is read against in this installation."""
    return queries.code_lists(fictional=accepts(current_app.config).fictional)


def sources_for(viewer: Viewer) -> tuple[str, ...]:
    """Who a member of staff may refer for: himself, or, for administrators, anybody who wrote."""
    if viewer.has(Role.ADMINISTRATOR):
        return ("judiciary", "defence", "self", "court-probation", "probation", "ld")
    if viewer.has(Role.LD_PRACTITIONER):
        return ("ld",)
    if viewer.has(Role.COURT_PROBATION):
        return ("court-probation",)
    return ("probation",)


def make_form(step: FormStep, answers: dict[str, str], version: int, viewer: Viewer) -> StepForm:
    """The form of a step with its lists filled and what is saved shown."""
    sources = sources_for(viewer)
    if step is FormStep.PLACE and not answers.get("source"):
        # The place and the source belong to the practitioner. Nothing about a man is remembered.
        answers = {**answers, "source": sources[0] if len(sources) == 1 else ""}
        if SEE_HIM.issuperset(sources):
            answers["place"] = answers.get("place") or queries.last_place(viewer.staff_id)
    form = FORMS[step].from_answers(answers, version)
    if isinstance(form, PlaceForm):
        form.offer(sources)
    if isinstance(form, NeedsForm):
        form.offer(_stage(answers))
    if isinstance(form, AgreementForm):
        form.offer()
    return form


def _stage(answers: dict[str, str]) -> StageOfCase | None:
    said = answers.get("stage", "")
    return StageOfCase(said) if said in set(StageOfCase) else None


def step_page(step: FormStep, form: StepForm, draft: ReferralDraft | None) -> str:
    """One page of the form."""
    order = list(FormStep)
    back = url_for("intake.my_referrals")
    if draft is not None and step is not order[0]:
        back = url_for("intake.draft", draft_ref=draft.ref, step=order[order.index(step) - 1])
    return render_template(
        "intake/step.html",
        step=step,
        form=form,
        draft=draft,
        number=order.index(step) + 1,
        last=len(order),
        back=back,
        urgent=safety_prompt(SafetyAnswer.NOT_SURE),
        earlier=_earlier_safety(draft) if draft is not None and step is FormStep.SAFETY else None,
        only_source=len(form.source.choices) == 1 if isinstance(form, PlaceForm) else False,
    )


def _earlier_safety(draft: ReferralDraft) -> tuple[str, str] | None:
    """The answer about his safety and its moment, where it is too old to be sent."""
    if not drafts.asks_safety_again(draft):
        return None
    said = in_words("safety", drafts.given(draft)["safety"])
    return said, formats.moment(drafts.safety_at(draft))


def faults(step: FormStep, answers: dict[str, str]) -> list[Problem]:
    """What is wrong with the answers of one step."""
    read = read_referral(answers, clock.today(), code_lists(), clock.london())
    return [] if isinstance(read, ReferralSubmission) else problems_of(step, read)


def after(draft: ReferralDraft, step: FormStep) -> str:
    """Where a saved step leads."""
    if request.form.get("then") == "leave":
        return url_for("intake.my_referrals")
    given = drafts.given(draft)
    if step is FormStep.SAFETY and given.get("safety") == Safety.NOT_KNOWN:
        return url_for("intake.help_first", draft_ref=draft.ref)
    following = next_step(drafts.saved_steps(draft), step)
    if following is None:
        return url_for("intake.check", draft_ref=draft.ref)
    return url_for("intake.draft", draft_ref=draft.ref, step=following.value)


def resume_href(draft: ReferralDraft) -> str:
    """Where to go on with a draft: its first page not saved yet, or the check of its answers."""
    saved = drafts.saved_steps(draft)
    step = next((step for step in FormStep if step not in saved), None)
    if step is None:
        return url_for("intake.check", draft_ref=draft.ref)
    return url_for("intake.draft", draft_ref=draft.ref, step=step.value)


@bp.get("/referrals/drafts/<uuid:draft_ref>")
@only(*REFERRERS)
def resume(draft_ref: uuid.UUID) -> Response:
    """Go on with a draft where it was left."""
    found = unsent(draft_ref)
    if found.submitted_at is not None:
        return saved_already(found)
    return redirect(resume_href(found), 303)


def unsent(draft_ref: uuid.UUID) -> ReferralDraft:
    """The viewer's own draft; its reading is audited.

    Raises:
        NotFound: no such draft, somebody else's, or one that was sent.
    """
    found = drafts.find(current_viewer().staff_id, draft_ref)
    shows("draft", found.id)
    return found


@bp.get("/referrals/new")
@only(*REFERRERS)
def start() -> str:
    """The first page; the draft begins when it is saved."""
    viewer = current_viewer()
    return step_page(FormStep.SAFETY, make_form(FormStep.SAFETY, {}, 0, viewer), None)


@bp.post("/referrals/new")
@only(*REFERRERS)
def begin() -> Answer:
    """Save the first page."""
    viewer, step = current_viewer(), FormStep.SAFETY
    form = make_form(step, {}, 0, viewer)
    if form.validate_on_submit():
        form.show(faults(step, form.given()))
    if form.summary():
        return step_page(step, form, None), 422
    try:
        with saving() as saved:
            draft = drafts.begin(step, form.given(), by=viewer.staff_id)
            saved.goes_to(after(draft, step))
    except AlreadySaved as again:
        # Back, and other answers: they belong in the draft that was begun, not in a second one.
        again.page = first_page_of(again.location)
        raise
    return saved.redirect()


def first_page_of(location: str) -> str:
    """The first page of the draft that this address is about; empty where it is about none."""
    adapter = current_app.create_url_adapter(request)
    _, values = adapter.match(location, method="GET") if adapter and location else ("", {})
    ref = values.get("draft_ref")
    return url_for("intake.draft", draft_ref=ref, step=FormStep.SAFETY.value) if ref else ""


@bp.get("/referrals/drafts/<uuid:draft_ref>/<any(safety,person,place,needs,agreement):step>")
@only(*REFERRERS)
def draft(draft_ref: uuid.UUID, step: str) -> Answer:
    """One page of a draft."""
    viewer, found, here = current_viewer(), unsent(draft_ref), FormStep(step)
    if found.submitted_at is not None:
        return saved_already(found)
    version, answers = drafts.step_version(found, here), drafts.given(found)
    if here is FormStep.SAFETY and drafts.asks_safety_again(found):
        # Asked again, not confirmed in passing: nothing is chosen beforehand.
        answers = {**answers, "safety": ""}
    return step_page(here, make_form(here, answers, version, viewer), found)


def saved_already(found: ReferralDraft) -> Response:
    """A draft that was sent leads to what became of it."""
    return redirect(url_for("intake.sent", draft_ref=found.ref), 303)


@bp.post("/referrals/drafts/<uuid:draft_ref>/<any(safety,person,place,needs,agreement):step>")
@only(*REFERRERS)
def save(draft_ref: uuid.UUID, step: str) -> Answer:
    """Save one page of a draft."""
    viewer, found, here = current_viewer(), unsent(draft_ref), FormStep(step)
    if found.submitted_at is not None:
        return saved_already(found)
    form = make_form(here, drafts.given(found), 0, viewer)
    if form.validate_on_submit() and request.form.get("then") != "leave":
        form.show(faults(here, drafts.given(found) | form.given()))
    if form.summary():
        return step_page(here, form, found), 422
    version = int(form.version.data) if form.version.data.isdecimal() else 0
    try:
        with saving() as saved:
            changed = drafts.save_step(
                draft_ref, here, form.given(), version=version, by=viewer.staff_id
            )
            saved.goes_to(after(changed, here))
    except Stale as stale:
        return both_versions(here, form, drafts.find(viewer.staff_id, draft_ref), stale), 409
    return saved.redirect()


def both_versions(step: FormStep, form: StepForm, found: ReferralDraft, stale: Stale) -> str:
    """What another page saved beside what was typed here. Nothing typed is lost."""
    saved = stale.saved if isinstance(stale.saved, dict) else {}
    typed = {name: text for name, text in form.given().items() if text}
    sent = [
        (name, value)
        for name in request.form
        if name not in ("csrf_token", "submission_key", "version", "then")
        for value in request.form.getlist(name)
    ]
    rows = [
        (old, new)
        for old, new in zip(_rows(step, saved), _rows(step, typed), strict=True)
        if old != new
    ]
    return render_template(
        "intake/both_versions.html",
        form=Form(formdata=None),
        rows=rows,
        sent=sent,
        version=drafts.step_version(found, step),
        step=step,
        draft=found,
    )


def _rows(step: FormStep, answers: dict[str, str]) -> tuple[object, ...]:
    return next(s.rows for s in sections(answers) if s.step is step)
