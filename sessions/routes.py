"""Pages of this package. Sibling route modules add theirs to `bp`."""

from sessions.availability import (
    adjust_routes,
    clinician_routes,
    man_routes,
    one_off_routes,
    place_routes,
)
from sessions.blueprint import bp
from sessions.booking import book_routes as booking_book_routes
from sessions.booking import broken as broken_bookings
from sessions.booking import change_routes as booking_change_routes
from sessions.booking import follow as booking_follow
from sessions.booking import group_change_routes as booking_group_change_routes
from sessions.booking import group_routes as booking_group_routes
from sessions.booking import list_routes as booking_list_routes
from sessions.booking import routes as booking_routes
from sessions.booking import several_courses as booking_several_courses
from sessions.courses import (
    course_change_routes,
    course_routes,
    course_session_routes,
    course_tasks,
    draft_routes,
    pathway_routes,
)
from sessions.planning import course_routes as planning_course_routes
from sessions.planning import proposal_routes as planning_proposal_routes
from sessions.therapists import follow as therapists_follow
from sessions.therapists import routes as therapists_routes

__all__ = [
    "booking_book_routes",
    "booking_change_routes",
    "booking_follow",
    "booking_group_change_routes",
    "booking_group_routes",
    "booking_list_routes",
    "booking_routes",
    "booking_several_courses",
    "bp",
    "broken_bookings",
    "course_change_routes",
    "course_routes",
    "course_session_routes",
    "course_tasks",
    "draft_routes",
    "pathway_routes",
    "clinician_routes",
    "adjust_routes",
    "man_routes",
    "one_off_routes",
    "place_routes",
    "planning_course_routes",
    "planning_proposal_routes",
    "therapists_follow",
    "therapists_routes",
]
