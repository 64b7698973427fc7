"""SingleIndexModule: what rounding does to the original, and not to ours."""

from twins.scenario import scenario
from twins.stage import E18, Stage
from twins.starts import ISSUED, index, rebalance
from twins.trading import DAY_S, accrue, unit

NOT_MET = "Targets must be met and ETH remaining in order to raise target"
TO_SELL = "Must sell all sellable tokens before can be called"


def shrunk(s: Stage, new: dict[str, int] | None = None) -> None:
    """Accrue fees before and during a rebalance that sells a tenth of the USDC."""
    index(s)
    accrue(s, 13 * DAY_S + 7)
    rebalance(s, {"usdc": 36 * 10**6}, new)
    for pause in (1, 601, DAY_S + 1, 3 * DAY_S + 17, 40 * DAY_S + 3):
        accrue(s, pause)
    s.index_module.trade(s.usdc, by=s.trader)


def cash(s: Stage) -> None:
    """Sell half of the USDC: everything is at its target, and WETH is left."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6})
    s.index_module.trade(s.usdc, by=s.trader)


def cash_for_aave(s: Stage) -> None:
    """Sell half of the USDC for AAVE, of which more is wanted than that pays for."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6}, {"aave": E18})
    s.index_module.trade(s.usdc, by=s.trader)


def owed(s: Stage) -> None:
    """Issue and accrue so that the units of WBTC stand for more than there is."""
    index(s)
    accrue(s, 40 * DAY_S + 3)
    s.issuance.issue(s.set, 10 * ISSUED, s.issuer, by=s.issuer)
    accrue(s, 600)
    total = s.set.totalSupply() * s.set.getDefaultPositionRealUnit(s.wbtc) // E18
    assert total > s.wbtc.balanceOf(s.set)


@scenario
def rounding_does_not_keep_targets_from_being_met(s: Stage) -> None:
    """V-1: the original never raises its targets again, however often it trades."""
    shrunk(s)
    with s.aside():
        s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET, ours=None, differs="V-1")
        s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET)
    with s.aside():
        for token in (s.usdc, s.wbtc):
            s.index_module.trade(token, by=s.trader)
            accrue(s, 600)
        s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET, ours=None, differs="V-1")


@scenario
def two_base_units_are_rounding(s: Stage) -> None:
    """V-1: two below or above the target count as met, three do not."""
    cash(s)
    at = unit(s, s.wbtc)
    for off, ours in ((-3, NOT_MET), (-2, None), (-1, None), (1, None), (2, None), (3, NOT_MET)):
        with s.aside():
            s.set.editDefaultPositionUnit(s.wbtc, at + off, by=s.module)
            differs = None if ours else "V-1"
            s.index_module.raiseAssetTargets(
                by=s.trader, reverts=NOT_MET, ours=ours, differs=differs
            )
    s.index_module.raiseAssetTargets(by=s.trader)


@scenario
def cash_may_remain(s: Stage) -> None:
    """V-1: WETH left over makes every further rebalance of the original impossible."""
    cash(s)
    words = "WETH cannot be an index component"
    with s.aside():
        rebalance(s, {"weth": 0, "usdc": 30 * 10**6}, reverts=words, ours=None, differs="V-1")
        ours = s.world.has_our_sets
        buys = "Target already met"
        s.index_module.trade(s.usdc, by=s.trader, reverts=buys, ours=None)
        assert unit(s, s.usdc) == (30 if ours else 20) * 10**6
        assert s.weth.address.lower() not in s.index_module.getRebalanceComponents()
    rebalance(s, {}, reverts=words)
    rebalance(s, {"weth": 1}, reverts=words)


@scenario
def an_accrual_does_not_block_the_last_purchase(s: Stage) -> None:
    """V-2: a unit that an accrual rounds above its target has to be sold first in the original."""
    shrunk(s, {"aave": E18})
    s.index_module.getTargetUnits([s.wbtc])
    s.set.getDefaultPositionRealUnit(s.wbtc)
    with s.aside():
        s.index_module.tradeRemainingWETH(
            s.aave, by=s.trader, reverts=TO_SELL, ours=None, differs="V-2"
        )
        s.set.isComponent(s.weth)
    with s.aside():
        s.index_module.tradeRemainingWETH(
            s.wbtc,
            by=s.trader,
            reverts=TO_SELL,
            ours="Trade size exceeds trade size limit",
            differs="V-2",
        )


@scenario
def two_base_units_above_need_not_be_sold(s: Stage) -> None:
    """V-2: three do, on both sides."""
    cash_for_aave(s)
    at = unit(s, s.wbtc)
    for off, ours in ((1, None), (2, None), (3, TO_SELL)):
        with s.aside():
            s.set.editDefaultPositionUnit(s.wbtc, at + off, by=s.module)
            s.index_module.tradeRemainingWETH(
                s.aave,
                by=s.trader,
                reverts=TO_SELL,
                ours=ours,
                differs=None if ours else "V-2",
            )


@scenario
def units_may_stand_for_more_than_there_is(s: Stage) -> None:
    """V-13: the original neither sells nor buys such a component."""
    owed(s)
    for target, size in ((0, 10**6), (0, 10**9), (10**6, 10**6), (10**6, 10**8)):
        with s.aside():
            rebalance(s, {"usdc": 10**6, "wbtc": target})
            s.index_module.trade(s.usdc, by=s.trader)
            s.index_module.setTradeMaximums([s.wbtc], [size], by=s.manager)
            words = "SafeMath: subtraction overflow"
            s.index_module.trade(s.wbtc, by=s.trader, reverts=words, ours=None, differs="V-13")
            total = s.set.totalSupply() * unit(s, s.wbtc) // E18
            assert (total <= s.wbtc.balanceOf(s.set)) is s.world.has_our_sets


@scenario
def units_may_stand_for_more_than_can_be_sold(s: Stage) -> None:
    """V-13: all of the units at once cannot be sold in ours either."""
    owed(s)
    rebalance(s, {"wbtc": 0})
    s.index_module.trade(s.wbtc, by=s.trader, reverts="TransferHelper: TRANSFER_FROM_FAILED")


@scenario
def cash_may_stand_for_more_than_there_is(s: Stage) -> None:
    """V-13: too large a unit of WETH stops every trade of the original."""
    cash(s)
    rebalance_on_top(s)
    words = "SafeMath: subtraction overflow"
    for token in (s.dai, s.wbtc):
        with s.aside():
            s.index_module.trade(token, by=s.trader, reverts=words, ours=None, differs="V-13")
            total = s.set.totalSupply() * unit(s, s.weth) // E18
            assert (total <= s.weth.balanceOf(s.set)) is s.world.has_our_sets


def rebalance_on_top(s: Stage) -> None:
    """Want less DAI and more WBTC, with a unit of WETH that is 10 too large."""
    at = unit(s, s.weth)
    s.set.editDefaultPositionUnit(s.weth, 0, by=s.module)
    s.set.removeComponent(s.weth, by=s.module)
    rebalance(s, {"dai": 29 * E18, "wbtc": 150_100})
    s.set.addComponent(s.weth, by=s.module)
    s.set.editDefaultPositionUnit(s.weth, at + 10, by=s.module)
