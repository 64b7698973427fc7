"""The helpers for the connected chain."""

import ape
import pytest

from indexkit.localnet import (
    addresses,
    advance,
    deal,
    is_embedded,
    mine,
    protocols,
    token_at,
    whale,
)
from indexkit.localnet.artifacts import artifact, contract_at


@pytest.fixture
def receiver(accounts):
    """Return an account that holds no tokens."""
    return accounts[3]


def test_chain__is_mainnet_of_the_rebalances_day(chain):
    """Without MAINNET_RPC_URL the chain is the embedded one; its clock goes from 2021-04-20 on."""
    head = chain.blocks.head
    assert is_embedded()
    assert is_embedded(chain.provider)
    assert chain.provider.chain_id == 1
    assert head.gas_limit == 30_000_000
    assert head.base_fee == 0
    assert 0 <= head.timestamp - 1_618_876_800 < 86_400


def test_whale__holds_the_rest_of_the_supply():
    """Sixteen million AAVE exist; the market maker has what is in no pool."""
    aave = token_at(addresses.AAVE)
    assert aave.totalSupply() == 16_000_000 * 10**18
    assert 15 * 10**24 < aave.balanceOf(whale()) < 16 * 10**24


@pytest.mark.parametrize("token", [addresses.WETH, addresses.AAVE, addresses.UNI, addresses.COMP])
def test_deal__adds_to_the_balance_beyond_64_bits(receiver, token):
    """Amounts above 64 bits, to an address or an account, of a token or its address."""
    amount = 123_456 * 10**18 + 1
    before = token_at(token).balanceOf(receiver)
    deal(token, receiver, amount)
    deal(token_at(token), receiver.address, amount)
    assert token_at(token).balanceOf(receiver) == before + 2 * amount


def test_advance__is_exact(chain):
    """One block, exactly that much later."""
    before = chain.blocks.head
    advance(86_400)
    head = chain.blocks.head
    assert (head.number, head.timestamp) == (before.number + 1, before.timestamp + 86_400)


@pytest.mark.parametrize(("blocks", "interval"), [(1, 13), (32, 1), (33, 1), (19_200, 13)])
def test_mine__is_exact_and_goes_on(chain, accounts, blocks, interval):
    """Few blocks are mined, very many are jumped over; transactions follow either."""
    before = chain.blocks.head
    mine(blocks, interval)
    head = chain.blocks.head
    assert head.number == before.number + blocks
    assert head.timestamp == before.timestamp + blocks * interval
    receipt = accounts[0].transfer(accounts[1], 1)
    assert receipt.block_number == head.number + 1
    assert receipt.timestamp - head.timestamp in range(3)


def test_mine__is_undone_by_a_snapshot(chain, accounts):
    """A jump over a whole voting period is undone like anything else."""
    before = chain.blocks.head
    snapshot = chain.snapshot()
    mine(40_320)
    accounts[0].transfer(accounts[1], 1)
    chain.restore(snapshot)
    assert chain.blocks.head.number == before.number
    mine(1)
    assert chain.blocks.head.timestamp == before.timestamp + 13


def test_time__through_ape(chain, accounts):
    """Ape's own ways of moving time, blocks and balances work too."""
    before = chain.blocks.head
    chain.pending_timestamp = before.timestamp + 3_600
    chain.mine(2)
    assert chain.blocks.head.number == before.number + 2
    assert chain.blocks.head.timestamp >= before.timestamp + 3_600
    accounts[5].balance = 7
    assert accounts[5].balance == 7


def test_senders_need_no_ether(accounts):
    """Gas costs nothing: an account without ether can send."""
    poor = accounts.impersonate_account(addresses.labelled("test.poor"))
    receipt = token_at(addresses.WETH).approve(poor, 1, sender=poor)
    assert receipt.total_fees_paid == 0


def test_revert__gives_the_reason(accounts):
    """Reverts keep their reason though no trace is printed."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    with ape.reverts("UniswapV2: IDENTICAL_ADDRESSES"):
        factory.createPair(addresses.WETH, addresses.WETH, sender=accounts[0])


def test_revert__prints_nothing(accounts, capfd):
    """An expected revert leaves no trace on the terminal."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    with ape.reverts():
        factory.createPair(addresses.WETH, addresses.WETH, sender=accounts[0])
    assert capfd.readouterr() == ("", "")


def test_receipt__decodes_every_event(accounts):
    """What was placed is known to Ape: a swap's receipt names the events of tokens and pair."""
    trader, path = accounts[0], [addresses.WETH, addresses.UNI]
    router = contract_at(artifact(protocols.UNISWAP_ROUTER), addresses.UNISWAP_V2_ROUTER)
    deal(addresses.WETH, trader, 10**18)
    token_at(addresses.WETH).approve(router, 10**18, sender=trader)
    receipt = router.swapExactTokensForTokens(10**18, 0, path, trader, 2**40, sender=trader)
    assert [event.event_name for event in receipt.events] == [
        "Transfer",
        "Transfer",
        "Sync",
        "Swap",
    ]


def test_contract_types__stay_in_memory(chain, accounts):
    """What is deployed on this chain is not taken for mainnet's on the next one."""
    folder = ape.config.DATA_FOLDER / "ethereum" / "mainnet"
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*.json")}
    token = artifact(protocols.ERC20).container()
    deployed = accounts[0].deploy(token, accounts[0], 1, "Index", "INDEX", 18)
    assert chain.contracts.get(deployed.address) == deployed.contract_type
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*.json")} == before
