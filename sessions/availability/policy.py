"""Settings about what there is to schedule with that a service chooses for itself."""

from mhtr.core.policy import PolicyValue, declare, values

INTERPRETER_LEAD = declare(
    PolicyValue(
        key="sessions.interpreter_lead",
        label="An interpreter is asked for before a session at least",
        default=3,
        unit="a number of working days",
        source="Service default, for the service to confirm",
        minimum=0,
        maximum=30,
    )
)


def interpreter_lead() -> int:
    """Working days between booking a session with an interpreter and the session."""
    return int(values(INTERPRETER_LEAD)["interpreter_lead"])
