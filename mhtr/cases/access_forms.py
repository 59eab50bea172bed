"""Shape of the forms that decide who may see a record."""

from mhtr.web.fields import CheckboxesField, EmailField, HiddenField, Required, TextAreaField
from mhtr.web.forms import Form


class RestrictForm(Form):
    """Restricting a record to named staff."""

    staff = CheckboxesField(
        "Who goes on seeing it?",
        hint="Those named in person above keep their access.",
        error_name="who goes on seeing it",
    )
    reason = TextAreaField(
        "Why is it restricted?", [Required("Say why the record is restricted")], max_length=1000
    )
    version = HiddenField()


class LiftForm(Form):
    """Lifting a restriction."""

    reason = TextAreaField(
        "Why is the restriction lifted?",
        [Required("Say why the restriction is lifted")],
        max_length=1000,
    )
    version = HiddenField()


class ExcludeForm(Form):
    """Shutting a member of staff out."""

    username = EmailField("Work email address of the member of staff", [Required()])
    reason = TextAreaField(
        "Why must he or she not see the record?",
        [Required("Say why he or she must not see the record")],
        max_length=500,
        hint="For example family, or a conflict of interest. The person is not told.",
    )
