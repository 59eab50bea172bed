"""Find a person. Sent by POST, so that no name and no number stands in an address."""

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.cases.report_due import Countdowns
from mhtr.cases.routes import bp, settings
from mhtr.cases.search import MOST, Found, find_people
from mhtr.cases.standing_words import outside_state, state_colour, state_text
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.web import navigation
from mhtr.web.fields import DatePartsField, InPast, TextField
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.reads import shows

SEARCHERS = (*sorted(CLINICAL_ROLES), Role.ADMINISTRATOR)

navigation.add_main(30, "Find a person", "people.search", *SEARCHERS)


class SearchForm(Form):
    """What is known of him."""

    text = TextField(
        "Name, NHS number or CRN",
        max_length=80,
        optional=False,
        width=30,
        hint="Or the reference that a mail to probation names him by, such as 1A2B 3C4D 5E6F",
    )
    born = DatePartsField("Date of birth", [InPast(clock.today)])


@bp.route("/people", methods=["GET", "POST"])
@only(*SEARCHERS)
def search() -> str | tuple[str, int]:
    """Look among the cases this viewer may see. Nothing is written but who looked."""
    viewer = current_viewer()
    form = SearchForm()
    found: list[Found] = []
    more = False
    if form.is_submitted():
        if form.validate() and not (form.text.data or form.born.data):
            form.refuse("Enter a name, a number or a date of birth", field="text")
        if form.errors:
            return _page(form, [], False), 422
        found, more = find_people(viewer, form.text.data, form.born.data, settings())
        shows("person", *(row.person.id for row in found))
    return _page(form, found, more)


def _page(form: SearchForm, found: list[Found], more: bool) -> str:
    clinical = Purpose.CLINICAL in current_viewer().purposes
    return render_template(
        "people/search.html",
        form=form,
        found=found,
        more=more,
        most=MOST,
        report_left=Countdowns().of,
        asked=form.is_submitted() and not form.errors,
        state_text=state_text,
        state_colour=state_colour,
        state_of=lambda case: case.state if clinical else outside_state(case.state),
    )
