"""WrapModule and WrapModuleV2 of Set V2 on our SetToken: components wrapped and unwrapped."""

from collections.abc import Callable

from twins.guests import (
    LOCKED,
    NO_ADAPTER,
    NO_REASON,
    NOT_ENABLED,
    NOT_INITIALIZED,
    NOT_MANAGER,
    NOT_OF_THE_CONTROLLER,
    NOT_PENDING,
    approved,
    basket,
    live,
    register,
    unknown_set,
)
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, Stage
from twins.world import set_v2

Data = tuple[bytes, ...]
Play = Callable[[Stage, Data], None]

VERSIONS: dict[str, tuple[str, Data]] = {
    "WrapModule": ("mocks/integrations/WrapAdapterMock", ()),
    "WrapModuleV2": ("mocks/integrations/WrapV2AdapterMock", (b"any data",)),
}
"""Modules, the mock adapter of each, and what its calls take in addition."""


def on_both(play: Play) -> None:
    """Register a scenario for each version of the module."""

    def bound(kind: str, suffix: str) -> None:
        def version(s: Stage) -> None:
            mock, data = VERSIONS[kind]
            started(s, kind, mock)
            play(s, data)

        version.__name__, version.__module__ = f"{play.__name__}{suffix}", play.__module__
        scenario(version)

    bound("WrapModule", "")
    bound("WrapModuleV2", "_v2")


def started(s: Stage, kind: str, mock: str) -> None:
    """Create a basket with the module initialised and the mock as its adapter."""
    plug(s, "wrapping", kind, s.weth)
    wrapped = s.deploy("wrapped", set_v2(mock))
    register(s, s.wrapping, "Mock", wrapped)
    basket(s, s.wrapping)
    s.wrapping.initialize(s.set, by=s.manager)
    for token in (s.dai, s.usdc):
        approved(s, token, s.issuer, wrapped)
        wrapped.deposit(token, 10**22, by=s.issuer)
    approved(s, wrapped, s.issuer, s.issuance)


