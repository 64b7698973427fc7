"""Real governors with a proposal under way, and a ballot on it."""

from dataclasses import dataclass
from typing import Any

from ape import chain, project

from indexkit.localnet import addresses, deal, mine
from indexkit.localnet.artifacts import contract_at

E18 = 10**18
BLOCKS_PER_DAY = 500
CIRCULATING = 1_000_000 * E18
ACTIONS = ([addresses.AAVE], [0], ["totalSupply()"], [b""])
COMPOUND = "Compound"
AAVE_V1 = "AaveV1"
AGAINST, IN_FAVOUR, ABSTAIN = 0, 1, 2


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


def propose(governor, token, address, power, proposer):
    """Give somebody enough votes and let him propose."""
    deal(address, proposer, power)
    contract_at(token, address).invoke_transaction("delegate", proposer, sender=proposer)
    mine()
    governor.propose(*ACTIONS, "Nothing", sender=proposer)
    return governor.proposalCount()


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
