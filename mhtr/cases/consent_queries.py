"""What he said about consent, as far as it counts for one case.

The assessment with its report, the treatment and what probation may be told belong to the case he
was asked on: agreeing, or saying no, for one court says nothing for another. Whether his GP is told
and whether a link worker may ring him are wishes of the man and hold wherever he is.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from mhtr.cases.models import Case, ConsentAsked
from mhtr.core.database import UtcDateTime, db
from mhtr.people.consent import latest, when_said
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem
from mhtr.people.queries import record_ids

OF_THE_CASE = frozenset({ConsentItem.ASSESSMENT, ConsentItem.TREATMENT, ConsentItem.SHARING_MORE})
"""Asked for one case. The other items are of the man."""
REPORT_ITEMS = frozenset({ConsentItem.ASSESSMENT, ConsentItem.TREATMENT})
"""Items whose withdrawal stops a report: what it says of him would no longer be true."""


def events_of(case: Case) -> list[ConsentEvent]:
    """Every decision of his that counts for this case, in the order in which he made them.

    What was recorded before it was kept for which case counts for each case he had by then.
    """
    wanted = {
        "case": case.id,
        "opened": case.opened_at,
        "people": record_ids(case.person_id),
    }
    return sorted(db.session.scalars(_events(), wanted), key=when_said)


@cache
def _events() -> Any:
    """Made once: making it takes longer than asking it."""
    event = ConsentEvent
    said_here = select(ConsentAsked.event_id).where(ConsentAsked.case_id == bindparam("case"))
    asked_on_a_case = select(ConsentAsked.event_id).where(ConsentAsked.event_id == event.id)
    opened = bindparam("opened", type_=UtcDateTime())
    before = and_(event.recorded_at >= opened, ~asked_on_a_case.exists())
    his = event.person_id.in_(bindparam("people", expanding=True))
    of_the_case = sorted(OF_THE_CASE)
    return select(event).where(
        or_(
            and_(event.item.in_(of_the_case), event.id.in_(said_here)),
            and_(his, or_(event.item.not_in(of_the_case), before)),
        )
    )


def standing_of(case: Case) -> dict[ConsentItem, ConsentEvent]:
    """The decision that holds for this case on each item he was asked about."""
    return latest(events_of(case))


def taken_back(case: Case) -> list[ConsentEvent]:
    """What stands against a report on this case, by item: a withdrawal, or the assessment refused.

    Only agreeing to the same item again ends it. Treatment refused after a withdrawal is still
    treatment taken back; refused when first asked, it is what the report says.
    """
    found: dict[ConsentItem, ConsentEvent] = {}
    for event in events_of(case):
        if event.item not in REPORT_ITEMS:
            continue
        if event.decision is ConsentDecision.GIVEN:
            found.pop(event.item, None)
        elif event.item in found or says_no(event.item, event.decision):
            found[event.item] = event
    return list(found.values())


def says_no(item: ConsentItem, decision: ConsentDecision) -> bool:
    """Whether a decision stops the report of its case."""
    withdrawn = decision is ConsentDecision.WITHDRAWN and item in REPORT_ITEMS
    return withdrawn or (item, decision) == (ConsentItem.ASSESSMENT, ConsentDecision.REFUSED)


def last_on(case_ids: Collection[int]) -> dict[tuple[int, ConsentItem], ConsentEvent]:
    """The last decision on each of these cases about what a report rests on."""
    query = (
        select(ConsentAsked.case_id, ConsentEvent)
        .join(ConsentEvent, ConsentEvent.id == ConsentAsked.event_id)
        .where(ConsentAsked.case_id.in_(case_ids), ConsentEvent.item.in_(REPORT_ITEMS))
    )
    rows = db.session.execute(query).all() if case_ids else ()
    in_order = sorted(rows, key=lambda row: when_said(row[1]))
    return {(case_id, event.item): event for case_id, event in in_order}
