"""Kinds of place, of hours, and of reasons why he cannot come."""

from enum import StrEnum


class SiteKind(StrEnum):
    """What kind of place it is."""

    CLINIC = "clinic"
    PROBATION_OFFICE = "probation_office"
    VOLUNTARY = "voluntary"


class HoursUse(StrEnum):
    """What a stretch of a clinician's time is for."""

    SESSIONS = "sessions"
    SUPERVISION = "supervision"
    TRAVEL = "travel"
    """On the way from one place to another."""
    OTHER = "other"
    """Meetings, writing: there, but not to be booked."""
    AWAY = "away"
    """Not there, though the weekly hours say so. Whole days away are leave (`mhtr.tasks`)."""


class CannotReason(StrEnum):
    """Why he cannot come then."""

    WORK = "work"
    CARE = "care"
    UNPAID_WORK = "unpaid_work"
    PROBATION = "probation"
    CURFEW = "curfew"
    FAITH = "faith"
    HEALTH = "health"
    OTHER = "other"
