"""GovernanceModule with other governors, and with the adapters of Set V2 under our module."""

from eth_abi.abi import encode
from twins.governors import (
    aave_data,
    compound_data,
    harmless,
    mine,
    propose_in_aave,
    propose_in_uniswap,
)
from twins.interface import interface
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

from indexkit.localnet import addresses
from indexkit.localnet.artifacts import artifact
from scenarios.governance import started

EXTERNAL = "@setprotocol/set-protocol-v2/external/abi"
INTEGRATION = "protocol/integration/governance"
COMP_HELD = 200_000 * E18
NO_POWER = "Vote must carry power"
NO_REASON = "Address: low-level call with value failed"
BRAVO = "Bravo"


def bravo(s: Stage) -> None:
    """Set up Compound's Governor Bravo with COMP, known to the module as "Bravo"."""
    started(s)
    propose_in_uniswap(s)
    s.deploy("timelock", mock("Target"))
    code = artifact(f"{EXTERNAL}/compound/CompoundGovernorBravoDelegate.json")
    s.deploy("bravo_code", code)
    s.deploy(
        "delegator",
        artifact(f"{EXTERNAL}/compound/CompoundGovernorBravoDelegator.json"),
        *(s.timelock, addresses.COMP, s.owner, s.bravo_code),
        *(5_760, 1, 50_000 * E18),
    )
    s.name("bravo", s.delegator.address, interface(code))
    s.bravo._initiate(s.uniswap_governor, by=s.owner)
    kind = "CompoundBravoGovernanceAdapter"
    s.put("comp_adapter", kind, s.bravo, addresses.COMP)
    s.registry.addIntegration(s.governance, BRAVO, s.comp_adapter, by=s.owner)
    s.comp.transfer(s.set, COMP_HELD, by=addresses.MARKET_MAKER)


def proposed(s: Stage) -> int:
    """Let the SetToken propose in Bravo; votes are taken."""
    s.governance.register(s.set, BRAVO, by=s.manager)
    mine(s, 1)
    s.governance.propose(s.set, BRAVO, compound_data(harmless()), by=s.manager)
    mine(s, 1)
    return int(s.bravo.proposalCount())


def look(s: Stage, number: int) -> None:
    """Look at a proposal in Bravo and the SetToken's vote."""
    s.bravo.proposals(number)
    s.bravo.getReceipt(number, s.set)
    s.bravo.state(number)


def original_adapter(s: Stage, kind: str, name: str, *arguments: object) -> Handle:
    """Deploy an adapter of Set V2 and let the module use it."""
    adapter = s.deploy(kind.lower(), set_v2(f"{INTEGRATION}/{kind}"), *arguments)
    s.registry.addIntegration(s.governance, name, adapter, by=s.owner)
    return adapter


@scenario
def delegates_in_bravo(s: Stage) -> None:
    """Move the SetToken's COMP votes to itself, to others, to nobody."""
    bravo(s)
    s.governance.register(s.set, BRAVO, by=s.manager)
    s.comp.delegates(s.set)
    s.governance.delegate(s.set, BRAVO, s.heir, by=s.manager)
    s.comp.getCurrentVotes(s.heir)
    s.governance.revoke(s.set, BRAVO, by=s.manager)
    s.comp.delegates(s.set)
    s.comp.getCurrentVotes(s.heir)


@scenario
def votes_in_bravo(s: Stage) -> None:
    """D-16, the receipt: vote for or against, once, whatever the data."""
    for support, data in ((True, b""), (False, b"ignored"), (True, bytes(32))):
        with s.aside():
            bravo(s)
            number = proposed(s)
            s.governance.vote(s.set, BRAVO, number, support, data, by=s.manager)
            look(s, number)
            twice = "GovernorBravo::castVoteInternal: voter already voted"
            again = (s.set, BRAVO, number, support, b"")
            s.governance.vote(*again, by=s.manager, reverts=twice)


@scenario
def abstains_in_bravo(s: Stage) -> None:
    """D-18."""
    for support in (True, False):
        with s.aside():
            bravo(s)
            number = proposed(s)
            abstain = encode(["uint256"], [2])
            vote = (s.set, BRAVO, number, support, abstain)
            s.governance.vote(*vote, by=s.manager, differs="D-18")
            # The receipt: has voted, how, with how many votes.
            expected = (True, 2 if s.world.name != "original" else int(support), COMP_HELD)
            assert s.bravo.getReceipt.peek(number, s.set) == expected


