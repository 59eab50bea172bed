"""A report on treatment as an accessible PDF."""

from dataclasses import asdict
from pathlib import Path

from mhtr.core.pdf import compile_pdf
from mhtr.ending.report_content import Report, sheet

_LAYOUT = Path(__file__).parent / "treatment_report.typ"


def compile_report(report: Report) -> bytes:
    """The report as PDF/UA-1. The same report gives the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, asdict(sheet(report)), report.written_on)
