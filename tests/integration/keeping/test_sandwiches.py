"""R-43: what others did to a trade in its own block is told from the chain's logs."""

import ape
import pytest

from indexkit import plan
from indexkit.keeper.events import request
from indexkit.localnet import addresses, deal, protocols, token_at
from indexkit.localnet.arbitrage import reserves
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.genesis import BLOCK_GAS_LIMIT

FOREVER = 2**95
"""UNI allows no more than 96 bits."""


class Block:
    """Puts swaps of others before and after the keeper's first sale of UNI, into its block."""

    def __init__(self, uni, before, after):
        self.uni, self.before, self.after = uni, before, after
        self.done = False

    def __call__(self, line):
        """Watch the journal."""
        if self.done or line.get("component", "UNI") != "UNI":
            return
        provider = ape.chain.provider
        if line["what"] == "intent" and line["for"] == "trade":
            provider.auto_mine = False
            # The keeper's transaction alone asks for all the gas of an ordinary block.
            request("evm_setBlockGasLimit", hex(2 * BLOCK_GAS_LIMIT))
            self.swap(*self.before)
        if line["what"] == "sent" and not provider.auto_mine:
            self.swap(*self.after)
            provider.auto_mine = True
            request("evm_mine")
            request("evm_setBlockGasLimit", hex(BLOCK_GAS_LIMIT))
            self.done = True

    def swap(self, who, sold, amount):
        """Leave a swap through the router to be mined, at the price of the keeper's transaction."""
        router = contract_at(artifact(protocols.UNISWAP_ROUTER), addresses.UNISWAP_V2_ROUTER)
        bought = addresses.WETH if sold == self.uni else self.uni
        swap = router.swapExactTokensForTokens
        data = swap.encode_input(amount, 0, [sold, bought], who, FOREVER)
        sent = {"from": who.address, "to": router.address, "data": "0x" + bytes(data).hex()}
        free = {"maxFeePerGas": "0x0", "maxPriorityFeePerGas": "0x0", "gas": hex(10**6)}
        request("eth_sendTransaction", sent | free)


@pytest.fixture
def play(started, accounts):
    """Return a function that plays a block around the first sale of UNI, and returns its trade."""
    uni = started.rebalance.component("UNI")
    amount = uni.max_trade_size // 20
    pool = reserves(uni.address, uni.exchange)
    weth = plan.amount_out(amount, pool.component, pool.weth)
    for who in accounts[4:6]:
        for token in (uni.address, addresses.WETH):
            deal(token, who, 10**24)
            token_at(token).approve(addresses.UNISWAP_V2_ROUTER, FOREVER, sender=who)

    def go(first, last, sells=True):
        sold, received = (uni.address, addresses.WETH) if sells else (addresses.WETH, uni.address)
        amounts = (amount, weth) if sells else (weth, amount)
        block = Block(
            uni.address, (accounts[first], sold, amounts[0]), (accounts[last], received, amounts[1])
        )
        entries = started.rebalance.schedule.index("UNI") + 1
        done = started.keeper(watch=block).run(entries=entries)
        assert block.done
        (trade,) = (t for t in done.trades if t.symbol == "UNI")
        held = reserves(uni.address, uni.exchange)
        return trade, pool, held

    return go


def test_record__sandwiched__names_him_and_what_it_cost(play, accounts):
    """Whoever sells before and buys after; the loss is to the wei what the quote promised more."""
    trade, pool, _ = play(4, 4)
    assert trade.sandwiched_by == accounts[4].address
    assert (trade.block_start.weth, trade.block_start.component) == (pool.weth, pool.component)
    assert trade.before.weth < pool.weth
    assert trade.before.component > pool.component
    assert trade.front_run == trade.quoted - trade.weth > 0
    out = plan.amount_out(trade.amount, trade.before.component, trade.before.weth)
    assert out == trade.weth
    content = trade.as_json()
    assert content["reserves_before"]["weth"] == trade.before.weth
    assert content["sandwiched_by"] == accounts[4].address


def test_record__two_strangers__is_no_sandwich(play):
    """They happened to trade there; the loss is told all the same."""
    trade, *_ = play(4, 5)
    assert trade.sandwiched_by is None
    assert trade.front_run == trade.quoted - trade.weth > 0


def test_record__moved_in_our_favour__is_no_sandwich(play):
    """Who buys before our sale and sells after it loses by it; what we gained counts as such."""
    trade, *_ = play(4, 4, sells=False)
    assert trade.sandwiched_by is None
    assert trade.front_run == trade.quoted - trade.weth < 0


def test_record__alone_in_its_block__lost_nothing_there(started):
    """On every exchange: reserves at the block's start are those before the trade."""
    done = started.keeper().run()
    assert done.finished, done.stopped
    assert {started.rebalance.component(t.symbol).exchange for t in done.trades} == {
        *("UniswapV2", "SushiSwap", "BalancerV1")
    }
    for trade in done.trades:
        assert trade.block_start == trade.before
        assert (trade.front_run, trade.sandwiched_by) == (0, None)
        if trade.kind == "remaining":
            # The module spends the dust of earlier trades too, which is part of no unit.
            assert 0 <= trade.amount - trade.quoted < trade.amount // 10**9
        else:
            assert trade.quoted == trade.weth
