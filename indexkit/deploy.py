"""Deployment of the protocol and of an index at once, on a local chain: for scripts and tests.

What is deployed with which arguments is the plan of `indexkit.deployment`, which also deploys it on
live networks, step by step.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from indexkit.build import compile_if_changed
from indexkit.deployment import networks, steps
from indexkit.deployment import protocol_plan as plan
from indexkit.deployment.at_once import run_at_once
from indexkit.deployment.conventions import (
    BLOCKS_PER_DAY,
    EXCHANGE_IDS,
    GUARD_WINDOW_S,
    INTEGRATION_REGISTRY_ID,
    NOBODY,
)
from indexkit.deployment.dao_plan import meta_governor_arguments
from indexkit.deployment.index_plan import MODULE, manager_arguments, module_steps, permissions
from indexkit.deployment.protocol_plan import logic_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

__all__ = [
    "BLOCKS_PER_DAY",
    "EXCHANGE_IDS",
    "GUARD_WINDOW_S",
    "INTEGRATION_REGISTRY_ID",
    "NOBODY",
    "logic_arguments",
]

AAVE_V1_GOVERNANCE = "AaveGovernance"
AAVE_GOVERNANCE = "AaveGovernanceV2"
UNISWAP_GOVERNANCE = "UniswapGovernance"
COMPOUND_GOVERNANCE = "CompoundGovernance"
SNAPSHOT = "SnapshotGovernance"

GOVERNORS = (AAVE_V1_GOVERNANCE, AAVE_GOVERNANCE, UNISWAP_GOVERNANCE, COMPOUND_GOVERNANCE)
"""Names of the governors that an index can vote in."""

ANYONE = NOBODY
"""For whom a module is reserved that anyone's index may take."""

MAINNET = 1
"""The chain id whose venues the local chain carries."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """The contracts every index shares; adapters by the names GovernanceModule finds them under."""

    controller: "ContractInstance"
    integration_registry: "ContractInstance"
    creator: "ContractInstance"
    index_creator: "ContractInstance"
    issuance: "ContractInstance"
    streaming_fee: "ContractInstance"
    governance: "ContractInstance"
    guard: "ContractInstance"
    adapters: "Mapping[str, ContractInstance]"

    @property
    def aave_adapter(self) -> "ContractInstance":
        """The adapter of Aave's governance v2."""
        return self.adapters[AAVE_GOVERNANCE]

    @property
    def uniswap_adapter(self) -> "ContractInstance":
        """The adapter of Uniswap's governor."""
        return self.adapters[UNISWAP_GOVERNANCE]

    @property
    def modules(self) -> tuple["ContractInstance", ...]:
        """The modules that serve any number of indices."""
        return (self.issuance, self.streaming_fee, self.governance)


def deploy_protocol(
    project: "ProjectManager",
    deployer: "AccountAPI",
    fee_recipient: Any,
    say: "Callable[[str], None]" = lambda _: None,
) -> Protocol:
    """Deploy and wire the contracts that every index shares.

    Parameters
    ----------
    project
        The Ape project with the compiled contracts.
    deployer
        Owns the controller and the integration registry afterwards.
    fee_recipient
        Receives the protocol's share of streaming fees.
    say
        Is told when the contracts must be compiled first.
    """
    compile_if_changed(project, say)
    network = _network()
    planned = plan.protocol_steps(network.venues, network.governors, fee_recipient)
    there = run_at_once(project, deployer, planned)
    return Protocol(
        there[plan.CONTROLLER],
        there[plan.REGISTRY],
        there[plan.CREATOR],
        there[plan.INDEX_CREATOR],
        there[plan.ISSUANCE],
        there[plan.STREAMING_FEE],
        there[plan.GOVERNANCE],
        there[plan.GUARD],
        {each.name: there[plan.adapter_id(each.name)] for each in network.governors},
    )


def deploy_index_module(
    project: "ProjectManager",
    deployer: "AccountAPI",
    protocol: Protocol,
    reserved_for: Any = ANYONE,
) -> "ContractInstance":
    """Deploy a SingleIndexModule, which serves one index, and enable it on the controller.

    Parameters
    ----------
    reserved_for
        Who may initialise it, itself or through the index creator; anyone's index without it (V-5).
    """
    shared = {
        plan.CONTROLLER: protocol.controller,
        plan.INDEX_CREATOR: protocol.index_creator,
    }
    planned = module_steps("index", _network().venues, reserved_for)
    return run_at_once(project, deployer, planned, shared)["index.module"]


def module_setup(module: Any, function: str, *arguments: Any) -> tuple[Any, bytes, bytes]:
    """Return what IndexCreator needs to call a module's function with the SetToken it creates.

    Parameters
    ----------
    module
        Enabled on the controller.
    function
        Its function that initialises, whose first parameter is the SetToken.
    arguments
        Its other arguments.
    """
    call = bytes(getattr(module, function).encode_input(NOBODY, *arguments))
    return module, call[:4], call[4 + 32 :]


