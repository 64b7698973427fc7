"""V-9: what the original's staking rewards stream while nobody stakes is stranded for ever.

The programme is INDEX's liquidity mining: 900,000 over 60 days, six of which nobody stakes.
"""

from invariants.code import ours
from twins.index_house import index_coop
from twins.stage import E18, MAX_UINT
from twins.trading import DAY_S
from twins.world import TOKEN

DURATION_S = 60 * DAY_S
REWARD = 900_000 * E18
STAKE = 1_000 * E18


def code(s):
    """Return this world's staking contract."""
    if s.world.has_our_sets:
        return ours("StakingRewards")
    return index_coop("staking/StakingRewardsV2")


def programme(s):
    """Fund the programme; the issuer and the heir have something to stake."""
    s.deploy("coin", TOKEN, s.owner, 10_000_000 * E18, "Index", "INDEX", 18)
    s.deploy("lp", TOKEN, s.owner, 10 * STAKE, "Liquidity", "LP", 18)
    s.deploy("rewards", code(s), s.owner, s.coin, s.lp, DURATION_S)
    for account in (s.issuer, s.heir):
        s.lp.transfer(account, STAKE, by=s.owner)
    s.coin.transfer(s.rewards, REWARD, by=s.owner)
    s.rewards.notifyRewardAmount(REWARD, by=s.owner)


def stake(s, account):
    """Approve, and stake in the next block."""
    s.lp.approve(s.rewards, MAX_UINT, by=account)
    s.rewards.stake(STAKE, by=account)


def held(s):
    """Return what both were paid and what the contract still has {wei of INDEX}."""
    paid = [s.coin.balanceOf.peek(account) for account in (s.issuer, s.heir)]
    return *paid, s.coin.balanceOf.peek(s.rewards)


def test_rewards__six_days_without_stakers__stranded_by_the_original(on_both):
    """V-9, R-23: the original keeps 90,004 INDEX, whoever stakes later; ours pays everything."""

    def play(s):
        programme(s)
        s.advance(6 * DAY_S)
        stake(s, s.heir)
        s.advance(70 * DAY_S)
        s.rewards.exit(by=s.heir, differs="V-9")
        stake(s, s.issuer)
        s.advance(70 * DAY_S)
        s.rewards.exit(by=s.issuer)
        return held(s)

    original, our = on_both(play)
    assert original == (0, 809_995_486_111_111_110_592_000, 90_004_513_888_888_889_408_000)
    assert our == (0, REWARD, 0)


def test_rewards__gap_in_the_middle__stranded_by_the_original(on_both):
    """V-9, R-23: as much when all leave for six days in between; until then both pay alike."""

    def play(s):
        programme(s)
        stake(s, s.issuer)
        s.advance(20 * DAY_S)
        s.rewards.earned(s.issuer, differs="V-9")
        s.rewards.exit(by=s.issuer, differs="V-9")
        s.advance(6 * DAY_S)
        stake(s, s.heir)
        s.advance(70 * DAY_S)
        s.rewards.exit(by=s.heir, differs="V-9")
        return held(s)

    original, our = on_both(play)
    assert original[2] == 90_009_027_777_777_778_297_000
    assert our[2] == 0
    assert sum(original) == sum(our) == REWARD


def test_notify__what_is_owed_already__promised_again_by_the_original(on_both):
    """V-9, I-27: ours keeps what nobody has collected yet; the original pays it to the next."""

    def play(s):
        programme(s)
        stake(s, s.issuer)
        s.advance(70 * DAY_S)
        s.rewards.withdraw(STAKE, by=s.issuer)
        words = "Provided reward too high"
        s.rewards.notifyRewardAmount(REWARD, by=s.owner, reverts=None, ours=words, differs="V-9")
        stake(s, s.heir)
        s.advance(70 * DAY_S)
        s.rewards.exit(by=s.heir)
        empty = "ERC20: transfer amount exceeds balance"
        s.rewards.getReward(by=s.issuer, reverts=empty, ours=None)
        return held(s)

    original, our = on_both(play)
    assert original == (0, 899_995_486_111_111_110_535_000, 4_513_888_888_889_465_000)
    assert our == (REWARD, 0, 0)
