"""A rebalance played on paper: the folder it would leave, with figures that add up.

Pools are Uniswap pairs that a largest trade moves by about 1 %; others bring them back to the
market before each trade. Everything follows from the published rebalance, so two runs are equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from indexkit import documents, plan
from indexkit.rebalance_data import Component, Rebalance, load

WAD = 10**18
MODULE, GUARD, TRADER, THIEF = (f"0x{digit * 40}" for digit in "1234")
START_TIME, START_BLOCK, BLOCK_S = 1_618_912_800, 12_277_100, 13
DEPTH = 200
"""A pool holds so many largest trades."""

STEPS = ("1-weights", "2-verification", "3-params", "4-units", "5-submission", "6-execution")


@dataclass
class Paper:
    """A run under way: reserves {wei, comp}, balances {comp}, units D18, last trades {s}."""

    rebalance: Rebalance
    gas_price: int
    balances: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    trades: list[dict[str, Any]] = field(default_factory=list)
    flows: dict[str, int] = field(default_factory=dict)
    supply: int = 0
    time: int = START_TIME
    block: int = START_BLOCK

    def __post_init__(self) -> None:
        self.supply = self.rebalance.total_supply
        for component in self.rebalance.components:
            self._hold(component.symbol, component.current_unit)
        self._hold("WETH", 0)

    def _hold(self, symbol: str, unit: int) -> None:
        self.units[symbol] = unit
        self.balances[symbol] = unit * self.supply // WAD
        self.flows[symbol] = 0

    def issue(self, quantity: int) -> None:
        """Issue, for components rounded up, or redeem (negative) for them rounded down."""
        self.supply += quantity
        for symbol, unit in self.units.items():
            amount = -(-unit * quantity // WAD)
            self.balances[symbol] += amount
            self.flows[symbol] += amount

    def moment(self) -> dict[str, Any]:
        """Return what the index holds now, as the record has it."""
        return {
            "block": self.block,
            "time": self.time,
            "total_supply": str(self.supply),
            "position_multiplier": str(self.rebalance.position_multiplier),
            "units": {symbol: str(unit) for symbol, unit in self.units.items()},
            "balances": {symbol: str(amount) for symbol, amount in self.balances.items()},
        }

    def value(self, component: Component, amount: int) -> int:
        """Value an amount at the market price {wei}."""
        return plan.value_in_weth(
            amount, component.price, self.rebalance.weth_price, component.decimals
        )

    def attempt(self, symbol: str) -> bool:
        """Trade a component once, if it is off target and the WETH at hand pays for it."""
        component = self.rebalance.component(symbol)
        supply, unit = self.supply, self.units[symbol]
        size = plan.trade_size(supply, unit, component.target_unit, component.max_trade_size)
        if abs(unit - component.target_unit) <= plan.UNIT_TOLERANCE or size == 0:
            return False
        start = self._pool(component)
        pool = self._moved(component, start, size)
        weth, held = pool
        paid = plan.amount_in(size, weth, held) if size > 0 else plan.amount_out(-size, held, weth)
        if size > 0 and paid > self.balances["WETH"]:
            return False
        quoted = plan.amount_in(size, *start) if size > 0 else plan.amount_out(-size, *start[::-1])
        margin = quoted * 150 // 10_000
        limit = quoted + margin if size > 0 else quoted - margin
        self._note(component, "trade", abs(size), paid, (quoted, limit), (start, pool), size > 0)
        return True

    def spend_rest(self) -> None:
        """Spend the WETH at hand on the component that lacks the greatest value."""
        supply = self.supply
        lacking = {
            c.symbol: self.value(c, (c.target_unit - self.units[c.symbol]) * supply // WAD)
            for c in self.rebalance.components
            if c.target_unit > self.units[c.symbol]
        }
        component = self.rebalance.component(max(lacking, key=lambda symbol: lacking[symbol]))
        weth, pool = self.balances["WETH"], self._pool(component)
        got = plan.amount_out(weth, *pool)
        limits = (got, got - got * 50 // 10_000)
        self._note(component, "remaining", got, weth, limits, (pool, pool), True)

    def _pool(self, component: Component) -> tuple[int, int]:
        held = component.max_trade_size * DEPTH
        # Others leave the pool anywhere within their band around the market.
        away = Fraction(10_000 + len(self.trades) * 7 % 41 - 20, 10_000)
        return int(self.value(component, held) * away), held

    def _moved(self, component: Component, pool: tuple[int, int], size: int) -> tuple[int, int]:
        """Let somebody trade first, before every fiftieth trade."""
        if len(self.trades) % 50 != 30:
            return pool
        weth, held = pool
        if size > 0:
            taken = plan.amount_out(weth // 400, weth, held)
            return weth + weth // 400, held - taken
        taken = plan.amount_out(held // 400, held, weth)
        return weth - taken, held + held // 400

    def _note(
        self,
        component: Component,
        kind: str,
        amount: int,
        weth: int,
        limits: tuple[int, int],
        pools: tuple[tuple[int, int], tuple[int, int]],
        is_buy: bool,
    ) -> None:
        symbol, (start, pool) = component.symbol, pools
        self._wait(component)
        mid, market = amount * pool[0] // pool[1], self.value(component, amount)
        cost = plan.split_cost(weth, mid, market, is_buy=is_buy)
        place, moved = len(self.trades), start != pool
        self.balances[symbol] += amount if is_buy else -amount
        self.balances["WETH"] += -weth if is_buy else weth
        for token in (symbol, "WETH"):
            self.units[token] = self.balances[token] * WAD // self.supply
        self.trades.append(
            {
                "symbol": symbol,
                "is_buy": is_buy,
                "kind": kind,
                "amount": str(amount),
                "weth": str(weth),
                "quoted": str(limits[0]),
                "limit": str(limits[1]),
                "mid": str(mid),
                "market": str(market),
                "fee": str(cost.fee),
                "impact": str(cost.impact),
                "drift": str(cost.drift),
                "front_run": str(abs(weth - limits[0]) if moved else 0),
                "sandwiched_by": THIEF if moved and place % 100 == 30 else None,
                "guard_loss": str(max(0, (weth - market if is_buy else market - weth) * 22 // 100)),
                "reserves_block_start": _reserves(start),
                "reserves_before": _reserves(pool),
                "gas": 176_000 + place * 7_919 % 31_000,
                "gas_price": str(self.gas_price),
                "time": self.time,
                "block": self.block,
                "transaction": _hash(f"trade {place}"),
            }
        )

    def _wait(self, component: Component) -> None:
        ready = self.last.get(component.symbol, 0) + component.cool_off_period
        blocks = max(1, -(-(ready - self.time) // BLOCK_S))
        self.block += blocks
        self.time += blocks * BLOCK_S
        self.last[component.symbol] = self.time


def play(
    name: str = "dpi-2021-04",
    gas_price: int = 0,
    trades: int | None = None,
    issued: Mapping[int, int] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the contents of 4-units.json and 6-execution.json of a published rebalance.

    Parameters
    ----------
    issued
        What is issued, or (negative) redeemed, before which entries of the schedule {set}.
    """
    rebalance = load(name)
    paper = Paper(rebalance, gas_price)
    before = paper.moment()
    for place, symbol in enumerate(rebalance.schedule[:trades]):
        paper.issue((issued or {}).get(place, 0))
        paper.attempt(symbol)
    while trades is None and sum(paper.attempt(c.symbol) for c in rebalance.components):
        pass
    if trades is None:
        paper.spend_rest()
    return units_of(rebalance), _execution(paper, before, finished=trades is None)


