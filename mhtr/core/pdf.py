"""Documents as accessible PDF (PDF/UA-1, checked by the compiler), from a layout and its words.

Words reach a layout only as JSON data and are never read as markup.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

_FONTS = Path(__file__).parent / "fonts"
_LINE_ENDS = re.compile(r"[ \t]*[\t\r\n\v\f\x85]+[ \t]*")


def compile_pdf(layout: Path, data: Mapping[str, Any], dated: date) -> bytes:
    """A document as PDF/UA-1. The same layout, data and day give the same bytes.

    Args:
        layout: a Typst file that reads `sys.inputs.data` as JSON, with `dated` as year, month, day.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    said = {**data, "dated": [dated.year, dated.month, dated.day]}
    return typst.compile(
        layout,
        root=layout.parent,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(drawable(said))},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(dated, time(), UTC),
    )


def drawable(value: Any) -> Any:
    """Without characters that PDF/UA forbids or that draw nothing: controls, lone surrogates,
    unassigned and private ones, and those that turn the direction of the text round.

    The end of a line is a space, as on a page: whoever wants paragraphs parts them before.
    """
    if isinstance(value, str):
        return "".join(char for char in _LINE_ENDS.sub(" ", value) if not _is_forbidden(char))
    if isinstance(value, Mapping):
        return {key: drawable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(part) for part in value]
    return value


def _is_forbidden(char: str) -> bool:
    turning = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    return turning or unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co")


@cache
def fonts() -> typst.Fonts:
    """Source Sans Pro (SIL Open Font License, shipped), then DejaVu Sans for other scripts.

    Last comes a font that draws a sign for any character, so that no name stops a document. Both
    come with matplotlib; its folder is found without importing it.
    """
    folders: list[Path] = [_FONTS]
    charts = find_spec("matplotlib")
    if charts is not None and charts.origin is not None:
        folders.append(Path(charts.origin).parent / "mpl-data/fonts/ttf")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
