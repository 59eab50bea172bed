"""Gathers the pages of the calendar."""

from sessions.calendar import feed_routes, site_routes, week_routes
from sessions.calendar.blueprint import bp

__all__ = ["bp", "feed_routes", "site_routes", "week_routes"]
