"""A compliance report as a file: PDF, CSV and JSON, each of what `told` says and no more."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.core.formats import safe_cell
from mhtr.core.pdf import compile_pdf
from mhtr.probation.reports.content import LISTED, MEANS, Item, Man, Report, told

HANDLING = "Confidential: for probation. Facts of attendance; nothing of treatment itself."
_LAYOUT = Path(__file__).parent / "compliance.typ"
_OF_EACH = tuple(one.item for one in LISTED if one.item is not Item.EACH)


def in_one_line(man: Man) -> dict[str, str]:
    """What is said of a man but for each session: one value to each name."""
    said = told(man)
    return {name: words for item in _OF_EACH for row in said[item] for name, words in row.items()}


def to_csv(report: Report) -> bytes:
    """One row for each session of each man, with his figures beside it; one where he has none.

    A cell that a spreadsheet would calculate begins with an apostrophe.
    """
    rows = [
        {**in_one_line(man), **each}
        for man in report.men
        for each in (told(man)[Item.EACH] or [dict.fromkeys(_session_names(), "")])
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([report.title, day_words(report.on)])
    names = [*_line_names(), *_session_names()]
    writer.writerow(names)
    for row in rows:
        writer.writerow([safe_cell(row[name]) for name in names])
    return out.getvalue().encode("utf-8-sig")


_NOBODY = Man("", "", "", None, None, "", None, (), ())


def _line_names() -> list[str]:
    return list(in_one_line(_NOBODY))


def _session_names() -> list[str]:
    return ["Day", "Time", "What happened", "Decision"]


def to_json(report: Report) -> bytes:
    """The report by items of the list, with the basis of each."""
    said = {
        "title": report.title,
        "service": report.service,
        "on": report.on.isoformat(),
        "items": [{"item": one.item, "label": one.label, "basis": one.basis} for one in LISTED],
        "meanings": dict(MEANS),
        "totals": report.totals,
        "men": [{item.value: list(rows) for item, rows in told(man).items()} for man in report.men],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def to_pdf(report: Report) -> bytes:
    """The report as PDF/UA-1. The same report gives the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, _data(report), report.on)


def _data(report: Report) -> Mapping[str, Any]:
    many = len(report.men) > 1
    return {
        "title": report.title,
        "service": report.service,
        "on": day_words(report.on),
        "handling": HANDLING,
        "meanings": [list(pair) for pair in MEANS.items()],
        "totals": [[name, str(count)] for name, count in report.totals.items()] if many else [],
        "men": [_man(man) for man in report.men],
        "basis": [[one.label, one.basis] for one in LISTED],
    }


def _man(man: Man) -> Mapping[str, Any]:
    line = in_one_line(man)
    return {
        "name": line["Name"],
        "facts": [[name, words] for name, words in line.items() if name != "Name"],
        "sessions": [[row[name] for name in _session_names()] for row in told(man)[Item.EACH]],
    }


FORMATS: Mapping[str, tuple[str, Callable[[Report], bytes]]] = {
    "pdf": ("application/pdf", to_pdf),
    "csv": ("text/csv; charset=utf-8", to_csv),
    "json": ("application/json", to_json),
}
"""By the ending of the file: its type, and how it is made."""


def session_names() -> Sequence[str]:
    """What each session is told by, in order."""
    return _session_names()
