"""Imports every feature's tables, so that migrations and tests see the whole schema."""

import mhtr.accounts.models
import mhtr.cases.models
import mhtr.core.access
import mhtr.core.audit
import mhtr.core.outbox
import mhtr.core.policy
import mhtr.intake.models
import mhtr.people.models
import mhtr.suitability.models
import mhtr.tasks.models
import mhtr.web.models  # noqa: F401  (imported for its tables)
import outcome_measures.models  # noqa: F401  (likewise)
