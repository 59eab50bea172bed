"""Shape of the forms about staff, organisations and teams."""

from mhtr.accounts.models import OrganisationKind
from mhtr.core import clock
from mhtr.core.access import ROLE_LABELS
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    EmailField,
    HiddenField,
    InPast,
    NameField,
    Pattern,
    Required,
    SelectField,
    TextField,
)
from mhtr.web.forms import FilterForm, Form

KIND_WORDS = {
    OrganisationKind.TREATING_TRUST: "Treating trust",
    OrganisationKind.PROBATION_UNIT: "Probation delivery unit",
    OrganisationKind.COURT_TEAM: "Court probation team",
    OrganisationKind.LD_TEAM: "Liaison and Diversion team",
    OrganisationKind.LINK_WORKERS: "Community link workers",
    OrganisationKind.COMMISSIONER: "Commissioner",
}
ROLE_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items()]
STATES = [("active", "Can sign in"), ("disabled", "Disabled"), ("all", "Everybody")]


class StaffFilter(FilterForm):
    """Search and filters of the staff list."""

    text = TextField("Name or email address", optional=False, width=20)
    organisation = SelectField("Organisation", prompt="Any", optional=False)
    role = SelectField("Role", prompt="Any", choices=ROLE_CHOICES, optional=False)
    state = SelectField(
        "Show", prompt="Can sign in", choices=STATES[1:], optional=False, error_name="show"
    )


class StaffForm(Form):
    """Who somebody is and what he may do."""

    name = NameField("Full name", [Required()], max_length=120)
    username = EmailField(
        "Work email address", [Required()], max_length=120, hint="The name to sign in with."
    )
    job_title = TextField("Job title", max_length=120)
    roles = CheckboxesField("Roles", [Required("Select at least one role")])
    teams = CheckboxesField("Teams")
    hcpc_number = TextField(
        "HCPC registration number",
        [Pattern(r"[A-Z]{2,3}[0-9]{4,6}", "Enter an HCPC number like PYL012345")],
        width=10,
        hint="Practitioner psychologists only, for example PYL012345. Needed to countersign.",
    )
    hcpc_checked_on = DatePartsField(
        "Date the HCPC register was looked up", [InPast(clock.today, or_today=True)]
    )
    gmc_number = TextField(
        "GMC reference number",
        [Pattern(r"[0-9]{7}", "Enter a GMC number of seven digits, like 7000001")],
        width=10,
        hint="Doctors only, seven digits. Needed to report on treatment that an order puts under "
        "their direction.",
    )
    gmc_checked_on = DatePartsField(
        "Date the GMC register was looked up", [InPast(clock.today, or_today=True)]
    )
    version = HiddenField()


class ConfirmRoleForm(Form):
    """What a second person vouches for."""

    spoken = CheckboxField(
        "I have spoken with this person, who does this work here and set up the sign-in alone",
        [Required("Confirm that you have spoken with this person")],
    )


class OrganisationEdit(Form):
    """How an organisation is called and reached."""

    name = NameField("Name", [Required()], max_length=160)
    ods_code = TextField("ODS code", max_length=10, width=5, hint="Trusts only, for example RV5.")
    area = TextField("Area of London", max_length=40, hint="Used to allocate referrals.")
    mailbox = EmailField("Duty mailbox", max_length=200)
    version = HiddenField()


class OrganisationForm(OrganisationEdit):
    """A new organisation. Its kind is chosen once: the disclosure wall hangs on it."""

    kind = SelectField(
        "Kind", [Required()], choices=[(kind.value, words) for kind, words in KIND_WORDS.items()]
    )


class TeamForm(Form):
    """A team's name."""

    name = NameField("Name of the team", [Required()], max_length=120)
