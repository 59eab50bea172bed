"""The fictional service's hours, duty clinicians and leave."""

from datetime import date, time, timedelta

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.working_days import WorkingCalendar
from mhtr.demo.cast import Cast
from mhtr.tasks.models import DutyShift, Leave, LocalClosure, ServiceHours

WEEKS = 8
OPENS, CLOSES = time(9), time(17)


def set_up(cast: Cast, today: date) -> None:
    """Four weeks of duty before today and four after, hours, a closure, and leave."""
    start = today - timedelta(days=today.weekday() + 7 * WEEKS // 2)
    manager = cast.staff["manager"]
    for weekday in range(5):
        db.session.add(
            ServiceHours(
                weekday=weekday,
                opens=OPENS,
                closes=CLOSES,
                valid_from=start - timedelta(days=365),
                valid_to=None,
            )
        )
    calendar = WorkingCalendar()
    for trust in {cast.home[key] for key in cast.home}:
        clinicians = cast.at(trust, Role.DUTY_CLINICIAN)
        for number in range(7 * WEEKS if clinicians else 0):
            day = start + timedelta(days=number)
            if calendar.is_working(day):
                on_duty = clinicians[number // 7 % len(clinicians)]
                db.session.add(DutyShift(day=day, staff_id=cast.staff[on_duty], made_by=manager))
    db.session.add(
        LocalClosure(day=calendar.add(today, 15), label="Service away day: duty by the lead only")
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
