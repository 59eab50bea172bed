"""Controls of the end of treatment."""

from tests.faults.controls.control import Control

FINISHING = "tests/ending/test_finishing.py"
RULES = "tests/ending/test_finish_rules.py"
PAGES = "tests/ending/test_ending_pages.py"
REPORTS = "tests/ending/test_reports.py"
REPORT_RULES = "tests/ending/test_report_rules.py"
REPORT_PAGES = "tests/ending/test_report_pages.py"

CONTROLS = (
    Control(
        "Probation hears the same day that planned sessions are finished",
        "mhtr/ending/finish_service.py",
        "attendance.recorded.append(_recorded)\n",
        "",
        f"{FINISHING}::test_the_last_planned_session_is_held_and_probation_hears_it_at_once",
    ),
    Control(
        "Probation hears that a course ended before its planned sessions were held",
        "mhtr/ending/early_end.py",
        "listeners.changed.append(_changed)\n",
        "",
        f"{FINISHING}::test_a_course_that_ends_early_is_not_finished",
    ),
    Control(
        "That planned sessions are finished is told once",
        "mhtr/ending/finish_service.py",
        "    if found == before:\n        return\n",
        "",
        f"{FINISHING}::test_a_course_that_is_closed_after_its_last_session_says_nothing_new",
    ),
    Control(
        "A session that he missed finishes nothing",
        "mhtr/ending/queries.py",
        "row.happened in TOOK_PLACE",
        "bool(row.happened)",
        f"{FINISHING}::test_a_session_that_was_missed_finishes_nothing_until_it_is_caught_up_on",
    ),
    Control(
        "Only whom the order names, or who directs, says whether more treatment is required",
        "mhtr/ending/question_service.py",
        "    if found is None:\n        raise Refused(*stands_against(orders[-1], by))\n"
        "    return found",
        "    return found or orders[-1]",
        f"{FINISHING}::test_whom_the_order_names_answers_and_nobody_else",
    ),
    Control(
        "An answer to a page that showed less is refused",
        "mhtr/ending/question_service.py",
        "        raise Stale(queries.last_finished(case_id))",
        "        pass",
        f"{FINISHING}::test_an_answer_to_a_page_that_showed_less_is_refused",
    ),
    Control(
        "Probation reads the answer and not why",
        "templates/probation/treatment_end.html",
        "{{ answer.words }}. Answered by",
        "{{ answer.words }}. {{ answer.why }} Answered by",
        f"{PAGES}::test_his_officer_reads_the_answer_and_not_why",
    ),
    Control(
        "Only whom the law names signs a report on treatment",
        "mhtr/ending/report_service.py",
        "    against = list(stands_against(built.found, by))",
        "    against: list[str] = []",
        f"{REPORTS}::test_only_whom_the_law_names_signs",
    ),
    Control(
        "No report on treatment is signed once the requirement has run out",
        "mhtr/ending/report_service.py",
        "    return () if requirement_runs(found) else (NOT_RUNNING,)",
        "    return ()",
        f"{REPORTS}::test_once_the_requirement_has_run_out_nothing_is_signed_or_issued_anew",
    ),
    Control(
        "A report on treatment lacks neither its ground nor dated facts",
        "mhtr/ending/report_grounds.py",
        "    if not draft.facts:",
        "    if False:",
        f"{REPORT_RULES}::test_what_a_report_needs_before_it_is_signed",
    ),
    Control(
        "What is signed is what was read",
        "mhtr/ending/report_service.py",
        "        raise Refused(CHANGED)",
        "        pass",
        f"{REPORTS}::test_a_record_put_right_meanwhile_sends_nothing",
    ),
    Control(
        "What seems not to belong in a report to probation is looked at before it is signed",
        "mhtr/ending/report_service.py",
        "        raise Refused(LOOK)",
        "        pass",
        f"{REPORTS}::test_what_seems_not_to_belong_must_be_looked_at",
    ),
    Control(
        "A report on treatment is signed and sent once",
        "mhtr/ending/report_service.py",
        "    if row.version != version:\n        raise Stale(row)",
        "    if row.version < version:\n        raise Stale(row)",
        f"{REPORTS}::test_it_is_signed_once",
    ),
    Control(
        "Whoever got an earlier version of a report on treatment hears of the newer one",
        "mhtr/ending/report_telling.py",
        "    for staff_id in sorted({one for one in given if one is not None}):",
        "    for staff_id in ():",
        f"{REPORTS}::test_it_is_issued_anew_and_whoever_got_the_old_one_is_told",
    ),
    Control(
        "A version of a report on treatment is never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "treatment_report_versions",\n',
        "",
        f"{REPORTS}::test_a_version_is_never_changed_in_the_database",
    ),
    Control(
        "Probation sees nothing of a draft of a report on treatment",
        "mhtr/probation/ending_routes.py",
        " if one.versions]",
        "]",
        f"{REPORT_PAGES}::test_a_draft_is_nobodys_of_probation",
    ),
    Control(
        "What is stored of a report on treatment and was not sent is not shown",
        "mhtr/ending/report_queries.py",
        "    return report if content_hash(report) == row.content_hash else None",
        "    return report",
        f"{REPORTS}::test_a_file_that_was_tampered_with_is_known",
    ),
    Control(
        "Nobody of the service records what became of a report before the court",
        "mhtr/ending/application_service.py",
        "        raise Refused(PROBATION_ONLY)",
        "        pass",
        f"{REPORTS}::test_nobody_of_the_service_records_it",
    ),
    Control(
        "That a requirement ran out is not told of a man whose planned sessions were held",
        "mhtr/ending/ran_out.py",
        "finished_now(known[0]) is not None or ",
        "",
        "tests/ending/test_ran_out.py::test_finished_sessions_are_not_told",
    ),
    Control(
        "That a requirement ran out is told once",
        "mhtr/ending/ran_out.py",
        "(Notice.key == key)).first() is not None:",
        "(Notice.key == key)).first() == 0:",
        "tests/ending/test_ran_out.py::test_it_is_told_once_on_the_day_after",
    ),
)
