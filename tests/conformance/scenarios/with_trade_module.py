"""TradeModule of Set V2 on both SetTokens, trading on Uniswap and SushiSwap."""

from typing import Any

from eth_abi.abi import encode
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.world import set_v2

YEAR = 365 * 24 * 3600
EXCHANGES = "protocol/integration/exchange"


def started(s: Stage) -> None:
    """Issue 1,000 of an index of three components that the original TradeModule may trade."""
    plug(s, "trade_module", "TradeModule")
    for name, adapter, router in (
        ("UNISWAP", "UniswapV2ExchangeAdapter", s.uniswap_router),
        ("SUSHISWAP", "UniswapV2ExchangeAdapter", s.sushiswap_router),
        ("UNISWAP_V2", "UniswapV2ExchangeAdapterV2", s.uniswap_router),
    ):
        exchange = s.deploy(f"exchange_{name}", set_v2(f"{EXCHANGES}/{adapter}"), router)
        s.registry.addIntegration(s.trade_module, name, exchange, by=s.owner)
    modules = [s.issuance, s.streaming_fee, s.index_module, s.trade_module, s.module]
    s.create([s.usdc, s.wbtc, s.dai], [40 * 10**6, 15 * 10**4, 30 * E18], modules)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.trade_module.initialize(s.set, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, ["usdc", "wbtc", "dai", "uni"], 10**24)
    s.supply(s.issuer, s.issuance, ["weth"], 10**21)
    s.issuance.issue(s.set, 1_000 * E18, s.issuer, by=s.issuer)


def trade(
    s: Stage, sold: Handle, quantity: int, bought: Handle, least: int = 0, **more: Any
) -> None:
    """Trade as the manager; on Uniswap if nothing else is said."""
    exchange, data = more.pop("on", "UNISWAP"), more.pop("data", b"")
    more.setdefault("by", s.manager)
    s.trade_module.trade(s.set, exchange, sold, quantity, bought, least, data, **more)


def path(*tokens: Handle) -> bytes:
    """Return a path as the adapter of Uniswap takes it."""
    return encode(["address[]"], [[token.address for token in tokens]])


