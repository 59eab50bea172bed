"""The report as an accessible PDF (PDF/UA-1, checked by the compiler) and as pictures.

Words reach the layout only as JSON data and are never read as markup.
"""

import json
import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_view import report_view

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "report.typ"


def compile_report(content: ReportContent, mark: str = "") -> bytes:
    """The report as PDF/UA-1. The same content (and mark, see `reliance`) gives the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return typst.compile(
        _TEMPLATE,
        root=_HERE,
        font_paths=fonts(),
        sys_inputs={"data": _data(content, mark)},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(content.written_on, time(), UTC),
    )


def _data(content: ReportContent, mark: str = "") -> str:
    written = content.written_on
    dated = [written.year, written.month, written.day]
    return json.dumps(_drawable({**asdict(report_view(content, mark)), "dated": dated}))


def _drawable(value: Any) -> Any:
    """Without characters that PDF/UA forbids or that draw nothing: controls, lone surrogates,
    unassigned and private ones, and those that turn the direction of the text round."""
    if isinstance(value, str):
        return "".join(char for char in value if not _is_forbidden(char))
    if isinstance(value, dict):
        return {key: _drawable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(part) for part in value]
    return value


def _is_forbidden(char: str) -> bool:
    turning = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    return turning or unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co")


@cache
def fonts() -> typst.Fonts:
    """Source Sans Pro (SIL Open Font License, shipped), then DejaVu Sans for other scripts.

    Last comes a font that draws a sign for any character, so that no name stops a report. Both
    come with matplotlib; its folder is found without importing it.
    """
    folders: list[Path] = [_HERE / "fonts"]
    charts = find_spec("matplotlib")
    if charts is not None and charts.origin is not None:
        folders.append(Path(charts.origin).parent / "mpl-data/fonts/ttf")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
