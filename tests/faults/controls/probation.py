"""Controls of probation's workspace."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "An officer's list holds only the men whom he supervises",
        "mhtr/probation/people_queries.py",
        "        visible(ANYBODY, Case.id, Case.restricted),\n",
        "",
        "tests/probation/test_people.py::test_nobody_else_finds_him_there",
    ),
    Control(
        "What was not his doing is never a miss in an officer's list",
        "mhtr/probation/people_queries.py",
        "missed_last=bool(marks) and marks[-1].happened in MISSED,",
        "missed_last=bool(marks) and _sign(marks[-1].happened) != 'seen',",
        "tests/probation/test_people.py::test_who_missed_the_last_session_is_found",
    ),
    Control(
        "Voluntary sessions are not in an officer's list",
        "mhtr/probation/people_queries.py",
        "        if one.place.required:\n",
        "        if True:\n",
        "tests/probation/test_people.py::test_voluntary_sessions_are_no_part_of_it",
    ),
)
