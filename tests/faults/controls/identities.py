"""Controls of who a man is: linked records, answers about identity, and what is seen of them."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "What a link shows follows a later restriction",
        "mhtr/cases/link_queries.py",
        "    return others - _closed_to(viewer, others)\n",
        "    return others\n",
        "tests/cases/test_shown_by_links.py::test_what_a_link_shows_follows_a_later_restriction",
    ),
    Control(
        "A restricted record is not named through a link",
        "mhtr/cases/link_queries.py",
        "        if ends[row.id] not in closed\n",
        "",
        "tests/cases/test_shown_by_links.py::test_what_a_link_shows_follows_a_later_restriction",
    ),
    Control(
        "After a link is undone each side reads its own man only",
        "mhtr/cases/link_history.py",
        "    return history.history(person_id, sections, withheld=_withheld(person_id))\n",
        "    return history.history(person_id, sections)\n",
        "tests/cases/test_shown_by_links.py::test_after_undoing_each_side_reads_its_own_man_only",
    ),
    Control(
        "A reason written while a wrong link stood is not read afterwards",
        "mhtr/people/history.py",
        "    why = ANOTHERS if any(one.hides_reason(change) for one in meant) else change.reason\n",
        "    why = change.reason\n",
        "tests/cases/test_shown_by_links.py::test_after_undoing_each_side_reads_its_own_man_only",
    ),
    Control(
        "A question about a restricted record goes to somebody who can open it",
        "mhtr/cases/shared_access.py",
        "    question_owners.settle(case.person_id, *(other.person_id for other in changed), by=by)"
        "\n",
        "",
        "tests/cases/test_question_owners.py::test_it_goes_to_a_lead_named_on_the_record_and_back",
    ),
    Control(
        "A question goes back to the trust once a restriction is lifted",
        "mhtr/cases/access_service.py",
        "    question_owners.settle(case.person_id, by=by)\n",
        "",
        "tests/cases/test_question_owners.py::test_it_goes_to_a_lead_named_on_the_record_and_back",
    ),
    Control(
        "A question raised about a restricted record goes there at once",
        "mhtr/cases/question_owners.py",
        "people_listeners.identity_asked.append(_asked)\n",
        "",
        "tests/cases/test_question_owners.py"
        "::test_a_question_raised_about_a_restricted_record_goes_there_at_once",
    ),
    Control(
        "Whoever leaves keeps no question about a restricted record",
        "mhtr/cases/question_owners.py",
        "account_listeners.staff_left.append(_left)\n",
        "",
        "tests/cases/test_question_owners.py"
        "::test_whoever_cannot_see_it_any_more_keeps_no_question",
    ),
    Control(
        "Two men is taken back only by whoever may answer",
        "mhtr/cases/taking_back.py",
        "    if not may_judge(viewer_of(db.session.get_one(Staff, by)), *ends):\n",
        "    if False:\n",
        "tests/cases/test_taking_back.py::test_only_whoever_may_answer_takes_it_back",
    ),
    Control(
        "What was answered is seen only by those who may judge",
        "mhtr/cases/answer_queries.py",
        "or_(is_seen(ones), is_seen(twos)), ",
        "",
        "tests/cases/test_taking_back.py::test_only_whoever_may_answer_takes_it_back",
    ),
    Control(
        "Why it was answered is not read in a trust it was not written for",
        "mhtr/cases/answer_queries.py",
        "    hidden = across and not answer.for_both\n",
        "    hidden = False\n",
        "tests/cases/test_taking_back.py"
        "::test_what_was_written_for_one_trust_is_not_read_in_another",
    ),
    Control(
        "Linked records are merged only where one trust has both",
        "mhtr/cases/link_merging.py",
        "    if not in_one_trust(*ends):\n",
        "    if False:\n",
        "tests/cases/test_linked_merged.py::test_not_while_two_trusts_have_them_nor_by_another",
    ),
    Control(
        "Undoing a merge does not part what two people had confirmed",
        "mhtr/cases/identity.py",
        "    if not link_ends.stand_again(row, by=by):\n",
        "    link_ends.stand_again(row, by=by)\n    if True:\n",
        "tests/cases/test_linked_merged.py::test_undoing_the_merge_leaves_two_linked_records",
    ),
)
