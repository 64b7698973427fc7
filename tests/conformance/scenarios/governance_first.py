"""GovernanceModule in Aave's first governance, in Compound's, and with Snapshot's registry."""

from eth_abi.abi import encode
from twins.governors import mine, propose_in_aave_v1, propose_in_compound
from twins.interface import interface
from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.world import TOKEN

from indexkit.localnet import addresses
from scenarios.adapters_others import GENESIS, NONE
from scenarios.governance import started

AAVE_V1, COMPOUND, SNAPSHOT = "AaveGovernance", "CompoundGovernance", "SnapshotGovernance"
NO_POWER = "Vote must carry power"
NO_REASON = "Address: low-level call with value failed"
BLOCKS = 1_660
EVERYWHERE = bytes(32)


def proposed(s: Stage) -> None:
    """Let the SetToken hold AAVE and LEND, and open proposal 0."""
    started(s)
    s.name("lend", addresses.LEND, interface(TOKEN))
    s.fund("lend", s.set, 5 * E18)
    propose_in_aave_v1(s)


def look(s: Stage) -> None:
    """Look at proposal 0 and the SetToken's vote."""
    s.aave_v1.getVoterData(0, s.set)
    s.aave_v1.getVotesData(0)
    s.aave_v1.getProposalBasicData(0)


@scenario
def votes_in_aaves_first_governance(s: Stage) -> None:
    """D-16, the receipt: vote with AAVE or LEND, and change one's mind."""
    lend = encode(["address"], [addresses.LEND])
    for support, data in ((True, b""), (False, b""), (True, lend), (False, lend + b"\x01")):
        with s.aside():
            proposed(s)
            s.governance.vote(s.set, AAVE_V1, 0, support, data, by=s.manager)
            look(s)
            s.governance.vote(s.set, AAVE_V1, 0, not support, b"", by=s.manager)
            look(s)


@scenario
def votes_that_aaves_first_governance_refuses(s: Stage) -> None:
    """Pass on the governor's reason: unlisted, without balance, unknown, no longer open."""
    proposed(s)
    vote = s.governance.vote
    uni = encode(["address"], [s.uni.address])
    vote(s.set, AAVE_V1, 0, True, uni, by=s.manager, reverts="ASSET_NOT_LISTED")
    vote(s.set, AAVE_V1, 0, True, b"\x01", by=s.manager, reverts="")
    vote(s.set, AAVE_V1, 1, True, b"", by=s.manager, reverts=NO_REASON)
    with s.aside():
        s.lend.transfer(s.heir, 5 * E18, by=s.set.address)
        lend = encode(["address"], [addresses.LEND])
        vote(s.set, AAVE_V1, 0, True, lend, by=s.manager, reverts="INVALID_VOTER_BALANCE")
    s.fund("aave", s.keeper, 130_001 * E18)
    s.aave_v1.submitVoteByVoter(0, 1, addresses.AAVE, by=s.keeper)
    mine(s, BLOCKS)
    s.aave_v1.tryToMoveToValidating(0, by=s.keeper)
    closed = "VOTING_STATUS_REQUIRED"
    vote(s.set, AAVE_V1, 0, True, b"", by=s.manager, reverts=closed)
    look(s)


@scenario
def what_aaves_first_governance_has_not(s: Stage) -> None:
    """Refuse all but votes, in the original's words."""
    proposed(s)
    s.governance.delegate(s.set, AAVE_V1, s.heir, by=s.manager, reverts=NONE("delegation"))
    s.governance.register(s.set, AAVE_V1, by=s.manager, reverts=NONE("register"))
    s.governance.revoke(s.set, AAVE_V1, by=s.manager, reverts=NONE("revoke"))
    s.governance.propose(s.set, AAVE_V1, b"", by=s.manager, reverts=GENESIS)


@scenario
def delegates_on_snapshot(s: Stage) -> None:
    """Name one delegate for all spaces, another one, none; there is nothing else to do."""
    started(s)

    def delegate(to: object, **expected: str) -> None:
        s.governance.delegate(s.set, SNAPSHOT, to, by=s.manager, **expected)
        s.snapshot.delegation(s.set, EVERYWHERE)

    delegate(s.heir)
    delegate(s.heir, reverts="Already delegated to this address")
    delegate(s.set, reverts="Can't delegate to self")
    delegate(ZERO, reverts="Can't delegate to 0x0")
    delegate(s.trader)
    s.governance.revoke(s.set, SNAPSHOT, by=s.manager)
    s.snapshot.delegation(s.set, EVERYWHERE)
    s.governance.revoke(s.set, SNAPSHOT, by=s.manager, reverts="No delegate set")
    s.governance.register(s.set, SNAPSHOT, by=s.manager, reverts="")
    s.governance.propose(s.set, SNAPSHOT, b"", by=s.manager, reverts="")
    s.governance.vote(s.set, SNAPSHOT, 1, True, b"", by=s.manager, reverts="")


@scenario
def votes_in_compound(s: Stage) -> None:
    """D-16: vote with the COMP registered when the proposal starts; without it, ours refuses."""
    for registered in (True, False):
        with s.aside():
            started(s)
            s.fund("comp", s.set, 1_000 * E18)
            if registered:
                s.governance.register(s.set, COMPOUND, by=s.manager)
            number = propose_in_compound(s)
            refused = {} if registered else {"ours": NO_POWER, "differs": "D-16"}
            vote = (s.set, COMPOUND, number, False, b"")
            with s.aside():
                s.governance.vote(*vote, by=s.manager, **refused)
                s.compound_bravo.getReceipt(number, s.set)
            s.compound_bravo.proposals(number)
