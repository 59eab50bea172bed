"""The only writer of hearings: a later court date supersedes an earlier one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.filing import Filing
from mhtr.cases.models import Case, Hearing, HearingChange
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing, remember, remembered

FACTS = {
    HearingChange.SET: FactKind.HEARING_SET,
    HearingChange.ADJOURNED: FactKind.HEARING_ADJOURNED,
    HearingChange.ADVANCED: FactKind.HEARING_ADVANCED,
    HearingChange.TRANSFERRED: FactKind.HEARING_TRANSFERRED,
}


_CURRENT = (
    select(Hearing)
    .where(Hearing.case_id == bindparam("wanted"), Hearing.superseded_at.is_(None))
    .order_by(Hearing.id.desc())
)


def current(case_id: int) -> Hearing | None:
    """The court date that counts now."""
    wanted = {"wanted": case_id}
    return remembered(case_id, Hearing, lambda: db.session.scalars(_CURRENT, wanted).first())


def kind_of_change(before: Hearing | None, court_code: str, on: date | None) -> HearingChange:
    """What to call the step from the hearing that counted to this court and date."""
    if before is None:
        return HearingChange.SET
    if before.court_code != court_code:
        return HearingChange.TRANSFERRED
    if before.on is not None and on is not None and on < before.on:
        return HearingChange.ADVANCED
    return HearingChange.ADJOURNED


def record_hearing(
    case: Case,
    *,
    court_code: str,
    on: date | None,
    by: int | None,
    change: HearingChange | None = None,
    purpose: str = "",
    psr_kind: str = "",
    reason: str = "",
    filing: Filing | None = None,
    at: datetime | None = None,
) -> Hearing:
    """Record a court date on a locked case and tell every listener.

    The same court and date as now tell nobody, and change nothing but the filing where it is said.

    Args:
        on: None where the court has fixed no date.
        psr_kind: the pre-sentence report asked for; what was known before holds without one.
        change: worked out where not given. filing: of that report; None where nobody said.

    Raises:
        Refused: the rules do not allow it now.
    """
    must_be_writing()
    before = current(case.id)
    if before and (before.court_code, before.on) == (court_code, on):
        return _stays(before, filing, by)
    change = change or kind_of_change(before, court_code, on)
    detail = {"hearing_on": on, "court": court_code} if on else {"court": court_code}
    cases.require(case, FACTS[change], by=by, detail=detail)
    hearing = Hearing(
        case_id=case.id, change=change, court_code=court_code, on=on, purpose=purpose,
        psr_kind=psr_kind or (before.psr_kind if before else ""), reason=reason, by_id=by,
        **_filed(filing),
    )  # fmt: skip
    _supersede(case, before, hearing)
    cases.add_fact(case, FACTS[change], by=by, at=at, detail=detail)
    return _told(hearing, by)


def _stays(hearing: Hearing, filing: Filing | None, by: int | None) -> Hearing:
    if filing is not None:
        for name, value in _filed(filing).items():
            setattr(hearing, name, value)
        for listener in listeners.filing_said:
            listener(hearing.case_id, by)
    return hearing


def _told(hearing: Hearing, by: int | None) -> Hearing:
    for listener in listeners.hearing_changed:
        listener(hearing.case_id, by)
    return hearing


def _filed(filing: Filing | None) -> dict[str, Any]:
    said = "" if filing is None else "day" if filing.on else "not_known"
    return {"filing_said": said, "psr_filed_on": filing.on if filing else None}


def _supersede(case: Case, before: Hearing | None, hearing: Hearing) -> None:
    case.court_code = hearing.court_code
    db.session.add(hearing)
    db.session.flush()
    if before is not None:
        before.superseded_at, before.superseded_by_id = clock.now(), hearing.id
    else:
        remember(case.id, Hearing, hearing)
