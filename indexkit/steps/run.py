"""The first four steps as the commands take them: each reads, checks, and leaves one file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.methodology.dates import check_fresh
from indexkit.steps import basket as baskets
from indexkit.steps import chain, orders, params, units, weights
from indexkit.steps.basket import Basket
from indexkit.steps.folder import BASKET, STATE, Folder
from indexkit.steps.state import State

MAX_PRICE_AGE_DAYS = 7
"""Between the prices and the day the weights are published."""


def publish(folder: Folder, basket: Basket, *, today: date, again: bool = False) -> dict[str, Any]:
    """Step 1: keep the basket and write the weights it gives.

    Raises
    ------
    IndexkitError
        The prices are older than `MAX_PRICE_AGE_DAYS` or of a day to come, or the directory holds
        another rebalance.
    """
    check_fresh(basket.method.date, today, MAX_PRICE_AGE_DAYS)
    content = weights.derive(basket)
    folder.write("weights", content, again=again)
    documents.write(folder.path / BASKET, basket.content)
    return content


def verify(folder: Folder, basket: Path | None = None) -> dict[str, Any]:
    """Step 2: derive the weights again and say that they are right.

    Parameters
    ----------
    basket
        Inputs of one's own, instead of those the methodologist left.

    Raises
    ------
    IndexkitError
        A weight is another: the component, the expected and the found one are named.
    """
    own = baskets.read(basket or folder.path / BASKET)
    document = folder.document("weights")
    chain.compare(folder, "weights", weights.derive(own), document["content"])
    content = weights.verified(document)
    folder.write("verification", content)
    return content


def choose(
    folder: Folder,
    read_state: Callable[[Basket], State],
    *,
    impact_bps: int,
    again: bool = False,
) -> dict[str, Any]:
    """Step 3: read the state, and choose exchanges, sizes and cool-offs.

    Parameters
    ----------
    read_state
        From the chain or from a file.
    impact_bps
        Largest price impact of a trade, fees apart.
    """
    basket = chain.check(folder, "verification").basket
    state = read_state(basket)
    content = params.derive(basket, state, impact_bps)
    folder.write("params", content, again=again)
    documents.write(folder.path / STATE, state.document())
    return content


def convert(folder: Folder, options: orders.Options, *, again: bool = False) -> dict[str, Any]:
    """Step 4: weights to units, an order of trades, and the arguments of startRebalance."""
    checked = chain.check(folder, "params")
    content = units.derive(
        checked.basket,
        checked.contents["weights"],
        checked.contents["params"],
        chain.state_of(folder),
        options,
    )
    folder.write("units", content, again=again)
    return content
