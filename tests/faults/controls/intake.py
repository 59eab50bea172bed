"""Controls of intake: referrals, files of them, urgency and the court case."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Urgent for his safety until what was found is recorded",
        "mhtr/intake/urgency.py",
        "        _open(case, by)\n",
        "        pass\n",
        "tests/suitability/test_handed_over.py::test_accepting_does_not_end_the_urgency",
    ),
    Control(
        "A draft that another tab saved meanwhile is not overwritten",
        "mhtr/intake/drafts.py",
        "    if step_version(draft, step) != version and saved != _whole(step, answers):\n"
        "        raise Stale(saved)\n",
        "",
        "tests/faults/test_two_tabs.py::test_a_referral_draft_in_two_tabs",
    ),
    Control(
        "A referral takes only the described fields",
        "mhtr/intake/referral.py",
        "        if name not in FIELDS:\n",
        "        if False:\n",
        "tests/intake/test_referral.py::test_a_name_that_is_no_field_is_refused",
    ),
    Control(
        "A row of a file is taken once, whoever goes on with it",
        "mhtr/intake/import_service.py",
        "    if row.line <= progress.line:\n        return False\n",
        "",
        "tests/intake/test_import_portions.py::test_two_pages_going_on_at_once_take_every_row_once",
    ),
    Control(
        "A referral amended to urgent is triaged today",
        "mhtr/intake/amending.py",
        "            tasks.move(task, due_at=min(task.due_at, queries.due_in(0)), by=by)\n",
        "            pass\n",
        "tests/intake/test_amended_to_urgent.py::test_a_referral_amended_to_urgent_is_triaged_today",
    ),
    Control(
        "A referrer's list goes by when he referred, page after page",
        "mhtr/intake/referral_queries.py",
        "        .order_by(Referral.referred_at.desc(), Referral.id.desc())\n",
        "        .order_by(Referral.id.desc())\n",
        "tests/intake/test_referrals_by_when.py::test_page_after_page_the_newest_first_without_repetition_or_gap",
    ),
    Control(
        "An old answer whether he is safe is asked again before it is sent",
        "mhtr/intake/drafts.py",
        "    if asks_safety_again(draft):\n        raise AskSafety(",
        "    if False:\n        raise AskSafety(",
        "tests/intake/test_safety_asked_again.py::test_an_old_answer_is_asked_again_with_the_old_one_and_its_time",
    ),
    Control(
        "Whether he is safe is asked again with nothing chosen beforehand",
        "mhtr/intake/draft_routes.py",
        '        answers = {**answers, "safety": ""}\n',
        "        pass\n",
        "tests/intake/test_safety_asked_again.py::test_an_old_answer_is_asked_again_with_the_old_one_and_its_time",
    ),
    Control(
        "The same answer about his safety keeps its moment while it holds",
        "mhtr/intake/drafts.py",
        "return said if said and same and not asks_safety_again(draft) else clock.now()",
        "return clock.now()",
        "tests/intake/test_safety_asked_again.py::test_four_hours_it_holds_and_not_a_minute_longer",
    ),
    Control(
        "No day of agreement is made up by an amendment",
        "mhtr/intake/agreement_form.py",
        'if found["willing"] in _SAID and self._answered_anew and self.new_today:',
        'if found["willing"] in _SAID:',
        "tests/intake/test_days_kept.py::test_no_day_of_agreement_is_made_up_where_none_was_said",
    ),
    Control(
        "A known reference with other content is refused",
        "mhtr/intake/known_reference.py",
        "    if differs(referral, submission):\n        raise ReferenceTaken",
        "    if False:\n        raise ReferenceTaken",
        "tests/intake/test_known_reference.py::test_other_content_is_refused_and_names_the_referral_that_stands",
    ),
    Control(
        "A refused referral that says he may not be safe is looked into (API)",
        "mhtr/intake/api_service.py",
        "    known_reference.look_into(taken, by=None)\n",
        "",
        "tests/intake/test_known_reference.py::test_not_safe_in_a_refused_one_is_said_and_somebody_must_look",
    ),
    Control(
        "A refused row that says he may not be safe is looked into (file)",
        "mhtr/intake/import_service.py",
        "        known_reference.look_into(refusal, by=by)\n",
        "",
        "tests/intake/test_known_reference.py::test_a_changed_row_of_a_file_is_named_with_its_line",
    ),
    Control(
        "The same referral sent again tells no more than may be asked",
        "mhtr/intake/api_service.py",
        "    if is_told(case, caller):\n        return answer\n",
        "    return answer\n",
        "tests/intake/test_known_reference.py::test_whoever_may_not_ask_where_it_stands_is_told_no_more_by_sending_it_again",
    ),
    Control(
        "A yes counts only from a man able to decide",
        "mhtr/intake/willing.py",
        "    if willing is Willingness.WILLING and able is False:\n",
        "    if False:\n",
        "tests/intake/test_eligibility.py::test_a_yes_counts_only_from_a_man_able_to_decide",
    ),
    Control(
        "No day of a referral lies before he was born",
        "mhtr/intake/referral.py",
        "        for name in days_before_birth(values):\n",
        "        for name in ():\n",
        "tests/intake/test_before_birth.py::test_every_day_of_a_referral",
    ),
    Control(
        "A referral's name that nobody can see is refused",
        "mhtr/intake/referral_texts.py",
        "    if name in NAMES and not has_letters(text):\n",
        "    if False:\n",
        "tests/intake/test_hidden_characters.py::test_the_reader_refuses_a_name_nobody_can_see",
    ),
    Control(
        "An earlier day on which healthcare was told is never guessed",
        "mhtr/intake/safety_form.py",
        "self.told_time.data is not None and not self._means_just_now:",
        "False:",
        "tests/intake/test_days_kept.py::test_a_day_is_corrected_or_asked_for_never_guessed",
    ),
    Control(
        "A second referral that is not safe reaches whoever has him",
        "mhtr/intake/service.py",
        "    referred_again.tell_who_has_him(case, referral.safety, by=by)\n",
        "",
        "tests/intake/test_referred_again.py::test_the_assessor_who_has_him_is_asked",
    ),
    Control(
        "A referral never opens another trust's record",
        "mhtr/intake/identity.py",
        "        return Step.USE_RECORD if held else Step.ASK_BOTH\n",
        "        return Step.USE_RECORD\n",
        "tests/intake/test_record_of_another_trust.py"
        "::test_same_makes_a_new_record_and_a_question",
    ),
    Control(
        "A record is a trust's by what the trust was given for good, not one of its staff",
        "mhtr/cases/link_queries.py",
        "            Grant.principal_id.in_(theirs.union(teams)),\n",
        "",
        "tests/intake/test_record_of_another_trust.py"
        "::test_a_clinician_of_another_trust_does_not_make_it_theirs",
    ),
    Control(
        "The trust of a record that a referrer named hears of it, and the privacy officers of both",
        "mhtr/intake/service.py",
        "        link_news.claimed(case.id, route.trust_id, person_id)\n",
        "        pass\n",
        "tests/intake/test_record_of_another_trust.py"
        "::test_the_trust_and_the_privacy_officers_of_both_are_told",
    ),
    Control(
        "Whoever may have him is asked whether he is safe before the question is answered",
        "mhtr/intake/referred_again.py",
        "    _tell(case, MAY_BE[safety], _live(case, _said_to_be_his(ids)), by)\n",
        "",
        "tests/intake/test_record_of_another_trust.py"
        "::test_whoever_may_have_him_is_asked_whether_he_is_safe",
    ),
    Control(
        "Asking for a report at another trust's court takes no record there",
        "mhtr/suitability/request_service.py",
        "if case_id is not None and _would_move(cases.lock(case_id), asked):",
        "if False:",
        "tests/intake/test_record_of_another_trust.py"
        "::test_asking_for_a_report_at_another_trusts_court_takes_no_record_there",
    ),
    Control(
        "What was said of another record counts once it is his",
        "mhtr/intake/referred_again.py",
        "listeners.records_joined.append(follow_joined)\n",
        "",
        "tests/intake/test_referred_again.py"
        "::test_what_was_said_of_another_record_counts_once_it_is_his",
    ),
    Control(
        "A referral that comes to say again that he may not be safe asks a clinician anew",
        "mhtr/intake/urgency.py",
        "again:{db.session.scalar(asked)}",
        "again",
        "tests/intake/test_amended_unsafe_again.py::test_on_his_own_case",
    ),
    Control(
        "Whoever has him elsewhere is asked anew too",
        "mhtr/intake/referred_again.py",
        ':{case.version}:{said}"',
        ':{case.version}"',
        "tests/intake/test_amended_unsafe_again.py::test_with_whoever_has_him_elsewhere",
    ),
    Control(
        "An order that corrects another result finds an assessor",
        "mhtr/intake/closing.py",
        "    if made and referral is not None and not sought:\n",
        "    if False:\n",
        "tests/suitability/test_after_court.py::test_an_order_that_corrects_another_result_leaves_nobody_without_an_assessor",
    ),
)
