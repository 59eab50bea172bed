"""Keeping the pathways of a trust: the only writer of them. Nothing of them is ever deleted.

A lead works on a draft, step by step; putting it into use makes the next revision. Courses that
were made from an earlier one keep theirs.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from sessions.courses import queries
from sessions.courses.drafts import read, written
from sessions.courses.models import Pathway, PathwayRevision, PathwaySession
from sessions.courses.rules import LONGEST, PARTS, Planned, contradictions, planned_of, whole

TWICE = "The trust has a pathway of that name already."
NOTHING_DRAFTED = "Nothing of this pathway is being changed."
NOTHING_CHANGED = "These are the sessions that are in use already."
FULL = f"A pathway can have at most {LONGEST} sessions."
SAY_WHY = "Say what is new, or why."


def make_pathway(
    *,
    organisation_id: int,
    name: str,
    about: str,
    sessions: Sequence[Planned],
    by: int,
    ref: uuid.UUID | None = None,
) -> Pathway:
    """Begin a pathway of a trust. Its sessions are a draft until they are put into use.

    Args:
        ref: its public reference, where the caller has to know it before it is made.

    Raises:
        Refused: the trust has one of that name, or it has no name.
    """
    must_be_writing()
    _check_name(organisation_id, name)
    row = Pathway(
        ref=ref or uuid.uuid4(),
        organisation_id=organisation_id,
        name=name.strip(),
        about=about.strip(),
    )
    db.session.add(row)
    _draft(row, sessions, by)
    db.session.flush()
    audit.record("courses.pathway_made", by=by, pathway=row.id)
    return row


def name_pathway(*, pathway_id: int, name: str, about: str, version: int, by: int) -> None:
    """Call a pathway something else, or say anew whom it is for.

    Raises:
        Refused: the trust has another of that name, or it has no name.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    _check_name(row.organisation_id, name, but=row.id)
    row.name, row.about = name.strip(), about.strip()
    _changed(row)
    audit.record("courses.pathway_named", by=by, pathway=row.id)


def begin_draft(*, pathway_id: int, version: int, by: int) -> None:
    """Take the sessions in use as the draft of the next revision; a draft that is there stays.

    Raises:
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    if row.draft is None:
        _draft(row, _in_use(row), by)
        _changed(row)
        audit.record("courses.pathway_drafted", by=by, pathway=row.id)


def set_drafted(*, pathway_id: int, number: int, said: Planned, version: int, by: int) -> None:
    """Change a session of the draft, or add one at its end.

    Args:
        number: its place from 1; 0 adds it.

    Raises:
        NotFound: the draft has no such session.
        Refused: the session contradicts itself, or there are too many.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    sessions = drafted(row)
    if wrong := contradictions(said):
        raise Refused(*wrong)
    if number:
        _numbered(sessions, number)
        sessions[number - 1] = said
    else:
        sessions.append(said)
    _redraft(row, sessions, by)


def move_drafted(*, pathway_id: int, number: int, up: bool, version: int, by: int) -> None:
    """Move a session of the draft one place up or down; at the end of the list it stays.

    Raises:
        NotFound: the draft has no such session.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    sessions = drafted(row)
    _numbered(sessions, number)
    other = number - 1 if up else number + 1
    if 1 <= other <= len(sessions):
        here, there = number - 1, other - 1
        sessions[here], sessions[there] = sessions[there], sessions[here]
        _redraft(row, sessions, by)


def take_out_drafted(*, pathway_id: int, number: int, version: int, by: int) -> None:
    """Take a session out of the draft.

    Raises:
        NotFound: the draft has no such session.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    sessions = drafted(row)
    _numbered(sessions, number)
    del sessions[number - 1]
    _redraft(row, sessions, by)


