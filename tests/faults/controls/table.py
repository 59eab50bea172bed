"""Every control, how to take it out, and the test that must notice."""

from tests.faults.controls import (
    accounts,
    cases,
    core,
    intake,
    measures,
    overview,
    people,
    requests,
    suitability,
    tasks,
)

CONTROLS = tuple(
    control
    for feature in (
        accounts,
        cases,
        core,
        intake,
        measures,
        overview,
        people,
        suitability,
        tasks,
        requests,
    )
    for control in feature.CONTROLS
)
