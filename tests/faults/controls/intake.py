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
)
