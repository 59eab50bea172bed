"""The forms about a man who may have records in two trusts."""

from mhtr.cases.answering import DIFFERENT, SAME
from mhtr.cases.identity_queries import Question
from mhtr.web.fields import Choice, RadioField, Required, RevealedBy, TextAreaField
from mhtr.web.forms import Form

TAKE_BACK = "take_back"
UNDECIDED = "undecided"
OUR_NAME, THEIR_NAME = "own", "other"
WRITE_NOTHING = (
    "The other trust reads this. Say how you know, and write nothing of his health, his address "
    "or how he is reached."
)


class AcrossForm(Form):
    """The answer of one side to a question about records of two trusts."""

    answer = RadioField("Are they the same man?", [Required()])
    name = RadioField(
        "Whose name and birth date hold, if they differ?",
        [RevealedBy("answer", SAME, message="Select whose name and birth date hold")],
        choices=[
            Choice(OUR_NAME, "Those of our record"),
            Choice(THEIR_NAME, "Those of the other trust's record"),
            Choice(
                UNDECIDED,
                "I do not know",
                hint="Then those of the record with an NHS number, or of the older one",
            ),
        ],
        hint="What you choose counts where the other trust chooses the same",
    )
    reason = TextAreaField(
        "How do you know?",
        [RevealedBy("answer", SAME, message="Say how you know that they are one man")],
        max_length=500,
        rows=3,
        hint=WRITE_NOTHING,
    )

    why_two = TextAreaField(
        "How do you know that they are two men?",
        [RevealedBy("answer", DIFFERENT, message="Say how you know that they are two men")],
        max_length=500,
        rows=3,
        hint=WRITE_NOTHING,
    )

    def offer(self, *, proposed: bool, own_side: bool, mine: bool, agree: bool = False) -> None:
        """Offer the answers that are the viewer's to give now.

        Args:
            agree: name and birth date of the two records are the same: there is none to choose.
        """
        hint = "It is remembered, and asked again only if somebody takes it back"
        two = Choice(DIFFERENT, "No, two men", hint=hint)
        if proposed and own_side:
            back = [Choice(TAKE_BACK, "Take it back: I am no longer sure")] if mine else []
            self.answer.set_choices([*back, two])
            del self["name"]
            del self["reason"]
            return
        words = "Yes, one man: I confirm it" if proposed else "Yes, one man: ask the other trust"
        self.answer.set_choices([Choice(SAME, words), two])
        if proposed:
            del self["reason"]
        if agree:
            del self["name"]

    def name_of(self, question: Question) -> int | None:
        """The record whose name and birth date were chosen."""
        chosen = {OUR_NAME: question.own.id, THEIR_NAME: question.other.id}
        return chosen.get(self.name.data or "") if "name" in self else None


class ApartForm(Form):
    """Linked records that are of two men after all: said by one side, then the other."""

    answer = RadioField("Are they two men?", [Required()])
    reason = TextAreaField(
        "Why are they not one man?",
        [RevealedBy("answer", DIFFERENT, message="Say why they are not one man")],
        max_length=500,
        rows=3,
        hint=WRITE_NOTHING,
    )

    def offer(self, *, proposed: bool, own_side: bool, mine: bool, together: bool) -> None:
        """Offer the answers that are the viewer's to give now.

        Args:
            together: one trust has both records by now, and a colleague is the other side.
        """
        keep = Choice(SAME, "No, they are one man: leave it as it is")
        if not proposed:
            whom = "a colleague" if together else "the other trust"
            self.answer.set_choices([Choice(DIFFERENT, f"Yes, two men: ask {whom}"), keep])
            return
        del self["reason"]
        if not own_side:
            self.answer.set_choices([Choice(DIFFERENT, "Yes, two men: I confirm it"), keep])
        elif mine:
            self.answer.set_choices([Choice(SAME, "Take it back: they are one man")])
        else:
            self.answer.set_choices([keep])
