"""Settings about orders that a service chooses for itself. Legal limits are none of these."""

from mhtr.core.policy import PolicyValue, declare, values
from mhtr.orders.induction import Targets

SESSIONS_EXPECTED = declare(
    PolicyValue(
        key="orders.sessions_expected",
        label="Treatment sessions expected under an order",
        default=12,
        unit="a number of sessions",
        source="About 12 sessions: TEWV and the London women's service (10 to 12)",
        minimum=1,
        maximum=60,
    )
)
LEAST_DAYS_APART = declare(
    PolicyValue(
        key="orders.least_days_apart",
        label="Least days from one treatment session to the next, for the order's clock",
        default=7,
        unit="a number of days",
        source="Service default: weekly sessions",
        minimum=1,
        maximum=28,
    )
)
RECORDED_WITHIN = declare(
    PolicyValue(
        key="orders.recorded_within",
        label="The order is recorded after the court's result within",
        default=1,
        unit="a number of working days",
        source="Service default, for the service to confirm",
        minimum=0,
        maximum=10,
    )
)


PROBATION_FIRST = declare(
    PolicyValue(
        key="orders.probation_first",
        label="Probation sees him after the sentence within",
        default=5,
        unit="a number of working days",
        source="TEWV: probation within five days of sentence; National Standards of 2007",
        minimum=1,
        maximum=30,
    )
)
FIRST_SESSION = declare(
    PolicyValue(
        key="orders.first_session",
        label="The first treatment session takes place after the sentence within",
        default=10,
        unit="a number of working days",
        source="Service default, for the service to confirm",
        minimum=1,
        maximum=60,
    )
)


def induction_targets() -> Targets:
    """By when probation and the service see him first."""
    found = values(PROBATION_FIRST, FIRST_SESSION)
    return Targets(int(found["probation_first"]), int(found["first_session"]))


def least_days_apart() -> int:
    """Days from one session to the next at least."""
    return int(values(LEAST_DAYS_APART)["least_days_apart"])


def sessions_expected() -> int:
    """How many sessions an order is expected to hold unless somebody says otherwise."""
    return int(values(SESSIONS_EXPECTED)["sessions_expected"])


def recorded_within() -> int:
    """Working days from the court's result to the order on record."""
    return int(values(RECORDED_WITHIN)["recorded_within"])
