"""What the pages of a proposal show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core.access import Viewer
from mhtr.core.prepared import Prepared
from sessions.availability.models import Room, Site
from sessions.booking.queries import coming_times
from sessions.courses.models import CourseSession
from sessions.planning.ask_rules import LEFT_WORDS, NEEDS_THERAPIST, Ask, Left, ask_from
from sessions.planning.kinds import ProposalKind, ProposalState
from sessions.planning.models import Proposal, ProposalPart
from sessions.planning.proposal_queries import all_parts, open_cases, parts_of
from sessions.planning.proposal_words import Names, Told, quality_words, told_words
from sessions.planning.stored import Change, changes_kept

STATE_WORDS: Mapping[ProposalState, tuple[str, str]] = {
    ProposalState.ASKED: ("Waiting", "blue"),
    ProposalState.RUNNING: ("Being worked out", "blue"),
    ProposalState.READY: ("Ready to look at", "yellow"),
    ProposalState.STOPPED: ("Cancelled", "grey"),
    ProposalState.FAILED: ("Failed", "red"),
    ProposalState.APPLIED: ("Applied", "green"),
    ProposalState.UNDONE: ("Taken back", "grey"),
}
UNDER_WAY = frozenset({ProposalState.ASKED, ProposalState.RUNNING})
ANSWERED = frozenset({ProposalState.READY, ProposalState.APPLIED, ProposalState.UNDONE})

_WANTED: Any = bindparam("wanted", expanding=True)
_NAMES = {
    model: Prepared(select(model.id, model.name).where(model.id.in_(_WANTED)))
    for model in (Staff, Room, Site)
}
_GAPS = Prepared(
    select(CourseSession.id, CourseSession.most_gap).where(CourseSession.id.in_(_WANTED))
)


@dataclass(frozen=True)
class Row:
    """A proposal in the list."""

    proposal: Proposal
    title: str
    state: tuple[str, str]
    by: str


@dataclass(frozen=True)
class PartRow:
    """What is proposed for one man."""

    part: ProposalPart
    case: Case
    told: Told
    by: str

    @property
    def applied(self) -> bool:
        """Whether it is booked."""
        return self.part.applied_at is not None and self.part.undone_at is None


@dataclass(frozen=True)
class LeftRow:
    """A man who is left as he is, and why."""

    case: Case
    why: str
    therapist: bool
    """He needs another one, which is proposed by itself."""


@dataclass(frozen=True)
class LoadRow:
    """How full a clinician's weeks are, before and after."""

    name: str
    open: int
    before: int
    after: int

    @property
    def share(self) -> int:
        """The share of open times and sessions together that is filled after, in per cent."""
        return round(100 * self.after / max(self.open + self.before, self.after, 1))


@dataclass(frozen=True)
class Review:
    """An answer to look at, decide on, and take back."""

    quality: str
    sums: tuple[str, ...]
    parts: tuple[PartRow, ...]
    left: tuple[LeftRow, ...]
    load: tuple[LoadRow, ...]
    closed: int
    """Men of whom something is proposed or said, but whose records are not open to the viewer."""


def title_of(ask: Ask, names: Names) -> str:
    """What was asked, in words."""
    who = names.staff.get(ask.staff_id or 0, "A clinician")
    days = f"{day_words(ask.first)} to {day_words(ask.last)}" if ask.first and ask.last else ""
    if ask.kind is ProposalKind.AWAY:
        return f"{who} is away, {days}"
    if ask.kind is ProposalKind.JOINS:
        return f"{who} joins: everyone who waits"
    if ask.kind is ProposalKind.ROOM:
        site = names.sites.get(ask.site_id or 0, "a place")
        room = names.rooms.get(ask.room_id or 0)
        return f"{room} at {site} cannot be used, {days}" if room else f"{site} is shut, {days}"
    return "Everyone who waits"


def rows_of(proposals: list[Proposal]) -> list[Row]:
    """Proposals as the list shows them."""
    asks = [ask_from(one.kind, one.asked) for one in proposals]
    by = {one.by_id for one in proposals}
    names = names_of(
        {ask.staff_id for ask in asks} | by,
        {ask.room_id for ask in asks},
        {ask.site_id for ask in asks},
    )
    return [
        Row(one, title_of(ask, names), STATE_WORDS[one.state], names.staff[one.by_id])
        for one, ask in zip(proposals, asks, strict=True)
    ]


