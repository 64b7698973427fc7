"""What is measured: everything that users pay for, in the order of an index's life."""

from collections.abc import Callable

from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.trading import DAY_S

UNISWAP = 1
UNIT = E18
"""Of each component {base units per SetToken}."""

Announce = Callable[[str], None]


def life(n: int) -> Callable[[Stage, Announce], None]:
    """Return the work with an index of so many components; one more is bought anew."""

    def work(s: Stage, announce: Announce) -> None:
        components = [getattr(s, f"c{i}") for i in range(n)]
        new = getattr(s, f"c{n}")
        _create(s, announce, components)
        _supply(s, announce, components)
        _token(s, announce)
        _fees(s, announce)
        _settings(s, announce, [*components, new])
        _rebalance(s, announce, components, new)

    return work


def _create(s: Stage, announce: Announce, components: list[Handle]) -> None:
    modules = [s.issuance, s.streaming_fee, s.governance, s.index_module]
    announce("create")
    s.create(components, [UNIT] * len(components), modules)
    announce("initialize BasicIssuanceModule")
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    announce("initialize StreamingFeeModule")
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    announce("initialize GovernanceModule")
    s.governance.initialize(s.set, by=s.manager)
    announce("initialize SingleIndexModule")
    s.index_module.initialize(s.set, by=s.manager)


def _supply(s: Stage, announce: Announce, components: list[Handle]) -> None:
    names = [repr(component) for component in components]
    s.supply(s.issuer, s.issuance, names, 10**24)
    for which in ("first", "repeat"):
        announce(f"issue, {which}")
        s.issuance.issue(s.set, 1_000 * E18, s.issuer, by=s.issuer)
    announce("redeem")
    s.issuance.redeem(s.set, 100 * E18, s.issuer, by=s.issuer)


def _token(s: Stage, announce: Announce) -> None:
    s.set.transfer(s.stranger, E18, by=s.issuer)
    announce("transfer, existing")
    s.set.transfer(s.stranger, E18, by=s.issuer)
    s.set.approve(s.keeper, 5 * E18, by=s.issuer)
    announce("approve, overwrite")
    s.set.approve(s.keeper, 6 * E18, by=s.issuer)
    announce("transferFrom")
    s.set.transferFrom(s.issuer, s.stranger, E18, by=s.keeper)


def _fees(s: Stage, announce: Announce) -> None:
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.advance(DAY_S)
    announce("accrueFee")
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.controller.addFee(s.streaming_fee, 0, 10**17, by=s.owner)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.advance(DAY_S)
    announce("accrueFee with a protocol fee")
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


def _settings(s: Stage, announce: Announce, components: list[Handle]) -> None:
    count = len(components) - 1
    some = components[:count]
    for which, size, pause in (("first", 50 * E18, 60), ("again", 100 * E18, 0)):
        announce(f"setTradeMaximums, {which}")
        s.index_module.setTradeMaximums(some, [size] * count, by=s.manager)
        announce(f"setExchanges, {which}")
        s.index_module.setExchanges(some, [UNISWAP] * count, by=s.manager)
        announce(f"setCoolOffPeriods, {which}")
        s.index_module.setCoolOffPeriods(some, [pause] * count, by=s.manager)
    s.index_module.setTradeMaximums(components[count:], [100 * E18], by=s.manager)
    s.index_module.setExchanges(components[count:], [UNISWAP], by=s.manager)
    s.index_module.updateTraderStatus([s.trader], [True], by=s.manager)


def _rebalance(s: Stage, announce: Announce, components: list[Handle], new: Handle) -> None:
    """Sell of the first two, buy the third and the new one, spend the rest on the third."""
    module = s.index_module
    unit = s.set.getDefaultPositionRealUnit.peek(components[0])
    multiplier = s.set.positionMultiplier.peek()
    targets = [unit * 3 // 4, unit * 3 // 4, 2 * unit] + [unit] * (len(components) - 3)
    for which in ("first", "again"):
        announce(f"startRebalance, {which}")
        module.startRebalance([new], [unit // 10], targets, multiplier, by=s.manager)
    announce("trade, sell, adds WETH")
    module.trade(components[0], by=s.trader)
    announce("trade, sell")
    module.trade(components[0], by=s.trader)
    for component in components[:2]:
        for _ in range(5):
            if s.set.getDefaultPositionRealUnit.peek(component) > unit * 3 // 4 + 10:
                module.trade(component, by=s.trader)
    announce("trade, buy, adds the component")
    module.trade(new, by=s.trader)
    announce("trade, buy")
    module.trade(components[2], by=s.trader)
    module.setTradeMaximums([components[2]], [MAX_UINT], by=s.manager)
    announce("tradeRemainingWETH")
    module.tradeRemainingWETH(components[2], by=s.trader)
