"""The outcome of a rebalance as tables for a terminal."""

from decimal import Decimal

from rich.table import Table

from indexkit.outcome import Outcome
from indexkit.plan import UNIT_TOLERANCE, WAD
from indexkit.rebalance_data import Rebalance


def component_table(outcome: Outcome, rebalance: Rebalance) -> Table:
    """Return a row per component: units in whole tokens per index token."""
    table = Table(title=f"{rebalance.index} {rebalance.date:%B %Y}: units per index token")
    table.add_column("component")
    for heading in ("before", "target", "after", "difference", "trades", "slippage", "gas"):
        table.add_column(heading, justify="right")
    for line in outcome.lines:
        decimals = rebalance.component(line.symbol).decimals
        difference = line.after - line.target
        table.add_row(
            line.symbol,
            _units(line.before, decimals),
            _units(line.target, decimals),
            _units(line.after, decimals),
            _difference(difference, decimals),
            str(line.trades),
            "" if line.slippage_bps is None else f"{line.slippage_bps} bps",
            f"{line.gas:,}",
        )
    return table


def totals_table(outcome: Outcome, rebalance: Rebalance) -> Table:
    """Return the totals in WETH, in USD, and in basis points of the traded value."""
    table = Table(title="Totals, at market prices")
    for heading in ("", "WETH", "USD", "bps of traded"):
        table.add_column(heading, justify="left" if not heading else "right")
    cost = outcome.cost
    rows = [
        ("traded value", outcome.traded),
        ("  sold", outcome.sold),
        ("  bought", outcome.bought),
        ("cost of trading", cost.total),
        ("  pool fees", cost.fee),
        ("  price impact", cost.impact),
        ("  drift (pool against market)", cost.drift),
        ("shortfall of the buys", outcome.shortfall),
        ("planned buys less planned sells", outcome.plan_gap),
        ("left-over WETH", outcome.left_over),
    ]
    for name, wei in rows:
        weth = Decimal(wei) / WAD
        usd = weth * rebalance.weth_price_usd
        share = Decimal(wei) * 10_000 / outcome.traded if outcome.traded else Decimal(0)
        table.add_row(name, f"{weth:z,.4f}", f"{usd:z,.0f}", f"{share:z.2f}")
    return table


def summary(outcome: Outcome) -> str:
    """Return one line: trades, gas, and how long they took by the chain's clock."""
    trades = sum(line.trades for line in outcome.lines)
    hours = Decimal(outcome.seconds) / 3600
    return (
        f"{trades} trades, {outcome.gas:,} gas, {hours:.1f} hours by the chain's clock, "
        f"targets raised {outcome.raises} times."
    )


def _difference(difference: int, decimals: int) -> str:
    """Say "met" within the module's own tolerance: stored units are rounded down."""
    if difference == 0:
        return "met"
    if abs(difference) <= UNIT_TOLERANCE:
        return f"met ({difference:+d})"
    return _units(difference, decimals)


def _units(amount: int, decimals: int) -> str:
    return f"{Decimal(amount).scaleb(-decimals):.{min(decimals, 12)}f}"
