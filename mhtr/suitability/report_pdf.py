"""The report as an accessible PDF."""

from dataclasses import asdict
from pathlib import Path

from mhtr.core.pdf import compile_pdf
from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_view import report_view

_LAYOUT = Path(__file__).parent / "report.typ"


def compile_report(content: ReportContent, mark: str = "") -> bytes:
    """The report as PDF/UA-1. The same content (and mark, see `reliance`) gives the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, asdict(report_view(content, mark)), content.written_on)
