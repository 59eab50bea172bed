"""The history of a record that was linked to another man's by mistake.

While the link stood the record said what the other one says, and the history of its changes keeps
that: it is only ever added to. Once the link is undone nobody reads it there any more; that, when,
by whom and why something changed stays to be seen.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import or_, select

from mhtr.cases.link_shares import own_words
from mhtr.cases.linking import ONE_MAN, TWO_MEN
from mhtr.cases.models import PersonLink
from mhtr.core.database import db
from mhtr.people import history
from mhtr.people.history import Entry, Withheld
from mhtr.people.queries import record_ids
from mhtr.people.sections import Section


def history_of(person_id: int, sections: Iterable[Section]) -> list[Entry]:
    """`people.history.history`, without what links that were undone had put on the record."""
    return history.history(person_id, sections, withheld=_withheld(person_id))


def last_change_of(person_id: int, section: Section) -> Entry | None:
    """`people.history.last_change`, in the same way."""
    return history.last_change(person_id, section, withheld=_withheld(person_id))


def _withheld(person_id: int) -> Collection[Withheld]:
    own = set(record_ids(person_id))
    undone = select(PersonLink).where(
        PersonLink.undone_at.is_not(None),
        or_(PersonLink.one_id.in_(own), PersonLink.two_id.in_(own)),
    )
    return [
        Withheld(
            link.created_at,
            link.undone_at,
            own_words(link.taken, own),
            frozenset({ONE_MAN, TWO_MEN}),
        )
        for link in db.session.scalars(undone.order_by(PersonLink.id))
        if link.undone_at is not None and not {link.one_id, link.two_id} <= own
    ]
