"""Two tokens, accounts that stake, the staking contract, and INDEX: the originals' and ours."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ape import chain, project
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractContainer, ContractInstance
from governor_house import QUORUM, House, build

from indexkit.localnet import mine
from indexkit.localnet.artifacts import artifact

E18 = 10**18
DURATION_S = 60 * 86_400
REWARD = 900_000 * E18
HELD = 1_000 * E18

TOKEN = "@setprotocol/set-protocol-v2/artifacts/contracts/mocks/StandardTokenMock.sol"
STAKING = "@setprotocol/index-coop-contracts/artifacts/contracts/staking/StakingRewardsV2.sol"


@pytest.fixture(scope="session")
def distribution(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Notifies of rewards, and holds them before."""
    return accounts[7]


@pytest.fixture(scope="session")
def staker(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Stakes; has approved every contract of `make_rewards`."""
    return accounts[8]


@pytest.fixture(scope="session")
def latecomer(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Stakes too, later."""
    return accounts[9]


@pytest.fixture(scope="session")
def make_token(distribution: AccountAPI) -> Callable[[str], ContractInstance]:
    """Return a function that deploys a plain token, of which the distribution holds everything."""
    container = artifact(f"{TOKEN}/StandardTokenMock.json").container()

    def make(symbol: str) -> ContractInstance:
        arguments = (distribution, 10**30, symbol, symbol, 18)
        return distribution.deploy(container, *arguments)

    return make


@pytest.fixture(scope="session")
def coin(make_token: Callable[[str], ContractInstance]) -> ContractInstance:
    """Return the token that is paid."""
    return make_token("COIN")


@pytest.fixture(scope="session")
def share(make_token: Callable[[str], ContractInstance]) -> ContractInstance:
    """Return the token that is staked."""
    return make_token("SHARE")


@pytest.fixture(scope="session")
def original_staking() -> ContractContainer:
    """Return Index Coop's compiled StakingRewardsV2."""
    return artifact(f"{STAKING}/StakingRewardsV2.json").container()


@pytest.fixture(scope="session")
def make_rewards(
    distribution: AccountAPI,
    staker: AccountAPI,
    latecomer: AccountAPI,
    coin: ContractInstance,
    share: ContractInstance,
) -> Callable[..., ContractInstance]:
    """Return a function that deploys a staking contract and gives both stakers tokens to stake."""

    def make(
        paid: ContractInstance = coin,
        staked: ContractInstance = share,
        duration: int = DURATION_S,
        code: ContractContainer = project.StakingRewards,
    ) -> ContractInstance:
        rewards = distribution.deploy(code, distribution, paid, staked, duration)
        for account in (staker, latecomer):
            staked.transfer(account, 10**27, sender=distribution)
            staked.approve(rewards, 2**256 - 1, sender=account)
        return rewards

    return make


@pytest.fixture(scope="session")
def rewards(make_rewards: Callable[..., ContractInstance]) -> ContractInstance:
    """Deploy the staking contract; nothing is staked, nothing notified."""
    return make_rewards()


@pytest.fixture(scope="session")
def fund(distribution: AccountAPI, coin: ContractInstance) -> Callable[..., ReceiptAPI]:
    """Return a function that sends a staking contract its reward {coin} and notifies it."""

    def send(rewards: ContractInstance, reward: int = REWARD) -> ReceiptAPI:
        coin.transfer(rewards, reward, sender=distribution)
        return rewards.notifyRewardAmount(reward, sender=distribution)

    return send


@pytest.fixture(scope="session")
def at() -> Callable[..., ReceiptAPI]:
    """Return a function that sends a transaction at a time {s}."""

    def send(time: int, function: Any, *arguments: Any, sender: AccountAPI) -> ReceiptAPI:
        chain.pending_timestamp = time
        return function(*arguments, sender=sender)

    return send


# ---------------------------------------------------------------- INDEX


@pytest.fixture(scope="session")
def treasury(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Is credited with all INDEX there is."""
    return accounts[7]


@pytest.fixture(scope="session")
def holder(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Return who holds `HELD` INDEX and has not delegated."""
    return accounts[8]


@pytest.fixture(scope="session")
def delegate(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Return who holds nothing, and votes for others."""
    return accounts[9]


@pytest.fixture(scope="session")
def index_token(treasury: AccountAPI, holder: AccountAPI) -> ContractInstance:
    """Deploy INDEX."""
    token = treasury.deploy(project.IndexToken, treasury)
    token.transfer(holder, HELD, sender=treasury)
    return token


@pytest.fixture(scope="session")
def count_for(index_token: ContractInstance) -> Callable[..., ReceiptAPI]:
    """Return a function that delegates INDEX; Ape's contracts have another `delegate`."""

    def send(delegatee: Any, sender: AccountAPI) -> ReceiptAPI:
        return index_token.invoke_transaction("delegate", delegatee, sender=sender)

    return send


@pytest.fixture(scope="module")
def committee(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Choose where the holders of INDEX did not."""
    return accounts[7]


@pytest.fixture(scope="module")
def holders(accounts: Sequence[AccountAPI]) -> Sequence[AccountAPI]:
    """Hold INDEX: 1 less than the quorum, 1, and as much as the first."""
    return accounts[8:11]


@pytest.fixture(scope="module")
def house(
    protocol: Any,
    set_token: ContractInstance,
    mock: Callable[[str], ContractContainer],
    owner: AccountAPI,
    manager: AccountAPI,
    accounts: Sequence[AccountAPI],
    holders: Sequence[AccountAPI],
    committee: AccountAPI,
) -> House:
    """Build an index that votes as holders decide, and give them their votes."""
    built = build(protocol, set_token, mock, owner, manager, accounts[11:13], committee)
    for holder, amount in zip(holders, (QUORUM - E18, E18, QUORUM - E18), strict=True):
        built.index.transfer(holder, amount, sender=owner)
        built.index.invoke_transaction("delegate", holder, sender=holder)
    mine(2)
    return built
