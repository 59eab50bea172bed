"""A process that sends one referral after another until it is killed, naming each once saved."""

import sys

import config as settings
from mhtr.app import create_app
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.intake import service
from tests.conftest import NOON
from tests.intake.samples import submission


def refer_for_ever(url: str, staff_id: int, organisation_id: int) -> None:
    """Send until killed."""
    app = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    with app.app_context(), clock.using(SetClock(NOON)):
        while True:
            with writing():
                case = service.submit_referral(
                    submission=submission(court="B01EF", hearing_on="2026-12-02"),
                    channel="form",
                    referrer_id=staff_id,
                    organisation_id=organisation_id,
                    by=staff_id,
                )
                case_id = case.id
            print(case_id, flush=True)


if __name__ == "__main__":
    refer_for_ever(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
