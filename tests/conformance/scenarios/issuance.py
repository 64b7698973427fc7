"""BasicIssuanceModule: initialising, issuing, redeeming, and every rule about who and when."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage

UNITS = {"usdc": 40 * 10**6, "wbtc": 15 * 10**4, "dai": 30 * E18}
"""Components of 6, 8 and 18 decimals {base units per SetToken}."""

NOT_MANAGER = "Must be the SetToken manager"
NOT_INITIALIZED = "Must be a valid and initialized SetToken"


def created(s: Stage, units: dict[str, int] = UNITS) -> None:
    """Create a SetToken with pending modules, and an issuer who can pay for it."""
    components = [getattr(s, name) for name in units]
    s.create(components, list(units.values()), [s.issuance, s.streaming_fee, s.module])
    for name in units:
        s.supply(s.issuer, s.issuance, [name], 10**23 if name == "weth" else 10**29)


def started(s: Stage, units: dict[str, int] = UNITS, hook: str | Handle = ZERO) -> None:
    """Create it and initialise the issuance module and the module that is an account."""
    created(s, units)
    s.issuance.initialize(s.set, hook, by=s.manager)
    s.set.initializeModule(by=s.module)


@scenario
def only_its_manager_initializes(s: Stage) -> None:
    """Refuse every other role, and calls that break a second rule, with the manager's reason."""
    created(s)
    for account in (s.owner, s.trader, s.issuer, s.stranger, s.module, s.heir):
        s.issuance.initialize(s.set, ZERO, by=account, reverts=NOT_MANAGER)
    s.issuance.initialize(s.stranger, ZERO, by=s.manager, reverts="")
    s.issuance.initialize(s.usdc, ZERO, by=s.manager, reverts="")
    s.issuance.initialize(s.set, s.heir, by=s.manager)
    s.issuance.initialize(s.set, ZERO, by=s.stranger, reverts=NOT_MANAGER)
    s.issuance.initialize(s.set, ZERO, by=s.manager, reverts="Must be pending initialization")
    s.issuance.managerIssuanceHook(s.set)
    s.issuance.controller()


