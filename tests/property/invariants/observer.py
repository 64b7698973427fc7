"""A contract that asks everything in one call: a program of calls, without storage to be hashed."""

from collections.abc import Sequence

ANSWERS = 0x80
"""Where answers begin in memory; a call's data lies before them {bytes}."""

WORD = 32
Question = tuple[str, bytes, int]
"""Whom to ask, with which data, and how many words of the answer to keep."""


def observer(accounts: Sequence[str], questions: Sequence[Question]) -> bytes:
    """Return the code of a contract that answers every call in the same way.

    Parameters
    ----------
    accounts
        Whose ether is read.
    questions
        Views, each with at most 128 bytes of data; what is missing in an answer reads as zeros.

    Returns
    -------
    bytes
        Its answer: time and number of the block, the accounts' ether, then the questions' words.
    """
    place = ANSWERS
    program = [b"\x42", _store(place), b"\x43", _store(place + WORD)]
    place += 2 * WORD
    for account in accounts:
        program += [b"\x73", bytes.fromhex(account[2:]), b"\x31", _store(place)]
        place += WORD
    size = sum(map(len, program)) + len(questions) * len(_ask("0x" + "00" * 20, 0, 0, 0, 0, 0))
    fail = size + len(_answer(0))
    data = fail + len(_FAIL)
    calls = b""
    for target, call, words in questions:
        assert len(call) <= ANSWERS, f"{len(call)} bytes of data are too many"
        program.append(_ask(target, data + len(calls), len(call), place, words * WORD, fail))
        calls += call
        place += words * WORD
    return b"".join((*program, _answer(place - ANSWERS), _FAIL, calls))


def _ask(target: str, data: int, size: int, place: int, kept: int, fail: int) -> bytes:
    """CODECOPY the data to 0, STATICCALL, and JUMPI to the end if it fails."""
    copy = b"\x60" + size.to_bytes(1, "big") + _push(data) + b"\x5f\x39"
    arguments = _push(kept) + _push(place) + b"\x60" + size.to_bytes(1, "big") + b"\x5f"
    call = b"\x73" + bytes.fromhex(target[2:]) + b"\x5a\xfa"
    return copy + arguments + call + b"\x15" + _push(fail) + b"\x57"


def _store(place: int) -> bytes:
    return _push(place) + b"\x52"


def _answer(size: int) -> bytes:
    return _push(size) + _push(ANSWERS) + b"\xf3"


def _push(number: int) -> bytes:
    return b"\x62" + number.to_bytes(3, "big")


_FAIL = b"\x5b\x5f\x5f\xfd"
"""JUMPDEST, REVERT without a word."""
