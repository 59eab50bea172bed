"""The audit as a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that spreadsheets take for a formula (OWASP, CSV injection)."""

COLUMNS = ("Row", "When (UTC)", "Who", "What", "Case", "Details")


def safe_cell(text: object) -> str:
    """A cell's text; one that a spreadsheet would calculate begins with an apostrophe."""
    said = "" if text is None else str(text)
    return f"'{said}" if said.startswith(_DANGEROUS) else said


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """The file's text: a heading, then a line a row, every cell made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()
