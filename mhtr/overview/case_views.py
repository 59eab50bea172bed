"""What each case page shows: one reader for every purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Organisation, Staff, Team
from mhtr.cases import hearings, reliance
from mhtr.cases.facts import CaseState, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.record import Record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left, until_hearing
from mhtr.core.prepared import Prepared
from mhtr.intake.models import OnwardReferral, Referral
from mhtr.intake.onward_rules import ONWARD_WORDS
from mhtr.orders.cards import cards_of
from mhtr.orders.page import order_title
from mhtr.orders.queries import gaps_in
from mhtr.orders.treatment_clock import TreatmentClock
from mhtr.overview import consent_summary
from mhtr.overview.actions import OFFICE, actions_of
from mhtr.overview.course_card import course_card, treating
from mhtr.overview.kinds import kinds_on_record
from mhtr.overview.links import page_href
from mhtr.overview.onward_lists import service_name
from mhtr.overview.own_lists import WITHDRAWS
from mhtr.overview.plain_words import became_of_it, report_words
from mhtr.overview.rows import Row, court_name
from mhtr.overview.task_lists import task_rows
from mhtr.overview.task_statements import Wanted
from mhtr.overview.timeline import WhatHeSaid
from mhtr.people.values import phone_text
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.calendar import working_calendar

Context = dict[str, Any]
AFTER_SENTENCE = UNDER_ORDER | {CaseState.ENDED, CaseState.DISCHARGED}


@dataclass(frozen=True)
class NextHearing:
    """The court date that counts now, or the day of the sentence once there is one."""

    on: date | None
    court: str
    left: Left | None
    sentenced: bool = False


@dataclass(frozen=True)
class Concerned:
    """Somebody to ask: what he is to the case, and who he is."""

    part: str
    name: str
    where: str


@dataclass(frozen=True)
class PlainView:
    """A case page outside the clinical record."""

    template: str
    read: Callable[[Viewer, Case, Record], Context]


def clinical(viewer: Viewer, case: Case, banner: Record, said: WhatHeSaid) -> Context:
    """The whole clinical page but its timeline."""
    facts, standing = list(banner.facts), banner.standing
    possible, refused = actions_of(viewer, case, facts, standing)
    return {
        "standing": standing,
        "possible": possible,
        "refused": refused,
        "hearing": next_hearing(case, banner.standing.sentenced_on),
        **case_orders(viewer, case, banner),
        **case_course(viewer, case),
        "tasks": case_tasks(viewer, case),
        "consent": consent_summary.summary(said.consents),
        "consent_href": page_href(viewer, "people.consent", case.ref),
        "concerned": concerned(case),
    }


@dataclass(frozen=True)
class OrderCard:
    """An order in force: its name, and what is left of its requirement."""

    title: str
    clock: TreatmentClock


def case_orders(viewer: Viewer, case: Case, banner: Record) -> Context:
    """The orders in force; nothing is asked before a sentence."""
    gaps = gaps_in(banner.standing.stays)
    cards = cards_of(case.id, gaps) if case.state in AFTER_SENTENCE else []
    return {
        "orders": [OrderCard(order_title(card.order), card.clock) for card in cards],
        "orders_href": page_href(viewer, "orders.case_orders", case.ref),
    }


def case_course(viewer: Viewer, case: Case) -> Context:
    """His course; nothing is asked before a sentence."""
    return {"course": course_card(viewer, case) if case.state in AFTER_SENTENCE else None}


def next_hearing(case: Case, sentenced_on: date | None = None) -> NextHearing | None:
    """The court date that counts, with how long until then; the sentence where there was one."""
    if sentenced_on is not None:
        return NextHearing(sentenced_on, court_name(case.court_code), None, sentenced=True)
    hearing = hearings.current(case.id)
    if hearing is None:
        return None
    left = until_hearing(hearing.on, clock.today()) if hearing.on else None
    return NextHearing(hearing.on, court_name(hearing.court_code), left)


TASKS = 20
"""Open tasks shown on a case's page, which says when there are more."""


def case_tasks(viewer: Viewer, case: Case) -> list[Row]:
    """Open tasks of the case of the kinds that this viewer works on or reads of."""
    kinds = kinds_on_record(viewer.roles)
    if not kinds:
        return []
    wanted = Wanted(kinds, case_id=case.id)
    return task_rows(viewer, wanted, working_calendar(), limit=TASKS + 1)


# Made once: making a statement takes longer than asking it.
_REFERRED_BY = Prepared(
    select(Staff.name, Organisation.name)
    .select_from(Referral)
    .join(Organisation, Organisation.id == Referral.organisation_id)
    .outerjoin(Staff, Staff.id == Referral.referrer_id)
    .where(Referral.case_id == bindparam("case"))
)
_ASKED_FOR_BY = Prepared(
    select(ReportRequest.author_id, ReportRequest.date_answer, Team.name)
    .outerjoin(Team, Team.id == ReportRequest.team_id)
    .where(ReportRequest.case_id == bindparam("case"))
    .order_by(ReportRequest.id.desc())
    .limit(1)
)
_STAFF = Prepared(
    select(Staff.id, Staff.name, Organisation.name)
    .join(Organisation, Organisation.id == Staff.organisation_id)
    .where(Staff.id.in_(bindparam("staff", expanding=True)))
)