@scenario
def initializes_only_known_and_pending_sets(s: Stage) -> None:
    """Refuse a SetToken of no controller, one that never added the module, and a locked one."""
    modules = [s.issuance.address, s.module]
    loose = s.put("loose", "SetToken", [s.dai], [E18], modules, s.controller, s.manager, "L", "L")
    unknown = "Must be controller-enabled SetToken"
    s.issuance.initialize(loose, ZERO, by=s.stranger, reverts=NOT_MANAGER)
    s.issuance.initialize(loose, ZERO, by=s.manager, reverts=unknown)
    s.issuance.issue(loose, E18, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    s.issuance.initialize(s.set, ZERO, by=s.manager, reverts="Must be pending initialization")
    s.set.lock(by=s.module)
    s.issuance.initialize(s.set, ZERO, by=s.manager, reverts="Must be pending initialization")
    s.set.unlock(by=s.module)
    s.set.addModule(s.issuance, by=s.manager)
    s.set.lock(by=s.module)
    s.issuance.initialize(s.set, ZERO, by=s.stranger, reverts=NOT_MANAGER)
    s.issuance.initialize(s.set, ZERO, by=s.manager, reverts="Only when unlocked")
    s.set.unlock(by=s.module)
    s.controller.removeSet(s.set, by=s.owner)
    s.issuance.initialize(s.set, ZERO, by=s.manager, reverts=unknown)


@scenario
def pending_module_may_be_removed_and_added_again(s: Stage) -> None:
    """Remove it before it is initialised, add it again, and keep the last hook."""
    created(s)
    s.set.removePendingModule(s.issuance, by=s.manager)
    s.issuance.initialize(s.set, s.heir, by=s.manager, reverts="Must be pending initialization")
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.set.addModule(s.issuance, by=s.manager)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@scenario
def is_never_removed(s: Stage) -> None:
    """Refuse a removal by anyone, and by the SetToken on its manager's behalf."""
    reason = "The BasicIssuanceModule module cannot be removed"
    started(s)
    for account in (s.owner, s.manager, s.stranger, s.module):
        s.issuance.removeModule(by=account, reverts=reason)
    s.set.removeModule(s.issuance, by=s.manager, reverts=reason)
    s.set.removeModule(s.issuance, by=s.stranger, reverts="Only manager can call")
    s.set.removePendingModule(s.issuance, by=s.manager, reverts="Module must be pending")


@scenario
def issues_and_redeems_from_a_wei_to_a_billion(s: Stage) -> None:
    """Round what is paid in up and what is paid out down, in 6, 8 and 18 decimals (D-04)."""
    started(s)
    amounts = (1, 2, 10**9 + 7, 10**11, 66_666_666_667, E18 // 3, E18, 7 * E18 + 1, 10**24, 10**27)
    for amount in amounts:
        s.issuance.getRequiredComponentUnitsForIssue(s.set, amount)
        s.issuance.issue(s.set, amount, s.issuer, by=s.issuer)
    for amount in amounts:
        s.issuance.redeem(s.set, amount, s.heir, by=s.issuer)


@scenario
def units_below_a_base_unit_round_to_zero(s: Stage) -> None:
    """Charge at least one base unit of each component; pay nothing for less than one."""
    started(s, {"usdc": 1, "wbtc": 3, "dai": 999})
    for amount in (1, 2, 10**15, 10**17, E18 - 1, E18, E18 + 1):
        s.issuance.getRequiredComponentUnitsForIssue(s.set, amount)
        s.issuance.issue(s.set, amount, s.issuer, by=s.issuer)
        s.issuance.redeem(s.set, amount, s.issuer, by=s.issuer)
    for _ in range(3):
        s.issuance.issue(s.set, 1, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 3, s.issuer, by=s.issuer)


@scenario
def anyone_pays_for_anyone(s: Stage) -> None:
    """Issue and redeem for others, the SetToken, a module and the market among them."""
    started(s)
    for receiver in (s.issuer, s.manager, s.stranger, s.set, s.issuance, s.usdc):
        s.issuance.issue(s.set, 10 * E18, receiver, by=s.issuer)
    for receiver in (s.manager, s.heir, s.issuance, s.usdc_pool, s.streaming_fee):
        s.issuance.redeem(s.set, E18, receiver, by=s.stranger)
    s.set.setManager(ZERO, by=s.manager)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.set.transfer(s.heir, E18, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.heir, by=s.heir)


@scenario
def refuses_to_issue(s: Stage) -> None:
    """Check the SetToken, then the quantity, then each component in turn, then the receiver."""
    started(s)
    zero = "Issue quantity must be > 0"
    for unknown in (s.stranger, s.usdc, s.controller, ZERO):
        s.issuance.issue(unknown, 0, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts=zero)
    s.issuance.issue(s.set, 0, ZERO, by=s.stranger, reverts=zero)
    allowance = "ERC20: transfer amount exceeds allowance"
    balance = "ERC20: transfer amount exceeds balance"
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger, reverts=balance)
    s.issuance.issue(s.set, E18, ZERO, by=s.stranger, reverts=balance)
    s.fund("usdc", s.stranger, 10**24)
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger, reverts=allowance)
    s.usdc.approve(s.issuance, MAX_UINT, by=s.stranger)
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger, reverts=balance)
    s.fund("wbtc", s.stranger, 10**24)
    s.wbtc.approve(s.issuance, 15 * 10**4, by=s.stranger)
    s.supply(s.stranger, s.issuance, ["dai"], 30 * E18)
    s.issuance.issue(s.set, E18 + 1, s.stranger, by=s.stranger, reverts=allowance)
    s.issuance.issue(s.set, E18, ZERO, by=s.stranger, reverts="ERC20: mint to the zero address")
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger)
    s.issuance.issue(s.set, 10**30, s.issuer, by=s.issuer, reverts=balance)


@scenario
def refuses_to_redeem(s: Stage) -> None:
    """Check the SetToken, then the quantity, then the balance, then each component in turn."""
    started(s)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    zero = "Redeem quantity must be > 0"
    burn = "ERC20: burn amount exceeds balance"
    for unknown in (s.stranger, s.usdc, s.controller, ZERO):
        s.issuance.redeem(unknown, 0, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.issuance.redeem(s.set, 0, s.issuer, by=s.issuer, reverts=zero)
    s.issuance.redeem(s.set, 0, ZERO, by=s.stranger, reverts=zero)
    s.issuance.redeem(s.set, 1, s.stranger, by=s.stranger, reverts=burn)
    s.issuance.redeem(s.set, E18 + 1, ZERO, by=s.issuer, reverts=burn)
    s.issuance.redeem(s.set, MAX_UINT, s.issuer, by=s.issuer, reverts=burn)
    nobody = "ERC20: transfer to the zero address"
    s.issuance.redeem(s.set, E18, ZERO, by=s.issuer, reverts=nobody)
    s.issuance.redeem(s.set, 1, ZERO, by=s.issuer, reverts=nobody)
    s.issuance.redeem(s.set, E18, s.set, by=s.issuer, reverts="Invalid post transfer balance")
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 1, s.issuer, by=s.issuer, reverts=burn)


