"""Settings about session notes that a service chooses for itself."""

from datetime import timedelta

from mhtr.core.policy import PolicyValue, declare, values

EDITABLE = declare(
    PolicyValue(
        key="notes.editable_hours",
        label="A finished session note can be changed for",
        default=24,
        unit="a number of hours",
        source="Service default: the local period after which notes are locked",
        minimum=1,
        maximum=168,
    )
)
SIGNED_WITHIN = declare(
    PolicyValue(
        key="notes.signed_within",
        label="A note of an unregistered author is signed off within",
        default=5,
        unit="a number of working days",
        source="Service default, for the service to confirm",
        minimum=1,
        maximum=30,
    )
)
FINISHED_WITHIN = declare(
    PolicyValue(
        key="notes.finished_within",
        label="A session note that was returned, or whose author left, is finished within",
        default=3,
        unit="a number of working days",
        source="Service default, for the service to confirm",
        minimum=1,
        maximum=30,
    )
)


def editable() -> timedelta:
    """How long a finished note can still be changed."""
    return timedelta(hours=int(values(EDITABLE)["editable_hours"]))


def signed_within() -> int:
    """Working days within which a clinical lead signs off a note."""
    return int(values(SIGNED_WITHIN)["signed_within"])


def finished_within() -> int:
    """Working days within which a returned note, or a draft of somebody who left, is finished."""
    return int(values(FINISHED_WITHIN)["finished_within"])
