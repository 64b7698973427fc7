"""Reading a declaration: every field known, every value within what the contracts take."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from indexkit import documents
from indexkit.deployment import networks
from indexkit.deployment.conventions import BLOCKS_PER_DAY, GUARD_WINDOW_S
from indexkit.deployment.declaration import (
    DaoTerms,
    Declaration,
    DistributionTerms,
    ProtocolTerms,
)
from indexkit.deployment.kinds import (
    LABEL,
    ROLE,
    ROLE_OR_NONE,
    SHARE,
    WAD,
    only,
    require,
)
from indexkit.deployment.networks import HASH, Exchange, Governor, Network, Venues
from indexkit.deployment.reading_distribution import distribution_terms
from indexkit.deployment.reading_index import index_terms
from indexkit.economics.circulating import TOTAL
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, COUNT, TEXTS, Record, one_of

LONGEST = 1 << 20
"""Longest declaration that is read {bytes}."""

MOST_CONFIRMATIONS = 1_000

ADAPTERS = {
    "AaveGovernanceAdapter": 2,
    "AaveGovernanceV2Adapter": 2,
    "CompoundLikeGovernanceAdapter": 2,
    "CompoundBravoGovernanceAdapter": 2,
    "SnapshotGovernanceAdapter": 1,
}
"""The adapters there are, and how many addresses each takes."""


def read_declaration(path: Path) -> Declaration:
    """Read a declaration.

    Raises
    ------
    IndexkitError
        The file cannot be read, or one of its fields is missing, unknown or out of bounds.
    """
    try:
        content = tomllib.loads(documents.read_bytes(path, LONGEST).decode())
    except (OSError, ValueError, RecursionError) as error:
        raise IndexkitError(
            f"{path}: cannot be read as TOML ({error}): correct the file, or name another."
        ) from error
    return declaration_of(path.stem, content)


def declaration_of(name: str, content: dict[str, object]) -> Declaration:
    """Return the declaration that a file's content makes.

    Raises
    ------
    IndexkitError
        A field is missing, unknown or out of bounds.
    """
    record = Record(name, content)
    only(record, ("network", "venues", "protocol", "index", "dao", "governor"))
    network = record.record("network")
    only(network, ("chain_id", "confirmations"))
    chain_id = network.read("chain_id", COUNT)
    known = networks.known().get(chain_id)
    venues = _venues(record, known, chain_id)
    protocol = _protocol(record, known)
    entries = record.records("index", "symbol") if "index" in record.fields else ()
    indices = tuple(index_terms(entry, venues) for entry in entries)
    symbols = [each.symbol for each in indices]
    require(len(set(symbols)) == len(symbols), record, "two indices have one symbol: rename one")
    confirmations = network.read("confirmations", COUNT)
    require(
        confirmations <= MOST_CONFIRMATIONS,
        network,
        f"confirmations are {confirmations:,}, more than {MOST_CONFIRMATIONS:,}: lower them",
    )
    return Declaration(
        name=name,
        digest=_digest(name, content),
        chain_id=chain_id,
        confirmations=confirmations,
        venues=venues,
        protocol=protocol,
        indices=indices,
        dao=_dao(record.record("dao"), symbols) if "dao" in record.fields else None,
    )


def _digest(name: str, content: dict[str, object]) -> str:
    try:
        return documents.digest(content)
    except TypeError as error:
        raise IndexkitError(f"{name}: a date is not a value of any field: correct it.") from error


def _venues(record: Record, known: Network | None, chain_id: int) -> Venues:
    """Return the network's venues, with what the declaration says instead."""
    given = record.record("venues") if "venues" in record.fields else Record(record.where, {})
    only(given, ("weth", "uniswap_v2", "sushiswap", "balancer_v1"))
    if known is None and not {"weth", "uniswap_v2"} <= set(given.fields):
        raise record.error(
            f"the chain {chain_id} is not in data/networks.json: give weth and uniswap_v2 in "
            "[venues], or name another chain_id"
        )
    base = known.venues if known else None
    weth = given.read("weth", ADDRESS) if "weth" in given.fields else None
    uniswap = _exchange(given, "uniswap_v2")
    sushiswap = base.sushiswap if base else None
    balancer = base.balancer_proxy if base else None
    if "sushiswap" in given.fields:
        sushiswap = _exchange(given, "sushiswap")
    if "balancer_v1" in given.fields:
        balancer = _balancer(given)
    if base is not None:
        weth, uniswap = weth or base.weth, uniswap or base.uniswap
    if weth is None or uniswap is None:
        raise given.error("there is no index without WETH and Uniswap V2: give their addresses")
    return Venues(weth, uniswap, sushiswap, balancer)


