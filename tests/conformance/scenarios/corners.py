"""Corners where ours answers otherwise, none of which a well-behaved caller reaches."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.starts import index
from twins.world import set_v2

OVERFLOW = "SignedSafeMath: multiplication overflow"
CAST = "SafeCast: value must be positive"


@scenario
def calldata_that_end_early(s: Stage) -> None:
    """D-29: what is missing reads as zeros."""
    data = s.creator.create.data([s.dai], [E18], [s.issuance], s.manager, "Twin", "TWIN")
    with s.aside():
        s.send_raw(s.creator, data[:-32], by=s.stranger, reverts="", ours=None, differs="D-29")
    s.send_raw(s.creator, data[:100], by=s.stranger, reverts="")


@scenario
def addresses_of_more_than_twenty_bytes(s: Stage) -> None:
    """D-29: the original controller cuts them."""
    data = s.controller.addModule.data(s.heir)
    dirty = data[:4] + b"\x01" + data[5:]
    with s.aside():
        s.send_raw(s.controller, dirty, by=s.owner, ours="", differs="D-29")
    with s.aside():
        s.send_raw(s.controller, data, by=s.owner)


@scenario
def lists_read_past_their_end(s: Stage) -> None:
    """D-30."""
    past = {"reverts": "", "ours": "Index must be < A length", "differs": "D-30"}
    for view in (
        *(s.controller.sets, s.controller.factories),
        *(s.controller.modules, s.controller.resources),
    ):
        view(99, **past)


@scenario
def revert_data_of_more_than_four_kilobytes(s: Stage) -> None:
    """D-31: passed on up to the bound."""
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    target = s.deploy("target", mock("Target"))
    data = target.failWith.data(b"\xab" * 4_000)
    s.set.invoke(target, 0, data, by=s.module, reverts="0x" + "ab" * 4_000)
    s.set.invoke(
        target,
        0,
        target.failWith.data(b"\xab" * 5_000),
        by=s.module,
        reverts="0x" + "ab" * 5_000,
        ours="0x" + "ab" * 4_096,
        differs="D-31",
    )


@scenario
def components_named_twice_without_a_creator(s: Stage) -> None:
    """D-32: nobody checked; ours knows one place for each."""
    arguments = ([s.dai, s.usdc, s.dai], [E18, 10**6, E18], [s.module], s.controller, s.manager)
    by_hand = s.put("by_hand", "SetToken", *arguments, "By hand", "HAND")
    s.controller.addFactory(s.keeper, by=s.owner)
    s.controller.addSet(by_hand, by=s.keeper)
    by_hand.initializeModule(by=s.module)
    by_hand.removeComponent(s.dai, by=s.module)
    by_hand.isComponent(s.dai, differs="D-32")


@scenario
def hook_that_disowns_the_set(s: Stage) -> None:
    """D-33: the original asks the controller once more after the hook."""
    hook = s.deploy("hook", mock("Puppet"))
    s.create([s.dai], [E18], [s.issuance])
    s.issuance.initialize(s.set, hook, by=s.manager)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.controller.transferOwnership(hook, by=s.owner)
    hook.prepare([(s.controller, s.controller.removeSet.data(s.set))], by=s.owner)
    gone = "Must be a valid and initialized SetToken"
    issue = {"by": s.issuer, "reverts": gone, "ours": None, "differs": "D-33"}
    with s.aside():
        s.issuance.issue(s.set, E18, s.issuer, **issue)
    hook.prepare([], by=s.owner)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@scenario
def negative_units_under_the_index_module(s: Stage) -> None:
    """D-34: a module set one; both modules stop, at another place."""
    s.create([s.dai, s.usdc], [E18, 10**6], [s.issuance, s.index_module, s.module])
    s.set.initializeModule(by=s.module)
    s.set.editDefaultPositionUnit(s.usdc, -5, by=s.module)
    with s.aside():
        s.index_module.initialize(s.set, by=s.manager, ours=CAST, differs="D-34")


@scenario
def negative_cash(s: Stage) -> None:
    """D-34: the units of a component and of WETH are read at once."""
    index(s)
    units = [s.set.getDefaultPositionRealUnit(one) for one in s.set.getComponents()]
    s.index_module.startRebalance([], [], units, E18, by=s.manager)
    s.set.editDefaultPositionUnit(s.weth, -5, by=s.module)
    trade = {"reverts": "Target already met", "ours": CAST, "differs": "D-34"}
    s.index_module.trade(s.dai, by=s.trader, **trade)


@scenario
def units_beyond_what_the_original_can_read(s: Stage) -> None:
    """D-02: from 2^255 / 1e18 on the original's product overflows."""
    huge = s.deploy("huge", set_v2("mocks/StandardTokenMock"), s.issuer, 10**70, "H", "H", 18)
    huge.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.create([huge], [10**59], [s.issuance, s.module])
    s.set.initializeModule(by=s.module)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    differs = {"reverts": OVERFLOW, "ours": None, "differs": "D-02"}
    with s.aside():
        s.issuance.issue(s.set, 1, s.issuer, by=s.issuer, **differs)
    s.set.getPositions(reverts=OVERFLOW)


@scenario
def module_that_removes_itself_while_removed(s: Stage) -> None:
    """D-26: both refuse."""
    puppet = s.deploy("puppet", mock("Puppet"))
    s.controller.addModule(puppet, by=s.owner)
    s.create([s.dai], [E18], [puppet], puppet.address)
    puppet.execute([(s.set, s.set.initializeModule.data())], by=s.stranger)
    removal = [(s.set, s.set.removeModule.data(puppet))]
    puppet.prepare(removal, by=s.stranger)
    puppet.execute(
        removal,
        by=s.stranger,
        reverts="Address not in array.",
        ours="Module must be added",
        differs="D-26",
    )
