"""A referral, submitted."""

from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import service
from mhtr.intake.whose_record import Answers
from tests.intake.samples import submission
from tests.makers import make_organisation


def trust(area: str = "south") -> Organisation:
    made = make_organisation()
    with writing():
        db.session.get_one(Organisation, made.id).area = area
    return made


def submit(
    by: Staff, same_man: Answers | None = None, channel: str = "form", **changes: str
) -> Case:
    with writing():
        case = service.submit_referral(
            submission=submission(**changes),
            channel=channel,
            referrer_id=by.id,
            organisation_id=by.organisation_id,
            by=by.id,
            same_man=same_man,
        )
    return case


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
