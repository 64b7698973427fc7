"""When a proposal can be voted on: what the adapters say, and what the real governors do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import ape
import pytest
from ape import project

from indexkit import deploy
from indexkit.localnet import addresses, advance, deal, mine, protocols
from indexkit.localnet.artifacts import artifact, contract_at

E18 = 10**18
DAY_S = 86_400
ZERO = "0x" + "00" * 20
PAYLOAD = ([addresses.UNI], [0], ["totalSupply()"], [b""])
IN_FAVOUR = 1
DELAY_S, PERIOD_S = 1_000, 5_000
NAMES = ("aave", "uniswap", "compound_alpha", "compound_bravo", "timed")
IN_SECONDS = ("timed",)
ABSTAINING = ("compound_bravo", "timed")


@dataclass(frozen=True, slots=True)
class Governor:
    """A governor with its adapter, and how one proposes, votes and cancels there."""

    adapter: Any
    contract: Any
    power: int
    propose: Callable[[Any], int]
    vote: Callable[[int, Any], Any]
    cancel: Callable[[int], Any]


@pytest.fixture(scope="module")
def deployer(accounts):
    """Return who placed the governors: guardian, admin, genesis team."""
    return accounts.impersonate_account(addresses.DEPLOYER)


@pytest.fixture(scope="module")
def voter(owner):
    """Give the owner enough of each token to propose, and let it count."""
    deal(addresses.AAVE, owner, 400_000 * E18)
    for path, address, amount in (
        (protocols.UNI, addresses.UNI, 50 * 10**6),
        (protocols.COMP, addresses.COMP, 500_000),
    ):
        token = contract_at(artifact(path), address)
        deal(token, owner, amount * E18)
        token.invoke_transaction("delegate", owner, sender=owner)
    mine(2)
    return owner


@pytest.fixture(scope="module")
def governors(protocol, voter, deployer, mock):
    """Return the governors by name."""
    aave = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    aave.setVotingDelay(5, sender=deployer)
    uniswap = contract_at(artifact(protocols.GOVERNOR_ALPHA), addresses.UNISWAP_GOVERNOR)
    alpha = contract_at(
        artifact(protocols.COMPOUND_GOVERNOR_ALPHA), addresses.COMPOUND_GOVERNOR_ALPHA
    )
    bravo = contract_at(artifact(protocols.COMPOUND_BRAVO_CODE), addresses.COMPOUND_GOVERNOR_BRAVO)
    timed = voter.deploy(mock("TimeGovernor"), DELAY_S, PERIOD_S)
    timed.setWeight(voter, 7, sender=voter)

    def propose_in_aave(proposer):
        terms = (*PAYLOAD, [False], b"\x01" * 32)
        aave.create(addresses.AAVE_SHORT_EXECUTOR, *terms, sender=proposer)
        return aave.getProposalsCount() - 1

    def compound(adapter, contract, token, power, support, cancels):
        def propose(proposer):
            contract.propose(*PAYLOAD, "One", sender=proposer)
            return contract.proposalCount()

        return Governor(
            voter.deploy(adapter, contract, token),
            contract,
            power * E18,
            propose,
            lambda number, by: contract.castVote(number, support, sender=by),
            lambda number: contract.cancel(number, sender=cancels),
        )

    def give_up(number):
        """Cancel as anybody can when the proposer has not enough votes any more."""
        uni = contract_at(artifact(protocols.UNI), addresses.UNI)
        uni.transfer(deployer, uni.balanceOf(voter), sender=voter)
        mine()
        uniswap.cancel(number, sender=voter)

    like, like_bravo = project.CompoundLikeGovernanceAdapter, project.CompoundBravoGovernanceAdapter
    in_time = compound(like_bravo, timed, timed, 0, IN_FAVOUR, voter)

    def propose_in_time(proposer):
        timed.propose(sender=proposer)
        return timed.proposalCount()

    return {
        "aave": Governor(
            protocol.adapters[deploy.AAVE_GOVERNANCE],
            aave,
            400_000 * E18,
            propose_in_aave,
            lambda number, by: aave.submitVote(number, True, sender=by),
            lambda number: aave.cancel(number, sender=deployer),
        ),
        "uniswap": replace(
            compound(like, uniswap, addresses.UNI, 50 * 10**6, True, voter), cancel=give_up
        ),
        "compound_alpha": compound(like, alpha, addresses.COMP, 500_000, True, deployer),
        "compound_bravo": compound(like_bravo, bravo, addresses.COMP, 500_000, IN_FAVOUR, voter),
        "timed": Governor(in_time.adapter, timed, 7, propose_in_time, in_time.vote, in_time.cancel),
    }


@pytest.fixture
def governor(governors, name):
    """Return the governor of a test's parameter."""
    return governors[name]


@pytest.fixture
def number(governor, voter):
    """Open a proposal."""
    return governor.propose(voter)


def go_to(clock: int, name: str) -> None:
    """Let the next transaction's block have this number, or this timestamp."""
    provider = ape.chain.provider
    if name in IN_SECONDS:
        provider.make_request("evm_setNextBlockTimestamp", [clock])
    else:
        mine(clock - provider.get_block("latest").number - 1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("after_start", "after_end"), [(0, None), (1, None), (None, 0), (None, 1)])
