"""Controls of reports that cannot be ready in time."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "An overdue report is asked about with the next possible day",
        "mhtr/suitability/capacity.py",
        "    in_time = writer.written and not overdue\n",
        "    in_time = writer.written or overdue\n",
        "tests/suitability/test_late_reports.py::test_overdue_and_unwritten_she_is_asked_with_the_next_possible_day",
    ),
    Control(
        "A report due today that nobody has is no promise",
        "mhtr/suitability/capacity.py",
        "    rest = due_on == now and writer.since is not None\n",
        "    rest = due_on == now\n",
        "tests/suitability/test_late_reports.py::test_nobody_to_write_it_on_the_day_it_is_due",
    ),
    Control(
        "No working day left before filing is no promise at the request",
        "mhtr/suitability/deadlines.py",
        "    promised = _after if before < asked_on and not asked_for else _earliest\n",
        "    promised = _earliest\n",
        "tests/suitability/test_deadlines.py::test_no_working_day_left_before_filing_is_no_promise_at_the_request",
    ),
    Control(
        "What the service says of the day counts",
        "mhtr/suitability/capacity.py",
        "    return day if said is None else max(day, calendar.add(said, 0))\n",
        "    return day\n",
        "tests/suitability/test_late_reports.py::test_the_service_says_so_and_takes_it_back",
    ),
    Control(
        "Only who writes a report or leads says that it is late",
        "mhtr/suitability/saying_ready.py",
        "    if not may_say(case, db.session.get_one(Staff, by)):\n",
        "    if False:\n",
        "tests/suitability/test_late_reports.py::test_what_may_not_be_said",
    ),
    Control(
        "A date that cannot be met is a task of somebody at work",
        "mhtr/suitability/due_service.py",
        "    late_report.keep(case, request, by=by)\n",
        "",
        "tests/suitability/test_late_reports.py::test_her_answer_reaches_somebody_at_work_who_can_act",
    ),
    Control(
        "Her answer about the date is a task of somebody at work",
        "mhtr/suitability/date_answering.py",
        "        late_report.keep(case, request, by=by)\n",
        "",
        "tests/suitability/test_late_reports.py::test_her_answer_reaches_somebody_at_work_who_can_act",
    ),
    Control(
        "A late report nobody sees to goes to a lead by name",
        "mhtr/suitability/dates_by_time.py",
        "    return changed + late_report.escalate(now)\n",
        "    return changed\n",
        "tests/suitability/test_late_reports.py::test_where_nobody_acts_before_the_filing_day_a_lead_is_named",
    ),
    Control(
        "A late report of a restricted case goes to somebody named on it",
        "mhtr/suitability/late_report.py",
        "    able = _able(case) if case.restricted else []\n",
        "    able: list[Staff] = []\n",
        "tests/suitability/test_late_reports.py::test_a_restricted_case_goes_to_somebody_named_on_it",
    ),
    Control(
        "An old page changes no answer about a date",
        "mhtr/suitability/date_answering.py",
        "    if version is not None and request.version != version:\n",
        "    if False:\n",
        "tests/suitability/test_late_report_pages.py::test_an_old_page_is_refused_with_both_versions_and_a_fresh_one_counts",
    ),
    Control(
        "An old page arranges nothing about a late report",
        "mhtr/suitability/late_report.py",
        "    if request is not None and request.version != version:\n",
        "    if False:\n",
        "tests/suitability/test_late_report_pages.py::test_an_arrangement_from_an_old_page_is_refused",
    ),
    Control(
        "Who has a case no more writes no more in its assessment",
        "mhtr/suitability/assessment_service.py",
        "    if by == author_id and taking_over_rules.given_away(",
        "    if False and taking_over_rules.given_away(",
        "tests/suitability/test_taking_over.py::test_who_has_the_case_no_more_is_told_and_writes_no_more",
    ),
    Control(
        "Who has a case no more is told",
        "mhtr/intake/giving_case.py",
        "        tell(former.principal_id, case, GIVEN_TO_ANOTHER)\n",
        "        pass\n",
        "tests/suitability/test_taking_over.py::test_who_has_the_case_no_more_is_told_and_writes_no_more",
    ),
    Control(
        "Reports of colleagues who are away are on the lead's Today",
        "mhtr/overview/today.py",
        "    return [*blocks, away_block(theirs[:SHOWN_RISK], blocks)]\n",
        "    return blocks\n",
        "tests/suitability/test_late_report_pages.py::test_what_waits_for_a_colleague_who_is_away_is_on_the_leads_today",
    ),
)
