"""Controls of his plan for later, letters, and who had a copy."""

from tests.faults.controls.control import Control

LETTERS = "tests/discharge/test_letters.py"
PAGES = "tests/discharge/test_letter_pages.py"
RULES = "tests/discharge/test_letter_rules.py"
GP = f"{LETTERS}::test_his_gp_has_none_without_his_word_or_a_practice_and_its_withdrawal_stops_it"
TWO = f"{LETTERS}::test_an_author_without_registration_signs_first_and_a_lead_after"
RISK = f"{LETTERS}::test_a_risk_goes_without_his_word_only_with_reason_and_another_lead"
AGAIN = f"{LETTERS}::test_a_correction_asks_for_whoever_has_the_earlier_one"

CONTROLS = (
    Control(
        "His GP gets no letter without his agreement, also when he took it back after signing",
        "mhtr/discharge/rules.py",
        "    if gp.agreed is not Agreed.YES and not exception:",
        "    if gp.agreed is Agreed.NO and not exception:",
        GP,
    ),
    Control(
        "No letter goes to a GP who is not on record",
        "mhtr/discharge/rules.py",
        "    if not gp.known:",
        "    if gp.name == gp.agreed:",
        GP,
    ),
    Control(
        "Whether his GP may have a copy is looked at when it is recorded, not only on the page",
        "mhtr/discharge/copy_service.py",
        "    if against := stands_against(case, letter, said.to):\n"
        "        raise Refused(*against)\n",
        "",
        GP,
    ),
    Control(
        "Only a letter about a risk goes to a GP without his agreement",
        "mhtr/discharge/rules.py",
        "    if not allowed:",
        "    if allowed is None:",
        f"{RULES}::test_an_exception_needs_its_kind_a_reason_and_an_approver",
    ),
    Control(
        "A letter that goes without his agreement has a reason",
        "mhtr/discharge/rules.py",
        "    if not said.exception_why.strip():",
        "    if said.exception_why is None:",
        f"{RULES}::test_an_exception_needs_its_kind_a_reason_and_an_approver",
    ),
    Control(
        "Nobody approves the exception that he makes himself",
        "mhtr/discharge/copy_service.py",
        "    return tuple(one for one in lead_ids(trust_of(case).id) if one != by)",
        "    return tuple(one for one in lead_ids(trust_of(case).id) if one)",
        RISK,
    ),
    Control(
        "A letter of an author who is not registered is signed by a registered lead too",
        "mhtr/discharge/rules.py",
        '        return (Signs.ALONE if signer.registered else Signs.FIRST), ""',
        '        return Signs.ALONE, ""',
        TWO,
    ),
    Control(
        "Whatever changes after its author signed takes that signature away",
        "mhtr/discharge/building.py",
        "    return author if content_hash(made) == row.first_hash else None",
        "    return author if made is not None else None",
        f"{LETTERS}::test_what_changed_after_the_first_signature_is_signed_anew",
    ),
    Control(
        "A letter that another version took the place of is not given any more",
        "mhtr/discharge/copy_service.py",
        "    if queries.versions_of_letter(letter)[-1].id != version.id:\n"
        "        raise Refused(SUPERSEDED)\n",
        "",
        AGAIN,
    ),
    Control(
        "Whoever has a letter that was put right is sent the new one",
        "mhtr/discharge/owed.py",
        "        if had and not _has(to, versions[-1], copies):",
        "        if had and not versions:",
        AGAIN,
    ),
    Control(
        "No letter is posted to a man for whom that is not safe",
        "mhtr/discharge/copy_service.py",
        "    if _not_safe(case, said):",
        "    if not said:",
        f"{LETTERS}::test_a_copy_has_a_day_and_a_way_that_can_be",
    ),
    Control(
        "A letter that is not what was signed is not shown",
        "mhtr/discharge/queries.py",
        "    return letter if content_hash(letter) == row.content_hash else None",
        "    return letter",
        f"{PAGES}::test_a_letter_that_is_not_what_was_signed_is_not_shown",
    ),
    Control(
        "A plan that was changed meanwhile is not written over",
        "mhtr/discharge/plan_service.py",
        "    if (before.number if before else 0) != seen:\n        raise Stale(before)\n",
        "",
        f"{LETTERS}::test_a_plan_is_kept_in_versions_with_what_he_says_to_it",
    ),
)
