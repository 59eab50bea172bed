"""Drawing one measure over time as SVG that needs no style sheet, no script and no font.

Matplotlib's objects only, never pyplot: it keeps figures for the whole process. It is imported
when the first chart is drawn, because importing it takes longer than starting the program.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from outcome_measures.charts.content import Dot, Mark, Picture, Zone
from outcome_measures.charts.key import Entry, key_entries
from outcome_measures.charts.style import (
    BANDS,
    BEFORE_WORDS,
    BREAK,
    COLOURS,
    DASHES,
    FEWEST_DAYS,
    INK,
    MARKERS,
    MUTED,
    SCORE,
    SIDE,
    SIZES,
    STRIP,
    WIDEST,
    WIDTHS,
    Size,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def dimensions(shown: Picture, size: str) -> tuple[int, int]:
    """Width and height of the drawing in CSS pixels, known without drawing it."""
    return SIZES[size].width, round(_height(SIZES[size], key_entries(shown)))


def draw(shown: Picture, size: str) -> "Figure":
    """The chart as a figure whose unit is a CSS pixel.

    Raises:
        KeyError: no format has this name.
    """
    from matplotlib.figure import Figure

    form, entries = SIZES[size], key_entries(shown)
    width, height = form.width, _height(form, entries)
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
    axes = figure.add_axes(
        (
            form.left / width,
            1 - (form.above + form.plot) / height,
            (width - form.left - form.right) / width,
            form.plot / height,
        )
    )
    _frame(axes, shown, form)
    _levels(axes, shown)
    places = _Places(shown.dots)
    _scores(axes, shown, places)
    _days(axes, shown, places, form)
    _key(figure, entries, form, height)
    return figure


def _columns(form: Size, entries: Sequence[Entry]) -> int:
    """Of the key: one where the longest words would not fit beside others."""
    longest = max((len(entry.words) for entry in entries), default=0)
    room = (form.width - 8) / form.columns - BEFORE_WORDS
    return form.columns if longest * form.font * WIDEST <= room else 1


def _height(form: Size, entries: Sequence[Entry]) -> float:
    rows = -(-len(entries) // _columns(form, entries))
    return form.above + form.plot + form.below + rows * form.line + 6


class _Places:
    """Where days lie from left to right: the course takes 0 to 1, the other zones lie beside."""

    def __init__(self, dots: Sequence[Dot]) -> None:
        days = {zone: [dot.on for dot in dots if dot.zone is zone] for zone in Zone}
        self._days = days
        course = days[Zone.COURSE]
        self._begin = min(course, default=date.min)
        self._length = max((max(course, default=date.min) - self._begin).days, FEWEST_DAYS)
        self.low = -BREAK - SIDE if days[Zone.BEFORE] else 0.0
        self.high = 1 + BREAK + SIDE if days[Zone.AFTER] else 1.0

    def of(self, dot: Dot) -> float:
        """The place of a mark."""
        if dot.zone is Zone.COURSE:
            return (dot.on - self._begin).days / self._length
        begin = self.low if dot.zone is Zone.BEFORE else 1 + BREAK
        days = sorted(set(self._days[dot.zone]))
        return begin + SIDE * (days.index(dot.on) + 0.5) / len(days)

    def middle(self, zone: Zone) -> float:
        """The middle of a zone."""
        return {
            Zone.BEFORE: self.low + SIDE / 2,
            Zone.COURSE: 0.5,
            Zone.AFTER: self.high - SIDE / 2,
        }[zone]


def _frame(axes: "Axes", shown: Picture, form: Size) -> None:
    """Bands with their names, and the scale."""
    span = shown.highest - shown.lowest
    axes.set_ylim(shown.lowest - 2 * STRIP * span, shown.highest + 0.03 * span)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    for number, band in enumerate(shown.bands):
        top = band.high + (0.5 if band.high < shown.highest else 0.03 * span)
        bottom = band.low - (0.5 if band.low > shown.lowest else 0)
        axes.axhspan(bottom, top, facecolor=BANDS[number % 2], edgecolor="none", zorder=0)
        axes.text(
            1.03,
            (bottom + top) / 2,
            band.label.replace(" ", "\n"),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=form.font - 0.5,
            color=INK,
            linespacing=1.15,
        )
    step = next(step for step in (1, 2, 5, 10, 20, 50) if span / step <= 6)
    ticks = [*range(shown.lowest, shown.highest - step // 2, step), shown.highest]
    axes.set_yticks(ticks, [str(tick) for tick in ticks], fontsize=form.font, color=INK)
    axes.tick_params(axis="y", length=3, pad=2, color=MUTED)


def _levels(axes: "Axes", shown: Picture) -> None:
    """The first score, the cut-off and the lines beyond which a change is reliable."""
    for name, level in (
        ("first", shown.first),
        ("cut_off", shown.cut_off),
        ("reliable", shown.better),
        ("reliable", shown.worse),
    ):
        if level is not None:
            axes.axhline(
                level,
                color=COLOURS[name],
                linestyle=DASHES[name],
                linewidth=WIDTHS[name],
                # Dashes lie on top, so that two lines at one height are both seen.
                zorder=1.4 if name == "cut_off" else 1.6,
                gid=f"line-{name}",
            )


def _scores(axes: "Axes", shown: Picture, places: _Places) -> None:
    """A line a zone, broken wherever there is no total, and the marks upon it."""
    nothing = float("nan")
    for zone in Zone:
        dots = [dot for dot in shown.dots if dot.zone is zone]
        if zone is Zone.COURSE and len(dots) > 1:
            line = list(_broken(dots, shown.every_session))
            axes.plot(
                [places.of(dot) for dot, _ in line],
                [nothing if total is None else total for _, total in line],
                color=SCORE,
                linewidth=1.8,
                zorder=2,
                gid="scores",
            )
        for mark in Mark:
            there = [dot for dot in dots if dot.mark is mark]
            if there:
                axes.plot(
                    [places.of(dot) for dot in there],
                    [_level(dot, shown) for dot in there],
                    linestyle="none",
                    zorder=3,
                    gid=f"{zone}-{mark}",
                    clip_on=False,
                    **MARKERS[mark],
                )


def _broken(dots: Sequence[Dot], every_session: bool) -> Iterator[tuple[Dot, int | None]]:
    """The course's marks with what its line is drawn at: None breaks it."""
    before, whole = 0, False
    for dot in dots:
        if every_session and whole and (dot.session or 0) > before + 1:
            yield dot, None
        yield dot, dot.total
        before, whole = dot.session or before, dot.total is not None


