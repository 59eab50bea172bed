"""A request that was made, for the tests of its pages."""

from mhtr.core.transaction import writing
from mhtr.suitability import request_service
from tests.suitability.makers import ASKED, CourtSide


def asked(court: CourtSide, case_id: int) -> int:
    with writing():
        return request_service.ask(case_id=case_id, asked=ASKED, by=court.author.id).id
