"""What is looked at after every call: everything a protocol and its SetTokens show."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

from indexkit.localnet import addresses
from twins.interface import Function
from twins.market import EXCHANGES
from twins.world import Contract, World

TOKENS = (*EXCHANGES, "weth")
SPENDERS = ("uniswap_router", "sushiswap_router", "balancer_proxy", "issuance", "index_module")
HOLDERS = ("manager", "trader", "issuer", "stranger", "fee_recipient", "module", "heir")
MODULES = ("issuance", "streaming_fee", "governance", "index_module")

TRY_AGGREGATE = keccak(text="tryAggregate(bool,(address,bytes)[])")[:4]

SLOT_OF_SET_V2, SLOT_OF_OURS = 13, 5
"""Where a SetToken keeps its multiplier: set to one, real units read as virtual ones."""

ONE = 10**18


@dataclass(frozen=True)
class View:
    """One question, with the words it is reported in."""

    label: str
    contract: Contract
    function: Function
    arguments: tuple[Any, ...]

    @property
    def call(self) -> tuple[str, bytes]:
        """Where it goes and with which data."""
        return self.contract.address, self.function.encode(self.arguments)


class Questions:
    """Views that are asked in one call.

    Parameters
    ----------
    views
        In an order that is the same in both worlds.
    """

    def __init__(self, views: Iterable[View]) -> None:
        self.views = tuple(views)
        calls = [view.call for view in self.views]
        self.data = TRY_AGGREGATE + encode(["bool", "(address,bytes)[]"], [False, calls])

    @property
    def address(self) -> str:
        """Whom to ask."""
        return addresses.MULTICALL3

    def answers(self, answer: bytes) -> Sequence[tuple[bool, bytes]]:
        """Take the answer apart: for each view, whether it succeeded and what it returned."""
        (found,) = decode(["(bool,bytes)[]"], answer)
        return tuple(found)


def system_views(world: World) -> Iterator[View]:
    """Yield what the controller and the registry show."""
    controller, registry = world.contracts["controller"], world.contracts["registry"]
    for name in ("getSets", "getModules", "getFactories", "getResources", "feeRecipient", "owner"):
        yield _view(controller, name)
    yield _view(controller, "isInitialized")
    yield _view(registry, "owner")


def set_views(world: World, name: str, actors: dict[str, str]) -> Iterator[View]:
    """Yield what a SetToken shows, and what the modules and tokens say about it."""
    the_set = world.contracts[name]
    for function in (
        *("name", "symbol", "decimals", "totalSupply", "manager", "controller", "locker"),
        *("isLocked", "positionMultiplier", "getComponents", "getModules", "getPositions"),
    ):
        yield _view(the_set, function)
    modules = [world.contracts[module] for module in MODULES]
    for module in (*modules, "module"):
        address = actors[module] if isinstance(module, str) else module.address
        yield _view(the_set, "moduleStates", address, about=_name(module))
    for holder in HOLDERS:
        yield _view(the_set, "balanceOf", actors[holder], about=holder)
    for token in TOKENS:
        yield from _component_views(world, the_set, world.contracts[token], actors)
    yield from _module_views(world, the_set, modules)


def _component_views(
    world: World, the_set: Contract, token: Contract, actors: dict[str, str]
) -> Iterator[View]:
    for function in (
        *("isComponent", "getDefaultPositionRealUnit", "getTotalComponentRealUnits"),
        "getExternalPositionModules",
    ):
        yield _view(the_set, function, token.address, about=token.name)
    yield _view(token, "balanceOf", the_set.address, about="the set")
    for holder in HOLDERS:
        yield _view(token, "balanceOf", actors[holder], about=holder)
    for spender in SPENDERS:
        address = world.contracts[spender].address
        yield _view(token, "allowance", the_set.address, address, about=spender)


def _module_views(world: World, the_set: Contract, modules: Sequence[Contract]) -> Iterator[View]:
    issuance, streaming_fee, _, index_module = modules
    yield _view(issuance, "managerIssuanceHook", the_set.address)
    yield _view(streaming_fee, "feeStates", the_set.address)
    yield _view(streaming_fee, "getFee", the_set.address)
    for function in ("index", "positionMultiplier", "anyoneTrade", "getRebalanceComponents"):
        yield _view(index_module, function)
    for token in TOKENS:
        yield _view(index_module, "assetInfo", world.contracts[token].address, about=token)


def virtual_views(world: World, name: str) -> Iterator[View]:
    """Yield the positions of a SetToken, to be asked with its multiplier overridden."""
    yield _view(world.contracts[name], "getPositions", about="virtual units")


def multiplier_override(world: World, name: str, word: int) -> dict[str, Any]:
    """Return the state override under which a SetToken's multiplier is one.

    Parameters
    ----------
    word
        What its multiplier's slot holds; ours shares it with others.
    """
    address = world.contracts[name].address
    rest = word >> 64 << 64 if world.has_our_sets else 0
    return {address: {"stateDiff": {slot(world): f"0x{rest | ONE:064x}"}}}


def slot(world: World) -> str:
    """Return the slot of a world's multipliers."""
    return f"0x{SLOT_OF_OURS if world.has_our_sets else SLOT_OF_SET_V2:064x}"


def _view(contract: Contract, function: str, *arguments: Any, about: str = "") -> View:
    label = f"{contract.name}.{function}({about})"
    return View(label, contract, contract.interface.functions[function], arguments)


def _name(module: Contract | str) -> str:
    return module if isinstance(module, str) else module.name
