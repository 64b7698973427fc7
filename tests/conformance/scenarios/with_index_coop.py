"""What Index Coop ran DPI with, on our SetToken and modules: its managers, extensions and hooks."""

from twins.guests import MONTH, approved, register
from twins.index_house import NOT_METHODOLOGIST, NOT_OPERATOR, house, index_coop
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.starts import INDEX
from twins.world import set_v2

NOT_AUTHORIZED = "Must be authorized address"


def with_manager(s: Stage) -> None:
    """Give an index to ICManager: the keeper operates it, the heir is its methodologist."""
    house(s)
    split = 7 * E18 // 10
    roles = (s.keeper, s.heir, split)
    artifact = index_coop("manager/ICManager")
    s.deploy("ic", artifact, s.set, s.index_module, s.streaming_fee, *roles)
    s.streaming_fee.initialize(s.set, (s.ic, 10**17, 2 * 10**16, 0), by=s.manager)
    s.set.setManager(s.ic, by=s.manager)


def ready_to_trade(s: Stage) -> None:
    """Let the operator set exchanges, trade sizes, pauses and the trader."""
    tokens = [getattr(s, name) for name in (*INDEX, "aave")]
    s.ic.setAssetExchanges(tokens, [1, 2, 1, 3, 1, 2], by=s.keeper)
    s.ic.setTradeMaximums(tokens, [10**30] * len(tokens), by=s.keeper)
    s.ic.setCoolOffPeriods(tokens, [60] * len(tokens), by=s.keeper)
    s.ic.updateTraderStatus([s.trader], [True], by=s.keeper)


