"""Settings about changes of a therapist that a service chooses for itself."""

from mhtr.core.policy import PolicyValue, declare, values

ANSWERED_WITHIN = declare(
    PolicyValue(
        key="therapists.answered_within",
        label="A proposed change of therapist is answered within",
        default=5,
        unit="a number of working days",
        source="Service default",
        minimum=1,
        maximum=30,
    )
)
LONG_LEAVE = declare(
    PolicyValue(
        key="therapists.long_leave",
        label="A therapist on leave is not waited for where the leave lasts",
        default=28,
        unit="a number of days, or more",
        source="Service default: four weeks, a third of a course of twelve",
        minimum=14,
        maximum=365,
    )
)


def answered_within() -> int:
    """Working days in which each of those asked answers."""
    return int(values(ANSWERED_WITHIN)["answered_within"])


def long_leave() -> int:
    """Days from which a leave is long."""
    return int(values(LONG_LEAVE)["long_leave"])
