"""BasicIssuanceModule: the manager's hook before an issue."""

from collections.abc import Sequence
from typing import Any

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.world import set_v2

from scenarios.issuance import NOT_INITIALIZED, created, started

REENTRANT = "ReentrancyGuard: reentrant call"


def told(hook: Handle) -> None:
    """Ask a hook what it was told last."""
    hook.retrievedSetToken()
    hook.retrievedIssueQuantity()
    hook.retrievedSender()
    hook.retrievedTo()


def hooked(s: Stage) -> Handle:
    """Start with a hook that refuses or calls someone when asked to; it can pay for an issue."""
    hook = s.deploy("hook", mock("IssuanceHook"))
    started(s, hook=hook)
    return hook


def puppet(s: Stage) -> Handle:
    """Start with a hook that is also a module of the SetToken and does what it is told."""
    hook = s.deploy("hook", mock("Puppet"))
    started(s, hook=hook)
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.controller.addModule(hook, by=s.owner)
    s.set.addModule(hook, by=s.manager)
    hook.execute([(s.set, s.set.initializeModule.data())], by=s.owner)
    return hook


def prepare(s: Stage, hook: Handle, *calls: tuple[Any, bytes]) -> None:
    """Let a puppet make some calls when it is asked before an issue."""
    hook.prepare(list[Sequence[Any]](calls), by=s.owner)


@scenario
def hook_is_told_of_an_issue_only(s: Stage) -> None:
    """Tell the hook SetToken, quantity, payer and receiver before anything is paid."""
    hook = s.deploy("hook", set_v2("mocks/protocol/module/ManagerIssuanceHookMock"))
    started(s, hook=hook)
    s.issuance.managerIssuanceHook(s.set)
    s.issuance.issue(s.set, 5 * E18, s.heir, by=s.issuer)
    told(hook)
    s.issuance.redeem(s.set, E18, s.stranger, by=s.heir)
    told(hook)
    s.issuance.issue(s.set, 1, s.issuer, by=s.issuer)
    told(hook)
    s.issuance.issue(s.set, E18, ZERO, by=s.issuer, reverts="ERC20: mint to the zero address")
    told(hook)


@scenario
def one_hook_serves_several_sets(s: Stage) -> None:
    """Keep one hook per SetToken; the same may serve two, and a third has none."""
    hook = s.deploy("hook", set_v2("mocks/protocol/module/ManagerIssuanceHookMock"))
    started(s, hook=hook)
    for name, one in (("second", hook), ("third", ZERO)):
        s.create([s.dai], [E18], [s.issuance], called=name)
        s.issuance.initialize(getattr(s, name), one, by=s.manager)
        s.issuance.managerIssuanceHook(getattr(s, name))
        s.issuance.issue(getattr(s, name), E18, s.heir, by=s.issuer)
        told(hook)
    s.issuance.managerIssuanceHook(s.set)
    s.issuance.managerIssuanceHook(s.stranger)


@scenario
def hook_may_refuse(s: Stage) -> None:
    """Bubble the hook's reason: after the quantity, before any payment; redeeming asks nobody."""
    hook = hooked(s)
    s.issuance.issue(s.set, 5 * E18, s.issuer, by=s.issuer)
    hook.refuse(by=s.stranger)
    s.issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts="Issue quantity must be > 0")
    capped = "Supply cap reached"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=capped)
    s.issuance.issue(s.set, MAX_UINT, ZERO, by=s.stranger, reverts=capped)
    s.set.addExternalPositionModule(s.dai, s.module, by=s.module)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=capped)
    s.set.removeExternalPositionModule(s.dai, s.module, by=s.module)
    s.controller.removeModule(s.issuance, by=s.owner)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=capped)
    s.controller.addModule(s.issuance, by=s.owner)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    s.issuance.redeem(s.set, 5 * E18, s.issuer, by=s.issuer)


@scenario
def hook_that_is_none(s: Stage) -> None:
    """Take any address as hook: without code or the function, nobody can issue."""
    created(s)
    for hook in (s.stranger, s.usdc, s.issuance):
        with s.aside():
            s.issuance.initialize(s.set, hook, by=s.manager)
            s.issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts="Issue quantity must be > 0")
            s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
            s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts="")


