"""SingleIndexModule: how it comes to an index, how a rebalance starts, and what it then shows."""

from twins.scenario import scenario, scenario_on_set_v2
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.starts import INDEX, index, rebalance
from twins.trading import DAY_S, accrue

DUPLICATE = "Cannot duplicate components"
NO_WETH = "WETH cannot be an index component"
UNMATCHED = "New allocation must have target for all old components"
UNEQUAL = "Array length mismatch"
NOT_MANAGER = "Must be the SetToken manager"
NOT_INCLUDED = "Passed component not included in rebalance"
NOT_VALID = "Must be a valid and initialized SetToken"


def pending(s: Stage, *names: str) -> None:
    """Create a SetToken that waits for the module, next to the account that is a module."""
    components = [getattr(s, name) for name in names or ("usdc", "dai")]
    s.create(components, [E18] * len(components), [s.issuance, s.index_module, s.module])
    s.set.initializeModule(by=s.module)


def start(s: Stage, new: list, units: list[int], old: list[int], **expected: object) -> None:
    """Start a rebalance at the index's multiplier."""
    multiplier = s.set.positionMultiplier.peek()
    s.index_module.startRebalance(new, units, old, multiplier, by=s.manager, **expected)


# ---------------------------------------------------------------- initialize


@scenario
def initializes(s: Stage) -> None:
    """Take the present units as targets; nothing is to be traded yet."""
    pending(s, "usdc", "weth", "wbtc", "dai")
    s.index_module.index()
    s.index_module.getTargetUnits([], reverts="")
    s.index_module.initialize(s.set, by=s.manager)
    for token in (s.usdc, s.weth, s.wbtc, s.dai, s.gem):
        s.index_module.assetInfo(token)
    s.index_module.getRebalanceComponents()
    s.index_module.rebalanceComponents(0, reverts="")
    s.index_module.getTargetUnits([])
    s.index_module.getTargetUnits([s.usdc], reverts="SafeMath: division by zero")
    for view in ("controller", "weth", "uniswapRouter", "sushiswapRouter", "balancerProxy"):
        getattr(s.index_module, view)()
    for view in ("index", "positionMultiplier", "anyoneTrade"):
        getattr(s.index_module, view)()


@scenario
def only_the_manager_of_a_pending_set_initializes(s: Stage) -> None:
    """Who, which SetToken, whether it waits, whether the module serves already: in this order."""
    s.create([s.usdc], [E18], [s.issuance])
    for account in (s.owner, s.stranger, s.module):
        s.index_module.initialize(s.set, by=account, reverts=NOT_MANAGER)
    s.index_module.initialize(s.set, by=s.manager, reverts="Must be pending initialization")
    s.index_module.initialize(s.issuer, by=s.manager, reverts="")
    s.index_module.initialize(s.usdc, by=s.manager, reverts="")
    s.set.addModule(s.index_module, by=s.manager)
    with s.aside():
        s.controller.removeSet(s.set, by=s.owner)
        words = "Must be controller-enabled SetToken"
        s.index_module.initialize(s.set, by=s.manager, reverts=words)
        s.index_module.initialize(s.set, by=s.stranger, reverts=NOT_MANAGER)
    s.index_module.initialize(s.set, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager, reverts="Must be pending initialization")


@scenario
def serves_one_index_only(s: Stage) -> None:
    """Refuse a second SetToken, after everything that is wrong with that one."""
    pending(s)
    s.index_module.initialize(s.set, by=s.manager)
    s.create([s.dai], [E18], [s.index_module, s.issuance], called="other")
    s.index_module.initialize(s.other, by=s.stranger, reverts=NOT_MANAGER)
    s.index_module.initialize(s.other, by=s.manager, reverts="Module already in use")
    s.other.removePendingModule(s.index_module, by=s.manager)
    s.index_module.initialize(s.other, by=s.manager, reverts="Must be pending initialization")


@scenario
def a_locked_set_is_not_initialized(s: Stage) -> None:
    """Leave no trace of the attempt."""
    pending(s)
    s.set.lock(by=s.module)
    s.index_module.initialize(s.set, by=s.manager, reverts="Only when unlocked")
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.index_module, by=s.owner)
    s.index_module.initialize(s.set, by=s.manager)


