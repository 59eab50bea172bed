"""Pages of this package. Sibling route modules add theirs to `bp`."""

from sessions.blueprint import bp

__all__ = [
    "bp",
]
