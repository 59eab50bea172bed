"""His date of death was taken back: what is due of his report, and its result, are due again."""

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.intake import court_case
from mhtr.suitability import due_service, result_tasks
from mhtr.suitability.concerned import current_request


def follow(case_id: int, by: int) -> None:
    """Put back what recording the date had withdrawn. The case itself goes on already."""
    case = cases.lock(case_id)
    if case.paused or case.state not in BEFORE_SENTENCE:
        return
    request = current_request(case_id)
    if request is not None:
        due_service.put_back(case, request, by=by)
    elif case.assessor_id is not None:
        result_tasks.keep(case, None, by=by)


# After the step that lets the case go on, whatever was imported first.
_place = listeners.death_taken_back.index(court_case.go_on_after_all)
listeners.death_taken_back.insert(_place + 1, follow)
