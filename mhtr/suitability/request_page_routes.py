"""One request: where it stands, her answer, taking it back, her filing date, handing it over."""

import uuid
from datetime import date

from flask import Response, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.record import record
from mhtr.core import policy
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.intake.referral_values import WORDS
from mhtr.suitability import (
    addendum_asked,
    date_answering,
    filing_question,
    late_report,
    other_team,
    parting,
    request_queries,
    request_service,
    saying_ready,
)
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.asked_words import history, said_words
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request, members, nobody_reads
from mhtr.suitability.date_answers import Typed, answer_in_words, date_answers, side_by_side
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.policy import ACCESS_AFTER_WITHDRAWAL
from mhtr.suitability.request_answer_forms import (
    AnswerForm,
    FilingForm,
    HandOverForm,
    WithdrawForm,
)
from mhtr.suitability.request_asking import asking_refused
from mhtr.suitability.request_states import RequestState
from mhtr.web.both_versions import Difference
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

READERS = PROBATION_ROLES | CLINICAL_ROLES
ANSWERED = "Your answer is recorded and the service has been told."
WITHDRAWN = "The request is withdrawn."
Answer = str | tuple[str, int] | Response | AnyResponse


@bp.get("/cases/<uuid:case_ref>/request")
@only(*READERS)
def request_page(case_ref: uuid.UUID) -> str:
    """What was asked, when the report is due and why, and what she can do now."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.PRE_SENTENCE, Purpose.CLINICAL)
    found = current_request(case.id)
    asker = Purpose.PRE_SENTENCE in purposes_held(viewer, case) and _is_hers(viewer, found)
    return _page(viewer, case, found, asker)


def _page(
    viewer: Viewer,
    case: Case,
    found: ReportRequest | None,
    asker: bool,
    *,
    answer: AnswerForm | None = None,
    hand_over: HandOverForm | None = None,
    withdraw: WithdrawForm | None = None,
    filing: FilingForm | None = None,
    differences: tuple[Difference, ...] = (),
) -> str:
    hand_over = hand_over or (_hand_over_form(viewer, found) if found and asker else None)
    banner, version = record(viewer, case), found.version if found else 0
    clinical = Purpose.CLINICAL in purposes_held(viewer, case)
    return render_template(
        "suitability/request_page.html",
        record=banner,
        row=request_queries.row_of(found, case) if found else None,
        addendum=addendum_asked.asked_of(case.id),
        asked_rows=_asked_rows(found, case) if found and (asker or clinical) else [],
        asked_by=_asked_by(case) if asker else "",
        stage_now=WORDS[case.stage].lower() if case.stage else "not known",
        earlier=[row for row in history(case.id) if row[0] is not found],
        answers=date_answers(case.id),
        asker=asker,
        form=_refused(answer, hand_over, withdraw, filing),
        answer=answer or AnswerForm(formdata=None, version=version),
        answer_words=answer_in_words(found),
        arranged=late_report.last_arranged(found),
        differences=differences,
        may_say=clinical and saying_ready.is_to_come(case, found),
        hand_over=hand_over,
        withdraw=withdraw or WithdrawForm(formdata=None, version=version),
        filing=filing or FilingForm(formdata=None),
        **_parting(case, found, asker, clinical),
        filing_asked=found is not None and filing_question.is_asked(case, found),
        access_days=policy.values(ACCESS_AFTER_WITHDRAWAL)["access_after_withdrawal"],
        refused=asking_refused(banner.facts) if asker else (),
    )


def _refused(*forms: Form | None) -> Form | None:
    return next((form for form in forms if form is not None and form.errors), None)


def _parting(
    case: Case, found: ReportRequest | None, asker: bool, clinical: bool
) -> dict[str, object]:
    """What left the case as another prosecution's, whether this request can; who reads it."""
    return {
        "nobody_reads": found is not None and nobody_reads(found),
        "left": parting.left(case.id) if asker or clinical else [],
        "may_part": found is not None and asker and not parting.why_not(case, found),
    }


def _is_hers(viewer: Viewer, found: ReportRequest | None) -> bool:
    """Whether she asked or is of the team that did: who only reads a report of hers may not act."""
    mine = db.session.get_one(Staff, viewer.staff_id)
    return found is None or other_team.is_of_its_team(found, mine)


def _asked_by(case: Case) -> str:
    """Who of another team asks for this report and waits for an answer."""
    waiting = other_team.open_questions(case.id)
    return other_team.who(waiting[0]) if waiting else ""


def _hand_over_form(viewer: Viewer, found: ReportRequest) -> HandOverForm | None:
    """To whom she can hand it; None where there is nobody else or it is not hers to give."""
    mine = db.session.get_one(Staff, viewer.staff_id)
    teams = {membership.team_id for membership in mine.memberships}
    if found.author_id != viewer.staff_id and found.team_id not in teams:
        return None
    still = {member.team_id for member in mine.memberships if member.team.closed_on is None}
    open_to = still if viewer.has(Role.SENIOR_PROBATION) else set()
    if found.team_id is not None:
        open_to = open_to | {found.team_id}
    others = [staff for staff in members(sorted(open_to)) if staff.id != found.author_id]
    if not others:
        return None
    form = HandOverForm()
    form.to.set_choices([(str(staff.ref), staff.name) for staff in others])
    return form


