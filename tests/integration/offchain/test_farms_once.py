"""V-8: the original adds the first farm of a list once for each; the house counts each once."""

import pytest
from ape import chain, project
from town import DAY_S, E18, Town, stake

from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.metagov.places import Places

POWAH = "@setprotocol/index-coop-contracts/artifacts/contracts/token/IndexPowah.sol/IndexPowah.json"
VESTING = "@setprotocol/index-coop-contracts/artifacts/contracts/token/Vesting.sol/Vesting.json"
NO_CHEF = "0x" + "c4" * 20
ANSWERS_NOTHING = "0x60405ff3"
"""Code that answers every call with 64 zero bytes: nobody has anything there."""


@pytest.fixture
def third_farm(town: Town):
    """Deploy one more farm, which pays thrice as much a second as the first."""
    farm = town.treasury.deploy(
        project.StakingRewards, town.treasury, town.token, town.pair, 20 * DAY_S
    )
    town.token.transfer(farm, 900_000 * E18, sender=town.treasury)
    farm.notifyRewardAmount(900_000 * E18, sender=town.treasury)
    stake(farm, town.pair, town.provider, town.pair.balanceOf(town.provider) // 2)
    chain.mine(timestamp=chain.blocks.head.timestamp + DAY_S)
    return farm


@pytest.fixture
def powah(town: Town, third_farm):
    """Return a function that deploys the original aggregator over some farms."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.SUSHISWAP_FACTORY)
    factory.createPair(town.token, addresses.WETH, sender=town.treasury)
    sushi = factory.getPair(town.token, addresses.WETH)
    chain.provider.make_request("anvil_setCode", [NO_CHEF, ANSWERS_NOTHING])

    def deploy(*farms):
        pools = (town.pair, sushi, NO_CHEF, 0)
        owner, container = town.treasury, artifact(POWAH).container()
        return owner.deploy(container, owner, town.token, *pools, list(farms), [])

    return deploy


def test_original__first_farm_for_each(town: Town, third_farm, powah):
    """V-8: of two farms it adds the first twice, and votes are made of nothing."""
    for first, second in ((town.farms[0], third_farm), (third_farm, town.farms[0])):
        aggregator, bare = powah(), powah()
        aggregator.addFarms([first, second], sender=town.treasury)
        assert [aggregator.farms(place) for place in range(2)] == [first, first]
        counted = aggregator.balanceOf(town.provider) - bare.balanceOf(town.provider)
        assert counted == 2 * first.earned(town.provider)
        assert counted != first.earned(town.provider) + second.earned(town.provider)


def test_original__all_that_will_ever_vest(town: Town, powah):
    """R-22: half-way, the original counts the whole; the house what has vested."""
    begin = chain.pending_timestamp + DAY_S
    amount, times = 1_000 * E18, (begin, begin, begin + 1_000)
    container = artifact(VESTING).container()
    vesting = town.treasury.deploy(container, town.token, town.heir, amount, *times)
    town.token.transfer(vesting, amount, sender=town.treasury)
    aggregator, bare = powah(), powah()
    aggregator.addVesting([vesting], sender=town.treasury)
    town.token.transfer(town.provider, amount, sender=town.treasury)
    town.token.approve(town.streams, amount, sender=town.provider)
    town.streams.create(town.provider, begin, [(begin + 1_000, amount)], sender=town.provider)

    chain.mine(timestamp=begin + 500)
    assert aggregator.balanceOf(town.heir) - bare.balanceOf(town.heir) == amount
    assert town.power("vesting", town.provider) == amount // 2


def test_farms__each_once(town: Town, third_farm):
    """V-8: as many farms as there are: the sum of what each owes, in any order."""
    listed = (town.farms[0].address, third_farm.address)
    expected = town.farms[0].earned(town.provider) + third_farm.earned(town.provider)
    for farms in (listed, listed[::-1]):
        found = town.count("farms", farms=farms)[town.provider.address]["farms"]
        assert found == expected
    alone = [town.count("farms", farms=(farm,))[town.provider.address]["farms"] for farm in listed]
    assert sum(alone) == expected != 2 * alone[0]


def test_farms__same_farm_twice__refused(town: Town):
    """V-8: by its name, before anything is counted."""
    farm = town.farms[0].address
    with pytest.raises(IndexkitError, match=f"{farm} is named twice among farms"):
        Places(farms=(farm, town.farms[1].address, farm))
