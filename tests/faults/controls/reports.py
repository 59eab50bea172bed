"""Controls of compliance reports."""

from tests.faults.controls.control import Control

CONTENT = "tests/probation/reports/test_report_content.py"
PAGES = "tests/probation/reports/test_report_pages.py"
CONSOLE = "tests/test_cli_report.py"

CONTROLS = (
    Control(
        "A compliance report holds only what its list names",
        "mhtr/probation/reports/content.py",
        "    return {one.item: _SAYS[one.item](man) for one in LISTED}",
        "    return {item: _SAYS[item](man) for item in Item}",
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
        "    for row in called_off_of(ids):",
        "    for row in called_off_of([]):",
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
        "[safe_cell(row[name]) for name in names]",
        "[row[name] for name in names]",
        f"{CONTENT}::test_a_spreadsheet_calculates_nothing",
    ),
    Control(
        "A compliance report is opened by those of probation who supervise him",
        "mhtr/probation/reports/routes.py",
        '@bp.get("/cases/<uuid:case_ref>/compliance-report.json", defaults={"ending": "json"})\n'
        "@only(*SUPERVISES)",
        '@bp.get("/cases/<uuid:case_ref>/compliance-report.json", defaults={"ending": "json"})\n'
        "@only(Role.CLINICAL_LEAD, *SUPERVISES)",
        f"{PAGES}::test_nobody_else_opens_it",
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
