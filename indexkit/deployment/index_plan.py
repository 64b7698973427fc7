"""The plan of one index: its module, its token, its manager, and what they are set to.

The SetToken's manager is the deployer until the hand-over. The fee starts at zero and is set after
the IndexManager, which receives it, is there: no accrual before changes the position multiplier.
"""

from typing import Any

from eth_abi.abi import encode

from indexkit.deployment import conventions
from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.declaration import ComponentTerms, IndexTerms
from indexkit.deployment.networks import Venues
from indexkit.deployment.steps import Address, Call, Created, Deploy, Selector, Step, View

MODULE = "SingleIndexModule"
CREATED = Created("SetTokenShell", "IndexCreated", "_setToken")

LARGEST, COOL_OFF, EXCHANGE = 1, 2, 4
"""Places in the answer of SingleIndexModule.assetInfo."""

_NO_HOOK = encode(["address"], [conventions.NOBODY])
_FEE_STATE = ["address", "uint256", "uint256", "uint256"]


def step_id(symbol: str, part: str) -> str:
    """Return the step that leaves a part of an index: its module, token, manager, and so on."""
    return f"index.{symbol}.{part}"


def module_steps(prefix: str, venues: Venues, reserved_for: Any) -> tuple[Deploy, Call]:
    """Return the steps that deploy an index's module and enable it on the controller.

    Parameters
    ----------
    prefix
        Of the steps' names.
    reserved_for
        Who may initialise it, itself or through the index creator (V-5).
    """
    controller, module = Address(protocol.CONTROLLER), Address(f"{prefix}.module")
    arguments = protocol.index_module_arguments(
        venues, controller, Address(protocol.INDEX_CREATOR), reserved_for
    )
    enabled = View(protocol.CONTROLLER, "Controller", "isModule", (module,), True)
    return (
        Deploy(module.step, MODULE, arguments),
        Call(
            f"{prefix}.module_enabled",
            protocol.CONTROLLER,
            "Controller",
            "addModule",
            (module,),
            (enabled,),
        ),
    )


def index_steps(terms: IndexTerms, venues: Venues, deployer: str) -> tuple[Step, ...]:
    """Return the steps of an index whose shared contracts are there.

    Parameters
    ----------
    deployer
        Manages the SetToken until the hand-over.
    """
    return (
        *module_steps(f"index.{terms.symbol}", venues, deployer),
        _token(terms, deployer),
        _manager(terms),
        *_fee(terms),
        *_settings(terms),
        *_guard(terms),
    )


def permissions() -> tuple[tuple[str, str], ...]:
    """Return kind and function of each call that an operator may make alone by our convention."""
    return (
        *((MODULE, name) for name in conventions.INDEX_OPERATION),
        *(("GovernanceModule", name) for name in conventions.GOVERNANCE_OPERATION),
    )


def manager_arguments(
    token: Any,
    fee_module: Any,
    operator: Any,
    methodologist: Any,
    operator_share: int,
    allowed: "list[tuple[Any, Any]]",
) -> tuple[Any, ...]:
    """Return the arguments of IndexManager; `allowed` are targets and selectors."""
    return token, fee_module, operator, methodologist, operator_share, allowed


def _token(terms: IndexTerms, deployer: str) -> Call:
    no_fee_yet = encode(_FEE_STATE, [deployer, terms.max_streaming_fee, 0, 0])
    arguments = {protocol.ISSUANCE: _NO_HOOK, protocol.STREAMING_FEE: no_fee_yet}
    kinds = ("BasicIssuanceModule", "StreamingFeeModule", "GovernanceModule", MODULE)
    modules = (*protocol.MODULES, step_id(terms.symbol, "module"))
    setups = [
        (Address(module), Selector(kind, "initialize"), arguments.get(module, b""))
        for module, kind in zip(modules, kinds, strict=True)
    ]
    return Call(
        step_id(terms.symbol, "token"),
        protocol.INDEX_CREATOR,
        "IndexCreator",
        "create",
        (
            [each.token for each in terms.components],
            [each.unit for each in terms.components],
            setups,
            deployer,
            terms.name,
            terms.symbol,
        ),
        creates=CREATED,
    )


