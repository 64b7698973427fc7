"""An index whose Safe casts what INDEX holders decide off chain, with a vote open in Aave."""

import pytest
from ape import project
from offchain_terms import E18, PAYLOAD, arguments, until_the_close
from town import build_town

from indexkit import deploy
from indexkit.localnet import addresses, deal, mine, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.metagov import steps
from indexkit.safe import create_safe


@pytest.fixture(scope="module")
def holders(accounts):
    """Hold 60,000, 30,000, and 10,000 INDEX, each delegated to himself."""
    return accounts[5:8]


@pytest.fixture(scope="module")
def index_coin(owner, holders):
    """Deploy INDEX and hand it out."""
    coin = deploy.deploy_index_token(project, owner, owner)
    for holder, amount in zip(holders, (60_000, 30_000, 10_000), strict=True):
        coin.transfer(holder, amount * E18, sender=owner)
        coin.invoke_transaction("delegate", holder, sender=holder)
    return coin


@pytest.fixture(scope="module")
def safe(accounts):
    """Create the operator's Safe: two of three."""
    return create_safe(accounts[8:11], 2, accounts[8])


@pytest.fixture(scope="module")
def index(protocol, set_token, owner, manager, safe, accounts, index_module):
    """Hand the small index over to a manager contract that the Safe operates."""
    contract = deploy.deploy_manager(
        project,
        owner,
        set_token,
        fee_module=protocol.streaming_fee,
        operator=safe.address,
        methodologist=accounts[11],
        operator_share=E18,
        permissions=deploy.operator_permissions(protocol, index_module),
    )
    set_token.setManager(contract, sender=manager)
    return set_token


@pytest.fixture(scope="module")
def aave():
    """Return Aave's governance."""
    return contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)


@pytest.fixture(scope="module")
def proposal(aave, stranger, index):
    """Open a vote at Aave's governor."""
    deal(addresses.AAVE, stranger, 100_000 * E18)
    mine()
    aave.create(addresses.AAVE_SHORT_EXECUTOR, *PAYLOAD, sender=stranger)
    mine()
    return aave.getProposalsCount() - 1


@pytest.fixture
def opened(tmp_path, stranger, index, proposal, index_coin):
    """Propose off chain; return the folder."""
    steps.propose(tmp_path, stranger, **arguments(index, proposal, index_coin))
    return tmp_path


@pytest.fixture
def voted(opened, holders):
    """Return a function: holders vote (None: not), the vote closes, the folder is returned."""

    def vote(*choices):
        for holder, choice in zip(holders, choices, strict=False):
            if choice:
                steps.vote(opened, holder, choice)
        until_the_close()
        return opened

    return vote


@pytest.fixture(scope="module")
def built_town(accounts, tmp_path_factory):
    """Hand INDEX out to streams, farms, lists and a pool; a month passes, and nobody claims."""
    return build_town(accounts, tmp_path_factory.mktemp("lists"))


@pytest.fixture
def town(built_town, tmp_path):
    """Return the town with files of its own, as the chain is this test's own."""
    return built_town.copy(tmp_path / "lists")
