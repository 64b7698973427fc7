"""One call, named by its signature, made by whoever has the role for it.

For what no other command does: an incident, a setting, a component of an index that is begun. The
node tries the call first, in the name of who makes it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ape.exceptions import ApeException, ContractLogicError
from eth_abi.abi import decode
from eth_utils.crypto import keccak

from indexkit.acting import act_as
from indexkit.deployment import chain
from indexkit.deployment.parties import party_at
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS
from indexkit.safe import Call, try_call
from indexkit.signatures import encode_call, read_arguments
from indexkit.signing.calls import Meant, write_calls

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI

EXECUTE, AGREE = "execute(address,bytes)", "executeAgreed(address,bytes)"
APPROVAL = "approval(bytes32)"

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{40}\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that somebody wants made.

    Attributes
    ----------
    call
        As it leaves whoever makes it: to an IndexManager, where it goes through one.
    words
        The same for people.
    agreed
        Whether both parties of the IndexManager must make it.
    """

    call: Call
    words: str
    agreed: bool = False

    def try_as(self, maker: str) -> None:
        """Have the node try the call, and change nothing.

        Raises
        ------
        IndexkitError
            It would revert, with the reason; or the node did not answer.
        """
        try:
            try_call(maker, self.call)
        except ContractLogicError as error:
            reason = (error.revert_message or chain.words(error)).rstrip(".")
            raise IndexkitError(
                f"{self.words}, by {maker}, would revert ({reason}): see who may make it in "
                "docs/ROLES.md."
            ) from error
        except chain.UNREACHABLE as error:
            raise chain.unreached(error) from error

    def half(self, maker: str) -> str | None:
        """Say which half of an agreement the call is, if it is one.

        Raises
        ------
        NodeError
            The node did not answer.
        """
        if not self.agreed:
            return None
        data = encode_call(APPROVAL, [_hex(keccak(self.call.data))])
        question = {"to": self.call.to, "data": _hex(data)}
        answer = chain.ask("eth_call", question, "latest")
        party, until = decode(["address", "uint256"], bytes.fromhex(str(answer)[2:]))
        if int(party, 16) in (0, int(maker, 16)):
            return "The first half of an agreement: the other party has 7 days to make the same."
        return f"The second half: {party} made the first, which counts until {until}."

    def make(self, maker: str, signers: "Sequence[AccountAPI]") -> "ReceiptAPI":
        """Make the call, as an account or by the owners of a Safe.

        Raises
        ------
        IndexkitError
            These accounts cannot act for it, or it was refused.
        """
        try:
            return act_as(maker, self.call, signers, "this call")
        except ApeException as error:
            raise IndexkitError(f"{self.words} was not made ({chain.words(error)}).") from error

    def write(self, folder: Path, safe: str) -> str:
        """Write what the owners of a Safe sign, and return the safeTxHash as 0x-hex.

        Raises
        ------
        IndexkitError
            There is no Safe at the address, or a file cannot be written.
        """
        if not party_at(safe).is_safe:
            raise IndexkitError(f"{safe} is no Safe: name who makes the call with --account.")
        return write_calls(folder, safe, [Meant(self.call, self.words)], self.words)


def maker(safe: str | None, accounts: "Sequence[AccountAPI]") -> str:
    """Return who makes a call: a Safe, or the one account that is named.

    Raises
    ------
    IndexkitError
        Neither is named, several accounts without a Safe are, or the Safe's address is malformed.
    """
    if safe is not None:
        _require_address(safe)
        return safe
    if len(accounts) != 1:
        raise IndexkitError("Name who makes the call: one --account, or a Safe with --safe.")
    return str(accounts[0].address)


def wish(
    function: str,
    arguments: Sequence[str],
    at: str,
    *,
    through: str | None = None,
    agreed: bool = False,
    value: int = 0,
) -> Wish:
    """Return the call of a function by its signature.

    Parameters
    ----------
    function
        As `setGuard(address)`.
    arguments
        Texts: numbers in decimal, bytes as 0x-hex, lists, tuples and truth values as JSON.
    at
        Address of the contract.
    through
        The IndexManager that makes the call, if any: for its operator, who may make what is on the
        allow-list.
    agreed
        Whether both parties make it, who may make any.
    value
        Ether that goes with it {wei}.

    Raises
    ------
    IndexkitError
        The signature, an address or an argument is malformed, or ether is to go through a manager.
    """
    for address in (at, *((through,) if through else ()), *_addresses(arguments)):
        _require_address(address)
    data = encode_call(function, read_arguments(function, arguments))
    name = function.partition("(")[0]
    words = f"{name}({', '.join(arguments)}) at {at}"
    if through is None:
        if agreed:
            raise IndexkitError("Only an IndexManager's parties agree: name it with --through.")
        return Wish(Call(at, data, value), words)
    if value:
        raise IndexkitError("An IndexManager sends no ether: leave --value out.")
    outer = AGREE if agreed else EXECUTE
    how = "agreed" if agreed else "operated"
    return Wish(
        Call(through, encode_call(outer, [at, _hex(data)])),
        f"{words}, {how} through {through}",
        agreed,
    )


def _require_address(text: str) -> None:
    if ADDRESS.parse(text) is None:
        raise IndexkitError(f"{text!r} is not {ADDRESS.words}: correct it.")


def _addresses(arguments: Sequence[str]) -> list[str]:
    return [found for text in arguments for found in _ADDRESS.findall(text)]


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