@scenario
def takes_no_ether_and_no_malformed_call(s: Stage) -> None:
    """Refuse ether, unknown functions, cut and dirty arguments; take what is too long."""
    started(s)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, value=1, reverts="")
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, value=1, reverts="")
    s.issuance.initialize(s.set, ZERO, by=s.manager, value=1, reverts="")
    s.issuance.removeModule(by=s.manager, value=1, reverts="")
    s.send_raw(s.issuance, b"", by=s.issuer, reverts="")
    s.send_raw(s.issuance, b"", by=s.issuer, value=1, reverts="")
    s.send_raw(s.issuance, b"\x01\x02\x03\x04", by=s.issuer, reverts="")
    call = s.issuance.issue.data(s.set, E18, s.issuer)
    s.send_raw(s.issuance, call[:-1], by=s.issuer, reverts="")
    s.send_raw(s.issuance, call[:4] + b"\x01" + call[5:], by=s.issuer, reverts="")
    s.send_raw(s.issuance, call[:68] + b"\x01" + call[69:], by=s.issuer, reverts="")
    s.send_raw(s.issuance, call + b"\x01", by=s.issuer)


@scenario
def set_of_no_controller_is_refused(s: Stage) -> None:
    """Take the SetToken from the controller: its holders are locked in until it comes back."""
    started(s)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.controller.removeSet(s.set, by=s.owner)
    s.issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=NOT_INITIALIZED)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=NOT_INITIALIZED)
    s.controller.addFactory(s.owner, by=s.owner)
    s.controller.addSet(s.set, by=s.owner)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)


@scenario
def disabled_module_is_refused(s: Stage) -> None:
    """Disable the module at the controller: minting and burning fail, in their turn."""
    started(s)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.controller.removeModule(s.issuance, by=s.owner)
    disabled = "Module must be enabled on controller"
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    s.issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts="Issue quantity must be > 0")
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=disabled)
    s.issuance.issue(s.set, E18, ZERO, by=s.issuer, reverts=disabled)
    poor = "ERC20: transfer amount exceeds balance"
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger, reverts=poor)
    s.issuance.redeem(s.set, 0, s.issuer, by=s.issuer, reverts="Redeem quantity must be > 0")
    s.issuance.redeem(s.set, 2 * E18, s.issuer, by=s.issuer, reverts=disabled)
    s.set.lock(by=s.module)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=disabled)
    s.set.unlock(by=s.module)
    s.controller.addModule(s.issuance, by=s.owner)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)


@scenario
def disabled_module_still_initializes(s: Stage) -> None:
    """Initialise a pending module that the controller no longer knows."""
    created(s)
    s.controller.removeModule(s.issuance, by=s.owner)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    disabled = "Module must be enabled on controller"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=disabled)


@scenario
def locked_set_is_refused(s: Stage) -> None:
    """Lock the SetToken: minting and burning fail, in their turn; the locker may do both."""
    started(s)
    s.issuance.issue(s.set, 5 * E18, s.issuer, by=s.issuer)
    s.set.lock(by=s.module)
    locked = "When locked, only the locker can call"
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=locked)
    s.issuance.issue(
        s.set, E18, ZERO, by=s.module, reverts="ERC20: transfer amount exceeds balance"
    )
    s.issuance.issue(s.set, E18, ZERO, by=s.issuer, reverts=locked)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=locked)
    s.issuance.redeem(s.set, 9 * E18, ZERO, by=s.issuer, reverts=locked)
    s.set.mint(s.heir, E18, by=s.module)
    s.set.burn(s.issuer, E18, by=s.module)
    s.set.unlock(by=s.module)
    s.issuance.redeem(s.set, 4 * E18, s.issuer, by=s.issuer)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
