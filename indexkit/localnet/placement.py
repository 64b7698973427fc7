"""Placing compiled contracts at chosen addresses of a local node: anvil, or Hardhat's."""

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.localnet.artifacts import Artifact
from indexkit.localnet.rpc import Rpc

GAS = hex(20_000_000)


class Placement:
    """Transactions, calls and deployments through raw JSON-RPC.

    Parameters
    ----------
    rpc
        An anvil with base fee 0 that accepts any sender (``--auto-impersonate``).
    """

    def __init__(self, rpc: Rpc) -> None:
        self.rpc = rpc

    def place(self, contract: Artifact, address: str, *arguments: Any) -> str:
        """Run a contract's constructor at an address and leave the contract there.

        The creation code is first installed as if it were the contract; a call to it returns the
        runtime code (immutables included), a transaction to it leaves the constructor's storage.

        Parameters
        ----------
        contract, address, arguments
            What, where, and the constructor's arguments.

        Returns
        -------
        str
            The address.
        """
        self.set_code(address, contract.init_code(*arguments))
        self.rpc.call("hardhat_setNonce", address, "0x1")
        request = {"from": addresses.DEPLOYER, "to": address, "gas": GAS}
        runtime = self.rpc.call("eth_call", request, "latest")
        self.transact(request, f"construct {contract.name}")
        self.set_code(address, bytes.fromhex(runtime[2:]))
        return address

    def deploy(self, contract: Artifact, *arguments: Any) -> str:
        """Deploy a contract the ordinary way, at an address nobody knows it by."""
        data = "0x" + contract.init_code(*arguments).hex()
        request = {"from": addresses.DEPLOYER, "data": data, "gas": GAS}
        receipt = self.transact(request, f"deploy {contract.name}")
        return to_checksum_address(receipt["contractAddress"])

    def set_code(self, address: str, code: bytes) -> None:
        """Install runtime code at an address."""
        self.rpc.call("hardhat_setCode", address, "0x" + code.hex())

    def set_balance(self, address: str, amount: int) -> None:
        """Set an ether balance {wei}."""
        self.rpc.call("hardhat_setBalance", address, hex(amount))

    def send(
        self,
        contract: Artifact,
        address: str,
        function: str,
        *arguments: Any,
        sender: str = addresses.DEPLOYER,
        value: int = 0,
    ) -> None:
        """Send a transaction; value {wei}."""
        request = {
            "from": sender,
            "to": address,
            "data": _calldata(contract, function, arguments),
            "value": hex(value),
            "gas": GAS,
        }
        self.transact(request, f"{contract.name}.{function}")

    def transact(self, request: dict[str, str], what: str) -> dict[str, Any]:
        """Send a transaction and return its receipt.

        Parameters
        ----------
        what
            It does, for the complaint.

        Raises
        ------
        IndexkitError
            It reverted.
        """
        receipt = self.mined(request)
        if receipt["status"] != "0x1":
            raise IndexkitError(f"Building the localnet failed: {what} reverted.")
        return receipt

    def mined(self, request: dict[str, str]) -> dict[str, Any]:
        """Have the node mine a transaction, and return its receipt."""
        receipt: dict[str, Any] = self.rpc.call(
            "eth_sendTransactionSync", {**request, "gasPrice": "0x0"}
        )
        return receipt


def _function(contract: Artifact, name: str, arity: int) -> dict[str, Any]:
    return next(
        entry
        for entry in contract.abi
        if entry["type"] == "function" and entry["name"] == name and len(entry["inputs"]) == arity
    )


def _calldata(contract: Artifact, name: str, arguments: Sequence[Any]) -> str:
    entry = _function(contract, name, len(arguments))
    types = [collapse_if_tuple(argument) for argument in entry["inputs"]]
    selector = keccak(text=f"{name}({','.join(types)})")[:4]
    return "0x" + (selector + encode(types, arguments)).hex()