def _manager(terms: IndexTerms) -> Deploy:
    targets = {
        MODULE: Address(step_id(terms.symbol, "module")),
        "GovernanceModule": Address(protocol.GOVERNANCE),
    }
    arguments = manager_arguments(
        Address(step_id(terms.symbol, "token")),
        Address(protocol.STREAMING_FEE),
        terms.operator,
        terms.methodologist,
        terms.operator_share,
        [(targets[kind], Selector(kind, name)) for kind, name in permissions()],
    )
    return Deploy(step_id(terms.symbol, "manager"), "IndexManager", arguments)


def _fee(terms: IndexTerms) -> tuple[Call, Call]:
    token, manager = (Address(step_id(terms.symbol, part)) for part in ("token", "manager"))
    kind = "StreamingFeeModule"
    settings = (("updateFeeRecipient", manager, 0), ("updateStreamingFee", terms.streaming_fee, 2))
    recipient, fee = (
        Call(
            step_id(terms.symbol, part),
            protocol.STREAMING_FEE,
            kind,
            function,
            (token, value),
            (View(protocol.STREAMING_FEE, kind, "feeStates", (token,), value, place),),
        )
        for part, (function, value, place) in zip(("fee_recipient", "fee"), settings, strict=True)
    )
    return recipient, fee


def _settings(terms: IndexTerms) -> tuple[Call, ...]:
    traded = [each for each in terms.components if each.exchange is not None]
    ids = [conventions.EXCHANGE_IDS[each.exchange] for each in traded if each.exchange]
    sizes, pauses = [c.max_trade_size for c in traded], [c.cool_off_s for c in traded]
    calls: list[Call] = []
    if traded:
        calls += [
            _per_component(terms, "largest_trades", "setTradeMaximums", traded, sizes, LARGEST),
            _per_component(terms, "exchanges", "setExchanges", traded, ids, EXCHANGE),
            _per_component(terms, "cool_offs", "setCoolOffPeriods", traded, pauses, COOL_OFF),
        ]
    if terms.traders:
        module, traders = step_id(terms.symbol, "module"), list(terms.traders)
        calls.append(
            Call(
                step_id(terms.symbol, "traders"),
                module,
                MODULE,
                "updateTraderStatus",
                (traders, [True] * len(traders)),
                tuple(View(module, MODULE, "tradeAllowList", (each,), True) for each in traders),
            )
        )
    return tuple(calls)


def _per_component(
    terms: IndexTerms,
    part: str,
    function: str,
    traded: list[ComponentTerms],
    values: list[int],
    place: int,
) -> Call:
    module = step_id(terms.symbol, "module")
    tokens = [each.token for each in traded]
    return Call(
        step_id(terms.symbol, part),
        module,
        MODULE,
        function,
        (tokens, values),
        tuple(
            View(module, MODULE, "assetInfo", (token,), value, place)
            for token, value in zip(tokens, values, strict=True)
        ),
    )


def _guard(terms: IndexTerms) -> tuple[Call, Call]:
    module, token = step_id(terms.symbol, "module"), Address(step_id(terms.symbol, "token"))
    bounds = (terms.guard.max_deviation, terms.guard.min_liquidity, terms.guard.loss_budget)
    asked = (Address(module), token)
    guard = Address(protocol.GUARD)
    return (
        Call(
            step_id(terms.symbol, "guard_terms"),
            protocol.GUARD,
            "ExecutionGuard",
            "configure",
            (Address(module), *bounds),
            (View(protocol.GUARD, "ExecutionGuard", "getBounds", asked, bounds),),
        ),
        Call(
            step_id(terms.symbol, "guard"),
            module,
            MODULE,
            "setGuard",
            (guard,),
            (View(module, MODULE, "guard", (), guard),),
        ),
    )
