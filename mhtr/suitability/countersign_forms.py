"""Forms of the countersignature. Shape only."""

from mhtr.suitability.countersign_rules import PLACES, Place
from mhtr.web.fields import HiddenField, SelectField, TextAreaField
from mhtr.web.forms import Form, VersionedForm


class RequestForm(VersionedForm):
    """Whom to ask; anybody unless a lead is named."""

    lead = SelectField("Clinical lead", prompt="Any clinical lead", optional=False)


class DecisionForm(Form):
    """Sign, or return with comments. The comments' fields are named after what they are about."""

    content_hash = HiddenField()
    request_ref = HiddenField()

    def comments(self) -> dict[Place, str]:
        """What was typed, by what it is about."""
        return {place: self[f"comment_{place.value}"].data or "" for place in PLACES}

    def kept(self) -> list[tuple[str, str]]:
        """Comments that were typed and not recorded, each with what it is about."""
        return [
            (PLACES[place], text.strip()) for place, text in self.comments().items() if text.strip()
        ]


for _place, _name in PLACES.items():
    setattr(
        DecisionForm,
        f"comment_{_place.value}",
        TextAreaField(_name, rows=2, max_length=2000, optional=False),
    )
