"""What is withdrawn when a case closes or pauses, and what begins again when it goes on."""

from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

STAYS = frozenset(
    {
        TaskKind.RISK_REVIEW,
        TaskKind.IDENTITY_QUESTION,
        TaskKind.ONWARD_REFERRAL,
        TaskKind.BREAK_GLASS_REVIEW,
        TaskKind.FLAG_REVIEW,
        TaskKind.CONSENT_WITHDRAWN,
    }
)
"""Tasks about the man or the record rather than the court case: closing does not end them."""


def withdraw_tasks(case_id: int, *, by: int | None) -> None:
    """Withdraw what need no longer be done once the case is closed."""
    must_be_writing()
    for task in tasks.open_tasks(case_id):
        if task.kind not in STAYS:
            tasks.withdraw(task, by=by, because="case_closed")
