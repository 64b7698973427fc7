"""The plots of a report, drawn from the figures in report.json."""

import warnings
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from indexkit.report.svg import COLOURS, drawing, inline
from indexkit.report.wording import bps, percent, weth

WAD = 10**18
NARROW, WIDE = 6.2, 12.6
"""Inches: half of a page, all of it."""

ROW, TALLEST = 0.29, 5.2
"""Inches: of a component's row; of a plot without rows."""

LONGEST_LABEL = 12
ROOM_FOR_NOTE = 6
"""Percent of the index's value that a figure takes beside a mark."""

MARKS: dict[str, dict[str, Any]] = {
    "before": {
        "s": 38,
        "facecolor": COLOURS["surface"],
        "edgecolor": COLOURS["before"],
        "linewidth": 1.6,
        "zorder": 4,
    },
    "target": {"s": 170, "marker": "|", "color": COLOURS["ink"], "linewidth": 1.8, "zorder": 3},
    "after": {"s": 38, "color": COLOURS["after"], "zorder": 5},
}

Content = Mapping[str, Any]
Side = Literal["top", "bottom", "center"]


def plots(content: Content) -> dict[str, str]:
    """Return every plot as an SVG element, by its name; none of trades if there were none."""
    chosen: dict[str, Callable[[Content], str]] = {"weights": _weights}
    if content["trades"]:
        chosen |= {"slippage": _slippage, "spending": _spending, "timeline": _timeline}
    drawn = {}
    for name, draw in chosen.items():
        # A symbol in letters that the measuring font lacks is drawn by the reader's own font.
        with drawing(name), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing")
            drawn[name] = draw(content)
    return drawn


def _weights(content: Content) -> str:
    lines = sorted(content["weights"], key=lambda line: (int(line["target"]), line["symbol"]))
    figure, axes = _rows(len(lines), NARROW)
    for row, line in enumerate(lines):
        places = {name: int(line[name]) / 1e16 for name in MARKS}
        ends = [places["before"], places["after"]]
        axes.plot(ends, [row, row], color=COLOURS["before"], linewidth=2.5, alpha=0.5)
        for name, mark in MARKS.items():
            axes.scatter([places[name]], [row], **mark)
        room = min(places["before"] - places["after"], places["after"])
        beyond = room > ROOM_FOR_NOTE
        place = places["after"] if beyond else max(places.values())
        _note(axes, percent(line["after"]), (place, row), -9 if beyond else 9)
    axes.set_yticks(range(len(lines)), [_label(line["symbol"]) for line in lines])
    axes.set_xlabel("share of the index's value, %")
    axes.set_xlim(left=-0.6, right=axes.get_xlim()[1] * 1.13)
    handles = [axes.scatter([], [], label=name, **mark) for name, mark in MARKS.items()]
    _legend(axes, handles)
    share = percent(content["tracking"]["active_share"])
    return inline(
        figure,
        "weights",
        "Weights before, target and after",
        f"One row per component. The weights after the run are {share} of the index's value away "
        "from the target (active share). The table beside it holds every figure.",
    )


def _slippage(content: Content) -> str:
    lines = sorted(
        content["components"], key=lambda line: (float(line["cost_bps"] or 0), line["symbol"])
    )
    figure, axes = _rows(len(lines), NARROW)
    ends = [0.0] * len(lines), [0.0] * len(lines)
    for part in ("fee", "impact", "drift"):
        for row, line in enumerate(lines):
            value = float(line[f"{part}_bps"] or 0)
            side = ends[0] if value >= 0 else ends[1]
            axes.barh(row, value, left=side[row], height=0.62, color=COLOURS[part], linewidth=0)
            side[row] += value
    for row, line in enumerate(lines):
        _note(axes, bps(line["cost_bps"]), (ends[0][row], row), 5)
    axes.axvline(0, color=COLOURS["muted"], linewidth=1)
    axes.set_yticks(range(len(lines)), [_label(line["symbol"]) for line in lines])
    axes.set_xlabel("bps of the traded value")
    axes.set_xlim(right=axes.get_xlim()[1] * 1.06)
    _legend(
        axes,
        [
            axes.barh(0, 0, color=COLOURS[part], label=label)
            for part, label in (("fee", "pool fee"), ("impact", "impact"), ("drift", "drift"))
        ],
    )
    return inline(
        figure,
        "slippage",
        "Cost of trading by component",
        "Stacked bars of pool fee, price impact and drift, in basis points of what was traded; "
        "the sum stands at the end of each bar.",
    )


