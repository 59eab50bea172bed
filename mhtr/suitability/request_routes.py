"""My reports: what a PSR author asks for, where it stands, and handing it over."""

import uuid
from dataclasses import replace
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import PROBATION_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.intake.other_trust import GoesElsewhere
from mhtr.suitability import about_a_man, request_queries, request_service
from mhtr.suitability.asked import from_json
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request, members
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import ReportRequest, TakeOverQuestion
from mhtr.suitability.other_team import is_of_its_team, questions_of
from mhtr.suitability.request_answer_forms import HandOverForm, ListForm
from mhtr.suitability.request_asking import asking_refused
from mhtr.suitability.request_forms import AboutForm, RequestForm, as_typed
from mhtr.suitability.request_queries import SORTS, Wanted
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

SENT = "Your request has been sent."
ASKED_THEM = (
    "Another team has asked for a report on this man already. They have been asked to hand it "
    "over, and you are told what they answer."
)

Answer = Page | Response | AnyResponse


@bp.get("/requests")
@only(*PROBATION_ROLES)
def requests() -> str:
    """The reports she and her court team asked for."""
    viewer = current_viewer()
    return _list(viewer, _hand_over_form(viewer))


def _list(viewer: Viewer, hand_over: HandOverForm | None) -> str:
    usual = "team" if viewer.has(Role.SENIOR_PROBATION) else "mine"
    form = ListForm(request.args, whose=usual)
    form.validate()
    wanted = _wanted(form)
    rows, more = request_queries.list_requests(viewer, wanted)
    for row in rows:
        shows("case", row.case.id)
        shows("person", row.case.person_id)
    return render_template(
        "suitability/request_list.html",
        form=hand_over,
        filters=form,
        wanted=wanted,
        rows=rows,
        columns=_columns(wanted),
        previous_href=_href(replace(wanted, page=wanted.page - 1)) if wanted.page > 1 else "",
        next_href=_href(replace(wanted, page=wanted.page + 1)) if more else "",
        next_due=None if rows else request_queries.next_due(viewer),
        today=clock.today(),
        seniors_form=hand_over is not None,
        asked_others=questions_of(viewer.staff_id),
    )


def _wanted(form: ListForm) -> Wanted:
    sort = request.args.get("sort", "due")
    page = request.args.get("page", "1")
    return Wanted(
        whose=form.whose.data or "mine",
        shown=form.shown.data or "waiting",
        due=form.due.data or "any",
        sort=sort if sort in SORTS else "due",
        page=min(int(page), 400) if page.isascii() and page.isdigit() and int(page) else 1,
    )


def _href(wanted: Wanted) -> str:
    return url_for(
        "suitability.requests",
        whose=wanted.whose,
        shown=wanted.shown,
        due=wanted.due,
        sort=wanted.sort,
        page=wanted.page if wanted.page > 1 else None,
    )


def _columns(wanted: Wanted) -> list[object]:
    named = (("Name", "name"), ("Due", "due"), ("State", ""), ("Hearing", "hearing"))
    found: list[object] = []
    for text, key in named:
        if not key:
            found.append(text)
            continue
        now = {key: "ascending", f"-{key}": "descending"}.get(wanted.sort, "")
        sort = f"-{key}" if wanted.sort == key else key
        found.append({"text": text, "href": _href(replace(wanted, sort=sort, page=1)), "sort": now})
    return [*found, "Author"]


def _hand_over_form(viewer: Viewer) -> HandOverForm | None:
    """Seniors hand over several at once."""
    if not viewer.has(Role.SENIOR_PROBATION):
        return None
    form = HandOverForm()
    mine = db.session.get_one(Staff, viewer.staff_id)
    taking = members([m.team_id for m in mine.memberships if m.team.closed_on is None])
    form.to.set_choices([(str(staff.ref), staff.name) for staff in taking])
    return form


