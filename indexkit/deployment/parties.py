"""Who a role goes to: an account, a Safe, or another contract, as the chain has it."""

from dataclasses import dataclass
from typing import Any

import ape
import requests
from ape.exceptions import ApeException
from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.exceptions import Web3Exception

from indexkit.deployment import chain
from indexkit.deployment.conventions import NOBODY


@dataclass(frozen=True, slots=True)
class Party:
    """Who is at an address.

    Attributes
    ----------
    has_code
        Whether it is a contract.
    owners, threshold
        Of a Safe: who may sign, and how many must; nobody and 0 if it is none.
    """

    address: str
    has_code: bool
    owners: tuple[str, ...] = ()
    threshold: int = 0

    @property
    def is_safe(self) -> bool:
        """Whether it answers as a Safe does."""
        return self.threshold > 0

    def __str__(self) -> str:
        if self.address == NOBODY:
            return "nobody"
        if self.is_safe:
            return f"Safe, {self.threshold} of {len(self.owners)}"
        return "contract" if self.has_code else "account"

    def warning(self) -> str | None:
        """Return what to look at before this party gets a role, if anything."""
        if not self.has_code:
            return f"{self.address} is an account, not a Safe: whoever has its one key has the role"
        if not self.is_safe:
            return f"{self.address} is a contract, but no Safe: see that it can make the calls"
        if self.threshold == 1:
            return f"{self.address} is a Safe that one of its owners can act for alone"
        return None


def party_at(address: str) -> Party:
    """Find out who is at an address.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    if not chain.code(address):
        return Party(address, has_code=False)
    threshold = _answer(address, "getThreshold()", "uint256")
    owners = _answer(address, "getOwners()", "address[]")
    if not threshold or not owners:
        return Party(address, has_code=True)
    return Party(address, True, tuple(map(to_checksum_address, owners)), int(threshold))


def _answer(address: str, function: str, kind: str) -> Any:
    """Return what a contract answers; None if it has no such function."""
    call = {"to": address, "data": "0x" + keccak(text=function)[:4].hex()}
    try:
        answer = ape.chain.provider.make_request("eth_call", [call, "latest"])
        (value,) = decode([kind], HexBytes(answer))
    except (requests.RequestException, OSError) as error:
        raise chain.unreached(error) from error
    except (ApeException, Web3Exception, DecodingError, ValueError):
        return None
    return value