def create_index(
    project: "ProjectManager",
    protocol: Protocol,
    creator: "AccountAPI",
    *,
    components: "Sequence[Any]",
    units: "Sequence[int]",
    setups: "Sequence[tuple[Any, bytes, bytes]]",
    manager: Any,
    name: str,
    symbol: str,
) -> "ContractInstance":
    """Create a SetToken with its modules initialised and its manager in place, at once.

    Parameters
    ----------
    components, units
        Tokens and D18{comp/set}, one for one.
    setups
        Modules with their initialisation, see `module_setup`.
    manager
        Account or contract that manages the SetToken from then on.
    """
    receipt = protocol.index_creator.create(
        list(components), list(units), list(setups), manager, name, symbol, sender=creator
    )
    (created,) = receipt.events.filter(protocol.index_creator.IndexCreated)
    return project.SetToken.at(created._setToken)


def deploy_manager(
    project: "ProjectManager",
    deployer: "AccountAPI",
    set_token: "ContractInstance",
    *,
    fee_module: Any,
    operator: Any,
    methodologist: Any,
    operator_share: int,
    permissions: "Sequence[tuple[Any, bytes]]" = (),
) -> "ContractInstance":
    """Deploy the contract that manages an index for two parties; nothing is handed over yet.

    Parameters
    ----------
    fee_module
        Where the index's streaming fee accrues.
    operator, methodologist
        The two parties: accounts or contracts.
    operator_share
        Of all fees D18{1}; the rest is the methodologist's.
    permissions
        Target and selector of each call that the operator may make alone, see
        `operator_permissions`.
    """
    arguments = manager_arguments(
        set_token, fee_module, operator, methodologist, operator_share, list(permissions)
    )
    return deployer.deploy(project.IndexManager, *arguments)


def deploy_index_token(
    project: "ProjectManager", deployer: "AccountAPI", holder: Any
) -> "ContractInstance":
    """Deploy INDEX; `holder` gets all 10,000,000."""
    return deployer.deploy(project.IndexToken, holder)


def deploy_meta_governor(
    project: "ProjectManager",
    deployer: "AccountAPI",
    protocol: Protocol,
    *,
    votes_token: Any,
    circulating_supply: int,
    blocks_per_day: int = BLOCKS_PER_DAY,
    committee: Any = NOBODY,
) -> "ContractInstance":
    """Deploy the contract by which the holders of INDEX decide how indices vote.

    It votes for an index once both parties of its IndexManager named it as voter.

    Parameters
    ----------
    deployer
        Owns it afterwards: states the circulating supply, names the committee.
    votes_token
        INDEX.
    circulating_supply
        {INDEX base units} of which 5 % must take part.
    blocks_per_day
        How many blocks 24 hours are, for governors that count blocks.
    committee
        Who chooses where the holders did not.
    """
    arguments = meta_governor_arguments(
        votes_token, protocol.governance, blocks_per_day, circulating_supply, committee
    )
    return deployer.deploy(project.MetaGovernor, *arguments)


def operator_permissions(
    protocol: Protocol, index_module: "ContractInstance"
) -> list[tuple["ContractInstance", bytes]]:
    """Return what an operator may do alone by our convention: run rebalances, and vote.

    Who chooses what the index holds is decided by `startRebalance`; leave it out, and each
    rebalance takes both parties. What bounds the prices of trades (a guard) is never in it.
    """
    contracts = {MODULE: index_module, "GovernanceModule": protocol.governance}
    return [(contracts[kind], selector(contracts[kind], name)) for kind, name in permissions()]


def selector(contract: "ContractInstance", function: str) -> bytes:
    """Return the four bytes that a contract's function is called by."""
    return steps.selector(contract.contract_type, function)


@cache
def _network() -> networks.Network:
    return networks.known()[MAINNET]


def create_set(
    project: "ProjectManager",
    protocol: Protocol,
    manager: "AccountAPI",
    *,
    components: "Sequence[Any]",
    units: "Sequence[int]",
    modules: "Sequence[Any]",
    name: str,
    symbol: str,
) -> "ContractInstance":
    """Create a SetToken; its modules are pending.

    Parameters
    ----------
    components, units
        Tokens and D18{comp/set}, one for one.
    modules
        Modules the manager may initialise.
    """
    receipt = protocol.creator.create(
        list(components), list(units), list(modules), manager, name, symbol, sender=manager
    )
    (created,) = receipt.events.filter(protocol.creator.SetTokenCreated)
    return project.SetToken.at(created._setToken)
