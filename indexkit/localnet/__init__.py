"""Local chain with the real protocols at their mainnet addresses.

What scripts and tests use:

- `select_market`, `selected_market`: which rebalance's exchanges, prices and depths the chain has;
- `is_embedded`: whether the connected chain is the embedded one;
- `whale`, `deal`, `token_at`: tokens; `advance`, `mine`, `keep_block_time`: time and blocks;
- `artifacts`: other people's compiled contracts, `protocols`: where they lie in the packages,
  `addresses`: where they lie on the chain.

The names that need Ape are loaded when they are first used: Ape itself imports this package.
"""

from typing import TYPE_CHECKING, Any

from indexkit.localnet.state import select_market, selected_market

if TYPE_CHECKING:
    from indexkit.localnet.chain import (
        advance,
        deal,
        is_embedded,
        keep_block_time,
        mine,
        token_at,
        whale,
    )

__all__ = [
    "advance",
    "deal",
    "is_embedded",
    "keep_block_time",
    "mine",
    "select_market",
    "selected_market",
    "token_at",
    "whale",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from indexkit.localnet import chain

        return getattr(chain, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
