"""Controls of what there is to schedule with: whose it is, and what is kept from whom."""

from tests.faults.controls.control import Control

PAGES = "tests/sessions/availability/test_pages.py"
QUERIES = "tests/sessions/availability/test_queries.py"

ADJUSTED = "tests/sessions/availability/test_adjustments.py"
CONTROLS = (
    Control(
        "Why a man may not go to a place is shown to clinicians alone",
        "sessions/availability/man_page.py",
        '            (row.reason or "") if clinical else "",\n',
        '            row.reason or "",\n',
        "tests/sessions/availability/test_man_page.py"
        "::test_why_is_not_among_what_an_administrators_page_is_made_of",
    ),
    Control(
        "Only a clinician writes down why a man may not go to a place",
        "sessions/availability/man_service.py",
        "    if reason.strip() and not passed_on and not _roles(writer) & CLINICAL_ROLES:\n",
        "    if False:\n",
        "tests/sessions/availability/test_man_service.py"
        "::test_why_a_place_is_barred_is_a_clinicians_to_write",
    ),
    Control(
        "Only a clinician says that a man may go to a barred place again",
        "sessions/availability/man_service.py",
        "    if not _roles(db.session.get_one(Staff, by)) & CLINICAL_ROLES:\n",
        "    if False:\n",
        "tests/sessions/availability/test_man_service.py"
        "::test_why_a_place_is_barred_is_a_clinicians_to_write",
    ),
    Control(
        "Another trust's places are out of reach",
        "sessions/availability/scope.py",
        "select(Site).where(Site.ref == ref, Site.organisation_id == trust_of(viewer))",
        "select(Site).where(Site.ref == ref)",
        f"{PAGES}::test_another_trusts_places_and_clinicians_are_not_there",
    ),
    Control(
        "Another trust's clinicians and their hours are out of reach",
        "sessions/availability/scope.py",
        "        Staff.ref == ref,\n        Staff.organisation_id == trust_of(viewer),\n",
        "        Staff.ref == ref,\n",
        f"{PAGES}::test_another_trusts_places_and_clinicians_are_not_there",
    ),
    Control(
        "Only who keeps the hours of a trust changes its places",
        "sessions/availability/keeping.py",
        "        and staff.organisation_id == organisation_id\n",
        "",
        "tests/sessions/availability/test_place_service.py"
        "::test_another_trusts_places_stay_as_they_are",
    ),
    Control(
        "An edit that breaks booked sessions is saved only when what was shown is accepted",
        "sessions/availability/breaking.py",
        "    if not {one.ref for one in broken} <= set(accepted):\n",
        "    if broken and not accepted:\n",
        "tests/sessions/availability/test_place_service.py::test_closing_breaks_nothing_unseen",
    ),
    Control(
        "What an edit breaks names a man only to who may see his case",
        "sessions/availability/weighing.py",
        "        .where(Case.id.in_(ids), in_scope(viewer, *purposes))\n",
        "        .where(Case.id.in_(ids))\n",
        f"{PAGES}::test_what_breaks_names_nobody_to_who_may_not_see_his_case",
    ),
    Control(
        "Who must not meet a man is kept from him although the warning is on the other's record",
        "sessions/availability/limits_queries.py",
        "    select(Flag.id).where(Flag.other_person_id.in_(_IDS)),\n",
        "",
        f"{QUERIES}::test_whom_he_must_not_meet_counts_for_both_until_it_ends",
    ),
    Control(
        "While it is a question who is meant, two men are kept apart",
        "sessions/availability/limits_queries.py",
        "    select(FlagQuestion.flag_id).where(\n"
        "        FlagQuestion.person_id.in_(_IDS), FlagQuestion.answered_at.is_(None)\n"
        "    ),\n",
        "",
        f"{QUERIES}::test_while_it_is_a_question_who_is_meant_they_are_kept_apart",
    ),
    Control(
        "A record of another trust of the same man keeps them apart as well",
        "sessions/availability/limits_queries.py",
        "    own |= linked_ids(person_id, own)\n",
        "",
        f"{QUERIES}::test_a_record_of_another_trust_keeps_them_apart",
    ),
    Control(
        "An adjustment that was agreed is his need wherever he is booked",
        "sessions/availability/adjust_service.py",
        "    made = man_service.add_time(case_id=case_id, said=said, by=by, accepted=accepted)\n",
        "    made: list[int] = []\n",
        f"{ADJUSTED}::test_what_was_agreed_is_his_need_and_goes_when_it_is_taken_back",
    ),
    Control(
        "Probation reads nothing of an adjustment but what, why as a category, and until when",
        "sessions/availability/adjust_queries.py",
        "            why=WHY_WORDS[row.why],\n",
        '            why=row.made.get("detail", str(row.made)),\n',
        f"{ADJUSTED}::test_every_side_sees_it_and_only_the_service_records_it",
    ),
    Control(
        "An adjustment that was agreed until a day ends once that day has passed",
        "sessions/availability/adjust_service.py",
        "AgreedAdjustment.ended_at.is_(None), AgreedAdjustment.last_day < today",
        "AgreedAdjustment.ended_at.is_(None), AgreedAdjustment.last_day.is_(None)",
        f"{ADJUSTED}::test_what_has_run_out_ends_and_what_was_changed_since_stays",
    ),
    Control(
        "A place barred for another reason stays barred when an agreement on it ends",
        "sessions/availability/man_service.py",
        "- (set() if agreed else _agreed_bars(case_id))",
        "- set()",
        f"{ADJUSTED}::test_a_place_barred_for_another_reason_stays_so_when_the_agreement_ends",
    ),
    Control(
        "A page read before his needs changed takes none of them away",
        "sessions/availability/adjust_service.py",
        "    if (held.version if held else 0) != seen:\n",
        "    if False:\n",
        f"{ADJUSTED}::test_a_page_read_before_his_needs_changed_takes_none_of_them_away",
    ),
)
