"""Controls of tasks and of the jobs that see to them."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Every privacy officer is told of roles, links and resets",
        "mhtr/tasks/account_notices.py",
        "    for officer in _officers(staff.id, by):\n",
        "    for officer in _officers(staff.id, by)[:1]:\n",
        "tests/accounts/test_told_of_roles.py::test_the_holder_and_every_privacy_officer_are_told",
    ),
    Control(
        "Of two schedulers the one without the lease stands by",
        "mhtr/jobs/lease.py",
        "    if row.holder != holder and row.until > now:\n        return False\n",
        "",
        "tests/jobs/test_lease.py::test_the_first_leads_and_the_second_stands_by_until_the_lease_ends",
    ),
    Control(
        "Signs of risk nobody has seen are passed on by the job of that name",
        "mhtr/jobs/table.py",
        "        5,\n        escalate,\n",
        "        5,\n        lambda now: 0,\n",
        "tests/jobs/test_each_job.py::test_a_sign_of_risk_nobody_has_seen_is_passed_on",
    ),
    Control(
        "What a closed account owns is given on by the job of that name",
        "mhtr/jobs/table.py",
        "return rehome_left(now) + settle_left(now)",
        "return settle_left(now)",
        "tests/jobs/test_each_job.py::test_what_a_closed_account_owns_goes_to_somebody_else",
    ),
    Control(
        "A hearing without a result is found by the job of that name",
        "mhtr/jobs/table.py",
        "        60,\n        open_result_tasks,\n",
        "        60,\n        lambda now: 0,\n",
        "tests/jobs/test_each_job.py::test_a_hearing_without_a_result_becomes_a_task",
    ),
    Control(
        "Reports that have become late are found by the job of that name",
        "mhtr/jobs/table.py",
        "        30,\n        dates_by_time.look,\n",
        "        30,\n        lambda now: 0,\n",
        "tests/jobs/test_each_job.py::test_a_report_that_is_late_is_asked_about",
    ),
    Control(
        "An unsafe man about whom nobody was asked is found by the job of that name",
        "mhtr/jobs/table.py",
        "        60,\n        unasked.ask,\n",
        "        60,\n        lambda now: 0,\n",
        "tests/jobs/test_each_job.py"
        "::test_an_unsafe_man_about_whom_nobody_was_asked_is_a_clinicians_to_look_at",
    ),
    Control(
        "Flags follow the day by the job of that name",
        "mhtr/jobs/table.py",
        "        60,\n        look_again_by_time,\n",
        "        60,\n        lambda now: 0,\n",
        "tests/jobs/test_each_job.py::test_a_session_left_without_a_score_is_flagged",
    ),
    Control(
        "Forms nobody goes on with are closed by the job of that name",
        "mhtr/jobs/table.py",
        "        60,\n        ending.expire,\n",
        "        60,\n        lambda now: 0,\n",
        "tests/jobs/test_each_job.py::test_a_form_nobody_goes_on_with_is_closed_and_its_silence_looked_at",
    ),
    Control(
        "./run starts the scheduler beside the pages",
        "mhtr/demo/serve.py",
        "    _start_scheduler(demonstration, _address(host, port))\n",
        "",
        "tests/jobs/test_each_job.py::test_serving_the_demonstration_starts_the_scheduler_beside_it",
    ),
    Control(
        "A job asks for the lease in its own transaction",
        "mhtr/jobs/table.py",
        "    if holder and not lease.take(holder, clock.now()):\n        raise StandsBy",
        "    pass",
        "tests/jobs/test_lease.py::test_the_first_leads_and_the_second_stands_by_until_the_lease_ends",
    ),
)
