"""What the pages of entries for nDelius show, and which comes next."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request, url_for

from mhtr.cases.models import Case
from mhtr.compliance.decision_queries import decisions_on
from mhtr.core.access import Viewer
from mhtr.core.errors import NotFound
from mhtr.probation.keyed_queries import Entry, History, entries_of
from mhtr.probation.keying_forms import KeyForm, key_form
from mhtr.probation.keying_rules import STAND_WORDS, Kind, Stand
from mhtr.probation.keying_text import (
    Held,
    Words,
    contact_words,
    decision_words,
    held,
)
from mhtr.probation.people_queries import MOST, Man, men_of
from mhtr.probation.policy import keyed_from

ABOUT: Mapping[Kind, str] = {
    Kind.CONTACT: "What happened",
    Kind.DECISION: "Your decision",
}
COLOURS: Mapping[Stand, str] = {
    Stand.TO_KEY: "blue",
    Stand.TO_CORRECT: "orange",
    Stand.KEYED: "green",
}


@dataclass(frozen=True)
class Waits:
    """One entry that waits, with the man it is about."""

    man: Man
    entry: Entry

    @property
    def words(self) -> str:
        """Where it stands."""
        return STAND_WORDS[self.entry.stand]

    @property
    def colour(self) -> str:
        """Of where it stands."""
        return COLOURS[self.entry.stand]

    @property
    def about(self) -> str:
        """What it is about."""
        return ABOUT[self.entry.kind]


@dataclass(frozen=True)
class WorkList:
    """The entries that wait for a viewer, as far as his list is narrowed."""

    form: KeyForm
    valid: bool
    men: Sequence[Man]
    rows: Sequence[Waits]
    since: date | None

    def after(self, subject: uuid.UUID, kind: Kind) -> Waits | None:
        """The entry that follows one; after the last one the first; None where no other waits."""
        own = [(row.entry.subject, row.entry.kind) for row in self.rows]
        at = own.index((subject, kind)) if (subject, kind) in own else -1
        others = [*self.rows[at + 1 :], *self.rows[: max(at, 0)]]
        return others[0] if others else None


def work_list(viewer: Viewer) -> WorkList:
    """Everything that waits to be keyed in of the men a viewer supervises, the oldest first."""
    men = men_of(viewer)[:MOST]
    form = key_form(viewer, men)
    valid = form.validate()
    show = form.show.data if valid else ""
    wanted = {man.case_id: man for man in men if not valid or form.is_wanted(man)}
    since = keyed_from()
    rows = [
        Waits(wanted[entry.case_id], entry)
        for entry in entries_of(wanted, since=since)
        if entry.waits and (not show or entry.stand.value == show)
    ]
    return WorkList(form, valid, men, rows, since)


def entry_href(row: Waits) -> str:
    """The page of an entry, from which one goes on to the next of the same list."""
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("show", "whose") if request.args.get(name)
    }
    entry = row.entry
    return url_for(
        ".key_in", case_ref=row.man.ref, place_ref=entry.subject, what=entry.kind, next=1, **asked
    )


def words_of(case: Case, entry: Entry) -> tuple[Held, Words]:
    """What there is to copy of an entry now.

    Raises:
        NotFound: no such session, or decision, of this case.
    """
    one = held(case.id, entry.subject)
    if one is None:
        raise NotFound
    if entry.kind is Kind.CONTACT:
        return one, contact_words(case.id, entry.subject, one, entry.said)
    made = decisions_on(entry.subject)[entry.number - 1]
    return one, decision_words(case.id, entry.subject, one, entry.said, made)


@dataclass(frozen=True)
class Keyed:
    """One entry that was keyed in, as its history shows it."""

    ref: uuid.UUID
    at: datetime
    about: str
    session: datetime | None
    code: str
    text: str
    by: str
    back: str
    """When, by whom and why it was taken back; empty while it stands."""


def keyed_line(one: History, when: Mapping[uuid.UUID, datetime], back: str) -> Keyed:
    """A mark in words.

    Args:
        when: by session, when it was to begin.
    """
    row = one.row
    return Keyed(
        ref=row.ref,
        at=row.created_at,
        about=ABOUT[row.kind],
        session=when.get(row.subject),
        code=f"{row.code} {row.code_words}".strip() or "No code",
        text=row.text,
        by=one.by,
        back=back,
    )
