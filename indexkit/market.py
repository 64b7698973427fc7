"""What components are worth: the published prices, or a live fork's pools when a run begins."""

from dataclasses import dataclass
from fractions import Fraction

from indexkit.localnet import arbitrage, is_embedded
from indexkit.rebalance_data import Rebalance


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
