"""The report's PDF beside a bare one-page compile."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import typst

from mhtr.core.pdf import fonts
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


def _median(call: Callable[[], object], rounds: int) -> float:
    call()
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)
