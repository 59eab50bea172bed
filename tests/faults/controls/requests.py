"""Controls of requests for a report: whose it is, its date, who reads it."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Another team's request takes nothing over",
        "mhtr/suitability/request_service.py",
        "        raise Refused(other_team.HELD)\n",
        "        pass\n",
        "tests/suitability/test_another_team_asks.py::test_the_service_itself_refuses_to_replace_what_another_team_has",
    ),
    Control(
        "Another team's request is a question to whoever has the report",
        "mhtr/suitability/request_service.py",
        "    if held is None or other_team.is_of_its_team(held, db.session.get_one(Staff, by)):\n",
        "    if True:\n",
        "tests/suitability/test_another_team_asks.py::test_nobody_outside_the_team_takes_it_over",
    ),
    Control(
        "A released report is held even where its request was withdrawn",
        "mhtr/suitability/other_team.py",
        "return None if withdrawn and not was_released(case_id) else last",
        "return None if withdrawn else last",
        "tests/suitability/test_another_team_asks.py::test_a_withdrawn_request_holds_only_a_report_that_went_out",
    ),
    Control(
        "A request does not move the case to another court by itself",
        "mhtr/suitability/request_service.py",
        "        raise Refused(_other_court(case))\n",
        "        pass\n",
        "tests/suitability/test_another_team_asks.py::test_her_own_team_does_not_move_the_case_by_naming_another_court",
    ),
    Control(
        "Only those who have a report hand it over",
        "mhtr/suitability/take_over.py",
        "    if not other_team.may_answer(holder(case.id), db.session.get_one(Staff, by)):\n",
        "    if False:\n",
        "tests/suitability/test_another_team_asks.py::test_only_those_whose_it_is_can_answer",
    ),
    Control(
        "Who had a report released to them goes on reading it",
        "mhtr/suitability/request_access.py",
        "        if principal_id in readers:\n",
        "        if False:\n",
        "tests/suitability/test_another_team_asks.py::test_who_has_read_a_released_report_goes_on_reading_it",
    ),
    Control(
        "Who only reads a report does not act on its request",
        "mhtr/suitability/request_page_routes.py",
        "    if found is None or not _is_hers(viewer, found):\n",
        "    if found is None:\n",
        "tests/suitability/test_another_team_pages.py::test_who_only_reads_acts_no_more",
    ),
    Control(
        "Later readers of a released report are logged",
        "mhtr/suitability/request_access.py",
        "    release_readers.note_later(request, by=by)\n",
        "",
        "tests/suitability/test_another_team_asks.py::test_each_later_reader_is_in_the_log",
    ),
    Control(
        "A report is due before the hearing where the filing day lies after it",
        "mhtr/suitability/deadlines.py",
        "    filed_on = hearing_on if late else psr_filed_on\n",
        "    filed_on = psr_filed_on\n",
        "tests/suitability/test_filing_date.py::test_at_the_latest_one_working_day_before_the_hearing",
    ),
    Control(
        "The author is asked for a filing day that fits the hearing",
        "mhtr/suitability/due_service.py",
        "    filing_question.keep(case, request, by=by)\n",
        "",
        "tests/suitability/test_filing_date.py::test_the_author_is_asked_and_the_report_is_due_before_the_hearing",
    ),
    Control(
        "No report for court goes out that names no court",
        "mhtr/suitability/release_content.py",
        "            against.append(NO_COURT)\n",
        "            pass\n",
        "tests/suitability/test_report_and_record.py::test_a_report_for_court_that_names_no_court_is_not_released",
    ),
    Control(
        "A request is withdrawn only where that is meant",
        "mhtr/suitability/request_answer_forms.py",
        "answer is not DateAnswer.WITHDRAWS",
        "answer",
        "tests/suitability/test_report_and_record.py::test_withdrawing_takes_the_form_where_it_is_meant",
    ),
)
