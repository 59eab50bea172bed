"""Pages of probation's workspace."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.compliance.decision_queries import decide_by
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Viewer
from mhtr.orders.cover_queries import covering_now, covers_in
from mhtr.probation.blueprint import bp
from mhtr.probation.nobodys import nobodys
from mhtr.probation.people_form import UnitForm, form_for
from mhtr.probation.people_queries import MOST, Man, Supervised, men_of, supervised
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.paging import page_from, page_number, sort_asked, sort_links
from mhtr.web.reads import shows

SIZE = 30
navigation.add_main(10, "My people", "probation.people", *SUPERVISES)

SORTS: Mapping[str, Callable[[Supervised], Any]] = {
    "name": lambda row: row.sort_name,
    "next": lambda row: row.next_at,
    "decide": lambda row: min((decide_by(one) for one in row.waiting), default=None),
    "warned": lambda row: min(row.warned_until, default=None),
    "ends": lambda row: row.ends_on,
}


NAME = "name"
COLUMNS = (
    ("Name", NAME),
    ("Next session", "next"),
    ("Last sessions", ""),
    ("Decision waits", "decide"),
    ("Warnings", "warned"),
    ("Requirement ends", "ends"),
)


@bp.get("/my-people")
@only(*SUPERVISES)
def people() -> str:
    """One row a man: the next session, the last five, and whether treatment will finish."""
    viewer = current_viewer()
    everybody = men_of(viewer)
    form = form_for(viewer, everybody)
    valid = form.validate()
    show = (form.show.data or "") if valid else ""
    sort, number = sort_asked(SORTS, NAME), page_number()
    wanted = [man for man in everybody[:MOST] if not valid or form.is_wanted(man)]
    page = page_from(_rows(wanted, show, sort, number), number, size=SIZE)
    shows("case", *(row.case_id for row in page.rows))
    shows("person", *(row.person_id for row in page.rows))
    leads = isinstance(form, UnitForm)
    return render_template(
        "probation/people.html",
        form=form,
        page=page,
        leads=leads,
        me=viewer.staff_id,
        covering=covering_now(viewer.staff_id),
        covered=[row for row in covers_in([viewer.staff_id], since=clock.today()) if row.stands],
        nobodys=_nobodys(viewer) if leads else (),
        filtered=valid and any(field.data for field in form),
        clear_href=url_for(".people"),
        today=clock.today(),
        decide_by=decide_by,
        readings=tuple(dict.fromkeys(words for row in page.rows for words in row.readings)),
        most=MOST if len(everybody) > MOST else 0,
        columns=sort_links(sort, *COLUMNS),
    )


def _rows(wanted: list[Man], show: str, sort: str, number: int) -> list[Supervised]:
    """The rows of one page and the one after it; no more is read of anybody than it needs."""
    part = slice((number - 1) * SIZE, number * SIZE + 1)
    if not show and sort.removeprefix("-") == NAME:
        return supervised(wanted[::-1][part] if sort.startswith("-") else wanted[part])
    return _sorted([row for row in supervised(wanted) if row.is_shown(show)], sort)[part]


def _nobodys(viewer: Viewer) -> list[Man]:
    found = nobodys(viewer)
    shows("case", *(man.case_id for man in found))
    shows("person", *(man.person_id for man in found))
    return found


def _sorted(rows: list[Supervised], sort: str) -> list[Supervised]:
    """Whoever has no value for it comes last, whichever way it is sorted."""
    value = SORTS[sort.removeprefix("-")]
    there = sorted(
        (row for row in rows if value(row) is not None), key=value, reverse=sort.startswith("-")
    )
    return [*there, *(row for row in rows if value(row) is None)]


import mhtr.probation.papers.routes  # noqa: E402 (views)
import mhtr.probation.reports.log_routes  # noqa: E402
import mhtr.probation.reports.release_routes  # noqa: E402
import mhtr.probation.reports.routes  # noqa: E402
import mhtr.probation.reports.schedule_routes  # noqa: E402, F401 (views)
from mhtr.probation import (  # noqa: E402 (views)
    cover_routes,  # noqa: F401
    ending_routes,  # noqa: F401
    enforcement_routes,  # noqa: F401
    explanation_routes,  # noqa: F401
    keying_routes,  # noqa: F401
    reassign_routes,  # noqa: F401
    risk_read_routes,  # noqa: F401
    risk_routes,  # noqa: F401
    standing_routes,  # noqa: F401
    treatment_routes,  # noqa: F401
    word_inside_routes,  # noqa: F401
    word_routes,  # noqa: F401
)
