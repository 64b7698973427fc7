"""Constructor arguments: from a manifest's texts to ABI-encoded bytes."""

from collections.abc import Iterable, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_abi.exceptions import EncodingError
from eth_abi.grammar import ABIType, BasicType, TupleType, parse

from indexkit.errors import IndexkitError


def encode_arguments(place: str, types: Sequence[str], arguments: Any) -> bytes:
    """Return arguments as they follow the init code.

    Parameters
    ----------
    place
        What they are of, for errors.
    types
        The constructor's, such as ``address[]``.
    arguments
        Integers as decimal texts or numbers, addresses and bytes as hex, the rest as JSON has it.

    Raises
    ------
    IndexkitError
        They do not fit the types.
    """
    try:
        return encode_values(types, arguments)
    except ValueError as error:
        wanted = ", ".join(types) or "none"
        raise IndexkitError(
            f"{place}: the arguments do not fit the constructor ({wanted}; {error}): use the "
            "sources and the manifest of one deployment."
        ) from error


def encode_values(types: Sequence[str], arguments: Any) -> bytes:
    """Return the ABI encoding of values that a manifest or a command line has.

    Raises
    ------
    ValueError
        They do not fit the types.
    """
    try:
        if len(arguments) != len(types):
            raise ValueError(f"{len(arguments)} of {len(types)}")
        values = [_value(parse(kind), value) for kind, value in zip(types, arguments, strict=True)]
        return encode(types, values)
    except (EncodingError, TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def product_arguments(created: Sequence[Any], creator: Any, shared: Iterable[Any]) -> list[Any]:
    """Return what the creators pass to the constructor of a product that an index is.

    IndexCreator manages the SetToken until it hands it over, so that it is the first manager.

    Parameters
    ----------
    created
        The arguments of IndexCreator.create.
    creator
        Address of IndexCreator.
    shared
        Addresses of the controller, and of the SetToken whose code products share.

    Raises
    ------
    ValueError
        They are not the arguments of that function.
    """
    components, units, setups, _manager, title, symbol = created
    modules = [module for module, _selector, _arguments in setups]
    controller, logic = shared
    return [components, units, modules, controller, creator, title, symbol, logic]


def _value(kind: ABIType, value: Any) -> Any:
    """Return a value as the encoder takes it."""
    if kind.is_array:
        return [_value(kind.item_type, item) for item in _listed(value)]
    if isinstance(kind, TupleType):
        return tuple(
            _value(part, item) for part, item in zip(kind.components, _listed(value), strict=True)
        )
    if isinstance(kind, BasicType) and kind.base in ("uint", "int") and isinstance(value, str):
        return int(value)
    if isinstance(kind, BasicType) and kind.base == "bytes":
        return bytes.fromhex(str(value).removeprefix("0x"))
    return value


def _listed(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")
    return value
