"""The chain with the original protocol and ours on it, for every test that plays on both."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ape import accounts

from twins import market, world
from twins.comparison import Comparison, Tally
from twins.node import own_chain
from twins.scenario import Play, Scenario, Theatre


@pytest.fixture(scope="session")
def theatre() -> Iterator[Theatre]:
    """Deploy the market, the original protocol and ours on a chain of their own."""
    first = accounts.test_accounts[: len(world.ACTORS)]
    actors = dict(zip(world.ACTORS, [account.address for account in first], strict=True))
    with own_chain() as node:
        worlds = world.build(node, actors)
        world.share(worlds, market.Market(node).build())
        yield Theatre(node, {one.name: one for one in worlds}, actors)


@pytest.fixture
def on_both(theatre: Theatre, request: pytest.FixtureRequest) -> Callable[[Play], tuple[Any, Any]]:
    """Return a function that plays a sequence on the original, then on ours, compared.

    What the sequence returned on each of them comes back.
    """

    def play(sequence: Play) -> tuple[Any, Any]:
        return theatre.play(Scenario(request.node.name, sequence, "ours"), Tally())

    return play


@pytest.fixture
def on_ours(theatre: Theatre, request: pytest.FixtureRequest) -> Callable[[Play], Any]:
    """Return a function that plays on ours only: what the original has not got."""

    def play(sequence: Play) -> Any:
        return theatre.perform("ours", Comparison(request.node.name, Tally()), sequence)

    return play
