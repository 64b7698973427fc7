"""StakingRewards: where the stream goes, second by second, against exact fractions (V-9, I-27)."""

from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from ape import chain
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

E18 = 10**18
DAY_S = 86_400
DURATION_S = 60 * DAY_S
REWARD = 900_000 * E18


@dataclass
class Model:
    """The stream as it is meant to be: continuous, exact, and at rest while nobody stakes.

    Attributes
    ----------
    left
        {reward} not streamed yet.
    seconds
        For which it lasts while somebody stakes.
    """

    left: Fraction = Fraction(0)
    seconds: int = 0
    time: int = 0
    stakes: dict[str, int] = field(default_factory=lambda: {"staker": 0, "latecomer": 0})
    earned: dict[str, Fraction] = field(
        default_factory=lambda: {"staker": Fraction(0), "latecomer": Fraction(0)}
    )

    def advance(self, time):
        """Stream up to a time {s}."""
        total = sum(self.stakes.values())
        if total and self.seconds:
            passed = min(time - self.time, self.seconds)
            streamed = self.left * passed / self.seconds
            self.left -= streamed
            self.seconds -= passed
            for name, stake in self.stakes.items():
                self.earned[name] += streamed * stake / total
        self.time = time

    def notify(self, reward):
        """Stream it over a whole duration, with what is left."""
        self.left += reward
        self.seconds = DURATION_S


