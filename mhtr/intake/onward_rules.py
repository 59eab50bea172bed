"""An onward referral's steps: what may follow what, and the words for it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class OnwardState(StrEnum):
    """What became of a referral to another service."""

    TO_SEND = "to_send"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FIRST_APPOINTMENT_BOOKED = "first_appointment_booked"
    ATTENDED = "attended"
    NOT_ATTENDED = "not_attended"
    HE_DECLINED = "he_declined"
    HE_DIED = "he_died"
    """Follows from his date of death, and ends with it; never chosen."""


S = OnwardState

ONWARD_WORDS: Mapping[OnwardState, str] = MappingProxyType(
    {
        S.TO_SEND: "To be sent",
        S.SENT: "Sent, no answer yet",
        S.ACCEPTED: "Accepted, no appointment yet",
        S.REFUSED: "Not taken by the service",
        S.FIRST_APPOINTMENT_BOOKED: "First appointment booked",
        S.ATTENDED: "First appointment attended",
        S.NOT_ATTENDED: "First appointment missed",
        S.HE_DECLINED: "He did not want it",
        S.HE_DIED: "He has died",
    }
)

NEXT: Mapping[OnwardState, tuple[OnwardState, ...]] = MappingProxyType(
    {
        S.TO_SEND: (S.SENT, S.HE_DECLINED),
        S.SENT: (S.ACCEPTED, S.FIRST_APPOINTMENT_BOOKED, S.REFUSED, S.HE_DECLINED),
        S.ACCEPTED: (S.FIRST_APPOINTMENT_BOOKED, S.REFUSED, S.HE_DECLINED),
        S.FIRST_APPOINTMENT_BOOKED: (
            S.ATTENDED,
            S.NOT_ATTENDED,
            S.FIRST_APPOINTMENT_BOOKED,
            S.HE_DECLINED,
        ),
        S.NOT_ATTENDED: (S.FIRST_APPOINTMENT_BOOKED, S.REFUSED, S.HE_DECLINED),
        S.ATTENDED: (),
        S.REFUSED: (),
        S.HE_DECLINED: (),
        S.HE_DIED: (),
    }
)
"""What may be recorded next. A state with nothing after it is an ending."""
CHOSEN = tuple(state for state in S if state is not S.HE_DIED)
"""What can be recorded by hand, and so what a mistake can be put right to."""
BEFORE_BOOKING = (S.TO_SEND, S.SENT, S.ACCEPTED)
OF_AN_APPOINTMENT = (S.FIRST_APPOINTMENT_BOOKED, S.ATTENDED, S.NOT_ATTENDED)
BEFORE_REFERRAL = timedelta(days=1)
"""A service may have given him a time shortly before he was referred to it here."""
LONGEST_WAIT = timedelta(days=731)

NO_TIME = "Enter the date and time of the first appointment."
TOO_EARLY = "The first appointment lies before he was referred on. Check the date."
TOO_FAR = "The first appointment lies more than two years ahead. Check the year."
NOT_YET = (
    "The first appointment has not been yet. Record what became of it afterwards, or another time "
    "for it."
)


@dataclass(frozen=True)
class Appointment:
    """The first appointment as it stands with a step: `at` is None where there is none."""

    at: datetime | None
    referred_at: datetime
    now: datetime


def ended(state: OnwardState) -> bool:
    """Whether nothing more is expected."""
    return not NEXT[state]


def why_not(before: OnwardState, after: OnwardState, appointment: Appointment) -> str:
    """Why a step cannot be recorded, in words; empty where it can."""
    if after not in NEXT[before]:
        return f"“{ONWARD_WORDS[after]}” cannot follow “{ONWARD_WORDS[before]}”."
    return wrong_time(after, appointment)


def wrong_time(state: OnwardState, appointment: Appointment) -> str:
    """Why a state cannot be with this first appointment; empty where it can."""
    if state not in OF_AN_APPOINTMENT:
        return ""
    if appointment.at is None:
        return NO_TIME
    if state is S.FIRST_APPOINTMENT_BOOKED:
        if appointment.at < appointment.referred_at - BEFORE_REFERRAL:
            return TOO_EARLY
        return TOO_FAR if appointment.at > appointment.now + LONGEST_WAIT else ""
    return NOT_YET if appointment.at > appointment.now else ""