def concerned(case: Case) -> list[Concerned]:
    """Referrer, assessor and author of the pre-sentence report, as far as known."""
    found = []
    wanted = {"case": case.id}
    referral = _REFERRED_BY.first(wanted)
    if referral is not None:
        found.append(Concerned("Referred by", referral[0] or "", referral[1]))
    request = _ASKED_FOR_BY.first(wanted)
    author_id = None if request is None or request.date_answer == WITHDRAWS else request.author_id
    staff = _staff(case.assessor_id, author_id)
    if case.assessor_id is not None:
        found.append(Concerned("Assessor", *staff[case.assessor_id]))
    if request is not None and author_id is not None:
        name, where = staff[author_id]
        part = "Author of the pre-sentence report"
        found.append(Concerned(part, name, request.name or where))
    return found


def current_request(case_id: int) -> ReportRequest | None:
    """The request that counts: the last one, unless she took it back."""
    last = db.session.scalars(
        select(ReportRequest)
        .where(ReportRequest.case_id == case_id)
        .order_by(ReportRequest.id.desc())
        .limit(1)
    ).first()
    return None if last is None or last.date_answer == WITHDRAWS else last


def _staff(*staff_ids: int | None) -> dict[int, tuple[str, str]]:
    """Names of staff and of their organisations."""
    wanted = {"staff": [i for i in staff_ids if i is not None]}
    rows = _STAFF.all(wanted) if wanted["staff"] else ()
    return {staff_id: (name, where) for staff_id, name, where in rows}


def _administration(viewer: Viewer, case: Case, banner: Record) -> Context:
    facts = list(banner.facts)
    return {
        "hearing": next_hearing(case, banner.standing.sentenced_on),
        **case_orders(viewer, case, banner),
        **case_course(viewer, case),
        "tasks": case_tasks(viewer, case),
        "concerned": concerned(case),
        "possible": actions_of(viewer, case, facts, banner.standing, OFFICE)[0],
        "details_href": page_href(viewer, "people.details", case.ref),
        "phone": phone_text(case.person.phone) if case.person.phone else "",
        "steps": became_of_it(facts, clock.today()),
    }


def _link_work(viewer: Viewer, case: Case, banner: Record) -> Context:
    rows = db.session.scalars(
        select(OnwardReferral)
        .where(OnwardReferral.case_id == case.id)
        .order_by(OnwardReferral.closed_at.is_not(None), OnwardReferral.id.desc())
    )
    return {
        "onward": [
            {
                "service": service_name(row.service_code, row.service_name),
                "state": ONWARD_WORDS[row.state],
                "at": row.appointment_at,
                "open": row.closed_at is None,
            }
            for row in rows
        ],
        "onward_href": page_href(viewer, "intake.onward", case.ref),
        "details_href": page_href(viewer, "people.details", case.ref),
        "hearing": next_hearing(case, banner.standing.sentenced_on),
        "phone": phone_text(case.person.phone) if case.person.phone else "",
    }


def _referral(viewer: Viewer, case: Case, banner: Record) -> Context:
    return {
        "steps": became_of_it(list(banner.facts), clock.today()),
        "hearing": next_hearing(case, banner.standing.sentenced_on),
        "tasks": case_tasks(viewer, case),
        "referral_href": page_href(viewer, "intake.referral", case.ref),
    }


def _pre_sentence(viewer: Viewer, case: Case, banner: Record) -> Context:
    request = current_request(case.id)
    released = case.progress is ReportProgress.RELEASED
    return {
        "asked": request,
        "report_words": report_words(
            case.progress,
            asked=request is not None,
            stopped=request is not None and banner.standing.no_report_since is not None,
            rests=request is not None and banner.standing.rests,
        ),
        "mark": reliance.mark(reliance.doubts(banner.standing)),
        "released": released,
        "hearing": next_hearing(case, banner.standing.sentenced_on),
        "report_href": page_href(viewer, "suitability.report", case.ref) if released else "",
        "request_href": page_href(viewer, "suitability.request_page", case.ref)
        or page_href(viewer, "suitability.request_new", case.ref),
        "outcome_href": page_href(viewer, "suitability.outcome", case.ref),
        "tasks": case_tasks(viewer, case),
        "steps": became_of_it(list(banner.facts), clock.today()),
    }


def _supervision(viewer: Viewer, case: Case, banner: Record) -> Context:
    """For whoever supervises him: his orders with what is left of them, and whom to ask."""
    return {
        "hearing": next_hearing(case, banner.standing.sentenced_on),
        **case_orders(viewer, case, banner),
        "therapist": concerned_therapist(case),
    }


def concerned_therapist(case: Case) -> list[Concerned]:
    """Who treats him, and nobody else who works with him."""
    staff_id = treating(case)
    return [] if staff_id is None else [Concerned("Treated by", *_staff(staff_id)[staff_id])]


PLAIN = {
    Purpose.ADMINISTRATION: PlainView("overview/case_administration.html", _administration),
    Purpose.LINK_WORK: PlainView("overview/case_link_work.html", _link_work),
    Purpose.REFERRAL: PlainView("overview/case_referral.html", _referral),
    Purpose.PROBATION_REFERRAL: PlainView("overview/case_referral.html", _referral),
    Purpose.PRE_SENTENCE: PlainView("overview/case_pre_sentence.html", _pre_sentence),
    Purpose.SUPERVISION: PlainView("overview/case_supervision.html", _supervision),
}
