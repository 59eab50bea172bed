"""Rows for the worklists, and a man whose recommendation is not released."""

import re

from mhtr.cases.facts import CaseState, ReportProgress
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing


def names(page: str) -> list[str]:
    """The men of a list, in order."""
    return re.findall(r'scope="row"><a href="[^"]+">([A-Za-z0-9]+) Okafor</a>', page)


def told_unsuitable(case: Case) -> None:
    """The assessment ended with this recommendation and is not released."""
    case_id = case.id
    with writing():
        locked = db.session.get_one(Case, case_id)
        locked.state, locked.progress = CaseState.UNSUITABLE, ReportProgress.FINISHED
