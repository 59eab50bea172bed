"""Canaries: unmistakable words in every column that holds something about a man."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import Base

NOT_ABOUT_A_MAN = {
    "staff.totp_secret": "a secret of staff",
    "staff.totp_next_secret": "a secret of staff",
    "submissions.body": "a form as sent; shown to its sender alone",
    "kept_posts.body": "a form as sent; shown to its sender alone",
    "outbox.payload": "no page shows it",
    "proposals.asked": "ids and days, no words",
    "proposals.answer": "ids, codes and numbers, no words",
    "proposal_parts.after": "ids and times, no words",
    "proposal_parts.before": "ids and times, no words",
    "merges.moved": "ids of rows, no words",
    "person_links.taken": "what his names and numbers said before; no page shows it",
    "tasks.about": "one answer as codes, no words; measures are looked for across the wall by name",
    "referral_drafts.answers": "every author's draft has a word of its own",
    "api_calls.answer": "the answer to a machine, which tests of the API read",
    "countersign_requests.content": "compiled from planted answers; its hash is compared",
    "referral_papers.content": "made of planted facts; its hash is compared",
    "report_releases.content": "compiled from planted answers; its hash is compared",
}
"""Encrypted columns that the planter leaves alone, and why."""


def encrypted_columns() -> dict[str, Any]:
    """Every encrypted column of every table, by `table.column`."""
    found = {}
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            if isinstance(column.type, EncryptedText | EncryptedJson):
                found[f"{mapper.local_table.name}.{column.name}"] = column.type  # type: ignore[attr-defined]
    return found


def canary(record: str, column: str) -> str:
    """The word planted in a column of a record: letters only, so that nothing escapes it."""
    table, _, name = column.partition(".")
    return f"zq{record}x{table}x{name}qz".replace("_", "")


PLAIN = frozenset({"breach_warnings.requirement"})
"""Columns of plain words that are planted like encrypted ones."""

BY_HAND = {
    "assessment_sections.answers": "marked question by question: some are released, some never",
    "section_revisions.answers": "written as sections, the time before",
}
"""Columns that the world plants itself, and why."""


class Planter:
    """Plants canaries in whatever is inserted while a record is being made."""

    def __init__(self) -> None:
        self.record = ""
        self.planted: dict[str, set[str]] = {}

    @contextmanager
    def making(self, record: str) -> Iterator[None]:
        """Every row inserted in this block belongs to the record."""
        self.record = record
        event.listen(Mapper, "before_insert", self._plant)
        try:
            yield
        finally:
            event.remove(Mapper, "before_insert", self._plant)

    def word(self, column: str) -> str:
        """A canary to type into a service, for a column that is written later."""
        self.planted.setdefault(self.record, set()).add(column)
        return canary(self.record, column)

    def _plant(self, mapper: Mapper[Any], _connection: object, target: object) -> None:
        for attribute in inspect(target).mapper.column_attrs:
            column = attribute.columns[0]
            key = f"{mapper.local_table.name}.{column.name}"  # type: ignore[attr-defined]
            if key in NOT_ABOUT_A_MAN or key in BY_HAND:
                continue
            if isinstance(column.type, EncryptedText) or key in PLAIN:
                setattr(target, attribute.key, f"Said {self.word(key)}")
            elif isinstance(column.type, EncryptedJson):
                before = getattr(target, attribute.key)
                after = _with_word(before, canary(self.record, key))
                if after != before:
                    self.word(key)
                    setattr(target, attribute.key, after)


def _with_word(value: Any, word: str) -> Any:
    """Running text gets the word at its end; codes, dates and numbers stay what they are."""
    if isinstance(value, str):
        return f"{value} {word}" if " " in value.strip() else value
    if isinstance(value, dict):
        return {key: _with_word(one, word) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_word(one, word) for one in value]
    return value
