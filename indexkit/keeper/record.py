"""What a keeper executed: from the chain's events and receipts, in figures that add up."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eth_abi.abi import decode

from indexkit import plan
from indexkit.keeper import attribution, events, losses
from indexkit.keeper.contracts import Contracts, Snapshot
from indexkit.localnet.arbitrage import Reserves
from indexkit.market import Market
from indexkit.rebalance_data import Rebalance

TRADE, REMAINING, RAISE, OBSERVE = "trade", "remaining", "raise", "observe"

LIMITED = {
    "tradeWithLimit": TRADE,
    "tradeRemainingWETHWithLimit": REMAINING,
    "tradeRemainingWETH": REMAINING,
}
"""What calls of the module do; any other call that trades makes plain trades."""

_COUNTS = ("gas", "time", "block", "start_block", "end_block", "nonce", "chain_id", "raises")


@dataclass(frozen=True, slots=True)
class Trade:
    """One executed trade.

    Attributes
    ----------
    kind
        ``trade``, or ``remaining`` for one that spent all the WETH.
    amount, weth
        Of the component {comp} and of WETH {wei}, both positive.
    quoted
        WETH {wei}, or for ``remaining`` the component {comp}, that was expected before sending.
    limit
        Of the same; None if the call named none.
    mid
        The amount at the pool's mid price just before the trade {wei}.
    market
        The amount at the market price {wei}.
    cost
        What it cost against the market price.
    front_run
        Lost because reserves moved between the block's start and the trade {wei}; negative if it
        gained by that. Part of the drift.
    sandwiched_by
        Who swapped in the pool before and after, in opposite directions.
    guard_loss
        What the guard counted as lost by it {wei}; None unguarded.
    gas
        Of its transaction.
    gas_price
        {wei/gas}
    time
        Of its block {s}.
    """

    symbol: str
    is_buy: bool
    kind: str
    amount: int
    weth: int
    quoted: int
    limit: int | None
    mid: int
    market: int
    cost: plan.Cost
    front_run: int
    sandwiched_by: str | None
    guard_loss: int | None
    block_start: Reserves
    before: Reserves
    gas: int
    gas_price: int
    time: int
    block: int
    transaction: str

    def as_json(self) -> dict[str, Any]:
        """Return the trade as the record has it."""
        content = asdict(self)
        content |= content.pop("cost")
        content["reserves_block_start"] = _reserves(content.pop("block_start"))
        content["reserves_before"] = _reserves(content.pop("before"))
        return content


@dataclass(frozen=True, slots=True)
class Spent:
    """A transaction of the trader that is no trade."""

    what: str
    gas: int
    gas_price: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Execution:
    """A rebalance as far as it was executed, by whomever.

    Attributes
    ----------
    gas_spent
        What this keeper's other transactions took.
    flows
        What came into the index, less what left it, besides the trades: by symbol {comp}.
    targets
        D18{comp/set} at the index's multiplier after the run, by symbol.
    loss, loss_budget
        Against the guard's reference prices {wei}; None without a guard.
    finished
        Whether there is nothing left to do.
    stopped
        Why it stopped before; None if it did not, or was asked for a part only.
    """

    chain_id: int
    token: str
    module: str
    guard: str | None
    trader: str
    nonce: int
    start_block: int
    end_block: int
    trades: tuple[Trade, ...]
    gas_spent: tuple[Spent, ...]
    before: Snapshot
    after: Snapshot
    flows: dict[str, int]
    targets: dict[str, int]
    raises: int
    loss: int | None
    loss_budget: int | None
    finished: bool
    stopped: str | None

    @property
    def cash(self) -> int:
        """The WETH that belongs to the index's units after the run {wei}."""
        return plan.current_notional(self.after.total_supply, self.after.units["WETH"])

    def as_json(self) -> dict[str, Any]:
        """Return the content of ``6-execution.json``: amounts as decimal strings."""
        content = asdict(self)
        content["trades"] = [trade.as_json() for trade in self.trades]
        rendered = _render(content)
        assert isinstance(rendered, dict)
        return rendered


