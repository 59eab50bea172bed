"""Compliance reports on demand, on one man and on a caseload: as a page and as files."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.orders.officer_queries import officers_of
from mhtr.people.models import Person
from mhtr.probation.blueprint import bp
from mhtr.probation.people_form import PeopleForm, form_for
from mhtr.probation.people_queries import MOST, Man, men_of
from mhtr.probation.reports.content import LISTED, MEANS, Item, Report, told
from mhtr.probation.reports.files import FORMATS, in_one_line, session_names
from mhtr.probation.reports.reading import men_told
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.reads import shows

ONE, MANY = "Compliance report", "Compliance report on a caseload"
navigation.add_under(
    "probation.people", 25, "Compliance report", "probation.report_many", *SUPERVISES
)


def _one(case_ref: uuid.UUID) -> tuple[Viewer, Report]:
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    shows("case", case.id, case_id=case.id)
    person = db.session.get_one(Person, case.person_id)
    man = Man(
        case_id=case.id,
        person_id=person.id,
        ref=case.ref,
        name=f"{person.given_name} {person.family_name}".strip(),
        sort_name=person.sort_name,
        officer=officers_of([case.id]).get(case.id),
    )
    return viewer, _report(f"{ONE}: {man.name}", viewer, [man])


def _many() -> tuple[PeopleForm, Report]:
    viewer = current_viewer()
    everybody = men_of(viewer)[:MOST]
    form = form_for(viewer, everybody)
    valid = form.validate()
    men = [man for man in everybody if not valid or form.is_wanted(man)]
    shows("case", *(man.case_id for man in men))
    return form, _report(MANY, viewer, men)


def _report(title: str, viewer: Viewer, men: Sequence[Man]) -> Report:
    return Report(title, viewer.organisation_name, clock.today(), men_told(men))


@bp.get("/cases/<uuid:case_ref>/compliance-report")
@only(*SUPERVISES)
def report_one(case_ref: uuid.UUID) -> str:
    """What is on record of one man's compliance: figures, and the sessions behind them."""
    viewer, report = _one(case_ref)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    (man,) = report.men
    return render_template(
        "probation/reports/one.html",
        record=record(viewer, case),
        case=case,
        report=report,
        line=in_one_line(man),
        sessions=told(man)[Item.EACH],
        names=session_names(),
        means=MEANS,
        listed=LISTED,
    )


@bp.get("/cases/<uuid:case_ref>/compliance-report.pdf", defaults={"ending": "pdf"})
@bp.get("/cases/<uuid:case_ref>/compliance-report.csv", defaults={"ending": "csv"})
@bp.get("/cases/<uuid:case_ref>/compliance-report.json", defaults={"ending": "json"})
@only(*SUPERVISES)
def report_one_file(case_ref: uuid.UUID, ending: str) -> Response:
    """The same as a file."""
    return _file(_one(case_ref)[1], ending)


@bp.get("/my-people/compliance-report")
@only(*SUPERVISES)
def report_many() -> str:
    """The compliance of a caseload: one row a man, and all of them together."""
    form, report = _many()
    asked: dict[str, Any] = {field.name: field.data for field in form if field.data}
    return render_template(
        "probation/reports/many.html",
        form=form,
        report=report,
        lines=[in_one_line(man) for man in report.men],
        means=MEANS,
        listed=LISTED,
        files={ending: url_for(".report_many_file", ending=ending, **asked) for ending in FORMATS},
        clear_href=url_for(".report_many"),
    )


@bp.get("/my-people/compliance-report.pdf", defaults={"ending": "pdf"})
@bp.get("/my-people/compliance-report.csv", defaults={"ending": "csv"})
@bp.get("/my-people/compliance-report.json", defaults={"ending": "json"})
@only(*SUPERVISES)
def report_many_file(ending: str) -> Response:
    """The same as a file."""
    return _file(_many()[1], ending)


def _file(report: Report, ending: str) -> Response:
    kind, make = FORMATS[ending]
    answer = make_response(make(report))
    answer.headers["Content-Type"] = kind
    # No name of a man stands in the name of a file.
    name = f"compliance-report-{report.on.isoformat()}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
