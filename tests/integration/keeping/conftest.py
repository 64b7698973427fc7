"""A small guarded rebalance, started, and a keeper for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from indexkit import execution, guarding
from indexkit.keeper import Contracts, Keeper
from indexkit.market import market_of
from indexkit.published_index import Index
from indexkit.rebalance_data import Rebalance

SWITCH = {
    "YFI": ("1.5", "0"),
    "UNI": ("3", "2.3"),
    "BAL": ("1", "1.9"),
    "AAVE": ("2", None),
    "CREAM": ("0", "1.5"),
}
"""Sells one component out, adds another, and uses all three exchanges."""


@dataclass(frozen=True)
class Started:
    """A rebalance under way."""

    index: Index
    rebalance: Rebalance
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


@pytest.fixture
def begin(
    small_rebalance: Callable[..., Rebalance],
    make_index: Callable[[Rebalance], Index],
    tmp_path: Path,
) -> Callable[..., Started]:
    """Return a function that starts a small rebalance; its guard allows 5 % a trade."""

    def start(holdings: Any = None, *, budget: int | None = None, guarded: bool = True) -> Started:
        rebalance = small_rebalance(holdings or SWITCH)
        index = make_index(rebalance)
        terms = None
        if guarded:
            asked = guarding.terms_for(rebalance, market_of(rebalance))
            budget = asked.loss_budget * 2 if budget is None else budget
            terms = guarding.Terms(5 * 10**16, asked.min_liquidity, budget)
        execution.start(index, rebalance, terms)
        return Started(index, rebalance, tmp_path / "run")

    return start
