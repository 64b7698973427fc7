"""An index's seat in a governor: who acts for it, through what, and what the chain knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ape
from ape import project
from ape.exceptions import ApeException
from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

from indexkit.acting import act_as
from indexkit.deploy import INTEGRATION_REGISTRY_ID, NOBODY, selector
from indexkit.errors import IndexkitError
from indexkit.metagov.tally import Outcome
from indexkit.metagov.window import Window
from indexkit.safe import Call

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance

INVOKED = "0x" + keccak(text="Invoked(address,uint256,bytes,bytes)").hex()
ABSTAIN = encode(["uint256"], [2])
"""What Governor Bravo's adapter takes for an abstention."""


@dataclass(frozen=True, slots=True)
class Seat:
    """An index in one governor.

    Attributes
    ----------
    index
        The SetToken.
    module
        The governance module it votes through.
    name
        Of the governor in the IntegrationRegistry.
    adapter
        What the name stands for now.
    """

    index: "ContractInstance"
    module: "ContractInstance"
    name: str
    adapter: "ContractInstance"

    def window(self, proposal: int, blocks_per_day: int) -> tuple[Window, bool]:
        """Return when a proposal is voted on, and whether it is pending or active.

        Raises
        ------
        IndexkitError
            If there is no such proposal, or the adapter cannot tell.
        """
        try:
            start, end, in_seconds, is_open = self.adapter.getProposalWindow(proposal)
        except ApeException as error:
            raise IndexkitError(
                f"{self.name} does not tell when proposal {proposal} is voted on ({error}): "
                "check its number and the adapter."
            ) from error
        day = {} if in_seconds else {"day": blocks_per_day}
        return Window.of(int(start), int(end), in_seconds, **day), is_open

    def votes_cast(self, proposal: int) -> int:
        """Return the votes that the governor has counted of the index."""
        return int(self.adapter.getVotesCast(self.index, proposal))

    def counts_more(self, proposal: int) -> bool:
        """Tell whether the governor would count more votes of the index now than it has.

        Only one that keeps no snapshot can: who redeems, waits for the vote and issues again
        leaves it with less than the index has.
        """
        return int(self.adapter.getVotingPower(self.index, proposal)) > self.votes_cast(proposal)

    def vote(self, proposal: int, outcome: Outcome) -> bytes:
        """Return the calldata for the governance module of a decided vote."""
        extra = ABSTAIN if outcome is Outcome.ABSTAIN else b""
        support = outcome is Outcome.FOR
        call = self.module.vote.encode_input(self.index, self.name, proposal, support, extra)
        return bytes(call)

    def cast_since(self, block: int, proposal: int) -> tuple[tuple[Outcome, str], ...]:
        """Return what the index was made to vote from a block on, and in which transactions.

        Read from the SetToken's own record of its calls: what it really said to the governor.
        """
        said: dict[bytes, Outcome] = {}
        for outcome in (Outcome.FOR, Outcome.AGAINST, Outcome.ABSTAIN):
            extra = ABSTAIN if outcome is Outcome.ABSTAIN else b""
            target, _, data = self.adapter.getVoteCalldata(proposal, outcome is Outcome.FOR, extra)
            # A governor that knows no abstention is told the same as against.
            said.setdefault(bytes(data), outcome)
        query = {
            "address": self.index.address,
            "topics": [INVOKED, "0x" + encode(["address"], [target]).hex()],
            "fromBlock": hex(block),
            "toBlock": "latest",
        }
        found = []
        for log in ape.chain.provider.make_request("eth_getLogs", [query]):
            data, _ = decode(["bytes", "bytes"], bytes.fromhex(log["data"].removeprefix("0x")))
            if data in said:
                found.append((said[data], str(log["transactionHash"])))
        return tuple(found)


def clock(window: Window) -> int:
    """Return the present on a governor's clock: the latest block's number, or its time {s}."""
    head = ape.chain.provider.get_block("latest")
    return int(head.timestamp if window.in_seconds else head.number or 0)


def seat_of(index: str, name: str) -> Seat:
    """Find the module and the adapter that an index votes through.

    Raises
    ------
    IndexkitError
        If it is no index, or has no module that knows the governor.
    """
    try:
        token = project.SetToken.at(index)
        modules = token.getModules()
        controller = project.Controller.at(token.controller())
        registry = project.IntegrationRegistry.at(controller.resourceId(INTEGRATION_REGISTRY_ID))
    except (ApeException, ValueError) as error:
        raise IndexkitError(
            f"{index} is no index on this chain ({error}): check the address and the network."
        ) from error
    for module in modules:
        adapter = registry.getIntegrationAdapter(module, name)
        if adapter != NOBODY:
            # Every adapter that votes has these functions.
            return Seat(
                token,
                project.GovernanceModule.at(module),
                name,
                project.AaveGovernanceV2Adapter.at(adapter),
            )
    raise IndexkitError(
        f"No module of {token.symbol()} knows a governor {name!r}: check the name in the "
        "IntegrationRegistry, and that the index has a governance module."
    )


def act(seat: Seat, data: bytes, signers: "Sequence[AccountAPI]") -> "ReceiptAPI":
    """Call the governance module as the index's manager.

    Parameters
    ----------
    seat
        The index.
    data
        Calldata for its module.
    signers
        The manager itself; or its operator; or the owners of the Safe that is one of both.

    Raises
    ------
    IndexkitError
        If these accounts cannot act for the index.
    ContractLogicError
        If the module or the governor refuses.
    """
    acting, call = _acting(seat, data)
    return act_as(acting, call, signers, str(seat.index.symbol()))


def try_to(seat: Seat, data: bytes) -> None:
    """Have the node try the call as the manager, and change nothing.

    Raises
    ------
    ContractLogicError
        If it would fail, with the reason.
    """
    provider = ape.chain.provider
    manager = seat.index.manager()
    provider.send_call(
        provider.network.ecosystem.create_transaction(
            sender=manager, receiver=seat.module.address, data=data
        )
    )


def _acting(seat: Seat, data: bytes) -> tuple[str, Call]:
    """Return who must act, and the call he makes: to the module, or through an IndexManager."""
    manager = str(seat.index.manager())
    contract: Any = project.IndexManager.at(manager) if _is_index_manager(manager) else None
    if contract is None:
        return manager, Call(seat.module.address, data)
    function = next(
        abi.name
        for abi in seat.module.contract_type.mutable_methods
        if selector(seat.module, abi.name) == data[:4]
    )
    if not contract.isAllowed(seat.module, data[:4]):
        raise IndexkitError(
            f"The operator of {seat.index.symbol()} may not {function} alone: have both parties "
            "allow it, or leave it to the voter."
        )
    return str(contract.operator()), Call.of(contract, "execute", seat.module, data)


def _is_index_manager(address: str) -> bool:
    """Whether a contract answers like an IndexManager."""
    if not ape.chain.provider.get_code(address):
        return False
    try:
        project.IndexManager.at(address).isAllowed(NOBODY, b"\0\0\0\0")
    except ApeException:
        return False
    return True
