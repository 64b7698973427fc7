"""The placed protocols: each answers, and does the one thing it is there for."""

import ape
import pytest
from eth_abi import encode

from indexkit import rebalance_data
from indexkit.localnet import addresses, advance, deal, mine, protocols, token_at, whale
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import FACTORIES, ROUTERS, pair_address

ZERO = "0x" + "00" * 20
DAY_S = 86_400
PENDING, ACTIVE, SUCCEEDED, QUEUED, EXECUTED = 0, 2, 4, 5, 7
ALPHA_ACTIVE, ALPHA_SUCCEEDED = 1, 4
V1_VOTING, V1_VALIDATING, V1_EXECUTED = 1, 2, 3
V1_FOR, V1_AGAINST = 1, 2
IN_FAVOUR = 1
VOTE_FOR = True


def placed(package_path, address):
    """Return a placed contract."""
    return contract_at(artifact(package_path), address)


def transfer_calldata(receiver, amount):
    """Return the arguments of a transfer, encoded."""
    return encode(["address", "uint256"], [receiver.address, amount])


@pytest.mark.parametrize("name", rebalance_data.available())
def test_components__have_their_symbol_and_decimals(name):
    """Every component of every rebalance lies at its address."""
    for component in rebalance_data.load(name).components:
        token = token_at(component.address)
        assert (token.symbol(), token.decimals()) == (component.symbol, component.decimals)
        assert token.balanceOf(whale()) > 100 * component.max_trade_size


@pytest.mark.parametrize(
    ("address", "name", "supply"),
    [
        (addresses.AAVE, "Aave Token", 16 * 10**6),
        (addresses.UNI, "Uniswap", 10**9),
        (addresses.COMP, "Compound", 10**7),
    ],
)
def test_governance_tokens__are_the_real_ones(address, name, supply):
    """With mainnet's names and supplies."""
    token = token_at(address)
    assert (token.name(), token.totalSupply()) == (name, supply * 10**18)


@pytest.mark.parametrize("exchange", ["UniswapV2", "SushiSwap"])
def test_router__swaps_as_quoted(exchange, accounts, chain):
    """The router finds the pair at its CREATE2 address and pays what it quotes."""
    trader, symbol = accounts[0], {"UniswapV2": "UNI", "SushiSwap": "YFI"}[exchange]
    token = rebalance_data.load("dpi-2021-04").component(symbol).address
    router = placed(protocols.UNISWAP_ROUTER, ROUTERS[exchange])
    factory = placed(protocols.UNISWAP_FACTORY, FACTORIES[exchange])
    assert factory.getPair(token, addresses.WETH) == pair_address(exchange, token)
    amount, path = 10**18, [addresses.WETH, token]
    deal(addresses.WETH, trader, amount)
    token_at(addresses.WETH).approve(router, amount, sender=trader)
    _, quoted = router.getAmountsOut(amount, path)
    deadline = chain.pending_timestamp + 60
    router.swapExactTokensForTokens(amount, quoted, path, trader, deadline, sender=trader)
    assert token_at(token).balanceOf(trader) == quoted > 0


def test_pair_address__of_mainnet():
    """The addresses are those of mainnet's pairs: INDEX-ETH on both exchanges."""
    index = "0x0954906da0Bf32d5479e25f46056d22f08464cab"
    assert pair_address("UniswapV2", index) == "0x3452A7f30A712e415a0674C0341d44eE9D9786F9"
    assert pair_address("SushiSwap", index) == "0xA73DF646512C82550C2b3C0324c4EEdEE53b400C"


def test_balancer__smart_swap_finds_the_pool(accounts):
    """The exchange proxy splits over the registry's pools and pays what it quotes."""
    trader = accounts[0]
    token = rebalance_data.load("dpi-2021-04").component("BAL").address
    proxy = placed(protocols.BALANCER_PROXY, addresses.BALANCER_EXCHANGE_PROXY)
    amount = 10**18
    swaps, quoted = proxy.viewSplitExactIn(addresses.WETH, token, amount, 3)
    assert len(swaps) == 1
    deal(addresses.WETH, trader, amount)
    token_at(addresses.WETH).approve(proxy, amount, sender=trader)
    proxy.smartSwapExactIn(addresses.WETH, token, amount, quoted, 3, sender=trader)
    assert token_at(token).balanceOf(trader) == quoted > 0


def test_aave_token__delegates(accounts):
    """Power follows the balance and the delegation, and is kept per block."""
    holder, delegatee = accounts[0], accounts[1]
    aave = placed(protocols.AAVE_TOKEN, addresses.AAVE)
    deal(aave, holder, 10**18)
    before = aave.provider.get_block("latest").number
    aave.invoke_transaction("delegate", delegatee, sender=holder)
    assert aave.getPowerCurrent(delegatee, 0) == 10**18
    assert aave.getPowerAtBlock(delegatee, before, 0) == 0
    assert aave.getPowerAtBlock(holder, before, 0) == 10**18


