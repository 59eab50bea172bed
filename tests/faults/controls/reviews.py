"""Controls of three-way reviews."""

from tests.faults.controls.control import Control

REVIEWS = "tests/reviews/test_reviews.py"
PAGES = "tests/reviews/test_review_pages.py"
RULES = "tests/reviews/test_review_rules.py"
BOTH_CHOSE = f"{REVIEWS}::test_a_point_goes_to_probation_only_where_both_chose_it"
SIGNS = f"{REVIEWS}::test_each_signs_separately_and_a_change_asks_again"

CONTROLS = (
    Control(
        "A point for a review goes to probation only where he and his therapist both chose so",
        "mhtr/reviews/rules.py",
        "    return shares.get(Party.HIM) is True and shares.get(Party.THERAPIST) is True",
        "    return shares.get(Party.HIM) is True or shares.get(Party.THERAPIST) is True",
        f"{RULES}::test_a_point_goes_only_where_both_chose_so",
    ),
    Control(
        "Probation’s page of a review shows only what is shared",
        "mhtr/reviews/page.py",
        "    shared = [one for one in queries.items_of(row.id) if one.is_shared]",
        "    shared = queries.items_of(row.id)",
        f"{PAGES}::test_the_officer_reads_no_word_that_is_not_shared",
    ),
    Control(
        "The sheet of a review holds only what is shared",
        "mhtr/reviews/building.py",
        "for one in items_of(review.id) if one.is_shared",
        "for one in items_of(review.id)",
        f"{PAGES}::test_the_officer_reads_no_word_that_is_not_shared",
    ),
    Control(
        "What a point said before, probation does not read",
        "mhtr/reviews/page.py",
        "    earlier = one.earlier if own or not probation else ()",
        "    earlier = one.earlier",
        BOTH_CHOSE,
    ),
    Control(
        "A sheet that probation said nothing of, probation does not read later",
        "mhtr/reviews/page.py",
        "if not probation or Party.OFFICER in one.said]",
        "if one.said]",
        f"{REVIEWS}::test_probation_reads_no_earlier_sheet_that_it_did_not_sign",
    ),
    Control(
        "Why he did not sign the sheet of a review, probation does not read",
        "mhtr/reviews/page.py",
        "    hides = probation and party is Party.HIM and not signed",
        "    hides = False",
        f"{REVIEWS}::test_probation_reads_no_earlier_sheet_that_it_did_not_sign",
    ),
    Control(
        "Who signs the sheet of a review signs what was read, and nothing newer",
        "mhtr/reviews/signing.py",
        "    if content_hash(sheet) != content:\n        raise Stale(sheet)\n",
        "",
        f"{PAGES}::test_a_sheet_that_changed_while_it_was_read_is_not_signed",
    ),
    Control(
        "A change of what all three read asks them to sign again",
        "mhtr/reviews/building.py",
        "found[-1].row.content_hash == content_hash(sheet)",
        "content_hash(sheet)",
        SIGNS,
    ),
    Control(
        "Who held a review signs for the service, and nobody else",
        "mhtr/reviews/signing.py",
        "        if held is not None and held.id != by and held.disabled_at is None:",
        "        if held is None:",
        SIGNS,
    ),
    Control(
        "His officer, or whoever covers, signs for probation, and nobody else",
        "mhtr/reviews/signing.py",
        '    return OTHER_OFFICER if party is Party.OFFICER and named and by not in named else ""',
        '    return ""',
        SIGNS,
    ),
    Control(
        "Nobody of the service signs for an officer who signs in here",
        "mhtr/reviews/signing.py",
        "        if not records_for_officer(case):\n            raise Refused(SIGNS_HERE)\n",
        "",
        SIGNS,
    ),
    Control(
        "Only probation writes what probation brings to a review",
        "mhtr/reviews/point_service.py",
        "    must_supervise(case, by)\n",
        "",
        f"{REVIEWS}::test_probations_points_are_probations",
    ),
    Control(
        "A point that was changed meanwhile is not written over",
        "mhtr/reviews/point_service.py",
        "        raise Stale(None) from None",
        "        return None",
        BOTH_CHOSE,
    ),
    Control(
        "What was arranged or recorded of a review meanwhile is not written over",
        "mhtr/reviews/service.py",
        "        raise Stale(before)",
        "        pass",
        f"{REVIEWS}::test_arranged_and_moved_probation_hears_each_once",
    ),
    Control(
        "Probation hears that a review is arranged, moved, held or not held",
        "mhtr/reviews/service.py",
        "    telling.tell(case, made, by=by)\n",
        "",
        f"{REVIEWS}::test_arranged_and_moved_probation_hears_each_once",
    ),
    Control(
        "An earlier sheet shows probation no point that was taken back since",
        "mhtr/reviews/page.py",
        "    return replace(sheet, lines=tuple(kept)) if probation else sheet",
        "    return sheet",
        f"{REVIEWS}::test_an_earlier_sheet_that_probation_signed_shows_no_point_that_was_taken_back",
    ),
)