@scenario
def trades_on_uniswap_and_sushiswap(s: Stage) -> None:
    """Sell part of a component, all of another, and buy a third with what came in."""
    started(s)
    trade(s, s.usdc, 10 * 10**6, s.weth, E18 // 300)
    trade(s, s.wbtc, 15 * 10**4, s.weth, on="SUSHISWAP")
    trade(s, s.weth, E18 // 100, s.uni, 1)
    trade(s, s.weth, s.set.getDefaultPositionRealUnit(s.weth), s.dai)
    trade(s, s.uni, 1, s.weth)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, 1_000 * E18, s.heir, by=s.issuer)


@scenario
def trades_along_a_path(s: Stage) -> None:
    """Through WETH in one call, to an amount fixed at either end."""
    started(s)
    trade(s, s.usdc, 5 * 10**6, s.dai, data=path(s.usdc, s.weth, s.dai))
    route = [s.dai.address, s.weth.address, s.uni.address]
    fixed_in, fixed_out = (encode(["address[]", "bool"], [route, fixed]) for fixed in (True, False))
    trade(s, s.dai, E18, s.uni, 1, on="UNISWAP_V2", data=fixed_in)
    trade(s, s.dai, 20 * E18, s.uni, E18 // 50, on="UNISWAP_V2", data=fixed_out)
    reason = "UniswapV2Router: EXCESSIVE_INPUT_AMOUNT"
    trade(s, s.dai, 1, s.uni, E18 // 50, on="UNISWAP_V2", data=fixed_out, reverts=reason)
    trade(s, s.dai, E18, s.uni, on="UNISWAP_V2", reverts="")


@scenario
def pays_the_protocol(s: Stage) -> None:
    """Take the protocol's fee from what was bought; a fee of all of it leaves no component."""
    started(s)
    s.controller.addFee(s.trade_module, 0, 3 * 10**15, by=s.owner)
    trade(s, s.usdc, 10 * 10**6, s.weth)
    s.controller.editFee(s.trade_module, 0, E18, by=s.owner)
    trade(s, s.usdc, 10 * 10**6, s.uni, data=path(s.usdc, s.weth, s.uni))
    s.controller.editFee(s.trade_module, 0, E18 + 1, by=s.owner)
    trade(s, s.usdc, 10**6, s.weth)
    with s.aside():
        s.controller.editFee(s.trade_module, 0, 2 * E18, by=s.owner)
        data = path(s.usdc, s.weth, s.uni)
        reason = "Uni::_transferTokens: transfer amount exceeds balance"
        trade(s, s.usdc, 10**6, s.uni, data=data, reverts=reason)
    s.controller.editFeeRecipient(s.heir, by=s.owner)
    trade(s, s.usdc, 10**6, s.weth)


@scenario
def initialises_for_the_manager_of_a_pending_set(s: Stage) -> None:
    """Initialise once, for the manager, on a SetToken of this controller."""
    started(s)
    pending = "Must be pending initialization"
    s.trade_module.initialize(s.set, by=s.manager, reverts=pending)
    s.trade_module.initialize(s.set, by=s.stranger, reverts=pending)
    s.trade_module.initialize(s.usdc, by=s.manager, reverts="Must be controller-enabled SetToken")
    s.create([s.usdc], [1], [s.issuance, s.trade_module], called="other")
    reason = "Must be the SetToken manager"
    s.trade_module.initialize(s.other, by=s.stranger, reverts=reason)
    reason = "Must be a valid and initialized SetToken"
    arguments = (s.other, "UNISWAP", s.usdc, 1, s.weth, 0, b"")
    s.trade_module.trade(*arguments, by=s.manager, reverts=reason)
    s.controller.removeModule(s.trade_module, by=s.owner)
    s.trade_module.initialize(s.other, by=s.manager)
    reason = "Token to sell must be nonzero"
    s.registry.getIntegrationAdapter(s.trade_module, "UNISWAP")
    s.trade_module.trade(*arguments, by=s.manager, reverts=reason)


@scenario
def refuses_wrong_trades(s: Stage) -> None:
    """Every rule of a trade, and which of two comes first."""
    started(s)
    reason = "Must be the SetToken manager"
    trade(s, s.usdc, 1, s.weth, by=s.stranger, reverts=reason)
    trade(s, s.usdc, 0, s.weth, by=s.trader, on="NOWHERE", reverts=reason)
    trade(s, s.usdc, 0, s.weth, on="NOWHERE", reverts="Must be valid adapter")
    trade(s, s.usdc, MAX_UINT, s.weth, on="", reverts="Must be valid adapter")
    trade(s, s.usdc, MAX_UINT, s.weth, reverts="SafeMath: multiplication overflow")
    trade(s, s.usdc, 1, s.weth, MAX_UINT, reverts="SafeMath: multiplication overflow")
    trade(s, s.usdc, 0, s.weth, reverts="Token to sell must be nonzero")
    trade(s, s.uni, 0, s.weth, reverts="Token to sell must be nonzero")
    reason = "Unit cant be greater than existing"
    trade(s, s.usdc, 40 * 10**6 + 1, s.weth, reverts=reason)
    trade(s, s.uni, 1, s.weth, reverts=reason)
    trade(s, s.usdc, 40 * 10**6 + 1, s.lone, reverts=reason)
    reason = "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT"
    trade(s, s.usdc, 10**6, s.weth, E18, reverts=reason)
    trade(s, s.usdc, 10**6, s.usdc, reverts="UniswapV2Library: IDENTICAL_ADDRESSES")
    reason = "Address: low-level call with value failed"
    trade(s, s.usdc, 10**6, s.lone, reverts=reason)
    trade(s, s.usdc, 10**6, s.weth, on="SUSHISWAP", reverts=reason)
    trade(s, s.usdc, 10**6, s.weth, data=b"\x01", reverts="")
    reason = "UniswapV2Library: INVALID_PATH"
    trade(s, s.usdc, 10**6, s.weth, data=path(s.usdc), reverts=reason)
    s.registry.removeIntegration(s.trade_module, "UNISWAP", by=s.owner)
    trade(s, s.usdc, 10**6, s.weth, reverts="Must be valid adapter")


@scenario
def refuses_a_path_that_ends_elsewhere(s: Stage) -> None:
    """Bought is what arrives of the named token: a path to another one misses the minimum."""
    started(s)
    astray = path(s.usdc, s.weth)
    trade(s, s.usdc, 10**6, s.dai, 1, data=astray, reverts="Slippage greater than allowed")
    trade(s, s.usdc, 10**6, s.dai, data=astray)
    trade(s, s.usdc, 10**6, s.weth)
    with s.aside():
        trade(s, s.dai, 10**6, s.weth, data=path(s.usdc, s.weth), reverts=_FROM_FAILED)


_FROM_FAILED = "TransferHelper: TRANSFER_FROM_FAILED"


@scenario
def leaves_donations_alone(s: Stage) -> None:
    """Keep donations out of every unit; what is missing stops the next trade."""
    started(s)
    s.fund("usdc", s.set, 123_456_789)
    s.fund("weth", s.set, 7 * E18)
    trade(s, s.usdc, 10**7 + 7, s.weth)
    trade(s, s.usdc, 30 * 10**6 - 7, s.weth)
    trade(s, s.weth, 10**15 + 1, s.usdc)
    taken = s.usdc.transfer.data(s.stranger, s.usdc.balanceOf(s.set) - 10**6)
    s.set.invoke(s.usdc, 0, taken, by=s.module)
    trade(s, s.usdc, 1, s.weth, reverts="SafeMath: subtraction overflow")


@scenario
def trades_with_fees_accruing_in_between(s: Stage) -> None:
    """Real units shrink with the multiplier; the trade sells and sizes by the real ones."""
    started(s)
    trade(s, s.usdc, 10**7, s.weth)
    s.advance(YEAR)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    reason = "Unit cant be greater than existing"
    trade(s, s.usdc, 30 * 10**6, s.weth, reverts=reason)
    trade(s, s.usdc, s.set.getDefaultPositionRealUnit(s.usdc), s.weth)
    s.advance(YEAR // 3)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    trade(s, s.wbtc, 7, s.weth, on="SUSHISWAP")
    s.issuance.redeem(s.set, 33 * E18 + 1, s.issuer, by=s.issuer)
    trade(s, s.dai, 11 * E18 + 3, s.weth)


@scenario
def keeps_a_component_with_an_external_position(s: Stage) -> None:
    """List a component that is sold out for its external position, then buy it back."""
    started(s)
    s.set.addExternalPositionModule(s.usdc, s.module, by=s.module)
    s.set.editExternalPositionUnit(s.usdc, s.module, -5 * 10**6, by=s.module)
    s.set.editExternalPositionData(s.usdc, s.module, b"debt" * 20, by=s.module)
    trade(s, s.usdc, 40 * 10**6, s.weth)
    trade(s, s.wbtc, 15 * 10**4, s.weth, on="SUSHISWAP")
    trade(s, s.weth, 10**15, s.usdc)
    s.set.removeExternalPositionModule(s.usdc, s.module, by=s.module)
    trade(s, s.usdc, s.set.getDefaultPositionRealUnit(s.usdc), s.weth)


@scenario
def only_the_locker_trades_a_locked_set(s: Stage) -> None:
    """Meet the lock of another module, and a controller that forgot the module."""
    started(s)
    s.set.lock(by=s.module)
    reason = "When locked, only the locker can call"
    trade(s, s.usdc, 10**6, s.weth, reverts=reason)
    trade(s, s.usdc, 0, s.weth, reverts="Token to sell must be nonzero")
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.trade_module, by=s.owner)
    trade(s, s.usdc, 10**6, s.weth, reverts="Module must be enabled on controller")
    s.controller.addModule(s.trade_module, by=s.owner)
    trade(s, s.usdc, 10**6, s.weth)
    s.controller.removeSet(s.set, by=s.owner)
    reason = "Must be a valid and initialized SetToken"
    trade(s, s.usdc, 10**6, s.weth, reverts=reason)


@scenario
def comes_back_after_removal(s: Stage) -> None:
    """Remove the module, add and initialise it again, for another manager."""
    started(s)
    s.set.removeModule(s.trade_module, by=s.manager)
    reason = "Must be a valid and initialized SetToken"
    trade(s, s.usdc, 10**6, s.weth, reverts=reason)
    s.trade_module.initialize(s.set, by=s.manager, reverts="Must be pending initialization")
    s.set.addModule(s.trade_module, by=s.manager)
    s.set.setManager(s.heir, by=s.manager)
    reason = "Must be the SetToken manager"
    s.trade_module.initialize(s.set, by=s.manager, reverts=reason)
    s.trade_module.initialize(s.set, by=s.heir)
    trade(s, s.usdc, 10**6, s.weth, reverts=reason)
    trade(s, s.usdc, 10**6, s.weth, by=s.heir)


@scenario
def trades_nothing_without_supply(s: Stage) -> None:
    """Nothing is issued, or so little that the notional rounds to zero."""
    started(s)
    s.issuance.redeem(s.set, 1_000 * E18, s.issuer, by=s.issuer)
    trade(s, s.usdc, 10**6, s.weth, reverts="Token to sell must be nonzero")
    s.issuance.issue(s.set, 10**11, s.issuer, by=s.issuer)
    trade(s, s.usdc, 10**6, s.weth, reverts="Token to sell must be nonzero")
    trade(s, s.usdc, 40 * 10**6, s.weth)
    trade(s, s.dai, 30 * E18, s.weth)


@scenario
def trades_one_set_for_another(s: Stage) -> None:
    """Buy a SetToken as a component like any other, and sell it."""
    started(s)
    s.create([s.dai], [E18], [s.issuance, s.trade_module], name="Outer", called="outer")
    s.issuance.initialize(s.outer, ZERO, by=s.manager)
    s.trade_module.initialize(s.outer, by=s.manager)
    s.issuance.issue(s.outer, 10 * E18, s.issuer, by=s.issuer)
    exchange = s.deploy("pot", set_v2("mocks/integrations/TradeAdapterMock"))
    s.registry.addIntegration(s.trade_module, "POT", exchange, by=s.owner)
    s.set.transfer(exchange, 20 * E18 + 3, by=s.issuer)
    arguments = (s.outer, "POT", s.dai, E18 // 2, s.set, 2 * E18, b"")
    s.trade_module.trade(*arguments, by=s.manager)
    s.issuance.issue(s.outer, E18, s.issuer, by=s.issuer, reverts=_EXCEEDS_ALLOWANCE)
    s.set.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.issuance.issue(s.outer, E18, s.issuer, by=s.issuer)
    arguments = (s.outer, "POT", s.set, E18, s.dai, E18, b"")
    s.trade_module.trade(*arguments, by=s.manager, reverts="Slippage greater than allowed")
    s.trade_module.trade(*arguments[:5], 10**17, b"", by=s.manager)
    s.issuance.redeem(s.outer, 3 * E18 + 1, s.heir, by=s.issuer)
    pot = s.set.balanceOf(exchange)
    exchange.withdraw(s.set, by=s.heir)
    s.issuance.redeem(s.set, pot, s.heir, by=s.heir)


_EXCEEDS_ALLOWANCE = "ERC20: transfer amount exceeds allowance"


@scenario
def own_tokens_leave_by_a_module(s: Stage) -> None:
    """Tokens of the SetToken that were sent to itself are sent on by a module."""
    started(s)
    plug(s, "god_mode", "mocks/GodModeMock")
    s.set.addModule(s.god_mode, by=s.manager)
    s.god_mode.initialize(s.set, by=s.manager)
    s.set.transfer(s.set, 5 * E18, by=s.issuer)
    s.god_mode.transferTokens(s.set, s.usdc, s.heir, 10**6, by=s.stranger)
    s.god_mode.transferTokens(s.set, s.set, s.heir, 2 * E18, by=s.stranger)
