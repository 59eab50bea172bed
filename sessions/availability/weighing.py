"""Forms of edits that are asked what they would break, and what their page shows of it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.people.models import Person
from mhtr.web.both_versions import Difference, both_versions
from mhtr.web.fields import CheckboxField, HiddenField
from mhtr.web.forms import VersionedForm
from mhtr.web.reads import shows
from sessions.availability.breaking import Broken, WouldBreak

CHANGED = "Somebody changed this meanwhile. Nothing of yours is saved: look at it, then save again."
ACCEPT = "Save it all the same. I will see that these sessions are moved or cancelled."
_LONGEST = 40_000
SOMEBODY = "A session"


class WeighedForm(VersionedForm):
    """A form whose saving may break booked sessions: they are shown, and accepted knowingly."""

    accept = CheckboxField(ACCEPT)
    known = HiddenField(max_length=_LONGEST)
    """References of the sessions that were shown."""
    broken: tuple[Broken, ...] = ()
    meanwhile: tuple[Difference, ...] = ()

    def accepted(self) -> frozenset[uuid.UUID]:
        """The sessions that were shown and accepted; nonsense is nothing."""
        if not self.accept.data:
            return frozenset()
        return frozenset(_refs(self.known.data))

    def ask(self, found: WouldBreak) -> None:
        """Show what it would break, and ask whether to save it all the same."""
        self.broken = found.broken
        self.known.carry(" ".join(str(one.ref) for one in found.broken))
        self.accept.data = False
        words = " ".join(found.reasons)
        self.refuse(f"{words}. See below, then save it all the same or change what you typed")


@dataclass(frozen=True)
class BrokenRow:
    """A session that would no longer fit, as one viewer may see it."""

    when: str
    who: str
    clinician: str
    where: str
    why: str


@contextmanager
def asking(
    form: WeighedForm, fresh: Callable[[], WeighedForm], *, compare: bool = True
) -> Iterator[None]:
    """Put on the form what the service inside the block refuses.

    Args:
        fresh: the form as it would be filled in from what is recorded now.
        compare: show both versions where somebody changed it meanwhile.
    """
    try:
        yield
    except Stale:
        now = fresh()
        form.version.carry(now.version.data)
        form.refuse(CHANGED)
        if compare:
            form.meanwhile = both_versions(now, form)
    except WouldBreak as found:
        form.ask(found)
    except Refused as refused:
        form.refuse_all(refused)


def rows_for(viewer: Viewer, form: WeighedForm) -> list[BrokenRow]:
    """What the page shows of what would break: names of those whose cases he may see."""
    ids = {case_id for one in form.broken for case_id in one.case_ids}
    purposes = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
    query = (
        select(Case.id, Person)
        .join(Person, Person.id == Case.person_id)
        .where(Case.id.in_(ids), in_scope(viewer, *purposes))
    )
    names = {case_id: person.name for case_id, person in db.session.execute(query)} if ids else {}
    for case_id in names:
        shows("case", case_id, case_id=case_id)
    return [
        BrokenRow(
            when=formats.moment(one.starts_at),
            who=", ".join(names[c] for c in one.case_ids if c in names) or SOMEBODY,
            clinician=one.clinician,
            where=one.where,
            why=one.why,
        )
        for one in form.broken
    ]


def _refs(text: str) -> Iterator[uuid.UUID]:
    for word in text.split():
        try:
            yield uuid.UUID(word)
        except ValueError:
            continue
