"""The audit of what is played, kept until all of it is known and appended in order of time.

Stories are told one after the other, and a year of treatment is written for one man after the
other: only at the end is it known what followed what.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.transaction import writing


class Trail:
    """Entries that are to be appended."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A write transaction whose entries are kept for later."""
        with writing():
            yield
            db.session.flush()
            self.entries += audit.pending()
            audit.forget_pending()

    def append(self) -> None:
        """Append everything to the chain, as it happened."""
        with writing():
            db.session.info[audit.PENDING] = sorted(self.entries, key=lambda entry: entry["at"])
        self.entries = []
