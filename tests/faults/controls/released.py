"""Controls of a released report: who may rely on it, and what is added to it."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "A released report that may no longer stand says so in the paragraph that is copied",
        "mhtr/suitability/report_queries.py",
        '    return f"[{mark}] {said}" if mark else said\n',
        "    return said\n",
        "tests/suitability/test_reliance.py::test_every_page_and_file_says_so_until_it_stands_again",
    ),
    Control(
        "A released report that may no longer stand says so in its file",
        "mhtr/suitability/report_routes.py",
        "make_response(compile_report(content, mark) if mark else row.pdf)",
        "make_response(row.pdf)",
        "tests/suitability/test_reliance.py::test_every_page_and_file_says_so_until_it_stands_again",
    ),
    Control(
        "Everybody a report went to hears that it may no longer stand",
        "mhtr/suitability/reliance_news.py",
        "    told = release_readers.readers_of(case.id)\n",
        "    told: set[int] = set()\n",
        "tests/suitability/test_reliance.py::test_everybody_it_was_released_or_opened_to_is_told",
    ),
    Control(
        "Nothing is added to a report that may no longer stand",
        "mhtr/suitability/countersign_service.py",
        "    if doubts(standing):\n",
        "    if False:\n",
        "tests/suitability/test_reliance.py::test_nothing_is_added_to_it_meanwhile",
    ),
    Control(
        "“Proposed” of a report that may no longer stand is asked about",
        "mhtr/suitability/sentence_checks.py",
        "    if (may_not_stand := mark_now(case.id)) and not asked_service:\n",
        "    if (may_not_stand := mark_now(case.id)) and False:\n",
        "tests/suitability/test_reliance.py::test_proposed_asks_whether_the_service_was_asked",
    ),
    Control(
        "One addendum at a time",
        "mhtr/suitability/addendum_service.py",
        "    _only_one(assessment.id)\n",
        "",
        "tests/suitability/test_addenda.py::test_a_signed_one_goes_out_or_is_taken_back_before_another",
    ),
    Control(
        "A request that changed after the release is somebody's task",
        "mhtr/suitability/request_service.py",
        "        report_work.ask_addendum(case, request, by=by)\n",
        "",
        "tests/suitability/test_addendum_asked.py::test_its_author_is_asked_and_no_report_is_promised",
    ),
    Control(
        "The task of his no ends only with what is done about it",
        "mhtr/overview/task_service.py",
        "    if task.case_id is not None and waits_for_him(task.case_id):\n",
        "    if False:\n",
        "tests/suitability/test_nothing_promised.py::test_the_task_of_his_no_leads_to_what_can_be_done_and_ends_with_it",
    ),
    Control(
        "His words about a report are words that a reader sees",
        "mhtr/suitability/release_service.py",
        "    if answer is not HisAnswer.AGREES and not is_seen(words):\n",
        "    if answer is not HisAnswer.AGREES and not words.strip():\n",
        "tests/suitability/test_release_service.py::test_his_words_stand_in_the_report",
    ),
    Control(
        "A report comes back with a comment that its author sees",
        "mhtr/suitability/countersign_service.py",
        "for s, t in comments.items() if is_seen(t)]",
        "for s, t in comments.items() if t.strip()]",
        "tests/suitability/test_countersign_service.py::"
        "test_a_return_needs_a_comment_and_goes_back_to_its_author",
    ),
)
