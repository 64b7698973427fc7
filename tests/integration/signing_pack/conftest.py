"""A run's documents for a small rebalance, and an index of it in the hands of a Safe."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ape import project

from indexkit import documents, guarding, plan, published_house, published_index
from indexkit.localnet import advance
from indexkit.market import market_of
from indexkit.published_house import House
from indexkit.published_index import Index
from indexkit.rebalance_data import Component, Rebalance, load
from indexkit.safe import Safe
from indexkit.signing import Pack, compose
from indexkit.steps.reader import read_state

WAD = 10**18
SUPPLY = 10_000 * WAD
WEEK_S = 7 * 86_400
NO_GUARD = "0x" + "00" * 20
TARGETS = {"YFI": "1.1", "LRC": "0", "BAL": "1.2", "UNI": "0.8", "AAVE": "1", "CREAM": None}
"""New units as shares of the old ones; CREAM enters, LRC leaves, AAVE stays as it is."""

Document = dict[str, Any]


@dataclass
class Run:
    """An index that a Safe runs, and the documents of its next rebalance."""

    index: Index
    rebalance: Rebalance
    safe: Safe
    house: House | None
    signers: published_house.Signers
    traders: tuple[str, ...]
    state: Document
    units: Document

    def pack(self, **changed: Any) -> Pack:
        """Compose the pack."""
        choices = {"deadline_s": WEEK_S, "traders": self.traders, **changed}
        return compose(self.units, self.state, **choices)

    def read_again(self) -> None:
        """Read the state anew, and work the units out for it as they are."""
        self.state = state_of(self.index, self.rebalance)
        self.units["state"] = documents.digest(self.state)
        multiplier = self.state["position_multiplier"]
        self.units |= {
            "total_supply": self.state["total_supply"],
            "position_multiplier": multiplier,
            "start": {**self.units["start"], "position_multiplier": multiplier},
        }
        for component in self.units["components"]:
            component["current_unit"] = self.state["units"].get(component["address"], "0")


def _rebalance() -> Rebalance:
    april = load("dpi-2021-04")
    components = []
    for symbol, share in TARGETS.items():
        component = april.component(symbol)
        if share is not None:
            target = component.current_unit * int(Decimal(share) * 10) // 10
            component = replace(component, target_unit=target)
        notional = plan.notional(component.current_unit, component.target_unit, SUPPLY)
        components.append(replace(component, notional=notional))
    return replace(
        april,
        name="small",
        total_supply=SUPPLY,
        components=tuple(components),
        component_order=tuple(symbol for symbol, share in TARGETS.items() if share is not None),
        new_symbols=("CREAM",),
        schedule=(),
    )


@pytest.fixture(scope="session")
def rebalance() -> Rebalance:
    """Return a rebalance of six of DPI's components."""
    return _rebalance()


def units_of(rebalance: Rebalance, state: Document) -> Document:
    """Return the content of 4-units.json."""
    sizes = {c.symbol: str(c.max_trade_size) for c in rebalance.components}
    expected = {"fee": "10", "impact": str(WAD), "gas_cost": "7", "gas": 7, "trades": 7}
    planned = {"schedule": [], "max_trade_sizes": sizes, "expected": {**expected, "seconds": 7}}
    return {
        "rebalance": rebalance.name,
        "index": rebalance.index,
        "index_name": rebalance.index_name,
        "token_address": rebalance.token_address,
        "date": "2021-04-20",
        "weth_price_usd": str(rebalance.weth_price_usd),
        "total_supply": state["total_supply"],
        "position_multiplier": state["position_multiplier"],
        "components": [_component(c) for c in rebalance.components],
        "component_order": list(rebalance.component_order),
        "new_components": list(rebalance.new_symbols),
        "schedule": [],
        "plans": {"published": planned, "planned": copy.deepcopy(planned)},
        "followed": "published",
        "start": {
            "new_components": [c.address for c in rebalance.new_components],
            "new_target_units": [str(c.target_unit) for c in rebalance.new_components],
            "old_target_units": [str(c.target_unit) for c in rebalance.old_components],
            "position_multiplier": state["position_multiplier"],
        },
        "state": documents.digest(state),
    }


