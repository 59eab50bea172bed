"""Telephone numbers, and that an unasked question is never a yes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.people.contact_rules import (
    Channel,
    ContactPermissions,
    Permission,
    PhoneError,
    PhoneKind,
    PhoneNumber,
    allowed_channels,
    is_fictional_phone,
    parse_phone,
)

MOBILE = PhoneNumber("+447700900123", PhoneKind.MOBILE, "07700 900123")
LANDLINE = PhoneNumber("+442079460123", PhoneKind.LANDLINE, "020 7946 0123")
ALL_YES = ContactPermissions(Permission.YES, Permission.YES, Permission.YES)


@pytest.mark.parametrize(
    ("text", "e164", "kind"),
    [
        ("07700 900123", "+447700900123", PhoneKind.MOBILE),
        ("+44 (0)7700 900-123", "+447700900123", PhoneKind.MOBILE),
        ("0044 7700 900123", "+447700900123", PhoneKind.MOBILE),
        ("٠٧٧٠٠٩٠٠١٢٣", "+447700900123", PhoneKind.MOBILE),
        ("020 7946 0123", "+442079460123", PhoneKind.LANDLINE),
        ("01632 960123", "+441632960123", PhoneKind.LANDLINE),
        ("0161 496 0123", "+441614960123", PhoneKind.LANDLINE),
    ],
)
def test_fictional_numbers_become_canonical(text: str, e164: str, kind: PhoneKind) -> None:
    number = parse_phone(text, allow_fictional=True)
    assert (number.e164, number.kind) == (e164, kind)
    assert is_fictional_phone(number.e164)
    assert parse_phone(number.display, allow_fictional=True) == number
    with pytest.raises(PhoneError, match="reserved for fiction"):
        parse_phone(text)


@pytest.mark.parametrize(
    ("text", "kind", "display"),
    [
        # Published switchboards of institutions, not numbers of people.
        ("020 7230 1212", PhoneKind.LANDLINE, "020 7230 1212"),
        ("0300 123 1000", PhoneKind.LANDLINE, "0300 123 1000"),
        ("+33 1 42 76 40 40", PhoneKind.LANDLINE, "+33 1 42 76 40 40"),
    ],
)
def test_ordinary_numbers(text: str, kind: PhoneKind, display: str) -> None:
    number = parse_phone(text)
    assert (number.kind, number.display) == (kind, display)
    with pytest.raises(PhoneError, match="Only telephone numbers reserved for fiction"):
        parse_phone(text, allow_fictional=True)


@pytest.mark.parametrize(
    "text",
    ["", "none", "999", "118118", "0900 123 4567", "070 1234 5678", "020 7230 1212 x5", "0" * 70],
)
def test_refused_numbers(text: str) -> None:
    with pytest.raises(PhoneError) as caught:
        parse_phone(text)
    assert caught.value.reason


@given(st.text(max_size=80) | st.from_regex(r"[+0]?[0-9 ()-]{0,16}", fullmatch=True))
def test_any_text_is_canonical_after_parsing_or_refused(text: str) -> None:
    try:
        number = parse_phone(text)
    except PhoneError as refused:
        assert refused.reason
    else:
        assert parse_phone(number.e164) == number


def _permitted(channel: Channel, answer: Permission, phrase: str = "") -> ContactPermissions:
    return ContactPermissions(
        safe_to_text=answer if channel is Channel.TEXT else Permission.UNKNOWN,
        safe_to_voicemail=answer if channel is Channel.VOICEMAIL else Permission.UNKNOWN,
        safe_to_letter=answer if channel is Channel.LETTER else Permission.UNKNOWN,
        phrase=phrase,
    )


@pytest.mark.parametrize(("channel", "answer"), list(product(Channel, Permission)))
def test_only_a_yes_opens_a_channel(channel: Channel, answer: Permission) -> None:
    decisions = allowed_channels(
        _permitted(channel, answer), phones=(MOBILE,), has_postal_address=True
    )
    assert [d.channel for d in decisions] == list(Channel)
    opened = [d.channel for d in decisions if d.allowed]
    assert opened == ([channel] if answer is Permission.YES else [])
    assert all(d.reasons for d in decisions)


def test_unknown_and_no_give_different_reasons() -> None:
    asked, unasked = (
        allowed_channels(
            _permitted(Channel.TEXT, answer), phones=(MOBILE,), has_postal_address=True
        )[0]
        for answer in (Permission.NO, Permission.UNKNOWN)
    )
    assert asked.reasons == ("He said that a text is not safe",)
    assert unasked.reasons == ("It is not known whether a text is safe: ask him first",)


def test_a_channel_needs_the_means() -> None:
    text, voicemail, letter = allowed_channels(
        ALL_YES, phones=(LANDLINE,), has_postal_address=False
    )
    assert (text.allowed, text.reasons) == (False, ("No mobile number is held",))
    assert voicemail.allowed
    assert (letter.allowed, letter.reasons) == (False, ("No postal address is held",))
    without = allowed_channels(ALL_YES, phones=(), has_postal_address=True)
    assert [d.allowed for d in without] == [False, False, True]


def test_opting_out_closes_a_channel() -> None:
    text, voicemail, _ = allowed_channels(
        ALL_YES,
        phones=(MOBILE,),
        has_postal_address=True,
        opted_out=frozenset({Channel.TEXT}),
    )
    assert (text.allowed, text.reasons) == (False, ("He opted out",))
    assert voicemail.allowed


def test_the_phrase_is_asked_for_but_never_shown_in_a_reason() -> None:
    text = allowed_channels(
        _permitted(Channel.TEXT, Permission.YES, phrase="Blue Lion"),
        phones=(MOBILE,),
        has_postal_address=False,
    )[0]
    assert "Use the phrase he chose" in text.reasons
    assert "Blue Lion" not in " ".join(text.reasons)
