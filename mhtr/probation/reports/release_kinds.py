"""How a compliance report leaves, and who gets it: codes and words."""

from collections.abc import Mapping
from enum import StrEnum


class Way(StrEnum):
    """What let a report leave."""

    PAGE = "page"
    CONSOLE = "console"
    SCHEDULE = "schedule"


class To(StrEnum):
    """Who gets it."""

    MYSELF = "myself"
    PASSED = "passed"
    """Whoever released it passes it on by a way of his own."""
    COLLEAGUE = "colleague"
    """Somebody of the unit who signs in and supervises everybody in it."""
    UNIT = "unit"
    """The mailbox of the unit gets a link."""


WAY_WORDS: Mapping[Way, str] = {
    Way.PAGE: "On the page",
    Way.CONSOLE: "By whoever runs the program",
    Way.SCHEDULE: "As set up",
}
TO_WORDS: Mapping[To, str] = {
    To.MYSELF: "Downloaded by",
    To.PASSED: "Passed on to",
    To.COLLEAGUE: "Told, with a link:",
    To.UNIT: "Mail with a link to",
}
FORMAT_WORDS: Mapping[str, str] = {
    "pdf": "PDF",
    "csv": "Spreadsheet (CSV)",
    "json": "For another program (JSON)",
}
