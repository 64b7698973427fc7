"""The index votes in Aave's governance with the AAVE it holds."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import ape
from eth_abi.abi import encode

from indexkit.deploy import AAVE_GOVERNANCE
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.published_index import Index

if TYPE_CHECKING:
    from ape.api import ReceiptAPI
    from ape.contracts import ContractInstance

Operate = Callable[..., "ReceiptAPI"]

PROPOSER = addresses.labelled("indexkit.vote.proposer")
PROPOSITION = 100_000 * 10**18
"""AAVE the proposer gets {base units}: more than the 0.5 % of supply that proposing asks for."""

ACTIVE = 2
"""Aave governance v2's state of a proposal that can be voted on."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A vote as Aave's own contract recorded it.

    Attributes
    ----------
    proposal
        Its id in Aave governance v2.
    support
        For or against.
    power
        Votes counted {AAVE base units}.
    votes_for
        All votes for the proposal afterwards.
    held
        AAVE the index holds {base units}.
    gas
        Of the transaction.
    """

    proposal: int
    support: bool
    power: int
    votes_for: int
    held: int
    gas: int

    def as_json(self) -> dict[str, Any]:
        """Return the receipt with integers as decimal strings."""
        return {key: str(value) for key, value in asdict(self).items()}


def aave_held(token: "ContractInstance") -> int:
    """Return the AAVE that an index holds {base units}.

    Raises
    ------
    IndexkitError
        If it holds none.
    """
    held = int(token_at(addresses.AAVE).balanceOf(token))
    if held == 0:
        raise IndexkitError(
            f"{token.symbol()} holds no AAVE, so it has no vote in Aave's governance: "
            "choose a rebalance of an index that does."
        )
    return held


def vote_in_aave(index: Index, operate: Operate | None = None) -> Receipt:
    """Make a proposal in Aave governance v2 and vote for it with the index.

    The proposal is a stranger's and does nothing when executed (it asks AAVE for its total supply).
    The index votes through GovernanceModule; the receipt is read back from Aave's contract.

    Parameters
    ----------
    operate
        Has the index's manager call a contract's function; by default the manager is an account.

    Raises
    ------
    IndexkitError
        If the index holds no AAVE, or the proposal does not become active.
    """
    held = aave_held(index.token)
    governance = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    proposal = _propose(governance)
    _open_vote(governance, proposal)

    arguments = (index.token, AAVE_GOVERNANCE, proposal, True, b"")
    if operate is None:
        receipt = index.protocol.governance.vote(*arguments, sender=index.roles.manager)
    else:
        receipt = operate(index.protocol.governance, "vote", *arguments)
    support, power = governance.getVoteOnProposal(proposal, index.token)
    return Receipt(
        proposal=proposal,
        support=support,
        power=power,
        votes_for=governance.getProposalById(proposal).forVotes,
        held=held,
        gas=receipt.gas_used,
    )


def _propose(governance: Any) -> int:
    provider = ape.chain.provider
    provider.set_balance(PROPOSER, 10**18)
    source = ape.accounts.test_accounts[9]
    proposer = ape.accounts.test_accounts.impersonate_account(PROPOSER)
    deal(addresses.AAVE, source, PROPOSITION)
    # A transfer, not a balance out of nothing: AAVE counts votes by what moved.
    token_at(addresses.AAVE).transfer(proposer, PROPOSITION, sender=source)
    mine(1)
    receipt = governance.create(
        addresses.AAVE_SHORT_EXECUTOR,
        [addresses.AAVE],
        [0],
        ["totalSupply()"],
        [b""],
        [False],
        encode(["bytes32"], [b"index votes"]),
        sender=proposer,
    )
    # By the event's own ABI: on a live fork Ape does not know what lies at Aave's address.
    (created,) = governance.ProposalCreated.from_receipt(receipt)
    return int(created.id)


def _open_vote(governance: Any, proposal: int) -> None:
    """Let blocks pass until voting has begun."""
    start = governance.getProposalById(proposal).startBlock
    mine(max(0, start - ape.chain.provider.get_block("latest").number) + 1)
    state = governance.getProposalState(proposal)
    if state != ACTIVE:
        raise IndexkitError(
            f"Proposal {proposal} in Aave's governance is in state {state}, not open for votes "
            "(2): look at its start block and the chain's."
        )
