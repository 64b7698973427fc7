"""Contracts with one answer to everything, whatever they are asked."""

from indexkit.localnet.artifacts import Artifact


def word(value: int) -> bytes:
    """Return a number as the ABI spells it."""
    return value.to_bytes(32, "big")


def answering(answer: bytes, *, reverting: bool = False) -> Artifact:
    """Return a contract that answers every call with exactly these bytes.

    Parameters
    ----------
    answer
        At most 24,000 bytes.
    reverting
        Whether it reverts with them.
    """
    size = len(answer).to_bytes(2, "big")
    ending = b"\xfd" if reverting else b"\xf3"
    # PUSH2 size, PUSH1 12, PUSH0, CODECOPY, PUSH2 size, PUSH0, RETURN or REVERT, the answer.
    code = b"\x61" + size + b"\x60\x0c\x5f\x39\x61" + size + b"\x5f" + ending + answer
    length = len(code).to_bytes(2, "big")
    creation = b"\x61" + length + b"\x60\x0c\x5f\x39\x61" + length + b"\x5f\xf3" + code
    return Artifact("Answering", (), creation)
