"""NAV issuance modules of Set V2 on both SetTokens, with oracles, premium, fees and ether."""

from collections.abc import Callable, Sequence
from typing import Any

from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.world import set_v2

MODULES = "protocol/modules"
KINDS = {
    "default": f"{MODULES}/NAVIssuanceModule.sol/NavIssuanceModule",
    "custom": f"{MODULES}/CustomOracleNAVIssuanceModule.sol/CustomOracleNavIssuanceModule",
}
"""Both modules; the second may ask a valuer of its own."""

PRICES = {"usdc": E18, "dai": E18 * 99 // 100, "weth": 2_500 * E18, "wbtc": 56_000 * E18 + 1}
YEAR = 365 * 24 * 3600
REFUSED = "New multiplier too large"


def plugged(s: Stage, kind: str) -> None:
    """Deploy the module, oracles in USDC, and the valuer of the controller."""
    plug(s, "nav", KINDS[kind], s.weth)
    oracles = [
        s.deploy(f"oracle_{name}", set_v2("mocks/OracleMock"), price)
        for name, price in PRICES.items()
    ]
    quoted = [getattr(s, name) for name in PRICES]
    arguments = (s.usdc, [], quoted, [s.usdc] * len(quoted), oracles)
    oracle = s.deploy("prices", set_v2("protocol/PriceOracle"), s.controller, *arguments)
    valuer = s.deploy("valuer", set_v2("protocol/SetValuer"), s.controller)
    s.controller.addResource(oracle, 1, by=s.owner)
    s.controller.addResource(valuer, 2, by=s.owner)


def settings(
    kind: str,
    assets: Sequence[Any],
    *,
    hooks: Sequence[Any] = (ZERO, ZERO),
    valuer: Any = ZERO,
    recipient: Any = ZERO,
    fees: Sequence[int] = (10**16, 2 * 10**16),
    most: int = 5 * 10**16,
    premium: int = 10**15,
    most_premium: int = 10**16,
    least_supply: int = 10 * E18,
) -> tuple[Any, ...]:
    """Return what the module is initialised with; only one of the two names a valuer."""
    valuers = () if kind == "default" else (valuer,)
    numbers = (list(fees), most, premium, most_premium, least_supply)
    return (*hooks, *valuers, list(assets), recipient, *numbers)


def started(s: Stage, kind: str, **more: Any) -> None:
    """Issue 100 of a SetToken that is issued for USDC and WETH by its value."""
    plugged(s, kind)
    modules = [s.issuance, s.streaming_fee, s.nav, s.module]
    s.create([s.usdc, s.dai, s.weth], [40 * 10**6, 30 * E18, E18 // 50], modules)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.set.initializeModule(by=s.module)
    more = {"recipient": s.heir} | more
    s.nav.initialize(s.set, settings(kind, [s.usdc, s.weth], **more), by=s.manager)
    for share, fee in enumerate((10**17, 2 * 10**17, 10**15, 2 * 10**15)):
        s.controller.addFee(s.nav, share, fee, by=s.owner)
    for token, amount in (("usdc", 10**15), ("dai", 10**24), ("weth", 10**21)):
        s.supply(s.issuer, s.issuance, [token], amount)
        getattr(s, token).approve(s.nav, 10**30, by=s.issuer)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)


def of_both_kinds(play: Callable[[Stage, str], None]) -> None:
    """Register a play for each of the two modules."""
    for kind in KINDS:

        def one(s: Stage, kind: str = kind) -> None:
            play(s, kind)

        one.__module__, one.__doc__ = play.__module__, play.__doc__
        one.__name__ = f"{play.__name__}_by_{kind}"
        scenario(one)


@of_both_kinds
def issues_by_value(s: Stage, kind: str) -> None:
    """Issue for USDC and WETH; the multiplier falls as the supply grows."""
    started(s, kind)
    s.valuer.calculateSetTokenValuation(s.set, s.usdc)
    s.valuer.calculateSetTokenValuation(s.set, s.weth)
    for asset, quantity in ((s.usdc, 1_000 * 10**6 + 1), (s.weth, E18 // 7), (s.usdc, 10**6)):
        expected = s.nav.getExpectedSetTokenIssueQuantity(s.set, asset, quantity)
        s.nav.isIssueValid(s.set, asset, quantity)
        arguments = (s.set, asset, quantity, expected, s.keeper)
        s.nav.issue(*arguments, by=s.issuer)
    s.oracle_weth.updatePrice(2_000 * E18, by=s.owner)
    s.nav.issue(s.set, s.weth, 3 * E18, 0, s.keeper, by=s.issuer)
    s.issuance.redeem(s.set, 7 * E18 + 1, s.heir, by=s.keeper)


@of_both_kinds
def issues_for_ether(s: Stage, kind: str) -> None:
    """Issue for ether; the module wraps it and pays the fees in WETH."""
    started(s, kind)
    s.nav.issueWithEther(s.set, 0, s.keeper, by=s.issuer, value=E18 // 3)
    s.nav.issueWithEther(s.set, E18, s.keeper, by=s.issuer, value=3 * E18 + 1)
    arguments = (s.set, 10**24, s.keeper)
    reason = "Must be greater than min SetToken"
    s.nav.issueWithEther(*arguments, by=s.issuer, value=E18, reverts=reason)
    reason = "Quantity must be > 0"
    s.nav.issueWithEther(*arguments, by=s.issuer, value=0, reverts=reason)
    s.nav.removeReserveAsset(s.set, s.weth, by=s.manager)
    reason = "Must be valid reserve asset"
    s.nav.issueWithEther(*arguments, by=s.issuer, value=E18, reverts=reason)
    s.weth.balanceOf(s.nav)


@of_both_kinds
def cannot_be_redeemed_by_value(s: Stage, kind: str) -> None:
    """D-01: redemption by value raises the multiplier, whatever was issued before."""
    started(s, kind)
    with s.aside():
        arguments = (s.set, s.usdc, 10 * E18, 1, s.heir)
        s.nav.redeem(*arguments, by=s.issuer, ours=REFUSED, differs="D-01")
    with s.aside():
        arguments = (s.set, E18, 1, s.heir)
        s.nav.redeemIntoEther(*arguments, by=s.issuer, ours=REFUSED, differs="D-01")
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.issuer, by=s.issuer)
    s.nav.getExpectedReserveRedeemQuantity(s.set, s.usdc, E18)
    s.nav.isRedeemValid(s.set, s.usdc, E18)
    with s.aside():
        arguments = (s.set, s.usdc, E18, 1, s.heir)
        s.nav.redeem(*arguments, by=s.issuer, ours=REFUSED, differs="D-01")
    s.nav.redeem(s.set, s.usdc, 1, 0, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)


@of_both_kinds
def accrues_in_between(s: Stage, kind: str) -> None:
    """Issue by value between accruals: both lower the multiplier."""
    started(s, kind)
    for days in (1, 30, 365):
        s.nav.issue(s.set, s.usdc, 10**9 + days, 0, s.keeper, by=s.issuer)
        s.advance(days * 24 * 3600)
        s.streaming_fee.accrueFee(s.set, by=s.stranger)
        s.nav.issue(s.set, s.weth, 10**17 + days, 0, s.keeper, by=s.issuer)
    s.fund("dai", s.set, 10**6)
    s.fund("usdc", s.set, 10**3)
    s.fund("weth", s.set, 10**6)
    s.issuance.issue(s.set, 3 * E18, s.keeper, by=s.issuer)
    s.issuance.redeem(s.set, 5 * E18, s.keeper, by=s.keeper)


@of_both_kinds
def adds_a_reserve_that_was_no_component(s: Stage, kind: str) -> None:
    """Issue for a reserve asset that the SetToken does not hold yet: it becomes the last one."""
    started(s, kind)
    s.nav.addReserveAsset(s.set, s.wbtc, by=s.manager)
    s.supply(s.issuer, s.nav, ["wbtc"], 10**12)
    s.nav.issue(s.set, s.wbtc, 10**7 + 1, 0, s.issuer, by=s.issuer)
    s.nav.issue(s.set, s.wbtc, 1, 0, s.issuer, by=s.issuer)
    s.nav.getReserveAssets(s.set)
    s.nav.removeReserveAsset(s.set, s.usdc, by=s.manager)
    s.nav.getReserveAssets(s.set)
    s.supply(s.issuer, s.issuance, ["wbtc"], 10**12)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@of_both_kinds
def values_external_positions(s: Stage, kind: str) -> None:
    """Count deposits and debts of other modules in the value; a debt can exceed it."""
    started(s, kind)
    s.set.addExternalPositionModule(s.dai, s.module, by=s.module)
    s.set.editExternalPositionUnit(s.dai, s.module, -20 * E18, by=s.module)
    s.valuer.calculateSetTokenValuation(s.set, s.usdc)
    s.nav.issue(s.set, s.usdc, 10**9 + 1, 0, s.keeper, by=s.issuer)
    s.set.getExternalPositionRealUnit(s.dai, s.module)
    s.set.editExternalPositionUnit(s.dai, s.module, 5 * E18, by=s.module)
    s.nav.issue(s.set, s.usdc, 10**9 + 1, 0, s.keeper, by=s.issuer)
    s.set.editExternalPositionUnit(s.dai, s.module, -500 * E18, by=s.module)
    reason = "SafeCast: value must be positive"
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.keeper, by=s.issuer, reverts=reason)
    s.valuer.calculateSetTokenValuation(s.set, s.weth, reverts=reason)


@scenario
def asks_a_valuer_of_its_own(s: Stage) -> None:
    """Value the SetToken by what the manager chose, not by the controller's valuer."""
    valuer = s.deploy("own_valuer", set_v2("mocks/protocol/CustomSetValuerMock"))
    started(s, "custom", valuer=valuer)
    s.own_valuer.setValuation(s.usdc, 50 * E18, by=s.owner)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.keeper, by=s.issuer)
    s.own_valuer.setValuation(s.usdc, 500 * E18, by=s.owner)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.keeper, by=s.issuer)
    s.nav.issue(s.set, s.weth, E18, 0, s.keeper, by=s.issuer)
    s.controller.removeResource(2, by=s.owner)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.keeper, by=s.issuer)
    s.nav.navIssuanceSettings(s.set)
