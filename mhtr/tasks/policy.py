"""Policy values of tasks."""

from mhtr.core.policy import PolicyValue, declare

GRANT_DAYS = 7
"""Whoever owned a sign of risk may see the case for this long after it closed or was passed on."""

ESCALATE_AFTER = declare(
    PolicyValue(
        "tasks.escalate_after_minutes",
        "A sign of risk nobody has seen goes to the next clinician after",
        30,
        "minutes of service hours",
        "service's own value, to be set by the trust",
        minimum=5,
        maximum=480,
    )
)
