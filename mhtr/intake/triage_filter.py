"""What the triage list is narrowed to."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement

from mhtr.cases.facts import StageOfCase
from mhtr.cases.models import Case
from mhtr.core import clock


@dataclass(frozen=True)
class Filter:
    """What the triage list is narrowed to. Empty values narrow nothing."""

    court: str = ""
    stage: str = ""
    urgent: bool = False
    waiting_days: int = 0


def narrowed(wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions of it, for a query of cases."""
    found: list[ColumnElement[bool]] = []
    if wanted.court:
        found.append(Case.court_code == wanted.court)
    if wanted.stage:
        found.append(Case.stage == StageOfCase(wanted.stage))
    if wanted.urgent:
        found.append(Case.urgent.is_(True))
    if wanted.waiting_days:
        found.append(Case.opened_at <= clock.now() - timedelta(days=wanted.waiting_days))
    return found
