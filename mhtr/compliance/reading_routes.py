"""How the law is read: what is in force, proposing another reading, and signing it."""

import uuid
from collections.abc import Collection
from datetime import date

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.compliance import reading_queries as queries
from mhtr.compliance import reading_service as service
from mhtr.compliance.blueprint import bp
from mhtr.compliance.reading_rules import (
    ANSWER_WORDS,
    BY_A_DAY,
    CHANGE,
    NO_NOTE,
    NO_REASON,
    NO_SUCH,
    Proposed,
    why_not_sign,
)
from mhtr.compliance.standing.reading_words import SAYS, TITLES, points, said, value_of
from mhtr.compliance.standing.readings import WHY, Readings
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Role
from mhtr.core.errors import NotFound, Refused
from mhtr.web import navigation
from mhtr.web.fields import DatePartsField, InFuture, RadioField, Required, TextAreaField
from mhtr.web.forms import Form, OneOfSeveral, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

READERS = (*sorted(CLINICAL_ROLES), *SUPERVISES, Role.SERVICE_MANAGER, Role.PRIVACY_OFFICER)
"""Whoever reads where an order stands may read how the law is read; nobody's name is in it."""
SIGNED = "Signed. It is read so from its day on, on every page."
navigation.add_under(
    "probation.people",
    40,
    "Readings of the law",
    "compliance.readings",
    *SUPERVISES,
    section=("compliance.reading",),
)
navigation.add_main(75, "Readings of the law", "compliance.readings", Role.SERVICE_MANAGER)


class ProposeForm(Form):
    """Another reading of one point, from a day on."""

    value = RadioField("How should it be read?", [Required(NO_SUCH)])
    first_day = DatePartsField(
        "From which day does it hold?",
        [
            Required(BY_A_DAY),
            InFuture(clock.today, or_today=True, message="A reading cannot change in the past"),
        ],
        hint="A standing asked for on an earlier day is read as before",
        error_name="the day from which it holds",
    )
    reason = TextAreaField(
        "Why is it to be read in this way?", [Required(NO_REASON)], max_length=1000, rows=3
    )
    legal_note = TextAreaField(
        "Whose legal advice does it rest on?",
        [Required(NO_NOTE)],
        max_length=1000,
        rows=3,
        hint="Who advised, when, and the case or provision. Nothing about a named man",
    )

    def ask(self, point: str, values: Collection[str]) -> None:
        """Offer every reading of a point but one that holds today and goes on holding.

        Args:
            values: those that hold today, and once all that is signed has begun.
        """
        offered = [one for one in SAYS[point].items() if {one[0]} != {*values}]
        self.value.set_choices(offered)


class TurnDownForm(OneOfSeveral):
    """It is not to be."""

    why = TextAreaField("Why not?", [Required(service.NO_WHY)], max_length=500, rows=2)


@bp.get("/readings-of-the-law")
@only(*READERS)
def readings() -> str:
    """Every point on which lawyers may differ, and how it is read today."""
    held, found = queries.in_force(clock.today()), queries.changes(*points())
    return render_template(
        "compliance/readings.html",
        rows=[
            {
                "point": point,
                "title": TITLES[point],
                "said": said(point, held.value(point)),
                "since": held.since.get(point),
                "waits": any(one.waits for one in found[point]),
                "coming": [
                    one
                    for one in found[point]
                    if one.answer == "signed" and one.row.first_day > clock.today()
                ],
            }
            for point in points()
        ],
        may_change=current_viewer().has(*CHANGE),
    )


@bp.route("/readings-of-the-law/<point>", methods=["GET", "POST"])
@only(*READERS)
def reading(point: str) -> Page | Response:
    """One point: how it is read, its history, and proposing another reading."""
    viewer, form = current_viewer(), _form(point)
    if form.validate_on_submit() and form.first_day.data:
        try:
            with saving() as saved:
                service.propose(
                    said=Proposed(
                        point,
                        form.value.data or "",
                        form.first_day.data,
                        form.reason.data,
                        form.legal_note.data,
                    ),
                    by=viewer.staff_id,
                )
                saved.goes_to(_here(point), "Proposed. Nothing changes until a second person signs")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(point, form, TurnDownForm(None))


@bp.post("/readings-of-the-law/<point>/<uuid:reading_ref>/sign")
@only(*CHANGE)
def reading_sign(point: str, reading_ref: uuid.UUID) -> Page | Response:
    """Sign what somebody else proposed."""
    viewer = current_viewer()
    form, sign = _form(point, sent=False), OneOfSeveral()
    if sign.validate_on_submit():
        try:
            with saving() as saved:
                service.sign(ref=reading_ref, by=viewer.staff_id)
                saved.goes_to(_here(point), SIGNED)
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(point, form, TurnDownForm(None))


@bp.post("/readings-of-the-law/<point>/<uuid:reading_ref>/turn-down")
@only(*CHANGE)
def reading_turn_down(point: str, reading_ref: uuid.UUID) -> Page | Response:
    """Turn down what somebody else proposed, or take back one's own."""
    viewer = current_viewer()
    form, down = _form(point, sent=False), TurnDownForm()
    if down.validate_on_submit():
        try:
            with saving() as saved:
                service.turn_down(ref=reading_ref, why=down.why.data, by=viewer.staff_id)
                saved.goes_to(_here(point), "Nothing is changed by it")
            return saved.redirect()
        except Refused as refused:
            down.refuse_all(refused)
    return _page(point, form, down)


def _here(point: str) -> str:
    return url_for(".reading", point=point)


def _form(point: str, *, sent: bool = True) -> ProposeForm:
    if point not in TITLES:
        raise NotFound
    form = ProposeForm() if sent else ProposeForm(None)
    form.ask(point, [queries.in_force(on).value(point) for on in (clock.today(), date.max)])
    return form


def _page(point: str, form: ProposeForm, down: TurnDownForm) -> Page:
    viewer, today = current_viewer(), clock.today()
    held, found = queries.in_force(today), queries.changes(point)[point]
    waits = next((one for one in found if one.waits), None)
    page = form_page(
        "compliance/reading.html",
        form=form,
        down=down,
        title=TITLES[point],
        point=point,
        now=said(point, held.value(point)),
        since=held.since.get(point),
        ships=said(point, value_of(Readings(), point)),
        why=WHY[point],
        waits=waits,
        mine=waits is not None and waits.row.by_id == viewer.staff_id,
        why_not=waits
        and why_not_sign(
            by=viewer.staff_id,
            roles=viewer.roles,
            proposer=waits.row.by_id,
            proposer_roles=service.roles_of_proposer(waits.row),
            first_day=waits.row.first_day,
            today=today,
        ),
        may_change=viewer.has(*CHANGE),
        history=[
            {
                "when_iso": (one.answered_at or one.row.created_at).isoformat(),
                "at": one.answered_at or one.row.created_at,
                "kind": ANSWER_WORDS[one.answer] if one.answer else "",
                "one": one,
                "was": said(point, one.row.was),
            }
            for one in found
            if not one.waits
        ],
    )
    return (page, 422) if down.errors and isinstance(page, str) else page
