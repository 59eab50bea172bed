"""Whether a booked session fits what there is to schedule with. Values only."""

from collections.abc import Iterable
from dataclasses import dataclass

from sessions.availability.open_rules import union
from sessions.availability.shapes import ClinicianOpen, ManLimits, RoomOpen, Span
from sessions.therapies import Gender, SessionMode, Therapy


@dataclass(frozen=True, slots=True)
class Booked:
    """One booked session, as far as what it needs goes."""

    session_id: int
    span: Span
    clinician_id: int
    mode: SessionMode
    site_id: int | None
    room_id: int | None
    in_group: bool
    people: int
    """How many men come."""
    therapies: frozenset[Therapy]


NOT_WORKING = "The clinician is not there then"
NO_TELEPHONE = "The clinician does not see people by telephone"
NO_VIDEO = "The clinician does not see people by video"
NOT_QUALIFIED = "The clinician does not deliver this"
NO_GROUPS = "The clinician does not lead groups of this"
NO_ROOM = "The room cannot be used then"
TOO_SMALL = "The room is too small"
TOO_MANY = "The clinician would see more people that day than he is to"
CANNOT_COME = "It is a time at which somebody cannot come"
BARRED = "It is at a place where somebody may not go"
OTHER_MODE = "Somebody is not to be seen this way"
OTHER_GENDER = "Somebody asks for a therapist of another gender"
NO_STEPS = "Somebody needs a room without steps"


def of_clinician(booked: Booked, who: ClinicianOpen | None) -> str:
    """Why the clinician does not fit; empty where he does. None: he cannot be booked at all."""
    if who is None:
        return NOT_WORKING
    here = booked.site_id if booked.mode is SessionMode.IN_PERSON else None
    there = union(one.span for one in who.open if here in (None, one.site_id))
    if not any(one.holds(booked.span) for one in there):
        return NOT_WORKING
    if booked.mode is SessionMode.TELEPHONE and not who.telephone:
        return NO_TELEPHONE
    if booked.mode is SessionMode.VIDEO and not who.video:
        return NO_VIDEO
    if not booked.therapies <= who.therapies:
        return NOT_QUALIFIED
    return "" if not booked.in_group or booked.therapies <= who.leads_groups else NO_GROUPS


def of_room(booked: Booked, room: RoomOpen | None) -> str:
    """Why the room does not fit; empty where it does, or none is booked."""
    if booked.room_id is None:
        return ""
    if room is None or not any(one.holds(booked.span) for one in room.open):
        return NO_ROOM
    return "" if booked.people + 1 <= room.capacity else TOO_SMALL


def of_man(booked: Booked, man: ManLimits, gender: Gender, room: RoomOpen | None) -> str:
    """Why it does not fit one of the men who come; empty where it does."""
    if booked.mode not in man.modes:
        return OTHER_MODE
    if booked.site_id in man.barred_sites:
        return BARRED
    if any(one.span.overlaps(booked.span) for one in man.cannot):
        return CANNOT_COME
    if man.therapist_gender not in (Gender.NOT_SAID, gender):
        return OTHER_GENDER
    return NO_STEPS if man.step_free and room is not None and not room.step_free else ""


def too_many(of_a_day: Iterable[Booked], daily_most: int) -> frozenset[int]:
    """The sessions of a day beyond those the clinician is to hold, the latest."""
    later = sorted(of_a_day, key=lambda one: (one.span, one.session_id))[daily_most:]
    return frozenset(one.session_id for one in later)
