"""Every page whose address names one thing is fit at both widths: lists, sections, steps, forms.

Pages of a case as a whole, and those that name nothing, are walked by `test_every_page`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser

import config as settings
from mhtr.accounts.models import Staff
from mhtr.app import create_app
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.worklists import WORKLISTS
from mhtr.tasks.models import TaskKind
from outcome_measures.models import MeasureContact, MeasureFlag, MeasureMode
from outcome_measures.time_points import TimePoint
from tests.browser.conftest import DESK, PHONE, serving
from tests.browser.journeys.test_every_page import FILES
from tests.browser.person import Person
from tests.conftest import NOON
from tests.databases import Databases
from tests.fitness.addresses import Address, addresses
from tests.fitness.measured import measured
from tests.fitness.records import COURT, Distance
from tests.fitness.world import World
from tests.overview.things import a_case, a_task, give
from tests.suitability import journey

LIST = "overview.worklist"
OF_A_CASE = {"case_ref"}
BUSY = CLINICAL_ROLES | {Role.ADMINISTRATOR, Role.COURT_PROBATION, Role.LINK_WORKER}
"""Who has something in each of his lists."""
NOT_THERE = frozenset(
    {
        "intake.sent",  # of a referral that is not sent yet
        "intake.end_coverage",  # of a court that nobody covers
        "measures.contact_put_back",  # of a contact that was not taken back
        "measures.contact_take_back",  # of a contact that somebody else recorded
        "measures.form_put_back",  # of a form that was not taken back
        "measures.form_take_back",  # of a form that somebody else entered; see test_past_scores
        "measures.form_total_correct",  # of answers that were given one by one
        "people.merge_linked",  # of linked records that no one trust has; see test_linked_records
        "sessions.group",  # of a group; see the journey of booking
        "sessions.group_cancel",
        "sessions.group_leave",
        "sessions.group_find",
        "sessions.group_move",
        "suitability.measure_correct",  # of a measure that is not finished
    }
)
"""Pages that there are not for this man, and why."""
TOO_LATE = 409
"""A step that says what has to come before it."""


@dataclass
class House:
    """The programme with one man on whom everything hangs, where it is served, what was seen."""

    app: Flask
    world: World
    served: str
    judged: set[str] = field(default_factory=set)
    """Pages that axe has judged."""


@pytest.fixture(scope="module")
def house(databases: Databases) -> Iterator[House]:
    """Made once: the pages are only looked at."""
    app = databases.app("sqlite")
    with clock.using(SetClock(NOON)), app.app_context():
        world = World((Distance.OWN,))
        _much_to_do(world)
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        db.session.rollback()
        program = create_app(settings.load({"MHTR_MODE": "demo", "MHTR_DATABASE_URL": url}))
        with serving(program) as served:
            yield House(app, world, served.address)
        db.session.remove()
        db.engine.dispose()


def _much_to_do(world: World) -> None:
    """Something for every list; a report that the lead who looks may read and not sign."""
    lead, author = world.staff[Role.CLINICAL_LEAD], world.colleagues[Role.ASSESSOR]
    case = db.session.get_one(Case, world.records[Distance.OWN].case_id)
    for role in BUSY:
        for kind in TaskKind:
            a_task(kind, world.staff[role], case, due_in=-timedelta(days=1))
    other = journey.taken_on(author, "Bartholomew-Alexander", "Featherstonehaugh")
    people = journey.People(
        other, author, world.colleagues[Role.CLINICAL_LEAD], lead,
        world.colleagues[Role.COURT_PROBATION], world.team,
    )  # fmt: skip
    journey.requested(people)
    journey.sent(journey.finished(people), people)
    lead_id = lead.id
    with writing():
        looking = db.session.get_one(Staff, lead_id)
        looking.hcpc_number = looking.hcpc_checked_on = None
    _in_treatment_and_in_court(world)
    referred = a_case(lead)
    give(referred.id, Purpose.CLINICAL, world.staff[Role.DUTY_CLINICIAN])
    give(referred.id, Purpose.ADMINISTRATION, world.staff[Role.ADMINISTRATOR])


def _in_treatment_and_in_court(world: World) -> None:
    """A man of the assessor who looks: a session is open, a flag waits, a hearing comes."""
    assessor = world.staff[Role.ASSESSOR]
    case_id = journey.taken_on(assessor, "Maximilian", "Wolfeschlegelsteinhausen").id
    with writing():
        _, refs = measured(case_id, assessor.id)
        flag = db.session.query(MeasureFlag).filter_by(ref=refs["measure_flag_ref"]).one()
        db.session.add(
            MeasureFlag(case_id=case_id, key=f"{flag.key}-2", kind=flag.kind, instrument="phq9")
        )
        locked = cases.lock(case_id)
        locked.court_code, locked.hearing_on = COURT, clock.today() + timedelta(days=2)
    duty = world.staff[Role.DUTY_CLINICIAN].id
    with writing():
        db.session.add(
            MeasureContact(
                case_id=case_id, context="contact:duty", held_on=clock.today(),
                point=TimePoint.SESSION, session_number=2, mode=MeasureMode.TELEPHONE, by_id=duty,
            )
        )  # fmt: skip
    give(case_id, Purpose.ADMINISTRATION, world.staff[Role.ADMINISTRATOR])


@pytest.fixture(scope="module")
def somebody(house: House, chromium: Browser) -> Iterator[Person]:
    """One browser for all of them."""
    context = chromium.new_context(
        base_url=house.served, viewport={"width": DESK[0], "height": DESK[1]}, locale="en-GB"
    )
    context.set_default_timeout(15_000)
    yield Person(context.new_page())
    context.close()


def pages(house: House, role: Role) -> Iterator[tuple[Address, str]]:
    """Pages of this role; but for the lists, each by the first role that has it."""
    earlier = frozenset(list(Role)[: list(Role).index(role)])
    for address in addresses(house.app, "GET"):
        named = address.route.arguments
        if not named or named == OF_A_CASE or address.route.rule.endswith(FILES):
            continue
        if not address.rule.allows(frozenset({role})):
            continue
        if address.endpoint != LIST and address.rule.allows(earlier):
            continue
        for path in address.paths(house.world, role, Distance.OWN):
            if address.endpoint != LIST or role in WORKLISTS[path.rpartition("/")[2]].roles:
                yield address, path


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_one_thing_is_fit(house: House, somebody: Person, role: Role) -> None:
    somebody.page.context.clear_cookies()
    somebody.signs_in_as(role.value)
    gone, empty = set[str](), list[str]()
    for address, path in pages(house, role):
        answer = somebody.page.goto(path)
        assert answer is not None
        if answer.status == 404:
            gone.add(address.endpoint)
            continue
        assert answer.ok or answer.status == TOO_LATE, f"{answer.status} from {path}"
        judged = path if address.endpoint == LIST else address.endpoint
        looks_at(somebody, judge=judged not in house.judged)
        house.judged.add(judged)
        if address.endpoint == LIST and somebody.page.locator("main tbody tr").count() == 0:
            empty.append(path)
    somebody.had_no_trouble()
    assert gone <= NOT_THERE
    assert role not in BUSY or not empty


def looks_at(person: Person, *, judge: bool) -> None:
    """At both widths, beginning with the one the page arrived at."""
    person.finds_nothing_too_wide()
    wide = person.page.evaluate("window.innerWidth") == DESK[0]
    person.turns_to(PHONE if wide else DESK)
    person.finds_nothing_too_wide()
    if judge:
        person.finds_the_page_fit()
