"""Whatever happens after the snapshot changes nobody's power at it (V-8, I-26)."""

import pytest
from ape import chain
from town import DAY_S, E18, EVERYWHERE, MAX, stake

from indexkit.economics.lists import read_initial
from indexkit.errors import IndexkitError
from indexkit.localnet import mine


def test_recipient_changed_after_the_snapshot__old_one_counts(town):
    """R-22: the stream is whose it was at the snapshot; at a later one the new recipient's."""
    before = chain.blocks.head.number
    due = town.streams.claimable(0)
    assert town.power("vesting", town.labs) == due > 0
    town.streams.proposeRecipient(0, town.provider, sender=town.labs)
    assert town.power("vesting", town.labs) >= due
    town.streams.acceptRecipient(0, sender=town.provider)
    assert town.power("vesting", town.labs, before) == due
    assert town.power("vesting", town.provider, before) == 0
    assert town.power("vesting", town.labs) == 0
    assert town.power("vesting", town.provider) == town.streams.claimable(0)


def test_claims_after_the_snapshot__unclaimed_at_it(town):
    """V-8: claimed later, it counts where it was: once, and not in the wallet."""
    town.publish({town.holder: 40 * E18, town.heir: 2 * E18})
    block = chain.blocks.head.number
    before = town.count(*EVERYWHERE)
    wallets = {one.address: town.token.balanceOf(one) for one in town.people}
    town.streams.claim(0, sender=town.heir)
    town.farms[0].getReward(sender=town.staker)
    town.claim_epochs(town.holder)
    claim_initial(town, town.holder)
    assert town.count(*EVERYWHERE, block=block) == before
    assert before[town.holder.address]["unclaimed"] == 140 * E18
    assert {one: found["wallet"] for one, found in before.items()} == wallets
    after = town.count(*EVERYWHERE)
    assert after[town.holder.address]["unclaimed"] == 0
    assert after[town.holder.address]["wallet"] == wallets[town.holder.address] + 140 * E18


def test_claims_before_the_snapshot__not_counted_again(town):
    """V-8: what an account was paid lies in its wallet, and nowhere else."""
    town.publish({town.holder: 40 * E18})
    town.claim_epochs(town.holder)
    town.publish({town.holder: 55 * E18, town.heir: E18})
    assert town.power("unclaimed", town.holder) == 100 * E18 + 15 * E18
    claim_initial(town, town.holder)
    assert town.power("unclaimed", town.holder) == 15 * E18
    assert town.power("unclaimed", town.heir) == E18


def test_epoch_published_after_the_snapshot__not_counted(town):
    """V-8: the list that counts is the one whose root the contract had."""
    town.publish({town.holder: 40 * E18})
    block = chain.blocks.head.number
    town.publish({town.holder: 90 * E18, town.heir: 7 * E18})
    assert town.power("unclaimed", town.holder, block) == 140 * E18
    assert town.power("unclaimed", town.heir, block) == 0
    assert town.power("unclaimed", town.holder) == 190 * E18
    assert town.power("unclaimed", town.heir) == 7 * E18


def test_list_of_the_epoch_is_missing__refused(town):
    """V-8: nothing is counted rather than somebody left out."""
    town.publish({town.holder: 40 * E18})
    town.publish({town.holder: 90 * E18})
    latest = town.digests.pop()
    with pytest.raises(IndexkitError, match=r"has the root 0x[0-9a-f]{64} of epoch 2: add the"):
        town.count("unclaimed")
    town.digests.append(latest)
    del town.digests[0]
    with pytest.raises(IndexkitError, match="of its initial distribution: add the"):
        town.count("unclaimed")


def test_epoch_that_names_more_than_is_there__refused(town):
    """V-8: a root that was published without its coins makes no votes."""
    town.publish({town.holder: 10**6 * E18}, paying=40 * E18)
    said = f"names {10**6 * E18} that is not claimed, and {40 * E18} is there for it"
    with pytest.raises(IndexkitError, match=said):
        town.count("unclaimed")


@pytest.mark.parametrize("farm", [0, 1])
def test_stake_beside_the_snapshot__adds_nothing(town, farm):
    """V-8, I-26: staked a block later, or until a block before, a coin counts where it lay then."""
    rewards = town.farms[farm]
    token = (town.pair, town.token)[farm]
    token.approve(rewards, MAX, sender=town.provider)
    amount = token.balanceOf(town.provider) if farm == 0 else 0
    if farm == 1:
        amount = 5_000 * E18
        town.token.transfer(town.provider, amount, sender=town.treasury)
    names = ("wallet", "farms", "pools")
    block = chain.blocks.head.number
    town_before = town.count(*names)
    before = town_before[town.provider.address]

    rewards.stake(amount, sender=town.provider)
    assert town.count(*names, block=block)[town.provider.address] == before
    staked = town.count(*names)[town.provider.address]
    assert sum(staked.values()) - staked["farms"] <= sum(before.values()) - before["farms"]
    rewards.withdraw(amount, sender=town.provider)
    after = town.count(*names)[town.provider.address]
    assert after["wallet"] == before["wallet"]
    assert after["pools"] == before["pools"]
    assert 0 <= after["farms"] - before["farms"] <= some_rewards(town)


def some_rewards(town):
    """Return more than both farms stream in the blocks of a test {INDEX}."""
    return sum(farm.rewardRate() for farm in town.farms) * 10


def test_stake_and_withdraw_in_the_same_block__nothing(town):
    """I-26: a stake that is gone at the end of the block counts for nothing."""
    farm, heir, provider = town.farms[1], town.heir, chain.provider
    town.token.transfer(heir, 10**6 * E18, sender=town.treasury)
    town.token.approve(farm, MAX, sender=heir)
    call = {"from": heir.address, "to": farm.address, "gas": hex(10**6)}
    provider.auto_mine = False
    try:
        hashes = [
            provider.make_request(
                "eth_sendTransaction",
                [call | {"data": step.encode_input(10**6 * E18).hex(), "nonce": hex(nonce)}],
            )
            for nonce, step in enumerate((farm.stake, farm.withdraw), heir.nonce)
        ]
        mine()
    finally:
        provider.auto_mine = True
    receipts = [provider.make_request("eth_getTransactionReceipt", [one]) for one in hashes]
    assert [int(receipt["status"], 16) for receipt in receipts] == [1, 1]
    assert receipts[0]["blockNumber"] == receipts[1]["blockNumber"]
    assert town.count("wallet", "farms")[heir.address] == {"wallet": 10**6 * E18, "farms": 0}


def test_second_farm_after_years__streams_stand_still(town):
    """R-23: while nobody stakes nobody earns; the mirror stands still with the contract."""
    farm = town.farms[1]
    farm.exit(sender=town.staker)
    chain.mine(timestamp=chain.blocks.head.timestamp + 100 * DAY_S)
    stake(farm, town.token, town.staker, E18)
    chain.mine(timestamp=chain.blocks.head.timestamp + 100 * DAY_S)
    earned = sum(one.earned(town.staker) for one in town.farms)
    assert town.power("farms", town.staker) == earned + E18


def claim_initial(town, account):
    """Claim what the initial list has for an account."""
    listed = read_initial(town.reader().file(town.digests[0]))
    place, claim, proof = listed.find(account.address)
    town.distributor.claim(place, account, claim.amount, proof, sender=town.heir)
