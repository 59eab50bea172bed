"""A compliance report as a file: PDF, CSV and JSON, each of what the report says and no more."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.core.formats import safe_cell
from mhtr.core.pdf import compile_pdf
from mhtr.probation.reports.content import LEFT_OUT, Man, Report, session_names
from mhtr.probation.reports.terms import Item
from mhtr.probation.reports.terms import to_json as terms_json

HANDLING = "Confidential: for probation. Facts of attendance; nothing of treatment itself."
_LAYOUT = Path(__file__).parent / "compliance.typ"


def to_csv(report: Report) -> bytes:
    """One row for each session of each man, with his figures beside it; one where he has none.

    Above the table stands what agreements leave out or add, one line for each trust that has one.
    A cell that a spreadsheet would calculate begins with an apostrophe.
    """
    each = session_names(report.items) if Item.EACH in report.items else ()
    rows = [
        {**report.line(man), **session}
        for man in report.men
        for session in (report.said(man).get(Item.EACH) or [dict.fromkeys(each, "")])
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([report.title, day_words(report.on), *([report.issue] if report.issue else [])])
    for one in report.terms:
        if one.version:
            writer.writerow([safe_cell(one.words)])
    names = [*report.names, *each]
    writer.writerow(names)
    for row in rows:
        writer.writerow([safe_cell(row.get(name, LEFT_OUT)) for name in names])
    return out.getvalue().encode("utf-8-sig")


def to_json(report: Report) -> bytes:
    """The report by items of its list, with the basis of each."""
    said = {
        "title": report.title,
        "service": report.service,
        "on": report.on.isoformat(),
        "issue": report.issue,
        "items": [
            {"item": one.item, "label": one.label, "basis": one.basis} for one in report.listed
        ],
        "agreements": [terms_json(one) for one in report.terms],
        "meanings": report.means,
        "totals": report.totals,
        "men": [
            {item.value: list(rows) for item, rows in report.said(man).items()}
            for man in report.men
        ],
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
        "issue": report.issue,
        "handling": HANDLING,
        "meanings": [list(pair) for pair in report.means.items()],
        "totals": [[name, str(count)] for name, count in report.totals.items()] if many else [],
        "agreements": [one.words for one in report.terms],
        "men": [_man(report, man) for man in report.men],
        "basis": [[one.label, one.basis] for one in report.listed],
    }


def _man(report: Report, man: Man) -> Mapping[str, Any]:
    line = report.line(man)
    return {
        "name": line["Name"],
        "facts": [[name, words] for name, words in line.items() if name != "Name"],
        "each": list(session_names(man.terms.items)) if Item.EACH in man.terms.items else [],
        "sessions": [list(row.values()) for row in report.said(man).get(Item.EACH, ())],
    }


FORMATS: Mapping[str, tuple[str, Callable[[Report], bytes]]] = {
    "pdf": ("application/pdf", to_pdf),
    "csv": ("text/csv; charset=utf-8", to_csv),
    "json": ("application/json", to_json),
}
"""By the ending of the file: its type, and how it is made."""
