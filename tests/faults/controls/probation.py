"""Controls of probation's workspace."""

from tests.faults.controls.control import Control

DECISIONS = "tests/compliance/test_decisions.py"
ENFORCEMENT = "tests/compliance/test_enforcement.py"
RULES = "tests/compliance/test_deciding_rules.py"
CONTACTS = "tests/orders/test_contacts.py"
COVER = "tests/orders/test_cover.py"
SEEN = "tests/compliance/standing/test_for_service.py"
SEEN_PAGE = "tests/compliance/test_service_standing.py"
REASSIGN = "tests/orders/test_reassign.py"
LATE = "tests/compliance/test_late_decisions.py"
KEYED = "tests/probation/test_keyed.py"
KEYING_RULES = "tests/probation/test_keying_rules.py"
PAGES = "tests/probation/test_standing_pages.py"
ISSUED = "tests/compliance/test_issued.py"
SAID = "tests/compliance/test_explanations.py"
SAID_RULES = "tests/compliance/test_explanation_rules.py"
SAID_PAGES = "tests/compliance/test_explanation_pages.py"

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
        "sessions/booking/queries.py",
        "        SessionPlace.required,\n        TreatmentSession.starts_at",
        "        TreatmentSession.starts_at",
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
        "@only(*SUPERVISES)",
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
    Control(
        "Nobody of the service records a warning or what probation did",
        "mhtr/compliance/enforcement_service.py",
        "        raise Refused(PROBATION_ONLY)",
        "        pass",
        f"{ENFORCEMENT}::test_nobody_of_the_service_records_any_of_it",
    ),
    Control(
        "Only what probation did not accept is named in a warning or a referral",
        "mhtr/compliance/enforcement_service.py",
        "        raise Refused(NOT_FAILED)",
        "        pass",
        f"{ENFORCEMENT}::test_only_what_was_not_accepted_can_be_named",
    ),
    Control(
        "A warning that lacks one of the three contents does not count",
        "mhtr/compliance/enforcement_queries.py",
        "        complete=frozenset(row.says) == frozenset(Says),",
        "        complete=True,",
        f"{ENFORCEMENT}::test_a_warning_that_lacks_a_content_is_kept_and_does_not_count",
    ),
    Control(
        "A withdrawn warning is as if it had never been given",
        "mhtr/compliance/enforcement_queries.py",
        "    if row.withdrawn_on is not None:",
        "    if False:",
        f"{ENFORCEMENT}::test_a_withdrawn_warning_is_as_if_never_given",
    ),
    Control(
        "What was recorded by mistake and taken back counts no longer",
        "mhtr/compliance/enforcement_queries.py",
        "    if row.taken_back_at is not None:\n        return\n",
        "",
        f"{ENFORCEMENT}::test_no_action_ends_what_waits_and_can_be_taken_back",
    ),
    Control(
        "What he says of a miss is recorded only where he knew who reads it",
        "mhtr/compliance/explanations.py",
        '        found.append(("knew_readers", TOLD_FIRST))',
        "        pass",
        f"{SAID}::test_before_he_knows_who_reads_it_nothing_is_recorded",
    ),
    Control(
        "The detail of his reason is written by clinicians alone",
        "mhtr/compliance/explanation_service.py",
        "        raise Refused(CLINICAL_ONLY)",
        "        pass",
        f"{SAID}::test_the_detail_is_recorded_by_clinicians_alone",
    ),
    Control(
        "The detail of his reason is read by clinicians alone",
        "mhtr/compliance/explanation_page.py",
        'for_clinicians=(row.for_clinicians or "") if clinician else "",',
        'for_clinicians=row.for_clinicians or "",',
        f"{SAID_PAGES}::test_his_officer_reads_it_where_he_decides_and_never_the_detail",
    ),
    Control(
        "What a paper shows is said only by who saw it",
        "mhtr/compliance/explanations.py",
        "    elif shown.seen_by not in may:",
        "    elif False:",
        f"{SAID_RULES}::test_a_paper_is_spoken_for_by_who_saw_it",
    ),
    Control(
        "What he says later opens a decision against him again",
        "mhtr/compliance/decision_queries.py",
        " and not is_reopened(before[-1], _number(spoke))",
        "",
        f"{SAID}::test_what_he_says_later_opens_a_decision_against_him_again",
    ),
    Control(
        "What he said meanwhile is read before it is decided",
        "mhtr/compliance/decision_service.py",
        "Seen(row.number, len(before), said) != seen",
        "Seen(row.number, len(before), seen.explanation) != seen",
        f"{SAID}::test_what_he_says_later_opens_a_decision_against_him_again",
    ),
    Control(
        "Each side takes back only what it recorded of what he says",
        "mhtr/compliance/explanation_service.py",
        "        raise Refused(THEIRS)",
        "        pass",
        f"{SAID}::test_taken_back_it_opens_nothing_and_stays_on_record",
    ),
    Control(
        "What the service took back of what he says, probation does not read",
        "mhtr/compliance/explanation_page.py",
        "        if row.taken_back_at is None or row.side is side",
        "        if True",
        f"{SAID_PAGES}::test_each_side_takes_back_its_own",
    ),
    Control(
        "A letter that asks him is posted only where that is safe",
        "mhtr/compliance/explanation_routes.py",
        "        may_post=any(",
        "        may_post=True or any(",
        f"{SAID_PAGES}::test_a_letter_is_posted_only_where_it_is_safe",
    ),
    Control(
        "Once he is warned a clinician speaks with him",
        "mhtr/compliance/enforcement_service.py",
        "    issued.warned(order.case_id, row)\n",
        "",
        f"{ISSUED}::test_a_warning_asks_his_therapist_to_speak_with_him",
    ),
    Control(
        "That he was warned is read by clinicians, not by administrators",
        "mhtr/compliance/routes.py",
        "news=issued.in_words(case.id, row.subject) if clinical else (),",
        "news=issued.in_words(case.id, row.subject),",
        f"{ISSUED}::test_clinicians_read_that_he_was_warned_and_administrators_do_not",
    ),
    Control(
        "Where an order stands is read by clinicians, not by administrators",
        "mhtr/compliance/standing_routes.py",
        "@only(*CLINICAL_ROLES)",
        "@only(*type(next(iter(CLINICAL_ROLES))))",
        f"{SEEN_PAGE}::test_only_who_treats_him_opens_it",
    ),
    Control(
        "A warning of another requirement is nothing to who treats him",
        "mhtr/compliance/standing/for_service.py",
        "        live = [] if over else [one for one in self._warnings.live_on(known.on) "
        "if one.about]",
        "        live = [] if over else self._warnings.live_on(known.on)",
        f"{SEEN}::test_a_warning_of_another_requirement_changes_nothing",
    ),
    Control(
        "What probation thinks and has not issued is nothing to who treats him",
        "mhtr/compliance/standing/for_service.py",
        "                session,\n                None,\n",
        "                session,\n                known.current(session.key),\n",
        f"{SEEN}::test_what_the_service_reads",
    ),
    Control(
        "A breach of another requirement at court is nothing to who treats him",
        "mhtr/compliance/standing/for_service.py",
        "if sessions_before_court(self._order, self._all, fact.on, self._readings):",
        "if True:",
        f"{SEEN}::test_a_breach_of_another_requirement_at_court_changes_nothing",
    ),
    Control(
        "That something else went to court asks nobody of the service to speak with him",
        "mhtr/compliance/enforcement_service.py",
        "        issued.went_to_court(order.case_id, row, _before_court(order.case_id, row))\n",
        "        issued.went_to_court(order.case_id, row, failed_sessions(order.case_id))\n",
        f"{SEEN_PAGE}::test_that_it_went_to_court_is_said_and_what_for_else_is_not",
    ),
    Control(
        "A senior sees the men of his own unit and of no other",
        "mhtr/orders/contact_service.py",
        "        wanted=[Span(seniors_of(unit.id))] if unit is not None else [],",
        "        wanted=[],",
        f"{CONTACTS}::test_the_seniors_of_a_unit_see_the_case_while_it_is_with_them",
    ),
    Control(
        "Who is no senior any more sees no unit",
        "mhtr/accounts/models.py",
        "if seniors is not None and Role.SENIOR_PROBATION in {row.role for row in self.roles}:",
        "if seniors is not None:",
        "tests/probation/test_people.py::test_who_is_no_senior_any_more_sees_no_unit",
    ),
    Control(
        "Cover ends by itself after its last day",
        "mhtr/orders/cover_grants.py",
        "                _begins(row.last_day + timedelta(days=1)),",
        "                None,",
        f"{COVER}::test_cover_begins_and_ends_by_itself",
    ),
    Control(
        "Cover that is taken back ends at once",
        "mhtr/core/access.py",
        "        row.ends_at = moment\n        who",
        "        who",
        f"{COVER}::test_it_ends_at_once_when_it_is_taken_back",
    ),
    Control(
        "Nobody of another unit covers",
        "mhtr/orders/cover_rules.py",
        '        yield "cover", OTHER_UNIT\n        return\n',
        "        return\n",
        f"{COVER}::test_nobody_of_another_unit_covers",
    ),
    Control(
        "A restricted record is not covered",
        "mhtr/orders/cover_grants.py",
        "    wanted = [] if case.restricted else covers_of(case.id)",
        "    wanted = covers_of(case.id)",
        f"{COVER}::test_a_restricted_record_is_not_covered",
    ),
    Control(
        "Only the officer himself or a senior of his unit says who covers",
        "mhtr/orders/cover_service.py",
        "        raise Refused(NOT_YOURS)",
        "        pass",
        f"{COVER}::test_who_may_not_say_who_covers",
    ),
    Control(
        "Where one man cannot be given to another officer, nobody is",
        "mhtr/orders/reassign_service.py",
        "        raise NotAll(faults)",
        "        pass",
        f"{REASSIGN}::test_where_one_cannot_be_given_nobody_is_and_each_is_named",
    ),
    Control(
        "Only a senior gives men to another officer",
        "mhtr/orders/reassign_service.py",
        "        raise Refused(SENIORS)",
        "        pass",
        f"{REASSIGN}::test_only_a_senior_of_the_unit_gives_men_away",
    ),
    Control(
        "A senior gives away no man of another unit",
        "mhtr/orders/reassign_service.py",
        "    if not stands(viewer_of(senior), case.id, Purpose.SUPERVISION):",
        "    if False:",
        f"{REASSIGN}::test_a_senior_elsewhere_takes_no_man_of_another_unit",
    ),
    Control(
        "Who lost a man while he had the page open decides nothing of him",
        "mhtr/compliance/decision_service.py",
        "    if not stands(viewer_of(who), case_id, Purpose.SUPERVISION):",
        "    if False:",
        f"{REASSIGN}::test_who_lost_him_meanwhile_decides_nothing_any_more",
    ),
    Control(
        "A decision that waits too long goes to somebody by name or list, also without a senior",
        "mhtr/compliance/late_decisions.py",
        "    owner = _seniors(case) or _officer(case)\n    new",
        "    owner = _seniors(case)\n    new",
        f"{LATE}::test_without_a_senior_it_is_the_officers_and_the_unit_is_written_to",
    ),
    Control(
        "Where nobody of probation signs in, a decision that waits too long is told another way",
        "mhtr/compliance/late_decisions.py",
        "    return told if told is not None else by_hand and _ask(case, waiting.subject, key)",
        "    return False",
        f"{LATE}::test_where_nobody_signs_in_it_is_never_silent",
    ),
    Control(
        "An officer's list never says that there is no live warning where nobody compared them",
        "templates/probation/people.html",
        "{% else %}Not compared with nDelius{% endif %}",
        "{% else %}No live warning{% endif %}",
        "tests/probation/test_people_facts.py::"
        "test_nothing_is_said_of_warnings_that_nobody_compared",
    ),
    Control(
        "What was put right after it was keyed into nDelius is to be corrected there",
        "mhtr/probation/keying_rules.py",
        "    if last is not None and last.same(records[-1]):",
        "    if last is not None:",
        f"{KEYED}::test_put_right_after_it_was_keyed_in_it_is_to_be_corrected",
    ),
    Control(
        "No code that follows a decision is suggested for nDelius: probation chooses one",
        "mhtr/probation/keyed_service.py",
        "    if outcome not in {choice.code for choice in choices(one.on)}:",
        "    if False:",
        f"{KEYED}::test_a_decision_has_an_entry_of_its_own_without_a_code",
    ),
    Control(
        "Nobody of the service marks what probation keyed into nDelius",
        "mhtr/probation/keyed_service.py",
        "        raise Refused(PROBATION_ONLY)",
        "        pass",
        f"{KEYED}::test_nobody_of_the_service_marks",
    ),
    Control(
        "Who lost a man while he had the page open marks nothing of him as keyed in",
        "mhtr/probation/keyed_service.py",
        "    if not stands(viewer_of(who), case_id, Purpose.SUPERVISION):",
        "    if False:",
        f"{KEYED}::test_who_does_not_supervise_him_marks_nothing",
    ),
    Control(
        "Of two officers who mark one entry the second is told of the first",
        "mhtr/probation/keyed_service.py",
        "    if earlier is not None:\n        return _once(earlier, by)\n",
        "    if earlier is not None:\n        return earlier\n",
        f"{KEYED}::test_somebody_else_is_told_who_keyed_it_in",
    ),
    Control(
        "A code is looked up for the day of the session",
        "mhtr/probation/keying_text.py",
        "    return load(AFTER_DECISION).current(on)",
        "    return load(AFTER_DECISION).entries",
        f"{KEYED}::test_the_codes_are_those_of_the_day_of_the_session",
    ),
    Control(
        "A session that he called off himself is never keyed in as called off by the service",
        "mhtr/probation/keyed_queries.py",
        "        SessionPlace.side.in_(NOT_HIS),\n",
        "",
        f"{KEYED}::test_what_the_service_called_off_is_keyed_in_and_never_an_absence",
    ),
    Control(
        "Voluntary sessions are not keyed into nDelius",
        "mhtr/probation/keyed_queries.py",
        "        Attendance.required,\n",
        "",
        f"{KEYED}::test_nothing_waits_of_what_nobody_recorded_or_is_voluntary",
    ),
)
