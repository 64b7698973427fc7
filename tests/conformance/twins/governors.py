"""The governors of the localnet on a stage: their names, proposals of others, and time to vote."""

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact
from twins.interface import interface
from twins.stage import E18, Stage

NAMES = {
    "uniswap_governor": (addresses.UNISWAP_GOVERNOR, protocols.GOVERNOR_ALPHA),
    "uni_votes": (addresses.UNI, protocols.UNI),
    "aave_v1": (addresses.AAVE_V1_GOVERNANCE, protocols.AAVE_V1_GOVERNANCE),
    "aave_governance": (addresses.AAVE_GOVERNANCE, protocols.AAVE_GOVERNANCE),
    "aave_votes": (addresses.AAVE, protocols.AAVE_TOKEN),
    "staked_aave": (addresses.STKAAVE, protocols.AAVE_TOKEN),
    "aave_strategy": (addresses.AAVE_STRATEGY, protocols.AAVE_STRATEGY),
    "snapshot": (addresses.SNAPSHOT_DELEGATE_REGISTRY, protocols.SNAPSHOT_DELEGATE_REGISTRY),
    "comp": (addresses.COMP, protocols.COMP),
    "compound_bravo": (addresses.COMPOUND_GOVERNOR_BRAVO, protocols.COMPOUND_BRAVO_CODE),
}
"""The contracts behind the governance adapters, with their whole ABIs."""

PROPOSER_UNI, PROPOSER_AAVE, PROPOSER_COMP = 11 * 10**6 * E18, 100_000 * E18, 70_000 * E18
"""Enough to propose."""

COMPOUND_PROPOSAL = ("address[]", "uint256[]", "string[]", "bytes[]", "string")
AAVE_PROPOSAL = (
    *("address", "address[]", "uint256[]", "string[]"),
    *("bytes[]", "bool[]", "bytes32"),
)
"""What the adapters' proposal data consists of."""

HASH = bytes(range(32))

PROPOSALS_SLOT, END_BLOCK = 3, 8
"""Where Uniswap's governor keeps its proposals, and their last block in them."""

Actions = Sequence[tuple[Any, int, str, bytes]]


def name_governors(s: Stage) -> None:
    """Give the governors and their tokens names."""
    for name, (address, path) in NAMES.items():
        s.name(name, address, interface(artifact(path)))


def mine(s: Stage, blocks: int) -> None:
    """Let blocks pass."""
    s._node.ask("anvil_mine", hex(blocks))


def harmless(times: int = 1) -> Actions:
    """Return actions that ask AAVE for its total supply."""
    return [(addresses.AAVE, 0, "totalSupply()", b"")] * times


def compound_data(actions: Actions, description: str = "Change nothing") -> bytes:
    """Return the proposal data of Compound's kind of governor."""
    return encode(COMPOUND_PROPOSAL, [*_columns(actions), description])


def aave_data(actions: Actions, executor: str = addresses.AAVE_SHORT_EXECUTOR) -> bytes:
    """Return the proposal data of Aave's governance."""
    columns = _columns(actions)
    return encode(AAVE_PROPOSAL, [executor, *columns, [False] * len(actions), HASH])


def propose_in_uniswap(s: Stage) -> int:
    """Let the keeper propose in Uniswap's governance; one block later votes are taken."""
    s.fund("uni", s.keeper, PROPOSER_UNI)
    s.uni_votes.delegate(s.keeper, by=s.keeper)
    mine(s, 1)
    number = s.uniswap_governor.propose(*_columns(harmless()), "One", by=s.keeper)
    mine(s, 1)
    return int(number)


def propose_in_aave(s: Stage) -> int:
    """Let the keeper propose in Aave's governance; votes are taken at once."""
    s.fund("aave", s.keeper, PROPOSER_AAVE)
    mine(s, 1)
    arguments = (addresses.AAVE_SHORT_EXECUTOR, *_columns(harmless()), [False], HASH)
    return int(s.aave_governance.create(*arguments, by=s.keeper))


def propose_in_aave_v1(s: Stage) -> None:
    """Let the genesis team propose in Aave's first governance; the proposals are 0, 1, ….

    A vote that brings more than 13 million ends after 1,660 blocks, and so does its validation.
    """
    words = (b"\x01" * 32, b"\x02" * 32)
    terms = (13 * 10**24, s.heir, 1_660, 1_660, 2)
    s.aave_v1.newProposal(*words, *terms, by=addresses.DEPLOYER)


def propose_in_compound(s: Stage) -> int:
    """Let the keeper propose in Compound's Bravo; when its delay is over votes are taken."""
    s.fund("comp", s.keeper, PROPOSER_COMP)
    s.comp.delegate(s.keeper, by=s.keeper)
    mine(s, 1)
    number = s.compound_bravo.propose(*_columns(harmless()), "One", by=s.keeper)
    mine(s, protocols.COMPOUND_BRAVO_PARAMETERS["votingDelay"] + 1)
    return int(number)


def end_uniswap_vote(s: Stage, number: int) -> None:
    """End a vote now, which otherwise takes a week of blocks."""
    proposal = keccak(encode(["uint256", "uint256"], [number, PROPOSALS_SLOT]))
    slot = int.from_bytes(proposal, "big") + END_BLOCK
    now = int(s._node.ask("eth_blockNumber"), 16)
    words = (f"0x{slot:064x}", f"0x{now:064x}")
    s._node.ask("anvil_setStorageAt", addresses.UNISWAP_GOVERNOR, *words)
    assert s.uniswap_governor.proposals.peek(number)[4] == now
    mine(s, 1)


def quick_executor(s: Stage) -> str:
    """Authorise an executor of Aave's under which a vote takes one block; return its address."""
    parameters = protocols.AAVE_EXECUTOR_PARAMETERS | {"voteDuration": 1}
    executor = s.deploy(
        "quick_executor",
        artifact(protocols.AAVE_EXECUTOR),
        addresses.AAVE_GOVERNANCE,
        *parameters.values(),
    )
    s.aave_governance.authorizeExecutors([executor], by=addresses.DEPLOYER)
    return executor.address


def _columns(actions: Actions) -> list[list[Any]]:
    return [list(column) for column in zip(*actions, strict=True)] or [[], [], [], []]
