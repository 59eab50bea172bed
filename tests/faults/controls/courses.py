"""Controls of courses: what never changes silently, who reads why, and that nobody is forgotten."""

from tests.faults.controls.control import Control

_TESTS = "tests/sessions/courses/"

CONTROLS = (
    Control(
        "A session of a course that is booked or was held never changes silently",
        "sessions/courses/session_service.py",
        "    if words is not None or held:\n",
        "    if False:\n",
        f"{_TESTS}test_session_service.py"
        "::test_a_session_that_is_booked_or_was_held_never_changes_silently",
    ),
    Control(
        "A pathway is not changed while sessions to come are booked",
        "sessions/courses/service.py",
        "    if booked := listeners.booked_of([row.id for row in left]):\n",
        "    if booked := listeners.booked_of([]):\n",
        f"{_TESTS}test_session_service.py"
        "::test_a_pathway_is_not_changed_while_sessions_to_come_are_booked",
    ),
    Control(
        "A man has one course at a time",
        "sessions/courses/service.py",
        "    if queries.open_course(case_id) is not None:\n",
        "    if False:\n",
        f"{_TESTS}test_course_service.py::test_no_second_open_course",
    ),
    Control(
        "Only a clinician who may see the case becomes his therapist",
        "sessions/courses/service.py",
        "    check_therapist(case, trust, therapist_id)\n",
        "",
        f"{_TESTS}test_course_service.py"
        "::test_whoever_is_no_clinician_of_the_trust_cannot_be_his_therapist",
    ),
    Control(
        "What was done to a course is added to and never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "course_changes",\n',
        "",
        f"{_TESTS}test_session_service.py::test_history_cannot_be_changed",
    ),
    Control(
        "Why a course was changed is read by clinicians only",
        "sessions/courses/page.py",
        'why=(change.reason or "") if clinical else "",',
        'why=change.reason or "",',
        f"{_TESTS}test_course_pages.py::test_an_administrator_reads_it_without_the_reasons",
    ),
    Control(
        "A sentence with the requirement asks for a course, and a course ends with its case",
        "sessions/courses/course_tasks.py",
        "listeners.fact_added.append(_follow_fact)\n",
        "",
        f"{_TESTS}test_following.py",
    ),
)