def test_get_proposal_window__as_the_governor(
    governor, number, voter, name, after_start, after_end
):
    """A vote is taken when start < clock <= end, to the block or second (R-12, S-176)."""
    start, end, in_seconds, is_open = governor.adapter.getProposalWindow(number)
    assert (in_seconds, is_open) == (name in IN_SECONDS, True)
    clock = start + after_start if after_end is None else end + after_end
    go_to(clock, name)
    if start < clock <= end:
        governor.vote(number, voter)
        assert governor.adapter.getVotesCast(voter, number) == governor.power
        assert governor.adapter.getVotingPower(voter, number) == governor.power
    else:
        with ape.reverts():
            governor.vote(number, voter)
        assert governor.adapter.getVotesCast(voter, number) == 0
    assert governor.adapter.getProposalWindow(number) == (start, end, in_seconds, clock <= end)


@pytest.mark.parametrize("name", NAMES)
def test_get_proposal_window__of_the_proposal(governor, number, voter, name):
    """Start and end are the governor's delay and period after the proposal (R-12)."""
    made = governor.contract.provider.get_block("latest")
    delay, period = {
        "aave": (5, 19_200),
        "uniswap": (1, 40_320),
        "compound_alpha": (1, 17_280),
        "compound_bravo": (1, 17_280),
        "timed": (DELAY_S, PERIOD_S),
    }[name]
    clock = made.timestamp if name in IN_SECONDS else made.number
    window = (clock + delay, clock + delay + period, name in IN_SECONDS, True)
    assert governor.adapter.getProposalWindow(number) == window


@pytest.mark.parametrize("name", [name for name in NAMES if name != "compound_alpha"])
def test_get_proposal_window__cancelled(governor, number, name):
    """A cancelled proposal keeps its window and is not open (R-12, S-176).

    Not of Compound's Alpha: it cancels at the timelock, which obeys Bravo.
    """
    *window, _ = governor.adapter.getProposalWindow(number)
    governor.cancel(number)
    assert governor.adapter.getProposalWindow(number) == (*window, False)


@pytest.mark.parametrize("name", ["aave", "uniswap", "compound_bravo", "timed"])
def test_get_proposal_window__executed(governor, number, voter, name):
    """A proposal that was carried out is not open (R-12)."""
    start, end, *_ = governor.adapter.getProposalWindow(number)
    go_to(start + 1, name)
    governor.vote(number, voter)
    go_to(end + 1, name)
    if name != "timed":
        governor.contract.queue(number, sender=voter)
        advance(2 * DAY_S + 1)
    governor.contract.execute(number, sender=voter)
    assert governor.adapter.getProposalWindow(number)[3] is False


@pytest.mark.parametrize("name", NAMES)
def test_get_proposal_window__no_such_proposal__reverts(governor, number, stranger, name):
    """Of a proposal that does not exist nothing can be said (R-12)."""
    for unknown in (number + 1, 2**256 - 1, *(() if name == "aave" else (0,))):
        with ape.reverts("No such proposal"):
            governor.adapter.getProposalWindow(unknown)
        with ape.reverts("No such proposal"):
            governor.adapter.getVotingPower(stranger, unknown)


def test_get_proposal_window__aave_without_proposals__reverts(governors, stranger):
    """The id 0 is unknown, too, before there is a proposal (R-12)."""
    aave = governors["aave"]
    assert aave.contract.getProposalsCount() == 0
    with ape.reverts("No such proposal"):
        aave.adapter.getProposalWindow(0)
    with ape.reverts("No such proposal"):
        aave.adapter.getVotingPower(stranger, 0)


@pytest.mark.parametrize("name", NAMES)
def test_can_abstain__bravo_only(governor, name):
    """Abstaining is a choice of Bravo's (R-12, S-178)."""
    assert governor.adapter.canAbstain() is (name in ABSTAINING)


@pytest.mark.parametrize(
    ("mode", "in_seconds"),
    [
        ("mode=timestamp", True),
        ("mode=blocknumber&from=default", False),
        ("mode=timestamps", False),
        ("mode=timestam", False),
        ("", False),
        ("x" * 64, False),
    ],
)
def test_get_proposal_window__clock_mode(governors, voter, mode, in_seconds):
    """Seconds if the governor says so, in the words of EIP-6372 (R-12, S-177)."""
    timed = governors["timed"]
    number = timed.propose(voter)
    timed.contract.setClockMode(mode, sender=voter)
    assert timed.adapter.getProposalWindow(number)[2] is in_seconds


def test_get_voting_power__timed__at_the_start(governors, voter, stranger):
    """Weights given after the proposal's start do not count (I-26)."""
    timed = governors["timed"]
    number = timed.propose(voter)
    start = timed.adapter.getProposalWindow(number)[0]
    go_to(start + 1, "timed")
    timed.contract.setWeight(stranger, 9, sender=voter)
    assert timed.adapter.getVotingPower(stranger, number) == 0
    assert timed.adapter.getVotingPower(voter, number) == 7
