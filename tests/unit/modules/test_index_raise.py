"""SingleIndexModule: what is possible once targets are met, and how fees accrue meanwhile."""

import ape
import pytest

from indexkit.localnet import deal

E18 = 10**18
RAISE = 1_002_500_000_000_000_000
DAY_S = 86_400
YFI, UNI, AAVE, BAL = range(4)


def unit_of(set_token, token):
    """Return the real unit of a component D18{comp/set}."""
    return set_token.getDefaultPositionRealUnit(token)


@pytest.fixture
def all_met(ready, start, components, units, trader):
    """Sell a tenth of the UNI and want nothing else: all targets are met, and cash is left."""
    start((components[UNI], units[UNI] * 9 // 10))
    ready.trade(components[UNI], sender=trader)
    return ready


def test_raise_asset_targets__plain(all_met, set_token, components, units, trader, logs, accounted):
    """Every target rises by 25 bps, again and again, and can be traded towards (R-08, S-147)."""
    multiplier = E18
    wanted = [units[YFI], units[UNI] * 9 // 10, units[AAVE], units[BAL]]
    for _ in range(3):
        receipt = all_met.raiseAssetTargets(sender=trader)
        multiplier = multiplier * E18 // RAISE
        assert logs(receipt, set_token, all_met) == []
        assert all_met.positionMultiplier() == multiplier
        raised = [target * E18 // multiplier for target in wanted]
        assert list(all_met.getTargetUnits(components)) == raised
        for token in components:
            all_met.trade(token, sender=trader)
        assert [unit_of(set_token, token) for token in components] == raised
    accounted(set_token)


def test_raise_asset_targets__through_a_contract(all_met, caller, manager, stranger):
    """Raising moves nothing: an allowed contract may (R-08)."""
    all_met.updateTraderStatus([caller], [True], sender=manager)
    data = all_met.raiseAssetTargets.encode_input()
    caller.invoke(all_met, 0, data, sender=stranger)
    assert all_met.positionMultiplier() == E18 * E18 // RAISE


def test_raise_asset_targets__not_allowed__reverts(all_met, stranger):
    """Only allowed traders (I-11)."""
    with ape.reverts("Address not permitted to trade"):
        all_met.raiseAssetTargets(sender=stranger)


@pytest.mark.parametrize("factor", [(1, 2), (2, 1)], ids=["too much", "too little"])
def test_raise_asset_targets__target_not_met__reverts(
    all_met, start, components, units, trader, factor
):
    """Not while a component is above or below its target (R-08, S-147)."""
    start((components[AAVE], units[AAVE] * factor[0] // factor[1]))
    with ape.reverts("Targets must be met and ETH remaining in order to raise target"):
        all_met.raiseAssetTargets(sender=trader)


def test_raise_asset_targets__no_cash__reverts(ready, start, set_token, weth, trader):
    """Nor when there is nothing to spend: a donation is nothing (R-08)."""
    start()
    deal(weth, set_token, E18)
    with ape.reverts("Targets must be met and ETH remaining in order to raise target"):
        ready.raiseAssetTargets(sender=trader)


@pytest.fixture
def shrunk(ready, protocol, start, set_token, components, units, chain, stranger):
    """Accrue fees before a rebalance: units and targets round differently from then on."""
    chain.mine(timestamp=chain.pending_timestamp + 13 * DAY_S + 7)
    protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    start((components[UNI], units[UNI] * 9 // 10))
    return ready


@pytest.mark.parametrize("pause", [1, 601, DAY_S + 1, 3 * DAY_S + 17, 40 * DAY_S + 3])
def test_raise_asset_targets__fees_in_between(
    shrunk, protocol, start, set_token, components, weth, trader, stranger, chain, pause
):
    """A fee leaves units off their targets by one at most: it ends anyway (V-1, R-09)."""
    for _ in range(3):
        chain.mine(timestamp=chain.pending_timestamp + pause)
        protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    shrunk.trade(components[UNI], sender=trader)
    protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    targets = shrunk.getTargetUnits(components)
    units = [unit_of(set_token, token) for token in components]
    assert max(abs(t - u) for t, u in zip(targets, units, strict=True)) <= 1
    shrunk.raiseAssetTargets(sender=trader)
    assert set_token.isComponent(weth)
    start()
    assert list(shrunk.getRebalanceComponents()) == components


@pytest.mark.parametrize("pause", [1, 601, DAY_S + 1, 3 * DAY_S + 17, 40 * DAY_S + 3])
def test_trade_remaining_weth__fees_in_between(
    shrunk, protocol, start, set_token, components, units, trader, stranger, chain, pause
):
    """A stranger's accrual, which leaves an untouched unit above its target, stops nobody (V-2).

    S-148.
    """
    start((components[UNI], units[UNI] * 9 // 10), (components[AAVE], units[AAVE] * 2))
    shrunk.trade(components[UNI], sender=trader)
    above = 0
    for _ in range(12):
        chain.mine(timestamp=chain.pending_timestamp + pause)
        protocol.streaming_fee.accrueFee(set_token, sender=stranger)
        for token, target in zip(components, shrunk.getTargetUnits(components), strict=True):
            above += unit_of(set_token, token) == target + 1
    assert above > 0
    shrunk.tradeRemainingWETH(components[AAVE], sender=trader)
    assert not set_token.isComponent(trader)


def test_trade_remaining_weth__no_cash__reverts(
    ready, start, components, units, weth, set_token, trader
):
    """A donation is no cash of the index's own (V-11)."""
    start((components[YFI], units[YFI] * 2))
    deal(weth, set_token, E18)
    with ape.reverts("UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"):
        ready.tradeRemainingWETH(components[YFI], sender=trader)


@pytest.mark.parametrize(("off", "met"), [(-3, False), (-2, True), (2, True), (3, False)])
def test_raise_asset_targets__tolerance(
    all_met, set_token, components, units, module, trader, off, met
):
    """Two base units per whole SetToken are rounding, three are not (V-1, S-148)."""
    set_token.editDefaultPositionUnit(components[AAVE], units[AAVE] + off, sender=module)
    if met:
        all_met.raiseAssetTargets(sender=trader)
        assert all_met.positionMultiplier() < E18
        return
    with ape.reverts("Targets must be met and ETH remaining in order to raise target"):
        all_met.raiseAssetTargets(sender=trader)


@pytest.mark.parametrize(("off", "stopped"), [(-3, False), (2, False), (3, True)])
def test_trade_remaining_weth__tolerance(
    all_met, start, set_token, components, units, module, trader, off, stopped
):
    """What is above its target by rounding alone need not be sold first (V-2)."""
    start((components[YFI], units[YFI] * 2))
    set_token.editDefaultPositionUnit(components[AAVE], units[AAVE] + off, sender=module)
    if not stopped:
        all_met.tradeRemainingWETH(components[YFI], sender=trader)
        return
    with ape.reverts("Must sell all sellable tokens before can be called"):
        all_met.tradeRemainingWETH(components[YFI], sender=trader)


def test_trade_remaining_weth__above_its_target__reverts(
    all_met, set_token, components, units, module, trader
):
    """A component that has too much, be it by rounding, is not bought (I-12)."""
    set_token.editDefaultPositionUnit(components[AAVE], units[AAVE] + 1, sender=module)
    with ape.reverts("Trade size exceeds trade size limit"):
        all_met.tradeRemainingWETH(components[AAVE], sender=trader)
