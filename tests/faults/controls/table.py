"""Every control, how to take it out, and the test that must notice."""

from tests.faults.controls import (
    accounts,
    assessing,
    attendance,
    calendars,
    cases,
    core,
    identities,
    intake,
    late_reports,
    leaving,
    measures,
    orders,
    overview,
    people,
    released,
    requests,
    suitability,
    tasks,
)

FEATURES = (
    accounts,
    assessing,
    calendars,
    attendance,
    cases,
    core,
    identities,
    intake,
    late_reports,
    leaving,
    measures,
    orders,
    overview,
    people,
    released,
    requests,
    suitability,
    tasks,
)
CONTROLS = tuple(control for feature in FEATURES for control in feature.CONTROLS)