@scenario
def proposals_that_cannot_be_voted_on_in_bravo(s: Stage) -> None:
    """Leave the last word to the governor: unknown, pending, cancelled."""
    bravo(s)
    number = proposed(s)
    unknown, closed = "GovernorBravo::state: invalid proposal id", "voting is closed"
    closed = f"GovernorBravo::castVoteInternal: {closed}"
    for other in (number + 1, 2**255):
        s.governance.vote(s.set, BRAVO, other, True, b"", by=s.manager, reverts=unknown)
    s.governance.vote(s.set, BRAVO, 0, True, b"", by=s.manager, reverts=unknown)
    with s.aside():
        s.comp.transfer(s.stranger, 60_000 * E18, by=addresses.MARKET_MAKER)
        s.comp.delegate(s.stranger, by=s.stranger)
        columns = ([s.aave], [0], ["totalSupply()"], [b""])
        s.bravo.propose(*columns, "Pending", by=s.stranger)
        later = (s.set, BRAVO, number + 1, True, b"")
        s.governance.vote(*later, by=s.manager, reverts=closed)
        s.governance.vote(*later, by=s.manager)
    s.bravo.cancel(number, by=s.set.address)
    s.governance.vote(s.set, BRAVO, number, True, b"", by=s.manager, reverts=closed)


@scenario
def proposes_in_bravo(s: Stage) -> None:
    """Propose in the SetToken's name, if it has the votes; one live proposal at a time."""
    bravo(s)
    data = compound_data(harmless())
    short = "GovernorBravo::propose: proposer votes below proposal threshold"
    s.governance.propose(s.set, BRAVO, data, by=s.manager, reverts=short)
    number = proposed(s)
    look(s, number)
    active = (
        "GovernorBravo::propose: one live proposal per proposer, found an already active proposal"
    )
    s.governance.propose(s.set, BRAVO, data, by=s.manager, reverts=active)


@scenario
def original_compound_adapter(s: Stage) -> None:
    """Vote through Set V2's adapter, also without power: it cannot tell."""
    started(s)
    name = "Original"
    kind = "CompoundLikeGovernanceAdapter"
    original_adapter(s, kind, name, addresses.UNISWAP_GOVERNOR, addresses.UNI)
    number = propose_in_uniswap(s)
    s.governance.vote(s.set, name, number, True, b"", by=s.manager)
    s.uniswap_governor.getReceipt(number, s.set)
    s.governance.register(s.set, name, by=s.manager)
    mine(s, 1)
    s.governance.propose(s.set, name, b"\x01", by=s.manager, reverts="")
    s.governance.propose(s.set, name, compound_data(harmless()), by=s.manager)
    mine(s, 1)
    s.governance.vote(s.set, name, number + 1, False, b"", by=s.manager)
    s.uniswap_governor.getReceipt(number + 1, s.set)
    s.governance.delegate(s.set, name, s.heir, by=s.manager)
    s.governance.revoke(s.set, name, by=s.manager)
    s.uni_votes.delegates(s.set)


@scenario
def original_bravo_adapter(s: Stage) -> None:
    """Vote through Set V2's adapter: no word in the data abstains."""
    bravo(s)
    number = proposed(s)
    name = "Original"
    original_adapter(s, "CompoundBravoGovernanceAdapter", name, s.bravo, addresses.COMP)
    abstain = encode(["uint256"], [2])
    s.governance.vote(s.set, name, number, True, abstain, by=s.manager)
    look(s, number)
    s.governance.delegate(s.set, name, s.heir, by=s.manager)
    s.governance.register(s.set, name, by=s.manager)
    s.governance.revoke(s.set, name, by=s.manager)


