"""StakingRewards and its mirror in integers: equal, from events alone (V-8, I-27)."""

import pytest
from ape import chain
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexkit.economics.staking_mirror import StakingMirror
from indexkit.errors import IndexkitError

E18 = 10**18
DAY_S = 86_400
DURATION_S = 60 * DAY_S


def follow(mirror, receipt):
    """Book what a transaction logged."""
    for log in receipt.events:
        if log.event_name == "RewardAdded":
            mirror.notify(receipt.timestamp, log.reward)
        elif log.event_name == "Staked":
            mirror.stake(receipt.timestamp, log.user, log.amount)
        elif log.event_name == "Withdrawn":
            mirror.withdraw(receipt.timestamp, log.user, log.amount)
        elif log.event_name == "RewardPaid":
            mirror.pay(receipt.timestamp, log.user, log.reward)


def agree(rewards, mirror, *accounts):
    """Compare everything that the contract tells, at its latest block."""
    now = chain.blocks.head.timestamp
    assert mirror.supply == rewards.totalSupply()
    for account in accounts:
        assert mirror.earned(now, account.address) == rewards.earned(account), now
        assert mirror.stakes.get(account.address, 0) == rewards.balanceOf(account)


def test_get_reward__nothing_owed__changes_nothing(rewards, fund, staker, stranger, at):
    """V-8: else a stranger moved the books without a log, and no events told what is owed."""
    mirror = StakingMirror(DURATION_S)
    follow(mirror, fund(rewards, DURATION_S * 3 // 2))
    follow(mirror, rewards.stake(E18, sender=staker))
    start = chain.blocks.head.timestamp
    before = rewards.lastUpdateTime()
    silent = at(start + 1, rewards.getReward, sender=stranger)
    assert silent.events == []
    assert rewards.lastUpdateTime() == before
    chain.mine(timestamp=start + 2)
    agree(rewards, mirror, staker)
    assert rewards.earned(staker) == 3


STEPS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 13, DAY_S, 7 * DAY_S + 1, 40 * DAY_S]),
        st.sampled_from(["staker", "latecomer"]),
        st.sampled_from(["stake", "stake", "withdraw", "leave", "getReward", "notify", "stranger"]),
        st.sampled_from([1, 7, E18 - 1, 10**24 + 3]),
    ),
    min_size=6,
    max_size=12,
)


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_mirror__any_history(
    make_rewards, fund, distribution, staker, latecomer, stranger, coin, at, steps
):
    """I-27: `earned` of everybody after each step, silent claims between; one token is both."""
    rewards = make_rewards(paid=coin, staked=coin)
    mirror, players = StakingMirror(DURATION_S), {"staker": staker, "latecomer": latecomer}
    follow(mirror, fund(rewards, 900_000 * E18))
    for pause, name, action, amount in steps:
        account = players[name]
        stake = rewards.balanceOf(account)
        if action == "notify":
            coin.transfer(rewards, amount, sender=distribution)
            call = (rewards.notifyRewardAmount, amount)
            account = distribution
        elif action in ("withdraw", "leave") and stake:
            call = (rewards.withdraw, stake if action == "leave" else min(amount, stake))
        elif action == "stake":
            call = (rewards.stake, amount)
        else:
            call = (rewards.getReward,)
            account = stranger if action == "stranger" else account
        follow(mirror, at(chain.blocks.head.timestamp + pause, *call, sender=account))
        agree(rewards, mirror, staker, latecomer, stranger)
    owed = sum(mirror.earned(chain.blocks.head.timestamp, a) for a in mirror.accounts())
    assert owed + mirror.supply <= coin.balanceOf(rewards) == mirror.promised + mirror.supply


def test_mirror__steps_of_another_contract__raises():
    """V-8: what does not follow from the rules is refused, not counted."""
    mirror = StakingMirror(DURATION_S)
    mirror.stake(1, "A", 5)
    with pytest.raises(IndexkitError, match="A withdraws 6 and has staked 5"):
        mirror.withdraw(2, "A", 6)
    with pytest.raises(IndexkitError, match="A is paid 1 and has earned 0"):
        mirror.pay(3, "A", 1)
