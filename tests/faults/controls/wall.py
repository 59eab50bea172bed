"""Controls of the disclosure wall: one table, used and enforced."""

from tests.faults.controls.control import Control

ITEMS = "tests/wall/test_items.py"

RULES = "tests/wall/test_agreement_rules.py"
AGREED = "tests/wall/test_agreements.py"

CONTROLS = (
    Control(
        "What the law needs is in every compliance report, and what never passes in none",
        "mhtr/wall/agreement_rules.py",
        "        if (agreed.get(one.key, by_default(one)) if may_change(one) else by_default(one))",
        "        if agreed.get(one.key, by_default(one))",
        f"{RULES}::test_whatever_is_agreed_what_the_law_needs_is_in_and_what_never_passes_out",
    ),
    Control(
        "Nobody proposes to leave out of reports what the law needs",
        "mhtr/wall/agreement_rules.py",
        "    elif row.in_reports is InReports.ALWAYS:",
        "    elif row is None:",
        f"{RULES}::test_no_such_change_is_ever_taken",
    ),
    Control(
        "An agreement holds only once the other side has signed it",
        "mhtr/wall/agreement_queries.py",
        "    .where(AgreementAnswer.answer == Answer.SIGNED)\n",
        "",
        f"{AGREED}::test_it_holds_from_its_day_on_and_is_undone_by_a_new_change",
    ),
    Control(
        "An agreement is signed by one of each side",
        "mhtr/wall/agreement_rules.py",
        "    elif side is proposer_side:",
        "    elif False:",
        f"{AGREED}::test_nothing_changes_until_the_other_side_signs",
    ),
    Control(
        "An agreement of another trust is nobody's to change",
        "mhtr/wall/agreement_rules.py",
        "    if own_trust and {*OF_TRUST} & {*roles}:",
        "    if {*OF_TRUST} & {*roles}:",
        f"{RULES}::test_for_whom_somebody_speaks",
    ),
    Control(
        "A man is reported on as the trust that treats him agreed",
        "mhtr/probation/reports/reading.py",
        "                terms=terms[row.case_id],\n",
        "",
        f"{AGREED}::test_every_report_follows_and_a_release_keeps_by_which_version_it_left",
    ),
    Control(
        "What the wall holds back is in no released report",
        "mhtr/suitability/release_service.py",
        "        raise Refused(HELD_BACK)",
        "        pass",
        "tests/suitability/test_release_service.py::test_what_the_wall_holds_back_is_not_released",
    ),
    Control(
        "Nothing of therapy crosses the wall",
        "mhtr/wall/stays.py",
        "_CARED = Seen(clinicians=YES)",
        "_CARED = Seen(clinicians=YES, officer=YES)",
        f"{ITEMS}::test_no_therapy_crosses",
    ),
    Control(
        "Probation's decisions and papers do not cross the wall",
        "mhtr/wall/from_probation.py",
        "        seen=Seen(officer=YES, senior=YES),\n",
        "        seen=Seen(officer=YES, senior=YES, clinicians=YES),\n",
        f"{ITEMS}::test_no_breach_paper_crosses",
    ),
    Control(
        "What goes because of the order is told, and taking consent back does not stop it",
        "mhtr/wall/kinds.py",
        "        return self.basis is Basis.CONSENT",
        "        return self.basis is not Basis.OWN",
        f"{ITEMS}::test_what_a_row_may_say",
    ),
    Control(
        "What he is told, not asked, is everything that goes because of the order",
        "mhtr/people/consent_wording.py",
        "_BEFORE, tuple(one.told for one in told_not_asked()), _AFTER)",
        "_BEFORE, tuple(one.told for one in told_not_asked()[:3]), _AFTER)",
        f"{ITEMS}::test_what_he_is_told_is_made_of_the_rows",
    ),
    Control(
        "Every column that can hold words is looked for on the other side of the wall",
        "mhtr/compliance/enforcement_models.py",
        '    requirement: Mapped[str] = mapped_column(String(120), default="")\n',
        '    requirement: Mapped[str] = mapped_column(String(120), default="")\n'
        '    remark: Mapped[str] = mapped_column(String(120), default="")\n',
        "tests/fitness/test_canaries.py::test_every_column_of_words_is_planted_or_says_why_not",
    ),
    Control(
        "A form that is refused shows nothing that its sender may not read",
        "mhtr/compliance/explanation_page.py",
        'for_clinicians=(row.for_clinicians or "") if clinician else "",',
        'for_clinicians=row.for_clinicians or "",',
        "tests/fitness/test_canaries.py"
        "::test_what_a_form_answers_holds_only_what_its_sender_may_read",
    ),
)
