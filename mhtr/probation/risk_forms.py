"""Forms of the risk of which clinicians tell probation."""

import hashlib

from mhtr.probation.risk_models import RiskStatement
from mhtr.probation.risk_rules import (
    BASIS_WORDS,
    LONGEST,
    NO_APPROVER,
    NO_BASIS,
    NO_NOT_TOLD,
    NO_TOLD,
    NO_WHY,
    NO_WORDS,
    Basis,
    Said,
    ToldHim,
)
from mhtr.probation.risk_service import WHY_BACK
from mhtr.web.fields import (
    CheckboxField,
    HiddenField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
)
from mhtr.web.forms import Form


class RiskForm(Form):
    """What probation is told, on what basis, and whether he knows."""

    words = TextAreaField(
        "What must probation know?",
        [Required(NO_WORDS)],
        max_length=LONGEST,
        rows=6,
        hint="Probation reads exactly these words and nothing else. Say what could happen, to whom "
        "and when, and what you ask of them. No diagnosis, no score, nothing of what he talks "
        "about that is not needed",
    )
    urgent = CheckboxField(
        "It is urgent",
        hint="To be acknowledged within the hour. If somebody is in danger now, ring 999 first, "
        "then telephone probation",
    )
    basis = RadioField(
        "On what basis do you tell it?",
        [Required(NO_BASIS)],
        choices=[(one.value, words) for one, words in BASIS_WORDS.items()],
    )
    why = TextAreaField(
        "Why is it told without his agreement?",
        [RevealedBy("basis", Basis.EXCEPTION.value, message=NO_WHY)],
        max_length=LONGEST,
        rows=4,
        hint="Only clinicians read this",
    )
    approver = SelectField(
        "Which clinical lead approved it?",
        [RevealedBy("basis", Basis.EXCEPTION.value, message=NO_APPROVER)],
        hint="Speak with them first. They are told that this is on record",
    )
    told_him = RadioField(
        "Does he know that you tell probation?",
        [Required(NO_TOLD)],
        choices=[
            (ToldHim.TOLD.value, "Yes, he was told"),
            (ToldHim.NOT_TOLD.value, "No, he was not told"),
        ],
    )
    not_told_why = TextAreaField(
        "Why was he not told?",
        [RevealedBy("told_him", ToldHim.NOT_TOLD.value, message=NO_NOT_TOLD)],
        max_length=LONGEST,
        rows=3,
        hint="Only clinicians read this",
    )
    seen = HiddenField()

    def offer(self, approvers: list[tuple[int, str, str]]) -> None:
        """Let one of these approve it: key, reference and name of each."""
        self._keys = {ref: key for key, ref, _ in approvers}
        self.approver.set_choices([(ref, name) for _, ref, name in approvers])

    def said(self) -> Said:
        """What a valid form says."""
        return Said(
            words=self.words.data,
            urgent=self.urgent.data,
            basis=Basis(self.basis.data or ""),
            told_him=ToldHim(self.told_him.data or ""),
            why=self.why.data,
            approver_id=self._keys.get(self.approver.data or ""),
            not_told_why=self.not_told_why.data,
        )

    def previewed(self) -> bool:
        """Whether the page showed exactly what probation would read; it is carried if not."""
        mark = _mark(self.said())
        if self.seen.data == mark:
            return True
        self.seen.carry(mark)
        return False


class RiskBackForm(Form):
    """What probation was told is taken back."""

    why = TextAreaField(
        "Why is it taken back?",
        [Required(WHY_BACK)],
        max_length=500,
        rows=3,
        hint="Probation reads this too",
    )


def told_data(row: RiskStatement) -> dict[str, object]:
    """What was told, as the form is filled in to say it anew. Its basis is asked again."""
    return {"words": row.words, "urgent": row.urgent}


def _mark(said: Said) -> str:
    """What probation would read of it, so that nothing else is sent than was shown."""
    read = repr((said.words.strip(), said.urgent, said.basis.value, said.told_him.value))
    return hashlib.sha256(read.encode()).hexdigest()[:32]
