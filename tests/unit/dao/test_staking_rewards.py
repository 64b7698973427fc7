"""StakingRewards: staking, leaving, being paid, and every rule about who and how much."""

import pytest
from ape import chain, reverts

E18 = 10**18
DAY_S = 86_400
DURATION_S = 60 * DAY_S
REWARD = 900_000 * E18
ZERO = "0x" + "00" * 20


def test_constructor__plain(rewards, distribution, coin, share):
    """Nothing is staked or promised yet (R-23)."""
    assert rewards.rewardsDistribution() == distribution
    assert (rewards.rewardsToken(), rewards.stakingToken()) == (coin, share)
    assert rewards.rewardsDuration() == DURATION_S
    for view in (
        *("totalSupply", "rewardRate", "getRewardForDuration", "periodFinish", "lastUpdateTime"),
        *("lastTimeRewardApplicable", "rewardPerToken", "rewardPerTokenStored"),
    ):
        assert getattr(rewards, view)() == 0, view


def test_constructor__no_duration__reverts(make_rewards):
    """A stream needs time."""
    with reverts("Duration must be positive"):
        make_rewards(duration=0)


def test_abi__has_all_of_the_original(rewards, original_staking):
    """R-23: the same functions and events, with the same names, types and indexed fields."""

    def spelled(entry):
        return (entry.selector, [(i.name, getattr(i, "indexed", None)) for i in entry.inputs])

    def shape(abi):
        for entry in abi:
            if entry.type == "event":
                yield spelled(entry)
            elif entry.type == "function":
                yield entry.selector, entry.stateMutability, [o.type for o in entry.outputs]

    theirs = list(shape(original_staking.contract_type.abi))
    ours = list(shape(rewards.contract_type.abi))
    assert len(theirs) == 25
    assert [entry for entry in theirs if entry not in ours] == []


# ---------------------------------------------------------------- stake and withdraw


def test_stake__plain(rewards, staker, share):
    """The stake is taken and counted (R-23)."""
    receipt = rewards.stake(7 * E18, sender=staker)
    assert receipt.events == [
        share.Transfer(**{"from": staker, "to": rewards, "value": 7 * E18}),
        share.Approval(owner=staker, spender=rewards, value=2**256 - 1 - 7 * E18),
        rewards.Staked(user=staker, amount=7 * E18),
    ]
    assert rewards.balanceOf(staker) == rewards.totalSupply() == 7 * E18
    assert share.balanceOf(rewards) == 7 * E18


def test_withdraw__plain(rewards, staker, latecomer, share):
    """A part of the stake comes back; what others staked stays (R-23, S-235)."""
    rewards.stake(7 * E18, sender=staker)
    rewards.stake(E18, sender=latecomer)
    receipt = rewards.withdraw(2 * E18, sender=staker)
    assert receipt.events == [
        share.Transfer(**{"from": rewards, "to": staker, "value": 2 * E18}),
        rewards.Withdrawn(user=staker, amount=2 * E18),
    ]
    assert rewards.balanceOf(staker) == 5 * E18
    assert rewards.totalSupply() == share.balanceOf(rewards) == 6 * E18


def test_stake__nothing__reverts(rewards, staker):
    """The original's reason."""
    with reverts("Cannot stake 0"):
        rewards.stake(0, sender=staker)


@pytest.mark.parametrize(
    ("amount", "reason"), [(0, "Cannot withdraw 0"), (E18 + 1, "SafeMath: subtraction overflow")]
)
def test_withdraw__nothing_or_too_much__reverts(rewards, staker, latecomer, amount, reason):
    """The original's reasons; a stake of others does not help."""
    rewards.stake(E18, sender=staker)
    rewards.stake(9 * E18, sender=latecomer)
    with reverts(reason):
        rewards.withdraw(amount, sender=staker)


