"""What a row of the disclosure wall says: who holds a thing, who sees it, and on what it rests."""

from dataclasses import dataclass, fields
from enum import StrEnum


class Side(StrEnum):
    """Who may see something; the value is a field of `Seen`."""

    OFFICER = "officer"
    """The responsible officer, and whoever covers."""
    SENIOR = "senior"
    COURT_TEAM = "court_team"
    """The author of the pre-sentence report and her team."""
    CLINICIANS = "clinicians"
    ADMINISTRATORS = "administrators"
    LINK_WORKERS = "link_workers"
    REFERRERS = "referrers"
    """Liaison and Diversion."""
    COURT = "court"
    GP = "gp"
    MAN = "man"


SIDE_WORDS = {
    Side.OFFICER: "Responsible officer",
    Side.SENIOR: "Senior probation officer",
    Side.COURT_TEAM: "Court probation team",
    Side.CLINICIANS: "Clinicians",
    Side.ADMINISTRATORS: "Administrators",
    Side.LINK_WORKERS: "Link workers",
    Side.REFERRERS: "Liaison and Diversion",
    Side.COURT: "Court",
    Side.GP: "GP",
    Side.MAN: "The man himself",
}
PROBATION = frozenset({Side.OFFICER, Side.SENIOR, Side.COURT_TEAM})
SERVICE = frozenset({Side.CLINICIANS, Side.ADMINISTRATORS, Side.LINK_WORKERS, Side.REFERRERS})
OUTSIDE = PROBATION | {Side.COURT, Side.GP}
"""Whom something of the service reaches only by crossing the wall."""


class Sees(StrEnum):
    """How much of it."""

    YES = "yes"
    PART = "part"
    """A summary, or only what is marked for them."""
    ON_REQUEST = "on_request"
    """A copy when he asks: his right of access, less what would betray or endanger another."""
    NO = "no"


class Holder(StrEnum):
    """Whose record it is."""

    SERVICE = "service"
    PROBATION = "probation"
    COURT = "court"
    REFERRER = "referrer"
    """Whoever wrote it, of either side."""


class Basis(StrEnum):
    """Why whoever does not hold it may see it."""

    ORDER = "order"
    """The court's order, or its request for a report: he is told, not asked."""
    CONSENT = "consent"
    """He agrees to it, and can take that back."""
    EXCEPTION = "exception"
    """Somebody could be badly hurt: each time with reason, approver and recipient on record."""
    OWN = "own"
    """It stays with whoever holds it."""


class Default(StrEnum):
    """What holds before anybody says anything about one man."""

    GOES = "goes"
    """It goes, to everybody named."""
    ASKED = "asked"
    """Nothing goes until he agrees."""
    EACH_TIME = "each_time"
    """He is asked, or somebody decides with a reason, each time anew."""
    STAYS = "stays"
    """It does not cross."""


class InReports(StrEnum):
    """Whether a compliance report that leaves for probation holds it."""

    NEVER = "never"
    """No agreement lets it in."""
    ALWAYS = "always"
    """The order cannot be supervised without it: no agreement takes it out."""
    UNLESS = "unless"
    """In it, unless the agreement of the trust with probation leaves it out."""
    IF_AGREED = "if_agreed"
    """In it only where that agreement adds it."""


EACH_TIME = "each_time"
"""In place of an item of consent: he says each time what may go."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How much each side sees. Whoever is not named sees nothing."""

    officer: Sees = Sees.NO
    senior: Sees = Sees.NO
    court_team: Sees = Sees.NO
    clinicians: Sees = Sees.NO
    administrators: Sees = Sees.NO
    link_workers: Sees = Sees.NO
    referrers: Sees = Sees.NO
    court: Sees = Sees.NO
    gp: Sees = Sees.NO
    man: Sees = Sees.ON_REQUEST

    def by(self, side: Side) -> Sees:
        """How much this side sees."""
        found = getattr(self, side.value)
        if not isinstance(found, Sees):
            raise TypeError(side)
        return found


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row of the wall: something a reader would recognise.

    Args:
        rests_on: the provision, or the reason, in words.
        confirmed: whether the legal basis was read in the law itself; otherwise the service has
            to confirm it with its privacy officer and in its agreement with probation.
        consent: the item of consent it rests on, or `EACH_TIME`.
        told: what he is told of it, in his words; for whatever leaves the service, and for what
            he may fear that leaves it.
        in_reports: whether compliance reports hold it.
    """

    key: str
    name: str
    holder: Holder
    seen: Seen
    purpose: str
    basis: Basis
    default: Default
    rests_on: str
    confirmed: bool = False
    consent: str = ""
    told: str = ""
    in_reports: InReports = InReports.NEVER

    @property
    def withdrawal_stops(self) -> bool:
        """Whether he can stop it by taking his agreement back."""
        return self.basis is Basis.CONSENT

    def goes_to(self, side: Side) -> bool:
        """Whether this side sees any of it without asking for it."""
        return self.seen.by(side) in (Sees.YES, Sees.PART)


SIDES = tuple(Side(one.name) for one in fields(Seen))
