"""A safeguarding referral as an accessible PDF."""

from pathlib import Path

from mhtr.core.pdf import compile_pdf
from mhtr.safeguarding.rules import Said
from mhtr.safeguarding.sheet import Whom, sheet

_LAYOUT = Path(__file__).parent / "safeguarding.typ"


def compile_referral(said: Said, whom: Whom) -> bytes:
    """The referral as PDF/UA-1. The same version gives the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, sheet(said, whom), whom.made_on)
