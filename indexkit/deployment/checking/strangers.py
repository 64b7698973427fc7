"""What stands at an address instead of the contract that belongs there."""

from collections.abc import Mapping

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import chain
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.verification import deployable

STANDARD_SLOTS = {
    "an EIP-1967 proxy to": keccak(text="eip1967.proxy.implementation"),
    "an EIP-1967 proxy with the beacon": keccak(text="eip1967.proxy.beacon"),
}
"""Where upgradeable proxies keep whose code they run: one below these hashes."""

DELEGATION = bytes.fromhex("ef0100")
"""What an account's code begins with that runs another's by EIP-7702."""

PUSH1, PUSH20, PUSH32, DELEGATECALL = 0x60, 0x73, 0x7F, 0xF4
LONGEST_STUB = 128
"""Longest code that is taken for a proxy and nothing else, as EIP-1167 has it {bytes}."""

ALIKE = 10
"""One byte in so many may be another in code that is told to be a changed one."""


def runtimes(contracts: Contracts) -> dict[str, bytes]:
    """Return the runtime code of each of the project's contracts, without immutables."""
    found = {}
    for name in deployable(contracts.project.path):
        code = contracts.own_type(name).runtime_bytecode.bytecode
        found[name] = bytes.fromhex(code.removeprefix("0x"))
    return found


def describe(address: str, code: bytes, known: Mapping[str, bytes]) -> str:
    """Say what the code at an address is: a contract's name if it is one of the project's.

    Parameters
    ----------
    known
        The project's runtime code, see `runtimes`.
    """
    if not code:
        return "no code"
    for name, runtime in known.items():
        if code.startswith(runtime):
            return name
    return _proxy(address, code) or _changed(code, known) or f"foreign code ({_hash(code)})"


def _proxy(address: str, code: bytes) -> str | None:
    if code.startswith(DELEGATION):
        return f"an account that runs the code of {to_checksum_address(code[3:23])}"
    for words, slot in STANDARD_SLOTS.items():
        place = f"0x{int.from_bytes(slot, 'big') - 1:064x}"
        kept = chain.number(chain.ask("eth_getStorageAt", address, place, "latest"))
        if kept:
            return f"{words} {to_checksum_address(kept.to_bytes(32, 'big')[12:])}"
    if len(code) > LONGEST_STUB:
        return None
    delegates, pushed = _delegation(code)
    if delegates and len(pushed) == 1:
        return f"a minimal proxy to {to_checksum_address(pushed[0])}"
    return f"a proxy ({_hash(code)})" if delegates else None


def _changed(code: bytes, known: Mapping[str, bytes]) -> str | None:
    """Return which contract it is with how many bytes changed, if it is nearly one."""
    for name, runtime in known.items():
        if len(code) >= len(runtime):
            changed = sum(a != b for a, b in zip(code, runtime, strict=False))
            if changed * ALIKE < len(runtime):
                return f"{name} with {changed} bytes changed ({_hash(code)})"
    return None


def _hash(code: bytes) -> str:
    return f"keccak-256 0x{keccak(code).hex()}"


def _delegation(code: bytes) -> tuple[bool, list[bytes]]:
    """Tell whether code has a DELEGATECALL, and return the addresses that it pushes."""
    delegates, pushed, place = False, [], 0
    while place < len(code):
        operation = code[place]
        delegates = delegates or operation == DELEGATECALL
        size = operation - PUSH1 + 1 if PUSH1 <= operation <= PUSH32 else 0
        if operation == PUSH20:
            pushed.append(code[place + 1 : place + 21])
        place += 1 + size
    return delegates, pushed
