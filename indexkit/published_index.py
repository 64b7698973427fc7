"""An index as it stood before a published rebalance: the same supply, units and multiplier.

The position multiplier of a real index falls with each accrual of its streaming fee; no sequence
of accruals hits a given figure to the wei. Here a *set-up account*, registered as a module for the
length of the set-up, writes the published multiplier once and is removed again. A real deployment
has no such account: its multiplier starts at 1 and is what its fees made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ape

from indexkit import deploy
from indexkit.deployment.signing import unlock
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, token_at
from indexkit.plan import WAD, div_ceil
from indexkit.rebalance_data import Rebalance

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

NO_HOOK = "0x" + "00" * 20
STREAMING_FEE = 95 * 10**14
"""0.95 % a year, DPI's and MVI's fee. D18{1/year}"""

MAX_STREAMING_FEE = 5 * 10**16
UNLIMITED = 2**256 - 1
SET_UP_ACCOUNT = addresses.labelled("indexkit.published.setup")


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what; one account may have several roles.

    Attributes
    ----------
    owner
        Of the controller and the integration registry.
    manager
        Of the index: sets parameters, starts rebalances, votes.
    trader
        Executes trades.
    issuer
        Brings the components and holds the supply.
    """

    owner: "AccountAPI"
    manager: "AccountAPI"
    trader: "AccountAPI"
    issuer: "AccountAPI"


@dataclass(frozen=True, slots=True)
class Index:
    """A deployed index with the modules that serve it."""

    token: "ContractInstance"
    module: "ContractInstance"
    protocol: deploy.Protocol
    roles: Roles


def test_roles() -> Roles:
    """Return the local chain's funded accounts, one a role."""
    accounts = ape.accounts.test_accounts
    return Roles(accounts[0], accounts[1], accounts[2], accounts[3])


def single_account_roles(alias: str) -> Roles:
    """Return one account in every role, unlocked: its passphrase is asked for once.

    Raises
    ------
    IndexkitError
        If there is no such account, it has no ether on the connected chain, or the passphrase
        is wrong.
    """
    if alias not in list(ape.accounts.aliases):
        known = ", ".join(ape.accounts.aliases) or "none"
        raise IndexkitError(
            f"No account is called {alias!r} (there are: {known}): import it with "
            "'ape accounts import', or leave out --account."
        )
    account = ape.accounts.load(alias)
    if account.balance == 0:
        raise IndexkitError(
            f"Account {alias!r} ({account.address}) has no ether on this chain: fund it, "
            "or leave out --account to use the local chain's own accounts."
        )
    # It signs hundreds of transactions, on a chain that only this command sees.
    unlock(account)
    return Roles(account, account, account, account)


def create_published_index(
    project: "ProjectManager",
    rebalance: Rebalance,
    roles: Roles,
    say: Callable[[str], None],
) -> Index:
    """Deploy the protocol and create the index so that the chain reads as published.

    Parameters
    ----------
    project
        The Ape project with the compiled contracts.
    rebalance
        Whose supply, units and multiplier the index gets.
    roles
        Who owns, manages, trades and issues.
    say
        Is told each step.

    Raises
    ------
    IndexkitError
        If the chain does not read as published afterwards.
    """
    say("Deploying the protocol")
    protocol = deploy.deploy_protocol(project, roles.owner, roles.owner, say)
    module = deploy.deploy_index_module(project, roles.owner, protocol)

    say(f"Creating {rebalance.index} with {len(rebalance.old_components)} components")
    protocol.controller.addModule(SET_UP_ACCOUNT, sender=roles.owner)
    token = deploy.create_set(
        project,
        protocol,
        roles.manager,
        components=[c.address for c in rebalance.old_components],
        units=[
            div_ceil(c.current_unit * WAD, rebalance.position_multiplier)
            for c in rebalance.old_components
        ],
        modules=[*protocol.modules, module, SET_UP_ACCOUNT],
        name=rebalance.index_name,
        symbol=rebalance.index,
    )
    index = Index(token, module, protocol, roles)
    _write_multiplier(index, rebalance.position_multiplier)
    _initialise_modules(index)

    say(f"Issuing {rebalance.total_supply / WAD:,.2f} {rebalance.index}")
    _issue(index, rebalance)
    _check(index, rebalance)
    return index


def _write_multiplier(index: Index, multiplier: int) -> None:
    """Have the set-up account write the multiplier, and remove every trace of it."""
    provider = ape.chain.provider
    account = ape.accounts.test_accounts.impersonate_account(SET_UP_ACCOUNT)
    index.token.initializeModule(sender=account)
    if multiplier != index.token.positionMultiplier():
        index.token.editPositionMultiplier(multiplier, sender=account)
    # A module is asked to clean up when it is removed; one byte of code (STOP) makes it answer.
    provider.set_code(SET_UP_ACCOUNT, b"\x00")
    index.token.removeModule(SET_UP_ACCOUNT, sender=index.roles.manager)
    index.protocol.controller.removeModule(SET_UP_ACCOUNT, sender=index.roles.owner)


def _initialise_modules(index: Index) -> None:
    manager, token, protocol = index.roles.manager, index.token, index.protocol
    protocol.issuance.initialize(token, NO_HOOK, sender=manager)
    fee = (manager.address, MAX_STREAMING_FEE, STREAMING_FEE, 0)
    protocol.streaming_fee.initialize(token, fee, sender=manager)
    protocol.governance.initialize(token, sender=manager)
    index.module.initialize(token, sender=manager)


def _issue(index: Index, rebalance: Rebalance) -> None:
    issuance, issuer, supply = index.protocol.issuance, index.roles.issuer, rebalance.total_supply
    addresses_, quantities = issuance.getRequiredComponentUnitsForIssue(index.token, supply)
    for address, quantity in zip(addresses_, quantities, strict=True):
        deal(address, issuer, quantity)
        token_at(address).approve(issuance, UNLIMITED, sender=issuer)
    issuance.issue(index.token, supply, issuer, sender=issuer)


def _check(index: Index, rebalance: Rebalance) -> None:
    """Compare the chain with the published figures."""
    token = index.token
    readings = [
        ("total supply", token.totalSupply(), rebalance.total_supply),
        ("position multiplier", token.positionMultiplier(), rebalance.position_multiplier),
    ]
    readings += [
        (f"unit of {c.symbol}", token.getDefaultPositionRealUnit(c.address), c.current_unit)
        for c in rebalance.components
    ]
    for name, found, published in readings:
        if found != published:
            raise IndexkitError(
                f"{rebalance.name}: the {name} on the chain is {found}, published is {published}: "
                "the set-up does not reproduce this rebalance."
            )