def read_trades(
    contracts: Contracts,
    rebalance: Rebalance,
    market: Market,
    start: int,
    intents: Mapping[str, Mapping[str, Any]],
) -> tuple[Trade, ...]:
    """Read the trades since a rebalance started, whoever made them.

    Parameters
    ----------
    start
        Its block.
    intents
        What the keeper expected of its transactions, by their hash.
    """
    symbols = {c.address: c.symbol for c in rebalance.components}
    return tuple(
        _trade(contracts, rebalance, market, symbols[found.component], found, intents)
        for found in events.trades(contracts.module, start)
        if found.component in symbols
    )


def read_spent(intents: Mapping[str, Mapping[str, Any]]) -> tuple[Spent, ...]:
    """Read what the keeper's transactions besides trades took, failed trades among them."""
    spent = []
    for transaction, intent in intents.items():
        receipt = events.request("eth_getTransactionReceipt", transaction)
        if receipt is None:
            continue
        what = intent["for"]
        if what in (TRADE, REMAINING):
            if events.number(receipt["status"]):
                continue
            what = f"reverted {what}"
        gas, price = (events.number(receipt[key]) for key in ("gasUsed", "effectiveGasPrice"))
        spent.append(Spent(what, gas, price, transaction))
    return tuple(spent)


def _trade(
    contracts: Contracts,
    rebalance: Rebalance,
    market: Market,
    symbol: str,
    found: events.Traded,
    intents: Mapping[str, Mapping[str, Any]],
) -> Trade:
    component = rebalance.component(symbol)
    receipt = events.request("eth_getTransactionReceipt", found.transaction)
    block = events.request("eth_getBlockByNumber", hex(found.block), False)
    around = attribution.surroundings(component, found, receipt)
    kind, limit = _call(contracts.module, found.transaction)
    mid = int(found.amount * around.before.mid_price)
    value = market.value(symbol, found.amount)
    expected = found.amount if kind == REMAINING else found.weth
    quoted = int(intents.get(found.transaction, {}).get("quoted", expected))
    return Trade(
        symbol=symbol,
        is_buy=found.is_buy,
        kind=kind,
        amount=found.amount,
        weth=found.weth,
        quoted=quoted,
        limit=limit,
        mid=mid,
        market=value,
        cost=plan.split_cost(found.weth, mid, value, is_buy=found.is_buy),
        front_run=attribution.front_run(found, around),
        sandwiched_by=around.sandwiched_by,
        guard_loss=losses.loss_of(contracts, found, receipt),
        block_start=around.block_start,
        before=around.before,
        gas=events.number(receipt["gasUsed"]),
        gas_price=events.number(receipt["effectiveGasPrice"]),
        time=events.number(block["timestamp"]),
        block=found.block,
        transaction=found.transaction,
    )


def _call(module: Any, transaction: str) -> tuple[str, int | None]:
    """Return which kind of trade a transaction asked the module for, and its limit."""
    sent = events.request("eth_getTransactionByHash", transaction)
    data = bytes.fromhex(sent["input"][2:])
    if (sent["to"] or "").lower() == module.address.lower():
        for name, kind in LIMITED.items():
            if name in dir(module) and data[:4] == selector(module, name):
                limits = decode(["address", "uint256"], data[4:])[1:] if len(data) > 36 else ()
                return kind, next(iter(limits), None)
    return TRADE, None


def selector(module: Any, name: str) -> bytes:
    """Return the four bytes that a function of the module is called by."""
    nobody = "0x" + 20 * "00"
    arguments = (nobody, 0) if name.endswith("WithLimit") else (nobody,)
    return bytes(getattr(module, name).encode_input(*arguments))[:4]


def _reserves(reserves: Mapping[str, int]) -> dict[str, int]:
    return {"weth": reserves["weth"], "component": reserves["component"]}


def _render(content: Any, key: str = "") -> Any:
    """Turn integers into strings, except counts: JSON readers lose digits above 2**53."""
    if isinstance(content, dict):
        return {name: _render(value, name) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_render(value, key) for value in content]
    if isinstance(content, int) and not isinstance(content, bool) and key not in _COUNTS:
        return str(content)
    return content