@scenario
def hook_reads_the_module(s: Stage) -> None:
    """Let the hook ask for the units, the hook and the controller while it is asked itself."""
    hook = hooked(s)
    for data in (
        s.issuance.getRequiredComponentUnitsForIssue.data(s.set, E18),
        s.issuance.managerIssuanceHook.data(s.set),
        s.issuance.controller.data(),
    ):
        hook.callFirst(s.issuance, data, by=s.stranger)
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    hook.callFirst(s.set, s.set.getPositions.data(), by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@scenario
def hook_may_not_come_back(s: Stage) -> None:
    """Show D-06: issuing and redeeming from inside the hook."""
    hook = hooked(s)
    s.issuance.issue(s.set, 5 * E18, hook, by=s.issuer)
    for data in (
        s.issuance.issue.data(s.set, E18, s.issuer),
        s.issuance.issue.data(s.stranger, 0, s.issuer),
        s.issuance.redeem.data(s.set, E18, s.issuer),
        s.issuance.redeem.data(s.set, 0, s.issuer),
    ):
        hook.callFirst(s.issuance, data, by=s.stranger)
        s.issuance.issue(
            s.set, E18, s.issuer, by=s.issuer, reverts=REENTRANT, ours="", differs="D-06"
        )
    s.issuance.redeem(
        s.set, E18, s.issuer, by=s.stranger, reverts="ERC20: burn amount exceeds balance"
    )


@scenario
def hook_may_not_initialize_other_sets(s: Stage) -> None:
    """Show D-06: the lock covers initialising and removing, which the original leaves open."""
    hook = hooked(s)
    s.create([s.dai], [E18], [s.issuance], hook.address, called="second")
    hook.callFirst(s.issuance, s.issuance.initialize.data(s.second, ZERO), by=s.stranger)
    with s.aside():
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, ours="", differs="D-06")
        s.issuance.issue(
            s.second,
            E18,
            s.issuer,
            by=s.issuer,
            ours=NOT_INITIALIZED,
        )
    hook.callFirst(s.issuance, s.issuance.removeModule.data(), by=s.stranger)
    s.issuance.issue(
        s.set,
        E18,
        s.issuer,
        by=s.issuer,
        reverts="The BasicIssuanceModule module cannot be removed",
        ours="",
        differs="D-06",
    )


@scenario
def hook_changes_the_basket(s: Stage) -> None:
    """Charge what the units are after the hook, be it a module that raises or lowers them."""
    hook = puppet(s)
    for unit in (31 * E18, 1, 0):
        prepare(s, hook, (s.set, s.set.editDefaultPositionUnit.data(s.dai, unit)))
        s.issuance.issue(s.set, E18 + 1, s.issuer, by=s.issuer)
    prepare(s, hook, (s.set, s.set.removeComponent.data(s.dai)))
    s.issuance.issue(s.set, E18 + 1, s.issuer, by=s.issuer)
    prepare(s, hook, (s.set, s.set.mint.data(s.heir, E18)))
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    prepare(s, hook, (s.set, s.set.addExternalPositionModule.data(s.usdc, hook)))
    refused = "Only default positions are supported"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=refused)


@scenario
def hook_accrues_the_fee(s: Stage) -> None:
    """Let the hook accrue the streaming fee first: what is issued is charged at the lower units."""
    hook = puppet(s)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.advance(30 * 24 * 3600)
    prepare(s, hook, (s.streaming_fee, s.streaming_fee.accrueFee.data(s.set)))
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@scenario
def hook_takes_away_the_right_to_mint(s: Stage) -> None:
    """Lock the SetToken or disable the module from the hook: the mint is refused."""
    hook = puppet(s)
    prepare(s, hook, (s.set, s.set.lock.data()))
    locked = "When locked, only the locker can call"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=locked)
    prepare(s, hook, (s.controller, s.controller.removeModule.data(s.issuance)))
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.controller.transferOwnership(hook, by=s.owner)
    prepare(s, hook, (s.controller, s.controller.removeModule.data(s.issuance)))
    disabled = "Module must be enabled on controller"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=disabled)
    hook.execute([(s.controller, s.controller.removeModule.data(s.issuance))], by=s.owner)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=disabled)
