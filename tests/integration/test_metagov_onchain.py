"""MetaGovernor with the real governors: windows to the block, and who gains what (R-13, I-26)."""

from dataclasses import dataclass
from typing import Any

import ape
import pytest
from ape import chain, project
from eth_abi import decode

from indexkit import deploy
from indexkit.localnet import addresses, deal, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at

E18 = 10**18
BLOCKS_PER_DAY = 500
CIRCULATING = 1_000_000 * E18
ACTIONS = ([addresses.AAVE], [0], ["totalSupply()"], [b""])
COMPOUND = "Compound"
AAVE_V1 = "AaveV1"
AGAINST, IN_FAVOUR, ABSTAIN = 0, 1, 2

pytestmark = pytest.mark.usefixtures("aave", "uniswap", "compound", "pair")


@dataclass(frozen=True)
class Governor:
    """A real governor with a proposal under way.

    Attributes
    ----------
    name
        Of its adapter.
    contract
        The governor.
    proposal
        Its number.
    recorded
        Returns what it has recorded of a voter: choice as Bravo numbers it, votes.
    refusal
        What it says when the vote is over.
    """

    name: str
    contract: Any
    proposal: int
    recorded: Any
    refusal: str


@pytest.fixture(scope="module")
def holders(accounts):
    """Hold 60,000 and 40,000 INDEX, each delegated to himself."""
    return accounts[5:7]


@pytest.fixture(scope="module")
def coin(owner, holders):
    """Deploy INDEX and hand it out."""
    index = deploy.deploy_index_token(project, owner, owner)
    for holder, amount in zip(holders, (60_000, 40_000), strict=True):
        index.transfer(holder, amount * E18, sender=owner)
        index.invoke_transaction("delegate", holder, sender=holder)
    return index


@pytest.fixture(scope="module")
def meta(protocol, owner, coin):
    """Deploy the MetaGovernor, without a committee."""
    return deploy.deploy_meta_governor(
        project,
        owner,
        protocol,
        votes_token=coin,
        circulating_supply=CIRCULATING,
        blocks_per_day=BLOCKS_PER_DAY,
    )


@pytest.fixture(scope="module")
def managed(protocol, set_token, owner, manager, accounts, meta):
    """Have the small index managed by a contract whose voter is the MetaGovernor."""
    protocol.governance.register(set_token, deploy.UNISWAP_GOVERNANCE, sender=manager)
    contract = deploy.deploy_manager(
        project,
        owner,
        set_token,
        fee_module=protocol.streaming_fee,
        operator=accounts[10],
        methodologist=accounts[11],
        operator_share=E18,
    )
    set_token.setManager(contract, sender=manager)
    for party in accounts[10:12]:
        contract.setVoter(meta, protocol.governance, sender=party)
    return contract


@pytest.fixture(scope="module")
def aave(protocol, set_token, stranger, managed):
    """Open a vote in Aave's governance v2."""
    governor = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    deal(addresses.AAVE, stranger, 100_000 * E18)
    mine()
    arguments = (addresses.AAVE_SHORT_EXECUTOR, *ACTIONS, [False], b"\x01" * 32)
    governor.create(*arguments, sender=stranger)
    proposal = governor.getProposalsCount() - 1

    def recorded(voter):
        support, votes = governor.getVoteOnProposal(proposal, voter)
        return int(support), votes

    return Governor(deploy.AAVE_GOVERNANCE, governor, proposal, recorded, "VOTING_CLOSED")


@pytest.fixture(scope="module")
def uniswap(protocol, set_token, stranger, managed):
    """Open a vote at Uniswap's governor, a Governor Alpha."""
    governor = contract_at(artifact(protocols.GOVERNOR_ALPHA), addresses.UNISWAP_GOVERNOR)
    proposal = _propose(governor, artifact(protocols.UNI), addresses.UNI, 11 * 10**24, stranger)

    def recorded(voter):
        receipt = governor.getReceipt(proposal, voter)
        return int(receipt.support), receipt.votes

    refusal = "GovernorAlpha::_castVote: voting is closed"
    return Governor(deploy.UNISWAP_GOVERNANCE, governor, proposal, recorded, refusal)


