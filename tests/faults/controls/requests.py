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
        "Who only sees a request, and is not of its team, does not act on it",
        "mhtr/suitability/request_page_routes.py",
        "    if found is None or not _is_hers(viewer, found):\n",
        "    if found is None:\n",
        "tests/suitability/test_another_team_pages.py"
        "::test_whose_team_is_closed_sees_the_request_and_acts_no_more",
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
        "    filed_on = hearing_on if after else psr_filed_on\n",
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
    Control(
        "A question of another team is answered on its own case",
        "mhtr/suitability/take_over.py",
        "        TakeOverQuestion.ref == question_ref, TakeOverQuestion.case_id == case_id\n",
        "        TakeOverQuestion.ref == question_ref\n",
        "tests/suitability/test_another_team_pages.py::test_a_question_is_answered_on_its_own_case_only",
    ),
    Control(
        "Another prosecution is never asked for on the case of the first",
        "mhtr/suitability/about_a_man.py",
        "    if prosecution is None:\n        raise WhichProsecution(_which(held, staff))\n",
        "",
        "tests/suitability/test_two_prosecutions.py::test_another_prosecution_is_a_case_of_its_own",
    ),
    Control(
        "Of several cases of a man hers comes first",
        "mhtr/suitability/which_case.py",
        "    ranked = sorted(cases, key=lambda case: _rank(case, court_code, on))\n",
        "    ranked = list(cases)\n",
        "tests/suitability/test_which_case.py tests/suitability/test_two_prosecutions.py",
    ),
    Control(
        "Another prosecution opens no record of another trust",
        "mhtr/intake/whose_record.py",
        "    held = held_by(trust_id, [c.person_id for c in found if answers.get(c.person_ref)])\n",
        "    held = {c.person_id: c.person_id for c in found}\n",
        "tests/suitability/test_two_prosecutions.py::test_another_prosecution_is_a_case_of_its_own",
    ),
    Control(
        "Nothing is handed over to somebody who cannot have it",
        "mhtr/suitability/take_over.py",
        "    _must_be_able_to_have_it(question)\n",
        "",
        "tests/suitability/test_another_team_asks.py::test_nothing_is_handed_to_somebody_who_cannot_have_it",
    ),
    Control(
        "A team that withdraws is left no question that it cannot answer",
        "mhtr/suitability/date_answering.py",
        "    other_team.follow_nobody(case.id, by=by)\n",
        "",
        "tests/suitability/test_another_team_asks.py::test_a_team_that_withdraws_is_left_nothing_it_cannot_answer",
    ),
    Control(
        "A team that loses a case is left no question about it",
        "mhtr/suitability/whose_number.py",
        "        other_team.follow_nobody(case.id, by=by)\n",
        "",
        "tests/suitability/test_whose_number.py::test_a_team_that_loses_the_case_is_left_no_question_about_it",
    ),
    Control(
        "After a change of dates the day the service had named counts",
        "mhtr/suitability/due_service.py",
        "            who_writes.writer(case, request, named),\n",
        "            who_writes.writer(case, request, None),\n",
        "tests/suitability/test_adjourned_for_the_report.py::"
        "test_it_is_due_on_the_day_named_and_all_is_settled",
    ),
    Control(
        "Whether the time counts anew is decided when the dates change, and kept",
        "mhtr/suitability/due_service.py",
        "    if dates_used.changed_now(request, from_dates) and _counts_anew(",
        "    if changed_on and _counts_anew(",
        "tests/suitability/test_counts_anew.py::"
        "test_overdue_a_hearing_brought_forward_makes_it_due_that_day",
    ),
    Control(
        "Only a hearing put off makes the time count anew for a date that cannot be met",
        "mhtr/suitability/change_of_dates.py",
        "    return late and not feasible and put_off(was, now)\n",
        "    return late and not feasible\n",
        "tests/suitability/test_counts_anew.py::"
        "test_a_hearing_brought_forward_does_not_make_it_possible",
    ),
    Control(
        "A day named by the service is no due date where it is too late for the court",
        "mhtr/suitability/change_of_dates.py",
        "    if day <= anew or (limit is not None and day > limit):\n",
        "    if day <= anew:\n",
        "tests/suitability/test_moved_too_late.py::"
        "test_after_a_change_it_is_due_on_the_day_named_where_that_is_in_time",
    ),
    Control(
        "The day our report is wanted is not after the day she files",
        "mhtr/suitability/request_forms.py",
        "        if filed_on and wanted.data and wanted.data > filed_on and not wanted.errors:\n",
        "        if False:\n",
        "tests/suitability/test_request_pages.py::test_our_report_is_of_no_use_after_she_files",
    ),
)
