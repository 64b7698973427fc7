"""Our modules on a controller and SetTokens of Set V2: what serves there, what refuses."""

from collections.abc import Callable

from eth_abi.abi import encode
from twins.governors import name_governors, propose_in_uniswap
from twins.mocks import mock
from twins.scenario import SCENARIOS, scenario_on_set_v2
from twins.stage import E18, ZERO, Stage
from twins.starts import index, rebalance
from twins.world import VENUES, set_v2

from scenarios import (
    governance,
    governance_odd,
    governance_others,
    governance_votes,
    streaming_fee,
    streaming_fee_accrual,
    streaming_fee_reentrance,
)

REPLAYED = (
    governance,
    governance_odd,
    governance_votes,
    governance_others,
    streaming_fee,
    streaming_fee_accrual,
    streaming_fee_reentrance,
)
"""Files of scenarios that hold on SetTokens of Set V2 too."""

EXCEPT = {
    "governance_odd.answers_beyond_the_bounds",
    "streaming_fee.recipient_of_what_was_earned_is_the_old_one",
    "streaming_fee_accrual.set_without_components",
}
"""Scenarios that look at SetTokens of ours; below is how it is without them."""

UNBATCHED = "SetToken must support batch calls"
NOT_MANAGER = "Must be the SetToken manager"
CAST = "SafeCast: value doesn't fit in an int256"


def issuing(s: Stage) -> None:
    """Let Set V2's own issuance module take the place of ours, which refuses its SetTokens."""
    s.name("first_issuance", s.issuance.address, s.issuance._contract.interface)
    s.deploy("issuance", set_v2("protocol/modules/BasicIssuanceModule"), s.controller)
    s.controller.addModule(s.issuance, by=s.owner)


def trading(s: Stage) -> None:
    """Let Set V2's own index module take the place of ours."""
    s.name("first_index_module", s.index_module.address, s.index_module._contract.interface)
    code = set_v2("protocol/modules/SingleIndexModule")
    s.deploy("index_module", code, s.controller, *VENUES)
    s.controller.addModule(s.index_module, by=s.owner)


def replayed(play: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """Return a scenario that plays another one with Set V2's issuance."""

    def again(s: Stage) -> None:
        issuing(s)
        play(s)

    again.__doc__, again.__name__ = play.__doc__, play.__name__
    return again


for one in list(SCENARIOS.values()):
    if one.play.__module__ in {file.__name__ for file in REPLAYED} and one.name not in EXCEPT:
        scenario_on_set_v2(replayed(one.play))


@scenario_on_set_v2
def issuance_refuses(s: Stage) -> None:
    """D-07: after the rules of the original, before the SetToken is asked to agree."""
    s.create([s.dai], [E18], [s.issuance, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.stranger, reverts=NOT_MANAGER)
    initialize = {"by": s.manager, "ours": UNBATCHED, "differs": "D-07"}
    for hook in (ZERO, s.heir, s.dai):
        with s.aside():
            s.issuance.initialize(s.set, hook, **initialize)
            s.set.moduleStates(s.issuance)
    with s.aside():
        s.set.initializeModule(by=s.module)
        s.set.lock(by=s.module)
        s.issuance.initialize(s.set, ZERO, reverts="Only when unlocked", **initialize)
    with s.aside():
        s.controller.removeSet(s.set, by=s.owner)
        unknown = "Must be controller-enabled SetToken"
        s.issuance.initialize(s.set, ZERO, by=s.manager, reverts=unknown)
    s.set.removePendingModule(s.issuance, by=s.manager)
    pending = "Must be pending initialization"
    s.issuance.initialize(s.set, ZERO, by=s.manager, reverts=pending)
    not_valid = "Must be a valid and initialized SetToken"
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer, reverts=not_valid)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, reverts=not_valid)


@scenario_on_set_v2
def index_module_refuses(s: Stage) -> None:
    """D-07: after the rules of the original, before the SetToken is asked to agree."""
    s.create([s.dai], [E18], [s.index_module, s.module])
    s.index_module.initialize(s.set, by=s.stranger, reverts=NOT_MANAGER)
    initialize = {"by": s.manager, "ours": UNBATCHED, "differs": "D-07"}
    with s.aside():
        s.index_module.initialize(s.set, **initialize)
        s.set.moduleStates(s.index_module)
        s.index_module.index()
    with s.aside():
        s.set.initializeModule(by=s.module)
        s.set.lock(by=s.module)
        s.index_module.initialize(s.set, reverts="Only when unlocked", **initialize)
    with s.aside():
        s.controller.removeSet(s.set, by=s.owner)
        unknown = "Must be controller-enabled SetToken"
        s.index_module.initialize(s.set, by=s.manager, reverts=unknown)
    s.set.removePendingModule(s.index_module, by=s.manager)
    pending = "Must be pending initialization"
    s.index_module.initialize(s.set, by=s.manager, reverts=pending)


