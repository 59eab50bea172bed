"""References of the rows of a copy: its own, the same wherever the original has the same."""

import uuid
from typing import Any

SUBJECT = "subject"
"""Holds the reference of a row of another table without being a key to it."""
KEPT_TOGETHER = ("uid", "series")
"""Said of several rows that belong together."""
Row = dict[str, Any]


def references(row: Row, refs: dict[str, str]) -> Row:
    """References of the copy's own, the same wherever the original has the same."""
    made: Row = {}
    if row.get("ref") is not None:
        refs[dashed(row["ref"])] = str(uuid.uuid4())
        made["ref"] = _same_uuid(refs[dashed(row["ref"])], row["ref"])
    for name in KEPT_TOGETHER:
        if row.get(name) is not None:
            known = refs.setdefault(dashed(row[name]), str(uuid.uuid4()))
            made[name] = _same_uuid(known, row[name])
    if SUBJECT in row:
        made[SUBJECT] = _same_uuid(refs[dashed(row[SUBJECT])], row[SUBJECT])
    return made


def dashed(ref: object) -> str:
    """A reference as text, whatever the database holds it as."""
    return str(uuid.UUID(ref)) if isinstance(ref, str) else str(ref)


def _same_uuid(ref: str, like: object) -> object:
    fresh = uuid.UUID(ref)
    return fresh.hex if isinstance(like, str) else fresh
