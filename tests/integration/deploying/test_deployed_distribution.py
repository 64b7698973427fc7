"""INDEX distributed as declared: killed and resumed, to the base unit, paid to whom it is due."""

from dataclasses import dataclass
from typing import Any

import ape
import pytest
from ape import project
from ape.api import AccountAPI

from indexkit.deployment import chain, explorers
from indexkit.deployment.manifest import DONE
from indexkit.deployment.steps import Call
from indexkit.economics.circulating import TOTAL
from indexkit.economics.lists import read_initial
from indexkit.economics.schedule import YEAR_S

WAD = 10**18


@dataclass
class Distributed:
    """A deployment that was killed after every event of its distribution.

    Attributes
    ----------
    deployment
        Of a small declaration with a treasury of its own; done.
    nonces
        Of the deployer, before and after.
    """

    deployment: Any
    nonces: tuple[int, int]

    def contract(self, kind: str, step: str) -> Any:
        """Return what a step deployed."""
        return self.deployment.contracts.at(kind, self.deployment.manifest.addresses[step])

    @property
    def token(self) -> Any:
        """INDEX."""
        return self.contract("IndexToken", "dao.index_token")


@pytest.fixture(scope="module")
def distributed(undistributed: Any) -> Distributed:
    """Deploy the rest of it, killed after each write and each broadcast."""
    before = chain.next_nonce(undistributed.account.address)
    while undistributed.killed_at(1):
        pass
    return Distributed(undistributed, (before, chain.next_nonce(undistributed.account.address)))


def test_run__killed_while_it_distributes__nothing_is_paid_twice(
    distributed: Distributed,
) -> None:
    """Each step has one transaction, what it is for holds, and the deployer has nothing (R-45)."""
    deployment = distributed.deployment
    steps = deployment.steps
    first = [step.id for step in steps].index("dao.staking_rewards_funded")

    assert [record.status for record in deployment.manifest.steps.values()] == len(steps) * [DONE]
    assert distributed.nonces[1] - distributed.nonces[0] == len(steps) - first
    for step in steps:
        for view in step.holds if isinstance(step, Call) else ():
            assert deployment.contracts.holds(view, deployment.manifest.addresses), view
    token, addresses = distributed.token, deployment.manifest.addresses
    holders = ("token_stream", "merkle_distributor", "staking_rewards", "methodologist_bounty")
    held = [token.balanceOf(addresses[f"dao.{name}"]) // WAD for name in holders]
    assert held == [7_750_000, 100_000, 900_000, 750_000]
    treasury = deployment.declaration.dao.treasury
    assert token.balanceOf(treasury) == TOTAL - sum(held) * WAD
    assert token.balanceOf(deployment.account) == 0
    assert token.allowance(deployment.account, addresses["dao.token_stream"]) == 0


def test_run__records_who_owns_what_pays(distributed: Distributed) -> None:
    """Distributor and bounty are the deployer's until they are handed over."""
    roles = distributed.deployment.manifest.roles
    deployer = distributed.deployment.account.address
    assert roles["MerkleDistributor.owner"] == roles["MethodologistBounty.owner"] == deployer


def test_claim__with_the_proof_of_the_published_list(
    distributed: Distributed, stranger: AccountAPI
) -> None:
    """Anyone has an account of the list paid, once, exactly what the list says."""
    distributor = distributed.contract("MerkleDistributor", "dao.merkle_distributor")
    published = read_initial()
    claim, proof = published.claims[5], list(published.proofs[5])

    distributor.claim(5, claim.account, claim.amount, proof, sender=stranger)

    assert distributed.token.balanceOf(claim.account) == claim.amount
    with ape.reverts("MerkleDistributor: Drop already claimed."):
        distributor.claim(5, claim.account, claim.amount, proof, sender=stranger)


def test_claim__streams_vest_to_their_recipients(
    distributed: Distributed, stranger: AccountAPI
) -> None:
    """After the first year each has the first segment of the published schedule."""
    streams = distributed.contract("TokenStream", "dao.token_stream")
    terms = distributed.deployment.declaration.distribution.streams
    ape.chain.provider.set_timestamp(terms[0].schedule.begin + YEAR_S)
    ape.chain.provider.mine()
    paid = {}
    for number, each in enumerate(terms[1:], 1):
        streams.claim(number, sender=stranger)
        paid[each.name] = distributed.token.balanceOf(each.recipient)

    for each in terms[1:]:
        second = each.schedule.vested(terms[0].schedule.begin + YEAR_S + 60)
        assert each.schedule.segments[0].amount <= paid[each.name] <= second


def test_notify__the_treasury_starts_liquidity_mining(
    distributed: Distributed, accounts: list[AccountAPI]
) -> None:
    """The farm has its coins; only the treasury has them streamed, all of them."""
    farm = distributed.contract("StakingRewards", "dao.staking_rewards")
    with ape.reverts("Caller is not RewardsDistribution contract"):
        farm.notifyRewardAmount(1, sender=distributed.deployment.account)
    farm.notifyRewardAmount(900_000 * WAD, sender=accounts[7])
    assert farm.rewardRate() == 900_000 * WAD // (60 * 86_400)
    with ape.reverts("Provided reward too high"):
        farm.notifyRewardAmount(1, sender=accounts[7])


def test_deployed__explorers_are_told_of_what_pays(distributed: Distributed) -> None:
    """Each new contract has its source, and constructor arguments that its ABI encodes."""
    listed = explorers.deployed(distributed.deployment.manifest.to_json(), project)
    found = {entry.contract: entry for entry in listed}
    for kind in ("TokenStream", "MerkleDistributor", "StakingRewards", "MethodologistBounty"):
        record = distributed.deployment.manifest.steps[found[kind].step]
        sent = chain.ask("eth_getTransactionByHash", record.transaction)["input"]
        assert sent.endswith(found[kind].arguments.hex()), kind
        assert found[kind].arguments
