"""An index that votes as INDEX holders decide, and a governor that answers as it is told."""

from dataclasses import dataclass
from typing import Any

from ape import chain, project

from indexkit import deploy
from indexkit.localnet import mine

E18 = 10**18
AGAINST, IN_FAVOUR, ABSTAIN = 0, 1, 2
NAME = "Scripted"
PROPOSAL = 7
BLOCKS_PER_DAY = 100
"""Fewer than there are, so that tests need not mine thousands."""

CIRCULATING = 2_000_000 * E18
QUORUM = 100_000 * E18
"""5 % of what circulates."""

LENGTH = 3 * BLOCKS_PER_DAY


@dataclass(frozen=True, slots=True)
class House:
    """A MetaGovernor, its INDEX, an index it votes for, and the scripted governor's adapter."""

    governor: Any
    index: Any
    manager: Any
    adapter: Any
    target: Any
    protocol: deploy.Protocol
    set_token: Any
    owner: Any

    def propose(
        self,
        length: int = LENGTH,
        *,
        in_seconds: bool = False,
        is_open: bool = True,
        can_abstain: bool = False,
        start: int | None = None,
    ) -> tuple[int, int]:
        """Let the governor have a proposal that is voted on from now on; return start and end."""
        now = chain.blocks.head.timestamp if in_seconds else chain.blocks.head.number
        start = now if start is None else start
        self.adapter.scriptProposal(
            start, start + length, in_seconds, is_open, can_abstain, sender=self.owner
        )
        return start, start + length

    def open(self, proposal: int = PROPOSAL, name: str = NAME) -> bytes:
        """Open the ballot and return its id."""
        receipt = self.governor.open(name, proposal, sender=self.owner)
        (opened,) = receipt.events.filter(self.governor.BallotOpened)
        return bytes(opened._ballot)

    def close(self, ballot: bytes) -> None:
        """Mine until the next transaction is in the first block in which votes are cast."""
        mine(self.governor.getBallot(ballot).close - chain.blocks.head.number - 1)


def build(
    protocol: deploy.Protocol,
    set_token: Any,
    mock: Any,
    owner: Any,
    manager: Any,
    parties: tuple[Any, Any],
    committee: Any,
) -> House:
    """Deploy everything and have the small index managed by a contract whose voter it is."""
    index = deploy.deploy_index_token(project, owner, owner)
    governor = deploy.deploy_meta_governor(
        project,
        owner,
        protocol,
        votes_token=index,
        circulating_supply=CIRCULATING,
        blocks_per_day=BLOCKS_PER_DAY,
        committee=committee,
    )
    index_manager = deploy.deploy_manager(
        project,
        owner,
        set_token,
        fee_module=protocol.streaming_fee,
        operator=parties[0],
        methodologist=parties[1],
        operator_share=E18,
    )
    set_token.setManager(index_manager, sender=manager)
    for party in parties:
        index_manager.setVoter(governor, protocol.governance, sender=party)
    adapter, target = owner.deploy(mock("ScriptedAdapter")), owner.deploy(mock("Target"))
    protocol.integration_registry.addIntegration(protocol.governance, NAME, adapter, sender=owner)
    adapter.script(target, 0, b"", sender=owner)
    adapter.passOn(True, sender=owner)
    adapter.tellPower((5).to_bytes(32, "big"), sender=owner)
    return House(governor, index, index_manager, adapter, target, protocol, set_token, owner)