def test_aave_governance__proposes_votes_executes(accounts):
    """From a proposal to its execution, with the launch parameters."""
    voter, receiver = accounts[0], accounts[1]
    governance = placed(protocols.AAVE_GOVERNANCE, addresses.AAVE_GOVERNANCE)
    executor = placed(protocols.AAVE_EXECUTOR, addresses.AAVE_SHORT_EXECUTOR)
    assert governance.getGovernanceStrategy() == addresses.AAVE_STRATEGY
    assert executor.VOTING_DURATION() == 19_200
    deal(addresses.AAVE, voter, 400_000 * 10**18)
    deal(addresses.AAVE, executor, 5)
    mine()
    payload = ([addresses.AAVE], [0], ["transfer(address,uint256)"])
    payload += ([transfer_calldata(receiver, 5)], [False], b"\x01" * 32)
    governance.create(executor, *payload, sender=voter)
    proposal = governance.getProposalsCount() - 1
    assert governance.getProposalState(proposal) == PENDING
    mine()
    assert governance.getProposalState(proposal) == ACTIVE
    governance.submitVote(proposal, VOTE_FOR, sender=voter)
    assert governance.getProposalById(proposal).forVotes == 400_000 * 10**18
    mine(19_200)
    assert governance.getProposalState(proposal) == SUCCEEDED
    governance.queue(proposal, sender=voter)
    assert governance.getProposalState(proposal) == QUEUED
    advance(DAY_S)
    governance.execute(proposal, sender=voter)
    assert governance.getProposalState(proposal) == EXECUTED
    assert token_at(addresses.AAVE).balanceOf(receiver) == 5


def test_governor_alpha__proposes_votes_executes(accounts):
    """The same with Uniswap's governor, whose votes are delegated UNI."""
    voter, receiver = accounts[0], accounts[1]
    governor = placed(protocols.GOVERNOR_ALPHA, addresses.UNISWAP_GOVERNOR)
    deal(addresses.UNI, voter, 41 * 10**24)
    deal(addresses.UNI, addresses.UNISWAP_TIMELOCK, 5)
    uni = placed(protocols.UNI, addresses.UNI)
    uni.invoke_transaction("delegate", voter, sender=voter)
    mine()
    payload = ([addresses.UNI], [0], ["transfer(address,uint256)"])
    governor.propose(*payload, [transfer_calldata(receiver, 5)], "Five wei", sender=voter)
    proposal = governor.proposalCount()
    mine(2)
    assert governor.state(proposal) == ALPHA_ACTIVE
    governor.castVote(proposal, VOTE_FOR, sender=voter)
    mine(governor.votingPeriod())
    assert governor.state(proposal) == ALPHA_SUCCEEDED
    governor.queue(proposal, sender=voter)
    advance(2 * DAY_S)
    governor.execute(proposal, sender=voter)
    assert governor.state(proposal) == EXECUTED
    assert token_at(addresses.UNI).balanceOf(receiver) == 5


def test_aave_v1_governance__proposes_votes_decides(accounts):
    """From a proposal to its decision; votes in AAVE and in LEND, by weight."""
    holder, lender, genesis = (*accounts[:2], accounts.impersonate_account(addresses.DEPLOYER))
    governance = placed(protocols.AAVE_V1_GOVERNANCE, addresses.AAVE_V1_GOVERNANCE)
    deal(addresses.AAVE, holder, 130_001 * 10**18)
    deal(addresses.LEND, lender, 10**18)
    blocks = governance.MIN_STATUS_DURATION()
    words = (b"\x01" * 32, b"\x02" * 32)
    terms = (governance.MIN_THRESHOLD(), holder, blocks, blocks, 2)
    governance.newProposal(*words, *terms, sender=genesis)
    governance.submitVoteByVoter(0, V1_AGAINST, addresses.AAVE, sender=holder)
    governance.submitVoteByVoter(0, V1_FOR, addresses.LEND, sender=lender)
    assert list(governance.getVotesData(0)) == [0, 10**18, 13_000_100 * 10**18]
    assert governance.getProposalBasicData(0)._proposalStatus == V1_VOTING
    mine(blocks)
    governance.tryToMoveToValidating(0, sender=lender)
    assert governance.getProposalBasicData(0)._proposalStatus == V1_VALIDATING
    mine(blocks)
    receipt = governance.resolveProposal(0, sender=lender)
    assert governance.getProposalBasicData(0)._proposalStatus == V1_EXECUTED
    assert [log.noVotingPower for log in receipt.events.filter(governance.NoWins)] == [
        13_000_100 * 10**18
    ]


