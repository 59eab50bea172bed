"""Warnings on a man's record: raised, looked at again, ended."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import flag_man_queries, flag_men, flag_owners
from mhtr.cases.link_queries import linked_for
from mhtr.cases.models import Case
from mhtr.cases.offence import offence_words
from mhtr.cases.person_routes import INSIDE, PURPOSES, find_for_details
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.routes import bp, settings
from mhtr.cases.search import find_people
from mhtr.cases.service import lock
from mhtr.core import clock, formats
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.people import flag_history
from mhtr.people import flags as flag_service
from mhtr.people.flag_forms import UNKNOWN_HERE, FlagForm, ReviewForm
from mhtr.people.flag_history import Looked
from mhtr.people.flags import FlagShown
from mhtr.people.models import FlagKind, Person
from mhtr.web import navigation
from mhtr.web.fields import Choice
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_case(
    CaseGroup.PERSON, 20, "Warnings", "people.flags", *PURPOSES, section=("people.flag",)
)
SOMEBODY_CAME = "Look again whether it is one of these men: not all of them were shown to you"


@bp.get("/cases/<uuid:case_ref>/flags")
@only(*INSIDE)
def flags(case_ref: uuid.UUID) -> str:
    """Live warnings and those that ended; the reasons for clinicians only."""
    viewer = current_viewer()
    case, held = find_for_details(viewer, case_ref)
    elsewhere = linked_for(viewer, case.person_id)
    return render_template(
        "people/flags.html",
        record=record(viewer, case),
        live=flag_service.flags_shown(case.person_id, held, elsewhere=elsewhere),
        ended=flag_service.flags_shown(case.person_id, held, ended=True),
        clinical=Purpose.CLINICAL in held,
        men=flag_man_queries.men_of(viewer, case.person_id, held),
    )


@bp.route("/cases/<uuid:case_ref>/flags/new", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def flag_new(case_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Raise a warning."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    form = FlagForm(data={"owner": str(viewer.staff_ref)})
    form.remind(offence_words(case.stage), "fact", "reason")
    _offer_owners(form, case)
    known = _others(viewer, case, form)
    if not form.is_submitted():
        return _new_page(viewer, case, form)
    valid = form.validate()
    if not valid or not _complete(form, known):
        return _new_page(viewer, case, form), 422
    person_id, case_id, ref = case.person_id, case.id, case.ref
    other = known.get(form.other.data or "")
    try:
        with saving() as saved:
            lock(case_id)
            raised = flag_service.raise_flag(
                person_id=person_id,
                kind=FlagKind(form.kind.data or ""),
                fact=form.fact.data,
                reason=form.reason.data,
                owner_staff_id=_chosen(form, person_id),
                review_on=form.review_on.data or clock.today(),
                other_person_id=other,
                other_name="" if other else form.other_name.data,
                case_id=case_id,
                case_ref=ref,
                by=viewer.staff_id,
            )
            others = _said_to_be_others(form, known)
            flag_men.look_for(raised, by=viewer.staff_id, not_these=others)
            saved.goes_to(url_for("people.flags", case_ref=ref), "Warning added")
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
        return _new_page(viewer, find_case(viewer, case_ref, Purpose.CLINICAL), form), 422
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/flags/<uuid:flag_ref>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def flag(case_ref: uuid.UUID, flag_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Look at a warning again: keep it until another day, or end it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    held = frozenset({Purpose.CLINICAL})
    live = flag_service.flags_shown(case.person_id, held)
    shown = next((f for f in live if f.ref == flag_ref and not f.mirrored), None)
    if shown is None:
        raise NotFound
    row = flag_service.find(flag_ref)
    form = ReviewForm(data={"owner": str(_staff_ref(row.owner_staff_id))})
    form.remind(offence_words(case.stage), "reason")
    _offer_owners(form, case)
    person_id, case_id, ref = case.person_id, case.id, case.ref
    history = flag_history.history_of(row)
    if not form.is_submitted():
        return _page(viewer, case, form, shown, history)
    if form.validate():
        try:
            with saving() as saved:
                lock(case_id)
                _save_review(form, flag_ref, person_id, viewer.staff_id)
                saved.goes_to(url_for("people.flags", case_ref=ref), "Warning looked at")
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return _page(viewer, case, form, shown, history), 422


def _page(
    viewer: Viewer, case: Case, form: ReviewForm, shown: FlagShown, history: list[Looked]
) -> str:
    return render_template(
        "people/flag.html",
        record=record(viewer, case),
        form=form,
        flag=shown,
        history=history,
    )


def _staff_ref(staff_id: int) -> uuid.UUID:
    return db.session.get_one(Staff, staff_id).ref


def _save_review(form: ReviewForm, flag_ref: uuid.UUID, person_id: int, by: int) -> None:
    reason = form.reason.data
    if form.answer.data == "end":
        ended = flag_service.end_flag(flag_ref=flag_ref, person_id=person_id, reason=reason, by=by)
        flag_men.withdraw(ended, by=by)
    elif form.review_on.data is not None:
        flag_service.review_flag(
            flag_ref=flag_ref,
            person_id=person_id,
            review_on=form.review_on.data,
            reason=reason,
            by=by,
            owner_staff_id=_chosen(form, person_id),
        )
        flag_owners.settle(person_id, by=by)


def _offer_owners(form: FlagForm | ReviewForm, case: Case) -> None:
    form.owner.set_choices(
        [(str(staff.ref), staff.name) for staff in flag_owners.may_own(case.person_id).values()]
    )


def _chosen(form: FlagForm | ReviewForm, person_id: int) -> int:
    """Who is to look after it. Asked anew as it is saved: he may have been shut out meanwhile."""
    owners = flag_owners.may_own(person_id)
    ids = {str(staff.ref): staff.id for staff in owners.values()}
    chosen = ids.get(form.owner.data or "")
    if chosen is None:
        raise Refused(flag_owners.NOT_HIS)
    return chosen


def _others(viewer: Viewer, case: Case, form: FlagForm) -> dict[str, int]:
    """Men of the typed name whose records the viewer may see, offered as answers."""
    if form.kind.data != FlagKind.MUST_NOT_MEET or not form.other_name.data:
        return {}
    found, _ = find_people(viewer, form.other_name.data, None, settings(), Purpose.CLINICAL)
    men = [row.person for row in found if row.person.id != case.person_id]
    shows("person", *(person.id for person in men))
    choices = [Choice(str(person.ref), _described(person)) for person in men]
    if choices:
        none = Choice(UNKNOWN_HERE, "None of these: keep the name as typed", divider=True)
        form.other.set_choices([*choices, none])
    return {str(person.ref): person.id for person in men}


def _described(person: Person) -> str:
    return f"{person.name}, born {formats.day(person.born) or 'not known'}"


def _complete(form: FlagForm, known: dict[str, int]) -> bool:
    if form.kind.data == FlagKind.MUST_NOT_MEET:
        if known and not form.other.data:
            form.refuse("Select whether it is one of these men", field="other")
            return False
        if form.other.data == UNKNOWN_HERE and known.keys() - set((form.shown.data or "").split()):
            form.refuse(SOMEBODY_CAME, field="other")
            return False
        return True
    if not form.fact.data:
        form.refuse("Enter what everybody who meets him needs to know", field="fact")
        return False
    return True


def _said_to_be_others(form: FlagForm, known: dict[str, int]) -> list[int]:
    """The men that were on the page and not chosen: a no is kept of nobody who was not shown."""
    shown = set((form.shown.data or "").split())
    return [known[ref] for ref in known if ref in shown and ref != form.other.data]


def _new_page(viewer: Viewer, case: Case, form: FlagForm) -> str:
    if form.other.choices:
        form.shown.carry(" ".join(one.value for one in form.other.choices))
    return render_template("people/flag_new.html", record=record(viewer, case), form=form)
