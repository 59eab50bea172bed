"""The fictional trusts' hours, duty clinicians and leave."""

from datetime import date, time, timedelta

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.working_days import WorkingCalendar
from mhtr.demo.cast import Cast
from mhtr.tasks.models import DutyShift, Leave, LocalClosure, ServiceHours

WEEKS = 8
OPENS, CLOSES = time(9), time(17)


def set_up(cast: Cast, today: date) -> None:
    """Each trust's hours, four weeks of duty before today and four after, a closure, and leave."""
    start = today - timedelta(days=today.weekday() + 7 * WEEKS // 2)
    calendar = WorkingCalendar()
    for trust, organisation_id in cast.organisations.items():
        if clinicians := cast.at(trust, Role.DUTY_CLINICIAN):
            _hours(organisation_id, start - timedelta(days=365))
            _duty(cast, organisation_id, clinicians, start)
    db.session.add(
        LocalClosure(
            organisation_id=cast.organisations[cast.home["lead"]],
            day=calendar.add(today, 15),
            label="Service away day: duty by the lead only",
        )
    )
    for key, cover, first, length in (
        ("assessor3", "assessor2", -2, 9),
        ("assessor2", "assessor", 18, 5),
        ("lead2", "lead", 8, 4),
        ("assessor-slam", "assessor-slam2", -12, 7),
    ):
        first_day = today + timedelta(days=first)
        db.session.add(
            Leave(
                staff_id=cast.staff[key],
                first_day=first_day,
                last_day=first_day + timedelta(days=length),
                cover_staff_id=cast.staff[cover],
            )
        )


def _hours(organisation_id: int, valid_from: date) -> None:
    for weekday in range(5):
        db.session.add(
            ServiceHours(
                organisation_id=organisation_id,
                weekday=weekday,
                opens=OPENS,
                closes=CLOSES,
                valid_from=valid_from,
                valid_to=None,
            )
        )


def _duty(cast: Cast, organisation_id: int, clinicians: list[str], start: date) -> None:
    calendar = WorkingCalendar()
    for number in range(7 * WEEKS):
        day = start + timedelta(days=number)
        if calendar.is_working(day):
            on_duty = clinicians[number // 7 % len(clinicians)]
            db.session.add(
                DutyShift(
                    organisation_id=organisation_id,
                    day=day,
                    staff_id=cast.staff[on_duty],
                    made_by=cast.staff["manager"],
                )
            )
