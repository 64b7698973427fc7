"""What the steps leave, as tables for a terminal."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.table import Table

from indexkit.plan import WAD

Content = Mapping[str, Any]


def weights_table(content: Content) -> Table:
    """Return a row per component of ``1-weights.json``."""
    rule = content["rule"] if content["cap"] is None else f"{content['rule']} {content['cap']}"
    table = _table(f"{content['rebalance']}: weights by {rule}", "price USD", "weight")
    for entry in content["components"]:
        table.add_row(entry["symbol"], entry["price_usd"], _percent(entry["weight"]))
    return table


def params_table(content: Content, decimals: Mapping[str, int]) -> Table:
    """Return a row per component of ``3-params.json``; decimals by address."""
    title = f"Parameters for a price impact of {content['impact_bps']} bps"
    table = _table(title, "exchange", "largest trade", "cool-off", "impact of a buy", "of a sale")
    for entry in content["components"]:
        table.add_row(
            entry["symbol"],
            entry["exchange"] + (" (given)" if entry["given"] else ""),
            tokens(entry["max_trade_size"], decimals[entry["address"]]),
            f"{entry['cool_off_period']} s",
            f"{Decimal(entry['buy_impact_ppm']) / 100:.1f} bps",
            f"{Decimal(entry['sell_impact_ppm']) / 100:.1f} bps",
        )
    return table


def units_table(content: Content) -> Table:
    """Return a row per component of ``4-units.json``: units in whole tokens per index token."""
    table = _table(
        f"{content['rebalance']}: units per {content['index']}",
        *("now", "target", "to trade", "USD", "trades", "weight now", "target weight"),
    )
    for entry in content["components"]:
        decimals = entry["decimals"]
        table.add_row(
            entry["symbol"],
            tokens(entry["current_unit"], decimals, 12),
            tokens(entry["target_unit"], decimals, 12),
            tokens(entry["notional"], decimals),
            f"{int(entry['notional_usd']):+,}",
            str(entry["trade_count"]),
            _percent(entry["weight_before"]),
            _percent(entry["weight_target"]),
        )
    return table


def plans_table(content: Content) -> Table:
    """Return what the greedy and the planned order are expected to cost, in WETH."""
    gwei = Decimal(content["options"]["gas_price"]) / 10**9
    table = _table(
        f"Expected costs in WETH, gas at {gwei:f} gwei",
        *("trades", "hours", "pool fees", "price impact", "gas", "together"),
    )
    for name, plan in content["plans"].items():
        expected = plan["expected"]
        costs = [int(expected[key]) for key in ("fee", "impact", "gas_cost")]
        table.add_row(
            name + (" (followed)" if name == content["followed"] else ""),
            str(expected["trades"]),
            f"{Decimal(expected['seconds']) / 3600:.1f}",
            *(f"{Decimal(cost) / WAD:,.4f}" for cost in (*costs, sum(costs))),
        )
    return table


def checks_table(content: Content) -> Table:
    """Return a row per check of the preflight in ``5-submission.json``."""
    table = _table("Preflight", "expected", "found", "")
    for check in content["checks"]:
        verdict = "PASS" if check["passed"] else "FAIL"
        table.add_row(check["name"], str(check["expected"]), str(check["found"]), verdict)
    return table


def warnings(content: Content) -> Iterator[str]:
    """Yield what a human should look at in ``3-params.json``."""
    for entry in content["components"]:
        yield from entry["warnings"]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _percent(share: str) -> str:
    return f"{Decimal(share) * 100 / WAD:.4f} %"


def tokens(amount: str | int, decimals: int, most: int = 4) -> str:
    """Return an amount in whole tokens, with a few of its decimals."""
    return f"{Decimal(amount).scaleb(-decimals):,.{min(decimals, most)}f}"
