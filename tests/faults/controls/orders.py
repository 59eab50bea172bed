"""Controls of court orders: legal limits, their history, and who supervises him."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "An order that exceeds a legal limit is recorded only with a reason",
        "mhtr/orders/overriding.py",
        "    if not override.strip():\n        raise LimitExceeded(found)\n",
        "",
        "tests/orders/test_order_service.py"
        "::test_a_limit_explains_itself_and_is_overridden_by_who_may",
    ),
    Control(
        "Only a clinical lead or a senior probation officer overrides a legal limit",
        "mhtr/orders/overriding.py",
        "    if not roles & OVERRIDERS:\n        raise Refused(NOT_ALLOWED)\n",
        "",
        "tests/orders/test_order_service.py"
        "::test_a_limit_explains_itself_and_is_overridden_by_who_may",
    ),
    Control(
        "What an order said is added to and never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "order_terms",\n',
        "",
        "tests/orders/test_order_service.py::test_terms_are_never_changed_in_the_database",
    ),
    Control(
        "A probation officer who is not the contact any more may not see the case",
        "mhtr/orders/contact_service.py",
        "    if row.staff_id is not None:\n        access.end_grants(",
        "    if False:\n        access.end_grants(",
        "tests/orders/test_contacts.py::test_whoever_is_named_sees_the_case_until_another_is",
    ),
    Control(
        "A man under an order whose officer left is somebody's to see to",
        "mhtr/orders/contact_service.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/orders/test_contacts.py::test_an_officer_who_leaves_leaves_an_alert",
    ),
    Control(
        "While he is in hospital or custody nothing is sent to him",
        "mhtr/cases/away_service.py",
        "            _hold(case_id)\n",
        "            pass\n",
        "tests/orders/test_away.py::test_nothing_is_sent_to_him_while_it_lasts",
    ),
    Control(
        "Whoever treats and whoever supervises him hear at once that he cannot attend",
        "mhtr/orders/away_news.py",
        "listeners.away_changed.append(_tell)\n",
        "",
        "tests/orders/test_away.py::test_both_sides_are_told_at_once_and_again",
    ),
    Control(
        "Probation reads that he cannot attend, and not that he is in hospital",
        "mhtr/cases/record.py",
        "    if held & _WORK_ON_HIM and now.where is not None:\n        where = AWAY_WORDS",
        "    if now.where is not None:\n        where = AWAY_WORDS",
        "tests/orders/test_away.py::test_the_page_from_admission_to_discharge",
    ),
    Control(
        "His therapist hears of his order and that he cannot attend, whoever has the case",
        "sessions/courses/course_tasks.py",
        "order_listeners.therapists.append(_therapists)\n",
        "",
        "tests/sessions/courses/test_following.py"
        "::test_his_therapist_hears_what_whoever_has_the_case_hears",
    ),
    Control(
        "A unit without a sign-in hears at once that he cannot attend",
        "mhtr/orders/away_news.py",
        "    tell_unit(case, News.ATTENDS, by=by)\n",
        "",
        "tests/orders/test_unit_news.py"
        "::test_a_stay_in_hospital_is_written_to_the_unit_without_a_name",
    ),
    Control(
        "A unit without a sign-in hears that his case is closed by his death",
        "mhtr/orders/away_news.py",
        "    tell_unit(case, News.CLOSED, by=by)\n",
        "",
        "tests/orders/test_unit_news.py"
        "::test_his_death_is_written_once_although_what_waits_is_withdrawn",
    ),
    Control(
        "A unit without a sign-in hears that his order changed or ended",
        "mhtr/orders/order_tasks.py",
        "    if unit and text in (CHANGED, ENDED, GOES_ON):\n",
        "    if False:\n",
        "tests/orders/test_unit_news.py"
        "::test_what_changes_of_his_order_is_written_once_without_a_name",
    ),
    Control(
        "A unit without a sign-in hears that what was booked is called off",
        "sessions/booking/follow.py",
        "    tell_unit(case, News.CALLED_OFF, by=by, about=str(last_id))\n",
        "",
        "tests/sessions/booking/test_changes.py"
        "::test_a_unit_without_a_sign_in_is_written_to_once_of_what_is_called_off",
    ),
    Control(
        "What a unit cannot be written of is somebody's to tell",
        "mhtr/orders/unit_news.py",
        "is None:\n        _by_hand(case, news, key, by)\n",
        "is None:\n        return\n",
        "tests/orders/test_unit_news.py::test_without_a_mailbox_somebody_tells_them",
    ),
    Control(
        "Probation ends or takes back no stay that the service recorded",
        "mhtr/cases/away_service.py",
        "        raise Refused(NOT_YOURS)\n",
        "        pass\n",
        "tests/orders/test_away.py::test_probation_undoes_only_what_it_recorded",
    ),
    Control(
        "Whom an order names and who left is told to probation: a task asks until it is",
        "mhtr/orders/order_tasks.py",
        "    _keep_named(case, held if under else [], by=by)\n",
        "",
        "tests/orders/test_directing.py::test_written_notice_is_asked_for_until_it_is_on_record",
    ),
    Control(
        "An account that is closed asks who directs now where an order names him",
        "mhtr/orders/directing_service.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/orders/test_directing.py::test_a_closed_account_asks_who_directs_now",
    ),
    Control(
        "A name that is only suggested for an order counts once somebody has compared it",
        "mhtr/orders/routes.py",
        "    form.suggest(named)\n",
        "",
        "tests/orders/test_order_pages.py"
        "::test_the_name_in_the_report_is_suggested_and_must_be_compared",
    ),
    Control(
        "A sentence with the requirement asks for its order and a probation contact",
        "mhtr/orders/order_tasks.py",
        "listeners.fact_added.append(_follow_fact)\n",
        "",
        "tests/orders/test_order_service.py::test_the_sentence_asks_for_the_order_and_the_contact",
    ),
    Control(
        "An officer of another unit than the one selected is not let in",
        "mhtr/orders/contact_forms.py",
        "if officer and self.unit.data and self._unit_of(officer) != self.unit.data:",
        "if False:",
        "tests/orders/test_order_pages.py"
        "::test_an_officer_of_another_unit_than_the_one_selected_is_asked_about",
    ),
)
