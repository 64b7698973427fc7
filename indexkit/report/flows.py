"""What came into the index and went out of it besides its trades, valued."""

from typing import Any

from indexkit import plan as arithmetic
from indexkit.report.model import WETH, Plan, Run


def flows(plan: Plan, run: Run) -> dict[str, Any]:
    """Return how many tokens came or went besides the trades, and what they were worth.

    Returns
    -------
    dict
        ``tokens``: how many kinds; ``came``, ``went``: the net of each token, at planned prices,
        rounded down {wei}. Issuing brings tokens, redeeming takes them, fees do neither.
    """
    values = _values(plan, run)
    return {
        "tokens": sum(amount != 0 for amount in run.flows.values()),
        "came": str(sum(value for value in values if value > 0)),
        "went": str(-sum(value for value in values if value < 0)),
    }


def _values(plan: Plan, run: Run) -> list[int]:
    values = [run.flows[WETH]]
    for component in plan.components:
        flow = run.flows[component.symbol]
        value = arithmetic.value_in_weth(
            abs(flow), component.price, plan.weth_price, component.decimals
        )
        values.append(value if flow > 0 else -value)
    return values
