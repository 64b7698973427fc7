"""SingleIndexModule: what `trade` refuses, and in which words."""

import ape
import pytest

from indexkit.localnet import addresses, advance, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at

E18 = 10**18
MAX = 2**256 - 1
YFI, UNI, AAVE, BAL = range(4)


@pytest.fixture
def selling(ready, start, components, units):
    """Start a rebalance in which the UNI is to be halved."""
    start((components[UNI], units[UNI] // 2))
    return ready


def test_trade__not_allowed__reverts(selling, components, manager, stranger):
    """Only allowed traders; not even the manager is one by himself (I-11, S-136)."""
    for sender in (stranger, manager):
        with ape.reverts("Address not permitted to trade"):
            selling.trade(components[UNI], sender=sender)


def test_trade__allowance_taken_back__reverts(selling, components, manager, trader):
    """Removal works at once (I-11)."""
    selling.updateTraderStatus([trader], [False], sender=manager)
    with ape.reverts("Address not permitted to trade"):
        selling.trade(components[UNI], sender=trader)


def test_trade__anyone(selling, components, manager, stranger):
    """Unless the manager opened trading for everyone; and it closes at once (I-11, S-136)."""
    selling.updateAnyoneTrade(True, sender=manager)
    selling.trade(components[UNI], sender=stranger)
    selling.updateAnyoneTrade(False, sender=manager)
    with ape.reverts("Address not permitted to trade"):
        selling.trade(components[UNI], sender=stranger)


@pytest.mark.parametrize("function", ["trade", "tradeRemainingWETH"])
def test_trade__contract_caller__reverts(selling, components, manager, trader, caller, function):
    """Contracts cannot trade, allowed or not: no bundle around the trade in one transaction.

    S-137.
    """
    selling.updateTraderStatus([caller], [True], sender=manager)
    data = getattr(selling, function).encode_input(components[UNI])
    with ape.reverts("Caller must be EOA Address"):
        caller.invoke(selling, 0, data, sender=trader)


def test_trade__contract_caller_when_anyone_may__reverts(
    selling, components, manager, trader, caller
):
    """Nor when trading is open to all."""
    selling.updateAnyoneTrade(True, sender=manager)
    with ape.reverts("Caller must be EOA Address"):
        caller.invoke(selling, 0, selling.trade.encode_input(components[UNI]), sender=trader)


def test_trade__before_any_rebalance__reverts(ready, components, trader):
    """An initialised module has no targets to trade towards."""
    with ape.reverts("Passed component not included in rebalance"):
        ready.trade(components[UNI], sender=trader)


@pytest.mark.parametrize("function", ["trade", "tradeRemainingWETH"])
@pytest.mark.parametrize("symbol", ["COMP", "WETH"])
def test_trade__not_in_the_rebalance__reverts(
    ready, start, published, components, units, manager, trader, function, symbol
):
    """A token that takes no part cannot be bought, nor WETH for itself (S-142)."""
    start((components[UNI], units[UNI] * 2))
    token = addresses.WETH if symbol == "WETH" else published.component(symbol).address
    ready.setExchanges([token], [1], sender=manager)
    with ape.reverts("Passed component not included in rebalance"):
        getattr(ready, function)(token, sender=trader)


def test_trade__dropped_new_component__reverts(ready, start, published, manager, trader):
    """A component of the last rebalance takes no part in the next by itself (I-18, S-142)."""
    token = token_at(published.component("COMP").address)
    ready.setExchanges([token], [2], sender=manager)
    start(new=[(token, 10**16)])
    start()
    with ape.reverts("Passed component not included in rebalance"):
        ready.trade(token, sender=trader)


def test_trade__no_exchange__reverts(selling, components, manager, trader):
    """0 means nowhere (S-141)."""
    selling.setExchanges([components[UNI]], [0], sender=manager)
    with ape.reverts("Exchange must be specified"):
        selling.trade(components[UNI], sender=trader)


def test_trade_remaining_weth__no_exchange__reverts(
    ready, start, components, units, manager, trader
):
    """0 means nowhere here, too."""
    start((components[UNI], units[UNI] * 2))
    ready.setExchanges([components[UNI]], [0], sender=manager)
    with ape.reverts("Exchange must be specified"):
        ready.tradeRemainingWETH(components[UNI], sender=trader)


def test_trade__cool_off(selling, components, manager, trader):
    """Two trades of a component are the cool-off apart, to the second (I-12, S-140)."""
    token = components[UNI]
    selling.setTradeMaximums([token], [E18], sender=manager)
    selling.setCoolOffPeriods([token], [600], sender=manager)
    last = selling.trade(token, sender=trader).timestamp
    provider = trader.provider
    provider.make_request("evm_setNextBlockTimestamp", [last + 599])
    with ape.reverts("Cool off period has not elapsed."):
        selling.trade(token, sender=trader)
    provider.make_request("evm_setNextBlockTimestamp", [last + 600])
    assert selling.trade(token, sender=trader).timestamp == last + 600
    assert selling.assetInfo(token)[3] == last + 600


def test_trade__cool_off_is_per_component(selling, start, components, units, manager, trader):
    """The others are not made to wait (S-140)."""
    start((components[UNI], units[UNI] // 2), (components[AAVE], units[AAVE] // 2))
    selling.setCoolOffPeriods(components, [10**6] * 4, sender=manager)
    selling.trade(components[UNI], sender=trader)
    selling.trade(components[AAVE], sender=trader)
    assert selling.assetInfo(components[UNI])[3] > 0


def test_trade_remaining_weth__cool_off__reverts(
    selling, start, components, units, manager, trader
):
    """The cool-off counts for remaining WETH as well."""
    token = components[UNI]
    selling.trade(token, sender=trader)
    selling.setCoolOffPeriods([token], [600], sender=manager)
    start((token, units[UNI]))
    advance(598)
    with ape.reverts("Cool off period has not elapsed."):
        selling.tradeRemainingWETH(token, sender=trader)


def test_trade__endless_cool_off__reverts(selling, components, manager, trader):
    """The largest cool-off stops even the first trade; after one, the sum has no value (R-01)."""
    token = components[UNI]
    selling.setTradeMaximums([token], [E18], sender=manager)
    selling.setCoolOffPeriods([token], [MAX], sender=manager)
    with ape.reverts("Cool off period has not elapsed."):
        selling.trade(token, sender=trader)
    selling.setCoolOffPeriods([token], [0], sender=manager)
    selling.trade(token, sender=trader)
    selling.setCoolOffPeriods([token], [MAX], sender=manager)
    with ape.reverts("SafeMath: addition overflow"):
        selling.trade(token, sender=trader)


def test_trade__target_met__reverts(selling, components, trader):
    """A component at its target is left alone (I-12)."""
    selling.trade(components[UNI], sender=trader)
    for token in (components[UNI], components[AAVE]):
        with ape.reverts("Target already met"):
            selling.trade(token, sender=trader)


def test_trade__huge_target__reverts(ready, start, components, trader):
    """A target beyond all arithmetic can be set, and is refused when it is multiplied."""
    start((components[UNI], MAX))
    with ape.reverts("SafeMath: multiplication overflow"):
        ready.trade(components[UNI], sender=trader)


@pytest.mark.parametrize(
    ("place", "factor", "reason"),
    [
        (UNI, (1, 2), "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"),
        (UNI, (2, 1), "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT"),
        (YFI, (1, 2), "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"),
        (YFI, (2, 1), "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT"),
    ],
)
def test_trade__largest_size_zero__reverts(
    ready, start, components, units, manager, trader, place, factor, reason
):
    """A component whose largest size was never set cannot trade, in the router's words (R-01).

    S-141.
    """
    ready.setTradeMaximums([components[place]], [0], sender=manager)
    start((components[place], units[place] * factor[0] // factor[1]))
    with ape.reverts(reason):
        ready.trade(components[place], sender=trader)


def test_trade__too_little_for_the_pool__reverts(selling, components, manager, trader):
    """A sale that would bring nothing is refused as by the router with a minimum of 1 (R-01)."""
    selling.setTradeMaximums([components[UNI]], [1], sender=manager)
    with ape.reverts("UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT"):
        selling.trade(components[UNI], sender=trader)


@pytest.mark.parametrize("place", [UNI, YFI], ids=["UniswapV2", "SushiSwap"])
def test_trade__purchase_without_cash__reverts(ready, start, components, units, trader, place):
    """The router's transfer would fail, and says so (R-01)."""
    start((components[place], units[place] * 2))
    with ape.reverts("TransferHelper: TRANSFER_FROM_FAILED"):
        ready.trade(components[place], sender=trader)


def test_trade__purchase_without_cash_on_balancer__reverts(ready, start, components, units, trader):
    """The proxy fails without words, and the SetToken says so (R-01)."""
    start((components[BAL], units[BAL] * 2))
    with ape.reverts("Address: low-level call with value failed"):
        ready.trade(components[BAL], sender=trader)


@pytest.mark.parametrize(
    ("excess", "reason"), [(1, "ds-math-sub-underflow"), (0, None)], ids=["more", "all"]
)
def test_trade__more_than_the_pool_has__reverts(
    ready, start, set_token, components, manager, trader, weth, excess, reason
):
    """Buying out a pool is refused: beyond its reserve by name, all of it by its price (R-01)."""
    token = components[UNI]
    pair = contract_at(artifact(protocols.UNISWAP_PAIR), pool_of(token))
    reserve = pair.getReserves()[0 if pair.token0() == token else 1]
    ready.setTradeMaximums([token], [reserve + excess], sender=manager)
    start((token, 10**30))
    with ape.reverts(reason):
        ready.trade(token, sender=trader)


def pool_of(token):
    """Return the address of a token's Uniswap pair with WETH."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    return factory.getPair(token, addresses.WETH)


@pytest.mark.parametrize("sells", [True, False], ids=["sale", "purchase"])
def test_trade__empty_pool__reverts(ready, start, components, units, manager, trader, sells):
    """A pair without liquidity has no price (R-01)."""
    token = components[AAVE]
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    factory.createPair(token, addresses.WETH, sender=trader)
    ready.setExchanges([token], [1], sender=manager)
    start((token, units[AAVE] // 2 if sells else units[AAVE] * 2))
    with ape.reverts("UniswapV2Library: INSUFFICIENT_LIQUIDITY"):
        ready.trade(token, sender=trader)


def test_trade__no_pool__reverts(ready, start, components, units, manager, trader):
    """An exchange that has no pair at all answers nothing (R-01)."""
    ready.setExchanges([components[AAVE]], [1], sender=manager)
    start((components[AAVE], units[AAVE] // 2))
    with ape.reverts("Address: low-level call with value failed"):
        ready.trade(components[AAVE], sender=trader)


def test_trade__quantities_beyond_the_pool_s_arithmetic__reverts(
    ready, start, set_token, components, module, trader
):
    """A unit no token could cover overflows where the router's would (R-01)."""
    set_token.editDefaultPositionUnit(components[UNI], 2**180, sender=module)
    start((components[UNI], 0))
    with ape.reverts("ds-math-mul-overflow"):
        ready.trade(components[UNI], sender=trader)


def test_trade__position_not_covered__reverts(
    ready, start, set_token, components, units, module, trader
):
    """A sale of more than the SetToken holds fails as the router's transfer would (R-01)."""
    set_token.editDefaultPositionUnit(components[UNI], 2 * units[UNI], sender=module)
    start((components[UNI], units[UNI] // 2))
    with ape.reverts("TransferHelper: TRANSFER_FROM_FAILED"):
        ready.trade(components[UNI], sender=trader)


def test_trade__no_supply__reverts(selling, protocol, set_token, components, issuer, trader):
    """A SetToken without supply cannot trade, whatever was donated to it (I-10)."""
    protocol.issuance.redeem(set_token, set_token.totalSupply(), issuer, sender=issuer)
    deal(components[UNI], set_token, E18)
    with ape.reverts("UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"):
        selling.trade(components[UNI], sender=trader)


def test_trade__locked__reverts(selling, set_token, components, module, trader):
    """Not while another module keeps the SetToken locked."""
    set_token.lock(sender=module)
    with ape.reverts("When locked, only the locker can call"):
        selling.trade(components[UNI], sender=trader)


def test_trade__module_disabled_in_controller__reverts(
    selling, protocol, components, owner, trader
):
    """The owner can stop a module everywhere (I-04)."""
    protocol.controller.removeModule(selling, sender=owner)
    with ape.reverts("Module must be enabled on controller"):
        selling.trade(components[UNI], sender=trader)
