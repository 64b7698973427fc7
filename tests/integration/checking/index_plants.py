"""Faults of an index, each made by who can, and how a check tells it."""

from ape import project
from checked_house import NOBODY, WAD, House, account

from indexkit.deployment.steps import selector

TOKEN, MODULE, MANAGER = (f"index.SMALL.{part}" for part in ("token", "module", "manager"))
CONTROLLER, GUARD = "protocol.controller", "protocol.guard"
FEE, GOVERNANCE = "protocol.streaming_fee", "protocol.governance"


def swapped_module(house: House) -> list[str]:
    """Put another GovernanceModule in the place of ours."""
    other = house.stranger.deploy(project.GovernanceModule, house.at(CONTROLLER))
    house.at(CONTROLLER).addModule(other, sender=house.owner)
    house.agree(TOKEN, "removeModule", house.at(GOVERNANCE))
    house.agree(TOKEN, "addModule", other)
    house.both("executeAgreed", other, other.initialize.encode_input(house.at(TOKEN)))
    house.at(CONTROLLER).removeModule(house.at(GOVERNANCE), sender=house.owner)
    return [
        f"{CONTROLLER}: isModule({GOVERNANCE}): expected true, found false.",
        f"{CONTROLLER}: module {other}: expected absent, found present.",
        f"{TOKEN}: isInitializedModule({GOVERNANCE}): expected true, found false.",
        f"{TOKEN}: module {other}: expected absent, found present.",
    ]


def wrong_recipient_of_the_index(house: House) -> list[str]:
    """Pay the index's fees to a stranger."""
    house.agree(FEE, "updateFeeRecipient", house.at(TOKEN), house.stranger)
    manager = house.at(MANAGER)
    return [
        f"{FEE}: feeStates({TOKEN})[0]: expected {manager} ({MANAGER}), "
        f"found {account(house.stranger)}."
    ]


def guard_off(house: House) -> list[str]:
    """Let nobody judge the index's trades."""
    house.agree(MODULE, "setGuard", NOBODY)
    guard = house.at(GUARD)
    return [f"{MODULE}: guard(): expected {guard} ({GUARD}), found {NOBODY} (nobody)."]


def wrong_guard_bounds(house: House) -> list[str]:
    """Let each trade lose a fifth."""
    house.agree(GUARD, "configure", house.at(MODULE), WAD // 5, 0, 10 * WAD)
    return [
        f"{GUARD}: getBounds({MODULE}, {TOKEN}): expected [{WAD // 50}, {100 * WAD}, {10 * WAD}], "
        f"found [{WAD // 5}, 0, {10 * WAD}]."
    ]


def manager_an_account(house: House) -> list[str]:
    """Let an account manage the index alone."""
    house.agree(TOKEN, "setManager", house.stranger)
    manager = house.at(MANAGER)
    return [f"{TOKEN}: manager(): expected {manager} ({MANAGER}), found {account(house.stranger)}."]


def wrong_trader(house: House) -> list[str]:
    """Let a stranger trade, and not a declared trader."""
    first, *_ = house.declaration.indices[0].traders
    house.operate(MODULE, "updateTraderStatus", [house.stranger, first], [True, False])
    return [
        f"{MODULE}: tradeAllowList({first}): expected true, found false.",
        f"{MODULE}: tradeAllowList({house.stranger}): expected false, found true.",
    ]


def anyone_trades(house: House) -> list[str]:
    """Let every account trade."""
    house.operate(MODULE, "updateAnyoneTrade", True)
    return [f"{MODULE}: anyoneTrade(): expected false, found true."]


def wrong_trade_settings(house: House) -> list[str]:
    """Let a component trade on another exchange."""
    component = house.declaration.indices[0].components[0].token
    house.operate(MODULE, "setExchanges", [component], [1])
    return [f"{MODULE}: assetInfo(YFI)[4]: expected 2, found 1."]


def extra_permission(house: House) -> list[str]:
    """Let the operator alone turn the guard off."""
    signature = selector(house.at(MODULE).contract_type, "setGuard")
    house.both("allow", house.at(MODULE), signature, True)
    return [
        f"{MANAGER}: isAllowed({MODULE}, setGuard): expected false, found true.",
    ]


def missing_permission(house: House) -> list[str]:
    """Let the operator alone vote no more."""
    signature = selector(house.at(GOVERNANCE).contract_type, "vote")
    house.both("allow", house.at(GOVERNANCE), signature, False)
    return [f"{MANAGER}: isAllowed({GOVERNANCE}, vote): expected true, found false."]


def wrong_split(house: House) -> list[str]:
    """Give all fees to the operator, and make a stranger the operator."""
    house.both("setFeeSplit", WAD)
    house.both("setOperator", house.stranger)
    return [
        f"{MANAGER}: operatorShare(): expected {7 * WAD // 10}, found {WAD}.",
        f"{MANAGER}: operator(): expected {house.operator}, found {account(house.stranger)}.",
    ]


def wrong_voter(house: House) -> list[str]:
    """Let a stranger vote with the index's tokens."""
    house.both("setVoter", house.stranger, house.at(GOVERNANCE))
    return [
        f"{MANAGER}: voter(): expected {NOBODY} (nobody), found {account(house.stranger)}.",
    ]


def _edit_unit(house: House, unit: int) -> str:
    """Have a module come, change the first unit of the index, and go; return the component."""
    component = house.declaration.indices[0].components[0].token
    puppet, token = house.stranger, house.at(TOKEN)
    house.at(CONTROLLER).addModule(puppet, sender=house.owner)
    house.agree(TOKEN, "addModule", puppet)
    token.initializeModule(sender=puppet)
    token.editDefaultPositionUnit(component, unit, sender=puppet)
    return component


def changed_unit(house: House) -> list[str]:
    """Let a stranger's module change a unit."""
    unit = house.declaration.indices[0].components[0].unit
    component = _edit_unit(house, unit - 1)
    puppet = account(house.stranger)
    return [
        f"{CONTROLLER}: module {puppet}: expected absent, found present.",
        f"{TOKEN}: module {puppet}: expected absent, found present.",
        f"{TOKEN}: unit of {component} (YFI): expected {unit}, found {unit - 1}.",
    ]


PLANTS = (
    swapped_module,
    wrong_recipient_of_the_index,
    guard_off,
    wrong_guard_bounds,
    manager_an_account,
    wrong_trader,
    anyone_trades,
    wrong_trade_settings,
    extra_permission,
    missing_permission,
    wrong_split,
    wrong_voter,
    changed_unit,
)
