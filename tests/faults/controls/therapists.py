"""Controls of a change of therapist: nobody changes one alone; probation reads none of it."""

from tests.faults.controls.control import Control

_RULES = "tests/sessions/therapists/test_rules.py"
_SERVICE = "tests/sessions/therapists/test_service.py"
_PAGES = "tests/sessions/therapists/test_pages.py"

CONTROLS = (
    Control(
        "After the first session nobody changes a therapist alone",
        "sessions/courses/therapist_service.py",
        "    if is_fixed(course):\n",
        "    if False:\n",
        f"{_SERVICE}::test_after_the_first_session_nobody_changes_it_alone",
    ),
    Control(
        "A therapist changes only when the therapist, a lead and he agreed",
        "sessions/therapists/service.py",
        "    if not rules.everybody_agreed(queries.given(queries.answers_of(change.id))):\n",
        "    if False:\n",
        f"{_SERVICE}::test_the_therapist_changes_with_the_last_agreement",
    ),
    Control(
        "Only the therapist's own answer can be left out, and only where he or she is not there",
        "sessions/therapists/rules.py",
        "    return agreed | (not_there & {Party.THERAPIST}) == set(Party)\n",
        "    return agreed | not_there == set(Party)\n",
        f"{_RULES}::test_everybody_has_to_agree",
    ),
    Control(
        "Nobody records of a therapist who is there that he or she is not",
        "sessions/therapists/rules.py",
        "    if absence is None:\n",
        "    if False:\n",
        f"{_SERVICE}::test_a_short_leave_is_waited_for",
    ),
    Control(
        "A therapist who is a lead needs a second lead where there is one",
        "sessions/therapists/rules.py",
        "    return (SECOND_LEAD,) if who.staff_id == therapist_id and other_leads else ()\n",
        "    return ()\n",
        f"{_SERVICE}::test_a_therapist_who_is_a_lead_needs_a_second_one",
    ),
    Control(
        "Nobody answers a proposed change in two roles: the database refuses",
        "mhtr/migrations/versions/0048_changes_of_therapist.py",
        '        ["change_id", "by_id"],\n        unique=True,\n',
        '        ["change_id", "by_id"],\n        unique=False,\n',
        f"{_SERVICE}::test_nobody_answers_in_two_roles_whatever_writes",
    ),
    Control(
        "Only a lead whose registration was checked in time answers as lead",
        "sessions/therapists/rules.py",
        "    if not (who.of_trust and who.lead and who.registered):\n",
        "    if not (who.of_trust and who.lead):\n",
        f"{_SERVICE}::test_only_a_registered_lead_answers",
    ),
    Control(
        "What was answered to a proposed change is never changed: the database refuses",
        "mhtr/core/guards.py",
        '    "therapist_answers",\n',
        "",
        f"{_SERVICE}::test_answers_cannot_be_changed",
    ),
    Control(
        "A new therapist delivers what he needs and is of the gender he asked for",
        "sessions/therapists/service.py",
        "    if against := against_new(case, course, said.to_id):\n",
        "    if against := ():\n",
        f"{_SERVICE}::test_who_may_not_become_his_therapist",
    ),
    Control(
        "Whoever is kept from his record does not become his therapist, however late",
        "sessions/therapists/service.py",
        "    if against := against_new(case, course, change.to_id):\n",
        "    if against := ():\n",
        f"{_SERVICE}::test_who_is_kept_from_his_record_does_not_become_his_therapist",
    ),
    Control(
        "Once the first session was held nobody but his therapist is booked",
        "sessions/booking/finding.py",
        "    if wanted.only_id not in (None, clinician.staff_id):\n",
        "    if False:\n",
        f"{_SERVICE}::test_nobody_else_is_booked_once_the_first_session_was_held",
    ),
    Control(
        "Why another therapist is proposed is read by clinicians only",
        "sessions/therapists/page.py",
        "    if clinical:\n        facts.append",
        "    if True:\n        facts.append",
        f"{_PAGES}::test_an_administrator_proposes_and_reads_no_reason",
    ),
    Control(
        "Probation finds no proposed change",
        "sessions/therapists/queries.py",
        "PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)\n",
        "PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.SUPERVISION)\n",
        f"{_PAGES}::test_probation_finds_none_whatever_the_page",
    ),
    Control(
        "A proposed change of another trust's man is not found",
        "sessions/therapists/queries.py",
        "    return find_case(viewer, case_ref, *(purposes or PURPOSES)), row\n",
        "    return db.session.get_one(Case, row.case_id), row\n",
        f"{_PAGES}::test_another_trust_finds_nothing",
    ),
)
