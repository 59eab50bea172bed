"""Settings of probation's workspace that a service chooses for itself."""

from datetime import date

from mhtr.core.policy import PolicyValue, Value, declare, values

NO_DAY = "The first session to key in from here needs a day, for example 2026-11-02, or nothing."


def _fault(value: Value) -> str:
    try:
        _day(str(value))
    except ValueError:
        return NO_DAY
    return ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


KEYED_FROM = declare(
    PolicyValue(
        key="probation.keyed_from",
        label="Entries for nDelius are asked for of sessions from this day on",
        default="",
        unit="a day, for example 2026-11-02; nothing: of every session",
        source="Local: the day on which a unit begins to mark here what it has keyed in",
        fault=_fault,
    )
)


def keyed_from() -> date | None:
    """The day from which on sessions are to be keyed into nDelius from here; None: all."""
    return _day(str(values(KEYED_FROM)["keyed_from"]))
