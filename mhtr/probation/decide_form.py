"""The form of a decision on an absence. Nothing in it is preselected."""

from mhtr.compliance.deciding import OFFERED, OPINION_WORDS, Decision
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.standing.facts import Opinion
from mhtr.web.fields import DatePartsField, HiddenField, RadioField, Required, TextAreaField
from mhtr.web.forms import VersionedForm

PRIVATE = "Read by probation only"


class DecideForm(VersionedForm):
    """What probation decides of one session. `version`: how many decisions its page showed."""

    record = HiddenField()
    """The number of the record of the session that its page showed."""
    explanation = HiddenField()
    """The number of the last thing he said of it that its page showed."""
    opinion = RadioField("Your decision", [Required("Select your decision")])
    until = DatePartsField(
        "Until which day may evidence come?", hint="Only where more evidence is wanted"
    )
    notice_why = TextAreaField(
        "Why does the session count, although it is not proven that he was told?",
        max_length=1000,
        rows=3,
        hint=f"Only where you do not accept the absence. {PRIVATE}",
    )
    why = TextAreaField(
        "Your reasons",
        max_length=2000,
        rows=3,
        hint="Needed before his evidence is due, and where an earlier decision is changed. "
        f"{PRIVATE}",
    )

    def offer(self, *, decided: bool, proven: bool) -> None:
        """What can be decided: a decision that was made can also be taken back.

        Args:
            proven: that he was told of the session; then nobody has to say why it counts.
        """
        if proven:
            del self.notice_why
        offered = (*OFFERED, Opinion.TAKEN_BACK) if decided else OFFERED
        self.opinion.set_choices([(one.value, OPINION_WORDS[one]) for one in offered])

    def decision(self) -> Decision:
        """What a valid form says."""
        notice_why = self.notice_why.data if "notice_why" in self else ""
        return Decision(
            Opinion(self.opinion.data or ""), self.until.data, self.why.data, notice_why
        )

    def seen(self) -> Seen:
        """What its page showed; numbers that are never current for nonsense."""
        record, said = (
            int(field.data) if field.data.isdigit() else -1
            for field in (self.record, self.explanation)
        )
        return Seen(record, self.read_version, said)
