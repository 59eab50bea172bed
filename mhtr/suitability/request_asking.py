"""Whether a report can be asked for now: what a page says in place of a form that would fail."""

from collections.abc import Sequence
from dataclasses import replace

from mhtr.cases import rules
from mhtr.cases.facts import Fact, FactKind, StageOfCase
from mhtr.core import clock


def asking_refused(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Every reason against a request now, in words; empty where one is taken.

    A missing plea is none: whoever asks says it with the request, and it is recorded first.
    """
    now, last = clock.now(), max(facts, key=lambda fact: fact.id)
    plea = replace(
        last,
        id=last.id + 1,
        kind=FactKind.STAGE_RECORDED,
        on=now,
        recorded_at=now,
        detail={"stage": StageOfCase.GUILTY_PLEA},
    )
    return rules.can(FactKind.SUITABILITY_REQUESTED, [*facts, plea], clock.today()).reasons
