"""I-27: at every step of random histories every one of 10,000,000 INDEX is somewhere, and once."""

import os

import ape
import pytest
from ape import project
from coin_player import Player, Scene

from indexkit.economics.allocation import load
from indexkit.economics.calendar import IndexPlan
from indexkit.economics.distribution import Surroundings, distribute, plan_of
from indexkit.economics.epochs import from_lists
from indexkit.economics.indices import create_index
from indexkit.economics.lists import read_initial, read_rewards
from indexkit.economics.pots import Books
from indexkit.economics.record import Parties
from indexkit.localnet import addresses, token_at
from indexkit.plan import WAD
from indexkit.published_index import UNLIMITED

HISTORIES = int(os.environ.get("COIN_HISTORIES", "2"))
STEPS = int(os.environ.get("COIN_STEPS", "45"))
SEED = int(os.environ.get("COIN_SEED", "20201006"))


@pytest.fixture(scope="module")
def scene(accounts, protocol):
    """Distribute INDEX as published, an hour from now; two indices, liquidity mining notified."""
    issuer, treasury, deployer, *people = accounts[6:14]
    indices = [
        create_index(
            project,
            protocol,
            IndexPlan("dpi-2021-04", 0, 0, "", 7 * 10**17, 1_000 * WAD, 100 * WAD),
            issuer,
            operator=treasury,
            methodologist=issuer,
        )
        for _ in range(2)
    ]
    initial, plan = read_initial(), plan_of(load(), read_initial())
    now = ape.chain.provider.get_block("latest").timestamp
    plan = plan.shifted(now + 3_600 - plan.streams["treasury"].begin)
    record = distribute(
        project,
        deployer,
        Parties(deployer.address, treasury.address, people[0].address, people[1].address),
        plan,
        Surroundings(
            indices[0].pool,
            protocol.streaming_fee.address,
            addresses.WETH,
            addresses.UNISWAP_V2_FACTORY,
        ),
    )
    token, pool = project.IndexToken.at(record.token), token_at(record.pools[0])
    streams = project.TokenStream.at(record.streams)
    distributor = project.MerkleDistributor.at(record.distributor)
    bounty = project.MethodologistBounty.at(record.bounty)
    farm = project.StakingRewards.at(record.farms[0].address)
    for contract in (distributor, bounty):
        contract.acceptOwnership(sender=treasury)
    token.approve(distributor, UNLIMITED, sender=treasury)
    farm.notifyRewardAmount(plan.mining, sender=treasury)
    for who in people:
        pool.transfer(who, pool.balanceOf(issuer) // 10, sender=issuer)
        pool.approve(farm, UNLIMITED, sender=who)
        token.approve(streams, UNLIMITED, sender=who)
    return Scene(
        token=token,
        streams=streams,
        distributor=distributor,
        bounty=bounty,
        farm=farm,
        pool=pool,
        fees=protocol.streaming_fee,
        issuance=protocol.issuance,
        indices=tuple(index.token for index in indices),
        owner=treasury,
        issuer=issuer,
        people=tuple(people),
        initial=initial,
        epochs=from_lists(record.chain_id, record.distributor, read_rewards()),
        books=lambda: Books(record, plan.initial),
    )


@pytest.mark.parametrize("seed", range(SEED, SEED + HISTORIES))
def test_all_coins__any_history(scene, seed):
    """I-27, R-25: after each call, and when everybody has been paid."""
    player = Player(scene, seed)
    snapshot = ape.chain.snapshot()
    try:
        player.play(STEPS)
        player.close()
    except BaseException:
        print("\n".join(player.played))
        raise
    finally:
        ape.chain.restore(snapshot)
    assert player.refused > 0
