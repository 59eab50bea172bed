"""Controls of cases: who finds one, and what may happen to it."""

from tests.faults.controls.control import Control

CONTROLS = (
    Control(
        "A case is found only through a grant for a purpose of the page",
        "mhtr/cases/queries.py",
        "    if not held.intersection(purposes):\n        raise NotFound\n",
        "    if not held:\n        raise NotFound\n",
        "tests/fitness/test_matrix.py",
    ),
    Control(
        "What was read is audited",
        "mhtr/cases/queries.py",
        '    shows("case", case.id, case_id=case.id)\n',
        "",
        "tests/cases/test_break_glass_review.py::test_the_review_shows_what_was_looked_at",
    ),
    Control(
        "Emergency access never crosses the wall",
        "mhtr/cases/break_glass_service.py",
        "        and not held & PROBATION_ROLES\n",
        "",
        "tests/cases/test_break_glass.py",
    ),
    Control(
        "Emergency access is for treating trusts only",
        "mhtr/cases/break_glass_service.py",
        "        and staff.organisation.kind is OrganisationKind.TREATING_TRUST\n",
        "",
        "tests/cases/test_break_glass.py",
    ),
    Control(
        "No release before he heard the report: the rule",
        "mhtr/cases/steps.py",
        "    if not account.heard:\n",
        "    if False:\n",
        "tests/cases/test_rules_of_reports.py::test_no_release_before_countersignature_or_before_he_heard_it",
    ),
    Control(
        "Every privacy officer is told of emergency access",
        "mhtr/cases/break_glass_service.py",
        "    for officer in officers:\n",
        "    for officer in officers[:1]:\n",
        "tests/cases/test_break_glass_review.py::test_every_privacy_officer_is_told",
    ),
    Control(
        "What is typed for a restricted record opens it to nobody",
        "mhtr/cases/past_access.py",
        "        held = held.where(Grant.by_name)\n",
        "        pass\n",
        "tests/suitability/test_unsaved_measures.py"
        "::test_who_may_not_open_a_restricted_record_opens_nothing_on_it",
    ),
)
