"""Controls of booking: no double booking, who is kept apart, and what follows of itself."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "What one case of a man says of hospital or custody holds for each of his",
        "mhtr/cases/away_elsewhere.py",
        "    return _with(case, facts, _said({case.person_id, *linked_ids(case.person_id)}))\n",
        "    return list(facts)\n",
        "tests/sessions/booking/test_away_elsewhere.py"
        "::test_away_in_one_case_he_is_not_booked_in_the_other",
    ),
    Control(
        "Where a man is stays with the case that says so",
        "mhtr/cases/away_elsewhere.py",
        "    return replace(one.fact, detail={}) if",
        "    return one.fact if",
        "tests/sessions/booking/test_away_elsewhere.py"
        "::test_the_other_page_says_that_he_cannot_attend_and_never_where_he_is",
    ),
    Control(
        "Records found to be one man's follow what either says of hospital or custody",
        "mhtr/cases/linking.py",
        "    with away_service.followed([*held[0], *held[1]], by=by):\n",
        "    if True:\n",
        "tests/sessions/booking/test_away_elsewhere.py"
        "::test_records_of_two_trusts_follow_once_both_say_that_they_are_one_mans",
    ),
    Control(
        "Of two cases that say at once that he is away the second is told of the first",
        "mhtr/cases/away_service.py",
        "    for one in his_cases(case_id):\n        cases.lock(one)\n",
        "",
        "tests/faults/test_booking_races.py"
        "::test_two_cases_of_a_man_that_say_at_once_that_he_is_away",
    ),
    Control(
        "Of two bookings at once of a man with linked records at two trusts the second waits",
        "sessions/booking/holding.py",
        "    _lock_links(case.person_id)\n",
        "",
        "tests/faults/test_booking_races.py"
        "::test_one_man_with_records_at_two_trusts_is_booked_once",
    ),
    Control(
        "No clinician, room or man is booked twice: the database refuses (SQLite)",
        "mhtr/core/guards.py",
        "append_only(table)), *no_overlap())",
        "append_only(table)),)",
        "tests/sessions/test_no_overlap.py::test_a_stretch_that_overlaps_is_refused",
    ),
    Control(
        "Whoever comes second is told that the time has just been taken",
        "sessions/booking/holding.py",
        "            if was_race(error):\n",
        "            if False:\n",
        "tests/sessions/booking/test_service.py"
        "::test_the_database_refuses_what_the_checks_let_through",
    ),
    Control(
        "People who must not meet are not at one place at one time",
        "sessions/booking/finding.py",
        "            if at.site_id == place.site_id and at.span.overlaps(near):\n",
        "            if False:\n",
        "tests/sessions/booking/test_service.py::test_somebody_whom_he_must_not_meet_is_kept_apart",
    ),
    Control(
        "People who must not meet are not in one group",
        "sessions/booking/finding.py",
        "    if diary.company.get(man.case_id, frozenset()) & man.must_not_meet:\n",
        "    if False:\n",
        "tests/sessions/booking/test_finding.py::test_each_limit_is_kept_and_said",
    ),
    Control(
        "A man is not booked at a place where he may not go",
        "sessions/booking/finding.py",
        "        if place.site_id in man.barred_sites:\n",
        "        if False:\n",
        "tests/sessions/booking/test_finding.py::test_each_limit_is_kept_and_said",
    ),
    Control(
        "Who is shut out of a record is not booked with the man",
        "sessions/booking/diary_queries.py",
        "        out |= excluded_staff(case.id, clock.now())\n",
        "",
        "tests/sessions/booking/test_service.py::test_who_is_shut_out_of_his_record_is_not_booked",
    ),
    Control(
        "A required session lies inside the requirement",
        "sessions/booking/finding.py",
        "    if wanted.required:\n        yield from _inside(man, span)\n",
        "",
        "tests/sessions/booking/test_service.py"
        "::test_a_time_that_is_not_possible_is_refused_with_its_reason",
    ),
    Control(
        "An order that ends leaves nothing booked",
        "sessions/booking/follow.py",
        "listeners.fact_added.append(_follow_fact)\n",
        "",
        "tests/sessions/booking/test_changes.py::test_an_order_that_ends_leaves_nothing_booked",
    ),
    Control(
        "A death leaves nothing booked, and who is concerned is told",
        "sessions/booking/follow.py",
        "listeners.death_recorded.append(_died)\n",
        "",
        "tests/sessions/booking/test_changes.py"
        "::test_death_leaves_nothing_booked_and_tells_who_is_concerned",
    ),
    Control(
        "What is booked follows to the record that is kept",
        "sessions/booking/follow.py",
        "listeners.moved_to_record.append(_moved_to_record)\n",
        "",
        "tests/sessions/booking/test_changes.py"
        "::test_what_is_booked_follows_his_record_and_comes_back_with_it",
    ),
    Control(
        "No session comes closer to the next than that one's least days",
        "sessions/booking/gap_rules.py",
        "    return wanted.latest is not None and day > wanted.latest\n",
        "    return False\n",
        "tests/sessions/booking/test_gaps.py::test_a_move_leaves_the_next_session_its_least_days",
    ),
    Control(
        "A group that moves keeps its days from the course of each man",
        "sessions/booking/moving.py",
        "    return between(wanted, limits)\n",
        "    return wanted\n",
        "tests/sessions/booking/test_gaps.py::test_a_group_keeps_its_days_from_the_course_of_each",
    ),
    Control(
        "A group that is cancelled is nobody's absence",
        "sessions/booking/cancel_service.py",
        "    if first.in_group and why.side is Side.HIM:\n",
        "    if False:\n",
        "tests/sessions/booking/test_changes.py::test_a_group_moves_with_everybody_in_it",
    ),
    Control(
        "Whom a man must not meet is looked at in every meeting he is given a place in",
        "sessions/booking/seat_service.py",
        "        own = in_company(found, [people[one.case_id] for one in there])\n",
        "        own = in_company(found, [people[one.case_id] for one in there][:0])\n",
        "tests/sessions/booking/test_groups.py::test_must_not_meet_is_looked_at_for_every_meeting",
    ),
    Control(
        "A group holds so many men and no more, in every meeting of a series",
        "sessions/booking/seat_service.py",
        "        if len(there) >= session.capacity:\n",
        "        if False:\n",
        "tests/sessions/booking/test_groups.py::test_one_full_meeting_refuses_the_whole_series",
    ),
    Control(
        "Who was given a place while a group is cancelled or moved is not overlooked",
        "sessions/booking/closing.py",
        "    if {one.case_id for one in places} - before:\n",
        "    if False:\n",
        "tests/sessions/booking/test_groups.py"
        "::test_who_got_a_place_while_a_group_is_cancelled_is_not_overlooked",
    ),
    Control(
        "Access that only a booking gave ends with the sessions",
        "sessions/booking/letting_in.py",
        "        _end(live, now, by)\n",
        "        pass\n",
        "tests/sessions/booking/test_letting_in.py"
        "::test_whoever_sees_him_may_open_his_record_until_some_days_after",
    ),
    Control(
        "Sessions that a shorter requirement leaves outside are somebody's task",
        "sessions/booking/outside.py",
        "order_listeners.orders_changed.append(_changed)\n",
        "",
        "tests/sessions/booking/test_letting_in.py"
        "::test_what_a_shorter_requirement_leaves_outside_is_a_task",
    ),
    Control(
        "Who leads a group hears who joins it",
        "sessions/booking/seat_service.py",
        "    news.tell_of_places(news.JOINED, sessions, key=made[0].id, by=by)\n",
        "",
        "tests/sessions/booking/test_groups.py"
        "::test_who_leads_a_group_hears_once_who_joins_and_leaves",
    ),
)