def test_exit__without_a_stake__reverts(rewards, stranger):
    """The original's reason."""
    with reverts("Cannot withdraw 0"):
        rewards.exit(sender=stranger)


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("takes a fee", "Invalid post transfer balance"),
        ("returns false", "SafeERC20: ERC20 operation did not succeed"),
    ],
)
def test_stake__token_that_pays_less__reverts(
    make_rewards, mock, distribution, staker, habit, reason
):
    """I-19, S-241: what is counted is here."""
    odd = distribution.deploy(mock("OddToken"), 18, 10**30)
    rewards = make_rewards(staked=odd)
    odd.adopt(habit, sender=distribution)
    with reverts(reason):
        rewards.stake(E18, sender=staker)


def test_withdraw__rewards_token_is_frozen__works(make_rewards, mock, fund, distribution, staker):
    """A stake never depends on the rewards token (S-235)."""
    odd = distribution.deploy(mock("OddToken"), 18, 10**30)
    rewards = make_rewards(paid=odd)
    rewards.stake(E18, sender=staker)
    odd.transfer(rewards, REWARD, sender=distribution)
    rewards.notifyRewardAmount(REWARD, sender=distribution)
    odd.refuse(staker, sender=distribution)
    chain.mine(timestamp=chain.pending_timestamp + DAY_S)
    with reverts():
        rewards.getReward(sender=staker)
    with reverts():
        rewards.exit(sender=staker)
    rewards.withdraw(E18, sender=staker)
    assert rewards.earned(staker) >= REWARD // 60


# ---------------------------------------------------------------- notify


def test_notify__plain(rewards, distribution, coin, fund):
    """The stream starts now and ends a duration later, if somebody stakes (R-23)."""
    receipt = fund(rewards)
    now = chain.blocks.head.timestamp
    assert receipt.events == [rewards.RewardAdded(reward=REWARD)]
    assert rewards.rewardRate() == REWARD // DURATION_S
    assert rewards.getRewardForDuration() == REWARD // DURATION_S * DURATION_S
    assert rewards.periodFinish() == now + DURATION_S
    assert rewards.lastUpdateTime() == rewards.lastTimeRewardApplicable() == now


