"""Step 3: on which exchange, in what sizes and at what pace each component is traded."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from indexkit import parameters
from indexkit.errors import IndexkitError
from indexkit.fields import COUNT, Record
from indexkit.parameters import BASIS_POINTS, IMPACT_BPS
from indexkit.steps.basket import Basket, Token
from indexkit.steps.state import State


def derive(basket: Basket, state: State, impact_bps: int = IMPACT_BPS) -> dict[str, Any]:
    """Return the content of ``3-params.json``.

    Parameters that the basket gives are kept, with the impact they have in the pools there are;
    the others are derived from the pools (`indexkit.parameters`).

    Raises
    ------
    IndexkitError
        The state is of another index or another basket, or a component has no pool that serves.
    """
    complaint = next(_complaints(basket, state), None)
    if complaint:
        raise IndexkitError(f"{basket.name}: {complaint}.")
    return {
        "state": state.digest,
        "impact_bps": impact_bps,
        "components": [_component(token, basket, state, impact_bps) for token in basket.tokens],
    }


def _component(token: Token, basket: Basket, state: State, impact_bps: int) -> dict[str, Any]:
    scale = Fraction(10**18, 10**token.decimals)
    market = Fraction(token.price_usd) / Fraction(basket.weth_price_usd) * scale
    guarded = state.guard is not None
    if token.given is None:
        found = parameters.derive(token, state.pools, impact_bps, market=market, guarded=guarded)
    else:
        found = parameters.check_given(
            token, token.given, state.pools, impact_bps, market=market, guarded=guarded
        )
    return {
        "symbol": token.symbol,
        "address": token.address,
        "given": token.given is not None,
        **found.to_json(),
    }


def _complaints(basket: Basket, state: State) -> Iterator[str]:
    """Require that the basket speaks of the index that the state was read from."""
    listed = {token.address for token in basket.tokens}
    if state.token != basket.token_address:
        yield (
            f"token_address is {basket.token_address}, but the state is of {state.token}: "
            "read the state of this index"
        )
    for address in state.component_order:
        if address not in listed and address != state.weth:
            yield (
                f"the index holds {address}, which the basket does not list: add it, with "
                '"leaves": true if it is to be sold'
            )
    for token in basket.tokens:
        decimals = state.decimals.get(token.address)
        if decimals is None:
            yield f"{token.symbol}: the state knows no decimals of it: read the state anew"
        elif decimals != token.decimals:
            yield (
                f"{token.symbol}: decimals is {token.decimals}, but the token says {decimals}: "
                "correct the basket"
            )
        if token.leaves and token.address not in state.component_order:
            yield f"{token.symbol}: leaves, but the index does not hold it: remove it"


def impact_of(content: Mapping[str, Any]) -> int:
    """Return the price impact that a content of ``3-params.json`` was derived for, basis points."""
    impact = Record("3-params.json", content).read("impact_bps", COUNT)
    if not 0 < impact < BASIS_POINTS:
        raise IndexkitError(
            f"3-params.json: impact_bps is {impact}, not between 0 and {BASIS_POINTS}: correct it."
        )
    return impact
