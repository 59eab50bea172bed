"""Settings of signing in that a service chooses for itself."""

from mhtr.core.policy import PolicyValue, declare

INVITATION_DAYS = declare(
    PolicyValue(
        key="accounts.invitation_days",
        label="How long an invitation to sign in is good",
        default=3,
        unit="a number of days",
        source="Service default; OWASP Forgot Password Cheat Sheet: short-lived links",
        minimum=1,
        maximum=14,
    )
)
THROTTLE_MINUTES = declare(
    PolicyValue(
        key="accounts.throttle_minutes",
        label="How long a failed sign-in counts",
        default=60,
        unit="a number of minutes",
        source="Service default; OWASP Authentication Cheat Sheet: observation window",
        minimum=15,
        maximum=1440,
    )
)
TRIES_PER_ACCOUNT = declare(
    PolicyValue(
        key="accounts.tries_per_account",
        label="Failed sign-ins with one name before waiting begins",
        default=5,
        unit="a number of tries",
        source="Service default; NCSC password guidance: throttle after 5 to 10 tries",
        minimum=3,
        maximum=10,
    )
)
TRIES_PER_ADDRESS = declare(
    PolicyValue(
        key="accounts.tries_per_address",
        label="Failed sign-ins from one network address before waiting begins",
        default=30,
        unit="a number of tries",
        source="Service default: a trust's or court's whole building may share one address",
        minimum=10,
        maximum=1000,
    )
)
LONGEST_WAIT_MINUTES = declare(
    PolicyValue(
        key="accounts.longest_wait_minutes",
        label="Longest wait after failed sign-ins",
        default=15,
        unit="a number of minutes",
        source="Service default: nobody is locked out for good, so that nobody can lock out others",
        minimum=1,
        maximum=60,
    )
)
TWO_STEPS_DAYS = declare(
    PolicyValue(
        key="accounts.two_steps_days",
        label="How long whoever made a link cannot reset the authenticator of the same account, "
        "nor the other way round",
        default=7,
        unit="a number of days",
        source="Service default: whoever does both is the account's holder",
        minimum=7,
        maximum=90,
    )
)
