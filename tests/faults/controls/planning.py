"""Controls of planning: nothing that cannot be held, nowhere he or others are not safe."""

from tests.faults.controls.control import Control

ONE_MAN = "tests/sessions/planning/test_one_man.py"

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
)
