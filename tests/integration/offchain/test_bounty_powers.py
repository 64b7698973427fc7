"""What methodologists may claim of settled months counts as theirs (V-8, R-24)."""

import pytest
from ape import chain, project
from town import DAY_S, E18

from indexkit import deploy
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.metagov.moment import Moment
from indexkit.metagov.places import Places
from indexkit.metagov.reader import ChainReader
from indexkit.metagov.strategies import powers
from indexkit.metagov.supply import circulating

MONTH_S = 30 * DAY_S
BOUNTY = 750_000 * E18
TOTAL = 10_000_000 * E18


@pytest.fixture(scope="module")
def methodologists(accounts):
    """Get the bounty of one index, one after the other."""
    return accounts[12:14]


@pytest.fixture(scope="module")
def coin(owner):
    """Deploy INDEX."""
    return deploy.deploy_index_token(project, owner, owner)


@pytest.fixture(scope="module")
def bounty(owner, accounts, protocol, set_token, issuer, coin, methodologists):
    """Register an index that pays fees; its methodologist changes in the middle of a month."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    factory.createPair(set_token, addresses.WETH, sender=owner)
    pool = factory.getPair(set_token, addresses.WETH)
    set_token.transfer(pool, 100 * E18, sender=issuer)
    deal(addresses.WETH, pool, 10 * E18)
    contract_at(artifact(protocols.UNISWAP_PAIR), pool).mint(owner, sender=owner)
    begin = chain.pending_timestamp + DAY_S
    made = owner.deploy(
        project.MethodologistBounty,
        *(coin, BOUNTY, begin, accounts[7], addresses.WETH),
        *(addresses.UNISWAP_V2_FACTORY, protocol.streaming_fee),
    )
    coin.transfer(made, BOUNTY, sender=owner)
    made.register(set_token, methodologists[0], 7 * 10**17, sender=owner)
    chain.mine(timestamp=begin + MONTH_S // 3)
    made.setMethodologist(set_token, methodologists[1], sender=owner)
    chain.mine(timestamp=begin + 2 * MONTH_S + 5)
    return made


@pytest.fixture
def count(coin, bounty, methodologists):
    """Return a function: the powers of both at the end of a block."""

    def counted(block=None):
        block = chain.blocks.head.number if block is None else block
        places = Places(bounty=(bounty.address,))
        voters = [one.address for one in methodologists]
        found = powers(["bounty"], coin.address, voters, block, ChainReader(), places=places)
        return [found[voter]["bounty"] for voter in voters]

    return counted


def test_bounty__as_the_contract_says(bounty, count, methodologists, stranger, coin):
    """R-24: nothing before a month is settled; then each his part, until he has claimed it."""
    unsettled = chain.blocks.head.number
    assert count() == [0, 0]
    bounty.settle(sender=stranger)
    settled = chain.blocks.head.number
    shares = [[bounty.claimable(month, one) for month in range(2)] for one in methodologists]
    assert all(map(all, shares[1:]))
    assert shares[0][0] > 0 == shares[0][1]
    expected = [sum(share) for share in shares]
    assert sum(expected) == sum(bounty.trancheOf(month) for month in range(2)) - 1
    assert count() == expected

    bounty.claim(0, methodologists[1], sender=stranger)
    assert count() == [expected[0] + 1, shares[1][1]]
    bounty.claim(0, methodologists[0], sender=stranger)
    bounty.claim(1, methodologists[1], sender=stranger)
    assert count() == [0, 0]
    assert count(settled) == expected
    assert count(unsettled) == [0, 0]


def test_circulating__without_what_is_not_settled(bounty, coin, stranger):
    """R-24: tranches circulate once they are settled, claimed or not."""
    places = Places(bounty=(bounty.address,))

    def now():
        head = chain.blocks.head.number
        return circulating(Moment(coin.address, head, ChainReader(), places))

    assert now() == TOTAL - BOUNTY
    bounty.settle(sender=stranger)
    tranches = sum(bounty.trancheOf(month) for month in range(2))
    assert 0 <= tranches - (now() - (TOTAL - BOUNTY)) <= 1


def test_bounty__of_another_token__refused(bounty, owner):
    """V-8: by its name."""
    other = deploy.deploy_index_token(project, owner, owner)
    said = f"{bounty.address}, named among bounty, is about the token"
    with pytest.raises(IndexkitError, match=said):
        Moment(other.address, 0, ChainReader()).require_token(bounty.address, "bounty")
