"""An onward referral's steps: what may follow what, and the words for it. Pure."""

from collections.abc import Mapping
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
    }
)
"""What may be recorded next. A state with nothing after it is an ending."""


def ended(state: OnwardState) -> bool:
    """Whether nothing more is expected."""
    return not NEXT[state]


def why_not(before: OnwardState, after: OnwardState, *, appointment_given: bool) -> str:
    """Why a step cannot be recorded, in words; empty where it can."""
    if after not in NEXT[before]:
        return f"“{ONWARD_WORDS[after]}” cannot follow “{ONWARD_WORDS[before]}”."
    if after is S.FIRST_APPOINTMENT_BOOKED and not appointment_given:
        return "Enter the date and time of the first appointment."
    return ""
