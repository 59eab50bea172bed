"""The worklists as pages: filtered by GET, sorted, in pages without totals, printable."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.facts import CaseState
from mhtr.cases.standing_words import states_behind
from mhtr.core.access import Purpose, Viewer
from mhtr.core.errors import NotFound
from mhtr.overview.forms import ListForm
from mhtr.overview.known_by import rows_for
from mhtr.overview.routes import bp
from mhtr.overview.rows import Row
from mhtr.overview.worklists import WORKLISTS, Asked, Worklist, abouts, lists_for, pages_beside
from mhtr.tasks.calendar import working_calendar
from mhtr.web.gate import signed_in
from mhtr.web.paging import here, sort_links

SIZE = 50
LAST_PAGE = 200
"""Nobody leafs further; a filter finds it sooner and costs the database less."""
HEADINGS = {
    "said": "Answer",
    "what": "What",
    "due": "Due",
    "court": "Court",
    "state": "Case",
    "owner": "Owner",
    "age": "Waiting",
    "hearing": "Hearing",
}

OTHER_WAY = {"ascending": "descending", "descending": "ascending"}
OWN_HEADINGS = {
    "hearings": {"due": "Hearing", "owner": "Assessor"},
    "flags": {"said": "Flag", "owner": "Assessor"},
    "measures": {"due": "Session", "owner": "Met by"},
}


@bp.get("/worklists")
@signed_in
def worklists() -> Response:
    """The first of his lists."""
    lists = lists_for(current_viewer())
    if not lists:  # an account whose roles nobody has confirmed yet
        return redirect(url_for("overview.today"), 303)
    return redirect(url_for("overview.worklist", name=lists[0].name), 303)


@bp.get(
    "/worklists/<any(risk,reports,hearings,countersign,unallocated,results,measures,flags,tasks):name>"
)
@signed_in
def worklist(name: str) -> str:
    """One full list of what waits."""
    viewer = current_viewer()
    listed = WORKLISTS[name]
    if not viewer.roles & listed.roles:
        raise NotFound
    form = ListForm()
    whose = "Mine and my team's" if listed.owner == "mine" else "Everybody's"
    clinical = _only_clinical(viewer)
    form.about.set_choices(abouts(viewer))
    form.narrow(listed.filters, hearings=name == "hearings", whose=whose, clinical=clinical)
    valid = form.validate()
    sort = _sort(listed)
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    rows = _rows(viewer, listed, form, sort, number) if valid else []
    return render_template(
        "overview/worklist.html",
        viewer=viewer,
        listed=listed,
        lists=lists_for(viewer),
        beside=pages_beside(viewer),
        form=form,
        rows=rows[:SIZE],
        columns=_columns(listed, sort),
        headings=HEADINGS | OWN_HEADINGS.get(listed.name, {}),
        filtered=any(request.args.get(field.name) for field in form),
        clear_href=url_for("overview.worklist", name=name),
        previous_href=here(page=number - 1) if number > 1 else "",
        next_href=here(page=number + 1) if len(rows) > SIZE and number < LAST_PAGE else "",
    )


def _only_clinical(viewer: Viewer) -> bool:
    """Whether every case of his lists is his as a clinician: else a filter would tell the rest."""
    return viewer.purposes == {Purpose.CLINICAL}


def _rows(viewer: Viewer, listed: Worklist, form: ListForm, sort: str, number: int) -> list[Row]:
    given = {field.name: field.data or "" for field in form}
    state = given.get("state")
    asked = Asked(
        owner=given.get("owner") or listed.owner,
        due=given.get("due", ""),
        court=given.get("court", ""),
        states=states_behind(CaseState(state), clinical=_only_clinical(viewer)) if state else None,
        sort=sort,
        about=given.get("about", ""),
    )
    rows = listed.read(viewer, asked, working_calendar(), SIZE + 1, (number - 1) * SIZE)
    return rows_for(viewer, rows)


def _sort(listed: Worklist) -> str:
    """The sort asked for, where the list has it; else its own."""
    asked = request.args.get("sort", "")
    return asked if asked.removeprefix("-") in listed.sorts else listed.sort


def _columns(listed: Worklist, sort: str) -> list[Any]:
    own = OWN_HEADINGS.get(listed.name, {})
    named = [("Name", "name")]
    for column in listed.columns:
        text = own.get(column, HEADINGS[column])
        named.append((text, column if column in listed.sorts else ""))
    made = sort_links(sort, *named)
    for heading, (_, key) in zip(made, named, strict=True):
        # The age rises while the date it began falls.
        if key == "age" and isinstance(heading, dict):
            heading["sort"] = OTHER_WAY.get(heading["sort"], "")
    return [*made, ""]