@pytest.fixture(scope="module")
def compound(protocol, owner, managed, set_token, stranger):
    """Open a vote at Compound's Governor Bravo; a module gives the index COMP, and registers it."""
    governor = contract_at(
        artifact(protocols.COMPOUND_BRAVO_CODE), addresses.COMPOUND_GOVERNOR_BRAVO
    )
    registry = protocol.integration_registry
    adapter = owner.deploy(project.CompoundBravoGovernanceAdapter, governor, addresses.COMP)
    registry.addIntegration(protocol.governance, COMPOUND, adapter, sender=owner)
    deal(addresses.COMP, set_token, 1_000 * E18)
    comp = contract_at(artifact(protocols.COMP), addresses.COMP)
    index_account = ape.accounts.test_accounts.impersonate_account(set_token.address)
    comp.invoke_transaction("delegate", set_token, sender=index_account)
    proposal = _propose(governor, artifact(protocols.COMP), addresses.COMP, 4 * 10**23, stranger)

    def recorded(voter):
        receipt = governor.getReceipt(proposal, voter)
        return receipt.support, receipt.votes

    refusal = "GovernorBravo::castVoteInternal: voting is closed"
    return Governor(COMPOUND, governor, proposal, recorded, refusal)


def _propose(governor, token, address, power, proposer):
    """Give somebody enough votes and let him propose."""
    deal(address, proposer, power)
    contract_at(token, address).invoke_transaction("delegate", proposer, sender=proposer)
    mine()
    governor.propose(*ACTIONS, "Nothing", sender=proposer)
    return governor.proposalCount()


@pytest.fixture(params=["aave", "uniswap", "compound"])
def governor(request):
    """Return each of the governors in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def ballot(meta, governor, stranger):
    """Open the ballot."""
    return opened(meta, governor, stranger)


def opened(meta, governor, by):
    """Open the ballot on a governor's proposal and return its id."""
    receipt = meta.open(governor.name, governor.proposal, sender=by)
    (log,) = receipt.events.filter(meta.BallotOpened)
    return bytes(log._ballot)


def until(block):
    """Mine until the next transaction is in this block."""
    mine(block - chain.blocks.head.number - 1)


def end_of(governor, protocol):
    """Return the last block in which the governor takes votes."""
    registry = protocol.integration_registry
    adapter = registry.getIntegrationAdapter(protocol.governance, governor.name)
    return project.AaveGovernanceV2Adapter.at(adapter).getProposalWindow(governor.proposal)[1]


@pytest.mark.parametrize("choice", [AGAINST, IN_FAVOUR])
@pytest.mark.parametrize("last", [False, True])
def test_execute__first_and_last_block(
    meta, governor, ballot, managed, set_token, protocol, holders, stranger, choice, last
):
    """R-13: recorded as the holders decided, from the close to the governor's very last block."""
    meta.castVote(ballot, choice, sender=holders[0])
    end = end_of(governor, protocol)
    close = meta.getBallot(ballot).close
    assert close == end - BLOCKS_PER_DAY
    until(end if last else close)
    call = (set_token, governor.name, governor.proposal)
    receipt = meta.execute(*call, sender=stranger)
    assert receipt.block_number == (end if last else close)
    recorded, votes = governor.recorded(set_token)
    assert recorded == choice
    (told,) = receipt.events.filter(protocol.governance.VoteReceipt)
    assert told._votingPower == votes > 0


def test_execute__outside_the_window__reverts(
    meta, governor, ballot, set_token, protocol, holders, stranger
):
    """R-13: a block before the close it is ours to refuse, a block after the end the governor's."""
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    call = (set_token, governor.name, governor.proposal)
    until(meta.getBallot(ballot).close - 1)
    with ape.reverts("Ballot must be closed"):
        meta.execute(*call, sender=stranger)
    until(end_of(governor, protocol) + 1)
    with ape.reverts(governor.refusal):
        meta.execute(*call, sender=stranger)
    assert not meta.isExecuted(ballot, set_token)


def test_execute__abstain_at_bravo(meta, compound, managed, set_token, holders, stranger):
    """R-12, R-13: the third choice reaches the governor that has it."""
    ballot = opened(meta, compound, stranger)
    meta.castVote(ballot, ABSTAIN, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, compound.name, compound.proposal, sender=stranger)
    assert compound.recorded(set_token) == (ABSTAIN, 1_000 * E18)


def test_execute__abstain_at_aave(meta, aave, managed, set_token, holders, stranger):
    """R-13: where there is none, abstentions make the quorum and the rest decides."""
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, ABSTAIN, sender=holders[0])
    meta.castVote(ballot, AGAINST, sender=holders[1])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, aave.name, aave.proposal, sender=stranger)
    assert aave.recorded(set_token)[0] == AGAINST


def test_open__cancelled__reverts(meta, aave, stranger):
    """R-13: there is nothing to decide any more."""
    guardian = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    aave.contract.cancel(aave.proposal, sender=guardian)
    with ape.reverts("Proposal must be open"):
        meta.open(aave.name, aave.proposal, sender=stranger)