@scenario
def anyone_can_initialize_a_set_of_his_own(s: Stage) -> None:
    """V-5, as in the original: a fresh module is bound to whoever comes first."""
    s.create([s.dai], [E18], [s.index_module], s.stranger)
    s.index_module.initialize(s.set, by=s.stranger)
    s.create([s.usdc], [E18], [s.index_module], called="late")
    s.index_module.initialize(s.late, by=s.manager, reverts="Module already in use")


@scenario
def external_positions_are_no_targets(s: Stage) -> None:
    """D-10: the original takes the last position of a component, whatever its kind."""
    for amount in (7, E18, -5):
        with s.aside():
            pending(s)
            s.set.addExternalPositionModule(s.usdc, s.module, by=s.module)
            s.set.editExternalPositionUnit(s.usdc, s.module, amount, by=s.module)
            words = "SafeCast: value must be positive" if amount < 0 else None
            differs = None if amount == E18 else "D-10"
            s.index_module.initialize(
                s.set, by=s.manager, reverts=words, ours=None, differs=differs
            )
            (target, *_) = s.index_module.assetInfo(s.usdc)
            if amount > 0:
                assert target == (E18 if s.world.has_our_sets else amount)


@scenario
def a_purely_external_component_has_no_target(s: Stage) -> None:
    """D-10: 0 in ours, the external unit in the original."""
    pending(s)
    s.set.addExternalPositionModule(s.usdc, s.module, by=s.module)
    s.set.editExternalPositionUnit(s.usdc, s.module, E18, by=s.module)
    s.set.editDefaultPositionUnit(s.usdc, 0, by=s.module)
    with s.aside():
        s.index_module.initialize(s.set, by=s.manager, differs="D-10")
        (target, *_) = s.index_module.assetInfo(s.usdc)
        assert target == (0 if s.world.has_our_sets else E18)


@scenario_on_set_v2
def a_set_without_batch_calls_is_refused(s: Stage) -> None:
    """D-07: a SetToken of Set V2 cannot be traded by our module."""
    pending(s)
    with s.aside():
        words = "SetToken must support batch calls"
        s.index_module.initialize(s.set, by=s.manager, ours=words, differs="D-07")


# ---------------------------------------------------------------- startRebalance


@scenario
def starts_with_new_components(s: Stage) -> None:
    """Announce each target, old ones first; list them in that order."""
    index(s)
    old = [1, 0, 30 * E18, MAX_UINT, 2**88]
    s.index_module.startRebalance([s.aave, s.lone], [0, 2**190], old, E18, by=s.manager)
    s.index_module.getRebalanceComponents()
    for place in range(7):
        s.index_module.rebalanceComponents(place)
    s.index_module.rebalanceComponents(7, reverts="")
    s.index_module.rebalanceComponents(MAX_UINT, reverts="")
    tokens = [s.usdc, s.wbtc, s.dai, s.lone, s.aave, s.weth, s.issuer, ZERO, s.usdc]
    s.index_module.getTargetUnits(tokens)
    for token in (s.gem, s.uni, s.lone, s.aave, s.weth):
        s.index_module.assetInfo(token)
    words = "SafeMath: multiplication overflow"
    s.index_module.getTargetUnits([s.gem], reverts=words)


@scenario
def starts_again(s: Stage) -> None:
    """Replace a rebalance that is under way, before and after trades; sizes and pauses stay."""
    index(s)
    s.index_module.setCoolOffPeriods([s.usdc, s.dai], [600, 700], by=s.manager)
    rebalance(s, {"usdc": 0}, {"aave": E18, "lone": 5})
    rebalance(s, {"usdc": 20 * 10**6})
    s.index_module.trade(s.aave, by=s.trader, reverts=NOT_INCLUDED)
    s.index_module.assetInfo(s.aave)
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.assetInfo(s.usdc)
    rebalance(s, {"usdc": 30 * 10**6}, reverts=NO_WETH)


