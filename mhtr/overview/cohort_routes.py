"""The outcomes report: a page, its chart, the men behind its figures, a PDF and a CSV."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core import clock
from mhtr.core.access import Role, Viewer
from mhtr.core.errors import NotFound
from mhtr.overview import cohort_charts, cohort_files, cohort_pdf, cohort_queries, cohort_words
from mhtr.overview.cohort_figures import Report, found_in, report
from mhtr.overview.cohort_forms import (
    HalfYearForm,
    ReportForm,
    a_year_to,
    group_of,
    whole_quarters,
)
from mhtr.overview.cohort_queries import Asked
from mhtr.overview.cohort_rows import rows_of
from mhtr.overview.cohort_traits import LABELS
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.paging import SIZE, here, page_from, page_number
from mhtr.web.reads import shows
from outcome_measures.cohorts.cohort import Figure
from outcome_measures.cohorts.statistics import EFFECT_DENOMINATOR, RANKED_FROM
from outcome_measures.cohorts.words import CARRIED_FORWARD, MEANINGS, RULES

bp = Blueprint("cohorts", __name__)
PLACE = "/measures/report"

INSIDE = (Role.CLINICAL_LEAD, Role.SERVICE_MANAGER)
"""Who reads the counts as they are."""
READERS = (*INSIDE, Role.COMMISSIONER)
# A clinical lead finds it beside the worklists: his header is full.
navigation.add_main(40, "Outcomes", "cohorts.outcomes", Role.SERVICE_MANAGER, Role.COMMISSIONER)

ENDED, OPEN = "ended", "open"
KIND = "outcomes_report"
"""What the audit calls it. The figures name nobody, so no record is listed."""


class Wanted:
    """What this request asks for, of whom, and how it may be shown."""

    def __init__(self, viewer: Viewer, *, file: bool = False) -> None:
        self.viewer = viewer
        self.inside = viewer.has(*INSIDE)
        self.leaves = file or not self.inside
        self.today = clock.today()
        self.trusts = cohort_queries.treating_trusts()
        self.form: ReportForm | HalfYearForm
        if self.inside:
            last = self.today
            self.form = ReportForm(first=a_year_to(last), last=last)
            self.form.offer(self.today, self.trusts)
        else:
            self.form = HalfYearForm()
            self.form.offer(self.today)
        found = self.form.asked(self.today)
        self.good = found is not None
        self.asked = found or Asked(a_year_to(self.today), self.today)
        if found and isinstance(self.form, ReportForm):
            self.form.say(found)
        # What leaves covers whole quarters: days a reader chose could hold one man.
        self.files = self.asked if self.good and not self.inside else self._of_files()
        if file and self.inside:
            self.asked, self.good = self.files or self.asked, self.files is not None

    def _of_files(self) -> Asked | None:
        held = self.asked
        quarters = whole_quarters(held.first, held.last, self.today) if self.good else None
        return replace(held, first=quarters[0], last=quarters[1]) if quarters else None

    def read(self) -> Report:
        """The report."""
        cohort = cohort_queries.read(self.asked, self.today)
        return report(
            cohort,
            self.asked,
            leaves=self.leaves,
            today=self.today,
            trusts=self.trusts,
            ranked=request.args.get("order") == "rate",
        )

    def heading(self) -> list[str]:
        """What a file is about, in lines."""
        narrowed = cohort_words.narrowed(self.asked, self.trusts)
        return [
            "Outcomes of the Men's Mental Health Treatment Requirement service",
            f"Episodes ended from {cohort_words.covered(self.asked)}",
            *([f"Only {narrowed}"] if narrowed else []),
        ]


@bp.get(PLACE)
@only(*READERS)
def outcomes() -> str | tuple[str, int]:
    """Every figure of a cohort."""
    wanted = Wanted(current_viewer())
    shown = wanted.read() if wanted.good else None
    shows(KIND, 0)
    page = render_template(
        "overview/cohort.html",
        form=wanted.form,
        shown=shown,
        asked=wanted.asked,
        trusts=wanted.trusts,
        words=cohort_words,
        chart=_chart(shown) if shown else None,
        pdf=_with_query("cohorts.pdf"),
        csv=_with_query("cohorts.csv"),
        files=cohort_words.covered(wanted.files) if wanted.files else "",
        clear=url_for("cohorts.outcomes") if request.args else "",
        rows_href=_rows_href(wanted.viewer),
        meanings=MEANINGS,
        rules=RULES,
        carried_forward=CARRIED_FORWARD,
        denominator=EFFECT_DENOMINATOR,
        ranked_from=RANKED_FROM,
        how_shown=cohort_files.HOW_SHOWN,
        filtered=bool(wanted.asked.narrowed),
        narrowed_words=cohort_words.narrowed(wanted.asked, wanted.trusts),
        compared_words=LABELS[wanted.asked.compared] if wanted.asked.compared else "",
        other_order=here(order=None if request.args.get("order") == "rate" else "rate"),
    )
    return page if wanted.good else (page, 422)


@bp.get(f"{PLACE}/chart.svg")
@only(*READERS)
def chart() -> Response:
    """The chart of the same figures."""
    wanted = Wanted(current_viewer())
    shown = wanted.read() if wanted.good else None
    shows(KIND, 0)
    if shown is None:
        raise NotFound
    return Response(cohort_charts.for_screen(shown), mimetype="image/svg+xml")


@bp.get(f"{PLACE}/men")
@only(Role.CLINICAL_LEAD)
def men() -> str:
    """The men behind a figure, as far as they are in the viewer's scope as a clinician."""
    wanted = Wanted(current_viewer())
    name, part = request.args.get("figure", "finished"), request.args.get("part", ENDED)
    if not wanted.good or name not in {figure.value for figure in MEANINGS}:
        raise NotFound
    asked = wanted.asked
    also = group_of(request.args.get("also", ""))
    asked = replace(asked, narrowed={**asked.narrowed, **also})
    cohort = cohort_queries.read(asked, wanted.today)
    people = cohort.open if part == OPEN else cohort.ended
    figure = Figure(name)
    ids = found_in(people, cohort.third)[figure]
    rows = rows_of(wanted.viewer, [man for man in people if man.episode.case_id in ids])
    number = page_number()
    page = page_from(rows[(number - 1) * SIZE : number * SIZE + 1], number)
    shows("case", *[row.case_id for row in page.rows])
    return render_template(
        "overview/cohort_men.html",
        meaning=MEANINGS[figure],
        page=page,
        hidden=len(ids) - len(rows),
        interim=part == OPEN,
        covered=cohort_words.covered(asked),
        narrowed=cohort_words.narrowed(asked, wanted.trusts),
        back=_with_query("cohorts.outcomes"),
    )


