"""Settings about booking that a service chooses for itself."""

from mhtr.core.policy import PolicyValue, declare, values

INTERPRETER_LEAD = declare(
    PolicyValue(
        key="booking.interpreter_lead",
        label="A session with an interpreter is booked ahead by",
        default=5,
        unit="a number of working days",
        source="Service default, for the service to confirm with its interpreters",
        minimum=0,
        maximum=30,
    )
)
APART_MINUTES = declare(
    PolicyValue(
        key="booking.apart_minutes",
        label="Between the visits to one place of people who must not meet",
        default=30,
        unit="a number of minutes",
        source="Service default: time to wait and to leave",
        minimum=0,
        maximum=240,
    )
)
WEEKS_AHEAD = declare(
    PolicyValue(
        key="booking.weeks_ahead",
        label="Times for one session are looked for at most ahead by",
        default=6,
        unit="a number of weeks",
        source="Service default",
        minimum=1,
        maximum=26,
    )
)
ACCESS_AFTER = declare(
    PolicyValue(
        key="booking.access_after",
        label="Whoever saw him can open his record, after the last session, for",
        default=14,
        unit="a number of days",
        source="Service default: time to write up what happened, and to answer questions about it",
        minimum=1,
        maximum=90,
    )
)


def interpreter_lead() -> int:
    """Working days from today to the first session with an interpreter."""
    return int(values(INTERPRETER_LEAD)["interpreter_lead"])


def apart_minutes() -> int:
    """Minutes between the visits to one place of people who must not meet."""
    return int(values(APART_MINUTES)["apart_minutes"])


def weeks_ahead() -> int:
    """How many weeks ahead times are looked for."""
    return int(values(WEEKS_AHEAD)["weeks_ahead"])


def access_after() -> int:
    """Days from the last session of a clinician until he cannot open the man's record any more."""
    return int(values(ACCESS_AFTER)["access_after"])
