"""Which ways of reaching a man may be used, from what is recorded about him."""

from dataclasses import replace

from mhtr.people import contact_rules
from mhtr.people.contact_rules import ChannelDecision, ContactPermissions, PhoneError, PhoneNumber
from mhtr.people.models import Person


def channels(person: Person) -> tuple[ChannelDecision, ...]:
    """One decision for text, voicemail and letter each, with its reasons."""
    decided = contact_rules.allowed_channels(
        ContactPermissions(
            safe_to_text=contact_rules.Permission(person.safe_to_text.value),
            safe_to_voicemail=contact_rules.Permission(person.safe_to_voicemail.value),
            safe_to_letter=contact_rules.Permission(person.safe_to_write.value),
            phrase=person.contact_phrase or "",
        ),
        phones=phones(person),
        has_postal_address=bool(person.address.strip()),
    )
    if person.died_on is not None:
        return tuple(replace(way, allowed=False, reasons=("He has died",)) for way in decided)
    return decided


def phones(person: Person) -> tuple[PhoneNumber, ...]:
    """His telephone number, read again: a stored one is in canonical form."""
    for fictional in (True, False):
        try:
            number = contact_rules.parse_phone(person.phone, allow_fictional=fictional)
        except PhoneError:
            continue
        return (number,)
    return ()
