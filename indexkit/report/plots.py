"""The plots of a report, drawn from the figures in report.json."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from indexkit.report.svg import COLOURS, drawing, inline
from indexkit.report.wording import bps, percent, weth

WAD = 10**18
NARROW, WIDE = 6.2, 9.4
"""Inches: half of a page, all of it."""

ROW = 0.29
LONGEST_LABEL = 12

Content = Mapping[str, Any]


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
        before, target, after = (int(line[key]) / 1e16 for key in ("before", "target", "after"))
        axes.plot([before, after], [row, row], color=COLOURS["before"], linewidth=2.5, alpha=0.5)
        mark = {"s": 190, "marker": "|", "color": COLOURS["ink"], "linewidth": 1.8, "zorder": 3}
        axes.scatter([target], [row], **mark)
        face = {"facecolor": COLOURS["surface"], "edgecolor": COLOURS["before"], "linewidth": 1.6}
        axes.scatter([before], [row], s=38, zorder=4, **face)
        axes.scatter([after], [row], s=38, zorder=5, color=COLOURS["after"])
        place = (max(before, target, after), row)
        _note(axes, percent(line["after"]), place, 9)
    axes.set_yticks(range(len(lines)), [_label(line["symbol"]) for line in lines])
    axes.set_xlabel("share of the index's value, %")
    axes.set_xlim(left=_least(axes), right=axes.get_xlim()[1] * 1.13)
    names = ("before", "target", "after")
    handles = [
        axes.scatter([], [], s=38, label=names[0], **face) if lines else None,
        axes.scatter([], [], label=names[1], **(mark | {"s": 110})) if lines else None,
        axes.scatter([], [], s=38, label=names[2], color=COLOURS["after"]),
    ]
    _legend(axes, [handle for handle in handles if handle is not None])
    share = percent(content["tracking"]["active_share"])
    return inline(
        figure,
        "weights",
        "Weights before, target and after",
        f"One row per component. The weights after the run are {share} of the index's value away "
        "from the target (active share). The table below holds every figure.",
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
    trades, totals, budget = content["trades"], content["totals"], content["budget"]
    figure, axes = _axes(NARROW, 3.1)
    hours, spent, sums = [0.0], [0.0], 0
    for trade in trades:
        sums += int(trade["cost"])
        hours.append(_hours(trade, trades))
        spent.append(sums / WAD)
    line = {"step": "post", "color": COLOURS["area"], "linewidth": 0}
    axes.fill_between(hours, spent, **line)
    axes.step(hours, spent, where="post", color=COLOURS["after"], linewidth=2)
    _note(axes, f"cost {weth(totals['cost'], 2)}", (hours[-1], spent[-1]), 5)
    if budget is not None:
        lost, whole = int(budget["loss"]) / WAD, int(budget["budget"]) / WAD
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
        axes.scatter([hours[-1]], [lost], s=42, color=COLOURS["budget"], zorder=4)
        _note(axes, f"loss {weth(budget['loss'], 2)}", (hours[-1], lost), 7)
    axes.set_xlabel("hours since the first trade")
    axes.set_ylabel("WETH, summed up")
    axes.set_xlim(0, max(hours[-1] * 1.2, 0.01))
    axes.set_ylim(bottom=min(0, *spent))
    return inline(
        figure,
        "spending",
        "Cost over time, and the guard's budget",
        f"The cost of trading against market prices rises to {weth(totals['cost'])} WETH. "
        + (
            "No guard counted losses."
            if budget is None
            else f"The guard counted {weth(budget['loss'])} WETH lost of a budget of "
            f"{weth(budget['budget'])}."
        ),
    )


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
            s=[12 + 80 * int(trade["market"]) / largest for trade in chosen],
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
    figure, axes = _axes(width, 1.0 + ROW * max(count, 2))
    axes.grid(visible=False, axis="y")
    axes.set_ylim(-0.6, count - 0.4)
    return figure, axes


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    return figure, axes


def _note(axes: Axes, text: str, place: tuple[float, float], distance: float) -> None:
    axes.annotate(
        text,
        place,
        xytext=(distance, 0),
        textcoords="offset points",
        va="center",
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


def _least(axes: Axes) -> float:
    return min(0.0, axes.get_xlim()[0]) if axes.get_xlim()[0] < -5 else -0.6


def _hours(trade: Content, trades: list[Content]) -> float:
    return (int(trade["time"]) - int(trades[0]["time"])) / 3_600


def _label(symbol: str) -> str:
    return symbol if len(symbol) <= LONGEST_LABEL else f"{symbol[: LONGEST_LABEL - 1]}…"