def _component(component: Component) -> Document:
    return {
        "symbol": component.symbol,
        "name": component.name,
        "address": component.address,
        "decimals": component.decimals,
        "price_usd": str(component.price_usd),
        "exchange": component.exchange,
        "max_trade_size": str(component.max_trade_size),
        "cool_off_period": component.cool_off_period,
        "current_unit": str(component.current_unit),
        "target_unit": str(component.target_unit),
        "notional": str(component.notional),
        "trade_count": 1,
    }


def state_of(index: Index, rebalance: Rebalance) -> Document:
    """Read state.json from the chain."""
    components = [component.address for component in rebalance.components]
    return read_state(index.token.address, index.module.address, components).document()


@pytest.fixture(scope="module")
def index(rebalance: Rebalance) -> Index:
    """Create the index, with nobody but one account as its manager."""
    return _index(rebalance)


@pytest.fixture(scope="module")
def house_run(rebalance: Rebalance) -> Run:
    """Have a Safe operate the IndexManager of an index; its guard knows its prices."""
    index, signers = _index(rebalance), published_house.local_signers()
    terms = guarding.terms_for(rebalance, market_of(rebalance))
    house = published_house.house_of(project, index, signers, terms=terms)
    return _run(index, rebalance, house.safe, house, signers)


@pytest.fixture(scope="module")
def safe_run(rebalance: Rebalance) -> Run:
    """Have a Safe manage another index itself."""
    index, signers = _index(rebalance), published_house.local_signers()
    terms = guarding.terms_for(rebalance, market_of(rebalance))
    safe = published_house.safe_of(index, signers, terms=terms, salt=1)
    return _run(index, rebalance, safe, None, signers)


def _index(rebalance: Rebalance) -> Index:
    roles = published_index.test_roles()
    return published_index.create_published_index(project, rebalance, roles, lambda _: None)


def _run(
    index: Index,
    rebalance: Rebalance,
    safe: Safe,
    house: House | None,
    signers: published_house.Signers,
) -> Run:
    guarding.observe(index, rebalance.components)
    advance(int(index.protocol.guard.window()))
    state = state_of(index, rebalance)
    units = units_of(rebalance, state)
    traders = (index.roles.trader.address,)
    return Run(index, rebalance, safe, house, signers, traders, state, units)


def _copy(run: Run) -> Run:
    return replace(run, state=copy.deepcopy(run.state), units=copy.deepcopy(run.units))


@pytest.fixture
def fresh(house_run: Run) -> Run:
    """Return the house's run with documents of its own, which a test may change."""
    return _copy(house_run)


@pytest.fixture(params=["house", "safe"])
def either(request: pytest.FixtureRequest, house_run: Run, safe_run: Run) -> Run:
    """Return the house's run, then the other Safe's, with documents of their own."""
    return _copy(house_run if request.param == "house" else safe_run)


@pytest.fixture(scope="session")
def paper(rebalance: Rebalance) -> tuple[Document, Document]:
    """Return units and state of an index that is on no chain."""
    held = [component.address for component in rebalance.old_components]
    number = iter(range(1, 100))

    def address() -> str:
        return "0x" + f"{next(number):02d}" * 20

    state = {
        "chain_id": 1,
        "block": 100,
        "timestamp": 1_618_876_800,
        "token": address(),
        "module": address(),
        "guard": address(),
        "manager": address(),
        "house": "0x" + "04" * 20,
        "safe": {"address": address(), "nonce": 3, "threshold": 2},
        "nonce": 1,
        "total_supply": str(rebalance.total_supply),
        "position_multiplier": str(rebalance.position_multiplier),
        "component_order": held,
        "units": {c.address: str(c.current_unit) for c in rebalance.old_components},
        "stored": {},
        "pools": [],
    }
    return units_of(rebalance, state), state


@pytest.fixture
def folder(paper: tuple[Document, Document], tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a run's folder, with units or state changed as told."""

    def write(change: Callable[[Document, Document], None] = lambda units, state: None) -> Path:
        units, state = copy.deepcopy(paper)
        change(units, state)
        documents.write(tmp_path / "state.json", state)
        step = {"step": "units", "previous": None, "content": units}
        documents.write(tmp_path / "4-units.json", step)
        return tmp_path

    return write