def _exchange(given: Record, key: str) -> Exchange | None:
    """Return an exchange of the declaration; None if it is left out, or "none"."""
    if given.fields.get(key, "none") == "none":
        return None
    record = given.record(key)
    only(record, ("factory", "router", "pair_code_hash"))
    return Exchange(
        record.read("factory", ADDRESS),
        record.read("router", ADDRESS),
        record.read("pair_code_hash", HASH),
    )


def _balancer(given: Record) -> str | None:
    if given.fields["balancer_v1"] == "none":
        return None
    record = given.record("balancer_v1")
    only(record, ("proxy",))
    return record.read("proxy", ADDRESS)


def _protocol(record: Record, known: Network | None) -> ProtocolTerms:
    terms = record.record("protocol")
    only(
        terms,
        ("fee_recipient", "owner", "streaming_fee_share", "guard_window_s", "governors"),
    )
    there = {each.name: each for each in known.governors} if known else {}
    if "governor" in record.fields:
        own = [_governor(entry) for entry in record.records("governor", "name")]
        there |= {each.name: each for each in own}
    names = terms.read("governors", TEXTS)
    for name in names:
        require(
            name in there,
            terms,
            f"no governor is called {name!r} (there are: {', '.join(there) or 'none'}): leave it "
            "out, or describe it as a [[governor]]",
        )
    require(len(set(names)) == len(names), terms, "a governor is named twice: leave one out")
    window = terms.read("guard_window_s", COUNT) if "guard_window_s" in terms.fields else None
    require(window != 0, terms, "guard_window_s is 0: give the guard time to take a mean over")
    return ProtocolTerms(
        fee_recipient=terms.read("fee_recipient", ROLE),
        owner=terms.read("owner", ROLE),
        streaming_fee_share=terms.read("streaming_fee_share", SHARE),
        guard_window_s=window or GUARD_WINDOW_S,
        governors=tuple(there[name] for name in names),
    )


def _governor(record: Record) -> Governor:
    only(record, ("name", "adapter", "governor", "token"))
    adapter = record.read("adapter", one_of(tuple(ADAPTERS)))
    keys = ("governor", "token")[: ADAPTERS[adapter]]
    only(record, ("name", "adapter", *keys))
    return Governor(
        record.read("name", LABEL), adapter, tuple(record.read(key, ADDRESS) for key in keys)
    )


def _dao(record: Record, symbols: Sequence[str]) -> DaoTerms:
    figures = ("blocks_per_day", "circulating_supply")
    only(record, ("treasury", "owner", "committee", *figures, "distribution"))
    per_day = BLOCKS_PER_DAY
    if "blocks_per_day" in record.fields:
        per_day = record.read("blocks_per_day", COUNT)
    supply = record.read("circulating_supply", WAD)
    require(per_day > 0, record, "blocks_per_day is 0: say how many blocks 24 hours are")
    require(
        0 < supply <= TOTAL,
        record,
        "circulating_supply is not above zero and at most 10,000,000 INDEX: correct it",
    )
    return DaoTerms(
        treasury=record.read("treasury", ROLE),
        owner=record.read("owner", ROLE),
        committee=record.read("committee", ROLE_OR_NONE),
        blocks_per_day=per_day,
        circulating_supply=supply,
        distribution=_distribution(record, symbols),
    )


def _distribution(record: Record, symbols: Sequence[str]) -> DistributionTerms | None:
    if "distribution" not in record.fields:
        return None
    return distribution_terms(record.record("distribution"), symbols)
