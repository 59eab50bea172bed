"""Making the demonstration's database: whole, or not at all."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from mhtr.core import clock, schema
from mhtr.demo.databases import application, hurry
from mhtr.demo.programme import fill

DEFAULT_PEOPLE = 300
BUILDING = "building-"


class Demonstration:
    """The demonstration in a folder: its database, and a note of when and how it was made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "demo.sqlite"
        self.note = folder / "demo.json"

    @property
    def url(self) -> str:
        """Where SQLAlchemy finds it."""
        return f"sqlite:///{self.database.resolve()}"

    def reason_to_build(self, people: int) -> str:
        """Why it has to be made anew, in words; empty when what is there can be served."""
        if not self.database.exists():
            return "There is no demonstration yet."
        note = self._read()
        if note.get("schema") != fingerprint():
            return "The demonstration was made by another version of the program."
        if people and note.get("people") != people:
            return f"The demonstration there is of another size ({note.get('people')} people)."
        return ""

    def made_on(self) -> date:
        """The day around which it was made."""
        return date.fromisoformat(str(self._read()["made_on"]))

    def refused(self) -> list[str]:
        """The steps of its build that a service did not allow, of which there should be none."""
        steps = self._read().get("refused")
        return [str(step) for step in steps] if isinstance(steps, list) else ["not on record"]

    def _read(self) -> dict[str, object]:
        try:
            found = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def build(self, people: int = 0, *, forks: bool = False) -> None:
        """Make it in a file of its own and put that in place when it is complete.

        Args:
            forks: use two processes; not where this one has threads.
        """
        self._clear_leftovers()
        size = people or DEFAULT_PEOPLE
        draft = self.folder / f"{BUILDING}{os.getpid()}.sqlite"
        made = clock.now()
        try:
            with application(f"sqlite:///{draft.resolve()}"):
                hurry()
                refused = make(made, size, forks=forks)
            settle(draft)
            # The note goes first: without it, or with an older one, the next start builds again.
            self.note.unlink(missing_ok=True)
            for leftover in self.folder.glob("demo.sqlite-*"):
                leftover.unlink()
            draft.replace(self.database)
            day = made.astimezone(clock.LONDON).date()
            note = {"made_on": day.isoformat(), "people": size, "schema": fingerprint()}
            self.note.write_text(json.dumps({**note, "refused": refused}))
        finally:
            for part in self.folder.glob(f"{draft.name}*"):
                part.unlink()

    def _clear_leftovers(self) -> None:
        """Remove what builds left that were killed."""
        for part in self.folder.glob(f"{BUILDING}*"):
            number = part.name.removeprefix(BUILDING).partition(".")[0]
            if not (number.isdecimal() and _runs(int(number))):
                part.unlink(missing_ok=True)


def settle(file: Path) -> Path:
    """Gather statistics for the query planner and fold the write-ahead log into the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def fingerprint() -> str:
    """Tells databases of one schema from those of another."""
    digest = sha256()
    for file in sorted((schema.FOLDER / "versions").glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def make(now: datetime, people: int, *, forks: bool = False) -> list[str]:
    """Migrate an empty database and fill it; returns the steps that were refused, of which
    there should be none.

    Args:
        forks: use two processes (`apart.beside`).
    """
    schema.upgrade()
    return fill(now, people, forks=forks)
