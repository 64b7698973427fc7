"""Indices as published, a small rebalance of one's own, and what the chain says was traded."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ape
import pytest
from ape import project
from ape.contracts import ContractInstance
from eth_abi import decode
from eth_utils import keccak, to_checksum_address

from indexkit import plan, published_index
from indexkit.localnet import token_at
from indexkit.localnet.paths import DATA
from indexkit.published_index import Index
from indexkit.rebalance_data import Component, Rebalance, load

WAD = 10**18
SUPPLY = 10_000 * WAD
TRADE_EXECUTED = keccak(text="TradeExecuted(address,address,address,uint256,uint256)")

Holdings = Mapping[str, tuple[str, str | None]]


@dataclass(frozen=True)
class Executed:
    """A trade as the module's event and its block tell it.

    Attributes
    ----------
    sold, bought
        Tokens.
    amount_sold, amount_bought
        {sold}, {bought}
    time
        Of the block {s}.
    """

    sold: str
    bought: str
    amount_sold: int
    amount_bought: int
    time: int


@pytest.fixture(scope="session")
def read_raw() -> Callable[[str], dict[str, Any]]:
    """Return a function that reads a published rebalance past the loader."""
    return lambda name: json.loads((DATA / "rebalances" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def make_index() -> Callable[[Rebalance], Index]:
    """Return a function that creates the index of a rebalance as published."""

    def make(rebalance: Rebalance) -> Index:
        roles = published_index.test_roles()
        return published_index.create_published_index(project, rebalance, roles, lambda _: None)

    return make


@pytest.fixture(scope="session")
def executed() -> Callable[[ContractInstance], list[Executed]]:
    """Return a function that reads all trades of a module from the chain's logs."""

    def read(module: ContractInstance) -> list[Executed]:
        request = ape.chain.provider.make_request
        topic = "0x" + TRADE_EXECUTED.hex()
        query = {"address": module.address, "topics": [topic], "fromBlock": "0x0"}
        trades = []
        for log in request("eth_getLogs", [query]):
            tokens = (to_checksum_address(topic[-40:]) for topic in log["topics"][2:])
            amounts = decode(["uint256", "uint256"], bytes.fromhex(log["data"][2:]))
            block = request("eth_getBlockByNumber", [log["blockNumber"], False])
            trades.append(Executed(*tokens, *amounts, int(block["timestamp"], 16)))
        return trades

    return read


@pytest.fixture(scope="session")
def assert_backed() -> Callable[..., None]:
    """Return a function that asserts I-01: no unit stands for more than the index holds.

    It looks at the components it is given, by default at all that the index lists.
    """

    def check(index: Index, components: Sequence[str] = ()) -> None:
        supply = index.token.totalSupply()
        for address in components or index.token.getComponents():
            unit = index.token.getDefaultPositionRealUnit(address)
            assert unit * supply // WAD <= token_at(address).balanceOf(index.token), address

    return check


@pytest.fixture(scope="session")
def small_rebalance(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Rebalance]:
    """Return a function that writes a rebalance among the market's components and loads it.

    Holdings before and after are counted in largest trades. One of the targets is None: that
    component takes what value the others leave, less a surplus (a share of the index's value).
    """
    market = load("dpi-2021-04")

    def write(holdings: Holdings, surplus: str = "0") -> Rebalance:
        components = []
        worth = Fraction(0)
        for symbol, (current, target) in holdings.items():
            component = market.component(symbol)
            before, after = _unit(component, current), _unit(component, target or "0")
            worth += Fraction(before * (1 - Fraction(surplus)) - after) * component.price
            components.append(replace(component, current_unit=before, target_unit=after))
        components = [
            component
            if holdings[component.symbol][1] is not None
            else replace(component, target_unit=int(worth / component.price))
            for component in components
        ]
        file = tmp_path_factory.mktemp("rebalance") / "small.json"
        file.write_text(json.dumps(_content(market, list(map(_planned, components)))))
        return load(str(file))

    return write


def _unit(component: Component, trades: str) -> int:
    return int(Decimal(trades) * component.max_trade_size * WAD / SUPPLY)


def _planned(component: Component) -> Component:
    notional = plan.notional(component.current_unit, component.target_unit, SUPPLY)
    count = plan.trade_count(notional, component.max_trade_size)
    return replace(component, notional=notional, trade_count=count)


def _content(market: Rebalance, components: list[Component]) -> dict[str, Any]:
    """Return the fields of a data file."""
    content = json.loads((DATA / "rebalances" / f"{market.name}.json").read_text())
    fields = {entry["symbol"]: entry for entry in content["components"]}
    changed = ("current_unit", "target_unit", "notional")
    return content | {
        "name": "small",
        "conventions": "corrected",
        "total_supply": str(SUPPLY),
        "components": [
            fields[c.symbol]
            | {key: str(getattr(c, key)) for key in changed}
            | {"trade_count": c.trade_count}
            for c in components
        ],
        "component_order": [c.symbol for c in components if c.current_unit],
        "new_components": [c.symbol for c in components if not c.current_unit],
        "schedule": list(plan.schedule(components, market.weth_price)),
    }
