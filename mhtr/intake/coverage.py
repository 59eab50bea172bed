"""The writer of coverage: from when to when the service covers a court, and who works for it."""

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, Team
from mhtr.core import audit
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake.models import CourtCoverage


def cover(
    *,
    court: str,
    trust_id: int,
    court_team_id: int | None,
    live_from: date,
    live_to: date | None,
    by: int,
) -> CourtCoverage:
    """Cover a court from a day on. Periods of one court never overlap.

    Raises:
        Refused: the days are the wrong way round, overlap, the trust does not treat, or `by`
            works for another one.
    """
    must_be_writing()
    _must_be_his(trust_id, by)
    _check(court, trust_id, court_team_id, live_from, live_to)
    made = CourtCoverage(
        court_code=court,
        trust_id=trust_id,
        court_team_id=court_team_id,
        live_from=live_from,
        live_to=live_to,
        made_by=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("intake.court_covered", by=by, court=court, coverage=made.id)
    return made


def _check(
    court: str, trust_id: int, court_team_id: int | None, live_from: date, live_to: date | None
) -> None:
    # Locked together, so that two administrators cannot both find the court free.
    trusts = db.session.scalars(
        select(Organisation.id)
        .where(Organisation.kind == OrganisationKind.TREATING_TRUST)
        .order_by(Organisation.id)
        .with_for_update()
    ).all()
    if trust_id not in trusts:
        raise Refused("Choose a treating trust.")
    if court_team_id is not None and db.session.get(Team, court_team_id) is None:
        raise Refused("Choose a court team from the list.")
    if live_to is not None and live_to < live_from:
        raise Refused("The last day must not be before the first.")
    for row in _of_court(court):
        if row.live_from <= (live_to or date.max) and live_from <= (row.live_to or date.max):
            raise Refused("The court is covered already in that time. End that period first.")


def end(*, ref: uuid.UUID, last_day: date, by: int) -> None:
    """End a period with a last day. The row stays: what was routed by it stays explained.

    Raises:
        NotFound: there is no such period.
        Refused: it ended before, would end before it began, or is another trust's.
    """
    must_be_writing()
    row = db.session.scalars(
        select(CourtCoverage).where(CourtCoverage.ref == ref).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    _must_be_his(row.trust_id, by)
    if row.live_to is not None and row.live_to <= last_day:
        raise Refused("This period ends earlier already.")
    if last_day < row.live_from - timedelta(days=1):
        raise Refused("A period cannot end before it began.")
    row.live_to = last_day
    audit.record("intake.coverage_ended", by=by, court=row.court_code, coverage=row.id)


def _must_be_his(trust_id: int, by: int) -> None:
    """Where referrals go is who sees them: no trust takes another one's courts."""
    staff = db.session.get_one(Staff, by)
    any_trust = Role.SYSTEM_ADMINISTRATOR in {held.role for held in staff.roles}
    if not any_trust and staff.organisation_id != trust_id:
        raise Refused("These are another trust's courts. Ask a system administrator.")


def _of_court(court: str) -> list[CourtCoverage]:
    return list(
        db.session.scalars(
            select(CourtCoverage)
            .where(CourtCoverage.court_code == court)
            .order_by(CourtCoverage.live_from)
        )
    )


def periods() -> list[CourtCoverage]:
    """Every period, by court and first day."""
    return list(
        db.session.scalars(
            select(CourtCoverage).order_by(CourtCoverage.court_code, CourtCoverage.live_from)
        )
    )
