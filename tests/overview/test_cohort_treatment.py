"""A cohort by treatment: what he had at the sessions of his courses, not what was proposed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened
from mhtr.compliance.models import Attendance
from mhtr.core import clock
from mhtr.core.clock import from_london
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview import cohort_queries
from mhtr.overview.cohort_queries import Asked
from mhtr.overview.cohort_traits import Trait, choices, proposed_group, treatment_group, words_of
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.sections import Pathway as Proposed
from mhtr.suitability.sections import Section
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.courses.kinds import CourseEnd
from sessions.courses.models import Course, CourseSession, Pathway
from sessions.therapies import SessionMode, Therapy
from tests.overview.cohort_pages import BETTER, PAGE, text_of
from tests.overview.cohort_pages import lead as lead
from tests.overview.treated import ENDED_ON, treated
from tests.pages import PageClient

ALL = Asked(date(2026, 1, 1), date(2026, 12, 31), compared=Trait.PATHWAY)
SEEN, MISSED = Happened.SEEN, Happened.DID_NOT_COME
Held = tuple[Therapy, Happened | None]
"""A session of a course and what is recorded of it; None: nothing."""
CBT, TRAUMA, SKILLS = Therapy


def had_course(case: Case, by: Staff, *held: Held, made: timedelta = timedelta(weeks=9)) -> None:
    """A course that ended with the case, its sessions booked and recorded as said."""
    made_at = from_london(datetime.combine(ENDED_ON - made, time(9)))
    with writing():
        pathway = _pathway(by.organisation_id)
        course = Course(
            case_id=case.id,
            organisation_id=by.organisation_id,
            pathway_id=pathway.id,
            pathway_revision=1,
            by_id=by.id,
            created_at=made_at,
            ended_at=clock.now(),
            ended_how=CourseEnd.DONE,
        )
        db.session.add(course)
        db.session.flush()
        for number, (therapy, happened) in enumerate(held, 1):
            _session(course, case, by, number, therapy, happened)


def _pathway(trust: int) -> Pathway:
    found = db.session.scalars(select(Pathway).where(Pathway.organisation_id == trust)).first()
    if found is None:
        found = Pathway(organisation_id=trust, name="Any", revision=1)
        db.session.add(found)
        db.session.flush()
    return found


def _session(
    course: Course, case: Case, by: Staff, number: int, therapy: Therapy, happened: Happened | None
) -> None:
    starts_at = from_london(datetime.combine(ENDED_ON, time(8))) - timedelta(weeks=20 - number)
    part = CourseSession(
        course_id=course.id,
        position=number,
        name=f"Session {number}",
        therapy=therapy,
        minutes=50,
        least_gap=5,
        ideal_gap=7,
        most_gap=21,
    )
    meeting = TreatmentSession(
        organisation_id=by.organisation_id,
        clinician_id=by.id,
        mode=SessionMode.TELEPHONE,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
        by_id=by.id,
    )
    db.session.add_all([part, meeting])
    db.session.flush()
    place = SessionPlace(
        session_id=meeting.id, case_id=case.id, course_session_id=part.id, by_id=by.id
    )
    db.session.add(place)
    db.session.flush()
    rows = [SEEN, MISSED] if happened is MISSED else [happened] if happened else []
    for row_number, how in enumerate(rows, 1):
        db.session.add(_recorded(place, starts_at, row_number, how, by))


def _recorded(
    place: SessionPlace, at: datetime, number: int, happened: Happened, by: Staff
) -> Attendance:
    """One row; whoever was absent was first recorded as seen, and that was put right."""
    return Attendance(
        case_id=place.case_id,
        subject=place.ref,
        number=number,
        starts_at=at,
        on=at.date(),
        required=True,
        session_number=number,
        happened=happened,
        minutes_late=10 if happened is Happened.SEEN_LATE else None,
        by_id=by.id,
        why_changed="A slip" if number > 1 else None,
    )


def proposed(case: Case, by: Staff, *pathways: Proposed) -> None:
    with writing():
        made = Assessment(case_id=case.id, author_id=by.id)
        db.session.add(made)
        db.session.flush()
        answers = {"pathways": [one.value for one in pathways]}
        db.session.add(
            AssessmentSection(
                assessment_id=made.id,
                section=Section.PATHWAY.value,
                answers=answers,
                saved_at=clock.now(),
                saved_by=by.id,
            )
        )


def groups(asked: Asked = ALL) -> Counter[str]:
    men = cohort_queries.read(asked, clock.today()).ended
    return Counter(man.groups[Trait.PATHWAY] for man in men)


def a_mixed_cohort(by: Staff) -> None:
    """Men who had another treatment than was proposed, two of them, none, or nobody recorded."""
    courses: Sequence[Sequence[Held]] = (
        [(TRAUMA, SEEN), (TRAUMA, MISSED)],
        [(TRAUMA, Happened.SEEN_LATE), (CBT, MISSED)],  # CBT was planned, and he never came to it
        [(SKILLS, SEEN), (CBT, SEEN)],
    )
    for held in courses:
        case = treated(by, *BETTER)
        proposed(case, by, Proposed.CBT)
        had_course(case, by, *held)
    twice = treated(by, *BETTER)
    had_course(twice, by, (CBT, SEEN))
    had_course(twice, by, (CBT, SEEN))
    one_after_the_other = treated(by, *BETTER)
    had_course(one_after_the_other, by, (CBT, SEEN))
    had_course(one_after_the_other, by, (TRAUMA, SEEN))
    unrecorded = treated(by, *BETTER)
    had_course(unrecorded, by, (SKILLS, None), (SKILLS, None))
    never = treated(by, *BETTER)
    proposed(never, by, Proposed.TRAUMA_INFORMED)
    had_course(never, by, (CBT, None), made=timedelta(0))  # made after the last contact
    both = treated(by, *BETTER)
    proposed(both, by, Proposed.EMOTIONAL_SKILLS, Proposed.CBT)
    treated(by, *BETTER)


def test_a_man_counts_by_the_treatment_he_had(either_app: Flask, lead: Staff) -> None:
    a_mixed_cohort(lead)
    assert groups() == {
        "trauma": 2,
        "several": 2,
        "cbt": 1,
        "skills": 1,
        "proposed:trauma_informed": 1,
        "proposed:several": 1,
        "none": 1,
    }
    only = Asked(ALL.first, ALL.last, {Trait.PATHWAY: "cbt"})
    assert groups(only) == {"cbt": 1}


def test_the_page_says_what_is_compared_and_files_do_too(client: PageClient, lead: Staff) -> None:
    a_mixed_cohort(lead)
    client.sign_in(lead)
    text = text_of(client.page(f"{PAGE}?compare=pathway"))
    assert "Compared by treatment he had" in text
    assert "No session of a course; proposed: trauma-informed therapy" in text
    said = "Men who had more than one treatment, in one course or in several, are a group"
    assert said in text
    assert said not in text_of(client.page(f"{PAGE}?compare=court"))
    whole = "first-day=1&first-month=1&first-year=2026&last-day=30&last-month=9&last-year=2026"
    assert said in client.get(f"{PAGE}.csv?compare=pathway&{whole}").get_data(as_text=True)
    assert said not in client.get(f"{PAGE}.csv?{whole}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("answer", "group"),
    [
        (["cbt"], "proposed:cbt"),
        (["cbt", "cbt"], "proposed:cbt"),
        (["emotional_skills", "cbt"], "proposed:several"),
        (["hypnosis"], "none"),
        ([], "none"),
        (None, "none"),
        ("cbt", "none"),
    ],
)
def test_what_was_proposed_is_never_a_treatment_he_had(answer: object, group: str) -> None:
    assert proposed_group(answer) == group
    assert group in dict(choices(Trait.PATHWAY, clock.today(), {}))
    assert group not in {therapy.value for therapy in Therapy}


def test_each_treatment_is_a_group_with_words() -> None:
    for therapy in Therapy:
        assert treatment_group([therapy, therapy]) == therapy.value
        assert words_of(Trait.PATHWAY, therapy.value, {}) != therapy.value
    assert treatment_group([CBT, TRAUMA]) == "several"
    with pytest.raises(ValueError, match="grouped by what was proposed"):
        treatment_group([])
