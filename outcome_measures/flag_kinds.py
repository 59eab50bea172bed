"""What a score can be flagged for."""

from enum import StrEnum


class FlagKind(StrEnum):
    """The flags a service can defend; each has its rule in `flags`."""

    RISK = "risk"
    WORSE = "worse"
    MIXED = "mixed"
    NO_RELIABLE_CHANGE = "no_reliable_change"
    ABOVE_CUT_OFF = "above_cut_off"
    NOT_MEASURED = "not_measured"
    CROSSED = "crossed"
