"""Policy values of tasks."""

from mhtr.core.policy import PolicyValue, declare

DEFAULT_OPENS = declare(
    PolicyValue(
        "tasks.default_opens",
        "A trust that has set no service hours opens, Monday to Friday, at",
        9,
        "an hour of the day in London, 0 to 12",
        "service's own value, to be set by the trust",
        maximum=12,
    )
)
DEFAULT_CLOSES = declare(
    PolicyValue(
        "tasks.default_closes",
        "A trust that has set no service hours closes, Monday to Friday, at",
        17,
        "an hour of the day in London, 13 to 23",
        "service's own value, to be set by the trust",
        minimum=13,
        maximum=23,
    )
)

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
