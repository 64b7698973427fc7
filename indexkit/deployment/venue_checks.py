"""What of a declaration the chain must agree with before anything is sent."""

from collections.abc import Collection, Iterator
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import chain
from indexkit.deployment.conventions import SUSHISWAP, UNISWAP_V2
from indexkit.deployment.declaration import ComponentTerms, Declaration
from indexkit.deployment.distribution_plan import begins
from indexkit.deployment.networks import Exchange
from indexkit.economics.ledger_tables import moment
from indexkit.errors import IndexkitError

LEAD_S = 3_600
"""How long a deployment may take before what it makes begins {s}."""


def require_venues(declaration: Declaration) -> None:
    """Refuse venues, governors and components that the chain has not, or has otherwise.

    Raises
    ------
    IndexkitError
        The first that is not as declared.
    """
    for sentence in _differences(declaration):
        raise IndexkitError(f"{declaration.name}: {sentence}: correct the declaration.")


def require_ahead(declaration: Declaration, steps: Collection[str]) -> None:
    """Refuse a declaration of which something begins before it can be deployed.

    Parameters
    ----------
    steps
        Names of those that are not made yet.

    Raises
    ------
    IndexkitError
        What a step makes begins sooner than `LEAD_S` after the chain's clock.
    """
    terms = declaration.distribution
    left = {key: at for key, at in begins(terms).items() if key in steps} if terms else {}
    now = chain.time() if left else 0
    for step, begin in left.items():
        if begin < now + LEAD_S:
            raise IndexkitError(
                f"{declaration.name}: {step} begins at {moment(begin)}, and the chain's clock is "
                f"at {moment(now)}: declare a begin at least {LEAD_S // 60} minutes after it."
            )


def missing_pools(declaration: Declaration) -> list[str]:
    """Return a sentence on each component that has no pool yet to be traded or judged in."""
    venues, sentences = declaration.venues, []
    for index in declaration.indices:
        for component in index.components:
            sushiswap = component.exchange == SUSHISWAP and venues.sushiswap
            exchange, name = venues.uniswap, UNISWAP_V2
            if sushiswap:
                exchange, name = sushiswap, SUSHISWAP
            if component.exchange is None or chain.code(_pair(exchange, component, venues.weth)):
                continue
            sentences.append(
                f"{index.symbol}: {component.symbol} has no pool with WETH on {name} yet; "
                "it cannot be traded before there is one."
            )
    return sentences


def _pair(exchange: Exchange, component: ComponentTerms, weth: str) -> str:
    return exchange.pair(component.token, weth)


def _differences(declaration: Declaration) -> Iterator[str]:
    venues = declaration.venues
    yield from _exchange(UNISWAP_V2, venues.uniswap, venues.weth)
    if venues.sushiswap:
        yield from _exchange(SUSHISWAP, venues.sushiswap, venues.weth)
    if venues.balancer_proxy and not chain.code(venues.balancer_proxy):
        yield f"there is no contract at Balancer's proxy {venues.balancer_proxy}"
    for governor in declaration.protocol.governors:
        for address in governor.addresses:
            if not chain.code(address):
                yield f"there is no contract at {address}, which {governor.name} names"
    for index in declaration.indices:
        for component in index.components:
            decimals = _view(component.token, "decimals()", "uint256")
            if decimals != component.decimals:
                found = "is no token" if decimals is None else f"has {decimals} decimals"
                yield (
                    f"{index.symbol}: {component.symbol} at {component.token} {found}, not a token "
                    f"of {component.decimals} decimals"
                )
    mining = declaration.distribution and declaration.distribution.mining
    token = mining and mining.staking_token
    if token and _view(token, "totalSupply()", "uint256") is None:
        yield f"the staking_token {token} is no token"


def _exchange(name: str, exchange: Exchange, weth: str) -> Iterator[str]:
    for function, expected in (("factory()", exchange.factory), ("WETH()", weth)):
        found = _view(exchange.router, function, "address")
        if found is None or to_checksum_address(found) != expected:
            yield f"{name}'s router {exchange.router} answers {found} to {function}, not {expected}"
            return
    if not _view(exchange.factory, "allPairsLength()", "uint256"):
        return
    pair = _view(exchange.factory, "allPairs(uint256)", "address", 0)
    tokens = [_view(pair, function, "address") for function in ("token0()", "token1()")]
    if None in tokens or exchange.pair(*tokens) != to_checksum_address(pair):
        yield f"{name}'s pairs are not of the code hash {exchange.pair_code_hash}"


def _view(address: str, signature: str, answer: str, *arguments: int) -> Any:
    """Return a contract's answer; None if it has none."""
    call = keccak(text=signature)[:4] + encode(["uint256"] * len(arguments), arguments)
    try:
        found = chain.ask("eth_call", {"to": address, "data": "0x" + call.hex()}, "latest")
        data = bytes.fromhex(found[2:])
        # Without code there is no answer, which would be decoded as zero.
        return decode([answer], data)[0] if data else None
    except (chain.NodeError, DecodingError):
        # A revert reaches us as the node's refusal; that it answers at all was asked before.
        return None
