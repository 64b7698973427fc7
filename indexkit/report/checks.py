"""What must hold before a report is written: it refuses to tell what does not add up."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from indexkit import plan as arithmetic
from indexkit.errors import IndexkitError
from indexkit.report.model import WETH, Moment, Plan, Run, Trade

WHERE = "6-execution.json"


def check(plan: Plan, run: Run, state: Mapping[str, Any] | None = None) -> None:
    """Compare the record with the plan and with itself.

    Parameters
    ----------
    state
        The content of state.json: the chain the plan was made from. It says which index was to be
        rebalanced; without it the plan does.

    Raises
    ------
    IndexkitError
        A figure is not what the others make it; the sentence names the component, what was
        expected and what was found.
    """
    _check_index(plan, run, state)
    _check_symbols(plan, run)
    _check_transactions(run)
    for place, trade in enumerate(run.trades, start=1):
        _check_trade(place, trade, run)
    _check_order(run)
    for moment, when in ((run.before, "before"), (run.after, "after")):
        _check_backing(moment, when)
    for symbol in (*(component.symbol for component in plan.components), WETH):
        _check_balance(symbol, run)
    _check_losses(run)


def bought(run: Run, symbol: str) -> int:
    """Return what the trades bought of a token; WETH is bought by selling."""
    if symbol == WETH:
        return sum(trade.weth for trade in run.trades if not trade.is_buy)
    return sum(trade.amount for trade in run.trades if trade.is_buy and trade.symbol == symbol)


def sold(run: Run, symbol: str) -> int:
    """Return what the trades sold of a token; WETH is sold by buying."""
    if symbol == WETH:
        return sum(trade.weth for trade in run.trades if trade.is_buy)
    return sum(trade.amount for trade in run.trades if not trade.is_buy and trade.symbol == symbol)


def explained(run: Run, symbol: str) -> int:
    """Return the balance that trades, and what came and went besides, make of the one before."""
    traded = bought(run, symbol) - sold(run, symbol)
    return run.before.balances[symbol] + traded + run.flows[symbol]


def _check_index(plan: Plan, run: Run, state: Mapping[str, Any] | None) -> None:
    if state is None or "token" not in state:
        source, expected = "4-units.json", {"token": plan.token}
    else:
        names = ("chain_id", "token", "module")
        source, expected = "state.json", {name: state[name] for name in names if name in state}
    for name, value in expected.items():
        found = getattr(run, name)
        if str(found).lower() != str(value).lower():
            raise IndexkitError(
                f"{WHERE}: another {name} than {source} has: expected {value}, found {found}: "
                "take both from one rebalance."
            )


def _check_symbols(plan: Plan, run: Run) -> None:
    for trade in run.trades:
        plan.component(trade.symbol, f"{WHERE}, trades")
    known = {component.symbol for component in plan.components}
    for where, table, expected in (
        ("targets", run.targets, known),
        ("before, units", run.before.units, known | {WETH}),
        ("before, balances", run.before.balances, known | {WETH}),
        ("after, units", run.after.units, known | {WETH}),
        ("after, balances", run.after.balances, known | {WETH}),
        ("flows", run.flows, known | {WETH}),
    ):
        # A target for WETH says nothing: the index wants none.
        for symbol in sorted(set(table) - known - {WETH}):
            plan.component(symbol, f"{WHERE}, {where}")
        for symbol in sorted(expected - set(table)):
            raise IndexkitError(f"{WHERE}, {where}: {symbol} is missing: add it.")


def _check_transactions(run: Run) -> None:
    seen = {trade.transaction for trade in run.trades}
    for spent in run.spent:
        if spent.transaction in seen:
            raise IndexkitError(
                f"{WHERE}, gas_spent: the gas of transaction {spent.transaction} ({spent.what}) "
                "is counted already: list it once."
            )
        seen.add(spent.transaction)


def _check_trade(place: int, trade: Trade, run: Run) -> None:
    where = f"{WHERE}, trade {place} ({trade.symbol})"
    if not run.start_block <= trade.block <= run.end_block:
        raise IndexkitError(
            f"{where}: its block {trade.block} is outside the run's {run.start_block} to "
            f"{run.end_block}: correct the record."
        )
    expected = trade.weth - trade.market if trade.is_buy else trade.market - trade.weth
    if trade.cost != expected:
        raise IndexkitError(
            f"{where}: fee, impact and drift must add up to its cost against the market: expected "
            f"{expected}, found {trade.cost}: correct the record."
        )
    if not _within_limit(trade):
        got = trade.amount if trade.remaining else trade.weth
        raise IndexkitError(
            f"{where}: no such trade passes its limit: expected {trade.limit} or better, found "
            f"{got}: correct the record."
        )
    if not trade.moved and (trade.front_run or trade.sandwiched_by):
        raise IndexkitError(
            f"{where}: nobody moved its pool in the block, so nothing was lost to others: expected "
            f"0, found {trade.front_run}: correct the record."
        )


def _check_order(run: Run) -> None:
    for place, (first, second) in enumerate(pairwise(run.trades), start=2):
        if second.block < first.block or second.time < first.time:
            raise IndexkitError(
                f"{WHERE}, trade {place} ({second.symbol}): it is older than the trade before it: "
                f"expected block {first.block}, time {first.time} or later, found block "
                f"{second.block}, time {second.time}: list the trades in the chain's order."
            )


def _check_losses(run: Run) -> None:
    told = [trade.guard_loss for trade in run.trades if trade.guard_loss is not None]
    # Older records tell the whole loss only.
    if told and sum(told) != run.loss:
        raise IndexkitError(
            f"{WHERE}: the guard's losses of the trades do not add up to its loss: expected "
            f"{'none' if run.loss is None else run.loss}, found {sum(told)}: correct the record."
        )


def _within_limit(trade: Trade) -> bool:
    if trade.limit is None:
        return True
    if trade.remaining:
        return trade.amount >= trade.limit
    return trade.weth <= trade.limit if trade.is_buy else trade.weth >= trade.limit


def _check_backing(moment: Moment, when: str) -> None:
    for symbol, unit in moment.units.items():
        needed = arithmetic.current_notional(moment.total_supply, unit)
        if needed > moment.balances[symbol]:
            raise IndexkitError(
                f"{WHERE}, {when}: the units of {symbol} stand for more than the index holds: "
                f"expected at least {needed}, found {moment.balances[symbol]}: read the chain "
                "again."
            )


def _check_balance(symbol: str, run: Run) -> None:
    expected = explained(run, symbol)
    found = run.after.balances[symbol]
    if found != expected:
        besides = f" and its flow of {run.flows[symbol]} besides" if run.flows[symbol] else ""
        raise IndexkitError(
            f"{WHERE}: the trades of {symbol}{besides} do not explain its balance: expected "
            f"{expected} after the run, found {found}: a trade or a flow is missing or wrong, or "
            "the token changes balances without a transfer (it rebases), which no report explains."
        )
