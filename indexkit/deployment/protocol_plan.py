"""The plan of what every index shares."""

from collections.abc import Sequence
from typing import Any

from indexkit.deployment import conventions
from indexkit.deployment.networks import Exchange, Governor, Venues
from indexkit.deployment.steps import Address, Call, Deploy, Step, View

CONTROLLER = "protocol.controller"
REGISTRY = "protocol.integration_registry"
BLUEPRINT = "protocol.set_token_blueprint"
LOGIC = "protocol.set_token_logic"
CREATOR = "protocol.set_token_creator"
INDEX_CREATOR = "protocol.index_creator"
ISSUANCE = "protocol.issuance"
STREAMING_FEE = "protocol.streaming_fee"
GOVERNANCE = "protocol.governance"
GUARD = "protocol.guard"
MODULES = (ISSUANCE, STREAMING_FEE, GOVERNANCE)
"""The steps that deploy modules which serve any number of indices."""

NO_PAIR = bytes(32)
"""Stands for the pairs of an exchange that is not there: at no address is there such a pair."""


def adapter_id(governor: str) -> str:
    """Return the step that deploys a governor's adapter."""
    return f"protocol.adapter.{governor}"


def logic_arguments(controller: Any) -> tuple[Any, ...]:
    """Return the arguments of the SetToken whose code others share: nobody can act on it."""
    return [], [], [], controller, conventions.NOBODY, "SetToken", "LOGIC"


def protocol_steps(
    venues: Venues,
    governors: Sequence[Governor],
    fee_recipient: Any,
    *,
    guard_window_s: int = conventions.GUARD_WINDOW_S,
    streaming_fee_share: int = 0,
) -> tuple[Step, ...]:
    """Return the steps that deploy and wire the shared contracts.

    Parameters
    ----------
    fee_recipient
        Receives the protocol's share of streaming fees.
    guard_window_s
        Over at least which the guard takes its reference prices {s}.
    streaming_fee_share
        The protocol's share D18{1}.
    """
    controller = Address(CONTROLLER)
    return (
        Deploy(CONTROLLER, "Controller", (fee_recipient,)),
        Deploy(REGISTRY, "IntegrationRegistry", (controller,)),
        Deploy(BLUEPRINT, "SetTokenShell", blueprint=True),
        Deploy(LOGIC, "SetToken", logic_arguments(controller)),
        Deploy(CREATOR, "SetTokenCreator", (controller, Address(BLUEPRINT), Address(LOGIC))),
        Deploy(INDEX_CREATOR, "IndexCreator", (Address(CREATOR),)),
        Deploy(ISSUANCE, "BasicIssuanceModule", (controller,)),
        Deploy(STREAMING_FEE, "StreamingFeeModule", (controller,)),
        Deploy(GOVERNANCE, "GovernanceModule", (controller,)),
        Deploy(GUARD, "ExecutionGuard", guard_arguments(venues, guard_window_s)),
        *(Deploy(adapter_id(each.name), each.adapter, each.addresses) for each in governors),
        _initialise(),
        *_register(governors),
        *_charge(streaming_fee_share),
    )


def guard_arguments(venues: Venues, window_s: int) -> tuple[Any, ...]:
    """Return the arguments of ExecutionGuard."""
    sushiswap = venues.sushiswap
    return (
        venues.weth,
        venues.uniswap.factory,
        sushiswap.factory if sushiswap else conventions.NOBODY,
        *pair_hashes(venues),
        window_s,
    )


def index_module_arguments(
    venues: Venues, controller: Any, creator: Any, reserved_for: Any
) -> tuple[Any, ...]:
    """Return the arguments of SingleIndexModule.

    It asks both routers for their factories, so that none of them can be left out: where there is
    no SushiSwap, Uniswap's stands in, with a pair hash that leads to no pair.
    """
    return (
        controller,
        venues.weth,
        venues.uniswap.router,
        (venues.sushiswap or venues.uniswap).router,
        venues.balancer_proxy or conventions.NOBODY,
        *pair_hashes(venues),
        creator,
        reserved_for,
    )


def pair_hashes(venues: Venues) -> tuple[bytes, bytes]:
    """Return the init code hashes of the pairs of Uniswap V2 and SushiSwap."""
    return _pair_hash(venues.uniswap), _pair_hash(venues.sushiswap)


def _pair_hash(exchange: Exchange | None) -> bytes:
    return bytes.fromhex(exchange.pair_code_hash[2:]) if exchange else NO_PAIR


def _initialise() -> Call:
    identity = conventions.INTEGRATION_REGISTRY_ID
    modules = [Address(module) for module in MODULES]
    registry = Address(REGISTRY)
    return Call(
        "protocol.controller_initialized",
        CONTROLLER,
        "Controller",
        "initialize",
        ([Address(CREATOR)], modules, [registry], [identity]),
        (
            _ask("isInitialized", (), True),
            _ask("isFactory", (Address(CREATOR),), True),
            *(_ask("isModule", (module,), True) for module in modules),
            _ask("resourceId", (identity,), registry),
        ),
    )


def _register(governors: Sequence[Governor]) -> tuple[Call, ...]:
    if not governors:
        return ()
    module = Address(GOVERNANCE)
    found = [(each.name, Address(adapter_id(each.name))) for each in governors]
    return (
        Call(
            "protocol.integrations",
            REGISTRY,
            "IntegrationRegistry",
            "batchAddIntegration",
            ([module] * len(found), [name for name, _ in found], [adapter for _, adapter in found]),
            tuple(
                View(
                    REGISTRY,
                    "IntegrationRegistry",
                    "getIntegrationAdapter",
                    (module, name),
                    adapter,
                )
                for name, adapter in found
            ),
        ),
    )


def _charge(share: int) -> tuple[Call, ...]:
    if share == 0:
        return ()
    fee = (Address(STREAMING_FEE), conventions.STREAMING_FEE_TYPE)
    holds = _ask("getModuleFee", fee, share)
    arguments = (*fee, share)
    return (Call("protocol.fee_share", CONTROLLER, "Controller", "addFee", arguments, (holds,)),)


def _ask(function: str, arguments: tuple[Any, ...], expected: Any) -> View:
    return View(CONTROLLER, "Controller", function, arguments, expected)