def append_pathway(*, pathway_id: int, other_id: int, version: int, by: int) -> None:
    """Let the sessions of another pathway follow those of the draft: a sequence of therapies.

    Raises:
        Refused: the other is not the trust's or has nothing in use, or there are too many.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    other = db.session.get(Pathway, other_id)
    if other is None or other.organisation_id != row.organisation_id or other.revision == 0:
        raise Refused("Select a pathway of the trust whose sessions are in use.")
    _redraft(row, [*drafted(row), *_in_use(other)], by)


def discard_draft(*, pathway_id: int, version: int, by: int) -> None:
    """Forget the draft: what is in use stays as it is.

    Raises:
        Refused: nothing is being changed.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    drafted(row)
    row.draft = row.draft_by = row.draft_at = None
    _changed(row)
    audit.record("courses.pathway_draft_discarded", by=by, pathway=row.id)


def put_into_use(*, pathway_id: int, why: str, version: int, by: int) -> None:
    """Make the draft the next revision. Courses made from now on follow it.

    Raises:
        Refused: nothing is being changed, a session is not whole, or nobody says why.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    sessions = drafted(row)
    if wrong := whole(sessions):
        raise Refused(*wrong)
    if sessions == _in_use(row):
        raise Refused(NOTHING_CHANGED)
    if not why.strip():
        raise Refused(SAY_WHY)
    row.revision += 1
    revision = PathwayRevision(pathway_id=row.id, revision=row.revision, why=why.strip(), by_id=by)
    db.session.add(revision)
    db.session.add_all(
        PathwaySession(
            pathway_id=row.id,
            revision=row.revision,
            position=position,
            **{part: getattr(one, part) for part in PARTS},
        )
        for position, one in enumerate(sessions, 1)
    )
    row.draft = row.draft_by = row.draft_at = None
    _changed(row)
    audit.record("courses.pathway_put_into_use", by=by, pathway=row.id)


def retire(*, pathway_id: int, version: int, by: int) -> None:
    """Offer a pathway for no new course. Courses made from it go on.

    Raises:
        Refused: it is retired already.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    if row.retired_at is not None:
        raise Refused("The pathway is retired already.")
    row.retired_at = clock.now()
    _changed(row)
    audit.record("courses.pathway_retired", by=by, pathway=row.id)


def bring_back(*, pathway_id: int, version: int, by: int) -> None:
    """Offer a retired pathway again.

    Raises:
        Refused: it is not retired.
        Stale: somebody changed the pathway meanwhile.
    """
    row = locked(pathway_id, version)
    if row.retired_at is None:
        raise Refused("The pathway is not retired.")
    row.retired_at = None
    _changed(row)
    audit.record("courses.pathway_brought_back", by=by, pathway=row.id)


def drafted(row: Pathway) -> list[Planned]:
    """The sessions of the draft.

    Raises:
        Refused: nothing is being changed.
    """
    if row.draft is None:
        raise Refused(NOTHING_DRAFTED)
    return [read(one) for one in row.draft]


def locked(pathway_id: int, version: int) -> Pathway:
    """The pathway, locked until commit, as somebody read it.

    Raises:
        NotFound: there is none.
        Stale: it was changed since.
    """
    must_be_writing()
    query = select(Pathway).where(Pathway.id == pathway_id).with_for_update(of=Pathway)
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    if row.version != version:
        raise Stale(row)
    return row


def _check_name(organisation_id: int, name: str, *, but: int = 0) -> None:
    if not name.strip():
        raise Refused("Enter a name for the pathway.")
    known = queries.pathways_of(organisation_id, retired=True)
    if any(one.name.casefold() == name.strip().casefold() and one.id != but for one in known):
        raise Refused(TWICE)


def _in_use(row: Pathway) -> list[Planned]:
    return [planned_of(one) for one in queries.pathway_sessions(row.id, row.revision)]


def _redraft(row: Pathway, sessions: Sequence[Planned], by: int) -> None:
    if len(sessions) > LONGEST:
        raise Refused(FULL)
    _draft(row, sessions, by)
    _changed(row)
    audit.record("courses.pathway_drafted", by=by, pathway=row.id)


def _draft(row: Pathway, sessions: Sequence[Planned], by: int) -> None:
    row.draft = [written(one) for one in sessions]
    row.draft_by, row.draft_at = by, clock.now()


def _changed(row: Pathway) -> None:
    row.version += 1
    db.session.flush()


def _numbered(sessions: Sequence[Planned], number: int) -> Planned:
    if not 1 <= number <= len(sessions):
        raise NotFound
    return sessions[number - 1]
