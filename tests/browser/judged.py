"""Parts of pages that were judged, known to all workers of a run: what one has judged is judged."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from tests.templates import FOLDER


class Judged:
    """Shapes of parts (see shape.js), by their digests in a file that only grows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._known: set[bytes] = set()
        self._read = 0

    def of_these_new(self, parts: Iterable[str]) -> set[str]:
        """Those that nobody has judged."""
        digests = {part: _digest(part) for part in parts}
        if not self._known.issuperset(digests.values()):
            self._look()
        return {part for part, digest in digests.items() if digest not in self._known}

    def add(self, parts: Iterable[str]) -> None:
        """These were found without a fault."""
        lines = b"".join(_digest(part) + b"\n" for part in sorted(self.of_these_new(parts)))
        with self._file().open("ab", buffering=0) as file:
            file.write(lines)

    def _look(self) -> None:
        if self._file().exists():
            with self._file().open("rb") as file:
                file.seek(self._read)
                # The last line may be half written; it is read whole the next time.
                whole = file.read().rpartition(b"\n")[0]
            self._known.update(whole.split(b"\n"))
            self._read += len(whole) + 1 if whole else 0

    def _file(self) -> Path:
        return Path(os.environ[FOLDER]) / f"judged-{self.name}"


def _digest(part: str) -> bytes:
    return hashlib.blake2b(part.encode(), digest_size=16).hexdigest().encode()
