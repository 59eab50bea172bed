"""Which ways of reaching a man may be used, his records that are only asked about taken in.

A way is usable only if no record of his trust that may be his says that it is not safe. This is
worked out when it is read and changes neither record, so that two records that become one, or two
again, say what they said before. Between two trusts a no is written on the other record instead
(`contact_elsewhere`), because there nobody can look at the one that says it.
"""

from dataclasses import replace

from mhtr.cases.twins import are_of_two_trusts, asked_about, may_say_no
from mhtr.core.database import db
from mhtr.people.contact import channels
from mhtr.people.contact_rules import Channel, ChannelDecision
from mhtr.people.learning_rules import noes, taken_back_elsewhere
from mhtr.people.models import Person
from mhtr.people.sections import Section
from mhtr.people.values import values_of

TWIN = (
    "Another record that may be his says that it is not safe. Answer whether they are one man, or "
    "ask him again there"
)
CHANNEL_OF = {
    "safe_to_text": Channel.TEXT,
    "safe_to_voicemail": Channel.VOICEMAIL,
    "safe_to_write": Channel.LETTER,
}


def ways_to(person: Person) -> tuple[ChannelDecision, ...]:
    """One decision for text, voicemail and letter each: asked before anything is sent to him."""
    decided = channels(person)
    if not any(way.allowed for way in decided) or not may_say_no(person.id):
        return decided
    doubtful = _doubtful(person)
    return tuple(
        replace(way, allowed=False, reasons=(TWIN,))
        if way.allowed and way.channel in doubtful
        else way
        for way in decided
    )


def _doubtful(person: Person) -> set[Channel]:
    held = values_of(person, Section.CONTACT)
    found: set[str] = set()
    for other_id in sorted(asked_about(person.id)):
        if not are_of_two_trusts(person.id, other_id):
            said = noes(values_of(db.session.get_one(Person, other_id), Section.CONTACT))
            found |= {*taken_back_elsewhere(held, no=said, number=""), *said}
    return {CHANNEL_OF[name] for name in found}
