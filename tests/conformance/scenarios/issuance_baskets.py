"""BasicIssuanceModule: baskets and supplies at the edge of what a SetToken can be."""

from twins.scenario import scenario
from twins.stage import E18, LARGEST_SUPPLY, MAX_UINT, ZERO, Stage
from twins.world import set_v2

from scenarios.issuance import UNITS, started


@scenario
def forty_components(s: Stage) -> None:
    """Pay and be paid forty components of three kinds of decimals."""
    tokens = []
    for i in range(40):
        decimals = (6, 8, 18)[i % 3]
        arguments = (s.issuer, 10**40, f"Token {i}", f"T{i}", decimals)
        token = s.deploy(f"token_{i}", set_v2("mocks/StandardTokenMock"), *arguments)
        token.approve(s.issuance, MAX_UINT, by=s.issuer)
        tokens.append(token)
    s.create(tokens, [(i + 1) * 10 ** (i % 19) for i in range(40)], [s.issuance])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    for amount in (1, E18 // 7, 3 * E18):
        s.issuance.getRequiredComponentUnitsForIssue(s.set, amount)
        s.issuance.issue(s.set, amount, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18 // 7 + 1, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, 3 * E18, s.heir, by=s.issuer)
    for token in tokens:
        token.balanceOf(s.set)
        token.balanceOf(s.heir)
    s.set.getPositions()


@scenario
def no_components(s: Stage) -> None:
    """Issue and redeem for nothing, up to what a supply can be; D-35: ours can be less."""
    started(s)
    for name in ("usdc", "dai", "wbtc"):
        s.set.removeComponent(getattr(s, name), by=s.module)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, MAX_UINT)
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger)
    overflow = "SafeMath: addition overflow"
    s.issuance.issue(s.set, MAX_UINT, s.issuer, by=s.issuer, reverts=overflow)
    s.issuance.issue(s.set, LARGEST_SUPPLY - E18, s.issuer, by=s.issuer)
    with s.aside():
        s.issuance.issue(s.set, 1, s.issuer, by=s.issuer, ours=overflow, differs="D-35")
    s.issuance.issue(s.set, 1, ZERO, by=s.issuer, reverts="ERC20: mint to the zero address")
    s.issuance.redeem(s.set, LARGEST_SUPPLY - E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18, ZERO, by=s.stranger)


@scenario
def units_of_zero(s: Stage) -> None:
    """Neither charge nor pay a listed component whose unit is 0, nor one that left the list."""
    started(s)
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.set.editDefaultPositionUnit(s.wbtc, 0, by=s.module)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.set.removeComponent(s.usdc, by=s.module)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.set.addComponent(s.usdc, by=s.module)
    s.set.editDefaultPositionUnit(s.wbtc, 1, by=s.module)
    s.issuance.issue(s.set, E18 + 1, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 2 * E18, s.issuer, by=s.issuer)


