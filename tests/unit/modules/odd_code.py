"""Bytecode that no compiler of ours writes: tokens that answer with a bomb of data."""

from typing import Any

BOMBED = ("a9059cbb", "23b872dd", "095ea7b3")
"""Selectors that end in a bomb: transfer, transferFrom, approve."""

RETURN, REVERT = 0xF3, 0xFD


def bomb(token: Any, size: int, ending: int, provider: Any) -> None:
    """Let a token do as before, and then return or revert with `size` bytes.

    Parameters
    ----------
    token
        A contract without immutables; its code moves to another place and is called there.
    size
        {bytes} 300,000 cost 200,000 gas to lay out, and as much to whoever copies them.
    ending
        RETURN or REVERT
    """
    inner = "0x" + f"{int(token.address, 16) ^ 1:040x}"
    provider.set_code(inner, provider.get_code(token.address))
    provider.set_code(token.address, _assemble(inner, size, ending))


def _assemble(inner: str, size: int, ending: int) -> bytes:
    start = bytes.fromhex("365f5f375f5f365f73" + inner[2:] + "5af43d5f5f3e60")
    done = len(start) + 5
    code = start + bytes([done, 0x57]) + bytes.fromhex("3d5ffd") + b"\x5b"
    code += bytes.fromhex("5f3560e01c")
    place = len(code) + 11 * len(BOMBED) + 3
    for selector in BOMBED:
        code += b"\x80\x63" + bytes.fromhex(selector) + b"\x14\x61" + place.to_bytes(2) + b"\x57"
    code += bytes.fromhex("3d5ff3")
    assert len(code) == place
    return code + b"\x5b\x62" + size.to_bytes(3) + b"\x5f" + bytes([ending])
