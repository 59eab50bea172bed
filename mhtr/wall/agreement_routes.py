"""What each trust agreed with probation about compliance reports; proposing and signing it."""

import uuid
from collections.abc import Sequence

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Role, Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.wall import agreement_queries as queries
from mhtr.wall import agreement_service as service
from mhtr.wall.agreement_rules import (
    ANSWER_WORDS,
    BY_A_DAY,
    CHANGE,
    NO_CLAUSE,
    NO_REASON,
    NO_SUCH,
    Proposed,
    Side,
    by_default,
    carried,
    may_change,
    side_of,
    why_not_sign,
)
from mhtr.wall.blueprint import bp
from mhtr.wall.items import BY_KEY
from mhtr.wall.kinds import Item
from mhtr.wall.words import BASIS_WORDS, IN_REPORTS_WORDS
from mhtr.web import navigation
from mhtr.web.fields import DatePartsField, InFuture, RadioField, Required, TextAreaField, TextField
from mhtr.web.forms import Form, OneOfSeveral, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

READERS = (*sorted(CLINICAL_ROLES), *SUPERVISES, Role.SERVICE_MANAGER, Role.PRIVACY_OFFICER)
"""Nobody's name is in it: whoever reads a report or answers for one may read what it holds."""
SECTION = ("wall.agreement",)
TITLE = "What reports hold"
navigation.add_under("probation.people", 45, TITLE, "wall.agreements", *SUPERVISES, section=SECTION)


class ProposeForm(Form):
    """Whether reports hold one row of the wall, from a day on."""

    held = RadioField("Should compliance reports hold it?", [Required(NO_SUCH)])
    first_day = DatePartsField(
        "From which day?",
        [
            Required(BY_A_DAY),
            InFuture(clock.today, or_today=True, message="An agreement cannot change in the past"),
        ],
        hint="Reports that left before stay as they were",
        error_name="the day from which it holds",
    )
    reason = TextAreaField("Why?", [Required(NO_REASON)], max_length=1000, rows=3)
    clause = TextField(
        "Where is it agreed?",
        [Required(NO_CLAUSE)],
        max_length=500,
        hint="The document, its date and the clause. Nothing about a named man",
    )

    def ask(self, held: bool) -> None:
        """Offer what does not hold already."""
        words = "No, leave it out" if held else "Yes, add it"
        self.held.set_choices([("no" if held else "yes", words)])


class TurnDownForm(OneOfSeveral):
    """It is not to be."""

    why = TextAreaField("Why not?", [Required(service.NO_WHY)], max_length=500, rows=2)


@bp.get("/agreements-with-probation")
@only(*READERS)
def agreements() -> str:
    """Every treating trust, and how far it narrows or widens what compliance reports hold."""
    today, viewer = clock.today(), current_viewer()
    rows = []
    for trust in queries.trusts():
        held, waits = queries.in_force(trust.id, today), queries.changes(trust.id)
        rows.append(
            {
                "trust": trust,
                "held": held,
                "left_out": [BY_KEY[key].name for key, is_in in held.agreed.items() if not is_in],
                "added": [BY_KEY[key].name for key, is_in in held.agreed.items() if is_in],
                "waits": any(one.waits for one in waits),
                "own": trust.id == viewer.organisation_id,
            }
        )
    return render_template("wall/agreements.html", rows=rows, title=TITLE)


@bp.get("/agreements-with-probation/<uuid:organisation_ref>")
@only(*READERS)
def agreement(organisation_ref: uuid.UUID) -> str:
    """One trust: each thing that a report holds or could, with its basis and what is agreed."""
    trust = queries.find_trust(organisation_ref)
    held, found = queries.in_force(trust.id, clock.today()), queries.changes(trust.id)
    return render_template(
        "wall/agreement.html",
        trust=trust,
        held=held,
        rows=[_line(row, held, found) for row in carried()],
        may_change=_side(current_viewer(), trust) is not None,
    )


def _line(row: Item, held: queries.InForce, found: Sequence[queries.Change]) -> dict[str, object]:
    his = [one for one in found if one.row.item == row.key]
    return {
        "row": row,
        "basis": BASIS_WORDS[row.basis],
        "rule": IN_REPORTS_WORDS[row.in_reports],
        "held": row.key in held.held,
        "since": held.since_of.get(row.key),
        "may_change": may_change(row),
        "waits": any(one.waits for one in his),
        "coming": [
            one for one in his if one.answer == "signed" and one.row.first_day > clock.today()
        ],
    }


