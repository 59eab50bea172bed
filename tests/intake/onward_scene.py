"""A man referred on, and everybody concerned."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases import consent_service
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import OnwardState
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.worlds import world

S = OnwardState
KEY = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"


class Scene:
    """A case, the clinician who routes on, and a charity with a link worker."""

    @world
    def __init__(self) -> None:
        self.clinician = make_staff(Role.ASSESSOR)
        self.charity: Organisation = make_organisation(OrganisationKind.LINK_WORKERS)
        self.worker = make_staff(Role.LINK_WORKER, organisation=self.charity)
        self.case: Case = make_case()
        with writing():
            access.grant(
                self.case.id,
                Purpose.CLINICAL,
                self.clinician.principal_id,
                because="test",
                by=None,
            )

    @world
    def route_on(
        self,
        owner: int | None = None,
        *,
        agreed: bool = True,
        service: str = "housing",
        how: str = "telephone",
    ) -> OnwardReferral:
        case_id, by = self.case.id, self.clinician.id
        principal = owner or self.worker.principal_id
        with writing():
            return onward_service.route_on(
                case_id=case_id,
                service_code=service,
                service_name="",
                owner_principal_id=principal,
                agreed=agreed,
                how=how,
                note="Sofa surfing",
                by=by,
            )

    def step(
        self, row: OnwardReferral, state: S, version: int | None = None, *, ahead: int = 3
    ) -> None:
        onward_id, by = row.id, self.worker.id
        known = row.version if version is None else version
        with writing():
            onward_service.record_step(
                onward_id=onward_id,
                state=state,
                version=known,
                note="",
                appointment_at=clock.now() + timedelta(days=ahead),
                by=by,
            )

    def hand_over(self, row: OnwardReferral, to: Staff) -> None:
        onward_id, version, by = row.id, row.version, self.clinician.id
        with writing():
            onward_service.hand_over(
                onward_id=onward_id, owner_principal_id=to.principal_id, version=version, by=by
            )

    def say(self, decision: ConsentDecision, item: ConsentItem = ConsentItem.LINK_WORKER) -> None:
        case_id, by = self.case.id, self.clinician.id
        with writing():
            consent_service.record_consent(
                case_id=case_id,
                item=item,
                decision=decision,
                how="face_to_face",
                at=clock.now(),
                by=by,
            )

    def sees(self, *principals: int) -> bool:
        """Whether any of these principals sees the case for link work."""
        db.session.rollback()
        live = select(access.Grant.id).where(
            access.Grant.case_id == self.case.id,
            access.Grant.purpose == Purpose.LINK_WORK,
            access.Grant.principal_id.in_(principals or (self.worker.principal_id,)),
            access.Grant.ends_at.is_(None),
        )
        return db.session.scalars(live).first() is not None


@pytest.fixture
def scene(either_app: Flask) -> Scene:
    return Scene()


def open_follow_ups() -> list[Task]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Task).where(Task.kind == TaskKind.ONWARD_REFERRAL, Task.state == TaskState.OPEN)
        )
    )


def given_to(staff: Staff, client: PageClient) -> OnwardReferral:
    scene = Scene()
    row = scene.route_on(staff.principal_id)
    client.sign_in(staff)
    return row
