"""Whose time a row of `TakenTime` is: one number for each clinician, room and man."""

from enum import IntEnum

_KINDS = 4


class Lane(IntEnum):
    """What cannot be in two places at once."""

    CLINICIAN = 0
    ROOM = 1
    MAN = 2


def lane_of(kind: Lane, key: int) -> int:
    """The lane of the member of staff, room or person with this key."""
    return key * _KINDS + kind.value


def kind_of(lane: int) -> Lane:
    """Whether a lane is a clinician's, a room's or a man's."""
    return Lane(lane % _KINDS)


def key_of(lane: int) -> int:
    """The key of the row whose lane it is."""
    return lane // _KINDS
