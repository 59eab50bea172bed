"""Is this the man whom a warning names? The two side by side, and the answer."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import flag_men
from mhtr.cases.flag_man_queries import Man, find_man
from mhtr.cases.identity_queries import THE_PROGRAM
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.routes import bp
from mhtr.cases.service import lock
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.errors import NotFound, Refused
from mhtr.people.flag_forms import ManForm
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

SAID = {
    flag_men.YES: "he is the man",
    flag_men.NO: "it is somebody else",
    flag_men.WITHDRAWN: "it is asked no more, because the warning ended or changed, or the names "
    "are not alike any more",
}


@bp.route(
    "/cases/<uuid:case_ref>/flags/<uuid:flag_ref>/men/<uuid:man_ref>", methods=["GET", "POST"]
)
@only(*CLINICAL_ROLES)
def flag_man(
    case_ref: uuid.UUID, flag_ref: uuid.UUID, man_ref: uuid.UUID
) -> str | Response | tuple[str, int]:
    """Say whether a man on record is the one a warning names. Who may see both answers."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    man = find_man(viewer, case.person_id, flag_ref, man_ref)
    form, case_id, ref = ManForm(), case.id, case.ref
    if man.answer == flag_men.NO and man.person is not None and request.form.get("again"):
        return _take_back(case, man)
    if man.answer:
        return _answered(case, man, form)
    if man.person is not None and form.is_submitted() and form.validate():
        try:
            with saving() as saved:
                lock(case_id)
                same = form.same.data == "yes"
                flag_men.answer(question_id=man.question_id, same=same, by=viewer.staff_id)
                saved.goes_to(
                    url_for("people.flags", case_ref=ref),
                    "The warning stands on both records now" if same else "Remembered: not the man",
                )
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            case = find_case(viewer, case_ref, Purpose.CLINICAL)
            man = find_man(viewer, case.person_id, flag_ref, man_ref)
            if man.answer:
                return _answered(case, man, form)
    elif man.person is None and form.is_submitted():
        raise NotFound
    page = render_template("people/flag_man.html", record=record(viewer, case), form=form, man=man)
    return (page, 422) if form.is_submitted() else page


def _take_back(case: Case, man: Man) -> Response | tuple[str, int] | str:
    """Whoever said no is not sure any more: it is a question again."""
    case_id, ref, form = case.id, case.ref, Form()
    here = url_for("people.flag_man", case_ref=ref, flag_ref=man.flag_ref, man_ref=man.ref)
    if form.validate():
        try:
            with saving() as saved:
                lock(case_id)
                flag_men.take_back(question_id=man.question_id, by=current_viewer().staff_id)
                saved.goes_to(here, "Taken back: it is asked again")
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            case = find_case(current_viewer(), ref, Purpose.CLINICAL)
    return _answered(case, man, form)


def _answered(case: Case, man: Man, form: Form) -> str | tuple[str, int]:
    """Who answered meanwhile, and what. What this viewer chose is shown once more: not saved."""
    same = form.same if isinstance(form, ManForm) else None
    page = render_template(
        "people/flag_man_answered.html",
        form=Form(formdata=None) if same else form,
        record=record(current_viewer(), case),
        man=man,
        chosen=next((c.text for c in same.choices if c.value == same.data), "") if same else "",
        said=SAID[man.answer],
        by=man.answered_by or THE_PROGRAM,
    )
    return (page, 409) if form.is_submitted() else page
