"""Index Coop's ExchangeIssuance on our SetToken and BasicIssuanceModule: one token in, one out."""

from twins.guests import basket, live
from twins.index_house import index_coop
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, Handle, Stage

from indexkit.localnet import addresses

COMPONENTS = {"usdc": 100 * 10**6, "wbtc": 10**5, "dai": 10 * E18}
ROUTED = (
    addresses.UNISWAP_V2_FACTORY,
    addresses.UNISWAP_V2_ROUTER,
    addresses.SUSHISWAP_FACTORY,
    addresses.SUSHISWAP_ROUTER,
)
LITTLE_OUT = "ExchangeIssuance: INSUFFICIENT_OUTPUT_AMOUNT"
LITTLE_IN = "ExchangeIssuance: INSUFFICIENT_INPUT_AMOUNT"
INVALID_SET = "ExchangeIssuance: INVALID SET"
INVALID_INPUTS = "ExchangeIssuance: INVALID INPUTS"


def exchange(s: Stage) -> Handle:
    """Create a basket of traded components and let ExchangeIssuance take them."""
    basket(s, components=COMPONENTS)
    contract = index_coop("exchangeIssuance/ExchangeIssuance")
    counter = s.deploy("counter", contract, s.weth, *ROUTED, s.controller, s.issuance)
    counter.approveSetToken(s.set, by=s.stranger)
    counter.approveTokens([s.uni, s.usdc], by=s.stranger)
    s.supply(s.trader, counter, ["usdc", "uni", "weth"], 10**20)
    s.set.approve(counter, MAX_UINT, by=s.trader)
    return counter


@scenario
def issues_for_one_token(s: Stage) -> None:
    """Issue for a component, another token, WETH and ether."""
    counter = exchange(s)
    counter.getEstimatedIssueSetAmount(s.set, s.usdc, 10**9)
    counter.issueSetForExactToken(s.set, s.usdc, 10**9, E18, by=s.trader)
    live(s)
    counter.issueSetForExactToken(s.set, s.uni, 10**18, 1, by=s.trader)
    counter.issueSetForExactToken(s.set, s.weth, E18, 1, by=s.trader)
    counter.issueSetForExactETH(s.set, 1, by=s.trader, value=E18)
    counter.issueExactSetFromETH(s.set, 3 * E18, by=s.trader, value=10 * E18)
    counter.getAmountInToIssueExactSet(s.set, s.usdc, 2 * E18)
    counter.issueExactSetFromToken(s.set, s.usdc, 2 * E18, 10**10, by=s.trader)
    live(s)
    for name in COMPONENTS:
        getattr(s, name).balanceOf(counter)


@scenario
def redeems_to_one_token(s: Stage) -> None:
    """Redeem for a component, another token, WETH and ether (D-04)."""
    counter = exchange(s)
    counter.issueExactSetFromETH(s.set, 50 * E18, by=s.trader, value=100 * E18)
    s.advance(30 * 24 * 3600)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    redeem = counter.redeemExactSetForToken
    for token in (s.usdc, s.uni, s.weth):
        counter.getAmountOutOnRedeemSet(s.set, token, 7 * E18)
        redeem(s.set, token, 7 * E18 + 1, 1, by=s.trader, differs="D-04")
    counter.redeemExactSetForETH(s.set, 7 * E18, 1, by=s.trader, differs="D-04")
    live(s)


@scenario
def refuses_bad_bargains(s: Stage) -> None:
    """Check the SetToken, then the inputs, then the amounts; external positions are refused."""
    counter = exchange(s)
    counter.issueSetForExactETH(s.usdc, 1, by=s.trader, reverts=INVALID_SET)
    counter.issueSetForExactETH(s.set, 1, by=s.trader, reverts=INVALID_INPUTS)
    counter.issueSetForExactToken(s.set, s.usdc, 0, 0, by=s.trader, reverts=INVALID_INPUTS)
    much = (s.set, s.usdc, 10**9, 10**30)
    counter.issueSetForExactToken(*much, by=s.trader, reverts=LITTLE_OUT)
    little = (s.set, s.usdc, E18, 10**3)
    counter.issueExactSetFromToken(*little, by=s.trader, reverts=LITTLE_IN)
    counter.issueExactSetFromETH(s.set, E18, by=s.trader, value=1, reverts=LITTLE_IN)
    most = (s.set, s.usdc, E18, 10**30)
    counter.redeemExactSetForToken(*most, by=s.trader, reverts=LITTLE_OUT)
    exceeds = "ERC20: transfer amount exceeds balance"
    counter.redeemExactSetForETH(s.set, E18, 1, by=s.trader, reverts=exceeds)
    s.set.addExternalPositionModule(s.dai, s.module, by=s.module)
    outside = "ExchangeIssuance: EXTERNAL_POSITIONS_NOT_ALLOWED"
    counter.approveSetToken(s.set, by=s.stranger, reverts=outside)
    counter.getAmountInToIssueExactSet(s.set, s.weth, E18, reverts=outside)
