"""The steps that a plan is made of: plain data, with arguments that may refer to earlier steps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from indexkit.deployment.networks import Exchange


@dataclass(frozen=True, slots=True)
class Address:
    """As an argument: the address that an earlier step gave."""

    step: str


@dataclass(frozen=True, slots=True)
class Selector:
    """As an argument: the four bytes a contract's function is called by."""

    contract: str
    function: str


@dataclass(frozen=True, slots=True)
class Pair:
    """As an argument: the address of two tokens' pair on an exchange, whether it is there or not.

    Attributes
    ----------
    tokens
        Addresses, or what stands for them.
    """

    exchange: Exchange
    tokens: tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class View:
    """A question to a contract, and the answer that is expected.

    Attributes
    ----------
    target
        The step that deployed the contract.
    contract
        Its kind.
    item
        Which of several answers is compared; None for the only one, or all of them.
    """

    target: str
    contract: str
    function: str
    arguments: tuple[Any, ...]
    expected: Any
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Deploy:
    """A contract to be deployed.

    Attributes
    ----------
    id
        Stable name of the step.
    contract
        Its kind: a contract of the project.
    blueprint
        Whether it is deployed as an EIP-5202 blueprint, without arguments.
    """

    id: str
    contract: str
    arguments: tuple[Any, ...] = ()
    blueprint: bool = False


@dataclass(frozen=True, slots=True)
class Created:
    """The contract that a call creates: its kind, and the event and field that tell its address."""

    contract: str
    event: str
    field: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be made.

    Attributes
    ----------
    id
        Stable name of the step.
    target
        The step that deployed the contract.
    contract
        Its kind.
    holds
        What is true once the call has been made, by whomever; all of it.
    creates
        What it creates, if anything.
    """

    id: str
    target: str
    contract: str
    function: str
    arguments: tuple[Any, ...]
    holds: tuple[View, ...] = ()
    creates: Created | None = None


Step = Deploy | Call


def created_kind(step: Step) -> str | None:
    """Return the kind of contract that a step leaves, if any."""
    if isinstance(step, Deploy):
        return step.contract
    return step.creates.contract if step.creates else None


def needed(step: Step) -> tuple[str, ...]:
    """Return the earlier steps that a step refers to."""
    found = list(references(step.arguments))
    if not isinstance(step, Deploy):
        found.append(step.target)
    return tuple(dict.fromkeys(found))


def references(value: Any) -> Iterator[str]:
    """Yield the steps whose addresses stand in a value, at any depth."""
    if isinstance(value, Address):
        yield value.step
    elif isinstance(value, Pair):
        yield from references(value.tokens)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from references(each)


def selector(contract_type: Any, function: str) -> bytes:
    """Return the four bytes that a function is called by which is no view of a contract's type."""
    methods = contract_type.mutable_methods
    return keccak(text=next(abi.selector for abi in methods if abi.name == function))[:4]


def resolve(value: Any, addresses: Mapping[str, str], selector: Callable[[str, str], bytes]) -> Any:
    """Return a value with addresses and selectors in place of what stands for them.

    Parameters
    ----------
    addresses
        By the step that gave them.
    selector
        Returns the selector of a contract's function.
    """
    if isinstance(value, Address):
        return addresses[value.step]
    if isinstance(value, Selector):
        return selector(value.contract, value.function)
    if isinstance(value, Pair):
        return value.exchange.pair(*resolve(value.tokens, addresses, selector))
    if isinstance(value, tuple):
        return tuple(resolve(each, addresses, selector) for each in value)
    if isinstance(value, list):
        return [resolve(each, addresses, selector) for each in value]
    return value


def as_json(value: Any) -> Any:
    """Return a resolved value as JSON holds it: numbers as decimal text, bytes as 0x-hex."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return [as_json(each) for each in value]