@bp.post("/requests/hand-over")
@only(Role.SENIOR_PROBATION)
def hand_over_many() -> Answer:
    """A senior hands the ticked requests to another member of her teams."""
    viewer = current_viewer()
    form = _hand_over_form(viewer)
    if form is None:
        raise Refused("Only a senior probation officer hands over several at once.")
    wanted = [uuid.UUID(ref) for ref in request.form.getlist("requests") if _is_uuid(ref)]
    mine = db.session.get_one(Staff, viewer.staff_id)
    found = [
        row for row in request_queries.find_requests(viewer, wanted) if is_of_its_team(row, mine)
    ]
    form.requests.set_choices([(str(row.ref), str(row.ref)) for row in found])
    if not found:
        form.validate()
        form.refuse("Tick at least one request")
        return _list(viewer, form), 422
    if not form.validate():
        return _list(viewer, form), 422
    ids, to_id = [row.id for row in found], _chosen(form)
    with saving() as saved:
        count = request_service.reallocate(request_ids=ids, to_staff_id=to_id, by=viewer.staff_id)
        name = db.session.get_one(Staff, to_id).name
        plural = "request" if count == 1 else "requests"
        saved.goes_to(url_for("suitability.requests"), f"{count} {plural} handed over to {name}.")
    return saved.redirect()


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _chosen(form: HandOverForm) -> int:
    """The id of the member of staff picked from the form's own choices."""
    return db.session.query(Staff).filter_by(ref=uuid.UUID(form.to.data or "")).one().id


@bp.route("/requests/new", methods=["GET", "POST"])
@only(*PROBATION_ROLES)
def request_about() -> Answer:
    """Ask about a man by CRN, name and birth date. Says the same whether he is known or not."""
    viewer = current_viewer()
    form = AboutForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = about_a_man.ask_about(
                    man=form.man(),
                    asked=form.asked(),
                    safe=form.safe.data == "yes",
                    by=viewer.staff_id,
                    prosecution=form.says(),
                )
                saved.goes_to(*_goes_to(made))
            return saved.redirect()
        except about_a_man.WhichProsecution as unsaid:
            form.refuse(" ".join(unsaid.reasons), field="prosecution")
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
    return form_page("suitability/request_about.html", form=form)


def _goes_to(made: ReportRequest | TakeOverQuestion) -> tuple[str, str]:
    """Where she goes on, and what she is told."""
    if isinstance(made, TakeOverQuestion):
        return url_for("suitability.requests"), ASKED_THEM
    case = db.session.get_one(Case, made.case_id)
    return url_for("suitability.request_page", case_ref=case.ref), SENT


def _begins_with(case: Case, earlier: ReportRequest | None) -> dict[str, Any]:
    """What is on record now, and what her own team said before."""
    viewer = current_viewer()
    mine = db.session.get_one(Staff, viewer.staff_id)
    held = Purpose.PRE_SENTENCE in purposes_held(viewer, case)
    if earlier is None or not (held and is_of_its_team(earlier, mine)):
        # What another team wrote is not shown to one who only referred him, or has read a report.
        return {"court_code": case.court_code or None, "hearing_on": case.hearing_on}
    stands = replace(
        from_json(earlier.details),
        court_code=case.court_code,
        hearing_on=case.hearing_on,
        psr_type=PsrType(earlier.psr_type),
    )
    return as_typed(stands, clock.today())


@bp.route("/cases/<uuid:case_ref>/report-request", methods=["GET", "POST"])
@only(*PROBATION_ROLES)
def request_new(case_ref: uuid.UUID) -> Answer:
    """Ask for a report on a case she already has; a later request replaces the earlier one."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.PRE_SENTENCE, Purpose.PROBATION_REFERRAL)
    earlier = current_request(case.id)
    form = RequestForm(data=_begins_with(case, earlier))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = request_service.ask_or_question(
                    case_id=case.id,
                    asked=form.asked(),
                    by=viewer.staff_id,
                    to_trust=form.other_trust.ticked,
                )
                saved.goes_to(*_goes_to(made))
            return saved.redirect()
        except GoesElsewhere as elsewhere:
            form.other_trust.ask(elsewhere)
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
    banner = record(viewer, case)
    return form_page(
        "suitability/request_new.html",
        form=form,
        record=banner,
        earlier=earlier,
        refused=() if form.errors else asking_refused(banner.facts),
    )


navigation.add_main(20, "My reports", "suitability.requests", *PROBATION_ROLES)
navigation.add_case(
    CaseGroup.SUITABILITY,
    10,
    "Report request",
    "suitability.request_page",
    Purpose.PRE_SENTENCE,
    Purpose.CLINICAL,
    section=("suitability.request_due", "suitability.request_answer"),
)
navigation.add_case(
    CaseGroup.SUITABILITY,
    11,
    "Ask for a report",
    "suitability.request_new",
    Purpose.PROBATION_REFERRAL,
)
