"""Treated men in the database for tests of the outcomes report."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import insert

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases.models import Case
from mhtr.cases.rules import CaseState
from mhtr.core import clock
from mhtr.core.clock import from_london
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import Referral
from mhtr.intake.referral_values import Safety
from mhtr.people.models import Answered, Demographic
from outcome_measures.definitions import AnswerState
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import (
    MeasureAnswer,
    MeasureContact,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.time_points import Origin, TimePoint
from tests.makers import make_case, make_organisation, make_person

_number = count(1)
ENDED_ON = date(2026, 9, 10)
COURT = "B01KR"

Taken = tuple[int | None, int | None]


def treated(
    by: Staff,
    *weeks: Taken,
    ended_on: date | None = ENDED_ON,
    state: CaseState = CaseState.DISCHARGED,
    court: str = COURT,
    trust: Organisation | None = None,
    ethnic: tuple[Answered, str | None] | None = None,
    name: str = "Tunde",
    typed: bool = False,
) -> Case:
    """A man with a session a week and a PHQ-9 and GAD-7 at each; None is a half-filled form."""
    case = make_case(make_person(name, f"Treated{next(_number)}"))
    over = ended_on if ended_on is not None else clock.today()
    first = over - timedelta(weeks=len(weeks))
    with writing():
        case = db.session.merge(case)
        case.court_code, case.state_since = court, over
        case.state = state if ended_on is not None else CaseState.IN_TREATMENT
        if trust is not None:
            db.session.add(_referral(case, trust))
        if ethnic is not None:
            answered, code = ethnic
            db.session.add(
                Demographic(
                    person_id=case.person_id,
                    characteristic="ethnic_category",
                    answered=answered,
                    code=code,
                )
            )
        for week, totals in enumerate(weeks):
            day = first + timedelta(weeks=week)
            _session(case.id, week + 1, day, totals, by.id, typed=typed)
    return case


def _referral(case: Case, trust: Organisation) -> Referral:
    return Referral(
        case_id=case.id,
        organisation_id=trust.id,
        source="custody",
        channel="form",
        referred_at=case.opened_at,
        safety=Safety.NOT_KNOWN,
        answers={},
        trust_id=trust.id,
        routed_because="court",
    )


def _session(
    case_id: int, number: int, day: date, totals: Taken, by: int, *, typed: bool = False
) -> None:
    contact = MeasureContact(
        case_id=case_id,
        context=f"contact:{next(_number)}",
        held_on=day,
        point=TimePoint.SESSION,
        session_number=number,
        mode=MeasureMode.IN_PERSON,
        by_id=by,
    )
    db.session.add(contact)
    db.session.flush()
    at = from_london(datetime.combine(day, time(11)))
    for name, total in zip(("phq9", "gad7"), totals, strict=True):
        occasion = MeasureOccasion(
            case_id=case_id,
            contact_id=contact.id,
            context=contact.context,
            point=TimePoint.SESSION,
            session_number=number,
            instrument=name,
            instrument_version="1",
            asked_on=day,
            mode=MeasureMode.IN_PERSON,
            state=OccasionState.SUBMITTED,
            entered_by=by,
            submitted_at=at,
            origin=Origin.TOTAL if typed else Origin.ITEMS,
            typed_total=total if typed else None,
        )
        db.session.add(occasion)
        db.session.flush()
        if not typed:
            rows = [{"occasion_id": occasion.id, **row} for row in answers_for(name, total)]
            db.session.execute(insert(MeasureAnswer), rows)


def answers_for(instrument: str, total: int | None) -> Sequence[dict[str, object]]:
    """Answers that add up to a total; None leaves the first question out."""
    items = [item.number for item in find_instrument(instrument).scored_items]
    left, rows = total or 0, []
    for place, number in enumerate(items):
        if total is None and place == 0:
            continue
        value = min(3, left)
        left -= value
        rows.append({"item": number, "state": AnswerState.ANSWERED, "value": value})
    assert left == 0
    return rows


def a_trust(name: str) -> Organisation:
    """A treating trust."""
    return make_organisation(OrganisationKind.TREATING_TRUST, name)
