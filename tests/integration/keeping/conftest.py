"""A small guarded rebalance, started, and a keeper for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from indexkit import execution, guarding
from indexkit.keeper import Contracts, Keeper
from indexkit.market import market_of
from indexkit.published_index import Index
from indexkit.rebalance_data import Rebalance

SWITCH = {
    "YFI": ("1.2", "0"),
    "UNI": ("1.5", "1"),
    "BAL": ("1", "1.4"),
    "AAVE": ("1", None),
}
"""Sells one component out, and uses all three exchanges; some seven trades."""

MAX_DEVIATION = 5 * 10**16
"""Nobody brings pools back between trades here. D18{1}"""


@dataclass(frozen=True)
class Started:
    """A rebalance under way."""

    index: Index
    rebalance: Rebalance
    terms: guarding.Terms
    folder: Path

    def keeper(self, **options: Any) -> Keeper:
        """Return a keeper for it."""
        return Keeper(
            options.pop("contracts", Contracts.of(self.index)),
            options.pop("rebalance", self.rebalance),
            market_of(self.rebalance),
            options.pop("trader", self.index.roles.trader),
            options.pop("folder", self.folder),
            **options,
        )

    def set_budget(self, budget: int) -> None:
        """Have the manager change what the rebalance may lose {wei}."""
        terms = (self.index.module, self.terms.max_deviation, self.terms.min_liquidity, budget)
        self.index.protocol.guard.configure(*terms, sender=self.index.roles.manager)


@pytest.fixture(scope="module")
def switch(
    small_rebalance: Callable[..., Rebalance],
    make_index: Callable[[Rebalance], Index],
    tmp_path_factory: pytest.TempPathFactory,
) -> Started:
    """Start a small rebalance once; its guard allows 5 % a trade."""
    rebalance = small_rebalance(SWITCH)
    index = make_index(rebalance)
    asked = guarding.terms_for(rebalance, market_of(rebalance))
    terms = guarding.Terms(MAX_DEVIATION, asked.min_liquidity, asked.loss_budget * 2)
    execution.start(index, rebalance, terms)
    return Started(index, rebalance, terms, tmp_path_factory.mktemp("unused"))


@pytest.fixture
def started(switch: Started, tmp_path: Path) -> Started:
    """Return it, with a folder of its own for each test."""
    return replace(switch, folder=tmp_path / "run")
