"""The rebalance of DPI in April 2021, 209 trades: in the original, and in ours in three ways.

The same plan is followed in the same market by the same code (`indexkit.keeper`), with the
arbitrageur who brings the pools back between trades.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ape
from ape import project

from bench.meter import Measured
from bench.original import executable, original_index
from bench.together import TogetherKeeper
from indexkit import deploy, execution, guarding, published_index
from indexkit.commands import quiet_ape
from indexkit.keeper import Keeper
from indexkit.localnet import keep_block_time
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.market import market_of
from indexkit.published_index import Index
from indexkit.rebalance_data import load

REBALANCE = "dpi-2021-04"

COUNTED = (
    *("startRebalance", "setTradeMaximums", "setExchanges", "setCoolOffPeriods"),
    *("trade", "tradeWithLimit", "tradeBatch"),
    *("tradeRemainingWETH", "tradeRemainingWETHWithLimit", "raiseAssetTargets"),
)
"""Functions of the index module that make up the rebalance."""

Trades = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """What a rebalance took.

    Attributes
    ----------
    gas
        Of the setters, the start and the trades {gas}.
    besides
        Of what a guard asks for: its terms, and the prices it is shown {gas}.
    trades
        Components and amounts {comp}, {wei}, in order.
    transactions
        In how many transactions they were made.
    """

    gas: int
    besides: int
    trades: Trades
    transactions: int

    def __str__(self) -> str:
        return f"{self.gas:,} gas, {len(self.trades)} trades in {self.transactions} transactions"


WAYS: dict[str, tuple[bool, type[Keeper]]] = {
    "April 2021, trade by trade, without a guard": (False, Keeper),
    "April 2021, trade by trade, guarded": (True, Keeper),
    "April 2021, together what is due together, guarded": (True, TogetherKeeper),
}
"""How ours does it: guarded or not, and executed by whom."""


def april(say: Any) -> Iterator[Measured]:
    """Execute the rebalance in every way, each on the chain as it was at first."""
    say("April 2021, the original")
    original = _execute(None, Keeper)
    say(f"  {original}")
    for way, (guarded, executor) in WAYS.items():
        say(way)
        ours = _execute(guarded, executor)
        say(f"  {ours}")
        if executor is Keeper:
            assert ours.trades == original.trades, "the original traded otherwise"
        yield Measured(way, None, original.gas, ours.gas)
        if guarded:
            yield Measured(f"{way}: the guard's terms and readings", None, None, ours.besides)


def _execute(guarded: bool | None, executor: type[Keeper]) -> Spent:
    """Execute the rebalance; `guarded` is None for the original."""
    rebalance, roles = load(REBALANCE), published_index.test_roles()
    before = ape.chain.snapshot()
    with quiet_ape():
        keep_block_time()
        if guarded is None:
            index = original_index(rebalance, roles)
        else:
            index = published_index.create_published_index(
                project, rebalance, roles, lambda _: None
            )
        market = market_of(rebalance)
        terms = guarding.terms_for(rebalance, market) if guarded else None
        first = ape.chain.blocks.height + 1
        execution.start(index, rebalance, terms)
        played = executable(index) if guarded is None else index
        run = execution.execute(
            played,
            rebalance,
            market,
            Arbitrageur(rebalance),
            unguarded=not guarded,
            keeper=executor,
        )
        assert run.finished, run.stopped
        trades = tuple((trade.symbol, trade.amount, trade.weth) for trade in run.trades)
        spent = _spent(index, first, trades)
    ape.chain.restore(before)
    return spent


def _spent(index: Index, first: int, trades: Trades) -> Spent:
    """Read from the chain what the manager and the trader paid since a block."""
    functions = {abi.name for abi in index.module.contract_type.mutable_methods}
    names = {deploy.selector(index.module, f): f for f in functions}
    payers = {index.roles.manager.address.lower(), index.roles.trader.address.lower()}
    gas: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for transaction in _transactions(first):
        if transaction["from"].lower() in payers:
            selector = bytes.fromhex(transaction["input"][2:10])
            to_module = transaction["to"].lower() == index.module.address.lower()
            name = names[selector] if to_module else "guard"
            receipt = _ask("eth_getTransactionReceipt", transaction["hash"])
            assert receipt["status"] == "0x1", f"{name} failed"
            gas[name] += int(receipt["gasUsed"], 16)
            calls[name] += 1
    counted = sum(gas[name] for name in COUNTED)
    transactions = sum(n for name, n in calls.items() if name.startswith("trade"))
    return Spent(counted, gas["guard"] + gas["setGuard"], trades, transactions)


def _transactions(first: int) -> Iterator[dict[str, Any]]:
    """Yield the transactions of all blocks from one on."""
    for number in range(first, ape.chain.blocks.height + 1):
        block = _ask("eth_getBlockByNumber", hex(number), True)
        yield from block["transactions"] if block else ()


def _ask(method: str, *parameters: Any) -> Any:
    return ape.chain.provider.make_request(method, list(parameters))
