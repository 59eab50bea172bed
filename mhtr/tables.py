"""Imports every feature's tables, so that migrations and tests see the whole schema."""

import mhtr.core.policy  # noqa: F401  (likewise)
import outcome_measures.models  # noqa: F401  (imported for its tables)
