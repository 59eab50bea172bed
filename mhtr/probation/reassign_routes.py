"""Giving men of the unit to another officer: one, several, or all of an officer."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core.access import Role, Viewer
from mhtr.core.errors import Refused
from mhtr.orders.officer_queries import officers_in
from mhtr.orders.reassign_service import MOST, NotAll, reassign
from mhtr.probation.blueprint import bp
from mhtr.probation.people_form import WhoseForm
from mhtr.probation.people_queries import Man, men_of
from mhtr.probation.reassign_form import ReassignForm
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

PEOPLE = "probation.people"
GONE = "Somebody whom the page showed"
navigation.add_under(PEOPLE, 30, "Reassign", "probation.reassign_men", Role.SENIOR_PROBATION)


@bp.route("/my-people/reassign", methods=["GET", "POST"])
@only(Role.SENIOR_PROBATION)
def reassign_men() -> Page | Response | str:
    """Choose whose men, then which of them, to whom and why."""
    viewer = current_viewer()
    whose = WhoseForm(viewer, request.args)
    if not whose.validate() or not whose.whose.data:
        return render_template("probation/reassign_whose.html", whose=whose)
    form, men = _form(viewer, whose)
    faults: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            with saving() as saved:
                given = reassign(
                    men=form.asked(), to_id=form.to_id(), why=form.why.data, by=viewer.staff_id
                )
                many = f"{len(given)} men are" if len(given) != 1 else "One man is"
                saved.goes_to(url_for(".people"), f"{many} with the new officer now.")
            return saved.redirect()
        except NotAll as refused:
            names = {man.case_id: man.name for man in men_of(viewer)}
            faults = [(names.get(one.case_id, GONE), one.words) for one in refused.faults]
            form.refuse(_nothing(len(faults)))
            form.leave_out([one.case_id for one in refused.faults])
        except Refused as refused:
            form.refuse_all(refused)
    shows("case", *(man.case_id for man in men))
    shows("person", *(man.person_id for man in men))
    return form_page(
        "probation/reassign.html", form=form, whose=whose, men=men, faults=faults, most=MOST
    )


def _form(viewer: Viewer, whose: WhoseForm) -> tuple[ReassignForm, list[Man]]:
    everybody = men_of(viewer)
    men = [man for man in everybody if whose.is_wanted(man)][:MOST]
    officers = officers_in(viewer.organisation_id)
    had = {man.officer.staff_id if man.officer else None for man in men}
    form = ReassignForm()
    form.offer(men, everybody, officers, but=had.pop() if len(had) == 1 else None)
    return form, men


def _nothing(many: int) -> str:
    stands = "1 man stands" if many == 1 else f"{many} men stand"
    return f"Nothing was changed: {stands} in the way. The others are selected: send again"
