"""Where scenarios with other people's modules start: a basket, and what becomes of it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from eth_utils.abi import collapse_if_tuple

from indexkit.localnet.artifacts import Artifact, artifact
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage

EXTERNAL = "@setprotocol/set-protocol-v2/external/abi"
"""Compiled contracts of the protocols that adapters speak to."""

MONTH = 30 * 24 * 3600

BASKET = {"usdc": 100 * 10**6, "dai": 10 * E18, "weth": E18 // 10}
"""Components and their units {base units per SetToken}."""

ISSUED = 100 * E18

NOT_MANAGER = "Must be the SetToken manager"
NOT_INITIALIZED = "Must be a valid and initialized SetToken"
NOT_PENDING = "Must be pending initialization"
NOT_OF_THE_CONTROLLER = "Must be controller-enabled SetToken"
NO_ADAPTER = "Must be valid adapter"
LOCKED = "When locked, only the locker can call"
NO_REASON = "Address: low-level call with value failed"
NOT_ENABLED = "Module must be enabled on controller"


def basket(
    s: Stage,
    *guests: Handle,
    components: Mapping[str, int] = BASKET,
    issued: int = ISSUED,
    manager: str | None = None,
) -> None:
    """Create a SetToken for some guests, initialise issuance and fee, and issue to the issuer.

    Parameters
    ----------
    s
        The stage.
    guests
        Modules of others; they stay pending.
    components
        Names of tokens and units.
    issued
        How much, if anything.
    manager
        Who manages it, if not the manager.
    """
    tokens = [getattr(s, name) for name in components]
    modules = [s.issuance, s.streaming_fee, s.module, *guests]
    s.create(tokens, list(components.values()), modules, manager)
    manager = manager or s.manager
    s.issuance.initialize(s.set, ZERO, by=manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, list(components), 10**23)
    if issued:
        s.issuance.issue(s.set, issued, s.issuer, by=s.issuer)


def live(s: Stage) -> None:
    """Let a month pass, pay the fee, issue to the heir and redeem to the stranger."""
    s.advance(MONTH)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.issuance.issue(s.set, 7 * E18 + 1, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, 3 * E18 + 1, s.stranger, by=s.issuer)


def register(s: Stage, module: Handle, name: str, adapter: Handle | str) -> None:
    """Give a module an adapter under a name."""
    s.registry.addIntegration(module, name, adapter, by=s.owner)


def unknown_set(s: Stage) -> Handle:
    """Deploy a SetToken of the manager that no controller knows."""
    arguments = ([s.dai], [E18], [s.issuance], s.controller, s.manager, "Odd", "ODD")
    return s.put("odd", "SetToken", *arguments)


def approved(s: Stage, token: Handle, owner: str, *spenders: Handle) -> None:
    """Let spenders take all of a token."""
    for spender in spenders:
        token.approve(spender, MAX_UINT, by=owner)


def external(path: str, *signatures: str) -> Artifact:
    """Return a compiled contract of another protocol.

    Parameters
    ----------
    path
        Below the folder of all of them.
    signatures
        Which of several functions of the same name are meant.
    """
    return chosen(artifact(f"{EXTERNAL}/{path}.json"), *signatures)


def chosen(contract: Artifact, *signatures: str) -> Artifact:
    """Return a contract without the other functions of these names."""
    names = {signature.split("(")[0] for signature in signatures}
    abi = [e for e in contract.abi if e.get("name") not in names or _spelled(e) in signatures]
    return dataclasses.replace(contract, abi=tuple(abi))


def _spelled(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(map(collapse_if_tuple, entry['inputs']))})"
