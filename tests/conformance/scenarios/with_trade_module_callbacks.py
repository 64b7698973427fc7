"""TradeModule of Set V2 with a component that calls back in the middle of its transfers."""

from twins.interface import reason
from twins.linking import plug
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.world import set_v2

SOLD = 7 * E18
TRADED = 300 * E18


def started(s: Stage) -> None:
    """Give the index a component that calls back, and a market where it is sold for DAI."""
    plug(s, "trade_module", "TradeModule")
    s.deploy("caller", mock("CallbackToken"), 10**30)
    pot = s.deploy("pot", set_v2("mocks/integrations/TradeAdapterMock"))
    s.registry.addIntegration(s.trade_module, "POT", pot, by=s.owner)
    s.deploy("puppet", mock("Puppet"))
    modules = [s.issuance, s.trade_module, s.streaming_fee, s.module]
    s.create([s.caller, s.usdc], [10 * E18, 10**6], modules, manager=s.puppet.address)
    by_puppet(s, s.issuance.initialize.data(s.set, ZERO), s.issuance)
    by_puppet(s, s.trade_module.initialize.data(s.set), s.trade_module)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, ["usdc"], 10**24)
    s.caller.transfer(s.issuer, 10**24, by=s.owner)
    s.caller.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.issuance.issue(s.set, 30 * E18, s.issuer, by=s.issuer)
    s.fund("dai", s.pot, TRADED)


def by_puppet(s: Stage, data: bytes, target: object) -> None:
    """Call as the SetToken's manager, which is a contract."""
    s.puppet.execute([(target, data)], by=s.stranger)


def trade_data(s: Stage) -> bytes:
    """Return the data of a trade of the component that calls back."""
    return s.trade_module.trade.data(s.set, "POT", s.caller, SOLD, s.dai, TRADED // 31 // 30, b"")


VIEWS = (
    *("name", "symbol", "decimals", "totalSupply", "manager", "controller", "locker", "isLocked"),
    *("positionMultiplier", "getComponents", "getModules"),
)


@scenario
def refuses_a_trade_within_a_trade(s: Stage) -> None:
    """Refuse the inner trade by the guard of the module; the outer one goes on."""
    started(s)
    inner = s.puppet.execute.data([(s.trade_module, trade_data(s))])
    s.caller.callBack(s.puppet, inner, by=s.owner)
    by_puppet(s, trade_data(s), s.trade_module)
    assert (s.caller.attempts(), s.caller.succeeded()) == (1, False)
    assert reason(s.caller.answer()) == "ReentrancyGuard: reentrant call"


@scenario
def answers_in_the_middle_of_a_trade(s: Stage) -> None:
    """Ask every view of the SetToken while it is calling the market."""
    started(s)
    calls = [getattr(s.set, view).data() for view in VIEWS]
    calls += [
        s.set.balanceOf.data(s.issuer),
        s.set.allowance.data(s.issuer, s.issuance),
        s.set.moduleStates.data(s.trade_module),
        s.set.isInitializedModule.data(s.trade_module),
        s.set.isPendingModule.data(s.streaming_fee),
        s.set.isComponent.data(s.caller),
        s.set.getDefaultPositionRealUnit.data(s.caller),
        s.set.getTotalComponentRealUnits.data(s.caller),
        s.set.getExternalPositionModules.data(s.caller),
        s.set.getExternalPositionRealUnit.data(s.caller, s.module),
        s.set.getExternalPositionData.data(s.caller, s.module),
        s.set.isExternalPositionModule.data(s.caller, s.module),
        s.set.getPositions.data(),
    ]
    for data in calls:
        with s.aside():
            s.caller.callBack(s.set, data, by=s.owner)
            by_puppet(s, trade_data(s), s.trade_module)
            assert s.caller.succeeded()
            s.caller.answer()


@scenario
def accrues_nothing_in_the_middle_of_a_trade(s: Stage) -> None:
    """Leave a trade as it is when its callback is refused."""
    started(s)
    s.caller.callBack(s.streaming_fee, s.streaming_fee.accrueFee.data(s.set), by=s.owner)
    by_puppet(s, trade_data(s), s.trade_module)
    assert reason(s.caller.answer()) == "Must be a valid and initialized SetToken"
    s.issuance.redeem(s.set, 10 * E18, s.heir, by=s.issuer)


@scenario
def accrues_in_the_middle_of_a_trade_only_on_set_v2(s: Stage) -> None:
    """D-03: what calls back may accrue fees or replace the manager there, and not here."""
    started(s)
    settings = (s.heir, 10**17, 2 * 10**16, 0)
    by_puppet(s, s.streaming_fee.initialize.data(s.set, settings), s.streaming_fee)
    s.advance(10**7)
    trade = [(s.trade_module, trade_data(s))]
    for target, data in (
        (s.streaming_fee, s.streaming_fee.accrueFee.data(s.set)),
        (s.puppet, s.puppet.execute.data([(s.set, s.set.setManager.data(s.heir))])),
    ):
        with s.aside():
            s.caller.callBack(target, data, by=s.owner)
            s.puppet.execute(trade, by=s.stranger, differs="D-03")
            assert s.caller.succeeded.peek() is not s.world.has_our_sets
    s.puppet.execute(trade, by=s.stranger)
