"""Controls of suitability: the assessment, its signature, and the release of the report."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "Nobody countersigns his own work",
        "mhtr/suitability/countersigning.py",
        "if lead.staff_id in author_ids:",
        "if False:",
        "tests/suitability/test_who_countersigns.py",
    ),
    Control(
        "A countersigner's registration was checked in time",
        "mhtr/suitability/countersigning.py",
        "if today - checked > timedelta(days=policy.check_valid_days):",
        "if False:",
        "tests/suitability/test_who_countersigns.py",
    ),
    Control(
        "No release without his consent to the report",
        "mhtr/suitability/release_content.py",
        "        found.append(NO_CONSENT)\n",
        "        pass\n",
        "tests/suitability/test_release_refused.py",
    ),
    Control(
        "No release without the day and the text of his consent",
        "mhtr/suitability/release_content.py",
        "        against.append(NOT_DATED)\n",
        "        pass\n",
        "tests/suitability/test_consent_asked.py",
    ),
    Control(
        "Consent is recorded with the answer that it stands in",
        "mhtr/suitability/assessment_service.py",
        "    consent_asked.record_answers(case, assessment, section",
        "    (lambda *_, **__: None)(case, assessment, section",
        "tests/suitability/test_consent_asked.py",
    ),
    Control(
        "What is typed as the institution is looked through",
        "mhtr/suitability/release_checks.py",
        '    "institution",\n',
        "",
        "tests/suitability/test_release_page.py::test_what_is_typed_as_the_institution_is_looked_at_on_every_page",
    ),
    Control(
        "Clinical text is found sentence by sentence",
        "mhtr/suitability/release_checks.py",
        "        if len(sentence.split()) >= _SHORTEST_SENTENCE and",
        "        if False and",
        "tests/suitability/test_release_prompts.py",
    ),
    Control(
        "A psychologist is called registered only with a number",
        "mhtr/suitability/psr_paragraph.py",
        '(HCPC {number})" if number else ""',
        '(HCPC {number})"',
        "tests/suitability/test_report_content.py",
    ),
    Control(
        "Nothing is released without a request that stands",
        "mhtr/suitability/release_content.py",
        "[] if request is not None else [",
        "[] if True else [",
        "tests/suitability/test_withdrawn_request.py::test_the_pages_say_that_she_withdrew_and_stay_shut",
    ),
    Control(
        "A withdrawn request leaves no work due",
        "mhtr/suitability/report_work.py",
        "        tasks.withdraw(task, by=by, because=WITHDRAWN)\n",
        "        pass\n",
        "tests/suitability/test_withdrawn_request.py::test_lead_and_assessor_are_told_and_nothing_is_due",
    ),
    Control(
        "A withdrawn request leaves the court's result to the service",
        "mhtr/suitability/date_answering.py",
        "    result_tasks.keep(case, None, by=by)\n",
        "",
        "tests/suitability/test_withdrawn_request.py::test_the_result_is_the_assessors_at_once",
    ),
    Control(
        "The court's result is a named person's",
        "mhtr/suitability/result_tasks.py",
        "            owner_staff_id=owner.staff_id,\n",
        "",
        "tests/suitability/test_result_owner.py::test_where_no_clinician_is_left_an_administrator",
    ),
    Control(
        "The note on the court's result stays on its side of the wall",
        "mhtr/suitability/outcome_rules.py",
        "return side is not None and side == written_on",
        "return True",
        "tests/suitability/test_outcome_note.py",
    ),
    Control(
        "No release before he heard the report: what stands against it",
        "mhtr/suitability/release_content.py",
        "        found.append(NOT_HEARD)\n",
        "        pass\n",
        "tests/suitability/test_release_refused.py::test_other_words_than_were_signed_never_go_out",
    ),
)
