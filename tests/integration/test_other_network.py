"""A network that is not mainnet: its own venues are read, and no others are looked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import ape
import pytest
from ape import project
from ape_ethereum.trace import TraceApproach

from indexkit.commands import connected
from indexkit.deployment import networks
from indexkit.deployment.conventions import SUSHISWAP, UNISWAP_V2
from indexkit.deployment.protocol_plan import index_module_arguments
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, protocols
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.arbitrage import mid_price, pool_at
from indexkit.localnet.artifacts import artifact
from indexkit.localnet.placement import Placement
from indexkit.localnet.rpc import Rpc
from indexkit.steps.reader import read_state
from indexkit.venue_reader import read_pools

SEPOLIA = networks.of(11155111)
SUPPLY, HELD, PRICE = 10**27, 10**21, 4
MAKER = addresses.MARKET_MAKER


@dataclass(frozen=True)
class Place:
    """A chain with one pair: how Ape names it, the token, the pair's address."""

    choice: str
    token: str
    pair: str


@pytest.fixture(scope="module")
def sepolia() -> Iterator[Place]:
    """Run a chain with Sepolia's id, and WETH and Uniswap where Sepolia has them."""
    node = AnvilNode.start(
        (
            *("--chain-id", str(SEPOLIA.chain_id), "--hardfork", "cancun", "--prune-history"),
            *("--base-fee", "0", "--gas-price", "0", "--auto-impersonate"),
        )
    )
    on, venues = Placement(Rpc(node.url)), SEPOLIA.venues
    on.place(artifact(protocols.WETH9), venues.weth)
    factory = on.place(artifact(protocols.UNISWAP_FACTORY), venues.uniswap.factory, MAKER)
    token = on.place(artifact(protocols.ERC20), addresses.UNI, MAKER, SUPPLY, "UNI", "UNI", 18)
    pair = venues.uniswap.pair(token, venues.weth)
    on.set_balance(MAKER, SUPPLY)
    on.send(artifact(protocols.WETH9), venues.weth, "deposit", sender=MAKER, value=PRICE * HELD)
    on.send(artifact(protocols.UNISWAP_FACTORY), factory, "createPair", token, venues.weth)
    for held, amount in ((token, HELD), (venues.weth, PRICE * HELD)):
        on.send(artifact(protocols.ERC20), held, "transfer", pair, amount, sender=MAKER)
    on.send(artifact(protocols.UNISWAP_PAIR), pair, "mint", MAKER)
    yield Place(f"ethereum:sepolia:{node.url}", token, pair)
    node.stop()


def test_read_pools__sepolia(sepolia: Place) -> None:
    """Sepolia's pair is found at Sepolia's factory, and priced in Sepolia's WETH."""
    with ape.networks.parse_network_choice(sepolia.choice):
        (pool,) = read_pools([sepolia.token, SEPOLIA.venues.weth])
        price = mid_price(sepolia.token, UNISWAP_V2)

    assert (pool.exchange, pool.address) == (UNISWAP_V2, sepolia.pair)
    assert pool.mid_price == price == PRICE


def test_pool_at__exchange_that_is_not_there(sepolia: Place) -> None:
    """SushiSwap is not looked for at mainnet's address: it is not on Sepolia."""
    with (
        ape.networks.parse_network_choice(sepolia.choice),
        pytest.raises(IndexkitError, match=f"There is no {SUSHISWAP} on Sepolia"),
    ):
        pool_at(sepolia.token, SUSHISWAP)


def test_connected__asks_a_live_node_for_no_traces(sepolia: Place) -> None:
    """Ape looks for console.log in each transaction's trace, unless it takes the basic one."""
    with connected(sepolia.choice):
        assert ape.chain.provider._call_trace_approach is TraceApproach.BASIC
    assert ape.chain.provider._call_trace_approach is not TraceApproach.BASIC


def test_read_state__module_of_another_weth(owner, protocol) -> None:
    """A module that trades against what is not this network's WETH is refused by name."""
    elsewhere = replace(networks.of(1).venues, weth=SEPOLIA.venues.weth)
    shared = (protocol.controller, protocol.index_creator, owner)
    module = owner.deploy(project.SingleIndexModule, *index_module_arguments(elsewhere, *shared))

    with pytest.raises(IndexkitError, match=f"trades against {elsewhere.weth}, but WETH on Eth"):
        read_state(addresses.UNI, module.address, ())
