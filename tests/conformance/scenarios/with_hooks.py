"""A manager's hook that makes original modules work on our SetToken while somebody issues."""

from twins.guests import MONTH, approved, register
from twins.linking import plug
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

UNITS = {"usdc": 10**6, "dai": 10 * E18}


def hooked(s: Stage, *, by_debt: bool = False) -> None:
    """Create a SetToken of a hook that is manager and hook, with airdrops, claims and wrapping."""
    hook = s.deploy("hook", mock("IssuanceHook"))
    plug(s, "debt_issuance", "DebtIssuanceModule")
    plug(s, "airdrops", "AirdropModule")
    plug(s, "claims", "ClaimModule")
    plug(s, "wrapping", "WrapModule", s.weth)
    register(s, s.claims, "Mock", s.deploy("reward", set_v2("mocks/integrations/ClaimAdapterMock")))
    register(s, s.wrapping, "Mock", s.deploy("wrap", set_v2("mocks/integrations/WrapAdapterMock")))
    modules = [s.issuance, s.debt_issuance, s.streaming_fee, s.airdrops, s.claims, s.wrapping]
    s.create([getattr(s, name) for name in UNITS], list(UNITS.values()), modules)
    s.issuance.initialize(s.set, ZERO if by_debt else hook, by=s.manager)
    more = (E18 // 10, E18 // 100, 0, s.heir, hook if by_debt else ZERO)
    s.debt_issuance.initialize(s.set, *more, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.airdrops.initialize(s.set, ([s.dai, s.reward], s.heir, E18 // 10, True), by=s.manager)
    s.claims.initialize(s.set, True, [s.keeper], ["Mock"], by=s.manager)
    s.wrapping.initialize(s.set, by=s.manager)
    s.supply(s.issuer, s.issuance, list(UNITS), 10**23)
    for token in (s.usdc, s.dai):
        approved(s, token, s.issuer, s.debt_issuance)
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.advance(MONTH)
    s.fund("dai", s.set, 7 * E18)
    s.reward.setRewards(5 * E18, by=s.owner)


def issues(s: Stage, module: Handle, reverts: str | None = None) -> None:
    """Issue, look, and redeem by BasicIssuanceModule."""
    module.issue(s.set, E18 + 1, s.heir, by=s.issuer, reverts=reverts)
    s.set.getPositions()
    s.issuance.redeem(s.set, E18, s.stranger, by=s.issuer)


@scenario
def accrues_before_issuing(s: Stage) -> None:
    """Pay the streaming fee in the hook: the issuer pays the units after it."""
    hooked(s)
    s.hook.callFirst(s.streaming_fee, s.streaming_fee.accrueFee.data(s.set), by=s.owner)
    issues(s, s.issuance)
    issues(s, s.issuance)


@scenario
def accrues_before_debt_issuance(s: Stage) -> None:
    """Pay the streaming fee in the hook of Set V2's DebtIssuanceModule."""
    hooked(s, by_debt=True)
    s.hook.callFirst(s.streaming_fee, s.streaming_fee.accrueFee.data(s.set), by=s.owner)
    issues(s, s.debt_issuance)


@scenario
def absorbs_before_issuing(s: Stage) -> None:
    """Absorb an airdrop in the hook, so that the issuer pays for it."""
    hooked(s)
    s.hook.callFirst(s.airdrops, s.airdrops.absorb.data(s.set, s.dai), by=s.owner)
    issues(s, s.issuance)


@scenario
def claims_before_issuing(s: Stage) -> None:
    """Claim a reward in the hook; it becomes a unit only when it is absorbed."""
    hooked(s)
    s.hook.callFirst(s.claims, s.claims.claim.data(s.set, s.keeper, "Mock"), by=s.owner)
    issues(s, s.issuance)
    s.airdrops.absorb(s.set, s.reward, by=s.stranger)
    s.set.getPositions()


@scenario
def wraps_before_issuing(s: Stage) -> None:
    """Wrap in the hook as the manager; the issuer lacks the wrapped token, then has it."""
    hooked(s)
    s.set.setManager(s.hook, by=s.manager)
    data = s.wrapping.wrap.data(s.set, s.dai, s.wrap, 10 * E18, "Mock")
    s.hook.callFirst(s.wrapping, data, by=s.owner)
    s.issuance.issue(
        s.set,
        E18,
        s.heir,
        by=s.issuer,
        reverts="ERC20: transfer amount exceeds balance",
    )
    approved(s, s.dai, s.issuer, s.wrap)
    s.wrap.deposit(s.dai, 10**21, by=s.issuer)
    approved(s, s.wrap, s.issuer, s.issuance)
    issues(s, s.issuance)
    issues(s, s.issuance, reverts="Target default position must be component")


@scenario
def issues_in_the_hook_by_another_module(s: Stage) -> None:
    """Issue by DebtIssuanceModule inside the hook of BasicIssuanceModule: both at one unit."""
    hooked(s)
    for token in ("usdc", "dai"):
        s.fund(token, s.hook, 10**20)
        token_handle = getattr(s, token)
        token_handle.approve(s.debt_issuance, 2**256 - 1, by=s.hook.address)
    data = s.debt_issuance.issue.data(s.set, E18, s.stranger)
    s.hook.callFirst(s.debt_issuance, data, by=s.owner)
    issues(s, s.issuance)
