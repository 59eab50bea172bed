"""Controls of people: warnings, contact, consent, and two records that become one."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "The reason of a warning is for clinicians only",
        "mhtr/people/flags.py",
        '        reason=(row.reason or "") if clinical else "",\n',
        '        reason=row.reason or "",\n',
        "tests/people/test_flags.py::test_the_reason_never_reaches_those_who_need_only_the_fact",
    ),
    Control(
        "A yes to texts holds for the number it was given for",
        "mhtr/people/learning_rules.py",
        'fits = bool(number) and held.get("phone") in (number, "", None)',
        "fits = True",
        "tests/people/test_learning.py",
    ),
    Control(
        "Consent is added to and never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "consent_events",\n',
        "",
        "tests/people/test_consent.py::test_a_decision_is_never_changed_or_deleted",
    ),
    Control(
        "Taking consent back stops the release on its case",
        "mhtr/cases/consent_service.py",
        "        _stop(case, event, by)\n    elif",
        "        pass\n    elif",
        "tests/people/test_consent.py"
        "::test_a_withdrawal_stops_the_release_of_its_case_and_opens_a_task",
    ),
    Control(
        "A no on one case stops no report of another",
        "mhtr/cases/consent_queries.py",
        "event.id.in_(said_here)),",
        "event.person_id.in_(ids)),",
        "tests/cases/test_consent_of_a_case.py"
        "::test_a_no_on_one_case_stops_no_other_and_its_clinician_is_asked",
    ),
    Control(
        "Whoever works on another case of his is asked whether his agreement stands",
        "mhtr/cases/consent_service.py",
        "    confirming.look(case.person_id, by=by)\n",
        "",
        "tests/cases/test_consent_of_a_case.py"
        "::test_a_no_on_one_case_stops_no_other_and_its_clinician_is_asked",
    ),
    Control(
        "Another trust does not hear that he took his consent back",
        "mhtr/cases/confirming.py",
        "title=SAME_TRUST if _one_trust(case.id, said_on) else OTHER_TRUST,",
        "title=SAME_TRUST,",
        "tests/cases/test_consent_of_a_case.py"
        "::test_another_trust_is_told_only_that_it_is_to_be_confirmed",
    ),
    Control(
        "On which case he decided is never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "case_consents",\n',
        "",
        "tests/cases/test_consent_of_a_case.py::test_on_which_case_it_was_said_is_never_changed",
    ),
    Control(
        "A question that a typing error raised is withdrawn with it",
        "mhtr/people/asking.py",
        "            _withdraw(question, by)\n        else:",
        "            pass\n        else:",
        "tests/intake/test_typo_of_a_referral.py"
        "::test_an_amendment_put_right_withdraws_its_question",
    ),
    Control(
        "Whoever comes to an answered question keeps what he wrote",
        "mhtr/cases/settled.py",
        'if (text := request.form.get(name, "").strip())',
        'if (text := "")',
        "tests/cases/test_answered_meanwhile.py::test_the_second_reads_the_answer_of_the_first",
    ),
    Control(
        "A warning on a linked record of another trust keeps two men two",
        "mhtr/cases/link_queries.py",
        "people_listeners.elsewhere.append(_linked_to)\n",
        "",
        "tests/cases/test_kept_apart_by_links.py::test_a_warning_in_the_other_trust_keeps_them_two_here",
    ),
    Control(
        "Men who must not meet never become one record",
        "mhtr/people/merging.py",
        "    if db.session.scalars(apart).first() is not None:\n",
        "    if False:\n",
        "tests/people/test_merging.py::test_men_who_must_not_meet_are_not_merged",
    ),
    Control(
        "Men who must not meet stay two, whoever was made one with either",
        "mhtr/people/merging.py",
        "    pair = sorted(records_of_man(one) | records_of_man(two))\n",
        "    pair = [one, two]\n",
        "tests/people/test_merging.py::test_nor_is_a_man_with_whom_one_of_them_was_made_one",
    ),
    Control(
        "A number on which two records differ is chosen by somebody",
        "mhtr/people/merging.py",
        "        if right.get(kind) not in (ours, theirs):\n            raise Refused(",
        "        if right.get(kind) not in (ours, theirs):\n            continue\n            str(",
        "tests/people/test_merge_differences.py"
        "::test_a_number_that_differs_must_be_chosen_and_the_other_is_kept",
    ),
    Control(
        "A name follows into the order of lists",
        "mhtr/people/models.py",
        "        self.sort_name = sort_name(",
        "        _ = sort_name(",
        "tests/core/test_name_order.py::test_lists_by_name_are_alike_on_both_databases",
    ),
    Control(
        "Consent of before he was born is refused",
        "mhtr/people/consent.py",
        "    if born is not None and at.astimezone(clock.LONDON).date() < born:\n",
        "    if False:\n",
        "tests/intake/test_before_birth.py::test_the_service_refuses_a_consent_of_before_he_was_born",
    ),
    Control(
        "A name that nobody can see is refused by the record",
        "mhtr/people/rules.py",
        "    return isinstance(value, str) and bool(value.strip()) and not has_letters(value)\n",
        "    return False\n",
        "tests/intake/test_hidden_characters.py::test_the_service_refuses_it_whoever_asks",
    ),
    Control(
        "Characters that hide or turn round are taken out of names",
        "mhtr/core/name_text.py",
        "    return character not in _BLANK and unicodedata.category(character) not in _HIDING\n",
        "    return True\n",
        "tests/core/test_name_text.py::test_what_nobody_can_see_is_taken_out",
    ),
    Control(
        "Whoever looks after a warning may see the man",
        "mhtr/cases/flag_routes.py",
        "    if chosen is None:\n        raise Refused(flag_owners.NOT_HIS)\n",
        "    if chosen is None:\n        chosen = int(form.owner.data or 1)\n",
        "tests/cases/test_flag_owners.py::test_whoever_is_shut_out_meanwhile_is_refused",
    ),
    Control(
        "A warning goes with the man to the trust that has him",
        "mhtr/cases/flag_owners.py",
        "listeners.case_moved.append(_moved)\n",
        "",
        "tests/cases/test_flag_owners.py"
        "::test_a_case_that_moves_takes_its_warnings_to_the_other_trust",
    ),
    Control(
        "Whoever is shut out keeps no warning of the man",
        "mhtr/cases/shared_access.py",
        "        flag_owners.settle(person_id, by=by)\n    question_owners.settle(case",
        "        pass\n    question_owners.settle(case",
        "tests/cases/test_flag_owners.py::test_whoever_is_shut_out_gives_his_warnings_away",
    ),
    Control(
        "Whoever leaves gives his warnings away",
        "mhtr/cases/flag_owners.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/cases/test_flag_owners.py::test_whoever_leaves_gives_his_warnings_to_the_assessor",
    ),
    Control(
        "A man who comes after a warning that names him is asked about",
        "mhtr/intake/service.py",
        "    flag_men.look(case.person_id, by=by)\n",
        "",
        "tests/cases/test_flag_men.py"
        "::test_whoever_comes_after_the_warning_is_asked_about_and_shown",
    ),
    Control(
        "Of a man who was not shown nobody has said that he is another",
        "mhtr/cases/flag_routes.py",
        'known.keys() - set((form.shown.data or "").split())',
        "False",
        "tests/cases/test_flag_men.py::test_of_a_man_who_was_not_shown_no_is_said_for_nobody",
    ),
    Control(
        "A warning asks about no man whom only another trust has",
        "mhtr/cases/flag_men.py",
        "elif _fits(flag, sketches) and trusts & _trusts(live_id(flag.person_id)):",
        "elif _fits(flag, sketches):",
        "tests/cases/test_flag_men.py::test_another_trust_is_not_asked_until_it_has_him",
    ),
    Control(
        "No lead is asked about a man whose record is closed to him",
        "mhtr/cases/flag_owners.py",
        "            if leads and staff.id in eligible and (",
        "            if leads and (",
        "tests/cases/test_flag_men.py::test_a_lead_who_may_not_see_the_other_man_is_not_asked",
    ),
    Control(
        "Why a man must not be met is not read of one who may be another",
        "mhtr/people/flags.py",
        "    clinical = clinical and not (unsure and mirrored)\n",
        "",
        "tests/cases/test_flag_men.py"
        "::test_whoever_comes_after_the_warning_is_asked_about_and_shown",
    ),
    Control(
        "Whose record is closed is not named where a warning asks about him",
        "mhtr/cases/flag_man_queries.py",
        "    if db.session.scalars(seen).first() is not None:\n",
        "    if True:\n",
        "tests/cases/test_flag_men.py"
        "::test_whoever_may_not_open_the_other_record_reads_no_name_of_it",
    ),
    Control(
        "The day on which his needs are looked at again is somebody's task",
        "mhtr/cases/death.py",
        "        needs_review.follow(person_id, by=by)\n",
        "        pass\n",
        "tests/cases/test_needs_review.py",
    ),
    Control(
        "The task to ask about his needs ends with his case, and goes with it",
        "mhtr/cases/needs_review.py",
        "listeners.fact_added.append(_fact_added)\n",
        "",
        "tests/cases/test_needs_review.py::test_it_ends_with_the_case_and_waits_again_with_it",
    ),
)
