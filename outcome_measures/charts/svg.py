"""Matplotlib's SVG without what a strict content policy blocks.

Blocked styles would leave a black box. Its style sheet and style attributes become plain
attributes, so the drawing needs no permission: not as a picture, not opened by itself.
"""

import io
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PREFACE = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", re.DOTALL)
_SHEET = re.compile(r"<style[^>]*>\*\{([^}]*)\}</style>")
_STYLE = re.compile(r' style="([^"]*)"')
_SPACE = re.compile(r"\s*\n\s*")
_DECIMALS = re.compile(r"(\.\d\d)\d+")
_FONT = "Arial, Helvetica, sans-serif"
_EMPTY = re.compile(r"<defs>\s*</defs>")


def svg_of(figure: "Figure", *, title: str) -> bytes:
    """The figure as SVG: the same figure gives the same bytes.

    Letters stay letters, in the reader's own sans serif font: nothing is fetched, and the drawing
    is a third of what it is with outlines. `title` is read out where it is opened by itself.
    """
    _settings()
    made = io.BytesIO()
    figure.savefig(made, format="svg", metadata={"Date": None})
    return plain_svg(made.getvalue().decode(), title=title).encode()


def plain_svg(text: str, *, title: str) -> str:
    """The text of an SVG with its styles as attributes, and smaller."""
    text = _METADATA.sub("", _PREFACE.sub("", text))
    sheet = _SHEET.search(text)
    inherited = _attributes(sheet[1]) if sheet else ""
    text = _EMPTY.sub("", _SHEET.sub("", text))
    text = _STYLE.sub(lambda found: _attributes(found[1]), text)
    text = _DECIMALS.sub(r"\1", _SPACE.sub("\n", text))
    text = text.replace("<svg ", f'<svg role="img"{inherited} ', 1)
    end = text.index(">") + 1
    return f"{text[:end]}<title>{_escaped(title)}</title>{text[end:]}"


@cache
def _attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if part.strip())
    return "".join(
        f' {name.strip()}="{_FONT if name.strip() == "font-family" else value.strip()}"'
        for name, value in pairs
    )


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _settings() -> None:
    """Letters as letters, and names that do not change by chance. Said each time: the settings
    are the whole process's, and who draws for paper has others."""
    import matplotlib

    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "mhtr"