@scenario
def quantities_overflow(s: Stage) -> None:
    """Refuse what no number can hold; D-28: ours names an earlier component's failed transfer."""
    started(s, {"usdc": 1, "dai": 10**18})
    overflow = "SafeMath: multiplication overflow"
    poor = "ERC20: transfer amount exceeds balance"
    for amount in (MAX_UINT, MAX_UINT // E18 + 1):
        s.issuance.getRequiredComponentUnitsForIssue(s.set, amount, reverts=overflow)
        s.issuance.issue(
            s.set, amount, ZERO, by=s.issuer, reverts=overflow, ours=poor, differs="D-28"
        )
    s.issuance.getRequiredComponentUnitsForIssue(s.set, MAX_UINT // E18)
    s.issuance.issue(s.set, MAX_UINT // E18, s.issuer, by=s.issuer, reverts=poor)
    s.set.mint(s.issuer, LARGEST_SUPPLY, by=s.module)
    s.issuance.redeem(s.set, LARGEST_SUPPLY, s.issuer, by=s.issuer, reverts=poor)
    s.set.removeComponent(s.usdc, by=s.module)
    s.issuance.redeem(s.set, LARGEST_SUPPLY, s.issuer, by=s.issuer, reverts=poor)
    s.set.editDefaultPositionUnit(s.dai, 2**140, by=s.module)
    s.issuance.issue(s.set, 2**127, s.issuer, by=s.issuer, reverts=overflow)
    s.issuance.redeem(s.set, 2**127, s.issuer, by=s.issuer, reverts=overflow)


@scenario
def donations_stay(s: Stage) -> None:
    """Give components, other tokens and ether to the SetToken: units count, not balances."""
    started(s)
    s.issuance.issue(s.set, 3 * E18, s.issuer, by=s.issuer)
    for name in (*UNITS, "gem"):
        s.fund(name, s.set, 12_345)
    s.send_raw(s.set, b"", by=s.stranger, value=E18)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.issue(s.set, E18 // 3, s.issuer, by=s.issuer)
    s.set.transfer(s.set, E18 // 3, by=s.issuer)
    s.issuance.redeem(s.set, 2 * E18, s.issuer, by=s.issuer)
    s.set.burn(s.set, E18 // 3, by=s.module)
    s.set.totalSupply()


@scenario
def shortfall_refuses_the_last(s: Stage) -> None:
    """Take part of a component away: who comes late is refused in the token's words."""
    started(s)
    s.issuance.issue(s.set, 3 * E18, s.issuer, by=s.issuer)
    s.set.invoke(s.dai, 0, s.dai.transfer.data(s.module, 1), by=s.module)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    poor = "ERC20: transfer amount exceeds balance"
    s.issuance.redeem(s.set, 2 * E18, s.issuer, by=s.issuer, reverts=poor)
    s.issuance.redeem(s.set, 2 * E18 - 1, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 1, s.issuer, by=s.issuer, reverts=poor)
    s.fund("dai", s.set, 1)
    s.issuance.redeem(s.set, 1, s.issuer, by=s.issuer)


@scenario
def wrapped_ether(s: Stage) -> None:
    """Take and pay WETH, which gives no reason when it refuses."""
    started(s, {"weth": E18 // 100, "dai": E18})
    s.issuance.issue(s.set, 5 * E18 + 1, s.issuer, by=s.issuer)
    low = "SafeERC20: low-level call failed"
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger, reverts=low)
    s.set.invoke(s.weth, 0, s.weth.withdraw.data(E18 // 100), by=s.module)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    empty = "Address: low-level call with value failed"
    s.issuance.redeem(s.set, 4 * E18, s.heir, by=s.issuer, reverts=empty)


@scenario
def set_may_hold_sets(s: Stage) -> None:
    """Issue a SetToken of a SetToken, and one that is a component of itself."""
    started(s)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)
    s.create([s.set, s.dai], [E18 // 2, 3], [s.issuance, s.module], called="fund_of_funds")
    s.issuance.initialize(s.fund_of_funds, ZERO, by=s.manager)
    poor = "ERC20: transfer amount exceeds balance"
    no_allowance = "ERC20: transfer amount exceeds allowance"
    s.issuance.issue(s.fund_of_funds, E18, s.issuer, by=s.issuer, reverts=no_allowance)
    s.set.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.issuance.issue(s.fund_of_funds, 10 * E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.fund_of_funds, 3 * E18, s.heir, by=s.issuer)
    s.set.addComponent(s.set, by=s.module)
    s.set.editDefaultPositionUnit(s.set, E18 // 10, by=s.module)
    s.issuance.issue(s.set, E18, s.stranger, by=s.stranger, reverts=poor)
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 5 * E18, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, 20 * E18, s.heir, by=s.issuer, reverts=poor)


@scenario
def component_without_code(s: Stage) -> None:
    """List an account as a component: nobody issues; whoever redeems nothing of it may."""
    started(s)
    s.issuance.issue(s.set, 3 * E18, s.issuer, by=s.issuer)
    s.set.addComponent(s.stranger, by=s.module)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.set.editDefaultPositionUnit(s.stranger, 1, by=s.module)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    s.issuance.issue(s.set, 1, s.issuer, by=s.issuer, reverts="")
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts="")
    s.issuance.redeem(s.set, E18 - 1, s.issuer, by=s.issuer)


@scenario
def two_issuance_modules(s: Stage) -> None:
    """Issue through one module and redeem through another; both hold the same rules."""
    started(s)
    second = s.put("second_issuance", "BasicIssuanceModule", s.controller)
    s.set.addModule(second, by=s.manager, reverts="Must be enabled on Controller")
    s.controller.addModule(second, by=s.owner)
    s.set.addModule(second, by=s.manager)
    second.initialize(s.set, s.heir, by=s.manager)
    s.issuance.managerIssuanceHook(s.set)
    second.managerIssuanceHook(s.set)
    s.issuance.issue(s.set, 3 * E18, s.issuer, by=s.issuer)
    second.redeem(s.set, E18, s.issuer, by=s.issuer)
    second.issue(s.set, E18, s.issuer, by=s.issuer, reverts="")


@scenario
def units_change_between_issue_and_redeem(s: Stage) -> None:
    """Raise and lower units and the multiplier: what is asked and paid follows."""
    started(s)
    s.issuance.issue(s.set, 7 * E18, s.issuer, by=s.issuer)
    for multiplier in (E18 - 1, 10**17 + 3, 10**13):
        s.set.editPositionMultiplier(multiplier, by=s.module)
        s.issuance.getRequiredComponentUnitsForIssue(s.set, 10**17 + 1)
        s.issuance.redeem(s.set, 10**17 + 1, s.issuer, by=s.issuer)
        s.issuance.issue(s.set, 10**17 + 1, s.issuer, by=s.issuer)
    s.set.editDefaultPositionUnit(s.dai, 31 * E18, by=s.module)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    poor = "ERC20: transfer amount exceeds balance"
    s.issuance.redeem(s.set, 7 * E18, s.issuer, by=s.issuer, reverts=poor)
