"""The figures of a report, from what 4-units.json and 6-execution.json say."""

from collections.abc import Mapping, Sequence
from typing import Any

from indexkit.report import costs, weights
from indexkit.report.checks import check
from indexkit.report.flows import flows
from indexkit.report.model import WETH, Plan, Run
from indexkit.report.reading import read_plan, read_run
from indexkit.report.verdict import verdict

FORMAT = 1


def figures(
    units: Mapping[str, Any],
    execution: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]] = (),
    state: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the content of report.json.

    Parameters
    ----------
    units, execution
        The contents of 4-units.json and 6-execution.json.
    files
        The chain of files (`links.links`), shown as it is.
    state
        The content of state.json, if there is one: says which index was to be rebalanced.

    Returns
    -------
    dict
        Amounts as decimal strings in base units, counts as integers, shares D18 or in basis points
        with two digits, USD with cents. docs/REPORT.md names each.

    Raises
    ------
    IndexkitError
        A field is missing or malformed, or the figures do not add up (`checks.check`).
    """
    plan, run = read_plan(units), read_run(execution)
    check(plan, run, state)
    unit_lines = weights.unit_lines(plan, run)
    weight_lines = weights.weight_lines(plan, run)
    content: dict[str, Any] = {
        "format": FORMAT,
        "heading": _heading(plan, run),
        "files": [dict(line) for line in files],
        "weights": weight_lines,
        "units": unit_lines,
        "tracking": weights.tracking(weight_lines, unit_lines),
        "cash": {
            "before": weights.cash(plan, run.before),
            "flow": str(run.flows[WETH]),
            "after": weights.cash(plan, run.after),
        },
        "flows": flows(plan, run),
        "totals": costs.totals(plan, run),
        "trades": costs.trade_lines(plan, run.trades),
        "components": costs.component_lines(plan, run),
        "gas": costs.gas(plan, run),
        "budget": _budget(run),
        "plans": {"followed": plan.followed, "lines": costs.plan_lines(plan, run)},
        "balances": costs.balance_lines(plan, run),
    }
    content["verdict"] = verdict(content, finished=run.finished, stopped=run.stopped)
    return content


def _heading(plan: Plan, run: Run) -> dict[str, Any]:
    return {
        "rebalance": plan.rebalance,
        "index": plan.index,
        "index_name": plan.index_name,
        "date": plan.date.isoformat(),
        "weth_price": str(plan.weth_price),
        "chain_id": run.chain_id,
        "token": run.token,
        "module": run.module,
        "guard": run.guard,
        "trader": run.trader,
        "nonce": run.nonce,
        "start_block": run.start_block,
        "end_block": run.end_block,
        "before": _moment(run.before.block, run.before.time, run.before.total_supply),
        "after": _moment(run.after.block, run.after.time, run.after.total_supply),
    }


def _moment(block: int, time: int, supply: int) -> dict[str, Any]:
    return {"block": block, "time": time, "total_supply": str(supply)}


def _budget(run: Run) -> dict[str, Any] | None:
    if run.loss is None or run.loss_budget is None:
        return None
    return {
        "loss": str(run.loss),
        "budget": str(run.loss_budget),
        "used_bps": costs.share_bps(run.loss, run.loss_budget),
    }
