"""My referrals; a referral's own page; putting a sent referral right."""

import uuid

from flask import render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, Staff
from mhtr.cases.models import Case
from mhtr.cases.offence import offence_words
from mhtr.cases.queries import find_case, in_scope
from mhtr.cases.record import record
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.intake import amending, correction, drafts, queries, questions, triage
from mhtr.intake.agreement_form import AgreementForm
from mhtr.intake.amend_forms import AMEND_FORMS, AMEND_TITLES, Amending, AmendPlace
from mhtr.intake.became import told
from mhtr.intake.draft_routes import REFERRERS, Answer, code_lists, resume_href, sources_for
from mhtr.intake.forms import NeedsForm
from mhtr.intake.models import Referral
from mhtr.intake.question_form import QuestionForm
from mhtr.intake.referral_filter import ReferralFilter
from mhtr.intake.referral_queries import SORTS, sent_referrals, what_became
from mhtr.intake.routes import bp
from mhtr.intake.routing import ROUTED_WORDS
from mhtr.intake.steps import TITLES, FormStep
from mhtr.intake.summary import LABELS, Section, answered_words, in_words, sections
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.paging import here, page_number, sort_asked, sort_links
from mhtr.web.reads import shows
from mhtr.web.submission import saving

AMENDERS = (Purpose.REFERRAL, Purpose.PROBATION_REFERRAL, Purpose.CLINICAL)
READERS = (*REFERRERS, Role.ASSESSOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN)

DRAFTS = 20
"""Nobody finishes more at a time; the page says when there are older ones."""

navigation.add_main(20, "My referrals", "intake.my_referrals", *REFERRERS)
navigation.add_case(CaseGroup.REFERRAL, 10, "Referral", "intake.referral", *queries.REFERRING)


@bp.get("/referrals")
@only(*REFERRERS)
def my_referrals() -> str:
    """What he and his organisation referred, what became of it, and what is not sent yet."""
    viewer = current_viewer()
    sort, page = sort_asked(SORTS, "-sent"), page_number()
    form = ReferralFilter()
    form.validate()
    rows, more = sent_referrals(
        viewer,
        only_mine=form.whose.data == "mine",
        sort=sort,
        page=page,
        stands=form.standing(),
        urgent=bool(form.urgent.data),
    )
    unsent = drafts.unsent(viewer.staff_id, limit=DRAFTS + 1) if page == 1 else []
    waiting = unsent[:DRAFTS]
    shows("draft", *(draft.id for draft in waiting))
    names = [
        " ".join(filter(None, (given.get("given_name"), given.get("family_name"))))
        for given in map(drafts.given, waiting)
    ]
    return render_template(
        "intake/my_referrals.html",
        can_import=viewer.has(Role.LD_PRACTITIONER),
        rows=rows,
        waiting=[(d, name, resume_href(d)) for d, name in zip(waiting, names, strict=True)],
        more_drafts=len(unsent) > DRAFTS,
        form=form,
        filtered=any(field.data for field in form),
        columns=sort_links(
            sort,
            ("Name", "name"),
            ("Sent", "sent"),
            ("From", ""),
            ("Next hearing", "hearing"),
            ("What became of it", ""),
        ),
        previous_href=here(page=page - 1) if page > 1 else "",
        next_href=here(page=page + 1) if more else "",
    )


def _history(referral: Referral) -> list[dict[str, object]]:
    return [
        {
            "at": row.created_at,
            "by": db.session.get_one(Staff, row.by_id).name,
            "reason": row.reason,
            "before": [(LABELS[name], in_words(name, text)) for name, text in row.before.items()],
        }
        for row in amending.amendments(referral.id)
    ]


def _sections(referral: Referral, *, health: bool) -> list[Section]:
    answered = answered_words(referral.safety_at, referral.referred_at)
    return sections(referral.answers, health=health, only_answered=True, safety_at=answered)


@bp.get("/cases/<uuid:case_ref>/referral")
@only(*READERS)
def referral(case_ref: uuid.UUID) -> str:
    """What was referred, and what became of it."""
    return referral_page(case_ref)


