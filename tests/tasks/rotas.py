"""A trust with a duty rota."""

from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import Organisation
from mhtr.core.access import Role
from mhtr.core.transaction import writing
from mhtr.tasks import leave_service, rota_service
from tests.makers import make_hours, make_organisation, make_staff

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)


class House:
    """A trust with a lead who keeps the rota, and two duty clinicians."""

    def __init__(self) -> None:
        self.trust: Organisation = make_organisation()
        self.id = self.trust.id
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=self.trust, name="Lea Dee").id
        self.one = make_staff(Role.DUTY_CLINICIAN, organisation=self.trust, name="Ann One").id
        self.two = make_staff(Role.DUTY_CLINICIAN, organisation=self.trust, name="Bob Two").id
        make_hours(self.id)

    def on_duty(self, day: date, *staff: int, seen: tuple[int, ...] = (), **more: bool) -> None:
        with writing():
            rota_service.set_day(
                organisation_id=self.id,
                day=day,
                staff_ids=staff,
                seen=seen,
                by=self.lead,
                **more,
            )

    def leave(
        self,
        staff: int,
        first: date,
        last: date,
        *,
        by: int = 0,
        cover: int | None = None,
        accept: bool = False,
    ) -> int:
        with writing():
            return leave_service.plan_leave(
                staff_id=staff,
                first=first,
                last=last,
                cover_staff_id=cover,
                by=by or staff,
                accept=accept,
            ).id


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()
