"""Pages of this package. Sibling route modules add theirs to `bp`."""

from sessions.blueprint import bp
from sessions.booking import broken as broken_bookings

__all__ = [
    "bp",
    "broken_bookings",
]
