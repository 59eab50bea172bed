"""The page of an assessment's meetings: each on its day, how, and who met him."""

import uuid

from flask import url_for
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff, StaffRole
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.suitability import meeting_service as service
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_overview import finished_state
from mhtr.suitability.assessment_queries import author_ids
from mhtr.suitability.blueprint import bp
from mhtr.suitability.meetings import HOW_WORDS, NOBODY_NAMED, read
from mhtr.suitability.models import Assessment
from mhtr.suitability.report_content import HowAssessed
from mhtr.web.fields import DatePartsField, HiddenField, InPast, RadioField, Required, SelectField
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

CHANGED = "Somebody changed this meanwhile. Nothing was saved: look at the meetings again."
HOW = (
    (HowAssessed.IN_PERSON.value, "In person"),
    (HowAssessed.VIDEO.value, "By video"),
    (HowAssessed.TELEPHONE.value, "By telephone"),
)


class MeetingForm(VersionedForm):
    """One meeting: how, when, and who met him."""

    mode = RadioField(
        "How did you assess him?", [Required("Select how you assessed him")], choices=HOW
    )
    seen_on = DatePartsField(
        "Day you saw or spoke with him", [Required(), InPast(clock.today, or_today=True)]
    )
    met_by = SelectField(
        "Who saw or spoke with him?", [Required("Select who saw or spoke with him")]
    )


class TakeOutForm(VersionedForm):
    """Which meeting was recorded wrongly, by its place in the list."""

    meeting = HiddenField(default="")

    @property
    def number(self) -> int:
        """From 1; 0, which is never one, for nonsense."""
        typed = self.meeting.data
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0


@bp.get("/cases/<uuid:case_ref>/assessment/meeting")
@bp.post("/cases/<uuid:case_ref>/assessment/meeting", endpoint="assessment_meeting_save")
@only(*ASSESSORS)
def assessment_meeting(case_ref: uuid.UUID) -> Page | Response:
    """The meetings recorded, and a form for one more."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    colleagues = _who_may_have_met(assessment)
    own = next((str(one.ref) for one in colleagues if one.id == viewer.staff_id), "")
    form = MeetingForm(version=assessment.version, met_by=own)
    form.met_by.set_choices([(str(one.ref), one.name) for one in colleagues])
    sent = form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH)
    if sent and form.seen_on.data:
        met_by = next(one.id for one in colleagues if str(one.ref) == form.met_by.data)
        try:
            with saving() as saved:
                service.add(
                    assessment,
                    how=HowAssessed(str(form.mode.data)),
                    on=form.seen_on.data,
                    met_by=met_by,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".assessment", case_ref=case_ref), "Saved: the meeting")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons), field="seen_on")
        except Stale:
            case, assessment = find_assessment(viewer, case_ref)
            form.version.carry(assessment.version)
            form.refuse(CHANGED)
    return _page(case, assessment, form)


@bp.post("/cases/<uuid:case_ref>/assessment/meeting/remove")
@only(*ASSESSORS)
def assessment_meeting_remove(case_ref: uuid.UUID) -> Response:
    """Take out a meeting that was recorded wrongly."""
    viewer = current_viewer()
    _, assessment = find_assessment(viewer, case_ref)
    form = TakeOutForm()
    try:
        with saving() as saved:
            service.remove(assessment, form.number, version=form.read_version, by=viewer.staff_id)
            saved.goes_to(
                url_for(".assessment_meeting", case_ref=case_ref), "The meeting was taken out"
            )
    except Stale as stale:
        raise Refused(CHANGED) from stale
    return saved.redirect()


def _page(case: Case, assessment: Assessment, form: MeetingForm) -> Page:
    meetings = read(assessment.meetings)
    by = select(Staff).where(Staff.id.in_({met.by_id for met in meetings}))
    names = {staff.id: staff.name for staff in db.session.scalars(by)}
    return form_page(
        "suitability/assessment_meeting.html",
        record=record(current_viewer(), case),
        form=form,
        case=case,
        assessment=assessment,
        meetings=[
            (number, met.on, HOW_WORDS[met.how], names.get(met.by_id or 0, NOBODY_NAMED))
            for number, met in enumerate(meetings, start=1)
        ],
        **finished_state(case),
    )


def _who_may_have_met(assessment: Assessment) -> list[Staff]:
    """Assessors and leads of its author's trust, and all who wrote any of it, by name."""
    author = db.session.get_one(Staff, assessment.author_id)
    clinical = select(StaffRole.staff_id).where(StaffRole.role.in_(ASSESSORS))
    here = Staff.id.in_(clinical) & (Staff.organisation_id == author.organisation_id)
    wrote = Staff.id.in_(author_ids(assessment.id))
    return list(
        db.session.scalars(
            select(Staff)
            .where(or_(here & Staff.disabled_at.is_(None), wrote))
            .order_by(Staff.sort_name, Staff.id)
        )
    )
