"""SingleIndexModule: the components of a rebalance, and what becomes of them."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.starts import index, rebalance
from twins.trading import UNISWAP, unit

NOT_INCLUDED = "Passed component not included in rebalance"
NOT_MET = "Targets must be met and ETH remaining in order to raise target"
TO_SELL = "Must sell all sellable tokens before can be called"


def sold_and_bought(s: Stage) -> None:
    """Sell all USDC, which leaves the index, and buy AAVE, which is new to it."""
    index(s)
    rebalance(s, {"usdc": 0, "dai": 29 * E18}, {"lone": 0, "aave": E18 // 100})
    for token in (s.usdc, s.aave, s.dai):
        s.index_module.trade(token, by=s.trader)


def rebalance_without_cash(s: Stage, targets: dict[str, int]) -> None:
    """Take the cash off the index's list, start a rebalance, and put it back."""
    at = unit(s, s.weth)
    s.set.editDefaultPositionUnit(s.weth, 0, by=s.module)
    s.set.removeComponent(s.weth, by=s.module)
    rebalance(s, targets)
    s.set.addComponent(s.weth, by=s.module)
    s.set.editDefaultPositionUnit(s.weth, at, by=s.module)


@scenario
def keeps_what_is_sold_out(s: Stage) -> None:
    """D-11: the same components in both; ours names those of the index first, in its order."""
    sold_and_bought(s)
    assert s.usdc.address.lower() not in s.set.getComponents()
    s.index_module.getRebalanceComponents(differs="D-11")
    s.index_module.rebalanceComponents(0, differs="D-11")
    s.index_module.rebalanceComponents(6, differs="D-11")
    s.index_module.rebalanceComponents(7, reverts="")
    s.index_module.trade(s.usdc, by=s.trader, reverts="Target already met")
    s.index_module.trade(s.lone, by=s.trader, reverts="Exchange must be specified")
    s.index_module.tradeRemainingWETH(s.usdc, by=s.trader, reverts="Target already met")


@scenario
def sold_out_in_between(s: Stage) -> None:
    """D-11: the last component takes the place of the one that left, in any order of trades."""
    index(s)
    rebalance(s, {"wbtc": 0, "uni": 0, "usdc": 0}, {"aave": E18 // 100})
    for token in (s.uni, s.wbtc, s.aave, s.usdc):
        s.index_module.trade(token, by=s.trader)
        s.index_module.trade(token, by=s.trader, reverts="Target already met")


@scenario
def a_component_that_another_module_removes_leaves_the_rebalance(s: Stage) -> None:
    """D-11: in ours; what it was to do no longer keeps anybody waiting."""
    sold_and_bought(s)
    rebalance_without_cash(s, {"gem": E18, "aave": E18 // 2})
    with s.aside():
        s.set.removeComponent(s.gem, by=s.module, differs="D-11")
        s.index_module.tradeRemainingWETH(
            s.aave, by=s.trader, reverts=TO_SELL, ours=None, differs="D-11"
        )
        assert len(s.index_module.getRebalanceComponents()) == (4 if s.world.has_our_sets else 5)


@scenario
def a_component_that_another_module_removes_and_adds_is_back(s: Stage) -> None:
    """Trade it as if nothing had happened."""
    index(s)
    rebalance(s, {"wbtc": 10**5})
    at = unit(s, s.wbtc)
    with s.aside():
        s.set.removeComponent(s.wbtc, by=s.module, differs="D-11")
        s.set.addComponent(s.wbtc, by=s.module)
        s.set.editDefaultPositionUnit(s.wbtc, at - 10, by=s.module)
        s.index_module.trade(s.wbtc, by=s.trader)
    s.set.addComponent(s.lone, by=s.module)
    s.set.editDefaultPositionUnit(s.lone, 1, by=s.module)
    s.index_module.getRebalanceComponents()
    s.index_module.trade(s.lone, by=s.trader, reverts=NOT_INCLUDED)


@scenario
def cash_has_no_target(s: Stage) -> None:
    """V-1 makes it possible: the original cannot start with WETH in the index at all."""
    s.create([s.usdc, s.weth], [10**6, E18 // 10], [s.issuance, s.index_module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager)
    s.supply(s.issuer, s.issuance, ["usdc", "weth"], 10**21)
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.index_module.updateAnyoneTrade(True, by=s.manager)
    s.index_module.setExchanges([s.usdc], [UNISWAP], by=s.manager)
    s.index_module.setTradeMaximums([s.usdc], [10**9], by=s.manager)
    words = "WETH cannot be an index component"
    for target in (E18 // 10, 1):
        s.index_module.startRebalance([], [], [1, target], E18, by=s.manager, reverts=words)
    with s.aside():
        s.index_module.startRebalance(
            [], [], [2 * 10**6, 0], E18, by=s.manager, reverts=words, ours=None, differs="V-1"
        )
        (target, *_) = s.index_module.assetInfo(s.weth)
        assert target == (0 if s.world.has_our_sets else E18 // 10)
        s.index_module.trade(s.usdc, by=s.stranger, reverts=NOT_INCLUDED, ours=None)


@scenario
def a_module_raises_before_any_rebalance(s: Stage) -> None:
    """Find all targets of no rebalance met: the multiplier of zero stays zero."""
    index(s)
    s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET)
    s.set.addComponent(s.weth, by=s.module)
    s.set.editDefaultPositionUnit(s.weth, 5, by=s.module)
    s.index_module.raiseAssetTargets(by=s.trader)
    s.index_module.positionMultiplier()
    s.index_module.trade(s.usdc, by=s.trader, reverts=NOT_INCLUDED)
    s.index_module.tradeRemainingWETH(s.usdc, by=s.trader, reverts=NOT_INCLUDED)


@scenario
def a_sold_out_component_may_have_an_external_position(s: Stage) -> None:
    """Leave it on the index's list, and find it there when it is bought again."""
    index(s)
    s.set.addExternalPositionModule(s.usdc, s.module, by=s.module)
    s.set.editExternalPositionUnit(s.usdc, s.module, 10**6, by=s.module)
    rebalance(s, {"usdc": 0})
    s.index_module.trade(s.usdc, by=s.trader)
    s.set.isComponent(s.usdc)
    rebalance_without_cash(s, {"usdc": 20 * 10**6})
    s.index_module.trade(s.usdc, by=s.trader)
    s.set.getComponents()


@scenario
def lists_and_units_that_contradict_each_other(s: Stage) -> None:
    """Say what the SetToken says when a component leaves or enters its list for nothing."""
    index(s)
    with s.aside():
        rebalance(s, {"usdc": 0})
        s.set.removeComponent(s.usdc, by=s.module, differs="D-11")
        s.index_module.trade(s.usdc, by=s.trader, reverts="Address not in array.")
    rebalance(s, {"usdc": 0}, {"aave": E18 // 100})
    s.set.addComponent(s.aave, by=s.module)
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.trade(s.aave, by=s.trader, reverts="Must not be component")
    s.set.removeComponent(s.aave, by=s.module)
    s.index_module.trade(s.aave, by=s.trader)
