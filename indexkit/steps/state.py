"""What the steps know of the chain: a file that was read from it, or given instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.deployment import networks
from indexkit.fields import ADDRESS, AMOUNT, COUNT, POSITIVE, TEXTS, TIME, Record
from indexkit.pool_state import PoolState, pool_from_json


@dataclass(frozen=True, slots=True)
class SafeState:
    """The multisig that submits.

    Attributes
    ----------
    nonce
        Of its next transaction.
    threshold
        How many owners sign.
    """

    address: str
    nonce: int
    threshold: int


@dataclass(frozen=True, slots=True)
class State:
    """The index, its module, its manager and the pools of its components at one block.

    Attributes
    ----------
    guard, house, safe
        None if there is none: of the trades, as the manager, as whoever submits.
    nonce
        Of the module's rebalances.
    total_supply
        {set}
    position_multiplier
        D18{1}
    component_order
        Addresses, as the SetToken lists them.
    units
        D18{comp/set} by address.
    decimals
        By address, of the held components and of those asked for.
    stored
        The module's parameters by address: exchange id, max_trade_size {comp}, cool_off_period {s}.
    """

    chain_id: int
    block: int
    timestamp: int
    token: str
    module: str
    guard: str | None
    manager: str
    house: str | None
    safe: SafeState | None
    nonce: int
    total_supply: int
    position_multiplier: int
    component_order: tuple[str, ...]
    units: Mapping[str, int]
    decimals: Mapping[str, int]
    stored: Mapping[str, tuple[int, int, int]]
    pools: tuple[PoolState, ...]

    def unit(self, address: str) -> int:
        """Return a component's unit D18{comp/set}, 0 if the index does not hold it."""
        return self.units.get(address, 0)

    @property
    def weth(self) -> str:
        """The address of WETH on this chain, what the index trades against."""
        return networks.of(self.chain_id).venues.weth

    @property
    def digest(self) -> str:
        """Of its document."""
        return documents.digest(self.document())

    def document(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {
            "chain_id": self.chain_id,
            "block": self.block,
            "timestamp": self.timestamp,
            "token": self.token,
            "module": self.module,
            "guard": self.guard,
            "manager": self.manager,
            "house": self.house,
            "safe": None
            if self.safe is None
            else {
                "address": self.safe.address,
                "nonce": self.safe.nonce,
                "threshold": self.safe.threshold,
            },
            "nonce": self.nonce,
            "total_supply": str(self.total_supply),
            "position_multiplier": str(self.position_multiplier),
            "component_order": list(self.component_order),
            "units": {address: str(unit) for address, unit in self.units.items()},
            "decimals": dict(self.decimals),
            "stored": {
                address: {
                    "exchange": exchange,
                    "max_trade_size": str(size),
                    "cool_off_period": seconds,
                }
                for address, (exchange, size, seconds) in self.stored.items()
            },
            "pools": [pool.to_json() for pool in self.pools],
        }


def read(path: Path) -> State:
    """Read a state from its file.

    Raises
    ------
    IndexkitError
        The file cannot be read, or a figure in it is missing or malformed.
    """
    return state_of(Record(path.name, documents.read(path)))


def state_of(record: Record) -> State:
    """Return the state of a JSON object."""
    order = record.read("component_order", TEXTS)
    units = record.record("units")
    decimals = record.record("decimals")
    stored = record.record("stored")
    for place, address in enumerate(order):
        if ADDRESS.parse(address) is None:
            raise record.error(f"component_order[{place}] is {address!r}, no address: correct it")
    if len(set(order)) < len(order) or {*order} != {*units.fields}:
        raise record.error(
            "component_order and units do not list the same addresses, each once: read it anew"
        )
    return State(
        chain_id=record.read("chain_id", COUNT),
        block=record.read("block", COUNT),
        timestamp=record.read("timestamp", TIME),
        token=record.read("token", ADDRESS),
        module=record.read("module", ADDRESS),
        guard=_optional(record, "guard"),
        manager=record.read("manager", ADDRESS),
        house=_optional(record, "house"),
        safe=None if record.fields.get("safe") is None else _safe(record.record("safe")),
        nonce=record.read("nonce", COUNT),
        total_supply=record.read("total_supply", POSITIVE),
        position_multiplier=record.read("position_multiplier", POSITIVE),
        component_order=order,
        units={address: units.read(address, AMOUNT) for address in units.fields},
        decimals={address: decimals.read(address, COUNT) for address in decimals.fields},
        stored={address: _stored(stored.record(address)) for address in stored.fields},
        pools=tuple(
            pool_from_json(pool.fields, pool.where) for pool in record.records("pools", "component")
        ),
    )


def _optional(record: Record, key: str) -> str | None:
    return None if record.fields.get(key) is None else record.read(key, ADDRESS)


def _safe(record: Record) -> SafeState:
    return SafeState(
        address=record.read("address", ADDRESS),
        nonce=record.read("nonce", COUNT),
        threshold=record.read("threshold", COUNT),
    )


def _stored(record: Record) -> tuple[int, int, int]:
    return (
        record.read("exchange", COUNT),
        record.read("max_trade_size", AMOUNT),
        record.read("cool_off_period", COUNT),
    )
