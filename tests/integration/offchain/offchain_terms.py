"""What is proposed off chain, and how time passes until it closes."""

from indexkit import deploy
from indexkit.localnet import addresses, mine

E18 = 10**18
CIRCULATING = 1_000_000 * E18
PAYLOAD = ([addresses.AAVE], [0], ["totalSupply()"], [b""], [False], b"\x07" * 32)
BLOCKS_PER_DAY = 6_400
VOTE_BLOCKS = 19_200
"""Three of these days: Aave's."""


def arguments(index, proposal, coin, strategies=("delegated",)):
    """Return what is proposed."""
    return {
        "index": index.address,
        "governor": deploy.AAVE_GOVERNANCE,
        "proposal": proposal,
        "vote_token": coin.address,
        "circulating": CIRCULATING,
        "title": "AIP",
        "blocks_per_day": BLOCKS_PER_DAY,
        "strategies": strategies,
    }


def until_the_close():
    """Mine two days, in blocks a little slower than is stated: 14 s and not 13.5 s."""
    mine(VOTE_BLOCKS - BLOCKS_PER_DAY, 14)
