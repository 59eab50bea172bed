"""Controls of calendars: whose names they show, what a feed tells, and times that never overlap."""

from tests.faults.controls.control import Control

PAGES = "tests/sessions/test_calendar_pages.py"
FEEDS = "tests/sessions/test_calendar_feeds.py"
CONTROLS = (
    Control(
        "No two stretches of a clinician, room or man overlap: the database refuses (SQLite)",
        "mhtr/core/guards.py",
        "    AND starts_at < NEW.ends_at AND starts_at > datetime(NEW.starts_at, '-1 day')\n",
        "    AND 1 = 0\n",
        "tests/sessions/test_no_overlap.py::test_a_stretch_that_overlaps_is_refused",
    ),
    Control(
        "No two stretches of a clinician, room or man overlap: the database refuses (PostgreSQL)",
        "mhtr/core/guards.py",
        '        if "taken_times" in tables and NO_OVERLAP not in installed(connection):\n',
        "        if False:\n",
        "tests/sessions/test_no_overlap.py::test_a_stretch_that_overlaps_is_refused",
    ),
    Control(
        "A calendar shows no name of a man who is not the viewer's to see",
        "sessions/calendar/booked.py",
        ", visible(ANYBODY, Case.id, Case.restricted)\n",
        "\n",
        f"{PAGES}::test_a_man_who_is_not_the_viewers_to_see_has_no_name",
    ),
    Control(
        "The names that a calendar shows are audited",
        "sessions/calendar/booked.py",
        '    shows("case", *seen)\n',
        "",
        f"{PAGES}::test_names_that_a_page_shows_are_audited",
    ),
    Control(
        "The week of a clinician of another trust is not found",
        "mhtr/tasks/rota_queries.py",
        '        Staff.organisation_id == bindparam("trust"),\n',
        "",
        f"{PAGES}::test_another_trusts_clinicians_and_places_are_not_found",
    ),
    Control(
        "The day of another trust's place is not found",
        "sessions/availability/scope.py",
        ".where(Site.organisation_id == organisation_id)",
        "",
        f"{PAGES}::test_another_trusts_clinicians_and_places_are_not_found",
    ),
    Control(
        "A calendar feed tells that it is an appointment, never what for",
        "sessions/calendar/ics.py",
        'TITLE = "Appointment"',
        'TITLE = "CBT at the clinic"',
        f"{FEEDS}::test_a_feed_tells_when_and_where_and_nothing_else",
    ),
    Control(
        "A calendar address that was ended tells nothing",
        "sessions/calendar/feed_service.py",
        "_hashed(secret), CalendarFeed.revoked_at.is_(None)\n",
        "_hashed(secret)\n",
        f"{FEEDS}::test_an_unknown_or_ended_address_tells_nothing",
    ),
    Control(
        "The calendar address of a clinician who is out tells nothing",
        "sessions/calendar/feed_service.py",
        ".disabled_at is None else None",
        ".id else None",
        f"{FEEDS}::test_a_clinician_who_is_out_is_told_nothing",
    ),
    Control(
        "Only a hash of a calendar address's secret is kept",
        "sessions/calendar/feed_service.py",
        "    return hashlib.sha256(secret.encode()).hexdigest()",
        "    return secret[:64]",
        f"{FEEDS}::test_only_a_hash_of_the_secret_is_kept",
    ),
)