@scenario_on_set_v2
def answers_beyond_the_bound_of_the_module(s: Stage) -> None:
    """D-22: SetTokens of Set V2 pass on any answer, our module takes 4,096 bytes of it."""
    issuing(s)
    governance.started(s)
    target = s.deploy("target", mock("Target"))
    beyond = {"ours": "", "differs": "D-22"}
    for size, expected in ((4_095, {}), (4_096, {}), (4_097, beyond), (8_000, beyond)):
        call = target.echo.data(bytes(size))
        answer = encode(governance_odd.ANSWER, [target.address, 0, call])
        governance_odd.with_answer(s, answer, f"t_{size}")
        with s.aside():
            s.governance.propose(s.set, "Odd", b"", by=s.manager, **expected)


@scenario_on_set_v2
def set_without_components_cannot_accrue(s: Stage) -> None:
    """Refuse as the original does: the SetToken's own rules make it so, which D-09 changes."""
    issuing(s)
    streaming_fee.started(s)
    s.advance(streaming_fee.YEAR)
    for name in ("usdc", "dai"):
        s.set.editDefaultPositionUnit(getattr(s, name), 0, by=s.module)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=CAST)
    for name in ("usdc", "dai"):
        s.set.removeComponent(getattr(s, name), by=s.module)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=CAST)
    s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, reverts=CAST)
    s.set.addComponent(s.dai, by=s.module)
    s.set.editDefaultPositionUnit(s.dai, E18, by=s.module)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario_on_set_v2
def recipient_of_what_was_earned_is_the_old_one(s: Stage) -> None:
    """V-10."""
    issuing(s)
    streaming_fee.started(s)
    s.advance(streaming_fee.YEAR)
    with s.aside():
        s.streaming_fee.updateFeeRecipient(s.set, s.keeper, by=s.manager, differs="V-10")
        s.streaming_fee.accrueFee(s.set, by=s.stranger)
        old, new = (s.set.balanceOf.peek(account) for account in (s.heir, s.keeper))
        assert (old > new) is (s.world.name == "hybrid")
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario_on_set_v2
def index_of_both_kinds_of_modules(s: Stage) -> None:
    """Issue and trade with modules of Set V2, vote and take fees with ours."""
    issuing(s)
    trading(s)
    index(s)
    name_governors(s)
    uniswap = governance.UNISWAP
    s.governance.register(s.set, uniswap, by=s.manager)
    s.advance(streaming_fee.YEAR)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    rebalance(s, {"usdc": 20 * 10**6, "wbtc": 10**5, "uni": 6 * E18 // 10}, {"aave": E18 // 10})
    s.index_module.trade(s.wbtc, by=s.trader)
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.trade(s.uni, by=s.trader)
    number = propose_in_uniswap(s)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.governance.vote(s.set, uniswap, number, True, b"", by=s.manager)
    s.uniswap_governor.getReceipt(number, s.set)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
    s.issuance.redeem(s.set, 10 * E18, s.heir, by=s.issuer)
    s.advance(streaming_fee.YEAR // 12)
    s.streaming_fee.updateStreamingFee(s.set, 10**16, by=s.manager)
    s.set.removeModule(s.streaming_fee, by=s.manager)
    s.set.removeModule(s.governance, by=s.manager)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer)


@scenario_on_set_v2
def both_kinds_of_governance_modules(s: Stage) -> None:
    """Serve one SetToken next to Set V2's own governance module."""
    issuing(s)
    governance.started(s)
    code = set_v2("protocol/modules/GovernanceModule")
    second = s.deploy("governance_2", code, s.controller)
    s.controller.addModule(second, by=s.owner)
    s.registry.addIntegration(second, "Uniswap", s.uniswap_adapter, by=s.owner)
    s.set.addModule(second, by=s.manager)
    second.initialize(s.set, by=s.manager)
    second.register(s.set, "Uniswap", by=s.manager)
    number = propose_in_uniswap(s)
    s.governance.vote(s.set, governance.UNISWAP, number, True, b"", by=s.manager)
    twice = "GovernorAlpha::_castVote: voter already voted"
    second.vote(s.set, "Uniswap", number, True, b"", by=s.manager, reverts=twice)
    second.delegate(s.set, "Uniswap", s.heir, by=s.manager)
    s.governance.revoke(s.set, governance.UNISWAP, by=s.manager)
    s.uni_votes.delegates(s.set)
