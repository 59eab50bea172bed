"""An officer of probation with sixty men: her pages of all of them beside the reference page."""

from flask import Flask
from sqlalchemy import select

from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders import contact_service
from mhtr.orders.contact_service import Named
from mhtr.orders.queries import contact_of
from mhtr.probation.people_queries import men_of

PEOPLE = 60
PATHS = ("/my-people", "/today", "/my-people/ndelius")
MOST = 2.0


def caseload(app: Flask) -> int:
    """Name the practitioner's face for men under an order until she has sixty; how many she has."""
    with app.app_context():
        face = demo_staff()[Role.PROBATION]
        hers = {man.case_id for man in men_of(viewer_of(face))}
        query = select(Case.id).where(Case.state.in_(sorted(UNDER_ORDER))).order_by(Case.id)
        for case_id in db.session.scalars(query).all():
            if len(hers) >= PEOPLE:
                break
            if case_id not in hers and _names(case_id, face.id):
                hers.add(case_id)
        return len(men_of(viewer_of(face)))


def _names(case_id: int, staff_id: int) -> bool:
    """Whether she could be named: not for a man whose record is restricted."""
    now = contact_of(case_id)
    seen = now.id if now else 0
    try:
        with writing():
            contact_service.name_contact(
                case_id=case_id, said=Named(None, staff_id), seen=seen, by=staff_id
            )
    except Refused:
        return False
    return True
