"""A warning goes to somebody else, because whoever looked after it may not see the man any more."""

from mhtr.accounts.models import Staff
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import flag_history
from mhtr.people.flags import review_task
from mhtr.people.models import Flag
from mhtr.tasks import service as tasks


def give(flag: Flag, to: Staff, *, by: int | None, case_id: int, case_ref: object) -> None:
    """Let somebody look after a live flag from now on: its review is his, on a case he may see.

    Where it is his already nothing happens but that its review is on this case.
    """
    must_be_writing()
    if flag.owner_staff_id != to.id:
        why = "Whoever looked after it may not see him any more."
        flag_history.keep(flag, why, by, owner=db.session.get_one(Staff, flag.owner_staff_id).name)
        flag.owner_staff_id = to.id
        audit.record("people.flag_given", by=by, case_id=case_id, flag=flag.id, to=to.id)
        tasks.tell(
            to.principal_id,
            key=f"flag-given:{flag.id}:{clock.now().isoformat()}",
            text="A warning about a man is yours to look after now",
            case_id=case_id,
            endpoint="people.flags",
            subject_ref=case_ref,
        )
    task = review_task(flag)
    if task is None:
        return
    tasks.change(task, case_id=case_id, subject_ref=case_ref, by=by)
    if task.owner_staff_id != to.id:
        tasks.hand_over(task, to_principal_id=to.principal_id, to_staff_id=to.id, by=by)