STAKERS = st.sampled_from(["staker", "latecomer"])
PAUSES_S = st.sampled_from([1, 13, DAY_S, 7 * DAY_S, 40 * DAY_S])
AMOUNTS = st.sampled_from([1, E18, 10**24]).flatmap(lambda most: st.integers(most, 10 * most))
ACTIONS = ["stake", "stake", "withdraw", "leave", "getReward", "notify"]
STEPS = st.lists(
    st.tuples(
        PAUSES_S, st.sampled_from(["staker", "latecomer"]), st.sampled_from(ACTIONS), AMOUNTS
    ),
    min_size=6,
    max_size=12,
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_stream__any_history(
    make_rewards, fund, distribution, staker, latecomer, coin, share, at, steps
):
    """I-27: paid and owed follow the fractions; in the end all that was notified is paid."""
    rewards = make_rewards()
    accounts = {"staker": staker, "latecomer": latecomer}
    had = {name: coin.balanceOf(account) for name, account in accounts.items()}
    fund(rewards, REWARD)
    model, funded, most = Model(time=chain.blocks.head.timestamp), REWARD, 0
    model.notify(REWARD)

    def agree(tolerance):
        """Compare everything, exactly or to the {wei}."""
        paid = {name: coin.balanceOf(accounts[name]) - had[name] for name in accounts}
        owed = {name: rewards.earned(accounts[name]) for name in accounts}
        assert coin.balanceOf(rewards) + sum(paid.values()) == funded
        assert coin.balanceOf(rewards) >= sum(owed.values())
        assert share.balanceOf(rewards) == rewards.totalSupply() == sum(model.stakes.values())
        for name in accounts:
            assert abs(paid[name] + owed[name] - model.earned[name]) <= tolerance, name

    for done, (pause, name, action, amount) in enumerate(steps):
        if action == "notify":
            coin.transfer(rewards, amount, sender=distribution)
        time = chain.blocks.head.timestamp + pause
        model.advance(time)
        if action == "notify":
            at(time, rewards.notifyRewardAmount, amount, sender=distribution)
            model.notify(amount)
            funded += amount
        elif action == "stake":
            at(time, rewards.stake, amount, sender=accounts[name])
            model.stakes[name] += amount
        elif action == "getReward" or not model.stakes[name]:
            at(time, rewards.getReward, sender=accounts[name])
        else:
            stake = model.stakes[name]
            part = stake if action == "leave" else min(amount, stake)
            at(time, rewards.withdraw, part, sender=accounts[name])
            model.stakes[name] -= part
        most = max(most, sum(model.stakes.values()))
        # A wei for each accrual, and what the stakes did not divide.
        agree(tolerance=done + 2 + most // E18)

    rewards.stake(1, sender=staker)
    end = max(rewards.periodFinish(), chain.blocks.head.timestamp + 1)
    at(end, rewards.exit, sender=staker)
    rewards.getReward(sender=latecomer)
    assert coin.balanceOf(rewards) <= 2 + most // E18


def test_stream__every_wei_is_paid(make_rewards, fund, staker, latecomer, coin, at):
    """R-23, V-9: after gaps without stakers everything is paid but for a wei that each is owed.

    S-239.
    """
    rewards = make_rewards()
    fund(rewards, 10**24 + 7)
    start = chain.blocks.head.timestamp
    at(start + 6 * DAY_S, rewards.stake, 3 * E18, sender=staker)
    at(start + 20 * DAY_S, rewards.stake, 4 * E18 + 1, sender=latecomer)
    at(start + 21 * DAY_S, rewards.exit, sender=staker)
    at(start + 30 * DAY_S + 1, rewards.exit, sender=latecomer)
    at(start + 400 * DAY_S, rewards.stake, 1, sender=staker)
    at(start + 800 * DAY_S, rewards.exit, sender=staker)
    assert rewards.periodFinish() == start + 400 * DAY_S + 60 * DAY_S - 24 * DAY_S - 1
    assert coin.balanceOf(rewards) <= 2
    assert coin.balanceOf(staker) + coin.balanceOf(latecomer) == 10**24 + 7 - coin.balanceOf(
        rewards
    )


def test_stream__stands_still(rewards, fund, staker, at):
    """V-9, S-238: while nobody stakes, the end moves out with the time, and nobody earns."""
    fund(rewards)
    end = rewards.periodFinish()
    for days in (1, 59, 61, 1_000):
        chain.mine(timestamp=end - DURATION_S + days * DAY_S)
        assert rewards.periodFinish() == end + days * DAY_S
        assert rewards.lastTimeRewardApplicable() == end - DURATION_S + days * DAY_S
        assert rewards.rewardPerToken() == 0
    at(end + 1_000 * DAY_S, rewards.stake, E18, sender=staker)
    assert rewards.periodFinish() == end + 1_000 * DAY_S + DURATION_S
    assert rewards.earned(staker) == 0
    chain.mine(timestamp=rewards.periodFinish() + DAY_S)
    assert rewards.earned(staker) == REWARD
    assert rewards.lastTimeRewardApplicable() == rewards.periodFinish()
    rewards.exit(sender=staker)
    assert rewards.periodFinish() == end + 1_000 * DAY_S + DURATION_S


@pytest.mark.parametrize("reward", [1, DURATION_S - 1, DURATION_S + 1, 10**18 + 1])
def test_stream__less_than_a_wei_a_second__is_not_lost(rewards, fund, staker, coin, at, reward):
    """I-27: a rate that rounds to nothing still pays everything by the last second."""
    rewards.stake(E18, sender=staker)
    fund(rewards, reward)
    start = chain.blocks.head.timestamp
    for part in range(1, 8):
        at(start + part * DURATION_S // 7, rewards.getReward, sender=staker)
    assert coin.balanceOf(staker) == reward


def test_stream__undivided_rest__goes_to_the_next(rewards, fund, staker, latecomer, coin, at):
    """I-27: what the stakes do not divide waits, and is shared out when they do."""
    rewards.stake(10**27, sender=staker)
    fund(rewards, DURATION_S)
    start = chain.blocks.head.timestamp
    at(start + 10, rewards.getReward, sender=staker)
    assert coin.balanceOf(staker) == rewards.rewardPerTokenStored() == 0
    at(start + 20, rewards.withdraw, 10**27 - 1, sender=staker)
    at(start + 20 + 1, rewards.getReward, sender=staker)
    assert coin.balanceOf(staker) == 21


def test_get_reward__fractions_of_a_wei__stay_the_stakers(
    rewards, fund, staker, latecomer, coin, at
):
    """I-27: a third of a wei a second, collected when it is 4/3 and when it is 2: 2 in all."""
    rewards.stake(1, sender=staker)
    rewards.stake(2, sender=latecomer)
    fund(rewards, DURATION_S)
    start = chain.blocks.head.timestamp
    at(start + 4, rewards.getReward, sender=staker)
    assert coin.balanceOf(staker) == 1
    at(start + 6, rewards.getReward, sender=staker)
    assert coin.balanceOf(staker) == 2