def _level(dot: Dot, shown: Picture) -> float:
    """Its total; without one its mark stands in the strip below the scale."""
    if dot.total is not None:
        return dot.total
    return shown.lowest - STRIP * (shown.highest - shown.lowest)


def _days(axes: "Axes", shown: Picture, places: _Places, form: Size) -> None:
    """Numbers of sessions below their marks, and the days at both ends."""
    axes.set_xlim(places.low - 0.03, places.high + 0.03)
    unit = (form.width - form.left - form.right) / (places.high - places.low + 0.06)
    ticks: dict[float, str] = {}
    last = -1.0
    for dot in shown.dots:
        at = places.of(dot)
        if dot.zone is not Zone.COURSE or dot.session is None or (at - last) * unit < form.line:
            continue
        ticks[at], last = str(dot.session), at
    axes.set_xticks(list(ticks), list(ticks.values()), fontsize=form.font, color=INK)
    axes.tick_params(axis="x", length=3, pad=2, color=MUTED)
    for edge in (places.low + SIDE + BREAK / 2, places.high - SIDE - BREAK / 2):
        if not 0 <= edge <= 1:
            axes.axvline(edge, color=MUTED, linewidth=0.8, zorder=1)
    for zone in Zone:
        _caption(axes, shown, zone, places, form)


def _caption(axes: "Axes", shown: Picture, zone: Zone, places: _Places, form: Size) -> None:
    dots = [dot for dot in shown.dots if dot.zone is zone]
    said = "before\nsentence" if zone is Zone.BEFORE else "follow-\nup"
    if zone is Zone.COURSE:
        # Beside the words of another zone there is room for the days in numbers only.
        brief = form.columns == 1 and places.high - places.low > 1
        said = _course_words(dots, brief=brief) if dots else "no score since sentence"
    elif not dots:
        return
    axes.text(
        places.middle(zone),
        -(form.font + 8) / form.plot,
        said,
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="top",
        fontsize=form.font,
        color=INK,
        linespacing=1.05,
    )


def _course_words(dots: Sequence[Dot], *, brief: bool) -> str:
    first, last = dots[0].on, dots[-1].on
    days = f"{first.day} {first:%b %Y}"
    if last != first:
        short = f"{first.day} {first:%b}" if first.year == last.year else days
        days = f"{short} to {last.day} {last:%b %Y}"
    if brief or all(dot.session is None for dot in dots):
        return days
    return f"sessions, {days}"


def _key(figure: "Figure", entries: Sequence[Entry], form: Size, height: float) -> None:
    """What each line and shape means, with its number, below the chart."""
    from matplotlib.lines import Line2D

    columns = _columns(form, entries)
    rows = -(-len(entries) // columns)
    for number, entry in enumerate(entries):
        column, row = divmod(number, rows)
        x = 8 + column * (form.width - 8) / columns
        y = (rows - row - 0.5) * form.line + 4
        style: dict[str, Any] = (
            {"color": COLOURS[entry.name], "linestyle": DASHES[entry.name]}
            | {"linewidth": WIDTHS[entry.name]}
            if entry.name in COLOURS
            else {"linestyle": "none", **MARKERS[entry.name]}
        )
        ends = [x, x + 24] if entry.name in COLOURS else [x + 12]
        figure.add_artist(
            Line2D(
                [end / form.width for end in ends],
                [y / height] * len(ends),
                transform=figure.transFigure,
                **style,
            )
        )
        figure.text(
            (x + 32) / form.width,
            y / height,
            entry.words,
            fontsize=form.font,
            color=INK,
            va="center_baseline",
        )
