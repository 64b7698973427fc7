# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title StakingRewards
@license MIT
@notice Pays a stream of one token to those who stake another, in proportion, while anybody stakes.
@dev See interfaces/IStakingRewards.vyi. Views are @reentrant: everything is written before a token is
     called.
"""

from contracts.lib import precise_math as math
from contracts.lib import safe_token
from ethereum.ercs import IERC20
from interfaces import IStakingRewards

implements: IStakingRewards

# D18{1} Rewards per staked token, and what is owed, are kept at this scale.
SCALE: constant(uint256) = 10**18
# {reward} in one notification and all that it finds unstreamed. Far above any supply, far below where
# products of it overflow: nothing that was notified can keep a stake from being withdrawn.
MAX_REWARD: constant(uint256) = 2**128 - 1

DISTRIBUTION: immutable(address)
REWARDS_TOKEN: immutable(address)
STAKING_TOKEN: immutable(address)
# {s}
DURATION: immutable(uint256)

# {stake}
totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])

# {reward/s} of the last notification, rounded down. Only told: nothing is computed with it.
rewardRate: public(uint256)

# {reward} still to be streamed between `lastUpdateTime` and `finish`: too much, and the last to come is not
# paid.
unstreamed: uint256
# {s} up to which the stream has been shared out, and when it ends if somebody stakes all the time. Before
# the first notification both are 0, after the end they are equal.
lastUpdateTime: public(uint256)
finish: uint256

# D18{reward} streamed, but less than can be divided among all stakes: shared out with the next accrual.
undivided: uint256
# D18{reward/stake} since the beginning. It only rises.
rewardPerTokenStored: public(uint256)
userRewardPerTokenPaid: public(HashMap[address, uint256])
# D18{reward} of each account up to then. Exact: a balance times a difference of the above, never rounded.
owed: HashMap[address, uint256]

# {reward} notified and not paid yet: what must be here, besides the stakes.
promised: uint256


@deploy
def __init__(
    _rewardsDistribution: address,
    _rewardsToken: address,
    _stakingToken: address,
    _rewardsDuration: uint256,
):
    """
    @param _rewardsDistribution Who notifies of rewards
    @param _rewardsDuration {s} over which one is paid
    """
    assert _rewardsDuration > 0, "Duration must be positive"

    DISTRIBUTION = _rewardsDistribution
    REWARDS_TOKEN = _rewardsToken
    STAKING_TOKEN = _stakingToken
    DURATION = _rewardsDuration


# ---------------------------------------------------------------- anyone


@external
def stake(amount: uint256):
    """
    @notice Take `amount` {stake} from the caller, and pay him his share from now on.
    @dev Anyone. Tokens of which less arrives are refused.
    """
    assert amount > 0, "Cannot stake 0"

    self._update(msg.sender)
    self.totalSupply += amount
    self.balanceOf[msg.sender] += amount

    safe_token._pull(STAKING_TOKEN, msg.sender, self, amount)

    log IStakingRewards.Staked(user=msg.sender, amount=amount)


@external
def withdraw(amount: uint256):
    """
    @notice Give `amount` {stake} back to the caller; what he earned waits for `getReward`.
    @dev Anyone, up to what he staked. It never touches the rewards token.
    """
    self._withdraw(amount)


@external
def getReward():
    """
    @notice Pay the caller what he earned, down to whole base units; the rest stays his.
    @dev Anyone.
    """
    self._get_reward()


@external
def exit():
    """
    @notice Withdraw everything and pay what was earned.
    @dev Anyone who stakes.
    """
    self._withdraw(self.balanceOf[msg.sender])
    self._get_reward()


# ---------------------------------------------------------------- distribution


@external
def notifyRewardAmount(reward: uint256):
    """
    @notice Stream `reward` {reward} over the next `rewardsDuration`, with whatever is left unstreamed.
    @dev The rewards distribution only, after it has sent the tokens.
    """
    assert msg.sender == DISTRIBUTION, "Caller is not RewardsDistribution contract"
    self._update(empty(address))
    promised: uint256 = math.add(self.promised, reward)
    unstreamed: uint256 = math.add(self.unstreamed, reward)
    assert unstreamed <= MAX_REWARD, "Provided reward too high"
    assert promised <= self._rewards_here(), "Provided reward too high"

    self.promised = promised
    self.unstreamed = unstreamed
    self.rewardRate = unstreamed // DURATION
    self.lastUpdateTime = block.timestamp
    self.finish = block.timestamp + DURATION

    log IStakingRewards.RewardAdded(reward=reward)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def rewardsDistribution() -> address:
    return DISTRIBUTION


@external
@view
@reentrant
def rewardsToken() -> address:
    return REWARDS_TOKEN


@external
@view
@reentrant
def stakingToken() -> address:
    return STAKING_TOKEN


@external
@view
@reentrant
def rewardsDuration() -> uint256:
    """
    @notice {s}
    """
    return DURATION


@external
@view
@reentrant
def getRewardForDuration() -> uint256:
    """
    @notice {reward} Rate times duration, rounded down as the rate is.
    """
    return self.rewardRate * DURATION


@external
@view
@reentrant
def periodFinish() -> uint256:
    """
    @notice {s} When the stream ends if somebody stakes from now on, or when it ended.
    """
    return self._finish()


@external
@view
@reentrant
def lastTimeRewardApplicable() -> uint256:
    """
    @notice {s} Now, or when the stream ended.
    """
    return min(block.timestamp, self._finish())


@external
@view
@reentrant
def rewardPerToken() -> uint256:
    """
    @notice D18{reward/stake} Since the beginning, rounded down.
    """
    return self._per_token()


@external
@view
@reentrant
def rewards(account: address) -> uint256:
    """
    @notice {reward} What an account earned up to its last stake, withdrawal or payment, rounded down.
    """
    return self.owed[account] // SCALE


@external
@view
@reentrant
def earned(account: address) -> uint256:
    """
    @notice {reward} What `getReward` would pay now.
    """
    return self._owed(account) // SCALE


# ---------------------------------------------------------------- internal


@internal
def _withdraw(_amount: uint256):
    assert _amount > 0, "Cannot withdraw 0"

    self._update(msg.sender)
    self.totalSupply = math.sub(self.totalSupply, _amount)
    self.balanceOf[msg.sender] = math.sub(self.balanceOf[msg.sender], _amount)

    safe_token._push(STAKING_TOKEN, msg.sender, _amount)

    log IStakingRewards.Withdrawn(user=msg.sender, amount=_amount)


@internal
def _get_reward():
    # Nothing changes without a log: events alone tell what everybody is owed.
    reward: uint256 = self._owed(msg.sender) // SCALE
    if reward == 0:
        return

    self._update(msg.sender)
    self.owed[msg.sender] -= reward * SCALE
    self.promised -= reward

    safe_token._push(REWARDS_TOKEN, msg.sender, reward)

    log IStakingRewards.RewardPaid(user=msg.sender, reward=reward)


@internal
def _update(_account: address):
    """
    @dev Before every change of a balance or of the stream: shares out what was streamed since the last
         time, or moves the end out when nobody staked.
    """
    supply: uint256 = self.totalSupply
    if supply == 0:
        self.finish = self._finish()
    else:
        streamed: uint256 = self._streamed()
        due: uint256 = self.undivided + streamed * SCALE
        self.unstreamed -= streamed
        self.undivided = due % supply
        self.rewardPerTokenStored += due // supply
    self.lastUpdateTime = min(block.timestamp, self.finish)

    if _account != empty(address):
        self.owed[_account] = self._owed(_account)
        self.userRewardPerTokenPaid[_account] = self.rewardPerTokenStored


@internal
@view
def _finish() -> uint256:
    # Nobody stakes and the stream is not over: since the last update it has stood still.
    if self.totalSupply == 0 and self.lastUpdateTime < self.finish:
        return self.finish + block.timestamp - self.lastUpdateTime
    return self.finish


@internal
@view
def _streamed() -> uint256:
    """
    @return {reward} since the last update, while somebody staked; rounded down, the rest comes later
    """
    since: uint256 = self.lastUpdateTime
    until: uint256 = min(block.timestamp, self.finish)
    if until == since:
        return 0
    # {reward} = {reward} * {s} / {s}
    return self.unstreamed * (until - since) // (self.finish - since)


@internal
@view
def _per_token() -> uint256:
    supply: uint256 = self.totalSupply
    if supply == 0:
        return self.rewardPerTokenStored
    # D18{reward/stake} = D18{reward} / {stake}
    return self.rewardPerTokenStored + (self.undivided + self._streamed() * SCALE) // supply


@internal
@view
def _owed(_account: address) -> uint256:
    # D18{reward} = {stake} * D18{reward/stake}. At most all that was ever notified: no supply was smaller
    # than this balance meanwhile.
    since: uint256 = self._per_token() - self.userRewardPerTokenPaid[_account]
    return self.owed[_account] + self.balanceOf[_account] * since


@internal
@view
def _rewards_here() -> uint256:
    # {reward}
    balance: uint256 = staticcall IERC20(REWARDS_TOKEN).balanceOf(self)
    if REWARDS_TOKEN == STAKING_TOKEN:
        return math.sub(balance, self.totalSupply)
    return balance
