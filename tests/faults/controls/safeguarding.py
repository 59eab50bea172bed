"""Controls of safeguarding referrals and of incident records."""

from tests.faults.controls.control import Control

MADE = "tests/safeguarding/test_referrals.py"
INCIDENTS = "tests/safeguarding/test_incidents.py"
INCIDENT_RULES = "tests/safeguarding/test_incident_rules.py"
RULES = "tests/safeguarding/test_rules.py"

CONTROLS = (
    Control(
        "A safeguarding referral has a follow-up by name until it is acknowledged",
        "mhtr/safeguarding/service.py",
        '    _follow_up(row, f"{row.id}:1", by)\n',
        "",
        f"{MADE}::test_somebody_by_name_follows_it_up_until_it_is_acknowledged",
    ),
    Control(
        "A safeguarding referral that is put right waits to be acknowledged anew",
        "mhtr/safeguarding/queries.py",
        "if one.row.version == number]",
        "if number]",
        f"{MADE}::test_somebody_by_name_follows_it_up_until_it_is_acknowledged",
    ),
    Control(
        "A safeguarding referral without agreement says why",
        "mhtr/safeguarding/rules.py",
        "    if said.agreed is not Agreed.YES:",
        "    if said.agreed is None:",
        f"{RULES}::test_what_it_must_say",
    ),
    Control(
        "Only a clinician who may see him makes a safeguarding referral",
        "mhtr/safeguarding/clinician.py",
        "    if not stands(viewer_of(who), case.id, Purpose.CLINICAL):\n        raise NotFound\n",
        "",
        f"{MADE}::test_who_makes_one_and_nothing_of_it_is_ever_changed",
    ),
    Control(
        "What a safeguarding referral said is never changed",
        "mhtr/core/guards.py",
        '    "safeguarding_versions",\n',
        "",
        f"{MADE}::test_who_makes_one_and_nothing_of_it_is_ever_changed",
    ),
    Control(
        "Nobody but clinicians reads a safeguarding referral",
        "mhtr/safeguarding/routes.py",
        '@bp.get(f"{BASE}/<uuid:safeguarding_ref>.pdf")\n@only(*CLINICAL_ROLES)',
        '@bp.get(f"{BASE}/<uuid:safeguarding_ref>.pdf")\n@only(*CLINICAL_ROLES, "probation")',
        "tests/fitness/test_wall.py::test_what_a_side_is_shown_is_what_its_row_says",
    ),
    Control(
        "Nobody reviews an incident that he wrote himself",
        "mhtr/safeguarding/incident_rules.py",
        "    if by in writers:\n        return (NOT_HIS_OWN,)\n",
        "",
        f"{INCIDENTS}::test_a_lead_who_did_not_write_it_closes_it",
    ),
    Control(
        "Only a clinical lead closes an incident",
        "mhtr/safeguarding/incident_rules.py",
        "    if not is_lead:\n        return (LEAD_ONLY,)\n",
        "",
        f"{INCIDENTS}::test_a_lead_who_did_not_write_it_closes_it",
    ),
    Control(
        "Moderate harm to him is never recorded without the duty of candour",
        "mhtr/safeguarding/incident_rules.py",
        "    return harmed is Harmed.HE and harm in NOTIFIABLE",
        "    return False",
        f"{INCIDENT_RULES}::test_what_it_must_say",
    ),
    Control(
        "An incident is not closed while the duty of candour is still to be done",
        "mhtr/safeguarding/incident_rules.py",
        "    if state is State.WAITS and candour is Candour.TO_DO:",
        "    if False:",
        f"{INCIDENTS}::test_a_lead_who_did_not_write_it_closes_it",
    ),
    Control(
        "A lead's list of incidents holds only men whom he may see",
        "mhtr/safeguarding/incident_queries.py",
        "        .where(visible(viewer, Case.id, Case.restricted, Purpose.CLINICAL))\n",
        "",
        f"{INCIDENTS}::test_a_list_holds_only_whom_he_may_see",
    ),
)
