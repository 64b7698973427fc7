"""Whether what all indices share is put together as declared, and nothing else is in it."""

from collections.abc import Iterator
from typing import Any

from indexkit.deployment import conventions, dao_plan
from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.checking.inspection import Inspection, Moving
from indexkit.deployment.checking.report import DIFFERS, NOTED, WIRING
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.index_plan import step_id
from indexkit.deployment.steps import Address, View

CONTROLLER, REGISTRY, META_GOVERNOR = "Controller", "IntegrationRegistry", "MetaGovernor"

GOVERNOR_VIEWS = ("votesToken", "governanceModule", "blocksPerDay", "circulatingSupply")
"""What MetaGovernor answers for its first arguments."""

MOVING: Moving = {("balanceOf", None): None, ("getStream", 0): NOTED}
"""What is true when a step is made: coins are paid out, and recipients hand their streams on."""


def check_wiring(inspection: Inspection) -> None:
    """Compare what the shared contracts answer, and look for what is registered besides.

    SetTokens besides ours are nobody's fault: anyone may create them.

    Raises
    ------
    IndexkitError
        The node did not answer, or does not give logs.
    """
    terms = inspection.terms
    for part in ("protocol.", "dao."):
        inspection.ask_steps(WIRING, part, MOVING)
    for view in _protocol_views(terms):
        inspection.ask(WIRING, view)
    _check_governor(inspection)
    _check_lists(inspection)
    _check_fees(inspection)
    _check_adapters(inspection)


def _protocol_views(terms: Declaration) -> Iterator[View]:
    """Yield what the plan does not state: what constructors were told, and each index."""
    guard_window = terms.protocol.guard_window_s
    yield _ask("feeRecipient", (), terms.protocol.fee_recipient)
    yield View(protocol.REGISTRY, REGISTRY, "controller", (), Address(protocol.CONTROLLER))
    yield View(protocol.GUARD, "ExecutionGuard", "window", (), guard_window)
    for index in terms.indices:
        yield _ask("isSet", (Address(step_id(index.symbol, "token")),), True)


def _check_governor(inspection: Inspection) -> None:
    """Compare what MetaGovernor was told; its owner states the circulating supply anew."""
    for step in inspection.steps:
        if step.id == dao_plan.META_GOVERNOR:
            for function, expected in zip(GOVERNOR_VIEWS, step.arguments, strict=False):
                status = NOTED if function == "circulatingSupply" else DIFFERS
                view = View(step.id, META_GOVERNOR, function, (), expected)
                inspection.ask(WIRING, view, status)


def _check_lists(inspection: Inspection) -> None:
    """Look for modules, factories and resources that nobody declared."""
    symbols = [index.symbol for index in inspection.terms.indices]
    indexed = [step_id(symbol, "module") for symbol in symbols]
    for function, what, ours in (
        ("getModules", "module", [*protocol.MODULES, *indexed]),
        ("getFactories", "factory", [protocol.CREATOR]),
        ("getResources", "resource", [protocol.REGISTRY]),
    ):
        listed = inspection.answer(WIRING, protocol.CONTROLLER, CONTROLLER, function)
        known = {inspection.addresses.get(step) for step in ours}
        extra = [inspection.shown(each) for each in listed or [] if each not in known]
        inspection.besides(WIRING, protocol.CONTROLLER, what, extra)


def _check_fees(inspection: Inspection) -> None:
    """Compare the protocol's share of each fee that was ever set."""
    ours = (inspection.addresses.get(protocol.STREAMING_FEE), conventions.STREAMING_FEE_TYPE)
    share = inspection.terms.protocol.streaming_fee_share
    logs = inspection.logged(protocol.CONTROLLER, CONTROLLER, "FeeEdited")
    for module, kind in dict.fromkeys((ours, *((each[0], each[1]) for each in logs))):
        if module is not None:
            expected = share if (module, kind) == ours else 0
            inspection.ask(WIRING, _ask("getModuleFee", (module, kind), expected))


def _check_adapters(inspection: Inspection) -> None:
    """Look for adapters under names that nobody declared; the declared ones the plan states."""
    governance = inspection.addresses.get(protocol.GOVERNANCE)
    ours = {(governance, each.name) for each in inspection.terms.protocol.governors}
    logs = inspection.logged(protocol.REGISTRY, REGISTRY, "IntegrationAdded")
    for module, name in dict.fromkeys((each[0], each[2]) for each in logs):
        if (module, name) not in ours:
            view = View(
                protocol.REGISTRY, REGISTRY, "getIntegrationAdapter", (module, name), NOBODY
            )
            inspection.ask(WIRING, view)


def _ask(function: str, arguments: tuple[Any, ...], expected: Any) -> View:
    return View(protocol.CONTROLLER, CONTROLLER, function, arguments, expected)