@on_both
def wraps_and_unwraps(s: Stage, data: Data) -> None:
    """Wrap half, then the rest, unwrap in two steps; accruals, issuance and redemption between."""
    s.wrapping.weth()
    s.wrapping.controller()
    s.wrapping.wrap(s.set, s.dai, s.wrapped, 5 * E18, "Mock", *data, by=s.manager)
    s.set.getPositions()
    live(s)
    rest = s.set.getDefaultPositionRealUnit(s.dai)
    s.wrapping.wrap(s.set, s.dai, s.wrapped, rest, "Mock", *data, by=s.manager)
    s.set.getPositions()
    s.wrapped.balanceOf(s.set)
    live(s)
    held = s.set.getDefaultPositionRealUnit(s.wrapped)
    s.wrapping.unwrap(s.set, s.dai, s.wrapped, held // 3, "Mock", *data, by=s.manager)
    live(s)
    held = s.set.getDefaultPositionRealUnit(s.wrapped)
    s.wrapping.unwrap(s.set, s.dai, s.wrapped, held, "Mock", *data, by=s.manager)
    s.set.getPositions()
    live(s)


@on_both
def wraps_ether(s: Stage, data: Data) -> None:
    """Unwrap WETH to ether inside the SetToken and wrap that, and back."""
    s.wrapping.wrapWithEther(s.set, s.wrapped, E18 // 25, "Mock", *data, by=s.manager)
    live(s)
    s.wrapping.wrapWithEther(s.set, s.wrapped, E18 // 50, "Mock", *data, by=s.manager)
    held = s.set.getDefaultPositionRealUnit(s.wrapped)
    s.wrapping.unwrapWithEther(s.set, s.wrapped, held // 2, "Mock", *data, by=s.manager)
    live(s)
    s.send_raw(s.set, b"", by=s.stranger, value=10**15)
    s.wrapping.unwrapWithEther(s.set, s.wrapped, held // 4, "Mock", *data, by=s.manager)
    s.set.getPositions()


@on_both
def leaves_donations_out(s: Stage, data: Data) -> None:
    """Keep what was sent to the SetToken out of the units."""
    s.fund("dai", s.set, 123 * E18)
    s.wrapped.transfer(s.set, 77, by=s.issuer)
    s.wrapping.wrap(s.set, s.dai, s.wrapped, 3 * E18 + 1, "Mock", *data, by=s.manager)
    live(s)
    s.fund("dai", s.set, 1)
    s.wrapping.unwrap(s.set, s.dai, s.wrapped, E18 + 7, "Mock", *data, by=s.manager)
    s.set.getPositions()


@on_both
def moves_a_component_in_the_list(s: Stage, data: Data) -> None:
    """Move the last component into the gap that a wrapped one leaves."""
    s.wrapping.wrap(s.set, s.usdc, s.wrapped, 100 * 10**6, "Mock", *data, by=s.manager)
    s.set.getComponents()
    s.wrapping.wrap(s.set, s.dai, s.wrapped, 10 * E18, "Mock", *data, by=s.manager)
    s.set.getComponents()
    s.wrapping.unwrap(s.set, s.usdc, s.wrapped, 100 * 10**6, "Mock", *data, by=s.manager)
    s.set.getComponents()
    s.wrapping.unwrap(s.set, s.dai, s.wrapped, 10 * E18, "Mock", *data, by=s.manager)
    s.set.getComponents()
    live(s)


@on_both
def refuses_callers_and_amounts(s: Stage, data: Data) -> None:
    """Check roles first, then amounts, then the adapter."""
    wrap, unwrap = s.wrapping.wrap, s.wrapping.unwrap
    wrap(s.set, s.dai, s.wrapped, 0, "None", *data, by=s.stranger, reverts=NOT_MANAGER)
    unwrap(s.set, s.dai, s.wrapped, 0, "None", *data, by=s.owner, reverts=NOT_MANAGER)
    zero = "Target position units must be > 0"
    wrap(s.set, s.lone, s.wrapped, 0, "None", *data, by=s.manager, reverts=zero)
    unwrap(s.set, s.dai, s.wrapped, 0, "None", *data, by=s.manager, reverts=zero)
    absent = "Target default position must be component"
    wrap(s.set, s.lone, s.wrapped, 1, "None", *data, by=s.manager, reverts=absent)
    unwrap(s.set, s.dai, s.wrapped, 1, "None", *data, by=s.manager, reverts=absent)
    large = "Unit cant be greater than existing"
    wrap(s.set, s.dai, s.wrapped, 10 * E18 + 1, "None", *data, by=s.manager, reverts=large)
    cast = "SafeCast: value doesn't fit in an int256"
    wrap(s.set, s.dai, s.wrapped, 2**255, "None", *data, by=s.manager, reverts=cast)
    wrap(s.set, s.dai, s.wrapped, E18, "None", *data, by=s.manager, reverts=NO_ADAPTER)
    s.wrapping.wrapWithEther(s.set, s.wrapped, 0, "Mock", *data, by=s.manager, reverts=zero)
    s.wrapping.wrapWithEther(s.set, s.wrapped, E18, "Mock", *data, by=s.manager, reverts=large)
    s.wrapping.unwrapWithEther(
        s.set, s.wrapped, 1, "Mock", *data, by=s.stranger, reverts=NOT_MANAGER
    )


@on_both
def is_initialised_once(s: Stage, data: Data) -> None:
    """Check roles and states of initialisation, removal and return."""
    odd = unknown_set(s)
    s.wrapping.initialize(odd, by=s.stranger, reverts=NOT_MANAGER)
    s.wrapping.initialize(odd, by=s.manager, reverts=NOT_OF_THE_CONTROLLER)
    s.wrapping.initialize(s.set, by=s.manager, reverts=NOT_PENDING)
    arguments = (s.set, s.dai, s.wrapped, E18, "Mock", *data)
    s.wrapping.wrap(odd, *arguments[1:], by=s.manager, reverts=NOT_INITIALIZED)
    s.wrapping.wrap(*arguments, by=s.manager)
    s.set.removeModule(s.wrapping, by=s.manager)
    s.wrapping.wrap(*arguments, by=s.manager, reverts=NOT_INITIALIZED)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.set.addModule(s.wrapping, by=s.manager)
    s.wrapping.wrap(*arguments, by=s.manager, reverts=NOT_INITIALIZED)
    s.wrapping.initialize(s.set, by=s.manager)
    s.set.getModules()
    s.wrapping.wrap(*arguments, by=s.manager)


@on_both
def stops_when_the_set_is_locked_or_the_module_disabled(s: Stage, data: Data) -> None:
    """Respect the lock of another module, and the controller's list."""
    arguments = (s.set, s.dai, s.wrapped, E18, "Mock", *data)
    s.set.lock(by=s.module)
    s.wrapping.wrap(*arguments, by=s.manager, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.wrapping.wrap(*arguments, by=s.manager)
    s.controller.removeModule(s.wrapping, by=s.owner)
    s.wrapping.wrap(*arguments, by=s.manager, reverts=NOT_ENABLED)
    s.wrapping.unwrap(*arguments, by=s.manager, reverts=NOT_ENABLED)
    s.controller.addModule(s.wrapping, by=s.owner)
    s.wrapping.unwrap(*arguments, by=s.manager)


@on_both
def bubbles_what_the_target_says(s: Stage, data: Data) -> None:
    """Fail in the token, inside the adapter's contract, inside invoke."""
    arguments = (s.set, s.dai, s.wrapped, 9 * E18, "Mock", *data)
    s.wrapping.wrap(*arguments, by=s.manager)
    s.wrapping.unwrap(
        s.set,
        s.lone,
        s.wrapped,
        E18,
        "Mock",
        *data,
        by=s.manager,
        reverts="ERC20: transfer amount exceeds balance",
    )
    s.wrapping.unwrapWithEther(
        s.set, s.wrapped, E18, "Mock", *data, by=s.manager, reverts=NO_REASON
    )
    with s.aside():
        s.registry.editIntegration(s.wrapping, "Mock", s.stranger, by=s.owner)
        s.wrapping.wrap(*arguments[:3], E18, "Mock", *data, by=s.manager, reverts="")
    with s.aside():
        s.registry.removeIntegration(s.wrapping, "Mock", by=s.owner)
        s.wrapping.wrap(*arguments[:3], E18, "Mock", *data, by=s.manager, reverts=NO_ADAPTER)


@on_both
def needs_a_supply(s: Stage, data: Data) -> None:
    """Wrap what nobody holds any of: units cannot be told from balances."""
    s.issuance.redeem(s.set, 100 * E18, s.issuer, by=s.issuer)
    s.wrapping.wrap(
        s.set,
        s.dai,
        s.wrapped,
        E18,
        "Mock",
        *data,
        by=s.manager,
        reverts="SafeMath: division by zero",
    )