def test_execute__cancelled__reverts(meta, aave, set_token, holders, stranger):
    """R-13: a ballot that is open is of no use: the governor refuses the vote."""
    guardian = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    aave.contract.cancel(aave.proposal, sender=guardian)
    until(meta.getBallot(ballot).close)
    with ape.reverts("VOTING_CLOSED"):
        meta.execute(set_token, aave.name, aave.proposal, sender=stranger)


def test_open__vote_is_over__reverts(meta, governor, protocol, stranger):
    """R-13: defeated for lack of votes: there is nothing to decide."""
    until(end_of(governor, protocol) + 1)
    with ape.reverts("Proposal must be open"):
        meta.open(governor.name, governor.proposal, sender=stranger)


# ---------------------------------------------------------------- borrowed votes


@pytest.fixture(scope="module")
def pair(coin, owner):
    """Put 500,000 INDEX and 1,000 WETH into a real Uniswap V2 pair."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    weth = token_at(addresses.WETH)
    factory.createPair(coin, weth, sender=owner)
    made = contract_at(artifact(protocols.UNISWAP_PAIR), factory.getPair(coin, weth))
    deal(weth, made, 1_000 * E18)
    coin.transfer(made, 500_000 * E18, sender=owner)
    made.mint(owner, sender=owner)
    return made


@pytest.mark.parametrize("opens", [False, True])
def test_flash_swap__adds_no_votes(meta, aave, pair, coin, owner, stranger, mock, opens):
    """I-26: 400,000 INDEX in the middle of a transaction, opening the ballot itself or not."""
    attacker = owner.deploy(mock("FlashVoter"))
    # The pool's fee must come from somewhere.
    coin.transfer(attacker, 10_000 * E18, sender=owner)
    ballot = bytes(32) if opens else opened(meta, aave, stranger)
    attacker.attack(
        pair,
        pair.token0() == coin,
        400_000 * E18,
        coin,
        meta,
        ballot,
        aave.name,
        aave.proposal,
        opens,
        sender=stranger,
    )
    assert attacker.votes() == 410_000 * E18
    assert not attacker.taken()
    assert decode(["string"], attacker.reason()[4:]) == ("Vote must carry power",)
    kept = meta.getBallot(meta.ballotOf(aave.name, aave.proposal))
    assert (kept.votesFor, kept.votesAgainst, kept.votesAbstain) == (0, 0, 0)


def test_late_purchase__adds_no_votes(meta, aave, pair, coin, holders, stranger, owner):
    """I-26: bought from the pool after the opening, in the very next block."""
    ballot = opened(meta, aave, stranger)
    weth = token_at(addresses.WETH)
    deal(weth, pair, 1_010 * E18)
    out = (4_000 * E18, 0) if pair.token0() == coin else (0, 4_000 * E18)
    pair.swap(*out, holders[1], b"", sender=owner)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[1])
    assert meta.getBallot(ballot).votesFor == 40_000 * E18


# ---------------------------------------------------------------- issue and redeem around it


def votes_in_aave(aave, voters):
    """Let accounts vote in Aave themselves; return all votes counted."""
    for voter in voters:
        aave.contract.submitVote(aave.proposal, True, sender=voter)
    return aave.contract.getProposalById(aave.proposal).forVotes


@pytest.mark.parametrize("redeems_first", [True, False])
def test_issue_and_redeem_around_the_snapshot__no_double_influence(
    meta, managed, set_token, protocol, issuer, stranger, holders, redeems_first
):
    """I-26: AAVE counts where it was at Aave's snapshot: in the index, or in the wallet."""
    aave_token = token_at(addresses.AAVE)
    governor = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    deal(addresses.AAVE, stranger, 100_000 * E18)
    if redeems_first:
        protocol.issuance.redeem(set_token, 400 * E18, issuer, sender=issuer)
    mine()
    arguments = (addresses.AAVE_SHORT_EXECUTOR, *ACTIONS, [False], b"\x02" * 32)
    governor.create(*arguments, sender=stranger)
    proposal = governor.getProposalsCount() - 1
    held = aave_token.balanceOf(set_token), aave_token.balanceOf(issuer)
    # After the snapshot the same AAVE goes to the other place.
    if redeems_first:
        protocol.issuance.issue(set_token, 400 * E18, issuer, sender=issuer)
    else:
        protocol.issuance.redeem(set_token, 400 * E18, issuer, sender=issuer)
    assert (aave_token.balanceOf(set_token) > held[0]) is redeems_first

    aave = Governor(deploy.AAVE_GOVERNANCE, governor, proposal, None, "")
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, aave.name, aave.proposal, sender=stranger)
    assert governor.getVoteOnProposal(proposal, set_token).votingPower == held[0]
    assert votes_in_aave(aave, [issuer]) == sum(held)