def start(s: Stage, targets: list[int], reverts: str | None = None, by: str = "keeper") -> None:
    """Start a rebalance by the manager contract."""
    multiplier = s.set.positionMultiplier()
    sender = getattr(s, by)
    new = [s.aave], [3 * E18 // 10]
    s.ic.startRebalance(*new, targets, multiplier, by=sender, reverts=reverts)


TARGETS = [20 * 10**6, 10**5, 40 * E18, E18, E18]


@scenario
def operator_rebalances(s: Stage) -> None:
    """Rebalance by ICManager and trade; a fee is distributed before, between and after."""
    with_manager(s)
    ready_to_trade(s)
    s.advance(MONTH)
    s.ic.accrueFeeAndDistribute(by=s.stranger)
    start(s, TARGETS, NOT_OPERATOR, "stranger")
    start(s, TARGETS)
    for name in ("usdc", "wbtc", "gem"):
        s.index_module.trade(getattr(s, name), by=s.trader)
    s.ic.setTradeMaximums([s.aave], [5 * E18], by=s.keeper)
    for name in ("dai", "uni", "aave"):
        s.index_module.trade(getattr(s, name), by=s.trader)
    s.index_module.trade(s.aave, by=s.trader, reverts="Cool off period has not elapsed.")
    s.advance(60)
    s.index_module.trade(s.stranger, by=s.stranger, reverts="Address not permitted to trade")
    s.ic.updateAnyoneTrade(True, by=s.keeper)
    s.index_module.trade(s.aave, by=s.issuer)
    s.supply(s.issuer, s.issuance, ["weth"], 10**21)
    s.issuance.issue(s.set, 7 * E18, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    s.set.getPositions()


@scenario
def fees_are_shared(s: Stage) -> None:
    """Distribute fees, change the split by two signatures and the fee with a delay."""
    with_manager(s)
    s.advance(MONTH)
    s.ic.accrueFeeAndDistribute(by=s.stranger)
    s.ic.updateFeeSplit(E18 + 1, by=s.stranger, reverts=NOT_AUTHORIZED)
    s.ic.updateFeeSplit(E18 // 2, by=s.keeper)
    s.ic.operatorFeeSplit()
    s.ic.updateFeeSplit(E18 // 2, by=s.heir)
    s.ic.operatorFeeSplit()
    s.ic.setTimeLockPeriod(7 * 24 * 3600, by=s.keeper)
    s.ic.setTimeLockPeriod(7 * 24 * 3600, by=s.heir)
    s.ic.updateStreamingFee(10**16, by=s.keeper)
    s.ic.updateStreamingFee(10**16, by=s.heir, reverts=TOO_EARLY)
    s.advance(8 * 24 * 3600)
    s.ic.updateStreamingFee(10**16, by=s.keeper, reverts=NOT_METHODOLOGIST)
    s.ic.updateStreamingFee(10**16, by=s.heir)
    s.ic.updateStreamingFee(2 * 10**17, by=s.heir)
    s.advance(8 * 24 * 3600)
    s.ic.updateStreamingFee(2 * 10**17, by=s.heir, reverts="Fee must be less than max")
    s.ic.accrueFeeAndDistribute(by=s.stranger)


TOO_EARLY = "TimeLockUpgrade: Time lock period must have elapsed."


@scenario
def fee_recipient_changes_after_an_accrual(s: Stage) -> None:
    """Change the recipient by two signatures; what was earned stays with the manager (V-10)."""
    with_manager(s)
    s.advance(MONTH)
    s.ic.updateFeeRecipient(s.stranger, by=s.keeper)
    with s.aside():
        s.ic.updateFeeRecipient(s.stranger, by=s.heir, differs="V-10")
    s.ic.accrueFeeAndDistribute(by=s.stranger)


@scenario
def operator_changes_modules_and_votes(s: Stage) -> None:
    """Add and remove modules and delegate votes; the fee module is out of the operator's reach."""
    with_manager(s)
    data = s.governance.delegate.data(s.set, "UniswapGovernance", s.heir)
    s.ic.interactModule(s.governance, data, by=s.stranger, reverts=NOT_OPERATOR)
    s.ic.interactModule(s.governance, data, by=s.keeper)
    fee = s.streaming_fee.updateStreamingFee.data(s.set, 1)
    s.ic.interactModule(s.streaming_fee, fee, by=s.keeper, reverts="Must not be fee module")
    s.ic.addModule(s.stranger, by=s.keeper, reverts="Must be enabled on Controller")
    s.ic.addModule(s.module, by=s.stranger, reverts=NOT_OPERATOR)
    s.ic.addModule(s.module, by=s.keeper)
    s.set.initializeModule(by=s.module)
    s.ic.removeModule(s.governance, by=s.keeper)
    s.ic.interactModule(s.governance, data, by=s.keeper, reverts=NOT_INITIALIZED)
    s.ic.updateManager(s.owner, by=s.stranger, reverts=NOT_AUTHORIZED)
    s.ic.updateManager(s.owner, by=s.heir)
    s.set.manager()
    s.ic.updateManager(s.owner, by=s.keeper)
    s.set.manager()
    start(s, TARGETS, "Must be the SetToken manager")


NOT_INITIALIZED = "Must be a valid and initialized SetToken"


def with_base_manager(s: Stage) -> None:
    """Give an index to BaseManager with all its extensions that our modules can serve."""
    house(s)
    s.deploy("base", index_coop("manager/BaseManager"), s.set, s.keeper, s.heir)
    split = (s.base, s.streaming_fee, 7 * E18 // 10)
    s.deploy("split", index_coop("adapters/StreamingFeeSplitExtension"), *split)
    s.deploy("votes", index_coop("adapters/GovernanceAdapter"), s.base, s.governance)
    s.streaming_fee.initialize(s.set, (s.base, 10**17, 2 * 10**16, 0), by=s.manager)
    s.set.setManager(s.base, by=s.manager)
    for extension in (s.split, s.votes):
        s.base.addAdapter(extension, by=s.keeper)


@scenario
def extension_shares_fees(s: Stage) -> None:
    """Accrue, share, and change fee and split by StreamingFeeSplitExtension."""
    with_base_manager(s)
    s.advance(MONTH)
    s.split.accrueFeesAndDistribute(by=s.stranger)
    s.set.balanceOf(s.keeper)
    s.split.updateStreamingFee(10**16, by=s.stranger, reverts=NOT_OPERATOR)
    s.split.updateStreamingFee(10**16, by=s.keeper)
    s.advance(MONTH)
    s.split.updateFeeSplit(E18 + 1, by=s.keeper, reverts="Fee must be less than 100%")
    s.split.updateFeeSplit(E18, by=s.keeper)
    s.advance(MONTH)
    s.split.accrueFeesAndDistribute(by=s.stranger)
    s.set.balanceOf(s.keeper)
    s.base.removeAdapter(s.split, by=s.keeper)
    s.split.accrueFeesAndDistribute(by=s.stranger, reverts="Must be adapter")
    s.base.setManager(s.owner, by=s.keeper)
    s.set.manager()


@scenario
def adapter_shares_fees_of_issuance_too(s: Stage) -> None:
    """Accrue and share by FeeSplitAdapter, with the fees of Set V2's DebtIssuanceModule."""
    plug(s, "debt_issuance", "DebtIssuanceModule")
    with_base_manager(s)
    split = (s.base, s.streaming_fee, s.debt_issuance, E18 // 3)
    s.deploy("fees", index_coop("adapters/FeeSplitAdapter"), *split)
    s.base.setManager(s.manager, by=s.keeper)
    s.set.addModule(s.debt_issuance, by=s.manager)
    rates = (E18 // 10, E18 // 100, E18 // 50, s.base, ZERO)
    s.debt_issuance.initialize(s.set, *rates, by=s.manager)
    s.set.setManager(s.base, by=s.manager)
    s.base.addAdapter(s.fees, by=s.keeper)
    for name in INDEX:
        approved(s, getattr(s, name), s.issuer, s.debt_issuance)
    s.debt_issuance.issue(s.set, 10 * E18, s.trader, by=s.issuer)
    s.debt_issuance.redeem(s.set, 3 * E18, s.trader, by=s.trader)
    s.advance(MONTH)
    s.fees.accrueFeesAndDistribute(by=s.stranger)
    s.fees.updateIssueFee(E18 // 200, by=s.keeper)
    s.fees.updateRedeemFee(E18 // 200, by=s.keeper)
    s.fees.updateStreamingFee(10**16, by=s.keeper)
    s.fees.updateRedeemFee(1, by=s.stranger, reverts=NOT_OPERATOR)
    s.debt_issuance.issue(s.set, 10 * E18, s.trader, by=s.issuer)
    s.advance(MONTH)
    s.fees.updateFeeSplit(E18, by=s.keeper)
    with s.aside():
        s.fees.updateFeeRecipient(s.heir, by=s.keeper, differs="V-10")


@scenario
def extension_votes(s: Stage) -> None:
    """Register, delegate and revoke by GovernanceAdapter, as an allowed caller."""
    with_base_manager(s)
    name, not_permitted = "UniswapGovernance", "Address not permitted to call"
    s.votes.delegate(name, s.heir, by=s.keeper, reverts=not_permitted)
    s.votes.updateCallerStatus([s.keeper], [True], by=s.keeper)
    s.votes.delegate(name, s.heir, by=s.keeper)
    s.votes.register(name, by=s.keeper)
    s.votes.revoke(name, by=s.keeper)
    s.votes.delegate("none", s.heir, by=s.keeper, reverts="Must be valid adapter")
    s.base.removeModule(s.governance, by=s.keeper)
    s.votes.delegate(name, s.heir, by=s.keeper, reverts=NOT_INITIALIZED)
    s.base.addModule(s.governance, by=s.keeper)
    s.votes.initialize(by=s.stranger, reverts=NOT_OPERATOR)
    s.votes.initialize(by=s.keeper)
    s.votes.delegate(name, s.heir, by=s.keeper)


@scenario
def extension_runs_the_general_index_module(s: Stage) -> None:
    """Rebalance our SetToken with Set V2's GeneralIndexModule by GIMExtension."""
    plug(s, "general", "GeneralIndexModule", s.weth)
    adapter = set_v2("protocol/integration/index-exchange/UniswapV2IndexExchangeAdapter")
    register(s, s.general, "Uniswap", s.deploy("index_exchange", adapter, s.uniswap_router))
    with_base_manager(s)
    s.deploy("gim", index_coop("adapters/GIMExtension"), s.base, s.general)
    s.base.addAdapter(s.gim, by=s.keeper)
    s.base.addModule(s.general, by=s.keeper)
    s.gim.initialize(by=s.keeper)
    tokens = [s.usdc, s.dai, s.uni]
    s.gim.setExchanges(tokens, ["Uniswap"] * 3, by=s.keeper)
    s.gim.setTradeMaximums(tokens, [10**30] * 3, by=s.keeper)
    s.gim.setCoolOffPeriods(tokens, [0] * 3, by=s.keeper)
    s.gim.setExchangeData(tokens, [b""] * 3, by=s.keeper)
    s.gim.setTraderStatus([s.trader], [True], by=s.keeper)
    components = s.set.getComponents()
    targets = [20 * 10**6, INDEX["wbtc"], 31 * E18, INDEX["gem"], E18 // 2 + 10**16]
    s.advance(MONTH)
    s.split.accrueFeesAndDistribute(by=s.stranger)
    multiplier = s.set.positionMultiplier()
    arguments = (components, targets, multiplier)
    s.gim.startRebalanceWithUnits(*arguments, by=s.stranger, reverts=NOT_OPERATOR)
    s.gim.startRebalanceWithUnits(*arguments, by=s.keeper)
    for name, limit in (("usdc", 0), ("dai", MAX), ("uni", MAX)):
        s.general.trade(s.set, getattr(s, name), limit, by=s.trader)
    s.set.getPositions()
    s.issuance.redeem(s.set, E18, s.stranger, by=s.issuer)


MAX = 2**256 - 1


@scenario
def hook_caps_the_supply(s: Stage) -> None:
    """Issue up to the cap of SupplyCapIssuanceHook."""
    hook = index_coop("hooks/SupplyCapIssuanceHook")
    s.deploy("cap", hook, s.keeper, 10 * E18)
    s.create([s.usdc], [10**6], [s.issuance])
    s.issuance.initialize(s.set, s.cap, by=s.manager)
    s.supply(s.issuer, s.issuance, ["usdc"], 10**12)
    s.issuance.issue(s.set, 9 * E18, s.heir, by=s.issuer)
    exceeded = "Supply cap exceeded"
    s.issuance.issue(s.set, E18 + 1, s.heir, by=s.issuer, reverts=exceeded)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.cap.updateSupplyCap(11 * E18, by=s.owner, reverts="Ownable: caller is not the owner")
    s.cap.updateSupplyCap(11 * E18, by=s.keeper)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.cap.updateSupplyCap(0, by=s.keeper)
    s.issuance.redeem(s.set, E18, s.heir, by=s.heir)
    s.issuance.issue(s.set, 1, s.heir, by=s.issuer, reverts=exceeded)


@scenario
def hook_names_the_contracts_that_may_issue(s: Stage) -> None:
    """Issue as an account, as a contract only if listed: SupplyCapAllowedCallerIssuanceHook."""
    hook = index_coop("hooks/SupplyCapAllowedCallerIssuanceHook")
    s.deploy("cap", hook, s.keeper, 10 * E18)
    s.create([s.usdc], [10**6], [s.issuance])
    s.issuance.initialize(s.set, s.cap, by=s.manager)
    caller = s.deploy("caller", set_v2("mocks/ContractCallerMock"))
    for account in (s.issuer, caller):
        s.fund("usdc", account, 10**9)
    approved(s, s.usdc, s.issuer, s.issuance)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer)
    caller.invoke(s.usdc, 0, s.usdc.approve.data(s.issuance, MAX), by=s.stranger)
    data = s.issuance.issue.data(s.set, E18, s.heir)
    refused = "Contract not permitted to call"
    caller.invoke(s.issuance, 0, data, by=s.stranger, reverts=refused)
    s.cap.updateCallerStatus([caller], [True], by=s.keeper)
    caller.invoke(s.issuance, 0, data, by=s.stranger)
    s.cap.updateCallerStatus([caller], [False], by=s.keeper)
    s.cap.updateAnyoneCallable(True, by=s.keeper)
    caller.invoke(s.issuance, 0, data, by=s.stranger)
    much = s.issuance.issue.data(s.set, 10 * E18, s.heir)
    caller.invoke(s.issuance, 0, much, by=s.stranger, reverts="Supply cap exceeded")
