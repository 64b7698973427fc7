"""Other people's contracts on each network, from data/networks.json (with their sources there)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ape
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit import fields
from indexkit.deployment.conventions import BALANCER_V1, SUSHISWAP, UNISWAP_V2
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, NAME, OBJECTS, Kind, Record

# Not the localnet's: it reads from here what its pools need.
DATA = Path(__file__).resolve().parents[2] / "data"

HASH = Kind(
    "a hash: 0x and 64 digits of hex",
    lambda value: value if isinstance(value, str) and _is_hash(value) else None,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A Uniswap V2, or what was forked from it.

    Attributes
    ----------
    factory, router
        Addresses.
    pair_code_hash
        Hash of the pair's init code, as 0x-hex, from which a pair's address follows.
    """

    factory: str
    router: str
    pair_code_hash: str

    def pair(self, a: str, b: str) -> str:
        """Return where the factory creates the pair of two tokens (CREATE2)."""
        low, high = sorted(bytes.fromhex(each[2:]) for each in (a, b))
        start = b"\xff" + bytes.fromhex(self.factory[2:]) + keccak(low + high)
        return to_checksum_address(keccak(start + bytes.fromhex(self.pair_code_hash[2:]))[12:])


@dataclass(frozen=True, slots=True)
class Venues:
    """Where an index of this network can trade; None where there is no such exchange."""

    weth: str
    uniswap: Exchange
    sushiswap: Exchange | None
    balancer_proxy: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the exchanges there are."""
        there = {UNISWAP_V2: True, SUSHISWAP: self.sushiswap, BALANCER_V1: self.balancer_proxy}
        return tuple(name for name, exists in there.items() if exists)

    def with_pairs(self, name: str) -> Exchange | None:
        """Return the exchange of that name, if it is there and has pairs: Balancer has none."""
        return {UNISWAP_V2: self.uniswap, SUSHISWAP: self.sushiswap}.get(name)


@dataclass(frozen=True, slots=True)
class Governor:
    """An external governor.

    Attributes
    ----------
    name
        Under which GovernanceModule finds its adapter.
    adapter
        The contract that is deployed for it.
    addresses
        The adapter's arguments: the governor, and the token that votes there if it is asked for.
    """

    name: str
    adapter: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafeContracts:
    """Addresses of Safe 1.3.0."""

    singleton: str
    proxy_factory: str
    fallback_handler: str
    multisend: str


@dataclass(frozen=True, slots=True)
class Network:
    """What is known of a network.

    Attributes
    ----------
    genesis
        Hash of the public network's block 0, which tells it from other chains of its id.
    """

    chain_id: int
    name: str
    genesis: str
    venues: Venues
    safe: SafeContracts
    governors: tuple[Governor, ...]


@cache
def known() -> Mapping[int, Network]:
    """Return the networks of data/networks.json, by chain id."""
    record = fields.read_json(DATA / "networks.json").record("networks")
    return MappingProxyType(
        {int(key): _network(int(key), record.record(key)) for key in record.fields}
    )


def of(chain_id: int) -> Network:
    """Return the network of a chain id.

    Raises
    ------
    IndexkitError
        data/networks.json does not have it.
    """
    found = known().get(chain_id)
    if found is None:
        raise IndexkitError(
            f"The chain {chain_id} is not in data/networks.json, which tells where exchanges are: "
            "add it there, or connect to another network."
        )
    return found


def here() -> Network:
    """Return the connected network; the localnet and its forks have mainnet's addresses.

    Raises
    ------
    IndexkitError
        data/networks.json does not have it.
    """
    return of(int(ape.chain.chain_id))


def mainnet_pair_hashes() -> dict[str, str]:
    """Return the pairs' init code hashes on mainnet, as hex, by exchange."""
    venues = known()[1].venues
    exchanges = {UNISWAP_V2: venues.uniswap, SUSHISWAP: venues.sushiswap}
    return {name: each.pair_code_hash[2:] for name, each in exchanges.items() if each}


def _network(chain_id: int, record: Record) -> Network:
    safe = record.record("safe")
    keys = ("singleton", "proxy_factory", "fallback_handler", "multisend")
    return Network(
        chain_id,
        record.read("name", NAME),
        record.record("genesis").read("hash", HASH),
        _venues(record),
        SafeContracts(*(_address(safe.record(key)) for key in keys)),
        tuple(_governor(each) for each in record.records("governors", "name")),
    )


def _venues(record: Record) -> Venues:
    balancer = _record_or_none(record, "balancer_v1")
    sushiswap = _record_or_none(record, "sushiswap")
    return Venues(
        _address(record.record("weth")),
        _exchange(record.record("uniswap_v2")),
        _exchange(sushiswap) if sushiswap else None,
        _address(balancer.record("proxy")) if balancer else None,
    )


def _exchange(record: Record) -> Exchange:
    return Exchange(
        _address(record.record("factory")),
        _address(record.record("router")),
        record.record("pair_code_hash").read("hash", HASH),
    )


def _governor(record: Record) -> Governor:
    entries: tuple[Any, ...] = record.read("addresses", OBJECTS)
    found = tuple(_address(Record(f"{record.where}, addresses", entry)) for entry in entries)
    return Governor(record.read("name", NAME), record.read("adapter", NAME), found)


def _record_or_none(record: Record, key: str) -> Record | None:
    return None if record.fields.get(key, 0) is None else record.record(key)


def _address(record: Record) -> str:
    """Return an address: given here, or by its key in data/addresses.json."""
    if "entry" in record.fields:
        return _entries().record(record.read("entry", NAME)).read("address", ADDRESS)
    return record.read("address", ADDRESS)


@cache
def _entries() -> Record:
    return fields.read_json(DATA / "addresses.json").record("entries")


def _is_hash(value: str) -> bool:
    digits = value.removeprefix("0x")
    return len(value) == 66 and len(digits) == 64 and set(digits) <= set("0123456789abcdef")