@scenario
def starts_at_the_multiplier_after_fees(s: Stage) -> None:
    """Show targets at the present multiplier while fees accrue."""
    index(s)
    accrue(s, 200 * DAY_S)
    rebalance(s, {"usdc": 7 * 10**6}, {"aave": E18 // 3})
    held = [getattr(s, name) for name in (*INDEX, "aave")]
    for pause in (1, DAY_S, 365 * DAY_S):
        accrue(s, pause)
        s.index_module.getTargetUnits(held)
        s.index_module.positionMultiplier()


@scenario
def only_the_manager_starts(s: Stage) -> None:
    """Ask for the manager, then for a valid SetToken, then for the lengths."""
    for account in (s.manager, s.stranger):
        s.index_module.startRebalance([], [], [], E18, by=account, reverts="")
    index(s)
    old = list(INDEX.values())
    for account in (s.owner, s.trader, s.stranger, s.module):
        s.index_module.startRebalance([], [1], old, E18, by=account, reverts=NOT_MANAGER)
    with s.aside():
        s.controller.removeSet(s.set, by=s.owner)
        start(s, [], [], old, reverts=NOT_VALID)
        start(s, [], [1], old, reverts=NOT_VALID)
    with s.aside():
        s.set.setManager(s.heir, by=s.manager)
        start(s, [], [], old, reverts=NOT_MANAGER)
        s.index_module.startRebalance([], [], old, E18, by=s.heir)
    with s.aside():
        s.set.lock(by=s.module)
        s.controller.removeModule(s.index_module, by=s.owner)
        start(s, [], [], old)


@scenario
def arguments_of_a_start_must_fit(s: Stage) -> None:
    """Ask for the lengths of the new, then of the old, then for duplicates, then for WETH."""
    index(s)
    old = list(INDEX.values())
    start(s, [s.aave], [], old, reverts=UNEQUAL)
    start(s, [], [1], old, reverts=UNEQUAL)
    start(s, [s.aave, s.lone], [1], [], reverts=UNEQUAL)
    start(s, [], [], [], reverts=UNMATCHED)
    start(s, [], [], old[1:], reverts=UNMATCHED)
    start(s, [s.aave, s.aave], [1, 1], [*old, 1], reverts=UNMATCHED)
    start(s, [s.weth], [1], [*old, 1], reverts=UNMATCHED)
    start(s, [s.aave, s.aave], [1, 2], old, reverts=DUPLICATE)
    start(s, [s.usdc], [1], old, reverts=DUPLICATE)
    start(s, [s.aave, s.uni], [1, 1], old, reverts=DUPLICATE)
    start(s, [ZERO, s.aave, ZERO], [1, 1, 1], old, reverts=DUPLICATE)
    start(s, [s.weth, s.usdc], [1, 1], old, reverts=DUPLICATE)
    start(s, [s.usdc, s.weth], [1, 1], old, reverts=DUPLICATE)
    start(s, [s.weth, s.weth], [1, 1], old, reverts=DUPLICATE)
    start(s, [s.weth, s.aave, s.weth], [0, 1, 0], old, reverts=DUPLICATE)
    start(s, [s.weth], [1], old, reverts=NO_WETH)
    start(s, [s.weth], [0], old, reverts=NO_WETH)
    start(s, [s.aave, s.weth], [0, 0], old, reverts=NO_WETH)
    start(s, [ZERO, s.index_module, s.stranger], [1, 0, MAX_UINT], old)


@scenario
def an_index_without_components_starts_with_new_ones(s: Stage) -> None:
    """Refuse to start with nothing at all."""
    s.create([s.dai], [E18], [s.index_module, s.module])
    s.index_module.initialize(s.set, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.set.editDefaultPositionUnit(s.dai, 0, by=s.module)
    s.set.removeComponent(s.dai, by=s.module)
    start(s, [], [], [], reverts="A is empty")
    start(s, [], [], [1], reverts=UNMATCHED)
    start(s, [s.dai, s.dai], [1, 2], [], reverts=DUPLICATE)
    start(s, [s.weth], [1], [], reverts=NO_WETH)
    start(s, [s.usdc, s.dai], [1, 0], [])


@scenario
def forty_components(s: Stage) -> None:
    """Start with 40, twice."""
    index(s)
    new = [f"0x{place:040x}" for place in range(1, 36)]
    start(s, new, list(range(35)), list(INDEX.values()))
    start(s, new[::-1], [MAX_UINT] * 35, [0] * 5)


@scenario
def two_hundred_components_are_the_most(s: Stage) -> None:
    """D-15: the original takes any number, gas permitting."""
    index(s)
    new = [f"0x{place:040x}" for place in range(1, 197)]
    old = list(INDEX.values())
    with s.aside():
        start(s, new[:-1], [1] * 195, old)
    with s.aside():
        start(s, new, [1] * 196, old, ours="Too many components", differs="D-15")
    start(s, new, [1] * 195, old, reverts=UNEQUAL)
    start(s, new, [1] * 196, old[1:], reverts=UNMATCHED)