def _spending(content: Content) -> str:
    trades, cost, budget = content["trades"], content["totals"]["cost"], content["budget"]
    figure, axes = _axes(NARROW, min(_height(len(content["components"])), TALLEST))
    hours = [0.0, *(_hours(trade, trades) for trade in trades)]
    sums = accumulate((int(trade["cost"]) for trade in trades), initial=0)
    spent = [value / WAD for value in sums]
    axes.fill_between(hours, spent, step="post", color=COLOURS["area"], linewidth=0)
    axes.step(hours, spent, where="post", color=COLOURS["after"], linewidth=2)
    below = budget is not None and int(budget["loss"]) > int(cost)
    side: Side = "top" if below else "bottom"
    _note(axes, f"cost {weth(cost, 2)}", (hours[-1], spent[-1]), 7, side)
    told = "No guard counted losses."
    if budget is not None:
        _draw_budget(axes, budget, hours, _losses(trades), "bottom" if below else "top")
        told = (
            f"What the guard counted as lost rises to {weth(budget['loss'])} WETH of a budget of "
            f"{weth(budget['budget'])}."
        )
    axes.set_xlabel("hours since the first trade")
    axes.set_ylabel("WETH, summed up")
    axes.set_xlim(0, max(hours[-1] * 1.2, 0.01))
    axes.set_ylim(bottom=min(0, *spent))
    return inline(
        figure,
        "spending",
        "Cost over time, and the guard's budget",
        f"The cost of trading against market prices rises to {weth(cost)} WETH. {told}",
    )


def _losses(trades: list[Content]) -> list[float] | None:
    """Sum up what the guard counted, from 0; None if the record tells only the whole."""
    losses = [trade["guard_loss"] for trade in trades]
    if None in losses:
        return None
    return [value / WAD for value in accumulate(map(int, losses), initial=0)]


def _draw_budget(
    axes: Axes, budget: Content, hours: list[float], losses: list[float] | None, side: Side
) -> None:
    end, lost, whole = hours[-1], int(budget["loss"]) / WAD, int(budget["budget"]) / WAD
    if losses is not None:
        axes.step(hours, losses, where="post", color=COLOURS["budget"], linewidth=1.6)
    axes.axhline(whole, color=COLOURS["budget"], linewidth=1.6, linestyle=(0, (5, 3)))
    axes.annotate(
        f"guard's budget {weth(budget['budget'], 2)}",
        (0, whole),
        xytext=(4, -5),
        textcoords="offset points",
        va="top",
        fontsize=9.5,
        color=COLOURS["budget"],
    )
    axes.scatter([end], [lost], s=42, color=COLOURS["budget"], zorder=4)
    _note(axes, f"loss {weth(budget['loss'], 2)}", (end, lost), 7, side)


def _timeline(content: Content) -> str:
    trades = content["trades"]
    symbols = list(dict.fromkeys(trade["symbol"] for trade in trades))[::-1]
    figure, axes = _rows(len(symbols), WIDE)
    largest = max(int(trade["market"]) for trade in trades) or 1
    for is_buy, name, marker in ((False, "sell", "v"), (True, "buy", "^")):
        chosen = [trade for trade in trades if trade["is_buy"] is is_buy]
        axes.scatter(
            [_hours(trade, trades) for trade in chosen],
            [symbols.index(trade["symbol"]) for trade in chosen],
            s=[18 + 110 * int(trade["market"]) / largest for trade in chosen],
            marker=marker,
            color=COLOURS[name],
            alpha=0.75,
            linewidth=0,
        )
    axes.set_yticks(range(len(symbols)), [_label(symbol) for symbol in symbols])
    axes.set_ylim(-0.7, len(symbols) - 0.3)
    axes.set_xlabel("hours since the first trade; a mark's area grows with the trade's value")
    _legend(
        axes,
        [
            axes.scatter([], [], s=60, marker=marker, color=COLOURS[name], label=name)
            for name, marker in (("sell", "v"), ("buy", "^"))
        ],
    )
    return inline(
        figure,
        "timeline",
        "Every trade by component and time",
        f"{len(trades)} trades: sells point down, buys point up. The table below lists them.",
    )


def _rows(count: int, width: float) -> tuple[Figure, Axes]:
    """Return axes with a row per component, lines along the values only."""
    figure, axes = _axes(width, _height(count))
    axes.grid(visible=False, axis="y")
    axes.set_ylim(-0.6, count - 0.4)
    return figure, axes


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    return figure, axes


def _height(rows: int) -> float:
    return 1.0 + ROW * max(rows, 6)


def _note(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    distance: float,
    side: Side = "center",
) -> None:
    axes.annotate(
        text,
        place,
        xytext=(distance, 0),
        textcoords="offset points",
        va=side,
        ha="left" if distance > 0 else "right",
        fontsize=9,
        color=COLOURS["muted"],
    )


def _legend(axes: Axes, handles: list[Any]) -> None:
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=len(handles),
        handletextpad=0.3,
        columnspacing=1.4,
        borderaxespad=0.2,
    )


def _hours(trade: Content, trades: list[Content]) -> float:
    return (int(trade["time"]) - int(trades[0]["time"])) / 3_600


def _label(symbol: str) -> str:
    return symbol if len(symbol) <= LONGEST_LABEL else f"{symbol[: LONGEST_LABEL - 1]}…"