def _asked_rows(found: ReportRequest, case: Case) -> list[dict[str, str]]:
    said = said_words(found)
    if request_queries.state_of(found, case) is RequestState.RESTS:
        said["Plea or finding"] += ", which is not on record any more"
    return [{"key": key, "value": value} for key, value in said.items()]


def _hers(case_ref: uuid.UUID) -> tuple[Viewer, Case, ReportRequest]:
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.PRE_SENTENCE)
    found = current_request(case.id)
    if found is None or not _is_hers(viewer, found):
        raise NotFound
    return viewer, case, found


@bp.post("/cases/<uuid:case_ref>/request/answer")
@only(*PROBATION_ROLES)
def request_answer(case_ref: uuid.UUID) -> Answer:
    """Her answer where the date cannot be met."""
    viewer, case, found = _hers(case_ref)
    form = AnswerForm()
    if form.validate():
        made = _answered(viewer, found.id, form, form.chosen(), case_ref, form.adjourn_to.data)
        if made is not None:
            return made
        viewer, case, found = _hers(case_ref)
        if form.read_version != found.version:
            typed = Typed(form.chosen(), form.adjourn_to.data)
            form.version.carry(found.version)
            beside = side_by_side(found, typed)
            return _page(viewer, case, found, True, answer=form, differences=beside), 409
    return _page(viewer, case, found, True, answer=form), 422


@bp.post("/cases/<uuid:case_ref>/request/withdraw")
@only(*PROBATION_ROLES)
def request_withdraw(case_ref: uuid.UUID) -> Answer:
    """She no longer needs the report."""
    viewer, case, found = _hers(case_ref)
    form = WithdrawForm()
    if form.validate():
        made = _answered(viewer, found.id, form, DateAnswer.WITHDRAWS, case_ref)
        if made is not None:
            return made
        viewer, case, found = _hers(case_ref)
        form.version.carry(found.version)
        beside = side_by_side(found, Typed(DateAnswer.WITHDRAWS))
        return _page(viewer, case, found, True, withdraw=form, differences=beside), 409
    return _page(viewer, case, found, True, withdraw=form), 422


@bp.post("/cases/<uuid:case_ref>/request/filing")
@only(*PROBATION_ROLES)
def request_filing(case_ref: uuid.UUID) -> Answer:
    """When she files her report now that the hearing is before the day she gave."""
    viewer, case, found = _hers(case_ref)
    form = FilingForm()
    if form.validate() and form.filed_on.data is not None:
        request_id, filed_on = found.id, form.filed_on.data
        try:
            with saving() as saved:
                date_answering.give_filing_date(
                    request_id=request_id, filed_on=filed_on, by=viewer.staff_id
                )
                page = url_for("suitability.request_page", case_ref=case_ref)
                saved.goes_to(page, "The filing date is recorded and the due date worked out anew.")
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
        viewer, case, found = _hers(case_ref)
    return _page(viewer, case, found, True, filing=form), 422


def _answered(
    viewer: Viewer,
    request_id: int,
    form: AnswerForm | WithdrawForm,
    answer: DateAnswer,
    case_ref: uuid.UUID,
    adjourn_to: date | None = None,
) -> AnyResponse | None:
    """Record it; None where it is refused: the form says why, or its page is an old one."""
    try:
        with saving() as saved:
            date_answering.answer_date(
                request_id=request_id,
                answer=answer,
                by=viewer.staff_id,
                version=form.read_version,
                adjourn_to=adjourn_to,
            )
            withdrawn = answer is DateAnswer.WITHDRAWS
            said = WITHDRAWN if withdrawn else ANSWERED
            saved.goes_to(url_for("suitability.request_page", case_ref=case_ref), said)
        return saved.redirect()
    except Stale:
        form.refuse("The dates changed or somebody answered meanwhile. Nothing of yours is saved.")
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    return None


@bp.post("/cases/<uuid:case_ref>/request/hand-over")
@only(*PROBATION_ROLES)
def request_hand_over(case_ref: uuid.UUID) -> Answer:
    """She hands the request to a colleague of her court team."""
    viewer, case, found = _hers(case_ref)
    form = _hand_over_form(viewer, found)
    if form is None:
        raise NotFound
    if not form.validate():
        return _page(viewer, case, found, True, hand_over=form), 422
    request_id, to_ref = found.id, uuid.UUID(form.to.data or "")
    to = db.session.query(Staff).filter_by(ref=to_ref).one()
    to_id, name = to.id, to.name
    with saving() as saved:
        request_service.reallocate(request_ids=[request_id], to_staff_id=to_id, by=viewer.staff_id)
        saved.goes_to(url_for("suitability.requests"), f"The request is now {name}'s.")
    return saved.redirect()
