"""SingleIndexModule: sizes, exchanges, pauses and traders."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.starts import INDEX, index, rebalance

NOT_MANAGER = "Must be the SetToken manager"
NOT_VALID = "Must be a valid and initialized SetToken"
UNEQUAL = "Array length mismatch"
EMPTY = "Array length must be > 0"
DUPLICATE = "Cannot duplicate components"
PAUSE = "Cool off period has not elapsed."
UNKNOWN = "Unrecognized exchange identifier"

NUMBERS = ("setTradeMaximums", "setExchanges", "setCoolOffPeriods")


def settings(s: Stage) -> list:
    """Return every setting of a number per component."""
    return [getattr(s.index_module, name) for name in NUMBERS]


# ---------------------------------------------------------------- numbers per component


@scenario
def sets_one_component_or_many(s: Stage) -> None:
    """Set each number for components of the index, others, and none at all."""
    index(s)
    for setting in settings(s):
        setting([s.usdc], [1], by=s.manager)
        setting([s.usdc, s.lone, s.weth, ZERO, s.stranger], [0, 1, 2, 3, 0], by=s.manager)
        setting([s.lone, s.usdc], [3, 2], by=s.manager)
    for token in (ZERO, s.stranger, s.usdc, s.lone, s.weth):
        s.index_module.assetInfo(token)


@scenario
def numbers_may_be_as_large_as_they_come(s: Stage) -> None:
    """Keep sizes and pauses to the last bit, whatever they are packed into."""
    index(s)
    for exponent in (24, 56, 80, 87, 88, 160, 255):
        for number in (2**exponent - 1, 2**exponent):
            s.index_module.setTradeMaximums([s.dai], [number], by=s.manager)
            s.index_module.setCoolOffPeriods([s.usdc, s.dai], [number, 1], by=s.manager)
    s.index_module.setCoolOffPeriods([s.dai], [MAX_UINT], by=s.manager)
    s.index_module.setTradeMaximums([s.usdc, s.dai], [MAX_UINT, 5], by=s.manager)
    s.index_module.setCoolOffPeriods([s.usdc, s.dai], [0, 0], by=s.manager)
    s.index_module.assetInfo(s.dai)


@scenario
def exchanges_are_known_by_four_numbers(s: Stage) -> None:
    """Accept 0 to 3; one unknown number refuses them all."""
    index(s)
    for exchange in (0, 1, 2, 3):
        s.index_module.setExchanges([s.usdc], [exchange], by=s.manager)
    for exchange in (4, 5, 64, 2**64 + 1, MAX_UINT):
        s.index_module.setExchanges([s.usdc], [exchange], by=s.manager, reverts=UNKNOWN)
    both = [s.usdc, s.dai]
    s.index_module.setExchanges(both, [1, 4], by=s.manager, reverts=UNKNOWN)
    s.index_module.setExchanges(both, [4, 1], by=s.manager, reverts=UNKNOWN)
    s.index_module.setExchanges([s.dai, s.dai], [4, 1], by=s.manager, reverts=DUPLICATE)
    s.index_module.assetInfo(s.dai)


@scenario
def lists_must_fit(s: Stage) -> None:
    """Ask for equal lengths, then for anything at all, then for duplicates."""
    index(s)
    for setting in settings(s):
        setting([], [], by=s.manager, reverts=EMPTY)
        setting([s.usdc], [], by=s.manager, reverts=UNEQUAL)
        setting([], [1], by=s.manager, reverts=UNEQUAL)
        setting([s.usdc, s.usdc], [1], by=s.manager, reverts=UNEQUAL)
        setting([s.usdc, s.usdc], [1, 1], by=s.manager, reverts=DUPLICATE)
        setting([s.usdc, s.dai, s.usdc], [1, 2, 3], by=s.manager, reverts=DUPLICATE)
        setting([ZERO, ZERO], [1, 2], by=s.manager, reverts=DUPLICATE)
        setting([s.dai, s.usdc], [1, 2], by=s.manager)


@scenario
def only_the_manager_sets(s: Stage) -> None:
    """Ask for the manager, then for a valid SetToken, then for the lengths."""
    index(s)
    for setting in settings(s):
        for account in (s.owner, s.trader, s.issuer, s.stranger, s.module):
            setting([s.usdc], [1], by=account, reverts=NOT_MANAGER)
            setting([], [1], by=account, reverts=NOT_MANAGER)
    s.set.setManager(s.heir, by=s.manager)
    for setting in settings(s):
        setting([s.usdc], [1], by=s.manager, reverts=NOT_MANAGER)
        setting([s.usdc], [1], by=s.heir)
    s.controller.removeSet(s.set, by=s.owner)
    for setting in settings(s):
        setting([s.usdc], [1], by=s.stranger, reverts=NOT_MANAGER)
        setting([s.usdc], [1], by=s.heir, reverts=NOT_VALID)
        setting([], [1], by=s.heir, reverts=NOT_VALID)


@scenario
def a_module_without_an_index_has_no_settings(s: Stage) -> None:
    """Refuse everybody without a reason: nobody is the manager of nothing."""
    for setting in settings(s):
        setting([s.usdc], [1], by=s.manager, reverts="")
        setting([], [1], by=s.manager, reverts="")
    s.index_module.updateTraderStatus([s.trader], [True], by=s.manager, reverts="")
    s.index_module.updateAnyoneTrade(True, by=s.owner, reverts="")
    for token in (s.usdc, ZERO):
        s.index_module.assetInfo(token)
    s.index_module.tradeAllowList(s.trader)


@scenario
def settings_need_no_open_set(s: Stage) -> None:
    """Set everything while another module holds the lock and this one is disabled."""
    index(s)
    s.set.lock(by=s.module)
    s.controller.removeModule(s.index_module, by=s.owner)
    for setting in settings(s):
        setting([s.usdc], [2], by=s.manager)
    s.index_module.updateTraderStatus([s.trader], [False], by=s.manager)
    s.index_module.updateAnyoneTrade(True, by=s.manager)


@scenario
def settings_outlast_rebalances(s: Stage) -> None:
    """Keep sizes, exchanges and pauses, before a component takes part and after it has left."""
    index(s)
    s.index_module.setCoolOffPeriods([s.aave, s.usdc], [77, 0], by=s.manager)
    rebalance(s, {"usdc": 0}, {"aave": E18 // 100})
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.trade(s.aave, by=s.trader)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts=PAUSE)
    s.index_module.setExchanges([s.usdc], [0], by=s.manager)
    s.index_module.assetInfo(s.usdc)


# ---------------------------------------------------------------- traders


@scenario
def traders_come_and_go(s: Stage) -> None:
    """Allow and forbid accounts, contracts and nobody, one by one and together."""
    index(s)
    update = s.index_module.updateTraderStatus
    update([s.stranger, s.heir, ZERO, s.index_module], [True, False, True, True], by=s.manager)
    update([s.stranger, s.trader], [False, False], by=s.manager)
    update([s.stranger], [False], by=s.manager)
    for account in (s.stranger, s.heir, ZERO, s.index_module, s.trader, s.manager):
        s.index_module.tradeAllowList(account)


@scenario
def lists_of_traders_must_fit(s: Stage) -> None:
    """Ask for the manager, the SetToken, equal lengths, anything at all, duplicates."""
    index(s)
    update = s.index_module.updateTraderStatus
    twice = [s.trader, s.heir, s.trader]
    for account in (s.owner, s.trader, s.stranger, s.module):
        update([s.trader], [], by=account, reverts=NOT_MANAGER)
        update(twice, [True] * 3, by=account, reverts=NOT_MANAGER)
    update([s.trader], [], by=s.manager, reverts=UNEQUAL)
    update([], [False], by=s.manager, reverts=UNEQUAL)
    update(twice, [True] * 2, by=s.manager, reverts=UNEQUAL)
    update([], [], by=s.manager, reverts=EMPTY)
    update(twice, [True, True, False], by=s.manager, reverts="Cannot duplicate traders")
    update([ZERO, ZERO], [True, True], by=s.manager, reverts="Cannot duplicate traders")
    s.controller.removeSet(s.set, by=s.owner)
    update([s.trader], [], by=s.manager, reverts=NOT_VALID)
    update([s.trader], [], by=s.stranger, reverts=NOT_MANAGER)


@scenario
def anyone_may_be_let_in(s: Stage) -> None:
    """Announce each change, and what is none."""
    index(s)
    for account in (s.owner, s.trader, s.stranger):
        s.index_module.updateAnyoneTrade(True, by=account, reverts=NOT_MANAGER)
    for status in (False, True, True, False):
        s.index_module.updateAnyoneTrade(status, by=s.manager)
        s.index_module.anyoneTrade()
    s.controller.removeSet(s.set, by=s.owner)
    s.index_module.updateAnyoneTrade(True, by=s.manager, reverts=NOT_VALID)
    s.index_module.updateAnyoneTrade(True, by=s.stranger, reverts=NOT_MANAGER)


@scenario
def a_stranger_cannot_make_the_module_forget(s: Stage) -> None:
    """Let anyone but the index call `removeModule`: nothing happens."""
    s.index_module.removeModule(by=s.stranger)
    index(s)
    rebalance(s, {"usdc": 0})
    for account in (s.owner, s.manager, s.trader, s.stranger, s.module):
        s.index_module.removeModule(by=account)
    s.index_module.getTargetUnits([getattr(s, name) for name in INDEX])
