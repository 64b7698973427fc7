"""IssuanceModule of Set V2, the second debt issuance by another name, among other modules."""

from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.starts import INDEX, index, rebalance

from indexkit.localnet.artifacts import artifact
from indexkit.localnet.protocols import ERC20


def joined(s: Stage, name: str, kind: str) -> None:
    """Add an issuance module to an index that the project's own modules serve already."""
    module = plug(s, name, kind)
    s.set.addModule(module, by=s.manager)
    module.initialize(s.set, 10**17, 3 * 10**15, 10**15, s.heir, ZERO, by=s.manager)
    for token in (*INDEX, "aave", "weth"):
        getattr(s, token).approve(module, 2**96 - 1, by=s.issuer)


@scenario
def joins_an_index_in_use(s: Stage) -> None:
    """Take over issuance from BasicIssuanceModule, and give it back."""
    index(s)
    joined(s, "issuer_module", "IssuanceModule")
    s.issuer_module.issue(s.set, 50 * E18 + 1, s.keeper, by=s.issuer)
    s.issuance.redeem(s.set, 20 * E18, s.keeper, by=s.keeper)
    s.issuance.issue(s.set, 10 * E18 + 3, s.issuer, by=s.issuer)
    s.issuer_module.redeem(s.set, 5 * E18, s.issuer, by=s.issuer)
    s.set.removeModule(s.issuer_module, by=s.manager)
    reason = "Must be a valid and initialized SetToken"
    s.issuer_module.issue(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.issuance.redeem(s.set, 7 * E18, s.issuer, by=s.issuer)


@scenario
def issues_during_a_rebalance(s: Stage) -> None:
    """Issue and redeem between the trades of a rebalance, with WETH as a component."""
    index(s)
    joined(s, "issuer_module", "IssuanceModule")
    rebalance(s, {"usdc": 20 * 10**6, "wbtc": 10**5, "gem": E18, "dai": 35 * E18})
    for name in ("usdc", "wbtc", "gem"):
        s.index_module.trade(getattr(s, name), by=s.trader)
        s.issuer_module.issue(s.set, 3 * E18 + 1, s.issuer, by=s.issuer)
        s.issuer_module.redeem(s.set, 2 * E18 + 1, s.heir, by=s.issuer)
    s.issuer_module.getRequiredComponentIssuanceUnits(s.set, E18)
    s.index_module.trade(s.dai, by=s.trader)
    s.issuer_module.redeem(s.set, 100 * E18, s.heir, by=s.issuer)


@scenario
def shares_a_set_with_a_second_issuance_module(s: Stage) -> None:
    """Issue by one, redeem by the other; each has fees of its own."""
    index(s)
    joined(s, "issuer_module", "IssuanceModule")
    joined(s, "first", "DebtIssuanceModule")
    s.controller.addFee(s.first, 0, 10**17, by=s.owner)
    s.first.updateIssueFee(s.set, 10**17, by=s.manager)
    for quantity in (1, E18 + 1, 33 * E18 + 7):
        s.first.issue(s.set, quantity, s.issuer, by=s.issuer)
        s.issuer_module.redeem(s.set, quantity, s.issuer, by=s.issuer)
        s.issuer_module.issue(s.set, quantity, s.issuer, by=s.issuer)
        s.first.redeem(s.set, quantity, s.issuer, by=s.issuer)
    s.advance(10**7)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.first.redeem(s.set, 44 * E18, s.issuer, by=s.issuer)


@scenario
def issues_many_components(s: Stage) -> None:
    """Issue and redeem 40 components, each with units of its own."""
    code = artifact(ERC20)
    tokens = [
        s.deploy(f"many_{i}", code, s.issuer, 10**30, f"Many {i}", f"M{i}", i % 19)
        for i in range(40)
    ]
    module = plug(s, "issuer_module", "IssuanceModule")
    s.create(tokens, [10 ** (i % 19) + i for i in range(40)], [module, s.streaming_fee])
    module.initialize(s.set, 10**17, 10**16, 10**16, s.heir, ZERO, by=s.manager)
    for token in tokens:
        token.approve(module, MAX_UINT, by=s.issuer)
    module.issue(s.set, 3 * E18 + 11, s.issuer, by=s.issuer)
    module.getRequiredComponentIssuanceUnits(s.set, E18)
    module.redeem(s.set, E18 + 1, s.heir, by=s.issuer)
    module.getRequiredComponentRedemptionUnits(s.set, E18)
    for token in tokens:
        token.balanceOf(s.set)
