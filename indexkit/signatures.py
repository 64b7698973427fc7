"""Functions named by their signatures, as `setGuard(address)`, and what they are called with."""

import json
import re
from collections.abc import Sequence
from typing import Any

from eth_abi.exceptions import ABITypeError, ParseError
from eth_abi.grammar import BasicType, TupleType, parse
from eth_utils.crypto import keccak

from indexkit.deployment.constructors import encode_values
from indexkit.errors import IndexkitError

_SIGNATURE = re.compile(r"([A-Za-z_]\w*)(\(.*\))")


def types_of(function: str) -> tuple[str, ...]:
    """Return the types of a function's arguments.

    Raises
    ------
    IndexkitError
        It is no signature.
    """
    found = _SIGNATURE.fullmatch(function)
    try:
        if found is None:
            raise ValueError
        if found.group(2) == "()":
            return ()
        kind = parse(found.group(2))
        kind.validate()
        if not isinstance(kind, TupleType) or kind.is_array:
            raise ValueError
        return tuple(each.to_type_str() for each in kind.components)
    except (ParseError, ABITypeError, ValueError) as error:
        raise IndexkitError(
            f"{function!r} is no signature such as setGuard(address): take it from "
            "docs/FUNCTIONS.md."
        ) from error


def read_arguments(function: str, arguments: Sequence[str]) -> list[Any]:
    """Return arguments as `encode_call` takes them.

    Parameters
    ----------
    arguments
        Texts: numbers in decimal, bytes as 0x-hex, lists, tuples and truth values as JSON.

    Raises
    ------
    IndexkitError
        There are too many or too few, or one is no JSON.
    """
    types = types_of(function)
    if len(types) != len(arguments):
        raise IndexkitError(f"{function} takes {len(types)} arguments, not {len(arguments)}.")
    return [_value(kind, text) for kind, text in zip(types, arguments, strict=True)]


def _value(kind: str, text: str) -> Any:
    parsed = parse(kind)
    plain = isinstance(parsed, BasicType) and not parsed.is_array and parsed.base != "bool"
    if plain:
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise IndexkitError(f"{text!r} is no {kind} as JSON ({error}): correct it.") from error


def encode_call(function: str, arguments: Sequence[Any]) -> bytes:
    """Return the calldata of a function.

    Raises
    ------
    IndexkitError
        The arguments do not fit its types.
    """
    types = types_of(function)
    try:
        return keccak(text=function)[:4] + encode_values(types, list(arguments))
    except ValueError as error:
        raise IndexkitError(
            f"{function} does not take {list(arguments)} ({error}): correct them."
        ) from error