def write(folder: Path, units: dict[str, Any], execution: dict[str, Any]) -> Path:
    """Write the whole chain of files into a folder and return it."""
    basket = {"rule": "single-pass-cap"}
    state = {key: execution[key] for key in ("chain_id", "token", "module")}
    documents.write(folder / "basket.json", basket)
    documents.write(folder / "state.json", state)
    contents = {
        "1-weights": {"basket": documents.digest(basket)},
        "4-units": {**units, "state": documents.digest(state)},
        "5-submission": {"safe_tx_hash": _hash("safe"), "executed": None},
        "6-execution": execution,
    }
    previous = None
    for step in STEPS:
        document = {"step": step[2:], "previous": previous, "content": contents.get(step, {})}
        documents.write(folder / f"{step}.json", document)
        previous = documents.digest(document)
    return folder


def unguarded(execution: dict[str, Any]) -> dict[str, Any]:
    """Return the record as it is of an index without a guard."""
    trades = [{**trade, "guard_loss": None} for trade in execution["trades"]]
    return {**execution, "trades": trades, "guard": None, "loss": None, "loss_budget": None}


def units_of(rebalance: Rebalance) -> dict[str, Any]:
    """Return the content of 4-units.json."""
    fields = ("symbol", "name", "address", "decimals", "exchange", "cool_off_period", "trade_count")
    amounts = ("max_trade_size", "current_unit", "target_unit", "notional")
    return {
        "rebalance": rebalance.name,
        "index": rebalance.index,
        "index_name": rebalance.index_name,
        "token_address": rebalance.token_address,
        "date": rebalance.date.isoformat(),
        "weth_price_usd": str(rebalance.weth_price_usd),
        "total_supply": str(rebalance.total_supply),
        "position_multiplier": str(rebalance.position_multiplier),
        "components": [
            {key: getattr(c, key) for key in fields}
            | {key: str(getattr(c, key)) for key in amounts}
            | {"price_usd": f"{c.price_usd:f}"}
            for c in rebalance.components
        ],
        "plans": {
            "published": _plan(345 * 10**17, 559 * 10**17, 209, 44_600),
            "planned": _plan(345 * 10**17, 498 * 10**17, 231, 44_100),
        },
        "followed": "published",
    }


def _execution(paper: Paper, before: dict[str, Any], *, finished: bool) -> dict[str, Any]:
    return {
        "chain_id": 1,
        "token": paper.rebalance.token_address,
        "module": MODULE,
        "guard": GUARD,
        "trader": TRADER,
        "nonce": 1,
        "start_block": START_BLOCK,
        "end_block": paper.block,
        "trades": paper.trades,
        "gas_spent": [
            {
                "what": "observe",
                "gas": 91_234,
                "gas_price": str(paper.gas_price),
                "transaction": _hash("observe"),
            }
        ],
        "before": before,
        "after": paper.moment(),
        "flows": {symbol: str(amount) for symbol, amount in paper.flows.items()},
        "targets": {c.symbol: str(c.target_unit) for c in paper.rebalance.components},
        "raises": 0,
        "loss": str(sum(int(trade["guard_loss"]) for trade in paper.trades)),
        "loss_budget": str(sum(int(trade["market"]) for trade in paper.trades) // 100),
        "finished": finished,
        "stopped": None if finished else "The trader was taken off the list.",
    }


def _plan(fee: int, impact: int, trades: int, seconds: int) -> dict[str, Any]:
    gas = trades * 188_000
    expected = {"fee": str(fee), "impact": str(impact), "gas_cost": "0", "gas": gas}
    return {"expected": {**expected, "trades": trades, "seconds": seconds}}


def _reserves(pool: tuple[int, int]) -> dict[str, str]:
    return {"weth": str(pool[0]), "component": str(pool[1])}


def _hash(of: str) -> str:
    return "0x" + documents.digest({"of": of})
