"""Settings of emergency access that a service chooses for itself."""

from mhtr.core.policy import PolicyValue, declare

BREAK_GLASS_MINUTES = declare(
    PolicyValue(
        key="cases.break_glass_minutes",
        label="How long emergency access lasts",
        default=60,
        unit="a number of minutes",
        source="Service default, for the trust's privacy officer to confirm",
        minimum=15,
        maximum=240,
    )
)
BREAK_GLASS_REASON = declare(
    PolicyValue(
        key="cases.break_glass_reason",
        label="Shortest reason for emergency access",
        default=20,
        unit="a number of characters",
        source="Service default, for the trust's privacy officer to confirm",
        minimum=10,
        maximum=200,
    )
)
BREAK_GLASS_TRIES = declare(
    PolicyValue(
        key="cases.break_glass_tries",
        label="Searches for emergency access that find nobody, in an hour",
        default=5,
        unit="a number of tries",
        source="Service default: nobody finds out by trying whether a man is on record",
        minimum=3,
        maximum=20,
    )
)
BREAK_GLASS_REVIEW_DAYS = declare(
    PolicyValue(
        key="cases.break_glass_review_days",
        label="Emergency access is reviewed within",
        default=3,
        unit="a number of working days",
        source="Service default, for the trust's privacy officer to confirm",
        minimum=1,
        maximum=20,
    )
)
