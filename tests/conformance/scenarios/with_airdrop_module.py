"""AirdropModule of Set V2 on our SetToken: what was sent to it becomes units."""

from collections.abc import Sequence

from twins.guests import (
    LOCKED,
    NOT_ENABLED,
    NOT_INITIALIZED,
    NOT_MANAGER,
    NOT_OF_THE_CONTROLLER,
    NOT_PENDING,
    basket,
    live,
    unknown_set,
)
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage

FEE = E18 // 10
NOT_APPROVED = "Must be approved token."
NOT_A_CALLER = "Must be valid caller"


def pending(s: Stage) -> None:
    """Create a basket with the module pending; a tenth of its fees is the protocol's."""
    plug(s, "airdrops", "AirdropModule")
    s.controller.addFee(s.airdrops, 0, E18 // 10, by=s.owner)
    basket(s, s.airdrops)


def started(s: Stage, tokens: Sequence[Handle] | None = None, fee: int = FEE) -> None:
    """Create a basket with the module initialised for some tokens, for the manager only."""
    pending(s)
    tokens = [s.dai, s.uni] if tokens is None else tokens
    s.airdrops.initialize(s.set, (tokens, s.heir, fee, False), by=s.manager)


def look(s: Stage) -> None:
    """Ask everything there is to ask."""
    s.airdrops.getAirdrops(s.set)
    s.airdrops.airdropSettings(s.set)
    for token in (s.dai, s.uni, s.lone):
        s.airdrops.isAirdropToken(s.set, token)
        s.airdrops.isAirdrop(s.set, token)


@scenario
def absorbs_components_and_new_tokens(s: Stage) -> None:
    """Absorb more of a component, then a token that becomes one, with fees; then live on."""
    started(s)
    look(s)
    s.fund("dai", s.set, 33 * E18 + 7)
    s.airdrops.absorb(s.set, s.dai, by=s.manager)
    s.set.getPositions()
    live(s)
    s.fund("uni", s.set, 5 * E18 + 3)
    s.airdrops.absorb(s.set, s.uni, by=s.manager)
    s.set.getComponents()
    s.supply(s.issuer, s.issuance, ["uni"], 10**21)
    live(s)
    s.fund("uni", s.set, 1)
    s.fund("dai", s.set, 10**20)
    s.airdrops.batchAbsorb(s.set, [s.uni, s.dai], by=s.manager)
    live(s)
    s.set.getPositions()


@scenario
def absorbs_without_a_fee(s: Stage) -> None:
    """Make no transfer and no call by the SetToken without a fee."""
    started(s, fee=0)
    s.fund("dai", s.set, 123_456_789)
    s.airdrops.absorb(s.set, s.dai, by=s.manager)
    live(s)


@scenario
def absorbs_all_of_it_as_a_fee(s: Stage) -> None:
    """Leave the unit where it was at a fee of 100 %."""
    started(s, fee=E18)
    s.fund("uni", s.set, 10**18)
    s.airdrops.absorb(s.set, s.uni, by=s.manager)
    s.fund("dai", s.set, 10**18)
    s.airdrops.absorb(s.set, s.dai, by=s.manager)
    s.set.getPositions()


@scenario
def absorbs_nothing_when_nothing_came(s: Stage) -> None:
    """Announce and change nothing; with an empty batch too."""
    started(s)
    s.airdrops.absorb(s.set, s.dai, by=s.manager)
    s.airdrops.absorb(s.set, s.uni, by=s.manager)
    s.airdrops.batchAbsorb(s.set, [], by=s.manager)
    live(s)
    s.airdrops.batchAbsorb(s.set, [s.dai, s.dai], by=s.manager)


@scenario
def absorbs_what_rounding_left(s: Stage) -> None:
    """Make base units that issues and redemptions left over part of the unit."""
    started(s, fee=0)
    s.issuance.issue(s.set, 10**9 + 1, s.heir, by=s.issuer)
    s.airdrops.absorb(s.set, s.dai, by=s.manager)
    live(s)
    s.airdrops.absorb(s.set, s.dai, by=s.manager)


@scenario
def anyone_absorbs_if_allowed(s: Stage) -> None:
    """Open it to strangers and close it again."""
    started(s)
    s.fund("uni", s.set, E18)
    s.airdrops.absorb(s.set, s.uni, by=s.stranger, reverts=NOT_A_CALLER)
    s.airdrops.updateAnyoneAbsorb(s.set, True, by=s.stranger, reverts=NOT_MANAGER)
    s.airdrops.updateAnyoneAbsorb(s.set, True, by=s.manager)
    s.airdrops.absorb(s.set, s.uni, by=s.stranger)
    s.airdrops.batchAbsorb(s.set, [s.dai], by=s.stranger)
    s.airdrops.updateAnyoneAbsorb(s.set, False, by=s.manager)
    s.airdrops.batchAbsorb(s.set, [s.dai], by=s.stranger, reverts=NOT_A_CALLER)


@scenario
def lists_airdrops(s: Stage) -> None:
    """Add and remove tokens: the last one moves into the gap."""
    started(s, [s.dai, s.uni, s.lone])
    s.airdrops.addAirdrop(s.set, s.dai, by=s.manager, reverts="Token already added.")
    s.airdrops.removeAirdrop(s.set, s.gem, by=s.manager, reverts="Token not added.")
    s.airdrops.addAirdrop(s.set, s.gem, by=s.stranger, reverts=NOT_MANAGER)
    s.airdrops.removeAirdrop(s.set, s.dai, by=s.stranger, reverts=NOT_MANAGER)
    s.airdrops.removeAirdrop(s.set, s.dai, by=s.manager)
    look(s)
    s.airdrops.addAirdrop(s.set, s.gem, by=s.manager)
    look(s)
    s.airdrops.absorb(s.set, s.dai, by=s.manager, reverts=NOT_APPROVED)
    s.airdrops.batchAbsorb(s.set, [s.gem, s.dai], by=s.manager, reverts=NOT_APPROVED)


@scenario
def changes_the_fee_and_its_recipient(s: Stage) -> None:
    """Count a new fee from now on: what came before is absorbed at the old one."""
    started(s)
    s.fund("uni", s.set, 10 * E18)
    above = "Airdrop fee can't exceed 100%"
    s.airdrops.updateAirdropFee(s.set, E18 + 1, by=s.stranger, reverts=NOT_MANAGER)
    s.airdrops.updateAirdropFee(s.set, E18 + 1, by=s.manager, reverts=above)
    s.airdrops.updateAirdropFee(s.set, E18 // 2, by=s.manager)
    s.airdrops.updateFeeRecipient(s.set, ZERO, by=s.stranger, reverts=NOT_MANAGER)
    s.airdrops.updateFeeRecipient(
        s.set, ZERO, by=s.manager, reverts="Passed address must be non-zero"
    )
    s.airdrops.updateFeeRecipient(s.set, s.keeper, by=s.manager)
    s.fund("uni", s.set, 10 * E18)
    s.airdrops.absorb(s.set, s.uni, by=s.manager)
    s.uni.balanceOf(s.keeper)
    look(s)


@scenario
def is_initialised_once(s: Stage) -> None:
    """Check roles, states and settings; removal forgets them."""
    pending(s)
    odd = unknown_set(s)
    high, nobody, twice = (
        ([s.dai], s.heir, E18 + 1, False),
        ([s.dai, s.dai], ZERO, FEE, False),
        ([s.dai, s.dai], s.heir, FEE, False),
    )
    fine = ([s.dai, s.uni], s.heir, E18, True)
    initialize = s.airdrops.initialize
    initialize(s.set, high, by=s.stranger, reverts=NOT_MANAGER)
    initialize(odd, high, by=s.manager, reverts=NOT_OF_THE_CONTROLLER)
    initialize(s.set, high, by=s.manager, reverts="Fee must be <= 100%.")
    initialize(s.set, nobody, by=s.manager, reverts="Zero fee address passed")
    initialize(s.set, twice, by=s.manager, reverts="Duplicate airdrop token passed")
    s.airdrops.absorb(s.set, s.dai, by=s.stranger, reverts=NOT_A_CALLER)
    s.airdrops.absorb(s.set, s.dai, by=s.manager, reverts=NOT_INITIALIZED)
    initialize(s.set, fine, by=s.manager)
    initialize(s.set, fine, by=s.manager, reverts=NOT_PENDING)
    look(s)
    s.set.removeModule(s.airdrops, by=s.manager)
    look(s)
    s.set.addModule(s.airdrops, by=s.manager)
    initialize(s.set, ([], s.heir, 0, False), by=s.manager)
    look(s)


@scenario
def stops_when_the_set_is_locked_or_the_module_disabled(s: Stage) -> None:
    """Respect the lock of another module, and the controller's list."""
    started(s)
    s.fund("uni", s.set, E18)
    s.set.lock(by=s.module)
    s.airdrops.absorb(s.set, s.uni, by=s.manager, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.airdrops, by=s.owner)
    s.airdrops.absorb(s.set, s.uni, by=s.manager, reverts=NOT_ENABLED)
    s.controller.addModule(s.airdrops, by=s.owner)
    s.airdrops.absorb(s.set, s.uni, by=s.manager)


@scenario
def refuses_to_absorb_what_is_missing(s: Stage) -> None:
    """Try with a unit that is not backed, and with a SetToken without supply."""
    started(s, [s.dai, s.lone])
    with s.aside():
        s.set.invoke(s.dai, 0, s.dai.transfer.data(s.heir, 1), by=s.module)
        missing = "SafeMath: subtraction overflow"
        s.airdrops.absorb(s.set, s.dai, by=s.manager, reverts=missing)
    s.issuance.redeem(s.set, 100 * E18, s.issuer, by=s.issuer)
    s.fund("lone", s.set, E18)
    s.airdrops.absorb(s.set, s.lone, by=s.manager, reverts="SafeMath: division by zero")
