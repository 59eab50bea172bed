"""A PSR author asks for a report on a man she names: on which case of his, or on a new one."""

from collections.abc import Sequence
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, FactKind
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import clock, formats
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.intake.transfer import trust_after
from mhtr.suitability import other_team
from mhtr.suitability.asked import Asked, Man
from mhtr.suitability.models import ReportRequest, TakeOverQuestion
from mhtr.suitability.new_man import cases_of, make_urgent, refer
from mhtr.suitability.number_task import ask_whose
from mhtr.suitability.request_service import ask, ask_or_question, heard_on
from mhtr.suitability.which_case import OnRecord, Prosecution, choose, hers_like, may_be_another

WHICH = (
    "A report on this man has been asked for already, for another hearing. Say whether yours is "
    "about the same prosecution."
)
HERS = (
    "Your own team has asked for a report on this man already, for {hearing}. Say whether this is "
    "about the same prosecution."
)


SEVERAL = (
    "Your own team has asked for more than one report on this man{named}. If yours is about one of "
    "them, open it under “My reports” and change it there; if not, say that it is about another "
    "prosecution."
)


class WhichProsecution(Refused):
    """A report has been asked for, for another hearing, and she has not said which is meant."""


def ask_about(
    *, man: Man, asked: Asked, safe: bool, by: int, prosecution: Prosecution | None = None
) -> ReportRequest | TakeOverQuestion:
    """Ask about a man she names: on his case where he has one that can take a request.

    Otherwise he is referred. The caller tells her the same in both cases. Where another team has
    asked, or has the report, it is a question to them. Where the court she names is another
    trust's, her naming it does not take his record there: he is referred there, and both trusts
    hear that he may be the man on record.

    Args:
        prosecution: what she says where a report was asked for, for another hearing: about the
            same prosecution, or about another, which becomes a case of its own.

    Raises:
        WhichProsecution: she has not said so.
        Refused: as `ask`.
    """
    must_be_writing()
    found, staff = cases_of(man, asked, by=by), db.session.get_one(Staff, by)
    records = [on_record(case, staff) for case in found]
    chosen = choose(records, asked.court_code, asked.hearing_on)
    case = cases.lock(chosen.case_id) if chosen else None
    elsewhere = found[0].person.ref if found and chosen is None else None
    if case is not None and _would_move(case, asked):
        elsewhere, case = case.person.ref, None
    if case is not None and not _takes(case.id, by):
        case = None
    if case is not None and _is_another(case, records, asked, staff, prosecution):
        other_team.replace_earlier(case.id, by=by)
        elsewhere, case = case.person.ref, None
    if case is None:
        new_id = refer(man, asked, safe=safe, by=by, may_be=elsewhere)
        return ask(case_id=new_id, asked=asked, by=by)
    return _on_his_case(case.id, man, asked, safe=safe, by=by)


def _is_another(
    case: Case,
    records: Sequence[OnRecord],
    asked: Asked,
    staff: Staff,
    prosecution: Prosecution | None,
) -> bool:
    """Whether she says that hers is another prosecution, where that is a question.

    Raises:
        WhichProsecution: it is one, and she has not said; or of several of her own team, which.
    """
    held = on_record(case, staff)
    several = hers_like(records, held, asked.court_code, asked.hearing_on)
    if several and prosecution is not Prosecution.OTHER:
        raise WhichProsecution(_which_of(several, staff))
    if not several and not may_be_another(held, asked.court_code, asked.hearing_on):
        return False
    if prosecution is None:
        raise WhichProsecution(_which(held, staff))
    return prosecution is Prosecution.OTHER


def _which_of(several: Sequence[OnRecord], staff: Staff) -> str:
    """Each hearing of her own team that she may read of is named."""
    viewer = viewer_of(staff)
    hearings = [
        formats.day(one.hearing_on) if one.hearing_on else "one with no day fixed"
        for one in sorted(several, key=lambda one: one.hearing_on or date.max)
        if stands(viewer, one.case_id, Purpose.PRE_SENTENCE)
    ]
    named = f" (hearings: {', '.join(hearings)})" if hearings else ""
    return SEVERAL.format(named=named)


def _which(held: OnRecord, staff: Staff) -> str:
    """A hearing of her own team that she may read of is named: a slip of hers shows."""
    if not held.hers or not stands(viewer_of(staff), held.case_id, Purpose.PRE_SENTENCE):
        return WHICH
    day = f"the hearing of {formats.day(held.hearing_on)}" if held.hearing_on else "another hearing"
    return HERS.format(hearing=day)


def on_record(case: Case, staff: Staff) -> OnRecord:
    """A case as the choice between several reads it."""
    held = other_team.holder(case.id)
    hers = held is not None and other_team.is_of_its_team(held, staff)
    others = held is not None and not hers
    to_come = case.hearing_on is not None and case.hearing_on >= clock.today()
    return OnRecord(
        case.id, case.court_code, case.hearing_on, hers=hers, others=others, to_come=to_come
    )


def _on_his_case(
    case_id: int, man: Man, asked: Asked, *, safe: bool, by: int
) -> ReportRequest | TakeOverQuestion:
    if not safe:
        make_urgent(cases.lock(case_id), by=by)
    made = ask_or_question(case_id=case_id, asked=asked, by=by, man=man, safe=safe)
    if isinstance(made, ReportRequest):
        ask_whose(cases.lock(case_id), man, made.id, safe=safe, by=by)
    return made


def _takes(case_id: int, by: int) -> bool:
    """Whether the case can take a request now; a plea she names is recorded first."""
    facts = cases.facts_of(case_id)
    open_to = rules.fold(facts, clock.today())
    if FactKind.STAGE_RECORDED not in open_to.possible_next or open_to.paused is not None:
        return False
    possible = rules.can(FactKind.SUITABILITY_REQUESTED, facts, clock.today(), by_id=by)
    early = open_to.stage not in AFTER_PLEA_OR_FINDING
    return possible.allowed or (early and len(possible.reasons) == 1)


def _would_move(case: Case, asked: Asked) -> bool:
    """Whether her request alone would take the case to another trust."""
    referral = queries.referral_of(case.id)
    if referral is None or other_team.holder(case.id) is not None:
        return False  # those who have the report are asked
    on = heard_on(case, asked)
    return trust_after(referral, asked.court_code, on) != referral.trust_id