def test_notify__half_way__streams_the_rest_with_it(rewards, distribution, fund, staker, at):
    """What is left starts again with the new reward, over a whole duration (S-237)."""
    rewards.stake(E18, sender=staker)
    fund(rewards)
    start = chain.blocks.head.timestamp
    chain.pending_timestamp = start + DURATION_S // 3
    fund(rewards, REWARD // 2)
    now = chain.blocks.head.timestamp
    left = REWARD - REWARD * (now - start) // DURATION_S
    assert rewards.rewardRate() == (left + REWARD // 2) // DURATION_S
    assert rewards.periodFinish() == now + DURATION_S
    at(now + DURATION_S, rewards.exit, sender=staker)
    assert rewards.earned(staker) == 0


def test_notify__anyone_else__reverts(rewards, stranger, staker):
    """The original's reason (S-236)."""
    for account in (stranger, staker):
        with reverts("Caller is not RewardsDistribution contract"):
            rewards.notifyRewardAmount(0, sender=account)


def test_notify__more_than_is_here__reverts(rewards, coin, distribution):
    """I-27, S-236: nothing is promised that is not here."""
    coin.transfer(rewards, REWARD, sender=distribution)
    with reverts("Provided reward too high"):
        rewards.notifyRewardAmount(REWARD + 1, sender=distribution)
    rewards.notifyRewardAmount(REWARD, sender=distribution)


def test_notify__the_same_tokens_twice__reverts(rewards, fund, distribution, staker):
    """I-27, S-236: what is promised already, streamed or not, is not there for another reward."""
    rewards.stake(E18, sender=staker)
    fund(rewards)
    chain.mine(timestamp=chain.pending_timestamp + DURATION_S + DAY_S)
    for reward in (1, REWARD):
        with reverts("Provided reward too high"):
            rewards.notifyRewardAmount(reward, sender=distribution)


def test_notify__beyond_the_bound__reverts(make_rewards, mock, distribution):
    """No reward makes later products overflow."""
    odd = distribution.deploy(mock("OddToken"), 18, 2**256 - 1)
    rewards = make_rewards(paid=odd)
    odd.transfer(rewards, 2**255, sender=distribution)
    with reverts("Provided reward too high"):
        rewards.notifyRewardAmount(2**128, sender=distribution)
    rewards.notifyRewardAmount(1, sender=distribution)
    with reverts("SafeMath: addition overflow"):
        rewards.notifyRewardAmount(2**256 - 1, sender=distribution)
    rewards.notifyRewardAmount(2**128 - 2, sender=distribution)


def test_notify__stakes_of_the_same_token__do_not_count(make_rewards, coin, distribution, staker):
    """I-27, S-240: a stake is never paid to anybody as a reward; the original promises it."""
    rewards = make_rewards(staked=coin)
    rewards.stake(REWARD, sender=staker)
    with reverts("Provided reward too high"):
        rewards.notifyRewardAmount(1, sender=distribution)
    coin.transfer(rewards, 1, sender=distribution)
    rewards.notifyRewardAmount(1, sender=distribution)
    with reverts("Provided reward too high"):
        rewards.notifyRewardAmount(1, sender=distribution)


# ---------------------------------------------------------------- being paid


def test_get_reward__plain(rewards, coin, staker, fund, at):
    """A whole day of a single stake earns a sixtieth (R-23)."""
    rewards.stake(E18, sender=staker)
    fund(rewards)
    start = chain.blocks.head.timestamp
    receipt = at(start + DAY_S, rewards.getReward, sender=staker)
    assert receipt.events == [
        coin.Transfer(**{"from": rewards, "to": staker, "value": REWARD // 60}),
        rewards.RewardPaid(user=staker, reward=REWARD // 60),
    ]
    assert coin.balanceOf(staker) == REWARD // 60
    assert rewards.rewardPerTokenStored() == rewards.userRewardPerTokenPaid(staker)
    assert rewards.rewardPerTokenStored() == REWARD // 60
    assert rewards.earned(staker) == rewards.rewards(staker) == 0


def test_get_reward__nothing_earned__pays_nothing(rewards, coin, stranger, fund):
    """As the original: no error, no transfer, no event."""
    fund(rewards)
    receipt = rewards.getReward(sender=stranger)
    assert receipt.events == []
    assert coin.balanceOf(stranger) == 0


def test_exit__plain(rewards, coin, share, staker, latecomer, fund, at):
    """Stake and reward at once: two thirds of a stream that is shared two to one (R-23)."""
    rewards.stake(2 * E18, sender=staker)
    rewards.stake(E18, sender=latecomer)
    fund(rewards)
    end = rewards.periodFinish()
    receipt = at(end, rewards.exit, sender=staker)
    assert receipt.events == [
        share.Transfer(**{"from": rewards, "to": staker, "value": 2 * E18}),
        rewards.Withdrawn(user=staker, amount=2 * E18),
        coin.Transfer(**{"from": rewards, "to": staker, "value": REWARD * 2 // 3}),
        rewards.RewardPaid(user=staker, reward=REWARD * 2 // 3),
    ]
    assert rewards.earned(latecomer) == coin.balanceOf(rewards) == REWARD // 3


def test_rewards__are_told_as_of_the_last_change(rewards, staker, fund, at):
    """`rewards` waits for a change, `earned` does not."""
    rewards.stake(E18, sender=staker)
    fund(rewards)
    start = chain.blocks.head.timestamp
    chain.mine(timestamp=start + DAY_S)
    assert (rewards.rewards(staker), rewards.earned(staker)) == (0, REWARD // 60)
    at(start + 2 * DAY_S, rewards.withdraw, 1, sender=staker)
    assert rewards.rewards(staker) == REWARD // 30
