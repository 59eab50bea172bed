"""The page that says that he is in hospital or custody, and that he can attend again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import away_service
from mhtr.cases.away import Stay
from mhtr.cases.facts import Away, Fact, FactKind
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.cases.wording import AWAY_WORDS, FACT_WORDS, day_words
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.orders import contact_queries, queries, service
from mhtr.orders.forms import day_of
from mhtr.orders.models import ProbationContact
from mhtr.orders.routes import PURPOSES, RECORDERS, bp
from mhtr.orders.unit_mail import has_mailbox
from mhtr.web.fields import DatePartsField, HiddenField, InPast, RadioField, Required
from mhtr.web.forms import Form, OneOfSeveral, Page
from mhtr.web.gate import only
from mhtr.web.submission import saving


class _SeenForm(Form):
    """It knows what was recorded last when its page was shown."""

    seen = HiddenField(default="0")

    @property
    def seen_id(self) -> int:
        """The fact; -1, which is none, for nonsense."""
        typed = self.seen.data
        return int(typed) if typed.isascii() and typed.isdecimal() else -1


class TakeBackForm(_SeenForm, OneOfSeveral):
    """What was recorded last is wrong."""


class AwayForm(_SeenForm):
    """He cannot attend from a day on."""

    where = RadioField(
        "Where is he?", choices=[(one.value, f"He is {words}") for one, words in AWAY_WORDS.items()]
    )
    since = DatePartsField("Since which day?", [Required(), InPast(clock.today, or_today=True)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: where he is, wherever that is asked."""
        valid = super().validate(extra_validators)
        if self.asks_where and not self.where.data:
            self.where.errors = ["Select where he is"]
            return False
        return valid

    def day(self) -> date:
        return day_of(self.since.data)

    def ask_where(self, asked: bool) -> None:
        """Probation knows of custody alone, and is told of nothing else here."""
        self.asks_where = asked

    def place(self) -> Away:
        return Away(self.where.data or "") if self.asks_where else Away.CUSTODY


class BackForm(_SeenForm):
    """He can attend again."""

    on = DatePartsField(
        "Which was the last day?",
        [Required(), InPast(clock.today, or_today=True)],
        hint="The day on which he left",
    )

    def day(self) -> date:
        return day_of(self.on.data)


@dataclass(frozen=True)
class Said:
    """Something recorded of it, as this reader may know it."""

    on: str
    words: str
    by: str
    recorded: datetime


@bp.route("/cases/<uuid:case_ref>/cannot-attend", methods=["GET", "POST"])
@only(*RECORDERS)
def away(case_ref: uuid.UUID) -> Page | Response:
    """Record that he cannot attend, or can again."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    found = away_service.stays_of(case.id)
    form = _form(viewer, found)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                _save(form, case.id, viewer.staff_id)
                saved.goes_to(request.path, "Saved.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    case = find_case(viewer, case_ref, *PURPOSES)
    return _page(viewer, case, form)


@bp.post("/cases/<uuid:case_ref>/cannot-attend/take-back")
@only(*RECORDERS)
def away_take_back(case_ref: uuid.UUID) -> Response:
    """Take back what was recorded of it last."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    case_id, form = case.id, TakeBackForm()
    with saving() as saved:
        away_service.take_back(case_id=case_id, seen=form.seen_id, by=viewer.staff_id)
        saved.goes_to(url_for(".away", case_ref=case_ref), "Taken back.")
    return saved.redirect()


def _form(viewer: Viewer, found: tuple[Stay, ...]) -> AwayForm | BackForm:
    seen = str(found[-1].fact_id) if found else "0"
    if found and found[-1].until is None:
        return BackForm(seen=seen)
    form = AwayForm(seen=seen)
    form.ask_where(viewer.has(*service.INSIDE))
    return form


def _save(form: AwayForm | BackForm, case_id: int, by: int) -> None:
    if isinstance(form, AwayForm):
        away_service.record_away(
            case_id=case_id, where=form.place(), since=form.day(), seen=form.seen_id, by=by
        )
    else:
        away_service.record_back(case_id=case_id, on=form.day(), seen=form.seen_id, by=by)


def _page(viewer: Viewer, case: Case, form: AwayForm | BackForm) -> Page:
    banner = record(viewer, case)
    inside = viewer.has(*service.INSIDE)
    found = away_service.stays_of(case.id)
    contact = queries.contact_of(case.id) if inside else None
    page = render_template(
        "orders/away.html",
        record=banner,
        case=case,
        form=form,
        taking_back=TakeBackForm(None, seen=str(found[-1].fact_id) if found else "0"),
        inside=inside,
        may_undo=inside or away_service.may_undo(case.id, viewer.staff_id),
        not_yours=away_service.NOT_YOURS,
        elsewhere=away_service.ELSEWHERE if away_service.is_elsewhere(case.id) else "",
        asks_start=isinstance(form, AwayForm),
        can_record=case.state in UNDER_ORDER,
        no_order=service.OVER if case.state in service.AFTERWARDS else service.NO_SENTENCE,
        now=found[-1] if found and found[-1].until is None else None,
        stays=[_stay(one, inside=inside) for one in reversed(found)],
        history=_history(banner.facts, inside=inside),
        unreached=_unreached(contact),
        written=has_mailbox(case.id),
    )
    return (page, 422) if form.errors else page


def _unreached(contact: ProbationContact | None) -> str:
    """Who supervises him and reads no notice here, so that somebody has to tell him."""
    if contact is None or contact.staff_id is not None:
        return ""
    shown = contact_queries.shown(contact)
    ways = [way for way in (shown.phone, shown.email, shown.mailbox) if way]
    return ", ".join([shown.name, *ways])


def _stay(one: Stay, *, inside: bool) -> tuple[str, str]:
    """Where, and from when to when: outside the service only the days."""
    where = AWAY_WORDS[one.where] if inside and one.where else "cannot attend"
    since = day_words(one.since)
    when = f"{since} to {day_words(one.until)}" if one.until else f"Since {since}"
    said = when if one.where else f"{when}, as another record of his says"
    return f"{where[:1].upper()}{where[1:]}", said


def _history(facts: Sequence[Fact], *, inside: bool) -> list[Said]:
    """Everything that was recorded of it, taken back or not, the newest first."""
    own = {fact.id: fact for fact in facts if fact.kind in (FactKind.AWAY, FactKind.BACK)}
    rows = [(fact, _words(fact, inside=inside)) for fact in own.values()]
    for fact in facts:
        target = own.get(_target(fact))
        if target is not None:
            rows.append((fact, f"Taken back: {_words(target, inside=inside)}"))
    rows.sort(key=lambda row: row[0].id, reverse=True)
    return [Said(day_words(fact.day), words, _name(fact), fact.recorded_at) for fact, words in rows]


def _target(fact: Fact) -> int:
    target = fact.detail.get("fact_id") if fact.kind is FactKind.CORRECTED else None
    return target if isinstance(target, int) else 0


def _words(fact: Fact, *, inside: bool) -> str:
    words = FACT_WORDS[fact.kind]
    if inside and fact.kind is FactKind.AWAY:
        return f"{words}: {AWAY_WORDS[Away(str(fact.detail['where']))]}"
    return words


def _name(fact: Fact) -> str:
    return db.session.get_one(Staff, fact.by_id).name if fact.by_id else "The program"