def referral_page(case_ref: uuid.UUID, form: QuestionForm | None = None) -> str:
    """The page. `form`: an answer that was refused."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *queries.REFERRING)
    found = queries.referral_of(case.id)
    if found is None:
        raise NotFound
    banner = record(viewer, case)
    held = banner.purposes
    health = bool(held.intersection(AMENDERS))
    return render_template(
        "intake/referral.html",
        record=banner,
        case=case,
        referral=found,
        parts=_sections(found, health=health),
        health=health,
        amends=health and not amending.crosses_the_wall(found, viewer.organisation_kind),
        outside=not held & {Purpose.REFERRAL, Purpose.CLINICAL},
        became=what_became(case),
        told=told(list(banner.facts)),
        decision=triage.last_decision(case.id),
        question=questions.question_of(case.id),
        form=form or QuestionForm(),
        answers=bool(held & {Purpose.REFERRAL, Purpose.PROBATION_REFERRAL})
        and viewer.has(*questions.ANSWERERS),
        compares=bool(held & {Purpose.CLINICAL, Purpose.ADMINISTRATION})
        and correction.waits(found),
        routed=ROUTED_WORDS[found.routed_because],
        trust=db.session.get_one(Organisation, found.trust_id).name,
        history=_history(found) if health else [],
        referrer=db.session.get_one(Staff, found.referrer_id).name if found.referrer_id else "",
        sender=db.session.get_one(Organisation, found.organisation_id).name,
    )


@bp.route(
    "/cases/<uuid:case_ref>/referral/<any(safety,person,place,needs,agreement):step>",
    methods=["GET", "POST"],
)
@only(*READERS)
def amend(case_ref: uuid.UUID, step: str) -> Answer:
    """Put one section of a sent referral right."""
    viewer, here = current_viewer(), FormStep(step)
    case = find_case(viewer, case_ref, *AMENDERS)
    found = queries.referral_of(case.id)
    if found is None or amending.crosses_the_wall(found, viewer.organisation_kind):
        raise NotFound
    form = AMEND_FORMS[here].from_answers(found.answers, found.version)
    if isinstance(form, AmendPlace):
        own = sources_for(viewer) if viewer.has(*REFERRERS) else ()
        form.keep_only_place((*own, found.source))
    if isinstance(form, NeedsForm):
        form.offer(case.stage)
    if isinstance(form, AgreementForm):
        form.offer()
    form.remind(offence_words(case.stage), "reason")
    form.ask_whether_it_settles(questions.open_to(found, viewer.organisation_id))
    if request.method == "POST":
        answer = _amended(found, case_ref, here, form)
        if answer is not None:
            return answer
    return _amend_page(viewer, case_ref, here, form), 200 if request.method == "GET" else 422


def _amended(
    found: Referral, case_ref: uuid.UUID, step: FormStep, form: Amending
) -> Response | None:
    """The answer where the amendment was saved; otherwise the form says what is wrong."""
    if not form.validate_on_submit():
        return None
    case_id = found.case_id
    read = amending.read_step(step, form.given(), code_lists(), found.answers)
    if isinstance(read, list):
        form.show(read)
        return None
    try:
        with saving() as saved:
            amending.amend(
                case_id=case_id,
                step=step,
                answers=read,
                version=int(form.version.data) if form.version.data.isdecimal() else 0,
                reason=form.reason.data,
                answers_question=form.answers_it,
                by=current_viewer().staff_id,
            )
            saved.goes_to(*_after(case_ref))
        return saved.redirect()
    except Refused as refused:
        for words in refused.reasons:
            form.refuse(words)
    except Stale:
        form.refuse("Somebody changed this meanwhile. What is saved now is shown below.")
    return None


def _after(case_ref: uuid.UUID) -> tuple[str, str]:
    """The referral's page, unless another source means that he sees it no more."""
    db.session.flush()
    mine = in_scope(current_viewer(), *queries.REFERRING)
    if db.session.scalars(select(Case.id).where(Case.ref == case_ref, mine)).first() is None:
        return url_for("overview.today"), "The referral is amended. You do not see it any more."
    return url_for("intake.referral", case_ref=case_ref), "The referral is amended"


def _amend_page(viewer: Viewer, case_ref: uuid.UUID, step: FormStep, form: Amending) -> str:
    # Read anew: a refusal undid the transaction in which the case was found.
    case = find_case(viewer, case_ref, *AMENDERS)
    found = queries.referral_of(case.id)
    saved = found.answers if found else {}
    stale = found is not None and form.version.data != str(found.version)
    if found is not None:
        form.version.carry(found.version)
    return render_template(
        "intake/amend.html",
        record=record(viewer, case),
        case=case,
        form=form,
        step=step,
        title=AMEND_TITLES.get(step, TITLES[step]),
        saved_now=next(s.rows for s in sections(saved) if s.step is step) if stale else (),
    )
