"""Controls of the papers of a referral to an enforcement officer."""

from tests.faults.controls.control import Control

SERVICE = "tests/probation/papers/test_papers_service.py"
PAGES = "tests/probation/papers/test_papers_pages.py"
CONTENT = "tests/probation/papers/test_content.py"
COUNTDOWN = "tests/probation/papers/test_countdown.py"

CONTROLS = (
    Control(
        "Nobody of the service makes or sends the papers of a referral",
        "mhtr/probation/papers/service.py",
        "        raise Refused(PROBATION_ONLY)",
        "        pass",
        f"{SERVICE}::test_nobody_of_the_service_makes_or_sends_them",
    ),
    Control(
        "Who does not supervise a man makes no papers of his",
        "mhtr/probation/papers/service.py",
        "    if not stands(viewer_of(who), case.id, Purpose.SUPERVISION):",
        "    if False:",
        f"{SERVICE}::test_an_officer_who_does_not_supervise_him_makes_none",
    ),
    Control(
        "The papers of a referral are opened by those of probation who supervise him",
        "mhtr/probation/papers/routes.py",
        '@bp.get("/referrals/<uuid:referral_ref>/papers/<uuid:papers_ref>.pdf")\n@only(*SUPERVISES)',
        '@bp.get("/referrals/<uuid:referral_ref>/papers/<uuid:papers_ref>.pdf")\n'
        "@only(Role.CLINICAL_LEAD, *SUPERVISES)",
        f"{PAGES}::test_nobody_else_opens_any_of_it",
    ),
    Control(
        "Papers of a referral are kept as made: the database refuses to change them",
        "mhtr/core/guards.py",
        '    "referral_papers",\n',
        "",
        f"{SERVICE}::test_the_database_changes_and_deletes_no_version",
    ),
    Control(
        "Papers are kept only of the facts that their page showed",
        "mhtr/probation/papers/service.py",
        "        raise Refused(CHANGED)",
        "        pass",
        f"{SERVICE}::test_facts_that_change_meanwhile_are_looked_at_again",
    ),
    Control(
        "Of two who issue papers at once the second reads first",
        "mhtr/probation/papers/service.py",
        "        raise Stale(last)",
        "        pass",
        f"{SERVICE}::test_of_two_who_issue_at_once_the_second_reads_first",
    ),
    Control(
        "Papers that were tampered with are not shown",
        "mhtr/probation/papers/queries.py",
        "    return content if content_hash(content) == row.content_hash else None",
        "    return content",
        f"{PAGES}::test_what_was_tampered_with_is_not_shown",
    ),
    Control(
        "A file of papers that cannot be made leaves nothing behind",
        "mhtr/probation/papers/routes.py",
        "    except typst.TypstError:\n        raise Refused(NO_FILE) from None",
        '    except typst.TypstError:\n        return service.Compiled(now, b"")',
        f"{PAGES}::test_a_file_that_cannot_be_made_leaves_nothing_behind",
    ),
    Control(
        "An earlier version of papers says that it is superseded",
        "mhtr/probation/papers/page.py",
        "    if row.id != newest.row.id:",
        "    if False:",
        f"{PAGES}::test_they_are_issued_again_and_the_first_is_superseded",
    ),
    Control(
        "A fact that was put right makes papers out of date",
        "mhtr/probation/papers/content.py",
        "            found.append(Difference(How.CHANGED, words(one), False))",
        "            found.append(Difference(How.CHANGED, words(one), True))",
        f"{CONTENT}::test_what_differs",
    ),
    Control(
        "Papers of a referral hold no voluntary session and none outside the requirement",
        "mhtr/probation/papers/sources.py",
        "        if session is None or not row.required:",
        "        if session is None:",
        f"{SERVICE}::test_voluntary_sessions_and_those_outside_the_requirement_are_no_part_of_them",
    ),
    Control(
        "Papers of a referral say which sessions were called off, and not by him",
        "mhtr/probation/papers/making.py",
        "        *(_called_off(row, where) for row, where in found.called_off),\n",
        "",
        f"{SERVICE}::test_what_was_called_off_and_not_by_him_is_in_them",
    ),
    Control(
        "The file of every version of papers is the file that was made",
        "mhtr/probation/papers/routes.py",
        "    answer = make_response(found.row.pdf)",
        "    answer = make_response(compile_papers(found.content, issue))",
        f"{PAGES}::test_they_are_issued_again_and_the_first_is_superseded",
    ),
    Control(
        "The papers of a referral are a task until they are sent",
        "mhtr/probation/papers/sending.py",
        "listeners.steps_changed.append(follow)\n",
        "",
        f"{SERVICE}::test_a_referral_is_the_officers_task_until_its_papers_are_sent",
    ),
    Control(
        "The days for the papers of a referral are working days from the day after it",
        "mhtr/probation/papers/countdown.py",
        "        return calendar.add(referred_on, counting.days)",
        "        return calendar.add(referred_on, counting.days + 1)",
        f"{COUNTDOWN}::test_the_last_day",
    ),
    Control(
        "That a matter was referred is no task that clinicians read",
        "mhtr/tasks/kinds.py",
        "PROBATION_ALONE = frozenset({K.DECIDE_LATE, K.SEND_PAPERS, ",
        "PROBATION_ALONE = frozenset({K.DECIDE_LATE, ",
        f"{PAGES}::test_nobody_else_opens_any_of_it",
    ),
)
