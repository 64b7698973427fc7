"""Products of Set V2 on our SetToken: issuance at net asset value with hooks, and the splitter."""

from eth_abi.abi import encode
from twins.guests import MONTH, approved, basket, live, register
from twins.interface import interface
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, Handle, Stage
from twins.world import set_v2

from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact

NAV = "protocol/modules/NAVIssuanceModule.sol/NavIssuanceModule"
PRICES = {"usdc": E18, "dai": E18, "weth": 2_000 * E18}
NOT_OWNER = "Ownable: caller is not the owner"
FEES = [E18 // 100, E18 // 50]


def valued(s: Stage) -> None:
    """Give the controller an oracle and a valuer; create a basket, the NAV module pending."""
    oracles = [
        s.deploy(f"{name}_price", set_v2("mocks/OracleMock"), PRICES[name]) for name in PRICES
    ]
    tokens = [getattr(s, name) for name in PRICES]
    arguments = (s.controller, s.usdc, [], tokens, [s.usdc] * len(tokens), oracles)
    oracle = s.deploy("oracle", set_v2("protocol/PriceOracle"), *arguments)
    valuer = s.deploy("valuer", set_v2("protocol/SetValuer"), s.controller)
    s.controller.addResource(oracle, 1, by=s.owner)
    s.controller.addResource(valuer, 2, by=s.owner)
    plug(s, "nav", NAV, s.weth)
    basket(s, s.nav)


def hooked(s: Stage, product: str) -> Handle:
    """Initialise the NAV module with a hook that limits USDC and the SetToken."""
    valued(s)
    hook = s.deploy("hook", set_v2(f"product/{product}"), [s.usdc, s.set], [500 * 10**6, 2 * E18])
    reserves = [s.usdc, s.weth]
    settings = (hook, hook, reserves, s.heir, FEES, E18 // 10, E18 // 200, E18 // 10, E18)
    s.nav.initialize(s.set, settings, by=s.manager)
    for token in (s.usdc, s.weth):
        approved(s, token, s.issuer, s.nav)
    caller = s.deploy("caller", set_v2("mocks/protocol/module/NAVIssuanceCaller"), s.nav)
    s.fund("usdc", caller, 10**10)
    s.set.transfer(caller, 10 * E18, by=s.issuer)
    return hook


@scenario
def issues_at_net_asset_value(s: Stage) -> None:
    """Issue for USDC and for ether; a fee, an issue in kind and a redemption in kind between."""
    hooked(s, "AssetLimitHook")
    s.controller.addFee(s.nav, 0, E18 // 5, by=s.owner)
    s.controller.addFee(s.nav, 2, E18 // 1000, by=s.owner)
    s.hook.addAssetLimit(s.weth, E18, by=s.owner)
    s.valuer.calculateSetTokenValuation(s.set, s.usdc)
    s.nav.getExpectedSetTokenIssueQuantity(s.set, s.usdc, 10**8)
    s.nav.issue(s.set, s.usdc, 123_456_789, 0, s.heir, by=s.issuer)
    s.set.getPositions()
    live(s)
    s.nav.issueWithEther(s.set, 0, s.heir, by=s.stranger, value=E18 // 3)
    s.set.getPositions()
    live(s)
    s.nav.issue(s.set, s.weth, E18 // 7, 0, s.heir, by=s.issuer)
    s.valuer.calculateSetTokenValuation(s.set, s.weth)
    s.nav.isRedeemValid(s.set, s.usdc, E18)
    s.nav.getExpectedReserveRedeemQuantity(s.set, s.usdc, E18)


@scenario
def nav_redemption_needs_a_higher_multiplier(s: Stage) -> None:
    """Redeem for a reserve asset, also after an issue lowered the multiplier (D-01)."""
    hooked(s, "AssetLimitHook")
    raised = {"ours": "New multiplier too large", "differs": "D-01"}
    with s.aside():
        s.nav.redeem(s.set, s.usdc, E18, 0, s.heir, by=s.issuer, **raised)
    with s.aside():
        s.nav.redeemIntoEther(s.set, E18 // 100, 0, s.heir, by=s.issuer, **raised)
    s.nav.issue(s.set, s.usdc, 400 * 10**6, 0, s.issuer, by=s.issuer)
    s.advance(MONTH)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    with s.aside():
        s.nav.redeem(s.set, s.usdc, E18, 0, s.heir, by=s.issuer, **raised)
    live(s)


@scenario
def limits_assets(s: Stage) -> None:
    """Issue and redeem no more than AssetLimitHook allows, of an asset without a limit nothing."""
    hooked(s, "AssetLimitHook")
    issue, redeem = s.nav.issue, s.nav.redeem
    high, more = "Issue size exceeds asset limit", "Redeem size exceeds asset limit"
    issue(s.set, s.usdc, 500 * 10**6 + 1, 0, s.heir, by=s.issuer, reverts=high)
    issue(s.set, s.weth, 1, 0, s.heir, by=s.issuer, reverts=high)
    redeem(s.set, s.usdc, 2 * E18 + 1, 0, s.heir, by=s.issuer, reverts=more)
    issue(s.set, s.usdc, 500 * 10**6, 0, s.heir, by=s.issuer)
    s.caller.issue(s.set, s.usdc, 500 * 10**6 + 1, 0, s.heir, by=s.stranger, reverts=high)
    s.hook.editAssetLimit(s.usdc, 1, by=s.stranger, reverts=NOT_OWNER)
    s.hook.editAssetLimit(s.usdc, 10**6, by=s.owner)
    issue(s.set, s.usdc, 10**6 + 1, 0, s.heir, by=s.issuer, reverts=high)
    s.hook.removeAssetLimit(s.usdc, by=s.owner)
    s.hook.getAssets()
    issue(s.set, s.usdc, 1, 0, s.heir, by=s.issuer, reverts=high)
    s.hook.addAssetLimit(s.set, 1, by=s.owner, reverts="Asset already added")
    s.hook.editAssetLimit(s.weth, 1, by=s.owner, reverts="Asset not added")


@scenario
def limits_contracts_only(s: Stage) -> None:
    """Issue what one likes, as a contract up to the limit of UniswapYieldHook."""
    hooked(s, "UniswapYieldHook")
    s.nav.issue(s.set, s.usdc, 900 * 10**6, 0, s.heir, by=s.issuer)
    s.caller.issue(s.set, s.usdc, 500 * 10**6, 0, s.heir, by=s.stranger)
    high = "Issue size too large for call from contract."
    s.caller.issue(s.set, s.usdc, 500 * 10**6 + 1, 0, s.heir, by=s.stranger, reverts=high)
    more = "Redeem size too large for call from contract."
    s.caller.redeem(s.set, s.usdc, 2 * E18 + 1, 0, s.heir, by=s.stranger, reverts=more)
    live(s)


@scenario
def refuses_to_issue_at_net_asset_value(s: Stage) -> None:
    """Check quantity, asset, supply and what comes out of it; and a SetToken that is locked."""
    hooked(s, "AssetLimitHook")
    issue, redeem = s.nav.issue, s.nav.redeem
    issue(s.set, s.dai, 0, 0, s.heir, by=s.issuer, reverts="Quantity must be > 0")
    issue(s.set, s.dai, 1, 0, s.heir, by=s.issuer, reverts="Must be valid reserve asset")
    least = "Must be greater than min SetToken"
    issue(s.set, s.usdc, 10**6, E18, s.heir, by=s.issuer, reverts=least)
    received = "Must be greater than min receive reserve quantity"
    redeem(s.set, s.usdc, E18, 10**10, s.heir, by=s.issuer, reverts=received)
    s.set.lock(by=s.module)
    locked = "When locked, only the locker can call"
    issue(s.set, s.usdc, 10**6, 0, s.heir, by=s.issuer, reverts=locked)
    redeem(s.set, s.usdc, E18, 0, s.heir, by=s.issuer, reverts=locked)
    s.set.unlock(by=s.module)
    s.issuance.redeem(s.set, 90 * E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 10 * E18, s.issuer, by=s.caller.address)
    empty = "SignedSafeMath: division by zero"
    few = "Supply must be greater than minimum to enable issuance"
    issue(s.set, s.usdc, 10**6, 0, s.heir, by=s.issuer, reverts=empty)
    s.issuance.issue(s.set, E18 - 1, s.issuer, by=s.issuer)
    issue(s.set, s.usdc, 10**6, 0, s.heir, by=s.issuer, reverts=few)


@scenario
def calls_a_managers_hook(s: Stage) -> None:
    """Let BasicIssuanceModule call a manager's hook of Set V2, when issuing only."""
    hook = s.deploy("hook", set_v2("mocks/protocol/module/ManagerIssuanceHookMock"))
    s.create([s.usdc, s.dai], [10**6, E18], [s.issuance])
    s.issuance.initialize(s.set, hook, by=s.manager)
    s.supply(s.issuer, s.issuance, ["usdc", "dai"], 10**23)
    s.issuance.issue(s.set, 3 * E18, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.stranger, by=s.heir)
    for view in (hook.retrievedSetToken, hook.retrievedIssueQuantity, hook.retrievedSender):
        view()
    hook.retrievedTo()


def split(s: Stage) -> None:
    """Deploy the splitter, a second pool of DAI, and a basket that trades through the splitter."""
    factory = interface(artifact(protocols.UNISWAP_FACTORY))
    s.name("sushi_factory", addresses.SUSHISWAP_FACTORY, factory)
    s.name("uni_factory", addresses.UNISWAP_V2_FACTORY, factory)
    second = s.sushi_factory.createPair(s.dai, s.weth, by=s.stranger)
    s.name("second_pool", second, interface(artifact(protocols.UNISWAP_PAIR)))
    s.fund("dai", s.second_pool, 10**24)
    s.fund("weth", s.second_pool, 400 * E18)
    s.second_pool.mint(s.owner, by=s.owner)
    routers = (s.uniswap_router, s.sushiswap_router, s.uni_factory, s.sushi_factory)
    splitter = s.deploy("splitter", set_v2("product/AMMSplitter"), *routers)
    plug(s, "trades", "TradeModule")
    adapter = set_v2("protocol/integration/exchange/UniswapV2ExchangeAdapter")
    register(s, s.trades, "Splitter", s.deploy("split_adapter", adapter, splitter))
    basket(s, s.trades)
    s.trades.initialize(s.set, by=s.manager)


@scenario
def trades_through_the_splitter(s: Stage) -> None:
    """Let TradeModule swap on two exchanges at once, over one hop and two, and refuse."""
    split(s)
    path = encode(["address[]"], [[s.dai.address, s.weth.address]])
    s.splitter.getAmountsOut(10**20, [s.dai, s.weth])
    s.trades.trade(s.set, "Splitter", s.dai, E18, s.weth, 1, path, by=s.manager)
    live(s)
    path = encode(["address[]"], [[s.dai.address, s.weth.address, s.usdc.address]])
    s.trades.trade(s.set, "Splitter", s.dai, 2 * E18, s.usdc, 1, path, by=s.manager)
    s.set.getPositions()
    live(s)
    less = "AMMSplitter: INSUFFICIENT_OUTPUT_AMOUNT"
    much = (s.set, "Splitter", s.dai, E18, s.usdc, 10**9, path)
    s.trades.trade(*much, by=s.manager, reverts=less)
    long = encode(["address[]"], [[s.dai.address] * 4])
    wrong = "AMMSplitter: incorrect path length"
    s.trades.trade(s.set, "Splitter", s.dai, E18, s.usdc, 1, long, by=s.manager, reverts=wrong)
