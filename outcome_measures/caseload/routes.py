"""My people and their scores: filtered by GET, sorted, in pages, printable."""

from uuid import UUID

from flask import render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.core.access import CLINICAL_ROLES, Role, Viewer
from mhtr.web import navigation
from mhtr.web.fields import SelectField
from mhtr.web.forms import FilterForm
from mhtr.web.gate import only
from mhtr.web.paging import page_from, page_number, sort_asked, sort_links
from mhtr.web.reads import shows
from outcome_measures.blueprint import bp
from outcome_measures.caseload.queries import MOST_BY_SCORE, SORTS, Wanted, rows, too_many

# Who supervises finds it beside the worklists.
navigation.add_main(16, "Caseload", "measures.caseload", Role.ASSESSOR)

SIZE = 25
"""Men on a page: two lines each, so fifty in all."""
STAND_IN = UUID(int=0)
"""In an address, where each man's own reference goes."""
ME, EVERYBODY = ("me", "My people"), ("all", "Everybody I may see")


class CaseloadForm(FilterForm):
    """What the list may be narrowed to."""

    whose = SelectField("Whose", optional=False)
    state = SelectField(
        "Case",
        choices=(
            ("treatment", "In treatment"),
            ("before", "Before sentence"),
            ("over", "Treatment over"),
        ),
        prompt="Every open case",
        optional=False,
    )
    last = SelectField(
        "Last measured",
        choices=(("7", "Over a week ago"), ("14", "Over two weeks ago"), ("28", "Over four weeks")),
        prompt="Any time",
        optional=False,
    )


def _wanted(viewer: Viewer, form: CaseloadForm) -> tuple[Wanted, bool]:
    """What is asked for, and whether the form can stand.

    Who assesses and treats begins with his own people, who supervises with everybody's.
    """
    first, second = (ME, EVERYBODY) if viewer.has(Role.ASSESSOR) else (EVERYBODY, ME)
    form.whose.prompt = first[1]
    form.whose.set_choices([second])
    valid = form.validate()
    wanted = Wanted(
        mine=(form.whose.data or first[0]) == ME[0],
        states=form.state.data or "",
        not_for_days=int(form.last.data or 0) if valid else 0,
        sort=sort_asked(SORTS, "name"),
    )
    return wanted, valid


@bp.get("/measures/caseload")
@only(*CLINICAL_ROLES)
def caseload() -> str:
    """One row a man: last PHQ-9 and GAD-7, the change since the start, and its course."""
    viewer = current_viewer()
    form = CaseloadForm()
    wanted, valid = _wanted(viewer, form)
    crowded = valid and too_many(viewer, wanted)
    if crowded:
        wanted = Wanted(wanted.mine, wanted.states, wanted.not_for_days)
    number = page_number()
    found = rows(viewer, wanted, limit=SIZE + 1, offset=(number - 1) * SIZE) if valid else []
    page = page_from(found, number, size=SIZE)
    shows("case", *(row.case_id for row in page.rows))
    shows("person", *(row.person_id for row in page.rows))
    # Working out an address takes longer than all else of a row.
    before_ref, after_ref = url_for("measures.measures", case_ref=STAND_IN).split(str(STAND_IN))
    return render_template(
        "outcome_measures/caseload.html",
        form=form,
        page=page,
        filtered=any(field.data for field in form),
        clear_href=url_for("measures.caseload"),
        columns=sort_links(
            wanted.sort,
            ("Name", "name"),
            ("PHQ-9", "phq9"),
            ("Change", "phq9_change"),
            ("GAD-7", "gad7"),
            ("Change", "gad7_change"),
            ("Last asked", "measured"),
            ("Case", ""),
        ),
        crowded=MOST_BY_SCORE if crowded else 0,
        before_ref=before_ref,
        after_ref=after_ref,
    )