def test_compound_bravo__proposes_votes_executes(accounts):
    """From a proposal to its execution by Compound's timelock."""
    voter, receiver = accounts[0], accounts[1]
    bravo = placed(protocols.COMPOUND_BRAVO_CODE, addresses.COMPOUND_GOVERNOR_BRAVO)
    comp = placed(protocols.COMP, addresses.COMP)
    deal(comp, voter, 400_000 * 10**18)
    deal(comp, addresses.COMPOUND_TIMELOCK, 5)
    comp.invoke_transaction("delegate", voter, sender=voter)
    mine()
    payload = ([comp.address], [0], ["transfer(address,uint256)"])
    bravo.propose(*payload, [transfer_calldata(receiver, 5)], "Five wei", sender=voter)
    proposal = bravo.proposalCount()
    mine(bravo.votingDelay() + 1)
    bravo.castVote(proposal, IN_FAVOUR, sender=voter)
    mine(bravo.votingPeriod())
    assert bravo.state(proposal) == ALPHA_SUCCEEDED
    bravo.queue(proposal, sender=voter)
    advance(2 * DAY_S)
    bravo.execute(proposal, sender=voter)
    assert bravo.state(proposal) == EXECUTED
    assert comp.balanceOf(receiver) == 5


def test_compound_alpha__proposes_votes(accounts):
    """Votes are counted; the timelock obeys Bravo only."""
    voter = accounts[0]
    alpha = placed(protocols.COMPOUND_GOVERNOR_ALPHA, addresses.COMPOUND_GOVERNOR_ALPHA)
    comp = placed(protocols.COMP, addresses.COMP)
    deal(comp, voter, 400_001 * 10**18)
    comp.invoke_transaction("delegate", voter, sender=voter)
    mine()
    alpha.propose([comp.address], [0], ["totalSupply()"], [b""], "Nothing", sender=voter)
    proposal = alpha.proposalCount()
    mine(2)
    alpha.castVote(proposal, VOTE_FOR, sender=voter)
    mine(alpha.votingPeriod())
    assert alpha.state(proposal) == ALPHA_SUCCEEDED
    with ape.reverts("Timelock::queueTransaction: Call must come from admin."):
        alpha.queue(proposal, sender=voter)


def test_comp__counts_votes(accounts):
    """COMP is the real token with votes."""
    comp = placed(protocols.COMP, addresses.COMP)
    deal(comp, accounts[0], 7)
    comp.invoke_transaction("delegate", accounts[1], sender=accounts[0])
    assert comp.getCurrentVotes(accounts[1]) == 7


def test_safe__executes(accounts):
    """A Safe made by the factory executes what its owner approves."""
    owner, receiver = accounts[0], accounts[1]
    singleton = placed(protocols.SAFE, addresses.SAFE_SINGLETON)
    factory = placed(protocols.SAFE_PROXY_FACTORY, addresses.SAFE_PROXY_FACTORY)
    setup = singleton.setup.encode_input(
        [owner], 1, ZERO, b"", addresses.SAFE_FALLBACK_HANDLER, ZERO, 0, ZERO
    )
    receipt = factory.createProxy(singleton, setup, sender=owner)
    safe = placed(protocols.SAFE, receipt.events.filter(factory.ProxyCreation)[0].proxy)
    assert (safe.VERSION(), safe.getOwners()) == ("1.3.0", [owner])
    deal(addresses.WETH, safe, 9)
    call = token_at(addresses.WETH).transfer.encode_input(receiver, 9)
    approved = encode(["address", "uint256"], [owner.address, 0]) + b"\x01"
    refund = (0, 0, 0, ZERO, ZERO)
    safe.execTransaction(addresses.WETH, 0, call, 0, *refund, approved, sender=owner)
    assert token_at(addresses.WETH).balanceOf(receiver) == 9


def test_delegate_registry__remembers(accounts):
    """Snapshot's registry keeps a delegate per space."""
    registry = placed(protocols.SNAPSHOT_DELEGATE_REGISTRY, addresses.SNAPSHOT_DELEGATE_REGISTRY)
    space = b"index".ljust(32, b"\0")
    registry.setDelegate(space, accounts[1], sender=accounts[0])
    assert registry.delegation(accounts[0], space) == accounts[1]


def test_multicall__is_there(chain):
    """Ape batches calls through Multicall3 at its usual address."""
    assert len(chain.provider.get_code(addresses.MULTICALL3)) > 1_000
