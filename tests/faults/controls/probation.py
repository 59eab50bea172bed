"""Controls of probation's workspace."""

from tests.faults.controls.control import Control

DECISIONS = "tests/compliance/test_decisions.py"
RULES = "tests/compliance/test_deciding_rules.py"
PAGES = "tests/probation/test_standing_pages.py"

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
    Control(
        "Nobody of the service decides whether there was a reasonable excuse",
        "mhtr/compliance/decision_service.py",
        "        raise Refused(PROBATION_ONLY)",
        "        pass",
        f"{DECISIONS}::test_nobody_of_the_service_decides",
    ),
    Control(
        "Of two who decide at once the second reads first",
        "mhtr/compliance/decision_service.py",
        "        raise Stale(row)",
        "        pass",
        f"{DECISIONS}::test_of_two_who_decide_at_once_the_second_reads_first",
    ),
    Control(
        "What was not his doing, or voluntary, is never decided against him",
        "mhtr/compliance/decision_service.py",
        "        raise Refused(NO_ABSENCE)",
        "        pass",
        f"{DECISIONS}::test_there_is_nothing_to_decide_of_what_was_not_his_doing",
    ),
    Control(
        "A notice that is not proven counts only once probation says why",
        "mhtr/compliance/deciding.py",
        '        found.append(("notice_why", NOTICE))',
        "        pass",
        f"{RULES}::test_what_is_missing",
    ),
    Control(
        "Before his evidence is due a decision against him has a reason",
        "mhtr/compliance/deciding.py",
        "        return early(known)",
        '        return ""',
        f"{RULES}::test_what_is_missing",
    ),
    Control(
        "Decisions on absences are added to and never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "absence_decisions",\n',
        "",
        f"{DECISIONS}::test_the_database_changes_and_deletes_no_decision",
    ),
    Control(
        "A decision is opened by those of probation who supervise him",
        "mhtr/probation/standing_routes.py",
        '@bp.route("/cases/<uuid:case_ref>/absences/<uuid:place_ref>", methods=["GET", "POST"])\n'
        "@only(*DECIDES)",
        '@bp.route("/cases/<uuid:case_ref>/absences/<uuid:place_ref>", methods=["GET", "POST"])\n'
        "@only(*Role)",
        f"{PAGES}::test_nobody_else_opens_either",
    ),
    Control(
        "A missed session outside the requirement waits for no decision",
        "mhtr/compliance/decision_queries.py",
        "if any(begins <= line.on <= ends for begins, ends in inside[line.case_id]):",
        "if True:",
        f"{DECISIONS}::test_what_waits_has_its_days_and_lies_inside_the_requirement",
    ),
)
