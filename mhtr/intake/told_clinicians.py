"""Which clinicians hear of a case: only those who may open it, and never nobody.

Clinical leads of the trust that may open it; on a restricted record few may. Where no lead may,
the clinicians who are named on it; where there is none, a privacy officer, who decides who is.
"""

from collections.abc import Collection

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import access_service
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.cases.question_owners import ACCESS_PAGE, officers_for
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.tasks import service as tasks

NOBODY_OPENS = "Nobody clinical may open a restricted case that needs somebody: name somebody"


def tell(
    case: Case, trust_id: int, *, also: Collection[int] = (), text: str, page: str, by: int | None
) -> None:
    """Tell the leads of a trust of a locked case.

    Args:
        also: other staff, told where they may open it.
        by: who did it: not told, and enough where nobody else may open it.
    """
    db.session.flush()
    able = [one for one in sorted({*also, *lead_ids(trust_id)}) if _opens(one, case.id)]
    if not able:
        named = {reader.staff_id for reader in access_service.standing_readers(case)}
        able = [one for one in sorted(n for n in named if n) if _opens(one, case.id)]
    for staff_id in able:
        if staff_id != by:
            _put(db.session.get_one(Staff, staff_id), case, text, page)
    if not able:
        for officer in officers_for(case)[:1]:
            _put(officer, case, NOBODY_OPENS, ACCESS_PAGE)


def _opens(staff_id: int, case_id: int) -> bool:
    staff = db.session.get_one(Staff, staff_id)
    if staff.disabled_at is not None or not CLINICAL_ROLES & {row.role for row in staff.roles}:
        return False
    return stands(viewer_of(staff), case_id, Purpose.CLINICAL)


def _put(staff: Staff, case: Case, text: str, page: str) -> None:
    tasks.tell(
        staff.principal_id,
        key=f"case:{case.id}:{case.version}:{page}:{text}"[:120],
        text=text,
        case_id=case.id,
        endpoint=page,
        subject_ref=case.ref,
    )
