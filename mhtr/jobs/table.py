"""What happens although nobody clicks: each job is one service call, harmless when run twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mhtr.compliance.late_decisions import escalate_decisions
from mhtr.core import clock
from mhtr.core.transaction import writing
from mhtr.ending import finish_service, ran_out, report_follow
from mhtr.intake import unasked
from mhtr.intake.leaving import settle_left
from mhtr.intake.onward_cover import cover_absences
from mhtr.jobs import lease
from mhtr.messages.delivery import deliver
from mhtr.orders.cover_service import pass_on_begun
from mhtr.orders.order_tasks import open_order_tasks
from mhtr.probation import risk_tasks, word_tasks
from mhtr.probation.reports import by_time, watching
from mhtr.reviews import due_service
from mhtr.suitability import dates_by_time
from mhtr.suitability.result_tasks import open_result_tasks
from mhtr.tasks import watch
from mhtr.tasks.escalation import escalate
from mhtr.tasks.rehoming import rehome_left
from outcome_measures.flags.service import look_again_by_time
from outcome_measures.recording import ending
from sessions.availability import adjust_service
from sessions.courses.course_tasks import open_course_tasks
from sessions.notes.finishing import ask_for_left
from sessions.register.overdue import open_outcome_tasks


@dataclass(frozen=True)
class Job:
    """A job: what it does, how often, and the call, which answers with how much it did."""

    name: str
    words: str
    minutes: int
    run: Callable[[datetime], int]
    apart: bool = False
    """It opens transactions of its own: what it waits for is not the database."""


def _pass_on_work(now: datetime) -> int:
    return rehome_left(now) + settle_left(now) + _cover(now) + ask_for_left(now)


def _cover(now: datetime) -> int:
    return cover_absences(now) + pass_on_begun(now)


def _ask_no_longer(now: datetime) -> int:
    asked = finish_service.ask_no_longer(now) + report_follow.ask_no_longer(now)
    return asked + ran_out.tell(now)


JOBS: tuple[Job, ...] = (
    Job(
        watch.PASSES_ON_RISK,
        "a sign of risk nobody has seen goes to the duty clinician, then to a clinical lead",
        5,
        escalate,
    ),
    Job(
        "unsafe",
        "a referral that leaves open whether he is safe is given to a clinician, if none was asked",
        60,
        unasked.ask,
    ),
    Job(
        "rehome",
        "what a closed account or somebody away still has goes to whoever does that work now",
        60,
        _pass_on_work,
    ),
    Job(
        "results",
        "a hearing that has passed without a recorded result becomes a named person's task",
        60,
        open_result_tasks,
    ),
    Job(
        "orders",
        "a sentence without its order on record, or without a probation contact, becomes a task",
        60,
        open_order_tasks,
    ),
    Job(
        "adjustments",
        "an adjustment that was agreed until a day ends once that day has passed",
        60,
        adjust_service.end_over,
    ),
    Job(
        "courses",
        "a man who was sentenced with the requirement and has no course becomes a task",
        60,
        open_course_tasks,
    ),
    Job(
        "outcomes",
        "a session that is over, and of which nobody recorded what happened, becomes a task",
        60,
        open_outcome_tasks,
    ),
    Job(
        "decisions",
        "an absence on which probation has not decided in time goes to a senior of the unit",
        60,
        escalate_decisions,
    ),
    Job(
        "endings",
        "nothing more is asked once a requirement is over, and probation hears that it ran out",
        60,
        _ask_no_longer,
    ),
    Job(
        "reviews",
        "a three-way review that is due soon is asked for; its day follows the course",
        60,
        due_service.look,
    ),
    Job(
        "words",
        "something urgent that probation told and nobody has received goes to the next clinician",
        5,
        word_tasks.escalate,
    ),
    Job(
        "reports",
        "a compliance report that left and does not say what is so becomes a task",
        60,
        watching.look,
    ),
    Job(
        "risk_told",
        "a risk told to probation that nobody acknowledged goes to a senior, then to be telephoned",
        5,
        risk_tasks.escalate,
    ),
    Job(
        "reports_by_time",
        "a compliance report that is set up by time is released when it is due",
        60,
        by_time.make_due,
        apart=True,
    ),
    Job(
        "dates",
        "a report that is late, or has nobody to write it in time, is asked about and seen to",
        30,
        dates_by_time.look,
    ),
    Job(
        "flags",
        "flags of scores follow the day and the policy: a session left without a score is flagged",
        60,
        look_again_by_time,
    ),
    Job(
        "deliver",
        "messages that wait are sent; one that cannot be sent becomes a task",
        1,
        deliver,
        apart=True,
    ),
    Job(
        "expire_measures",
        "a questionnaire nobody goes on with is closed, and its silence on risk looked at",
        60,
        ending.expire,
    ),
)


class StandsBy(Exception):
    """Another scheduler process runs the jobs."""


def run(job: Job, *, holder: str = "") -> int:
    """Run a job now, in one write transaction unless it opens its own, and note that it ran.

    Returns how much it did.

    Args:
        holder: the scheduler process that runs it; empty where somebody runs it by hand.

    Raises:
        StandsBy: another process holds the lease.
    """
    if job.apart:
        with writing():
            _must_lead(holder)
        done = job.run(clock.now())
        with writing():
            watch.ran(job.name, clock.now(), done)
        return done
    with writing():
        now = clock.now()
        _must_lead(holder)
        done = job.run(now)
        watch.ran(job.name, now, done)
        return done


def _must_lead(holder: str) -> None:
    if holder and not lease.take(holder, clock.now()):
        raise StandsBy