@bp.get(f"{PLACE}.pdf")
@only(*READERS)
def pdf() -> Response | tuple[str, int]:
    """The report for paper: hidden and rounded, because it leaves."""
    return _file("pdf", "application/pdf")


@bp.get(f"{PLACE}.csv")
@only(*READERS)
def csv() -> Response | tuple[str, int]:
    """The figures for a spreadsheet: hidden and rounded, because they leave."""
    return _file("csv", "text/csv")


def _file(ending: str, mimetype: str) -> Response | tuple[str, int]:
    wanted = Wanted(current_viewer(), file=True)
    if not wanted.good:
        raise NotFound
    shown = wanted.read()
    shows(f"{KIND}_{ending}", 0)
    made: bytes | str
    if ending == "pdf":
        made = cohort_pdf.compiled(shown, wanted.heading(), wanted.today)
    else:
        made = cohort_files.to_csv(shown, wanted.heading())
    name = f"outcomes-{wanted.asked.first}-to-{wanted.asked.last}.{ending}"
    return Response(
        made,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _chart(shown: Report) -> dict[str, str] | None:
    if not cohort_charts.drawable(shown):
        return None
    return {"src": _with_query("cohorts.chart"), "alt": cohort_charts.alternative(shown)}


def _with_query(endpoint: str, **more: str) -> str:
    """The address of another view of what is asked for here."""
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in ("figure", "part", "also", "page", *more)
    ]
    query = urlencode([*kept, *more.items()])
    return f"{url_for(endpoint)}{'?' if query else ''}{query}"


def _rows_href(viewer: Viewer) -> Any:
    """A function that gives the address of the men behind a figure; empty for who sees none."""

    def href(figure: Figure, part: str = ENDED, also: str = "") -> str:
        if not viewer.has(Role.CLINICAL_LEAD) or figure not in MEANINGS:
            return ""
        more = {"also": also} if also else {}
        return _with_query("cohorts.men", figure=str(figure), part=part, **more)

    return href
