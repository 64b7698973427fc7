"""Deployment of the protocol and of an index: a library for scripts and tests alike."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eth_utils.crypto import keccak

from indexkit import adapters
from indexkit.build import compile_if_changed
from indexkit.localnet import addresses
from indexkit.localnet.pools import PAIR_CODE_HASHES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

INTEGRATION_REGISTRY_ID = 0
"""The controller's resource id of the integration registry, by Set V2's convention."""

AAVE_V1_GOVERNANCE = adapters.AAVE_V1
AAVE_GOVERNANCE = adapters.AAVE_V2
UNISWAP_GOVERNANCE = adapters.UNISWAP
COMPOUND_GOVERNANCE = adapters.COMPOUND
SNAPSHOT = adapters.SNAPSHOT

GOVERNORS = (AAVE_V1_GOVERNANCE, AAVE_GOVERNANCE, UNISWAP_GOVERNANCE, COMPOUND_GOVERNANCE)
"""Names of the governors that an index can vote in."""

ANYONE = NOBODY = "0x" + 20 * "00"
"""For whom a module is reserved that anyone's index may take."""

BLOCKS_PER_DAY = 7_200
"""Blocks of 12 s in 24 hours, as Ethereum has had them since September 2022; some 6,500 before."""

GUARD_WINDOW_S = 1_800
"""Over at least which the guard takes its reference prices {s}."""

EXCHANGE_IDS = {"UniswapV2": 1, "SushiSwap": 2, "BalancerV1": 3}
"""Exchange ids of SingleIndexModule by their names in data/rebalances."""

INDEX_OPERATION = (
    "startRebalance",
    "startRebalanceWithDeadline",
    "cancelRebalance",
    "setTradeMaximums",
    "setExchanges",
    "setCoolOffPeriods",
    "updateTraderStatus",
    "updateAnyoneTrade",
)
GOVERNANCE_OPERATION = ("delegate", "propose", "register", "revoke", "vote")


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


def logic_arguments(controller: Any) -> tuple[Any, ...]:
    """Return the arguments of the SetToken whose code others share: nobody can act on it."""
    return [], [], [], controller, NOBODY, "SetToken", "LOGIC"


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
    controller = deployer.deploy(project.Controller, fee_recipient)
    registry = deployer.deploy(project.IntegrationRegistry, controller)
    blueprint = deployer.declare(project.SetTokenShell).contract_address
    logic = deployer.deploy(project.SetToken, *logic_arguments(controller))
    creator = deployer.deploy(project.SetTokenCreator, controller, blueprint, logic)
    index_creator = deployer.deploy(project.IndexCreator, creator)
    issuance = deployer.deploy(project.BasicIssuanceModule, controller)
    streaming_fee = deployer.deploy(project.StreamingFeeModule, controller)
    governance = deployer.deploy(project.GovernanceModule, controller)
    guard = deployer.deploy(
        project.ExecutionGuard,
        addresses.WETH,
        addresses.UNISWAP_V2_FACTORY,
        addresses.SUSHISWAP_FACTORY,
        bytes.fromhex(PAIR_CODE_HASHES["UniswapV2"]),
        bytes.fromhex(PAIR_CODE_HASHES["SushiSwap"]),
        GUARD_WINDOW_S,
    )
    named = adapters.deploy_adapters(project, deployer)

    controller.initialize(
        [creator],
        [issuance, streaming_fee, governance],
        [registry],
        [INTEGRATION_REGISTRY_ID],
        sender=deployer,
    )
    modules = [governance] * len(named)
    registry.batchAddIntegration(modules, list(named), list(named.values()), sender=deployer)
    return Protocol(
        controller,
        registry,
        creator,
        index_creator,
        issuance,
        streaming_fee,
        governance,
        guard,
        named,
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
    module = deployer.deploy(
        project.SingleIndexModule,
        protocol.controller,
        addresses.WETH,
        addresses.UNISWAP_V2_ROUTER,
        addresses.SUSHISWAP_ROUTER,
        addresses.BALANCER_EXCHANGE_PROXY,
        bytes.fromhex(PAIR_CODE_HASHES["UniswapV2"]),
        bytes.fromhex(PAIR_CODE_HASHES["SushiSwap"]),
        protocol.index_creator,
        reserved_for,
    )
    protocol.controller.addModule(module, sender=deployer)
    return module


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
    nobody = "0x" + "00" * 20
    call = bytes(getattr(module, function).encode_input(nobody, *arguments))
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
    return deployer.deploy(
        project.IndexManager,
        set_token,
        fee_module,
        operator,
        methodologist,
        operator_share,
        list(permissions),
    )


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
    return deployer.deploy(
        project.MetaGovernor,
        votes_token,
        protocol.governance,
        blocks_per_day,
        circulating_supply,
        committee,
    )


def operator_permissions(
    protocol: Protocol, index_module: "ContractInstance"
) -> list[tuple["ContractInstance", bytes]]:
    """Return what an operator may do alone by our convention: run rebalances, and vote.

    Who chooses what the index holds is decided by `startRebalance`; leave it out, and each
    rebalance takes both parties. What bounds the prices of trades (a guard) is never in it.
    """
    granted = ((index_module, INDEX_OPERATION), (protocol.governance, GOVERNANCE_OPERATION))
    return [
        (contract, selector(contract, name))
        for contract, names in granted
        for name in names
        if name in _functions(contract)
    ]


def selector(contract: "ContractInstance", function: str) -> bytes:
    """Return the four bytes that a contract's function is called by."""
    return keccak(text=_functions(contract)[function])[:4]


def _functions(contract: "ContractInstance") -> dict[str, str]:
    """Return the signatures of a contract's functions that are no views, by name."""
    return {abi.name: abi.selector for abi in contract.contract_type.mutable_methods}


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
