"""Controls of attendance and session notes: what is never an absence, and the wall."""

from tests.faults.controls.control import Control

SERVICE = "tests/compliance/test_attendance_service.py"
PAGES = "tests/sessions/register/test_register_pages.py"
BOOKING = "tests/sessions/register/test_with_booking.py"
NOTES = "tests/sessions/notes/test_notes.py"
TELLING = "tests/compliance/test_telling.py"
MESSAGES = "tests/messages/test_delivery.py"

CONTROLS = (
    Control(
        "A table that makes an absence of what is not his doing is not used",
        "mhtr/compliance/crosswalk.py",
        "        raise Unfit(",
        "        Unfit(",
        "tests/compliance/test_attendance_rules.py::test_a_table_that_says_it_is_not_used",
    ),
    Control(
        "What the service or probation cancels is never stored as a fact about him",
        "sessions/register/service.py",
        "if place.side is not Side.HIM or by is None",
        "if by is None",
        f"{PAGES}::test_what_others_cancel_is_never_stored_and_never_his",
    ),
    Control(
        "Attendance is added to and never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "attendance",\n',
        "",
        f"{SERVICE}::test_records_are_never_changed_in_the_database",
    ),
    Control(
        "An unexplained miss is somebody's to see to the same day",
        "mhtr/compliance/misses.py",
        "    elif reach and tasks",
        "    elif False and tasks",
        f"{SERVICE}::test_an_unexplained_miss_asks_his_therapist_to_reach_him_today",
    ),
    Control(
        "A miss with scores that worsen is a welfare call with an owner",
        "mhtr/compliance/misses.py",
        "        worse=is_worse(case.id),",
        "        worse=False,",
        f"{SERVICE}::test_a_miss_with_scores_that_worsen_is_a_welfare_call",
    ),
    Control(
        "A miss with an open sign of risk is a welfare call",
        "mhtr/compliance/misses.py",
        "        risk_open=bool(tasks.open_tasks(case.id, TaskKind.RISK_REVIEW)),",
        "        risk_open=False,",
        f"{SERVICE}::test_a_miss_with_an_open_sign_of_risk_is_a_welfare_call_and_is_recorded",
    ),
    Control(
        "An administrator writes neither a concern nor the detail of a reason",
        "mhtr/compliance/service.py",
        "    if told.clinical and not is_clinician(by):\n        raise Refused(CLINICAL_ONLY)\n",
        "",
        f"{SERVICE}::test_an_administrator_records_no_concern_and_loses_none",
    ),
    Control(
        "A welfare call is ended by a clinician",
        "mhtr/compliance/contact_service.py",
        "        raise Refused(CLINICIAN)",
        "        pass",
        f"{SERVICE}::test_a_welfare_call_is_ended_by_a_clinician_who_says_how_he_is",
    ),
    Control(
        "Probation hears nothing of voluntary sessions",
        "mhtr/compliance/telling.py",
        "    if not row.required or (before",
        "    if (before",
        f"{SERVICE}::test_of_a_voluntary_session_probation_hears_nothing",
    ),
    Control(
        "What the service caused is never put right to an absence",
        "mhtr/compliance/attendance.py",
        "    return now in MISSED and not OURS.isdisjoint(before)",
        "    return False",
        f"{BOOKING}::test_what_the_service_caused_never_becomes_an_absence",
    ),
    Control(
        "A session that the service or probation called off is never recorded as missed",
        "sessions/register/service.py",
        "        raise Refused(CALLED_OFF)",
        "        pass",
        f"{BOOKING}::test_what_others_called_off_is_never_put_right_to_an_absence",
    ),
    Control(
        "A booking is read again once the case is locked, before a miss is recorded",
        "sessions/register/service.py",
        "    db.session.refresh(place)\n",
        "",
        f"{BOOKING}::test_a_booking_that_is_called_off_while_somebody_records_is_not_missed",
    ),
    Control(
        "A cancellation recorded beforehand gives up the booking",
        "sessions/register/service.py",
        "        _give_up(place, entry.told.happened, by)",
        "        pass",
        f"{BOOKING}::test_a_cancellation_recorded_beforehand_gives_up_the_booking",
    ),
    Control(
        "Nobody misses a session at which nobody was to be there",
        "sessions/register/service.py",
        "    if why := nobody_there(session):",
        '    if why := "":',
        f"{BOOKING}::test_nobody_misses_a_session_at_which_nobody_was_to_be_there",
    ),
    Control(
        "Nothing but a cancellation is recorded before a session begins",
        "mhtr/compliance/attendance.py",
        "    if now < starts_at and told.happened not in BEFOREHAND:",
        "    if False:",
        f"{SERVICE}::test_nothing_is_recorded_of_what_has_not_begun",
    ),
    Control(
        "A chart of scores marks as missed only what he missed",
        "mhtr/compliance/queries.py",
        "if happened in MISSED and on <= today",
        "if on <= today",
        "tests/compliance/test_missed_on_charts.py::test_only_what_he_missed_is_marked",
    ),
    Control(
        "A mail to a delivery unit holds a reference in place of a name",
        "mhtr/orders/unit_mail.py",
        "            reference=called,",
        "            reference=case.person.name,",
        f"{TELLING}::test_an_officer_without_an_account_is_told_through_the_mailbox_of_his_unit",
    ),
    Control(
        "A unit that was told of a miss is told that it was put right",
        "mhtr/compliance/telling.py",
        "        knows |= not messages.withdraw(",
        "        messages.withdraw(",
        f"{TELLING}::test_once_it_has_left_word_follows_that_it_was_put_right",
    ),
    Control(
        "A message that cannot be sent becomes a person's task",
        "mhtr/messages/service.py",
        "        KINDS[row.template].failed(row)",
        "        pass",
        f"{TELLING}::test_a_mail_that_cannot_be_sent_is_somebodys_to_see_to",
    ),
    Control(
        "A message whose sender died is not sent again",
        "mhtr/messages/delivery.py",
        "        OutboxMessage.leased_until.is_(None),\n",
        "",
        f"{MESSAGES}::test_a_sender_that_dies_after_sending_sends_nothing_twice",
    ),
    Control(
        "A message that may have been taken is not sent again",
        "mhtr/messages/transports.py",
        '        raise NotKnown("The mail server fell silent.") from gone',
        "        raise NotNow(BUSY) from gone",
        f"{MESSAGES}::test_a_server_that_falls_silent_may_have_taken_it_so_it_is_not_sent_again",
    ),
    Control(
        "A mail server of another machine is spoken to encrypted",
        "config.py",
        '        return host in ("localhost", "127.0.0.1", "::1")',
        "        return True",
        "tests/test_config.py::test_a_bad_production_start_is_refused",
    ),
    Control(
        "Drafts of somebody who leaves are handed to his lead",
        "sessions/notes/finishing.py",
        "listeners.staff_left.append(_left)\n",
        "",
        f"{NOTES}::test_a_draft_of_somebody_who_leaves_is_his_leads_to_finish",
    ),
    Control(
        "Nobody takes over a draft while its author can go on with it",
        "sessions/notes/rules.py",
        "    taken_over = author_left and state",
        "    taken_over = state",
        f"{NOTES}::test_a_draft_is_kept_and_finished_by_its_author",
    ),
    Control(
        "What somebody who left wrote stays under his name",
        "sessions/notes/service.py",
        'by_id=note.author_id))\n        audit.record("notes.taken_over"',
        'by_id=by))\n        audit.record("notes.taken_over"',
        f"{NOTES}::test_a_draft_of_somebody_who_leaves_is_his_leads_to_finish",
    ),
    Control(
        "Probation reads the sessions of the requirement only",
        "sessions/register/case_routes.py",
        " if _is_required(line)]",
        "]",
        f"{PAGES}::test_probation_reads_facts_and_no_detail",
    ),
    Control(
        "A session that is over without a record becomes a task",
        "sessions/register/overdue.py",
        "        if due <= now:",
        "        if False:",
        "tests/sessions/register/test_overdue.py"
        "::test_it_becomes_a_task_at_the_end_of_the_next_working_day",
    ),
    Control(
        "Nobody but clinicians of the case opens a session note",
        "sessions/notes/routes.py",
        '@bp.route("/places/<uuid:place_ref>/note", methods=["GET", "POST"])\n'
        "@only(*CLINICAL_ROLES)",
        '@bp.route("/places/<uuid:place_ref>/note", methods=["GET", "POST"])\n@only(*Role)',
        f"{NOTES}::test_nobody_outside_the_clinic_opens_a_note",
    ),
    Control(
        "A locked note is not changed",
        "sessions/notes/rules.py",
        "    if state is NoteState.LOCKED:\n        return IS_LOCKED\n",
        "",
        f"{NOTES}::test_within_the_local_period_it_is_changed_and_its_words_are_kept",
    ),
    Control(
        "What a finished note said before is kept",
        "sessions/notes/service.py",
        "        db.session.add(NoteEarlier(note_id=note.id, parts=note.parts, by_id=by))",
        "        pass",
        f"{NOTES}::test_within_the_local_period_it_is_changed_and_its_words_are_kept",
    ),
    Control(
        "A task after a miss goes to nobody to whom a restricted record is closed",
        "mhtr/compliance/misses.py",
        "    shut_out = shut_out or (case.restricted and staff_id not in named_on(case.id, now))\n",
        "",
        "tests/compliance/test_attendance_service.py"
        "::test_a_therapist_to_whom_a_restricted_record_is_closed_is_not_asked",
    ),
    Control(
        "Nobody signs his own note",
        "sessions/notes/rules.py",
        "    if by == note.author_id:\n        return OWN\n",
        "",
        f"{NOTES}::test_who_is_not_registered_has_his_note_signed_by_a_lead",
    ),
    Control(
        "The note of an unregistered author asks for a signature",
        "sessions/notes/service.py",
        "    if note.needs_sign_off:\n        _ask_lead(note, author)\n",
        "",
        f"{NOTES}::test_who_is_not_registered_has_his_note_signed_by_a_lead",
    ),
)
