"""What is measured: everything that users pay for, in the order of an index's life.

An index of n components holds one token of each; the market has n + 1 (``c0``, ``c1``, …), and the
last one is bought anew. Nothing is observed in between, so that no slot is warm that is not warm in
a transaction of its own.
"""

from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.trading import DAY_S, SUSHISWAP, UNISWAP

from bench.meter import Announce

LARGEST = 100 * E18
"""Largest trade of each component {base units}."""

WHOLE = "a whole rebalance: start, setters, 12 trades"


def life(s: Stage, announce: Announce, n: int) -> None:
    """Create, initialise, issue, redeem, transfer, accrue."""
    components = _components(s, n)
    _create(s, announce, components)
    _supply(s, announce, components)
    _token(s, announce)
    _fees(s, announce)


def rebalance(s: Stage, announce: Announce, n: int) -> None:
    """Set the parameters twice, start twice, trade, spend the rest.

    All old components but one get another target than before, each time, and there is one new
    component: that is "startRebalance, first", at initialised but never used settings, and "again",
    with the same component new once more. Of the trades, those that "repeat" are the second ones of
    their component; the pair and the settings then bear the marks of the first.
    """
    components, new = _components(s, n), getattr(s, f"c{n}")
    _started_index(s, components)
    _settings(s, announce, components, new)
    for which, more in (("first", 1), ("again", 2)):
        announce(f"startRebalance, {which}")
        _start(s, [new], [E18 // 10], _targets(n, 30 - 5 * more, 80 + 5 * more, more))
    trade = s.index_module.trade
    announce("trade, sell, adds WETH")
    trade(components[0], by=s.trader)
    announce("trade, sell, repeat")
    trade(components[0], by=s.trader)
    for component in (*components[:1] * 2, *components[1:2] * 4):
        trade(component, by=s.trader)
    trade(components[2], by=s.trader)
    announce("trade, buy, repeat")
    trade(components[2], by=s.trader)
    announce("trade, buy, adds the component")
    trade(new, by=s.trader)
    s.index_module.setTradeMaximums([components[2]], [MAX_UINT], by=s.manager)
    announce("tradeRemainingWETH")
    s.index_module.tradeRemainingWETH(components[2], by=s.trader)


def raised(s: Stage, announce: Announce, n: int) -> None:
    """Trade every component to its target and raise the targets, for WETH is left."""
    components = _components(s, n)
    _started_index(s, components)
    _settings(s, _unannounced, components, getattr(s, f"c{n}"))
    _start(s, [], [], _targets(n, 10, 5, 1))
    for component in (*components[:2] * 2, *components[2:-1]):
        s.index_module.trade(component, by=s.trader)
    announce("raiseAssetTargets")
    s.index_module.raiseAssetTargets(by=s.trader)


def ready_to_trade(s: Stage, n: int) -> list[Handle]:
    """Start a rebalance that sells two components and buys the others; return the components."""
    components = _components(s, n)
    _started_index(s, components)
    _settings(s, _unannounced, components)
    _start(s, [], [], _targets(n, 25, 85, 1))
    return components


def whole(s: Stage, announce: Announce, n: int) -> None:
    """Sell five components, buy five and a new one, spend the rest: each is the first trade."""
    components, new = _components(s, n), getattr(s, f"c{n}")
    _started_index(s, components)
    _settings(s, lambda which: announce(WHOLE) if "first" in which else None, components, new)
    announce(WHOLE)
    targets = [E18 * 95 // 100] * 5 + [E18 * 103 // 100] * 4 + [2 * E18] + [E18] * (n - 10)
    _start(s, [new], [E18 // 20], targets)
    for component in (*components[:9], new):
        announce(WHOLE)
        s.index_module.trade(component, by=s.trader)
    announce(WHOLE)
    s.index_module.trade(components[9], by=s.trader)
    announce(WHOLE)
    s.index_module.tradeRemainingWETH(components[9], by=s.trader)


def large(s: Stage, announce: Announce, n: int) -> None:
    """Create, issue, start a rebalance and redeem, with no other token than the components."""
    components = _components(s, n)
    _create(s, announce, components)
    _supply(s, announce, components)
    _settings(s, announce, components)
    announce("startRebalance, first")
    _start(s, [], [], _targets(n, 10, 5, 1))


def _components(s: Stage, n: int) -> list[Handle]:
    return [getattr(s, f"c{i}") for i in range(n)]


def _unannounced(_operation: str) -> None:
    """Let a transaction pass that is not measured."""


def _started_index(s: Stage, components: list[Handle]) -> None:
    """Have an index with a supply of 1,900."""
    _create(s, _unannounced, components)
    _supply(s, _unannounced, components)


def _create(s: Stage, announce: Announce, components: list[Handle]) -> None:
    modules = [s.issuance, s.streaming_fee, s.governance, s.index_module]
    announce("create")
    s.create(components, [E18] * len(components), modules)
    announce("initialize BasicIssuanceModule")
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    announce("initialize StreamingFeeModule")
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    announce("initialize GovernanceModule")
    s.governance.initialize(s.set, by=s.manager)
    announce("initialize SingleIndexModule")
    s.index_module.initialize(s.set, by=s.manager)


def _supply(s: Stage, announce: Announce, components: list[Handle]) -> None:
    s.supply(s.issuer, s.issuance, [repr(component) for component in components], 10**24)
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
    announce("accrueFee, repeat")
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.controller.addFee(s.streaming_fee, 0, 10**17, by=s.owner)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.advance(DAY_S)
    announce("accrueFee, repeat, with a protocol fee")
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


def _settings(s: Stage, announce: Announce, components: list[Handle], *more: Handle) -> None:
    """Set every parameter of the components, then another value; and of more, unannounced."""
    module, n = s.index_module, len(components)
    values = {"first": (LARGEST // 2, SUSHISWAP, 60), "again": (LARGEST, UNISWAP, 1)}
    for which, (size, exchange, pause) in values.items():
        announce(f"setTradeMaximums, {which}")
        module.setTradeMaximums(components, [size] * n, by=s.manager)
        announce(f"setExchanges, {which}")
        module.setExchanges(components, [exchange] * n, by=s.manager)
        announce(f"setCoolOffPeriods, {which}")
        module.setCoolOffPeriods(components, [pause] * n, by=s.manager)
    for component in more:
        module.setTradeMaximums([component], [LARGEST], by=s.manager)
        module.setExchanges([component], [UNISWAP], by=s.manager)
    module.updateTraderStatus([s.trader], [True], by=s.manager)


def _start(s: Stage, new: list[Handle], new_units: list[int], targets: list[int]) -> None:
    s.index_module.startRebalance(new, new_units, targets, E18, by=s.manager)


def _targets(n: int, less: int, more: int, others: int) -> list[int]:
    """Return targets: two components lose a part {%}, one gains one; others gain a little {‰}.

    The last one keeps its unit of one token.
    """
    sold, bought, little = E18 * (100 - less) // 100, E18 * (100 + more) // 100, E18 // 1_000
    return [sold] * 2 + [bought] + [E18 + others * little] * (n - 4) + [E18]
