"""Reads of intake that are more than a line."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import values
from mhtr.core.transaction import remembered
from mhtr.intake import policy
from mhtr.intake.models import CourtCoverage, Referral
from mhtr.intake.referral import CodeLists
from mhtr.intake.routing import CourtCover, Route, Trust, route
from mhtr.tasks.calendar import working_calendar

REFERRING = (
    Purpose.REFERRAL,
    Purpose.PROBATION_REFERRAL,
    Purpose.ADMINISTRATION,
    Purpose.CLINICAL,
)
"""Purposes under which a referral's own page is shown."""
REFERRED = (Purpose.REFERRAL, Purpose.PROBATION_REFERRAL)
"""Purposes of whoever referred, where he is told what became of it."""
_OF_CASE = select(Referral).where(Referral.case_id == bindparam("wanted"))


def code_lists(*, fictional: bool) -> CodeLists:
    """The shipped lists a referral is read against."""
    return CodeLists(
        suites=lists.load("custody_suites"),
        courts=lists.load("courts"),
        ways=lists.load("referral_ways"),
        sources=lists.load("source_of_referral"),
        vulnerabilities=lists.load("vulnerabilities"),
        languages=lists.load("languages"),
        fictional=fictional,
    )


def place_label(code: str) -> str:
    """The name of a custody suite or court, or the way a referral came; the code itself where the
    lists do not know it."""
    found = (lists.load(name).get(code) for name in ("custody_suites", "courts", "referral_ways"))
    return next((entry.label for entry in found if entry), code)


def came(code: str) -> str:
    """From where, or in what way, a referral came, as a sentence says it; empty: not said."""
    way = lists.load("referral_ways").get(code)
    if way is not None:
        return way.label[:1].lower() + way.label[1:]
    return f"from {place_label(code)}" if code else ""


def place_area(code: str) -> str:
    """The part of London a custody suite or court lies in; empty where it is not known."""
    entry = lists.load("custody_suites").get(code) or lists.load("courts").get(code)
    return entry.extras.get("area", "") if entry else ""


def covers() -> list[CourtCover]:
    """Every coverage period, current or not, the latest start first."""
    return list(remembered("covers", CourtCoverage, _covers))


def _covers() -> list[CourtCover]:
    rows = db.session.scalars(select(CourtCoverage).order_by(CourtCoverage.live_from.desc()))
    return [
        CourtCover(
            court_code=row.court_code,
            starts=row.live_from,
            ends=row.live_to,
            trust_id=row.trust_id,
            court_team_id=row.court_team_id,
        )
        for row in rows
    ]


def find_route(court: str, place: str, on: date) -> Route:
    """The treating trust for a court on a day and a place where he was seen.

    Raises:
        Refused: no treating trust is set up.
    """
    found = route(
        court,
        on,
        place_area(place) or place_area(court),
        covers=covers(),
        trusts=remembered("trusts", Organisation, _trusts),
        default=str(values(policy.DEFAULT_TRUST)["default_trust"]),
    )
    if found is None:
        raise Refused("No treating trust is set up yet, so nobody would receive the referral.")
    return found


def _trusts() -> list[Trust]:
    rows = db.session.scalars(
        select(Organisation)
        .where(
            Organisation.kind == OrganisationKind.TREATING_TRUST,
            Organisation.closed_on.is_(None),
        )
        .order_by(Organisation.id)
    )
    return [Trust(row.id, row.area, row.code or "") for row in rows]


def due_in(working_days: int) -> datetime:
    """The end of the working day that lies so many working days ahead; never in the past."""
    hour = int(values(policy.DAY_ENDS)["day_ends"])
    calendar, today = working_calendar(), clock.today()
    due = clock.from_london(datetime.combine(calendar.add(today, working_days), time(hour)))
    if due <= clock.now():
        following = calendar.add(today + timedelta(days=1), 0)
        due = clock.from_london(datetime.combine(following, time(hour)))
    return due


def last_place(staff_id: int) -> str:
    """Where this practitioner last referred from: the one thing a new form remembers."""
    return (
        db.session.scalars(
            select(Referral.place_code)
            .where(Referral.referrer_id == staff_id)
            .order_by(Referral.referred_at.desc(), Referral.id.desc())
            .limit(1)
        ).first()
        or ""
    )


def referral_of(case_id: int) -> Referral | None:
    """The referral a case began with. The caller has found the case in the viewer's scope."""
    wanted = {"wanted": case_id}
    return remembered(case_id, Referral, lambda: db.session.scalars(_OF_CASE, wanted).one_or_none())


def works_on(case: Case, staff_id: int) -> bool:
    """Whether work on a case is still his: he assesses, or his trust has the case."""
    referral = referral_of(case.id)
    if referral is None or case.assessor_id == staff_id:
        return True
    return db.session.get_one(Staff, staff_id).organisation_id == referral.trust_id


def staff_principal(staff_id: int) -> int:
    """The principal of a member of staff."""
    return db.session.get_one(Staff, staff_id).principal_id


def organisation_principal(organisation_id: int) -> int:
    """The principal of an organisation."""
    return db.session.get_one(Organisation, organisation_id).principal_id


def sees_outcome(viewer: Viewer, case_id: int) -> bool:
    """Whether this viewer may see what became of a referral; the others get a receipt."""
    return (
        db.session.scalars(
            select(Case.id).where(Case.id == case_id, in_scope(viewer, *REFERRING))
        ).first()
        is not None
    )
