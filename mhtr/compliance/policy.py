"""Settings about attendance that a service chooses for itself."""

from mhtr.compliance.contact_rules import Wanted
from mhtr.core.policy import PolicyValue, declare, values

ATTEMPTS = declare(
    PolicyValue(
        key="compliance.attempts",
        label="After a miss, attempts to reach him",
        default=2,
        unit="a number of attempts",
        source="Service default, for the service to confirm",
        minimum=1,
        maximum=10,
    )
)
WAYS = declare(
    PolicyValue(
        key="compliance.ways",
        label="After a miss, different ways in which he is tried to be reached",
        default=2,
        unit="a number of ways",
        source="Service default, for the service to confirm",
        minimum=1,
        maximum=4,
    )
)
RECORDED_WITHIN = declare(
    PolicyValue(
        key="compliance.recorded_within",
        label="What happened at a session is recorded within",
        default=1,
        unit="a number of working days after it",
        source="Overdue after one working day: service default, to be confirmed",
        minimum=0,
        maximum=10,
    )
)
EVIDENCE_DAYS = declare(
    PolicyValue(
        key="compliance.evidence_days",
        label="After a missed session, he gives his reason and evidence within",
        default=7,
        unit="a number of days after it is recorded",
        source="Probation practice (breach design history, 2021): 7 days, taken as calendar days",
        minimum=1,
        maximum=28,
    )
)

DECIDE_WITHIN = declare(
    PolicyValue(
        key="compliance.decide_within",
        label="Probation decides on an absence within",
        default=3,
        unit="a number of working days after the last day for his evidence",
        source="Local: no national number was found; for the service and probation to agree",
        minimum=0,
        maximum=20,
    )
)


def attempts_wanted() -> Wanted:
    """How often, and in how many ways, he is tried to be reached after a miss."""
    found = values(ATTEMPTS, WAYS)
    attempts = int(found["attempts"])
    return Wanted(attempts, min(int(found["ways"]), attempts))


def recorded_within() -> int:
    """Working days after a session by the end of which its outcome is on record."""
    return int(values(RECORDED_WITHIN)["recorded_within"])


def evidence_days() -> int:
    """Calendar days after a miss is recorded in which he gives his reason and evidence."""
    return int(values(EVIDENCE_DAYS)["evidence_days"])


def decide_within() -> int:
    """Working days after the last day for his evidence by the end of which probation decides."""
    return int(values(DECIDE_WITHIN)["decide_within"])