def names_of(
    staff_ids: set[int] | set[int | None],
    room_ids: set[int | None],
    site_ids: set[int | None],
) -> Names:
    """Names of clinicians, rooms and places, with one question each."""

    def named(model: type[Staff] | type[Room] | type[Site], ids: Any) -> dict[int, str]:
        wanted = {one for one in ids if one is not None}
        if not wanted:
            return {}
        return dict(_NAMES[model].all({"wanted": wanted}))

    return Names(named(Staff, staff_ids), named(Room, room_ids), named(Site, site_ids))


def review(viewer: Viewer, proposal: Proposal) -> Review:
    """Everything the page of an answered proposal shows."""
    pairs = parts_of(viewer, proposal)
    answer: Mapping[str, Any] = proposal.answer or {}
    changes = {part.id: changes_kept(part.before, part.after) for part, _ in pairs}
    places = [
        kept.place
        for found in changes.values()
        for one in found
        for kept in (one.before, one.after)
        if kept is not None
    ]
    load = answer.get("load", ())
    names = names_of(
        {place.clinician_id for place in places}
        | {row[0] for row in load}
        | {part.applied_by for part, _ in pairs},
        {place.room_id for place in places},
        {place.site_id for place in places},
    )
    most = _longest_gaps([row["part"] for part, _ in pairs for row in part.after])
    follows = _goes_on(answer, pairs, changes)
    parts = tuple(
        PartRow(
            part,
            case,
            told_words(changes[part.id], names, most, ends=case.id not in follows),
            names.staff.get(part.applied_by or 0, ""),
        )
        for part, case in pairs
    )
    left, hidden = _left(viewer, answer)
    return Review(
        quality=_quality(proposal),
        sums=tuple(_sums(answer)),
        parts=parts,
        left=left,
        load=tuple(LoadRow(names.staff.get(row[0], ""), *row[1:]) for row in load),
        closed=all_parts(proposal) - len(parts) + hidden + answer.get("closed", 0),
    )


def _longest_gaps(course_session_ids: list[int]) -> dict[int, int]:
    """The most days since the session before, by session of a course."""
    return dict(_GAPS.all({"wanted": course_session_ids})) if course_session_ids else {}


def _goes_on(
    answer: Mapping[str, Any],
    pairs: list[tuple[ProposalPart, Case]],
    kept: Mapping[int, Sequence[Change]],
) -> set[int]:
    """Cases with more to come than what is proposed: it waits for a group, or is booked."""
    found = {key for key, code in answer.get("left", ()) if code == Left.GROUP_NEXT}
    ends = {
        part.case_id: max(one.after.place.span.starts_at for one in changes)
        for part, _ in pairs
        if (changes := kept[part.id])
    }
    own = {row["session"] for part, _ in pairs for row in part.before}
    found |= {
        one.case_id
        for one in coming_times(list(ends))
        if one.session_id not in own and one.starts_at > ends[one.case_id]
    }
    return found


def _quality(proposal: Proposal) -> str:
    cost, bound = round(proposal.cost or 0), round(proposal.bound or 0)
    return quality_words(cost, bound, cut=bool((proposal.answer or {}).get("cut")))


def _left(viewer: Viewer, answer: Mapping[str, Any]) -> tuple[tuple[LeftRow, ...], int]:
    found = {key: Left(code) for key, code in answer.get("left", ())}
    cases = open_cases(viewer, list(found))
    rows = [
        LeftRow(case, LEFT_WORDS[found[key]], found[key] in NEEDS_THERAPIST)
        for key, case in cases.items()
    ]
    rows.sort(key=lambda row: (row.case.person.sort_name, row.case.id))
    return tuple(rows), len(found) - len(rows)


def _sums(answer: Mapping[str, Any]) -> list[str]:
    """What the cost is made of."""
    men, unplaced = answer.get("men", 0), answer.get("unplaced", 0)
    said = []
    if men:
        said.append(f"{men - unplaced} of {men} get all of their sessions.")
    if answer.get("delay"):
        said.append(f"{_counted(answer['delay'], 'week')} of delay, all men together.")
    if answer.get("changed"):
        changes = "changes" if answer["changed"] == 1 else "change"
        said.append(
            f"{_counted(answer['changed'], 'appointment')} that men were told of {changes}."
        )
        if "unusual" in answer:  # plans of before did not count it
            said.append(_usual(answer["unusual"]))
    elif men:
        said.append("Nothing that a man was told of changes.")
    return said


def _usual(unusual: int) -> str:
    if not unusual:
        return "Every new time is at a weekday and hour that the man is used to."
    return f"{_counted(unusual, 'new time')} at another weekday or hour than he is used to."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
