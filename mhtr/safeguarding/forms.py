"""Forms of safeguarding referrals."""

from typing import Any

from mhtr.core import clock
from mhtr.safeguarding import rules
from mhtr.safeguarding.kinds import (
    AGREED_WORDS,
    KIND_WORDS,
    KNOWS_WORDS,
    STEP_WORDS,
    Agreed,
    Kind,
    Knows,
    StepKind,
)
from mhtr.safeguarding.models import SafeguardingVersion
from mhtr.safeguarding.rules import LONGEST, Said
from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    InPast,
    RadioField,
    Required,
    RevealedBy,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form


class ReferralForm(Form):
    """What a referral says."""

    kind = RadioField(
        "Who is at risk?",
        [Required(rules.NO_KIND)],
        choices=[(one.value, words) for one, words in KIND_WORDS.items()],
    )
    about = TextAreaField(
        "Who is it, and how does he know them?",
        [Required(rules.NO_ABOUT)],
        max_length=LONGEST,
        rows=4,
        hint="Name, age or date of birth, address, who cares for them. If it is he himself, say so",
    )
    authority = TextField(
        "To which local authority does it go?",
        [Required(rules.NO_AUTHORITY)],
        max_length=160,
        hint="That of the address of whoever is at risk, which may be another than his own",
    )
    sent_how = TextField(
        "How does it go there?",
        [Required(rules.NO_SENT)],
        max_length=300,
        hint="For example: their secure e-mail or online form, and whom you rang. The program "
        "sends nothing by itself",
    )
    concern = TextAreaField(
        "What is the concern?",
        [Required(rules.NO_CONCERN)],
        max_length=LONGEST,
        rows=6,
        hint="What was seen or said, when and by whom, in their words where you can",
    )
    done = TextAreaField(
        "What was done so far?",
        [Required(rules.NO_DONE)],
        max_length=LONGEST,
        rows=4,
        hint="To make them safe now; whom you spoke with; advice you took",
    )
    agreed = RadioField(
        "Did they agree to it?",
        [Required(rules.NO_AGREED)],
        choices=[(one.value, words) for one, words in AGREED_WORDS.items()],
        hint="Of a child: who has parental responsibility",
    )
    override_why = TextAreaField(
        "Why is it made without agreement?",
        [RevealedBy("agreed", Agreed.NO.value, Agreed.NOT_ASKED.value, message=rules.NO_OVERRIDE)],
        max_length=LONGEST,
        rows=3,
        hint="Only where they did not agree, or were not asked",
    )
    knows = RadioField(
        "Does he know that it is made?",
        [Required(rules.NO_KNOWS)],
        choices=[(one.value, words) for one, words in KNOWS_WORDS.items()],
    )
    not_told_why = TextAreaField(
        "Why was he not told?",
        [RevealedBy("knows", Knows.NOT_TOLD.value, message=rules.NO_NOT_TOLD)],
        max_length=LONGEST,
        rows=3,
    )

    def said(self) -> Said:
        """What a valid form says."""
        return Said(
            kind=Kind(self.kind.data or ""),
            authority=self.authority.data or "",
            sent_how=self.sent_how.data or "",
            about=self.about.data,
            concern=self.concern.data,
            done=self.done.data,
            agreed=Agreed(self.agreed.data or ""),
            override_why=self.override_why.data or "",
            knows=Knows(self.knows.data or ""),
            not_told_why=self.not_told_why.data or "",
        )


class CorrectForm(ReferralForm):
    """A referral is put right."""

    seen = HiddenField()
    """The number of the version that was read."""
    why = TextAreaField(
        "Why is it put right?",
        [Required(rules.NO_WHY)],
        max_length=1000,
        rows=2,
        hint="Read by clinicians of the service alone. The new version goes to the authority anew",
    )


class StepForm(Form):
    """What became of a referral."""

    seen = HiddenField()
    kind = RadioField("What happened?", [Required("Select what happened")])
    on = DatePartsField(
        "On which day?",
        [Required(rules.NO_DAY), InPast(clock.today, or_today=True, message=rules.NOT_YET)],
        error_name="the day",
    )
    words = TextAreaField(
        "What is to be known of it?",
        [Required("Say what is to be known of it")],
        max_length=LONGEST,
        rows=3,
        hint="Who told it and any reference; what the authority decided; why nothing more is "
        "needed; or what was wrong",
    )

    def offer(self, kinds: tuple[StepKind, ...], seen: str) -> None:
        """Let one of these be recorded."""
        self.kind.set_choices([(one.value, STEP_WORDS[one]) for one in kinds])
        self.seen.carry(seen)


def typed_from(row: SafeguardingVersion) -> dict[str, Any]:
    """What a form begins with, of a version that is put right."""
    return {
        "kind": row.kind.value,
        "authority": row.authority,
        "sent_how": row.sent_how,
        "about": row.about,
        "concern": row.concern,
        "done": row.done,
        "agreed": row.agreed.value,
        "override_why": row.override_why or "",
        "knows": row.knows.value,
        "not_told_why": row.not_told_why or "",
    }
