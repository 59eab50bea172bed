"""Where a fact comes from, and why wording may be shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. ``verified`` means the text or code at ``url`` was read.

    A rule whose source is not verified is switched off until a named clinician signs it: scoring
    does not apply it.
    """

    citation: str
    url: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Licence:
    """Why the wording may be shown, and the notice that is printed wherever it is."""

    notice: str
    source: Source
