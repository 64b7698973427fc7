"""Where each network's venues are, and where their pairs lie."""

from dataclasses import replace

import pytest

from indexkit.deployment import networks
from indexkit.deployment.conventions import BALANCER_V1, SUSHISWAP, UNISWAP_V2
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import DATA
from indexkit.steps import basket as baskets
from indexkit.steps import state as states

MAINNET, SEPOLIA = 1, 11155111
STATE = DATA / "examples" / "dpi-2021-04" / "state.json"
UNI = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
UNI_WETH = {
    UNISWAP_V2: "0xd3d2E2692501A5c9Ca623199D38826e513033a17",
    SUSHISWAP: "0xDafd66636E2561b0284EDdE37e42d192F2844D40",
}
"""Pairs of UNI and WETH on mainnet, as explorers know them."""


@pytest.mark.parametrize("name", [UNISWAP_V2, SUSHISWAP])
def test_pair__of_mainnet(name: str) -> None:
    """Pairs lie where mainnet has them, in whatever order the tokens are named."""
    venues = networks.of(MAINNET).venues
    home = venues.with_pairs(name)

    assert home is not None
    assert home.pair(UNI, venues.weth) == home.pair(venues.weth, UNI) == UNI_WETH[name]


def test_with_pairs__of_sepolia() -> None:
    """An exchange that a network has not, or that has no pairs, is none."""
    venues = networks.of(SEPOLIA).venues

    assert venues.with_pairs(UNISWAP_V2) == venues.uniswap
    assert venues.with_pairs(SUSHISWAP) is None
    assert networks.of(MAINNET).venues.with_pairs(BALANCER_V1) is None


def test_of__unknown() -> None:
    """A network whose venues nobody wrote down is refused in one sentence."""
    with pytest.raises(IndexkitError, match=r"The chain 5 is not in data/networks\.json"):
        networks.of(5)


def test_weth__of_a_state() -> None:
    """What an index trades against is the WETH of the state's own chain."""
    state = states.read(STATE)

    assert state.weth == networks.of(MAINNET).venues.weth
    elsewhere = replace(state, chain_id=SEPOLIA)
    assert elsewhere.weth == networks.of(SEPOLIA).venues.weth


@pytest.mark.parametrize("chain_id", [MAINNET, SEPOLIA])
def test_basket__weth_of_any_network(chain_id: int) -> None:
    """WETH is no component on any network; a basket names none."""
    content = dict(baskets.read(STATE.with_name("basket.json")).content)
    first, *rest = content["components"]
    content["components"] = [first | {"address": networks.of(chain_id).venues.weth}, *rest]

    with pytest.raises(IndexkitError, match="WETH is what the index trades against"):
        baskets.parse(content)
