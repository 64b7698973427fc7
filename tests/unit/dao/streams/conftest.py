"""A contract of streams, whoever fills and receives them, and the chain as of INDEX's launch."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ape import chain, project
from ape.api import AccountAPI
from ape.contracts import ContractContainer, ContractInstance

E18 = 10**18
DAY_S = 86_400
YEAR_S = 365 * DAY_S
LAUNCH = 1_601_964_293
"""When INDEX was deployed: 6 October 2020, 06:04:53 UTC."""

THREE_YEARS = ((YEAR_S, 50 * E18), (2 * YEAR_S, 30 * E18), (3 * YEAR_S, 20 * E18))
"""Seconds after the begin, and {token}."""


@pytest.fixture(scope="module")
def creator(distribution: AccountAPI) -> AccountAPI:
    """Return who holds the coins and has approved every contract of `make_streams`."""
    return distribution


@pytest.fixture(scope="module")
def recipient(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Is who a stream is for."""
    return accounts[8]


@pytest.fixture(scope="module")
def successor(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Is who a stream is offered to."""
    return accounts[9]


@pytest.fixture(scope="module")
def make_streams(creator: AccountAPI, coin: ContractInstance) -> Callable[..., ContractInstance]:
    """Return a function that deploys a contract of streams, for which the creator has approved."""

    def make(token: ContractInstance = coin) -> ContractInstance:
        made = creator.deploy(project.TokenStream, token)
        token.approve(made, 2**256 - 1, sender=creator)
        return made

    return make


@pytest.fixture(scope="module")
def streams(make_streams: Callable[..., ContractInstance]) -> ContractInstance:
    """Deploy a contract without streams."""
    return make_streams()


@pytest.fixture(scope="module")
def open_stream(creator: AccountAPI, recipient: AccountAPI) -> Callable[..., tuple[int, int]]:
    """Return a function that creates a stream of three years; it tells its id and its begin."""

    def create(
        streams: ContractInstance,
        spans: Sequence[tuple[int, int]] = THREE_YEARS,
        to: Any = recipient,
    ) -> tuple[int, int]:
        begin = chain.pending_timestamp + DAY_S
        segments = [(begin + span, amount) for span, amount in spans]
        streams.create(to, begin, segments, sender=creator)
        return streams.streamCount() - 1, begin

    return create


@pytest.fixture(scope="module")
def odd(mock: Callable[[str], ContractContainer], creator: AccountAPI) -> ContractInstance:
    """Deploy a token of many habits."""
    return creator.deploy(mock("OddToken"), 18, 2**256 - 1)


@pytest.fixture(scope="module")
def odd_streams(
    make_streams: Callable[..., ContractInstance], odd: ContractInstance
) -> ContractInstance:
    """Deploy a contract of streams of that token."""
    return make_streams(odd)


@pytest.fixture(scope="module")
def make_house(
    mock: Callable[[str], ContractContainer], creator: AccountAPI
) -> Callable[[], ContractInstance]:
    """Return a function that deploys a contract that does what it is told."""
    container = mock("Puppet")
    return lambda: creator.deploy(container)


@pytest.fixture
def at_launch(streams: ContractInstance) -> int:
    """Set the chain back to INDEX's launch, for one test; return the time {s}."""
    chain.provider.make_request("evm_setTime", [LAUNCH])
    chain.mine()
    assert chain.blocks.head.timestamp == LAUNCH
    return LAUNCH
