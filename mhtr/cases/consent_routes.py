"""What he agreed to, item by item, and what he is told rather than asked."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import consent_service
from mhtr.cases.consent_queries import REPORT_ITEMS, events_of, standing_of
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.routes import bp
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.clock import NoSuchTime
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.people import consent as consents
from mhtr.people.consent_wording import TOLD_NOT_ASKED, Wording, by_version, current
from mhtr.people.flag_forms import ConsentForm, ToldForm
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

SEEN_BY = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
DECISION_WORDS = {
    ConsentDecision.GIVEN: "Agreed",
    ConsentDecision.REFUSED: "Said no",
    ConsentDecision.WITHDRAWN: "Took it back",
}
DECISION_COLOURS = {
    ConsentDecision.GIVEN: "green",
    ConsentDecision.REFUSED: "orange",
    ConsentDecision.WITHDRAWN: "red",
}

navigation.add_case(
    CaseGroup.PERSON, 30, "Consent", "people.consent", *SEEN_BY, section=("people.consent_",)
)


@dataclass(frozen=True)
class Said:
    """One decision in words."""

    words: str
    colour: str
    event: ConsentEvent
    at: datetime
    how: str
    by: str
    wording: Wording | None


@dataclass(frozen=True)
class Item:
    """One thing he is asked: the text of today, what holds, and everything he said before."""

    item: ConsentItem
    wording: Wording
    last: Said | None
    earlier: tuple[Said, ...]


@bp.get("/cases/<uuid:case_ref>/consent")
@only(*CLINICAL_ROLES, Role.ADMINISTRATOR)
def consent(case_ref: uuid.UUID) -> str:
    """What holds on every item, with its history."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *SEEN_BY)
    banner = record(viewer, case)
    return render_template(
        "people/consent.html",
        record=banner,
        items=_items(case),
        told=TOLD_NOT_ASKED,
        tellings=[
            (row, consents.HOW[row.how].lower(), db.session.get_one(Staff, row.recorded_by).name)
            for row in consents.tellings(case.person_id)
        ],
        may_record=Purpose.CLINICAL in banner.purposes,
    )


@bp.route("/cases/<uuid:case_ref>/consent/told", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def consent_told(case_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Tell him what goes to his probation officer, and note that he was told."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    form = ToldForm()
    if form.is_submitted() and form.validate():
        person_id, ref = case.person_id, case.ref
        with saving() as saved:
            consents.record_told(person_id=person_id, how=form.how.data or "", by=viewer.staff_id)
            saved.goes_to(url_for("people.consent", case_ref=ref), "It is noted that he was told")
        return saved.redirect()
    page = render_template(
        "people/told.html", record=record(viewer, case), form=form, told=TOLD_NOT_ASKED
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/cases/<uuid:case_ref>/consent/<item>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def consent_item(case_ref: uuid.UUID, item: str) -> str | Response | tuple[str, int]:
    """Read him the text and record what he says."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    if item not in {each.value for each in ConsentItem}:
        abort(404)
    asked = ConsentItem(item)
    now = clock.now().astimezone(clock.LONDON)
    form = ConsentForm(data={"said_on": now.date(), "said_at": now.time()})
    last = standing_of(case).get(asked)
    form.decision.set_choices(_answers(last))
    if asked is not ConsentItem.SHARING_MORE:
        del form.scope
    if form.is_submitted() and form.validate():
        case_id, ref = case.id, case.ref
        try:
            with saving() as saved:
                consent_service.record_consent(
                    case_id=case_id,
                    item=asked,
                    decision=ConsentDecision(form.decision.data or ""),
                    how=form.how.data or "",
                    at=form.moment(),
                    scope=form.scope.data if "scope" in form else "",
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for("people.consent", case_ref=ref), "What he said is recorded")
            return saved.redirect()
        except NoSuchTime as fault:
            form.refuse(str(fault), field="said_at")
        except consents.WrongDay as refused:
            form.refuse(" ".join(refused.reasons), field="said_on")
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
    page = _item_page(viewer, case, form, current(asked, clock.today()))
    return (page, 422) if form.is_submitted() else page


def _answers(last: ConsentEvent | None) -> list[tuple[str, str]]:
    given = last is not None and last.decision is ConsentDecision.GIVEN
    no = (
        (ConsentDecision.WITHDRAWN.value, "He takes his agreement back")
        if given
        else (ConsentDecision.REFUSED.value, "He says no")
    )
    return [(ConsentDecision.GIVEN.value, "He agrees"), no]


def _item_page(viewer: Viewer, case: Case, form: ConsentForm, wording: Wording) -> str:
    return render_template(
        "people/consent_item.html",
        record=record(viewer, case),
        form=form,
        wording=wording,
        stops=wording.item in REPORT_ITEMS,
    )


def _items(case: Case) -> list[Item]:
    events = events_of(case)
    askers = {event.recorded_by for event in events}
    names = {
        row.id: row.name
        for row in db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(askers)))
    }
    items = []
    for item in ConsentItem:
        said = [
            Said(
                DECISION_WORDS[event.decision],
                DECISION_COLOURS[event.decision],
                event,
                consents.said_at(event),
                consents.HOW[event.how].lower(),
                names[event.recorded_by],
                by_version(event.wording_version),
            )
            for event in reversed(events)
            if event.item is item
        ]
        items.append(
            Item(item, current(item, clock.today()), said[0] if said else None, tuple(said[1:]))
        )
    return items
