"""Controls of the assessment: he says no, another assessor takes over, the lead who signs."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Who says no before release: probation hears at once that no report follows",
        "mhtr/suitability/stopping.py",
        "        _tell_asker(case, request, NO_REPORT)\n",
        "        pass\n",
        "tests/suitability/test_no_report.py::test_she_and_her_team_hear_at_once_that_no_report_follows",
    ),
    Control(
        "Who says no before release: work on the report ends",
        "mhtr/suitability/stopping.py",
        "tasks.open_tasks(case.id, *ENDS)",
        "()",
        "tests/suitability/test_no_report.py::test_taken_back_before_release_everything_stops",
    ),
    Control(
        "No date comes back while no report will follow",
        "mhtr/suitability/due_service.py",
        "case.report_due_on = None if no_report_since(case.id) else due.on",
        "case.report_due_on = due.on",
        "tests/suitability/test_no_report.py::test_a_moved_hearing_brings_no_date_back",
    ),
    Control(
        "A lead signs nothing he took back",
        "mhtr/suitability/countersign_service.py",
        "    if no_report_since(case.id):\n",
        "    if False:\n",
        "tests/suitability/test_no_report.py::test_taken_back_before_release_everything_stops",
    ),
    Control(
        "He changes his mind: the request stands again",
        "mhtr/suitability/stopping.py",
        "        due_service.put_back(case, request, by=by)\n",
        "",
        "tests/suitability/test_no_report.py::test_he_changes_his_mind_and_the_request_stands_again",
    ),
    Control(
        "Outside the clinical record a case is closed without his reason",
        "mhtr/overview/plain_words.py",
        "    if reason in CONCERN_HIM:\n",
        "    if False:\n",
        "tests/suitability/test_closed_for_him.py::test_closed_for_his_reason_nobody_outside_reads_it",
    ),
    Control(
        "Whoever was its author once never countersigns an assessment",
        "mhtr/suitability/assessment_queries.py",
        "CaseFact.kind.in_((FactKind.ASSESSMENT_STARTED, FactKind.ASSESSMENT_TAKEN_OVER)),",
        "CaseFact.kind.in_(()),",
        "tests/suitability/test_taking_over.py::test_all_who_were_its_author_count_as_authors",
    ),
    Control(
        "Only whoever has the case takes an assessment over",
        "mhtr/suitability/taking_over_rules.py",
        "    if staff_id != allocated_to:\n",
        "    if False:\n",
        "tests/suitability/test_taking_over.py::test_nobody_else_takes_it_over",
    ),
    Control(
        "What others wrote is looked through before it is finished",
        "mhtr/suitability/finishing.py",
        "    if unlooked:\n",
        "    if False:\n",
        "tests/suitability/test_taking_over.py::test_whoever_has_the_case_takes_it_over_and_finishes_it",
    ),
    Control(
        "An urgent handover has a time that can have been",
        "mhtr/suitability/assessment_service.py",
        "        handover_times.check(case, answers)\n",
        "        pass\n",
        "tests/suitability/test_handover_times.py::test_the_service_saves_none_that_cannot_be",
    ),
    Control(
        "The lead who signs sees what is missing or does not fit",
        "mhtr/suitability/countersign_routes.py",
        "        **pointed_out(case, read_assessment(assessment.id)),\n",
        "",
        "tests/suitability/test_countersign_pages.py::test_the_lead_sees_what_the_author_was_shown",
    ),
    Control(
        "A no that stands after reopening is somebody's task again",
        "mhtr/cases/consent_service.py",
        "    _ask_again(case, against, by)\n",
        "",
        "tests/suitability/test_no_report_in_order.py::test_closed_and_reopened_somebody_asks_him_again",
    ),
    Control(
        "A change of mind in a pause is taken up when the case goes on",
        "mhtr/suitability/stopping.py",
        "        FactKind.RESUMED,\n",
        "",
        "tests/suitability/test_no_report_in_order.py::test_what_he_says_during_a_pause_is_taken_up_when_the_case_goes_on",
    ),
    Control(
        "No work is opened where probation took its request back",
        "mhtr/suitability/report_work.py",
        "    if last_request(case.id) is not None and current_request(case.id) is None:\n",
        "    if False:\n",
        "tests/suitability/test_no_report_in_order.py::test_probation_took_its_request_back_his_change_of_mind_asks_nobody_to_sign",
    ),
)
