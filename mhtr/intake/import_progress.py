"""How far the import of a file has come, and what became of its rows so far.

Pure. A file is taken row by row; the line of the last row dealt with says where to go on, so that
nothing is taken twice, however often and by whomever the import is gone on with.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from mhtr.intake.csv_rows import FileReading, GoodRow, RefusedCell
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.said_of_safety import Danger, danger_of

PORTION = 50
"""Good rows of one request: a few seconds, far below what a proxy waits for an answer."""


@dataclass(frozen=True)
class Progress:
    """What became of the rows down to `line`; `refused` are those rows' reasons."""

    line: int = 0
    taken: int = 0
    known: int = 0
    turned_away: int = 0
    """Good rows that were refused when they were to be taken."""
    refused: tuple[RefusedCell, ...] = ()
    dangers: tuple[Danger, ...] = ()
    """What those refused rows say of safety and urgency."""
    urgent: int = 0
    """Rows that were taken and are urgent, most for his safety."""

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self:
        """From what was kept of it; nothing kept is the beginning."""
        if kept is None:
            return cls()
        values = {**kept, "refused": tuple(RefusedCell(**cell) for cell in kept["refused"])}
        values["dangers"] = tuple(Danger(**one) for one in kept.get("dangers", ()))
        return cls(**values)

    @property
    def done(self) -> int:
        """Good rows dealt with."""
        return self.taken + self.known + self.turned_away

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def waiting(self, reading: FileReading) -> tuple[GoodRow, ...]:
        """The good rows that are still to be taken."""
        return tuple(row for row in reading.good if row.line > self.line)

    def past(
        self,
        row: GoodRow,
        reading: FileReading,
        *,
        new: bool | None,
        refused: RefusedCell | None = None,
        danger: str = "",
    ) -> "Progress":
        """After this good row.

        Args:
            new: whether it was taken now (or before); None where it was refused after all.
            refused: why it was; danger: what it says of his safety then.
        """
        line = row.line
        return Progress(
            line,
            self.taken + (new is True),
            self.known + (new is False),
            self.turned_away + (new is None),
            (
                *self.refused,
                *(cell for cell in reading.refused if self.line < cell.line < line),
                *((refused,) if refused else ()),
            ),
            (
                *self.dangers,
                *(one for one in reading.dangers if self.line < one.line < line),
                *((Danger(line, danger),) if danger else ()),
            ),
            self.urgent + (new is True and row.submission.urgent),
        )

    def result(self, reading: FileReading) -> dict[str, Any]:
        """What became of the whole file. Good rows that still wait were left out on purpose."""
        refused = (*self.refused, *(cell for cell in reading.refused if cell.line > self.line))
        left = self.waiting(reading)
        dangers = (*self.dangers, *(one for one in reading.dangers if one.line > self.line))
        dangers += tuple(
            Danger(row.line, words)
            for row in left
            if (words := danger_of(to_answers(row.submission)))
        )
        return {
            "taken": self.taken,
            "urgent": self.urgent,
            "dangers": [asdict(one) for one in sorted(dangers, key=lambda one: one.line)],
            "known": self.known,
            "left": len(left),
            "refused_rows": len({cell.line for cell in refused}),
            "refused": [asdict(cell) for cell in refused],
        }
