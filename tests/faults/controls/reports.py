"""Controls of compliance reports."""

from tests.faults.controls.control import Control

CONTENT = "tests/probation/reports/test_report_content.py"
PAGES = "tests/probation/reports/test_report_pages.py"
RELEASES = "tests/probation/reports/test_releases.py"
BY_TIME = "tests/probation/reports/test_by_time.py"
CONSOLE = "tests/test_cli_report.py"

CONTROLS = (
    Control(
        "A compliance report holds only what its list names",
        "mhtr/probation/reports/content.py",
        "    return {item: _SAYS[item](man, items) for item in Item if item in items}",
        "    return {item: _SAYS[item](man, set(Item)) for item in Item}",
        f"{CONTENT}::test_what_is_not_on_the_list_leaves_every_file",
    ),
    Control(
        "What was not his doing is no miss in a compliance report",
        "mhtr/probation/reports/content.py",
        '"Missed": sum(one.happened in MISSED for one in rows)',
        '"Missed": sum(one.happened not in TOOK_PLACE for one in rows)',
        f"{CONTENT}::test_each_session_counts_once",
    ),
    Control(
        "A compliance report counts what was called off, and not by him",
        "mhtr/probation/reports/reading.py",
        "    for off in called_off_of(ids):",
        "    for off in called_off_of([]):",
        f"{PAGES}::test_what_was_called_off_and_not_by_him_is_counted",
    ),
    Control(
        "Voluntary sessions are in no figure of a compliance report",
        "mhtr/probation/reports/reading.py",
        "        if not line.required or not is_within(line.on, inside[line.case_id]):",
        "        if not is_within(line.on, inside[line.case_id]):",
        f"{PAGES}::test_voluntary_sessions_are_in_no_figure",
    ),
    Control(
        "A compliance report as a spreadsheet calculates nothing",
        "mhtr/probation/reports/files.py",
        "[safe_cell(row.get(name, LEFT_OUT)) for name in names]",
        "[row.get(name, LEFT_OUT) for name in names]",
        f"{CONTENT}::test_a_spreadsheet_calculates_nothing",
    ),
    Control(
        "The log of compliance reports is read by those of probation who supervise them",
        "mhtr/probation/reports/log_routes.py",
        '@bp.get("/my-people/released-reports")\n@only(*SUPERVISES)',
        '@bp.get("/my-people/released-reports")\n@only(Role.CLINICAL_LEAD, *SUPERVISES)',
        f"{RELEASES}::test_the_log_is_read_by_those_who_have_him_and_named_by_nobody_else",
    ),
    Control(
        "The file of a released report is opened by whoever supervises everybody in it",
        "mhtr/probation/reports/log_routes.py",
        "    if not found.whole:\n        raise NotFound\n",
        "",
        f"{RELEASES}::test_a_caseload_is_kept_and_opened_by_whoever_has_everybody_in_it",
    ),
    Control(
        "A released report is kept for ever as it left",
        "mhtr/core/guards.py",
        '    "compliance_releases",\n',
        "",
        f"{RELEASES}::test_what_left_is_never_changed_and_what_was_tampered_with_not_shown",
    ),
    Control(
        "What leaves is what the page showed",
        "mhtr/probation/reports/service.py",
        "    if content_hash(to_json(now)) != content_hash(to_json(report)):",
        "    if content_hash(to_json(report)) != content_hash(to_json(report)):",
        f"{RELEASES}::test_facts_that_changed_while_the_page_was_open_are_shown_again",
    ),
    Control(
        "A report goes to no colleague who does not supervise everybody in it",
        "mhtr/probation/reports/service.py",
        '        raise CannotBe(("colleague", NOT_HIS.format(staff.name)))',
        "        pass",
        f"{RELEASES}::test_who_gets_it_can_open_it_and_hears_of_it",
    ),
    Control(
        "Whoever has an earlier version hears that it is issued again",
        "mhtr/probation/reports/telling.py",
        "        if holder != row.by_id:",
        "        if holder is None:",
        f"{RELEASES}::test_whoever_downloaded_an_earlier_version_is_told_once",
    ),
    Control(
        "What is put right after a report left is noticed",
        "mhtr/probation/reports/stored.py",
        "        elif new.says != old.says:",
        "        elif not new.says:",
        f"{RELEASES}::test_what_is_put_right_is_noticed_issued_again_and_told",
    ),
    Control(
        "Who released a report is asked about it when it does not say what is so",
        "mhtr/probation/reports/watching.py",
        "            yield row, [one for one in found if one.wrong]",
        "            yield row, []",
        f"{RELEASES}::test_who_released_it_is_asked_about_what_is_not_so_and_only_while_it_is_not",
    ),
    Control(
        "A mail about a report that leaves says nothing of it",
        "mhtr/probation/reports/telling.py",
        "    called = reference(row.ref)",
        '    called = row.content["title"]',
        f"{RELEASES}::test_the_mail_holds_a_link_and_no_name",
    ),
    Control(
        "A report by time is made once for its occasion, also when two run at once",
        "mhtr/probation/reports/by_time.py",
        "            row.made_for, row.last_id = due, left.id",
        "            row.last_id = left.id",
        f"{BY_TIME}::test_it_is_made_once_and_a_week_that_was_missed_is_made_good_once",
    ),
    Control(
        "A report by time stops when who set it up has the man no more",
        "mhtr/probation/reports/by_time.py",
        "        return _stop(schedule_id, Ended.NOT_HIS)",
        "        return 0",
        f"{BY_TIME}::test_who_has_him_no_more_makes_no_report_and_hears_so",
    ),
    Control(
        "Nobody ends a report by time that somebody else set up",
        "mhtr/probation/reports/schedule_service.py",
        "        ComplianceSchedule.ref == ref, ComplianceSchedule.by_id == by",
        "        ComplianceSchedule.ref == ref",
        f"{BY_TIME}::test_the_page_sets_up_pauses_and_ends_what_is_ones_own",
    ),
    Control(
        "From the console a report holds only men whom that officer supervises",
        "mhtr/probation/reports/console.py",
        "    men = [man for man in men_of(viewer) if man.officer and "
        "man.officer.staff_id == officer.id]",
        "    men = men_of(viewer)",
        f"{CONSOLE}::test_a_seniors_file_holds_his_own_men_alone",
    ),
)
