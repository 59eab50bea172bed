"""Every module that declares tables, so that migrations and tests see the whole schema."""

import importlib

MODULES = (
    "mhtr.core.access_models",
    "mhtr.core.audit",
    "mhtr.core.outbox",
    "mhtr.core.policy",
    "mhtr.web.models",
    "mhtr.accounts.models",
    "mhtr.tasks.models",
    "mhtr.wall.agreement_models",
    "mhtr.people.models",
    "mhtr.cases.models",
    "outcome_measures.models",
    "mhtr.intake.models",
    "mhtr.suitability.models",
    "mhtr.safeguarding.models",
    "mhtr.safeguarding.incident_models",
    "mhtr.suitability.readings",
    "mhtr.orders.models",
    "mhtr.orders.cover_models",
    "mhtr.compliance.decision_models",
    "mhtr.compliance.enforcement_models",
    "mhtr.compliance.explanation_models",
    "mhtr.compliance.models",
    "mhtr.compliance.reading_models",
    "sessions.availability.models",
    "sessions.courses.models",
    "sessions.booking.models",
    "sessions.therapists.models",
    "sessions.planning.models",
    "sessions.notes.models",
    "mhtr.probation.keyed_models",
    "mhtr.probation.papers.models",
    "mhtr.probation.reports.models",
    "mhtr.probation.reports.schedule_models",
    "mhtr.ending.models",
    "mhtr.ending.report_models",
    "mhtr.probation.word_models",
    "mhtr.probation.risk_models",
    "mhtr.reviews.models",
    "mhtr.discharge.models",
)


def load() -> None:
    """Import them all."""
    for name in MODULES:
        importlib.import_module(name)
