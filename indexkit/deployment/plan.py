"""The plan of a deployment: what a declaration asks for, as ordered steps with stable names."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from indexkit.deployment.dao_plan import dao_steps
from indexkit.deployment.declaration import DEPLOYER, Declaration
from indexkit.deployment.index_plan import index_steps
from indexkit.deployment.protocol_plan import protocol_steps
from indexkit.deployment.steps import Step
from indexkit.errors import IndexkitError

PROTOCOL, INDEX, DAO, ALL = SCOPES = ("protocol", "index", "dao", "all")


def plan(declaration: Declaration, deployer: str, scope: str = ALL) -> tuple[Step, ...]:
    """Return the steps of a deployment, or of a part of it.

    Parameters
    ----------
    deployer
        Address of the account that signs: stands where the declaration says "deployer".
    scope
        One of `SCOPES`.

    Raises
    ------
    IndexkitError
        The declaration has nothing of that part.
    """
    terms = with_deployer(declaration, deployer)
    steps: list[Step] = []
    if scope in (PROTOCOL, ALL):
        steps += protocol_steps(
            terms.venues,
            terms.protocol.governors,
            terms.protocol.fee_recipient,
            guard_window_s=terms.protocol.guard_window_s,
            streaming_fee_share=terms.protocol.streaming_fee_share,
        )
    if scope in (INDEX, ALL):
        for each in terms.indices:
            steps += index_steps(each, terms.venues, deployer)
    if scope in (DAO, ALL) and terms.dao is not None:
        steps += dao_steps(terms.dao, terms.venues, deployer)
    if not steps:
        raise IndexkitError(f"{declaration.name} declares no {scope}: add it, or name another.")
    return tuple(steps)


def with_deployer(declaration: Declaration, deployer: str) -> Declaration:
    """Return the declaration with an address wherever it says "deployer"."""
    replaced: Declaration = _put(declaration, deployer)
    return replaced


def _put(value: Any, deployer: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_put(each, deployer) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{name: _put(each, deployer) for name, each in found.items()})
    return deployer if value is DEPLOYER else value
