"""The report's PDF beside a bare one-page compile."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

import typst
from pypdf import PdfReader

from mhtr.compliance.attendance import Happened
from mhtr.compliance.standing.facts import Opinion
from mhtr.core.clock import LONDON
from mhtr.core.pdf import fonts
from mhtr.probation.reports.content import Man, Met, Report
from mhtr.probation.reports.files import to_pdf
from mhtr.suitability.report_pdf import compile_report
from tests.suitability.report_samples import SIGNED

BARE = b"""
#set document(title: "Bare")
#set text(lang: "en", font: "Source Sans Pro")
= Bare
#lorem(300)
"""


@dataclass(frozen=True)
class PdfFigure:
    """Milliseconds of the report and its multiple of the bare page."""

    milliseconds: float
    ratio: float


def measure_pdf(rounds: int) -> PdfFigure:
    """Warm medians of both, in turn."""
    spent = _median(lambda: compile_report(SIGNED), rounds)
    bare = _median(lambda: typst.compile(BARE, font_paths=fonts(), pdf_standards=["ua-1"]), rounds)
    return PdfFigure(spent, spent / bare)


def measure_caseload(rounds: int) -> PdfFigure:
    """A report on sixty men with ten sessions each, beside a bare compile of as many pages."""
    report = Report("Compliance report", "A unit", date(2026, 11, 23), tuple(map(_man, range(60))))
    pages = len(PdfReader(BytesIO(to_pdf(report))).pages)
    bare = BARE + b"#pagebreak()\n#lorem(300)\n" * (pages - 1)
    spent = _median(lambda: to_pdf(report), rounds)
    plain = _median(lambda: typst.compile(bare, font_paths=fonts(), pdf_standards=["ua-1"]), rounds)
    return PdfFigure(spent, spent / plain)


def _man(number: int) -> Man:
    at, kinds = datetime(2026, 6, 1, 10, tzinfo=LONDON), list(Happened)
    met = tuple(
        Met(at + timedelta(days=7 * n), kinds[(number + n) % len(kinds)], None, Opinion.EXCUSED)
        for n in range(10)
    )
    warned = ("No live warning, as last confirmed by Ola Officer on 3 November 2026.",)
    name, crn = f"Man Number{number}", f"X7770{number:02}"
    ends, left = date(2027, 5, 1), "2 sessions left."
    return Man(name, crn, "Ola Officer", 12, ends, left, None, warned, met)


def _median(call: Callable[[], object], rounds: int) -> float:
    call()
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)
