"""What components are worth: the published prices, or a live fork's pools when a run begins."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from indexkit.errors import IndexkitError
from indexkit.localnet import arbitrage, is_embedded
from indexkit.rebalance_data import Rebalance

_PRICE = r"[1-9][0-9]{0,199}(/[1-9][0-9]{0,199})?"


@dataclass(frozen=True, slots=True)
class Market:
    """Market prices during a run.

    Attributes
    ----------
    prices
        By symbol {wei/comp}, in base units of both.
    published
        Whether they are the rebalance's own; else the mid prices of the live pools.
    """

    prices: dict[str, Fraction]
    published: bool

    def to_json(self) -> dict[str, object]:
        """Return the prices as a JSON object, fractions as text."""
        prices = {symbol: str(price) for symbol, price in self.prices.items()}
        return {"published": self.published, "prices": prices}

    def value(self, symbol: str, amount: int) -> int:
        """Value an amount of a component {wei}, rounded down."""
        price = self.prices[symbol]
        return amount * price.numerator // price.denominator


def market_of(rebalance: Rebalance) -> Market:
    """Return the prices that hold on the connected chain."""
    embedded = is_embedded()
    prices = {
        c.symbol: (
            arbitrage.market_price(c, rebalance)
            if embedded
            else arbitrage.mid_price(c.address, c.exchange)
        )
        for c in rebalance.components
    }
    return Market(prices, embedded)


def market_from_json(content: Mapping[str, object], symbols: Iterable[str], where: str) -> Market:
    """Read what `Market.to_json` wrote of these components.

    Raises
    ------
    IndexkitError
        A price is missing, or is none.
    """
    prices, published = content.get("prices"), content.get("published")
    if not isinstance(prices, dict) or not isinstance(published, bool):
        raise IndexkitError(f"{where}: is no list of prices: restore it.")
    found = {}
    for symbol in symbols:
        text = prices.get(symbol)
        if not isinstance(text, str) or not re.fullmatch(_PRICE, text):
            raise IndexkitError(
                f"{where}: the price of {symbol} is {text!r}, not a fraction above zero: "
                "restore it."
            )
        found[symbol] = Fraction(text)
    return Market(found, published)