@scenario
def original_aave_adapter(s: Stage) -> None:
    """Vote through Set V2's adapter, also without power: it cannot tell."""
    started(s)
    name = "Original"
    kind = "AaveGovernanceV2Adapter"
    original_adapter(s, kind, name, addresses.AAVE_GOVERNANCE, addresses.AAVE)
    s.governance.propose(s.set, name, b"", by=s.manager, reverts="")
    s.governance.propose(s.set, name, aave_data(harmless(3)), by=s.manager)
    s.governance.vote(s.set, name, 0, True, b"", by=s.manager)
    s.aave_governance.getVoteOnProposal(0, s.set)
    s.governance.delegate(s.set, name, s.heir, by=s.manager)
    number = propose_in_aave(s)
    s.governance.vote(s.set, name, number, True, b"", by=s.manager)
    s.governance.vote(s.set, name, number, False, b"", by=s.manager)
    s.aave_governance.getVoteOnProposal(number, s.set)
    none = "No register available in AAVE governance"
    s.governance.register(s.set, name, by=s.manager, reverts=none)
    s.governance.revoke(s.set, name, by=s.manager, reverts=none.replace("register", "revoke"))


@scenario
def original_aave_v1_adapter(s: Stage) -> None:
    """Vote in Aave's first governance with AAVE, or with an asset named in the data."""
    started(s)
    v1 = f"{EXTERNAL}/aave/v1"
    s.deploy(
        "weights",
        artifact(f"{v1}/AssetVotingWeightProvider.json"),
        *([addresses.AAVE, s.dai], [10, 1]),
    )
    power = artifact(f"{v1}/AavePropositionPower.json")
    s.deploy("proposing", power, "Power", "APP", 18, [s.owner], 1)
    provider = artifact(f"{v1}/GovernanceParamsProvider.json")
    s.deploy("parameters", provider, 1, s.proposing, s.weights)
    s.deploy("proto", artifact(f"{v1}/AaveProtoGovernance.json"), s.parameters)
    kind, name = "AaveGovernanceAdapter", "AaveV1"
    original_adapter(s, kind, name, s.proto, addresses.AAVE)
    words = (b"\x01" * 32, b"\x02" * 32)
    s.proto.newProposal(*words, 13 * 10**24, s.heir, 1_660, 1_660, 3, by=s.owner)
    s.governance.vote(s.set, name, 0, True, b"", by=s.manager)
    s.proto.getVoterData(0, s.set)
    s.governance.vote(s.set, name, 0, False, encode(["address"], [s.dai.address]), by=s.manager)
    s.proto.getVoterData(0, s.set)
    s.proto.getVotesData(0)
    unknown = encode(["address"], [s.usdc.address])
    s.governance.vote(s.set, name, 0, True, unknown, by=s.manager, reverts="ASSET_NOT_LISTED")
    s.governance.vote(s.set, name, 0, True, b"\x01", by=s.manager, reverts="")
    s.governance.vote(s.set, name, 1, True, b"", by=s.manager, reverts=NO_REASON)
    no = "No {} available in AAVE governance".format
    s.governance.delegate(s.set, name, s.heir, by=s.manager, reverts=no("delegation"))
    s.governance.register(s.set, name, by=s.manager, reverts=no("register"))
    s.governance.revoke(s.set, name, by=s.manager, reverts=no("revoke"))
    genesis = "Creation of new proposal only available to AAVE genesis team"
    s.governance.propose(s.set, name, b"", by=s.manager, reverts=genesis)


@scenario
def mock_of_a_governor(s: Stage) -> None:
    """Use an adapter that is its own governor."""
    started(s)
    adapter = s.deploy("mock", set_v2("mocks/integrations/GovernanceAdapterMock"), 7)
    s.registry.addIntegration(s.governance, "Mock", adapter, by=s.owner)
    s.governance.delegate(s.set, "Mock", s.heir, by=s.manager)
    adapter.delegatee()
    s.governance.register(s.set, "Mock", by=s.manager)
    adapter.delegatee()
    s.governance.revoke(s.set, "Mock", by=s.manager)
    adapter.delegatee()
    s.governance.delegate(s.set, "Mock", ZERO, by=s.manager)
    s.governance.propose(s.set, "Mock", b"\x01" * 31, by=s.manager, reverts="")
    s.governance.propose(s.set, "Mock", encode(["uint256"], [9]), by=s.manager)
    adapter.proposalCreated(9)
    s.governance.vote(s.set, "Mock", 9, True, b"x" * 1_024, by=s.manager)
    adapter.proposalToVote(9)
    s.governance.vote(s.set, "Mock", 9, False, b"", by=s.manager)
    adapter.proposalToVote(9)
