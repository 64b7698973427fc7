"""The project's compiled contracts as steps need them: handles, init code, calldata, sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ape
from ape.contracts import ContractInstance
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import is_hex_address, to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import chain
from indexkit.deployment.steps import Call, Step, View, as_json, resolve, selector

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager

INTERFACES = {"SetTokenShell": "SetToken"}
"""Whose ABI a contract answers to, if not its own."""

COMPILER_SETTINGS = ("optimize", "enable_decimals")
"""What of the compiler's settings changes bytecode, besides its version and the EVM's."""


@dataclass(frozen=True)
class Contracts:
    """The contracts of a project.

    Attributes
    ----------
    project
        Compiled.
    """

    project: "ProjectManager"

    def at(self, contract: str, address: str) -> ContractInstance:
        """Return the contract of a kind at an address; nobody is asked what is there."""
        return ContractInstance(address, self.type_of(contract))

    def type_of(self, contract: str) -> Any:
        """Return the type whose ABI a kind of contract answers to."""
        return self.own_type(INTERFACES.get(contract, contract))

    def own_type(self, contract: str) -> Any:
        """Return the type of a kind of contract: its ABI and its code."""
        if contract not in self._types:
            self._types[contract] = getattr(self.project, contract).contract_type
        return self._types[contract]

    def resolved(self, value: Any, addresses: Mapping[str, str]) -> Any:
        """Return arguments with addresses and selectors in place of what stands for them."""
        return resolve(value, addresses, self._selector)

    def _selector(self, contract: str, function: str) -> bytes:
        return selector(getattr(self.project, contract).contract_type, function)

    def transaction(self, step: Step, addresses: Mapping[str, str]) -> Any:
        """Return the transaction of a step as Ape has it, unsigned and without an account."""
        arguments = self.resolved(step.arguments, addresses)
        if isinstance(step, Call):
            target = self.at(step.contract, addresses[step.target])
            ecosystem = ape.chain.provider.network.ecosystem
            return ecosystem.create_transaction(
                receiver=target.address,
                data=bytes(getattr(target, step.function).encode_input(*arguments)),
            )
        container = getattr(self.project, step.contract)
        if step.blueprint:
            ecosystem = ape.chain.provider.network.ecosystem
            return ecosystem.encode_contract_blueprint(container.contract_type)
        return container(*arguments)

    def holds(self, view: View, addresses: Mapping[str, str]) -> bool:
        """Ask a contract, and tell whether it answers as expected; a revert is another answer.

        Raises
        ------
        NodeError
            The node did not answer, or there is no such contract.
        """
        answer = chain.attempt(self.question(view, addresses))
        expected = as_json(self.resolved(view.expected, addresses))
        return answer is not None and bool(self.reading(view, answer) == expected)

    def question(self, view: View, addresses: Mapping[str, str]) -> dict[str, str]:
        """Return the call by which a node asks a contract."""
        types = [each.canonical_type for each in self._abi(view).inputs]
        arguments = encode(types, self.resolved(list(view.arguments), addresses))
        data = keccak(text=self._abi(view).selector)[:4] + arguments
        return {"to": addresses[view.target], "data": "0x" + data.hex()}

    def reading(self, view: View, answer: bytes) -> Any:
        """Return what a contract answered, as JSON.

        Raises
        ------
        NodeError
            It is no answer to that question.
        """
        try:
            values = decode([each.canonical_type for each in self._abi(view).outputs], answer)
        except DecodingError as error:
            raise chain.NodeError(
                f"{view.contract} at {view.target} gives no answer to {view.function}: check what "
                "is deployed there ('ape run check')."
            ) from error
        found = values[0] if len(values) == 1 else values
        return _plain(found if view.item is None else found[view.item])

    def _abi(self, view: View) -> Any:
        known = self.type_of(view.contract).view_methods
        return next(abi for abi in known if abi.name == view.function)

    def created(self, step: Call, receipt: Mapping[str, Any]) -> str:
        """Return the address of what a call created, from its event."""
        assert step.creates is not None
        abi = getattr(self.project, step.contract).contract_type.events[step.creates.event]
        decoded = ape.chain.provider.network.ecosystem.decode_logs(receipt["logs"], abi)
        (log,) = list(decoded)
        return str(log.event_arguments[step.creates.field])

    def source_hash(self, contract: str) -> str:
        """Return Vyper's integrity sum of a contract's source with all that it imports."""
        if contract not in self._sums:
            # Vyper is slow to import, and most commands that come here do without it.
            from vyper.compiler.input_bundle import FilesystemInputBundle
            from vyper.compiler.phases import CompilerData

            bundle = FilesystemInputBundle([self.project.path])
            file = bundle.load_file(getattr(self.project, contract).contract_type.source_id)
            self._sums[contract] = str(CompilerData(file, bundle).integrity_sum)
        return self._sums[contract]

    @cached_property
    def _types(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _sums(self) -> dict[str, str]:
        return {}

    def compiler(self) -> dict[str, Any]:
        """Return version, EVM version and settings of the compiler that made the bytecode."""
        (compiler,) = (each for each in self.project.manifest.compilers or () if each.contractTypes)
        settings = compiler.settings or {}
        return {
            "version": str(compiler.version),
            "evm_version": settings["evmVersion"],
            "settings": {key: settings[key] for key in COMPILER_SETTINGS if key in settings},
        }


def _plain(value: Any) -> Any:
    """Return what was decoded as JSON holds it, addresses with their checksums."""
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, str) and is_hex_address(value):
        return to_checksum_address(value)
    return as_json(value)
