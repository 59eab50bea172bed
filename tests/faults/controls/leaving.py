"""Controls of who has work when somebody leaves, and of onward referrals."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Whoever leaves stays no man's assessor",
        "mhtr/intake/leaving.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/intake/test_leaving.py::test_his_cases_wait_for_another_assessor",
    ),
    Control(
        "Whoever is shut out of a record is not its assessor",
        "mhtr/intake/leaving.py",
        "listeners.readers_changed.append(_fewer)\n",
        "",
        "tests/intake/test_leaving.py::test_shut_out_of_his_case_he_is_its_assessor_no_more",
    ),
    Control(
        "A restricted record that nobody named can work is opened to the clinical leads",
        "mhtr/intake/leaving.py",
        "    if stuck or not _clinician_among(named):\n",
        "    if False:\n",
        "tests/intake/test_leaving.py::test_a_restricted_record_always_opens_to_somebody",
    ),
    Control(
        "What a link worker followed up goes to somebody who can open it",
        "mhtr/intake/onward_owners.py",
        "        if his or not can_follow(case, row.owner_principal_id):\n",
        "        if False:\n",
        "tests/intake/test_leaving.py::test_what_a_link_worker_followed_up_is_his_teams",
    ),
    Control(
        "On a restricted record a person is named to follow up",
        "mhtr/intake/onward_owners.py",
        "    if case.restricted and named(owner_principal_id) is None:\n",
        "    if False:\n",
        "tests/intake/test_leaving.py::test_on_a_restricted_record_only_people_are_offered_and_taken",
    ),
    Control(
        "No outcome before the first appointment",
        "mhtr/intake/onward_rules.py",
        '    return NOT_YET if appointment.at > appointment.now else ""\n',
        '    return ""\n',
        "tests/intake/test_onward.py::test_no_outcome_before_the_appointment",
    ),
    Control(
        "An outcome put right says why",
        "mhtr/intake/onward_service.py",
        "    if not is_seen(reason):\n        raise Refused(NO_REASON)\n",
        "",
        "tests/intake/test_onward_ends.py::test_what_cannot_be_put_right",
    ),
    Control(
        "His death ends what is followed up for him",
        "mhtr/intake/onward_endings.py",
        "listeners.death_recorded.append(end_with_death)\n",
        "",
        "tests/intake/test_onward_ends.py::test_his_death_ends_it_and_its_owner_hears_at_once",
    ),
    Control(
        "Whoever follows up hears of custody and of the end of a case",
        "mhtr/intake/onward_endings.py",
        "listeners.fact_added.append(tell_owners)\n",
        "",
        "tests/intake/test_onward_ends.py::test_custody_and_the_end_of_a_case_are_told_and_stand_on_the_lists",
    ),
    Control(
        "What a link worker on leave cannot see to is covered",
        "mhtr/intake/onward_cover.py",
        "listeners.leave_changed.append(follow_leave)\n",
        "",
        "tests/intake/test_onward_ends.py::test_what_falls_due_while_he_is_away_is_his_covers",
    ),
    Control(
        "A court team hears that its colleague cannot go on with a request",
        "mhtr/suitability/author_left.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/overview/test_nobody_keeps_it.py::test_a_request_for_a_report",
    ),
    Control(
        "A clinician hears of a case only where he may open it",
        "mhtr/intake/told_clinicians.py",
        "    return stands(viewer_of(staff), case_id, Purpose.CLINICAL)\n",
        "    return True\n",
        "tests/intake/test_told_clinicians.py::test_a_lead_who_may_not_open_a_restricted_case_is_not_told",
    ),
    Control(
        "Where no clinician may open a case somebody is told all the same",
        "mhtr/intake/told_clinicians.py",
        "        for officer in officers_for(case)[:1]:\n",
        "        for officer in []:\n",
        "tests/intake/test_told_clinicians.py::test_where_nobody_clinical_may_a_privacy_officer_names_somebody",
    ),
    Control(
        "Whether two men must not meet is asked of somebody when whoever was asked leaves",
        "mhtr/cases/flag_owners.py",
        "next_owner_of[TaskKind.FLAG_MAN] = _answers_next\n",
        "",
        "tests/cases/test_flag_men.py::test_nor_does_it_wait_on_a_list_where_the_warning_has_another_owner",
    ),
)
