"""An index whose voter is a MetaGovernor, and votes open in real governors."""

import ape
import pytest
from ape import project
from governors_at_work import (
    AAVE_V1,
    ACTIONS,
    BLOCKS_PER_DAY,
    CIRCULATING,
    COMPOUND,
    E18,
    Governor,
    opened,
    propose,
)

from indexkit import deploy
from indexkit.localnet import addresses, deal, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at


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
    proposal = propose(governor, artifact(protocols.UNI), addresses.UNI, 11 * 10**24, stranger)

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
    proposal = propose(governor, artifact(protocols.COMP), addresses.COMP, 4 * 10**23, stranger)

    def recorded(voter):
        receipt = governor.getReceipt(proposal, voter)
        return receipt.support, receipt.votes

    refusal = "GovernorBravo::castVoteInternal: voting is closed"
    return Governor(COMPOUND, governor, proposal, recorded, refusal)


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


@pytest.fixture(params=["aave", "uniswap", "compound"])
def governor(request):
    """Return each of the governors in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def ballot(meta, governor, stranger):
    """Open the ballot."""
    return opened(meta, governor, stranger)
