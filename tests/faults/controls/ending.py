"""Controls of the end of treatment."""

from tests.faults.controls.control import Control

FINISHING = "tests/ending/test_finishing.py"
RULES = "tests/ending/test_finish_rules.py"
PAGES = "tests/ending/test_ending_pages.py"

CONTROLS = (
    Control(
        "Probation hears the same day that planned sessions are finished",
        "mhtr/ending/finish_service.py",
        "attendance.recorded.append(_recorded)\n",
        "",
        f"{FINISHING}::test_the_last_planned_session_is_held_and_probation_hears_it_at_once",
    ),
    Control(
        "That planned sessions are finished is told once",
        "mhtr/ending/finish_service.py",
        "    if (now is not None) == (before is not None and before.how is not None):\n"
        "        return\n",
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
)
