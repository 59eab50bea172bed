"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from outcome_measures.blueprint import bp

__all__ = ["bp"]
