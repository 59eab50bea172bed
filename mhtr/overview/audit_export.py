"""The audit as a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from mhtr.core.formats import safe_cell

COLUMNS = ("Row", "When (UTC)", "Who", "What", "Case", "Details")


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """The file's text: a heading, then a line a row, every cell made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()
