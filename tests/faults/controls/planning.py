"""Controls of planning: nothing that cannot be held, nowhere he or others are not safe."""

from tests.faults.controls.control import Control

ONE_MAN = "tests/sessions/planning/test_one_man.py"
CASELOAD = "tests/sessions/planning/test_caseload.py"
PROPOSALS = "tests/sessions/planning/test_proposals.py"
PAGES = "tests/sessions/planning/test_proposal_pages.py"

CONTROLS = (
    Control(
        "A plan that cannot be held never leaves the planner",
        "sessions/planning/exact.py",
        "    if wrong:\n",
        "    if False:\n",
        "tests/sessions/planning/test_exact.py::test_a_plan_that_is_wrong_never_leaves",
    ),
    Control(
        "No course is planned at a place where he may not go",
        "sessions/planning/free_times.py",
        "sites - self.man.barred_sites",
        "sites",
        f"{ONE_MAN}::test_what_keeps_people_safe_is_never_given_up",
    ),
    Control(
        "No course is planned where somebody he must not meet is about then",
        "sessions/planning/free_times.py",
        "                free &= ~self._met(how.site_id, wanted)\n",
        "",
        f"{ONE_MAN}::test_nobody_meets_whom_he_must_not_meet",
    ),
    Control(
        "Once he has begun, no course is planned with another therapist",
        "sessions/planning/one_man.py",
        "        if asked.therapist_only and clinician.staff_id != therapist:\n"
        "            continue\n",
        "",
        f"{ONE_MAN}::test_once_he_has_begun_nobody_else_is_tried",
    ),
    Control(
        "A plan of the caseload does not pass without the checker",
        "sessions/planning/answering.py",
        "    if violations(asked.instance, plan):\n",
        "    if False:\n",
        f"{CASELOAD}::test_an_answer_that_breaks_a_rule_is_never_kept",
    ),
    Control(
        "Each time of a plan is looked at as a booking is before it is proposed",
        "sessions/planning/settling.py",
        "        if not why_not(wanted, own, tried):\n",
        "        if True:\n",
        f"{CASELOAD}::test_what_the_numbers_allow_and_booking_does_not_is_not_proposed",
    ),
    Control(
        "What is proposed is refused whole where his sessions were changed since",
        "sessions/planning/applying.py",
        "        found = rows.get(one.session_id or 0)\n",
        "        continue\n",
        f"{PROPOSALS}::test_what_stays_in_the_plan_and_was_changed_since_refuses_it_too",
    ),
    Control(
        "Only administrators and clinical leads of the trust apply a plan",
        "sessions/planning/applying.py",
        "    must_keep(row.organisation_id, by)\n    return part, row\n",
        "    return part, row\n",
        f"{PROPOSALS}::test_only_administrators_and_leads_of_the_trust_ask_and_apply",
    ),
    Control(
        "A plan names nobody whose record is closed to the viewer",
        "sessions/planning/proposal_queries.py",
        '.where(ProposalPart.proposal_id == bindparam("proposal"), _MINE)',
        '.where(ProposalPart.proposal_id == bindparam("proposal"))',
        f"{PAGES}::test_a_man_whose_record_is_closed_is_counted_and_not_named",
    ),
    Control(
        "A worker that was killed leaves no plan that is worked out for ever",
        "sessions/planning/proposal_service.py",
        "        elif row.attempts >= ATTEMPTS:\n",
        "        elif False:\n",
        f"{PROPOSALS}::test_a_killed_worker_is_followed_by_one_more_and_then_it_has_failed",
    ),
)
