"""How a person may be reached: telephone numbers, and which channels he said are safe.

Somebody else may hold his phone or open his post. So a channel is used only after he has said
yes to it: an answer that was never asked for is not a yes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_LONGEST_INPUT = 64
# Numbers that Ofcom keeps for drama use: they reach nobody, so demonstrations use them.
# Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
_FICTIONAL_MOBILE = re.compile(r"\+447700900[0-9]{3}")
_FICTIONAL_LANDLINE = re.compile(
    r"\+44(?:1632960|2079460|1914980|2920180|3069990|8081570"
    r"|(?:113|114|115|116|117|118|121|131|141|151|161)4960)[0-9]{3}"
)


class PhoneError(ValueError):
    """The text is no telephone number; `reason` says why, in words for the form field."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PhoneKind(StrEnum):
    """What can be done with a number: texts go to mobiles only."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    OTHER = "other"


@dataclass(frozen=True)
class PhoneNumber:
    """A telephone number: `e164` is stored and compared, `display` is shown."""

    e164: str
    kind: PhoneKind
    display: str


class Permission(StrEnum):
    """An answer about safety; UNKNOWN means that he has not been asked or has not said."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class Channel(StrEnum):
    """A way of leaving something with him that another person could come across."""

    TEXT = "text"
    VOICEMAIL = "voicemail"
    LETTER = "letter"


@dataclass(frozen=True)
class ContactPermissions:
    """What he said about each channel, and the phrase by which he knows the service."""

    safe_to_text: Permission = Permission.UNKNOWN
    safe_to_voicemail: Permission = Permission.UNKNOWN
    safe_to_letter: Permission = Permission.UNKNOWN
    phrase: str = ""


@dataclass(frozen=True)
class ChannelDecision:
    """Whether a channel may be used, and why or why not; `reasons` hold no personal data."""

    channel: Channel
    allowed: bool
    reasons: tuple[str, ...]


_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.OTHER,
    PhoneNumberType.VOIP: PhoneKind.LANDLINE,
    PhoneNumberType.UAN: PhoneKind.LANDLINE,
    PhoneNumberType.TOLL_FREE: PhoneKind.LANDLINE,
}


def parse_phone(text: str, *, region: str = "GB", allow_fictional: bool = False) -> PhoneNumber:
    """A telephone number in E.164; without a country code it is one of `region`.

    Premium-rate, personal (070), pager and emergency numbers are refused with PhoneError.
    `allow_fictional` lets Ofcom's drama numbers through and refuses all others of the country:
    a demonstration must not be able to ring a real person.
    """
    if len(text) > _LONGEST_INPUT:
        raise PhoneError("This is too long for a telephone number")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise PhoneError("Enter a telephone number, for example 07700 900123") from None
    if number.extension:
        raise PhoneError("Enter the telephone number without an extension")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    fictional = _fictional_kind(e164)
    if allow_fictional != (fictional is not None):
        raise PhoneError(
            "Only telephone numbers reserved for fiction may be used here, such as 07700 900123"
            if allow_fictional
            else "This number is reserved for fiction and reaches nobody"
        )
    if fictional is None and not phonenumbers.is_valid_number(number):
        raise PhoneError("This telephone number does not exist: check each digit")
    kind = fictional or _KINDS.get(phonenumbers.number_type(number))
    if kind is None:
        raise PhoneError("Enter an ordinary mobile or landline number")
    national = number.country_code == phonenumbers.country_code_for_region(region)
    style = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    return PhoneNumber(e164=e164, kind=kind, display=phonenumbers.format_number(number, style))


def is_fictional_phone(e164: str) -> bool:
    """Whether a canonical number is one that Ofcom keeps for fiction."""
    return _fictional_kind(e164) is not None


def allowed_channels(
    permissions: ContactPermissions,
    *,
    phones: tuple[PhoneNumber, ...],
    has_postal_address: bool,
    opted_out: frozenset[Channel] = frozenset(),
) -> tuple[ChannelDecision, ...]:
    """One decision a channel. It is allowed only on a yes, with the means, and no opt-out.

    `has_postal_address` is false for a man of no fixed abode who gave no place for his post.
    """
    has_mobile = any(phone.kind is PhoneKind.MOBILE for phone in phones)
    return (
        _decide(
            Channel.TEXT,
            permissions.safe_to_text,
            None if has_mobile else "No mobile number is held",
            opted_out,
            permissions.phrase,
        ),
        _decide(
            Channel.VOICEMAIL,
            permissions.safe_to_voicemail,
            None if phones else "No telephone number is held",
            opted_out,
            permissions.phrase,
        ),
        _decide(
            Channel.LETTER,
            permissions.safe_to_letter,
            None if has_postal_address else "No postal address is held",
            opted_out,
            permissions.phrase,
        ),
    )


_ASKED_ABOUT = {
    Channel.TEXT: "a text",
    Channel.VOICEMAIL: "a voicemail",
    Channel.LETTER: "a letter",
}


def _decide(
    channel: Channel,
    answer: Permission,
    missing: str | None,
    opted_out: frozenset[Channel],
    phrase: str,
) -> ChannelDecision:
    thing = _ASKED_ABOUT[channel]
    against: list[str] = []
    if answer is Permission.NO:
        against.append(f"He said that {thing} is not safe")
    elif answer is not Permission.YES:
        against.append(f"It is not known whether {thing} is safe: ask him first")
    if channel in opted_out:
        against.append("He opted out")
    if missing is not None:
        against.append(missing)
    if against:
        return ChannelDecision(channel, False, tuple(against))
    reasons = [f"He said that {thing} is safe"]
    if phrase.strip():
        reasons.append("Use the phrase he chose")
    return ChannelDecision(channel, True, tuple(reasons))


def _fictional_kind(e164: str) -> PhoneKind | None:
    if _FICTIONAL_MOBILE.fullmatch(e164):
        return PhoneKind.MOBILE
    if _FICTIONAL_LANDLINE.fullmatch(e164):
        return PhoneKind.LANDLINE
    return None
