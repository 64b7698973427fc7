"""Whether an index is as declared: its basket, its modules, its trading, and its manager.

From the first rebalance on, units and the settings of trades are the operator's: a difference is
noted, and no fault.
"""

from collections.abc import Iterator

from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.checking.inspection import Inspection, Moving
from indexkit.deployment.checking.report import DIFFERS, INDEX, NOTED
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import IndexTerms
from indexkit.deployment.index_plan import (
    COOL_OFF,
    EXCHANGE,
    LARGEST,
    MODULE,
    permissions,
    step_id,
)
from indexkit.deployment.networks import Venues
from indexkit.deployment.steps import Address, Selector, View

TOKEN, MANAGER, FEE = "SetToken", "IndexManager", "StreamingFeeModule"
ONE = 10**18
MOST_FEE = 1
"""Place in the answer of StreamingFeeModule.feeStates."""

PENDING_MODULE, FIRST_NONCE = 1, 1
"""A module's state on a SetToken; a SingleIndexModule's count before its first rebalance."""


def check_index(inspection: Inspection, terms: IndexTerms) -> None:
    """Compare an index with its declaration, and look for what it was given besides.

    Raises
    ------
    IndexkitError
        The node did not answer, or does not give logs.
    """
    nonce = inspection.answer(INDEX, step_id(terms.symbol, "module"), MODULE, "rebalanceNonce")
    moved = NOTED if nonce is not None and int(nonce) > FIRST_NONCE else DIFFERS
    settings: Moving = {("assetInfo", each): moved for each in (LARGEST, COOL_OFF, EXCHANGE)}
    inspection.ask_steps(INDEX, f"index.{terms.symbol}.", settings)
    for view in (
        *_token_views(terms),
        *_module_views(terms, inspection.terms.venues),
        *_manager_views(terms),
    ):
        inspection.ask(INDEX, view)
    _check_positions(inspection, terms, moved)
    _check_modules(inspection, terms)
    _check_traders(inspection, terms)
    _check_allowed(inspection, terms)


def _modules(terms: IndexTerms) -> tuple[str, ...]:
    """Return the steps of the modules that an index has."""
    return (*protocol.MODULES, step_id(terms.symbol, "module"))


def _token_views(terms: IndexTerms) -> Iterator[View]:
    token = Address(step_id(terms.symbol, "token"))
    for function, expected in (
        ("name", terms.name),
        ("symbol", terms.symbol),
        ("controller", Address(protocol.CONTROLLER)),
        ("isLocked", False),
    ):
        yield View(token.step, TOKEN, function, (), expected)
    for module in _modules(terms):
        yield View(token.step, TOKEN, "isInitializedModule", (Address(module),), True)
    hook = "managerIssuanceHook"
    yield View(protocol.ISSUANCE, "BasicIssuanceModule", hook, (token,), NOBODY)
    yield View(
        protocol.STREAMING_FEE, FEE, "feeStates", (token,), terms.max_streaming_fee, MOST_FEE
    )


def _module_views(terms: IndexTerms, venues: Venues) -> Iterator[View]:
    for function, expected in (
        ("index", Address(step_id(terms.symbol, "token"))),
        ("controller", Address(protocol.CONTROLLER)),
        ("weth", venues.weth),
        ("uniswapRouter", venues.uniswap.router),
        ("sushiswapRouter", (venues.sushiswap or venues.uniswap).router),
        ("balancerProxy", venues.balancer_proxy or NOBODY),
        ("anyoneTrade", False),
    ):
        yield View(step_id(terms.symbol, "module"), MODULE, function, (), expected)


def _manager_views(terms: IndexTerms) -> Iterator[View]:
    for function, expected in (
        ("setToken", Address(step_id(terms.symbol, "token"))),
        ("feeModule", Address(protocol.STREAMING_FEE)),
        ("operatorShare", terms.operator_share),
    ):
        yield View(step_id(terms.symbol, "manager"), MANAGER, function, (), expected)
    for target, selector in _allowed(terms):
        arguments = (Address(target), selector)
        yield View(step_id(terms.symbol, "manager"), MANAGER, "isAllowed", arguments, True)


def _allowed(terms: IndexTerms) -> Iterator[tuple[str, Selector]]:
    """Yield what the operator may call alone: the step of the contract, and the function."""
    targets = {MODULE: step_id(terms.symbol, "module"), "GovernanceModule": protocol.GOVERNANCE}
    for kind, function in permissions():
        yield targets[kind], Selector(kind, function)


def _check_positions(inspection: Inspection, terms: IndexTerms, moved: str) -> None:
    """Compare the basket; fees lower the multiplier, and with it every unit."""
    step = step_id(terms.symbol, "token")
    multiplier = inspection.answer(INDEX, step, TOKEN, "positionMultiplier")
    positions = inspection.answer(INDEX, step, TOKEN, "getPositions")
    if multiplier is None or positions is None:
        return
    declared = {each.token: each.unit * int(multiplier) // ONE for each in terms.components}
    held = {each[0]: int(each[2]) for each in positions if each[1] == NOBODY}
    for component in dict.fromkeys((*declared, *held)):
        inspection.compare(
            INDEX,
            step,
            f"unit of {inspection.shown(component)}",
            declared.get(component, 0),
            held.get(component, 0),
            moved,
        )
    external = [
        f"{inspection.shown(each[0])} by {each[1]}" for each in positions if each[1] != NOBODY
    ]
    inspection.besides(INDEX, step, "external position in", external)


def _check_modules(inspection: Inspection, terms: IndexTerms) -> None:
    """Look for modules besides the declared ones, initialised or about to be."""
    step = step_id(terms.symbol, "token")
    ours = {inspection.addresses.get(each) for each in _modules(terms)}
    there = inspection.answer(INDEX, step, TOKEN, "getModules") or []
    extra = [inspection.shown(each) for each in there if each not in ours]
    inspection.besides(INDEX, step, "module", extra)
    added = dict.fromkeys(each[0] for each in inspection.logged(step, TOKEN, "ModuleAdded"))
    states = {each: inspection.answer(INDEX, step, TOKEN, "moduleStates", each) for each in added}
    pending = [inspection.shown(each) for each in added if states[each] == str(PENDING_MODULE)]
    inspection.besides(INDEX, step, "pending module", pending)


def _check_traders(inspection: Inspection, terms: IndexTerms) -> None:
    """Look for traders besides the declared ones, which the plan states."""
    step = step_id(terms.symbol, "module")
    logs = inspection.logged(step, MODULE, "TraderStatusUpdated")
    for trader in dict.fromkeys(each[0] for each in logs):
        if trader not in terms.traders:
            inspection.ask(INDEX, View(step, MODULE, "tradeAllowList", (trader,), False))


def _check_allowed(inspection: Inspection, terms: IndexTerms) -> None:
    """Look for calls that the operator may make alone besides those of our convention."""
    step = step_id(terms.symbol, "manager")
    ours = inspection.contracts.resolved(
        [(inspection.addresses.get(target), each) for target, each in _allowed(terms)], {}
    )
    logs = inspection.logged(step, MANAGER, "PermissionChanged")
    for key in dict.fromkeys(each[:2] for each in logs):
        if key not in ours:
            inspection.ask(INDEX, View(step, MANAGER, "isAllowed", key, False))