@pytest.fixture
def proto(protocol, managed, owner, stranger):
    """Open a vote in Aave's first governance."""
    governor = contract_at(artifact(protocols.AAVE_V1_GOVERNANCE), addresses.AAVE_V1_GOVERNANCE)
    adapter = owner.deploy(project.AaveGovernanceAdapter, governor, addresses.AAVE)
    registry = protocol.integration_registry
    registry.addIntegration(protocol.governance, AAVE_V1, adapter, sender=owner)
    genesis = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    blocks = max(governor.MIN_STATUS_DURATION(), 2 * BLOCKS_PER_DAY)
    terms = (governor.MIN_THRESHOLD(), stranger, blocks, blocks, 2)
    governor.newProposal(b"\x01" * 32, b"\x02" * 32, *terms, sender=genesis)
    return Governor(AAVE_V1, governor, 0, None, "")


def test_redeem_vote_issue__does_not_shrink_the_vote(
    meta,
    managed,
    proto,
    set_token,
    protocol,
    issuer,
    stranger,
    holders,
):
    """I-26: a stranger with borrowed shares of the index cannot have it vote with a crumb."""
    ballot = opened(meta, proto, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    full = token_at(addresses.AAVE).balanceOf(set_token)

    # What follows fits into one transaction; the shares may come from a flash swap.
    quantity = set_token.balanceOf(issuer) - 1000
    protocol.issuance.redeem(set_token, quantity, issuer, sender=issuer)
    meta.execute(set_token, proto.name, 0, sender=issuer)
    protocol.issuance.issue(set_token, quantity, issuer, sender=issuer)
    # Rounding leaves a unit more.
    assert token_at(addresses.AAVE).balanceOf(set_token) - full in (0, 1)

    assert proto.contract.getVoterData(0, set_token)[2] < 1_000
    meta.execute(set_token, proto.name, 0, sender=stranger)
    assert proto.contract.getVoterData(0, set_token)[2] >= full
    with ape.reverts("Index has voted already"):
        meta.execute(set_token, proto.name, 0, sender=stranger)


def test_struck_off__can_vote_again(
    meta,
    managed,
    proto,
    set_token,
    protocol,
    issuer,
    stranger,
    holders,
):
    """I-26: an honest redemption and a challenge do not silence the index for good."""
    ballot = opened(meta, proto, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, proto.name, 0, sender=stranger)
    held = token_at(addresses.AAVE).balanceOf(set_token)
    # Others have just too little without the index.
    has = token_at(addresses.AAVE).balanceOf(stranger)
    deal(addresses.AAVE, stranger, 130_000 * E18 - held // 2 - has)
    proto.contract.submitVoteByVoter(0, 1, addresses.AAVE, sender=stranger)
    protocol.issuance.redeem(set_token, set_token.balanceOf(issuer) // 10, issuer, sender=issuer)
    blocks = max(proto.contract.MIN_STATUS_DURATION(), 2 * BLOCKS_PER_DAY)
    mine(blocks)
    proto.contract.tryToMoveToValidating(0, sender=stranger)
    proto.contract.challengeVoters(0, [set_token], sender=stranger)
    status = proto.contract.getProposalBasicData(0)[8]
    assert (proto.contract.getVoterData(0, set_token)[2], status) == (0, 1)
    meta.execute(set_token, proto.name, 0, sender=stranger)


def test_redeem_after_the_vote__at_a_governor_without_snapshots(
    meta, proto, set_token, protocol, issuer, stranger, holders
):
    """I-26: Aave's first governance counts what is there now: the same AAVE twice is struck off."""
    governor, aave = proto.contract, proto
    blocks = governor.getProposalBasicData(0)[4]
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, aave.name, 0, sender=stranger)
    held = token_at(addresses.AAVE).balanceOf(set_token)
    assert governor.getVoterData(0, set_token)[:3] == (1, 100, held)

    protocol.issuance.redeem(set_token, 400 * E18, issuer, sender=issuer)
    governor.submitVoteByVoter(0, 1, addresses.AAVE, sender=issuer)
    # Somebody else's votes meet the threshold, so that the count is taken to be checked.
    deal(addresses.AAVE, stranger, 130_001 * E18)
    governor.submitVoteByVoter(0, 2, addresses.AAVE, sender=stranger)
    mine(blocks)
    governor.tryToMoveToValidating(0, sender=stranger)
    left = token_at(addresses.AAVE).balanceOf(set_token)
    assert left < held
    governor.challengeVoters(0, [set_token], sender=stranger)
    assert governor.getVoterData(0, set_token)[2] == 0
