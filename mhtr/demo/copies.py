"""Other men like one who was played, all written at once, with the audit of what was done.

As `bulk` copies, but each with what `year` writes beside it, and with the entries of the audit:
they are appended with everybody else's.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from mhtr.core.database import db
from mhtr.demo import bulk, past
from mhtr.demo.bulk import Change, Original, Row
from mhtr.demo.men import Men

Entry = dict[str, Any]
Copy = dict[str, list[Row]]
OF = {
    "assessment": "assessments",
    "course": "courses",
    "fact": "case_facts",
    "hearing": "hearings",
    "occasion": "measure_occasions",
    "order": "orders",
    "outcome": "court_outcomes",
    "person": "people",
    "referral": "referrals",
    "release": "report_releases",
    "session": "course_sessions",
    "task": "tasks",
}
"""What a number in the detail of an entry is the key of."""
ASKED = {
    "suitability.countersign_requested": "countersign_requests",
    "orders.contact_named": "probation_contacts",
}
"""What `request` and `contact` are in some entries; a request of a report in all others."""


class Copying:
    """Makes copies of one man; `write` adds all of them."""

    def __init__(self, of: Sequence[Original], entries: Iterable[Entry], men: Men) -> None:
        self.of, self.men, self.made = of, men, 0
        self.entries = list(entries)
        self._strides = {each.table.name: each.stride for each in of}
        self._ids = {each.table.name: {row["id"] for row in each.rows} for each in of}
        self._rows: dict[str, list[Row]] = {each.table.name: [] for each in of}

    def copy(self, number: int, back: timedelta, change: Change) -> Copy:
        """Another man like him, further back in time: his rows by table.

        Args:
            number: of the copy, counted from one and different for each.
            change: given a table's name and the copy's rows of it, returns the rows to add.
        """
        refs: dict[str, str] = {}
        made: Copy = {}
        for original in self.of:
            name = original.table.name
            if not original.rows:
                made[name] = []
                continue
            rows = bulk.copied(original, number, refs, self._strides, self.men, mark="+")
            move = past.shifting(original.table, back)
            for row in rows:
                move(row)
            made[name] = change(name, rows)
            self._rows[name] += made[name]
        self.made += 1
        return made

    def audit(self, number: int, back: timedelta) -> list[Entry]:
        """What the audit says of the copy."""
        return [self._entry(entry, number) | {"at": entry["at"] - back} for entry in self.entries]

    def _entry(self, entry: Entry, number: int) -> Entry:
        detail = {
            name: self._key(entry["action"], name, value, number)
            for name, value in entry["detail"].items()
        }
        case_id = entry["case_id"] + number * self._strides["cases"]
        return {**entry, "case_id": case_id, "detail": detail}

    def _key(self, action: str, name: str, value: Any, number: int) -> Any:
        table = OF.get(name, "")
        if name in ("request", "contact"):
            table = ASKED.get(action, "report_requests" if name == "request" else "")
        own = isinstance(value, int) and value in self._ids.get(table, ())
        return value + number * self._strides[table] if own else value

    def write(self) -> None:
        """Add every copy, inside a write transaction."""
        for original in self.of:
            bulk.insert_rows(original.table, self._rows[original.table.name])
        self._rows = {name: [] for name in self._rows}
        db.session.expire_all()
