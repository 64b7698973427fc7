"""Step 1, by the methodologist: the weights a basket's rule gives. Step 2: anyone repeats it."""

from typing import Any

from indexkit import documents
from indexkit.methodology.weights import market_caps
from indexkit.steps.basket import Basket


def derive(basket: Basket) -> dict[str, Any]:
    """Return the content of ``1-weights.json``.

    Weights are D18 shares of the index's value and sum to exactly 1e18; a token that leaves has 0.

    Raises
    ------
    IndexkitError
        The rule does not allow these figures.
    """
    weights = basket.method.weights()
    return {
        "rebalance": basket.name,
        "index": basket.index,
        "date": basket.method.date.isoformat(),
        "rule": basket.method.rule.name,
        "cap": None if basket.method.rule.cap is None else f"{basket.method.rule.cap:f}",
        "conventions": basket.conventions.name,
        "basket": basket.digest,
        "market_cap_usd": _market_cap(basket),
        "components": [
            {
                "symbol": token.symbol,
                "address": token.address,
                "price_usd": f"{token.price_usd:f}",
                "weight": str(weights.get(token.symbol, 0)),
            }
            for token in basket.tokens
        ],
    }


def verified(document: dict[str, Any]) -> dict[str, Any]:
    """Return the content of ``2-verification.json`` for a document of step 1 that was repeated."""
    return {
        "weights": documents.digest(document),
        "basket": document["content"]["basket"],
        "components": len(document["content"]["components"]),
    }


def _market_cap(basket: Basket) -> str | None:
    """Return the components' market capitalisation, whole dollars, None if supplies are missing."""
    entries = basket.method.entries
    if any(entry.supply is None for entry in entries):
        return None
    return str(int(sum(market_caps(entries).values())))
