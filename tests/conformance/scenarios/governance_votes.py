"""GovernanceModule: delegations, proposals and votes in the real governors."""

from eth_abi.abi import encode
from twins.canned import answering, word
from twins.governors import (
    AAVE_PROPOSAL,
    COMPOUND_PROPOSAL,
    aave_data,
    compound_data,
    end_uniswap_vote,
    harmless,
    mine,
    propose_in_aave,
    propose_in_uniswap,
    quick_executor,
)
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage

from indexkit.localnet import addresses
from scenarios.governance import UNISWAP, every_call, started

AAVE = "AaveGovernanceV2"
NO_POWER = "Vote must carry power"
CLOSED = "GovernorAlpha::_castVote: voting is closed"


def uniswap_votes(s: Stage) -> None:
    """Look at what Uniswap's token knows of the SetToken."""
    s.uni_votes.delegates(s.set)
    for voter in (s.set, s.heir, s.trader):
        s.uni_votes.getCurrentVotes(voter)


def uniswap_proposal(s: Stage, number: int) -> None:
    """Look at a proposal in Uniswap's governance and the SetToken's vote."""
    s.uniswap_governor.proposals(number)
    s.uniswap_governor.getReceipt(number, s.set)
    s.uniswap_governor.state(number)


def aave_proposal(s: Stage, number: int) -> None:
    """Look at a proposal in Aave's governance and the SetToken's vote."""
    s.aave_governance.getProposalById(number)
    s.aave_governance.getVoteOnProposal(number, s.set)
    s.aave_governance.getProposalState(number)


@scenario
def registers_delegates_and_revokes_in_uniswap(s: Stage) -> None:
    """Move the SetToken's UNI votes to itself, to others, to nobody."""
    started(s)
    uniswap_votes(s)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    uniswap_votes(s)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    s.governance.delegate(s.set, UNISWAP, s.heir, by=s.manager)
    uniswap_votes(s)
    s.issuance.redeem(s.set, E18, s.trader, by=s.issuer)
    uniswap_votes(s)
    s.governance.delegate(s.set, UNISWAP, s.trader, by=s.manager)
    s.governance.revoke(s.set, UNISWAP, by=s.manager)
    uniswap_votes(s)
    s.governance.revoke(s.set, UNISWAP, by=s.manager)
    s.governance.delegate(s.set, UNISWAP, ZERO, by=s.manager)
    s.governance.delegate(s.set, UNISWAP, s.set, by=s.manager)
    uniswap_votes(s)


@scenario
def votes_in_uniswap(s: Stage) -> None:
    """D-16, the receipt: vote with all UNI held when the proposal was made, once."""
    for support in (True, False):
        with s.aside():
            started(s)
            s.governance.register(s.set, UNISWAP, by=s.manager)
            number = propose_in_uniswap(s)
            s.governance.vote(s.set, UNISWAP, number, support, b"", by=s.manager)
            uniswap_proposal(s, number)
            twice = "GovernorAlpha::_castVote: voter already voted"
            s.governance.vote(s.set, UNISWAP, number, support, b"", by=s.manager, reverts=twice)
            s.governance.vote(s.set, UNISWAP, number, not support, b"", by=s.manager, reverts=twice)


@scenario
def votes_that_carry_no_power(s: Stage) -> None:
    """D-16."""
    started(s)
    number = propose_in_uniswap(s)
    first = propose_in_aave(s)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    refused = {"ours": NO_POWER, "differs": "D-16"}
    with s.aside():
        s.governance.vote(s.set, UNISWAP, number, True, b"", by=s.manager, **refused)
        s.uniswap_governor.getReceipt(number, s.set)
    s.governance.delegate(s.set, AAVE, s.heir, by=s.manager)
    mine(s, 1)
    with s.aside():
        second = propose_in_aave(s)
        s.governance.vote(s.set, AAVE, second, False, b"", by=s.manager, **refused)
        s.aave_governance.getVoteOnProposal(second, s.set)
    s.governance.vote(s.set, AAVE, first, True, b"", by=s.manager)
    aave_proposal(s, first)


@scenario
def governor_speaks_before_power_is_asked(s: Stage) -> None:
    """Vote without power where the governor refuses too."""
    started(s)
    number = propose_in_uniswap(s)
    with s.aside():
        end_uniswap_vote(s, number)
        vote = (s.set, UNISWAP, number, True, b"")
        s.governance.vote(*vote, by=s.manager, reverts=CLOSED)
    with s.aside():
        unknown = "GovernorAlpha::state: invalid proposal id"
        s.governance.vote(s.set, UNISWAP, 0, True, b"", by=s.manager, reverts=unknown)


