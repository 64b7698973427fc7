"""Original modules at work on an index that SingleIndexModule is rebalancing."""

from twins.guests import MONTH, approved, register
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, Stage
from twins.starts import index, rebalance
from twins.world import set_v2

TARGETS = {"usdc": 20 * 10**6, "wbtc": 10**5, "gem": E18, "dai": 40 * E18, "uni": E18}


def underway(s: Stage) -> None:
    """Add wrapping, airdrops and claims to the index, start a rebalance and sell one component."""
    plug(s, "airdrops", "AirdropModule")
    plug(s, "claims", "ClaimModule")
    plug(s, "wrapping", "WrapModule", s.weth)
    register(s, s.claims, "Mock", s.deploy("reward", set_v2("mocks/integrations/ClaimAdapterMock")))
    register(s, s.wrapping, "Mock", s.deploy("wrap", set_v2("mocks/integrations/WrapAdapterMock")))
    index(s)
    for module in (s.airdrops, s.claims, s.wrapping):
        s.set.addModule(module, by=s.manager)
    tokens = [s.usdc, s.dai, s.weth, s.aave, s.reward]
    s.airdrops.initialize(s.set, (tokens, s.heir, E18 // 10, True), by=s.manager)
    s.claims.initialize(s.set, True, [s.keeper], ["Mock"], by=s.manager)
    s.wrapping.initialize(s.set, by=s.manager)
    rebalance(s, TARGETS, {"aave": 3 * E18 // 100})
    s.index_module.trade(s.usdc, by=s.trader)


def finished(s: Stage, *names: str) -> None:
    """Trade some components, spend the rest on DAI, issue and redeem."""
    for name in names:
        s.index_module.trade(getattr(s, name), by=s.trader)
    s.set.getPositions()
    s.issuance.issue(s.set, E18 + 1, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.heir, by=s.heir)


@scenario
def airdrop_raises_a_unit_above_its_target(s: Stage) -> None:
    """Absorb a component in mid-rebalance: a purchase becomes a sale."""
    underway(s)
    s.fund("dai", s.set, 30_000 * E18)
    s.airdrops.absorb(s.set, s.dai, by=s.stranger)
    finished(s, "dai", "wbtc", "gem", "uni", "aave")


@scenario
def airdrop_of_a_component_to_be_added(s: Stage) -> None:
    """Absorb what the index is about to buy."""
    underway(s)
    s.fund("aave", s.set, 20 * E18)
    s.airdrops.absorb(s.set, s.aave, by=s.stranger)
    s.index_module.getRebalanceComponents()
    finished(s, "wbtc", "gem", "dai", "aave", "uni")


@scenario
def airdrop_of_cash(s: Stage) -> None:
    """Absorb WETH: there is more to spend."""
    underway(s)
    s.fund("weth", s.set, 3 * E18)
    s.airdrops.absorb(s.set, s.weth, by=s.stranger)
    s.index_module.trade(s.wbtc, by=s.trader)
    s.advance(MONTH)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.fund("weth", s.set, E18)
    s.airdrops.absorb(s.set, s.weth, by=s.stranger)
    finished(s, "gem", "dai", "uni", "aave")


@scenario
def part_of_a_component_is_wrapped(s: Stage) -> None:
    """Wrap some of what is to be sold: its unit falls, a new component is not in the rebalance."""
    underway(s)
    s.wrapping.wrap(s.set, s.gem, s.wrap, E18 // 2, "Mock", by=s.manager)
    s.index_module.trade(s.gem, by=s.trader)
    s.index_module.trade(s.wrap, by=s.trader, reverts="Passed component not included in rebalance")
    s.wrapping.unwrap(s.set, s.gem, s.wrap, E18 // 2, "Mock", by=s.manager)
    s.index_module.trade(s.gem, by=s.trader)
    finished(s, "wbtc", "dai", "uni")


@scenario
def component_is_wrapped_entirely(s: Stage) -> None:
    """Wrap all of what is to be kept: it leaves the list, is bought back, and joins again."""
    underway(s)
    unit = s.set.getDefaultPositionRealUnit(s.uni)
    s.wrapping.wrap(s.set, s.uni, s.wrap, unit, "Mock", by=s.manager)
    s.index_module.trade(s.wbtc, by=s.trader)
    s.index_module.trade(s.gem, by=s.trader)
    s.index_module.setTradeMaximums([s.uni], [10 * E18], by=s.manager)
    s.index_module.trade(s.uni, by=s.trader)
    s.set.getComponents()
    approved(s, s.uni, s.issuer, s.wrap)
    s.wrap.deposit(s.uni, 10**21, by=s.issuer)
    s.wrap.approve(s.issuance, MAX_UINT, by=s.issuer)
    finished(s, "dai")


@scenario
def reward_joins_the_next_rebalance(s: Stage) -> None:
    """Claim and absorb a reward; the next rebalance counts it as a component."""
    underway(s)
    s.reward.setRewards(1_000 * E18, by=s.owner)
    s.claims.claim(s.set, s.keeper, "Mock", by=s.stranger)
    s.airdrops.absorb(s.set, s.reward, by=s.stranger)
    for name in ("wbtc", "gem", "dai"):
        s.index_module.trade(getattr(s, name), by=s.trader)
    components = s.set.getComponents()
    units = [s.set.getDefaultPositionRealUnit(component) for component in components]
    multiplier = s.set.positionMultiplier()
    start = s.index_module.startRebalance
    start([], [], units[:-1], multiplier, by=s.manager, reverts=MISSING)
    with s.aside():
        s.wrapping.wrap(s.set, s.weth, s.wrap, _unit(s), "Mock", by=s.manager)
        components = s.set.getComponents()
        units = [s.set.getDefaultPositionRealUnit(component) for component in components]
        start([], [], units, multiplier, by=s.manager)
        s.index_module.trade(s.reward, by=s.trader, reverts=NO_EXCHANGE)


MISSING = "New allocation must have target for all old components"
NO_EXCHANGE = "Exchange must be specified"


def _unit(s: Stage) -> int:
    return int(s.set.getDefaultPositionRealUnit(s.weth))
