"""What a pack is made from: the units that were worked out, and the state they assume."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexkit.deploy import EXCHANGE_IDS
from indexkit.deployment import networks


@dataclass(frozen=True, slots=True)
class Settings:
    """How a component trades: exchange id, largest size {comp}, least time between trades {s}."""

    exchange: int
    max_trade_size: int
    cool_off_period: int


UNSET = Settings(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A component and what is to become of it.

    Attributes
    ----------
    price
        D18{USD} per whole token.
    settings
        Of the plan that is followed.
    current_unit, target_unit
        {comp} per whole index token.
    """

    symbol: str
    address: str
    decimals: int
    price: int
    settings: Settings
    current_unit: int
    target_unit: int


@dataclass(frozen=True, slots=True)
class Units:
    """The content of `4-units.json`, as far as it is signed.

    Attributes
    ----------
    old, new
        Components held, in the index's order, and those that enter.
    expected_cost
        Fee and price impact of the plan that is followed {wei}.
    """

    name: str
    index: str
    entries: tuple[Entry, ...]
    old: tuple[Entry, ...]
    new: tuple[Entry, ...]
    multiplier: int
    supply: int
    expected_cost: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Reserves of a component's pool when the state was read {comp}, {wei}."""

    component: str
    exchange: str
    component_reserve: int
    weth_reserve: int


@dataclass(frozen=True, slots=True)
class State:
    """`state.json`: the chain as the units assume it. `house` and `guard` are empty for none."""

    chain_id: int
    block: int
    timestamp: int
    token: str
    module: str
    guard: str
    manager: str
    house: str
    safe: str
    safe_nonce: int
    threshold: int
    nonce: int
    supply: int
    multiplier: int
    order: tuple[str, ...]
    units: Mapping[str, int]
    stored: Mapping[str, Settings]
    pools: tuple[Pool, ...]

    @property
    def weth(self) -> str:
        """The address of WETH on this chain, what the index trades against."""
        return networks.of(self.chain_id).venues.weth


def exchange_name(identifier: int) -> str:
    """Return the name of an exchange by its id on chain."""
    names = {number: name for name, number in EXCHANGE_IDS.items()}
    return names.get(identifier, "none")