@scenario
def proposals_that_cannot_be_voted_on_in_uniswap(s: Stage) -> None:
    """Leave the last word to the governor: unknown, pending, closed, cancelled."""
    started(s)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    number = propose_in_uniswap(s)
    unknown = "GovernorAlpha::state: invalid proposal id"
    for other in (number + 1, 10**9, MAX_UINT):
        s.governance.vote(s.set, UNISWAP, other, True, b"", by=s.manager, reverts=unknown)
    with s.aside():
        end_uniswap_vote(s, number)
        s.governance.vote(s.set, UNISWAP, number, True, b"", by=s.manager, reverts=CLOSED)
    with s.aside():
        s.uni_votes.delegate(ZERO, by=s.keeper)
        s.uniswap_governor.cancel(number, by=s.stranger)
        s.governance.vote(s.set, UNISWAP, number, True, b"", by=s.manager, reverts=CLOSED)
    s.governance.propose(s.set, UNISWAP, compound_data(harmless()), by=s.manager)
    s.governance.vote(s.set, UNISWAP, number + 1, True, b"", by=s.manager, reverts=CLOSED)
    s.governance.vote(s.set, UNISWAP, number + 1, True, b"", by=s.manager)
    s.governance.vote(s.set, UNISWAP, number, False, b"ignored", by=s.manager)


@scenario
def proposes_in_uniswap(s: Stage) -> None:
    """Propose in the SetToken's name, if it has the votes; one live proposal at a time."""
    started(s)
    short = "GovernorAlpha::propose: proposer votes below proposal threshold"
    data = compound_data(harmless())
    s.governance.propose(s.set, UNISWAP, data, by=s.manager, reverts=short)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    mine(s, 1)
    for refused, reason in (
        (compound_data([]), "GovernorAlpha::propose: must provide actions"),
        (compound_data(harmless(11)), "GovernorAlpha::propose: too many actions"),
        (
            encode(COMPOUND_PROPOSAL, [[s.aave.address], [0, 0], [""], [b""], ""]),
            "GovernorAlpha::propose: proposal function information arity mismatch",
        ),
    ):
        s.governance.propose(s.set, UNISWAP, refused, by=s.manager, reverts=reason)
    with s.aside():
        s.governance.propose(s.set, UNISWAP, compound_data(harmless(10), "x" * 900), by=s.manager)
        s.uniswap_governor.getActions(1)
        uniswap_proposal(s, 1)
    s.governance.propose(s.set, UNISWAP, data, by=s.manager)
    pending = (
        "GovernorAlpha::propose: one live proposal per proposer, found an already pending proposal"
    )
    s.governance.propose(s.set, UNISWAP, data, by=s.manager, reverts=pending)
    mine(s, 1)
    active = pending.replace("pending", "active")
    s.governance.propose(s.set, UNISWAP, data, by=s.manager, reverts=active)
    s.governance.vote(s.set, UNISWAP, 1, True, b"", by=s.manager)
    uniswap_proposal(s, 1)


@scenario
def proposal_is_carried_out(s: Stage) -> None:
    """Propose, vote, queue and execute a proposal that pays the SetToken's heir in UNI."""
    started(s)
    s.fund("uni", s.issuer, 60 * 10**6 * E18)
    s.fund("aave", s.issuer, 10**6 * E18)
    s.fund("dai", s.issuer, 60 * 10**6 * E18)
    s.issuance.issue(s.set, 16 * 10**6 * E18, s.issuer, by=s.issuer)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    s.fund("uni", addresses.UNISWAP_TIMELOCK, 100)
    mine(s, 1)
    payment = s.uni.transfer.data(s.heir, 100)[4:]
    actions = [(s.uni.address, 0, "transfer(address,uint256)", payment)]
    s.governance.propose(s.set, UNISWAP, compound_data(actions), by=s.manager)
    mine(s, 1)
    s.governance.vote(s.set, UNISWAP, 1, True, b"", by=s.manager)
    end_uniswap_vote(s, 1)
    s.uniswap_governor.queue(1, by=s.stranger)
    s.advance(2 * 24 * 3600)
    s.uniswap_governor.execute(1, by=s.stranger)
    uniswap_proposal(s, 1)


@scenario
def delegates_in_aave(s: Stage) -> None:
    """Delegate both powers; there is nothing to register or revoke."""
    started(s)
    none = "No register available in AAVE governance"
    s.governance.register(s.set, AAVE, by=s.manager, reverts=none)
    s.governance.revoke(s.set, AAVE, by=s.manager, reverts=none.replace("register", "revoke"))
    for delegatee in (s.heir, s.trader, s.set):
        s.governance.delegate(s.set, AAVE, delegatee, by=s.manager)
        for power in (0, 1):
            s.aave_votes.getDelegateeByType(s.set, power)
            for voter in (s.set, s.heir, s.trader):
                s.aave_votes.getPowerCurrent(voter, power)
    s.governance.delegate(s.set, AAVE, ZERO, by=s.manager, reverts="INVALID_DELEGATEE")


@scenario
def votes_in_aave(s: Stage) -> None:
    """D-16, the receipt: vote with the AAVE held, once, whatever the data."""
    for support, data in ((True, b""), (False, b"ignored")):
        with s.aside():
            started(s)
            number = propose_in_aave(s)
            s.governance.vote(s.set, AAVE, number, support, data, by=s.manager)
            aave_proposal(s, number)
            vote = (s.set, AAVE, number, support, b"")
            s.governance.vote(*vote, by=s.manager, reverts="VOTE_ALREADY_SUBMITTED")


