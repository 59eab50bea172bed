"""What a compliance report may hold: rows of the wall, as the trust agreed them with probation.

Which trust's agreement: of each man that of the trust that treats him.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.wall.agreement_rules import by_default, held_under
from mhtr.wall.items import BY_KEY
from mhtr.wall.words import BASIS_WORDS


class Item(StrEnum):
    """What may be in a report. Nothing else is."""

    PERSON = "person"
    ORDER = "order"
    PROGRESS = "progress"
    SESSIONS = "sessions"
    DECISIONS = "decisions"
    WARNINGS = "warnings"
    NEXT = "next"
    EACH = "each_session"
    REASONS = "reasons"
    CODES = "codes"


@dataclass(frozen=True)
class Listed:
    """An item with what it is, and the row of the wall by which it leaves."""

    item: Item
    label: str
    row: str

    @property
    def basis(self) -> str:
        """Why probation may read it."""
        row = BY_KEY[self.row]
        return f"{BASIS_WORDS[row.basis]}. {row.purpose}"


LISTED: Sequence[Listed] = (
    Listed(Item.PERSON, "Who he is", "who_he_is"),
    Listed(Item.ORDER, "The order", "order"),
    Listed(Item.PROGRESS, "What is left of treatment", "progress"),
    Listed(Item.SESSIONS, "Sessions of the requirement", "attendance"),
    Listed(Item.DECISIONS, "Decisions on absences", "decision"),
    Listed(Item.WARNINGS, "Warnings, as last confirmed", "warning_issued"),
    Listed(Item.NEXT, "The next session", "next_session"),
    Listed(Item.EACH, "Each session", "attendance"),
    Listed(Item.REASONS, "Kind of reason for a missed session", "reason_kind"),
    Listed(Item.CODES, "Attendance code for probation’s own system", "attendance_codes"),
)
"""All that can be in a report, in its order, each by its row of the wall."""
DEFAULT = held_under({})
"""The rows that reports hold where nothing is agreed."""


@dataclass(frozen=True)
class Terms:
    """What reports on the men of one trust hold, and by which version of its agreement.

    Args:
        trust: its name; empty where no trust is known.
        version: how many signed changes hold; 0: none was ever signed.
        since: from when the last of them holds.
        held: rows of the wall that are in.
        since_of: by row that was changed, from when that holds.
    """

    trust: str = ""
    version: int = 0
    since: date | None = None
    held: frozenset[str] = DEFAULT
    since_of: tuple[tuple[str, date], ...] = ()

    @property
    def items(self) -> frozenset[Item]:
        """What is told of a man."""
        return frozenset(one.item for one in LISTED if one.row in self.held)

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the agreement leaves out, each with its day, in words."""
        return self._changed(taken_out=True)

    @property
    def added(self) -> tuple[str, ...]:
        """What it adds, each with its day, in words."""
        return self._changed(taken_out=False)

    def _changed(self, *, taken_out: bool) -> tuple[str, ...]:
        since = dict(self.since_of)
        return tuple(
            f"{one.label}, since {day_words(since[one.row])}"
            for one in LISTED
            if one.row in since
            and by_default(BY_KEY[one.row]) is taken_out
            and (one.row in self.held) is not taken_out
        )

    @property
    def words(self) -> str:
        """What holds for its men, in a sentence or two."""
        whose = self.trust or "The trust that treats him"
        if not self.version or self.since is None:
            return f"{whose}: no agreement changes what the wall of information lets in."
        said = [f"{whose}: version {self.version} of its agreement with probation, in force "
                f"since {day_words(self.since)}."]  # fmt: skip
        said += [f"Left out: {'; '.join(self.left_out)}."] if self.left_out else []
        said += [f"Added: {'; '.join(self.added)}."] if self.added else []
        if not self.left_out and not self.added:
            said.append("Nothing is left out or added.")
        return " ".join(said)


SHIPPED = Terms()


def all_of(terms: Iterable[Terms]) -> tuple[Terms, ...]:
    """Each of them once, by the name of the trust."""
    return tuple(sorted({*terms}, key=lambda one: (one.trust, one.version)))


def listed_in(terms: Iterable[Terms]) -> tuple[Listed, ...]:
    """What is told of anybody under these terms; of nobody, what is told by default."""
    rows = frozenset[str]().union(*(one.held for one in terms)) or DEFAULT
    return tuple(one for one in LISTED if one.row in rows)


def to_json(terms: Terms) -> Mapping[str, object]:
    """The terms as a release keeps them."""
    return {
        "trust": terms.trust,
        "version": terms.version,
        "since": terms.since.isoformat() if terms.since else "",
        "rows": sorted(terms.held & {one.row for one in LISTED}),
        "words": terms.words,
    }
