"""One chart by its own address: for those who may read the case, drawn once for each content."""

import uuid

from flask import Response, request, url_for
from werkzeug.wrappers import Response as Answer

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web.gate import only
from outcome_measures.blueprint import bp
from outcome_measures.charts.content import Picture, content_key
from outcome_measures.charts.drawing import draw
from outcome_measures.charts.store import Drawing, charts
from outcome_measures.charts.style import SIZES
from outcome_measures.charts.svg import svg_of
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.listeners import days_missed
from outcome_measures.reading.lines import lines_of, read_lines
from outcome_measures.reading.rules import chart_of
from outcome_measures.reading.sessions import session_days


@bp.get("/cases/<uuid:case_ref>/measures/<instrument>/chart.svg")
@only(*CLINICAL_ROLES)
def chart(case_ref: uuid.UUID, instrument: str) -> Answer:
    """The chart of one measure.

    The page names the content it talks about (`of`): while that is kept, the picture beside the
    page's words is the one they were written for. Without it, or once forgotten, it is drawn from
    what is on record now.
    """
    case_id = find_case(current_viewer(), case_ref, Purpose.CLINICAL).id
    size = request.args.get("size", "wide")
    if instrument not in INSTRUMENTS or size not in SIZES:
        raise NotFound
    wanted = Drawing(case_id, instrument, size, request.args.get("of", ""))
    made = charts.get(wanted)
    if made is None:
        wanted, made = _drawn(case_id, instrument, size)
    answer = Response(made, mimetype="image/svg+xml")
    answer.set_etag(wanted.content)
    return answer.make_conditional(request)


def _drawn(case_id: int, instrument: str, size: str) -> tuple[Drawing, bytes]:
    lines = lines_of(case_id)
    reading = read_lines(lines, session_days(case_id, lines)).get(instrument)
    if reading is None:
        raise NotFound
    shown = chart_of(reading, days_missed(case_id))
    # Drawing takes longer than all the reading, and the database waits for nobody's picture.
    db.session.rollback()
    wanted = Drawing(case_id, instrument, size, content_key(shown, size))
    made = charts.get(wanted)
    if made is None:
        made = svg_of(draw(shown, size), title=f"{shown.name} over time")
        charts.put(wanted, made)
    return wanted, made


def chart_href(case_ref: object, instrument: str, shown: Picture, size: str) -> str:
    """The address of a chart with this content."""
    return url_for(
        "measures.chart",
        case_ref=case_ref,
        instrument=instrument,
        size=size,
        of=content_key(shown, size),
    )