@bp.route("/agreements-with-probation/<uuid:organisation_ref>/<wall_item>", methods=["GET", "POST"])
@only(*READERS)
def agreement_item(organisation_ref: uuid.UUID, wall_item: str) -> Page | Response:
    """One thing that reports hold or could: what is agreed, its history, proposing a change."""
    viewer, trust = current_viewer(), queries.find_trust(organisation_ref)
    form = _form(trust, wall_item)
    if form.validate_on_submit() and form.first_day.data:
        try:
            with saving() as saved:
                service.propose(
                    trust_id=trust.id,
                    said=Proposed(
                        wall_item,
                        form.held.data == "yes",
                        form.first_day.data,
                        form.reason.data,
                        form.clause.data,
                    ),
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    _here(trust, wall_item), "Proposed. Nothing changes until the other side signs"
                )
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(trust, wall_item, form, TurnDownForm(None))


@bp.post("/agreements-with-probation/<uuid:organisation_ref>/<wall_item>/<uuid:agreed_ref>/sign")
@only(*CHANGE)
def agreement_sign(
    organisation_ref: uuid.UUID, wall_item: str, agreed_ref: uuid.UUID
) -> Page | Response:
    """Sign what somebody of the other side proposed."""
    viewer, trust = current_viewer(), queries.find_trust(organisation_ref)
    form, sign = _form(trust, wall_item, sent=False), OneOfSeveral()
    if sign.validate_on_submit():
        try:
            with saving() as saved:
                service.sign(trust_id=trust.id, ref=agreed_ref, by=viewer.staff_id)
                saved.goes_to(_here(trust, wall_item), "Signed. It holds from its day on.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(trust, wall_item, form, TurnDownForm(None))


@bp.post(
    "/agreements-with-probation/<uuid:organisation_ref>/<wall_item>/<uuid:agreed_ref>/turn-down"
)
@only(*CHANGE)
def agreement_turn_down(
    organisation_ref: uuid.UUID, wall_item: str, agreed_ref: uuid.UUID
) -> Page | Response:
    """Turn down what somebody else proposed, or take back one's own."""
    viewer, trust = current_viewer(), queries.find_trust(organisation_ref)
    form, down = _form(trust, wall_item, sent=False), TurnDownForm()
    if down.validate_on_submit():
        try:
            with saving() as saved:
                service.turn_down(
                    trust_id=trust.id, ref=agreed_ref, why=down.why.data, by=viewer.staff_id
                )
                saved.goes_to(_here(trust, wall_item), "Nothing is changed by it")
            return saved.redirect()
        except Refused as refused:
            down.refuse_all(refused)
    return _page(trust, wall_item, form, down)


def _here(trust: Organisation, item: str) -> str:
    return url_for(".agreement_item", organisation_ref=trust.ref, wall_item=item)


def _side(viewer: Viewer, trust: Organisation) -> Side | None:
    return side_of(viewer.roles, own_trust=viewer.organisation_id == trust.id)


def _form(trust: Organisation, item: str, *, sent: bool = True) -> ProposeForm:
    if item not in {one.key for one in carried()}:
        raise NotFound
    form = ProposeForm() if sent else ProposeForm(None)
    form.ask(item in queries.in_force(trust.id, clock.today()).held)
    return form


def _page(trust: Organisation, item: str, form: ProposeForm, down: TurnDownForm) -> Page:
    viewer, today, row = current_viewer(), clock.today(), BY_KEY[item]
    held, found = queries.in_force(trust.id, today), queries.changes(trust.id, item)
    waits = next((one for one in found if one.waits), None)
    side = _side(viewer, trust)
    page = form_page(
        "wall/agreement_item.html",
        form=form,
        down=down,
        trust=trust,
        row=row,
        basis=BASIS_WORDS[row.basis],
        rule=IN_REPORTS_WORDS[row.in_reports],
        now=queries.HOLDS[item in held.held],
        since=held.since_of.get(item),
        ships=queries.HOLDS[by_default(row)],
        fixed=not may_change(row),
        waits=waits,
        mine=waits is not None and waits.row.by_id == viewer.staff_id,
        why_not=waits
        and why_not_sign(
            by=viewer.staff_id,
            side=side,
            proposer=waits.row.by_id,
            proposer_side=waits.row.side,
            first_day=waits.row.first_day,
            today=today,
        ),
        may_change=side is not None,
        history=[_past(one) for one in found if not one.waits],
    )
    return (page, 422) if down.errors and isinstance(page, str) else page


def _past(one: queries.Change) -> dict[str, object]:
    at = one.answered_at or one.row.created_at
    kind = ANSWER_WORDS[one.answer] if one.answer else ""
    return {"when_iso": at.isoformat(), "at": at, "kind": kind, "one": one}
