"""Controls of the disclosure wall: one table, used and enforced."""

from tests.faults.controls.control import Control

ITEMS = "tests/wall/test_items.py"

CONTROLS = (
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
