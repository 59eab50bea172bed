"""The case page: a different page for each purpose, never one with parts hidden."""

import uuid

from flask import render_template, request

from mhtr.accounts.gate import current_viewer
from mhtr.cases.consent_queries import events_of
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import Record, record
from mhtr.core.access import Purpose, Viewer
from mhtr.overview import case_views, measure_words
from mhtr.overview.kinds import page_purpose
from mhtr.overview.routes import bp
from mhtr.overview.timeline import KINDS, WhatHeSaid, entries_of
from mhtr.web import navigation
from mhtr.web.gate import signed_in
from mhtr.web.navigation import CaseGroup
from outcome_measures.reading.lines import lines_of

navigation.add_case(CaseGroup.CASE, 0, "Case", "overview.case_page", *Purpose)


@bp.get("/cases/<uuid:case_ref>")
@signed_in
def case_page(case_ref: uuid.UUID) -> str:
    """One man's case, as the purpose for which this viewer may see it needs it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *Purpose)
    banner = record(viewer, case)
    purpose = page_purpose(banner.purposes)
    if purpose is Purpose.CLINICAL:
        return _clinical(viewer, case, banner)
    view = case_views.PLAIN[purpose or Purpose.SUPERVISION]
    return render_template(
        view.template, record=banner, case=case, **view.read(viewer, case, banner)
    )


def _clinical(viewer: Viewer, case: Case, banner: Record) -> str:
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    lines = lines_of(case.id)
    said = WhatHeSaid(
        banner.facts,
        events_of(case),
        measure_words.measures_of(lines),
    )
    return render_template(
        "overview/case_clinical.html",
        record=banner,
        case=case,
        kinds=KINDS,
        kind=kind,
        entries=entries_of(viewer, case, said, kind),
        measures=measure_words.cards(case, lines),
        **case_views.clinical(viewer, case, banner, said),
    )
