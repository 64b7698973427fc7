"""The bounty of two indices with real pools; nothing is registered."""

import pytest
from ape import chain, project
from bounty_house import (
    BEGIN_IN_S,
    E18,
    TOTAL,
    WETH_POOLED,
    House,
    create_index,
    create_pool,
)

from indexkit.localnet import addresses


@pytest.fixture(scope="module")
def make_bounty(owner, protocol, index_token, treasury):
    """Return a function that deploys a bounty of the owner's, and pays it unless told."""

    def make(begin, total=TOTAL, *, token=None, funded=True, **named):
        arguments = {
            "token": token or index_token,
            "total": total,
            "begin": begin,
            "treasury": treasury,
            "weth": addresses.WETH,
            "factory": addresses.UNISWAP_V2_FACTORY,
            "fees": protocol.streaming_fee,
        }
        bounty = owner.deploy(project.MethodologistBounty, *(arguments | named).values())
        if funded:
            index_token.transfer(bounty, total, sender=treasury)
        return bounty

    return make


@pytest.fixture(scope="module")
def house(
    accounts,
    make_bounty,
    protocol,
    index_token,
    treasury,
    owner,
    manager,
    issuer,
    stranger,
    module,
    make_set,
    mock,
    set_token,
    components,
    units,
):
    """Deploy the bounty, two indices and their pools; the third author holds 300 of each index.

    It asks for all that changes the chain for the whole session, so that nothing does later.
    """
    collector, authors = accounts[10], tuple(accounts[11:14])
    sets, pools = [], []

    def make_index(place):
        parts = (components[place : place + 2], units[place : place + 2], module)
        return create_index(protocol, manager, issuer, collector, parts)

    for place, weth in enumerate(WETH_POOLED):
        sets.append(make_index(place))
        pools.append(create_pool(sets[place], issuer, weth))
        sets[place].transfer(authors[2], 300 * E18, sender=issuer)
    bounty = make_bounty(chain.blocks.head.timestamp + BEGIN_IN_S)
    parts = (bounty, index_token, protocol.streaming_fee, tuple(sets), tuple(pools))
    people = (owner, treasury, collector, authors, stranger, manager, issuer)
    return House(*parts, *people, make_index)