@scenario
def delegated_aave_counts(s: Stage) -> None:
    """D-16, the receipt: count the votes of others, not what came after the proposal."""
    started(s)
    s.fund("aave", s.heir, 5 * E18)
    s.aave_votes.delegate(s.set, by=s.heir)
    number = propose_in_aave(s)
    s.fund("aave", s.set, 1_000 * E18)
    s.governance.vote(s.set, AAVE, number, True, b"", by=s.manager)
    aave_proposal(s, number)


@scenario
def proposals_that_cannot_be_voted_on_in_aave(s: Stage) -> None:
    """Leave the last word to the governor: unknown, closed, cancelled."""
    started(s)
    s.governance.vote(s.set, AAVE, 0, True, b"", by=s.manager, reverts=NO_REASON)
    number = propose_in_aave(s)
    unknown = "INVALID_PROPOSAL_ID"
    s.governance.vote(s.set, AAVE, number + 1, True, b"", by=s.manager, reverts=NO_REASON)
    for other in (number + 2, MAX_UINT):
        s.governance.vote(s.set, AAVE, other, True, b"", by=s.manager, reverts=unknown)
    with s.aside():
        s.aave_governance.cancel(number, by=addresses.DEPLOYER)
        s.governance.vote(s.set, AAVE, number, True, b"", by=s.manager, reverts="VOTING_CLOSED")
    data = aave_data(harmless(), quick_executor(s))
    s.governance.propose(s.set, AAVE, data, by=s.manager)
    mine(s, 1)
    s.governance.vote(s.set, AAVE, number + 1, True, b"", by=s.manager, reverts="VOTING_CLOSED")
    s.governance.vote(s.set, AAVE, number, True, b"", by=s.manager)


NO_REASON = "Address: low-level call with value failed"


@scenario
def proposes_in_aave(s: Stage) -> None:
    """Propose in the SetToken's name, if it has the power."""
    started(s)
    data = aave_data(harmless())
    with s.aside():
        s.governance.delegate(s.set, AAVE, s.heir, by=s.manager)
        mine(s, 1)
        reason = "PROPOSITION_CREATION_INVALID"
        s.governance.propose(s.set, AAVE, data, by=s.manager, reverts=reason)
    for refused, reason in (
        (aave_data([]), "INVALID_EMPTY_TARGETS"),
        (
            encode(AAVE_PROPOSAL, [s.heir, [s.heir], [0], [], [b""], [False], bytes(32)]),
            "INCONSISTENT_PARAMS_LENGTH",
        ),
        (aave_data(harmless(), s.stranger), "EXECUTOR_NOT_AUTHORIZED"),
    ):
        s.governance.propose(s.set, AAVE, refused, by=s.manager, reverts=reason)
    s.governance.propose(s.set, AAVE, data, by=s.manager)
    s.governance.vote(s.set, AAVE, 0, True, b"", by=s.manager)
    aave_proposal(s, 0)
    s.governance.propose(s.set, AAVE, aave_data(harmless(9)), by=s.manager)
    aave_proposal(s, 1)


@scenario
def data_the_governor_must_judge(s: Stage) -> None:
    """D-17."""
    started(s)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    mine(s, 1)
    passed = {"reverts": "", "ours": NO_REASON, "differs": "D-17"}
    good = compound_data(harmless())
    for data in (b"", b"\x00", good[:-33], good[:160], word(MAX_UINT) + good[32:]):
        s.governance.propose(s.set, UNISWAP, data, by=s.manager, **passed)
        s.governance.propose(s.set, AAVE, data, by=s.manager, **passed)
    with s.aside():
        s.governance.propose(s.set, UNISWAP, good + b"\x01" * 40, by=s.manager, differs="D-17")
        s.uniswap_governor.getActions(1)
        uniswap_proposal(s, 1)
    with s.aside():
        none = "GovernorAlpha::propose: must provide actions"
        data = word(160) * 5 + word(0)
        s.governance.propose(s.set, UNISWAP, data, by=s.manager, reverts=none)


@scenario
def power_told_by_an_adapter(s: Stage) -> None:
    """Vote through an adapter that answers every question with the same words."""
    started(s)
    zero = s.deploy("zero", answering(word(0)))
    s.registry.addIntegration(s.governance, "Zero", zero, by=s.owner)
    s.governance.vote(s.set, "Zero", 1, True, b"", by=s.manager, reverts="")
    two = s.deploy("two", answering(word(0) * 2))
    s.registry.editIntegration(s.governance, "Zero", two, by=s.owner)
    s.governance.vote(s.set, "Zero", 1, True, b"", by=s.manager, reverts="")
    s.governance.register(s.set, "Zero", by=s.manager, reverts="")
    for index, answer in enumerate((word(1), word(MAX_UINT), word(0)[:31])):
        other = s.deploy(f"other_{index}", answering(answer))
        s.registry.editIntegration(s.governance, "Zero", other, by=s.owner)
        every_call(s, s.set, "Zero", by=s.manager, reverts="")
