"""Pages of probation's workspace."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.probation.blueprint import bp
from mhtr.probation.people_queries import MOST, Show, Supervised, supervised_by
from mhtr.web import navigation
from mhtr.web.fields import SelectField
from mhtr.web.forms import FilterForm
from mhtr.web.gate import only
from mhtr.web.paging import page_from, page_number, sort_asked, sort_links
from mhtr.web.reads import shows

SUPERVISES = (Role.PROBATION, Role.SENIOR_PROBATION)
SIZE = 30
navigation.add_main(10, "My people", "probation.people", *SUPERVISES)

SORTS: Mapping[str, Callable[[Supervised], Any]] = {
    "name": lambda row: row.sort_name,
    "next": lambda row: row.next_at,
    "decide": lambda row: min((one.until for one in row.waiting), default=None),
    "ends": lambda row: row.ends_on,
}


class PeopleForm(FilterForm):
    """What the list may be narrowed to."""

    show = SelectField(
        "Show",
        choices=(
            (Show.TO_DECIDE.value, "A decision waits"),
            (Show.MISSED.value, "Missed the last session"),
            (Show.NOTHING_BOOKED.value, "No session booked"),
            (Show.LATE.value, "Cannot be finished in time"),
        ),
        prompt="Everybody",
        optional=False,
    )


@bp.get("/my-people")
@only(*SUPERVISES)
def people() -> str:
    """One row a man: the next session, the last five, and whether treatment will finish."""
    form = PeopleForm()
    show = (form.show.data or "") if form.validate() else ""
    sort = sort_asked(SORTS, "name")
    everybody = supervised_by(current_viewer())
    wanted = [row for row in everybody[:MOST] if row.is_shown(show)]
    number = page_number()
    page = page_from(
        _sorted(wanted, sort)[(number - 1) * SIZE : number * SIZE + 1], number, size=SIZE
    )
    shows("case", *(row.case_id for row in page.rows))
    shows("person", *(row.person_id for row in page.rows))
    return render_template(
        "probation/people.html",
        form=form,
        page=page,
        filtered=bool(show),
        clear_href=url_for(".people"),
        today=clock.today(),
        most=MOST if len(everybody) > MOST else 0,
        columns=sort_links(
            sort,
            ("Name", "name"),
            ("Next session", "next"),
            ("Last sessions, the newest last", ""),
            ("Decision waits", "decide"),
            ("Requirement ends", "ends"),
        ),
    )


def _sorted(rows: list[Supervised], sort: str) -> list[Supervised]:
    """Whoever has no value for it comes last, whichever way it is sorted."""
    value = SORTS[sort.removeprefix("-")]
    there = sorted(
        (row for row in rows if value(row) is not None), key=value, reverse=sort.startswith("-")
    )
    return [*there, *(row for row in rows if value(row) is None)]


from mhtr.probation import enforcement_routes, standing_routes  # noqa: E402, F401 (views)
