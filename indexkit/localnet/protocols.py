"""The localnet's protocols: which compiled contract goes where, and how it is set up."""

from indexkit.localnet import addresses
from indexkit.localnet.artifacts import artifact
from indexkit.localnet.placement import Placement

_SET = "@setprotocol/set-protocol-v2/external/abi"
_SAFE = "@gnosis.pm/safe-contracts/build/artifacts/contracts"
_AAVE_TOKEN = "@aave/aave-token/artifacts/contracts"
_AAVE_V1 = f"{_SET}/aave/v1"
_COMPOUND = f"{_SET}/compound"
_AAVE_GOVERNANCE = "@aave/governance-v2/artifacts/contracts/governance"

WETH9 = "canonical-weth/build/contracts/WETH9.json"
UNISWAP_FACTORY = "@uniswap/v2-core/build/UniswapV2Factory.json"
UNISWAP_PAIR = "@uniswap/v2-core/build/UniswapV2Pair.json"
UNISWAP_ROUTER = "@uniswap/v2-periphery/build/UniswapV2Router02.json"
SUSHISWAP_FACTORY = "@sushiswap/sushiswap/deployments/ethereum/UniswapV2Factory.json"
SUSHISWAP_ROUTER = "@sushiswap/sushiswap/deployments/ethereum/UniswapV2Router02.json"
BALANCER_FACTORY = f"{_SET}/balancer/BFactory.json"
BALANCER_POOL = f"{_SET}/balancer/BPool.json"
BALANCER_REGISTRY = f"{_SET}/balancer/BRegistry.json"
BALANCER_PROXY = f"{_SET}/balancer/ExchangeProxy.json"
AAVE_TOKEN_V1 = f"{_AAVE_TOKEN}/token/AaveToken.sol/AaveToken.json"
AAVE_TOKEN = f"{_AAVE_TOKEN}/token/AaveTokenV2.sol/AaveTokenV2.json"
AAVE_PROXY = (
    f"{_AAVE_TOKEN}/open-zeppelin/InitializableAdminUpgradeabilityProxy.sol/"
    "InitializableAdminUpgradeabilityProxy.json"
)
AAVE_STRATEGY = f"{_AAVE_GOVERNANCE}/GovernanceStrategy.sol/GovernanceStrategy.json"
AAVE_GOVERNANCE = f"{_AAVE_GOVERNANCE}/AaveGovernanceV2.sol/AaveGovernanceV2.json"
AAVE_EXECUTOR = f"{_AAVE_GOVERNANCE}/Executor.sol/Executor.json"
UNI = "@uniswap/governance/build/Uni.json"
GOVERNOR_ALPHA = "@uniswap/governance/build/GovernorAlpha.json"
TIMELOCK = "@uniswap/governance/build/Timelock.json"
AAVE_V1_GOVERNANCE = f"{_AAVE_V1}/AaveProtoGovernance.json"
AAVE_V1_PARAMETERS = f"{_AAVE_V1}/GovernanceParamsProvider.json"
AAVE_V1_WEIGHTS = f"{_AAVE_V1}/AssetVotingWeightProvider.json"
AAVE_V1_PROPOSITION_POWER = f"{_AAVE_V1}/AavePropositionPower.json"
COMP = f"{_COMPOUND}/Comp.json"
COMPOUND_GOVERNOR_ALPHA = f"{_COMPOUND}/CompoundGovernorAlpha.json"
COMPOUND_BRAVO_CODE = f"{_COMPOUND}/CompoundGovernorBravoDelegate.json"
COMPOUND_BRAVO_PROXY = f"{_COMPOUND}/CompoundGovernorBravoDelegator.json"
COMPOUND_TIMELOCK = f"{_COMPOUND}/CompoundTimelock.json"
SNAPSHOT_DELEGATE_REGISTRY = f"{_SET}/snapshot/DelegateRegistry.json"
SAFE = f"{_SAFE}/GnosisSafe.sol/GnosisSafe.json"
SAFE_PROXY_FACTORY = f"{_SAFE}/proxies/GnosisSafeProxyFactory.sol/GnosisSafeProxyFactory.json"
SAFE_FALLBACK_HANDLER = (
    f"{_SAFE}/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"
)
SAFE_MULTISEND = f"{_SAFE}/libraries/MultiSend.sol/MultiSend.json"
ERC20 = (
    "@setprotocol/set-protocol-v2/artifacts/contracts/mocks/StandardTokenMock.sol/"
    "StandardTokenMock.json"
)

CONTRACTS = {
    addresses.WETH: WETH9,
    addresses.UNISWAP_V2_FACTORY: UNISWAP_FACTORY,
    addresses.UNISWAP_V2_ROUTER: UNISWAP_ROUTER,
    addresses.SUSHISWAP_FACTORY: SUSHISWAP_FACTORY,
    addresses.SUSHISWAP_ROUTER: SUSHISWAP_ROUTER,
    addresses.BALANCER_FACTORY: BALANCER_FACTORY,
    addresses.BALANCER_REGISTRY: BALANCER_REGISTRY,
    addresses.BALANCER_EXCHANGE_PROXY: BALANCER_PROXY,
    addresses.AAVE: AAVE_TOKEN,
    addresses.STKAAVE: AAVE_TOKEN,
    addresses.LEND: ERC20,
    addresses.AAVE_V1_GOVERNANCE: AAVE_V1_GOVERNANCE,
    addresses.AAVE_V1_PARAMETERS: AAVE_V1_PARAMETERS,
    addresses.AAVE_V1_WEIGHTS: AAVE_V1_WEIGHTS,
    addresses.AAVE_V1_PROPOSITION_POWER: AAVE_V1_PROPOSITION_POWER,
    addresses.AAVE_GOVERNANCE: AAVE_GOVERNANCE,
    addresses.AAVE_STRATEGY: AAVE_STRATEGY,
    addresses.AAVE_SHORT_EXECUTOR: AAVE_EXECUTOR,
    addresses.UNI: UNI,
    addresses.UNISWAP_GOVERNOR: GOVERNOR_ALPHA,
    addresses.UNISWAP_TIMELOCK: TIMELOCK,
    addresses.COMP: COMP,
    addresses.COMPOUND_GOVERNOR_ALPHA: COMPOUND_GOVERNOR_ALPHA,
    addresses.COMPOUND_GOVERNOR_BRAVO: COMPOUND_BRAVO_CODE,
    addresses.COMPOUND_TIMELOCK: COMPOUND_TIMELOCK,
    addresses.SAFE_SINGLETON: SAFE,
    addresses.SAFE_PROXY_FACTORY: SAFE_PROXY_FACTORY,
    addresses.SAFE_FALLBACK_HANDLER: SAFE_FALLBACK_HANDLER,
    addresses.SAFE_MULTISEND: SAFE_MULTISEND,
    addresses.SNAPSHOT_DELEGATE_REGISTRY: SNAPSHOT_DELEGATE_REGISTRY,
}
"""Which compiled contract answers at which address (behind its proxy, for AAVE and Bravo)."""

POOLS = {"UniswapV2": UNISWAP_PAIR, "SushiSwap": UNISWAP_PAIR, "BalancerV1": BALANCER_POOL}
"""Which compiled contract a pool is, by exchange."""

DAY_S = 24 * 60 * 60

AAVE_VOTING_DELAY_BLOCKS = 0
"""Blocks before a vote opens: 0, the launch configuration in the governance package's README."""

AAVE_EXECUTOR_PARAMETERS = {
    "delay": 1 * DAY_S,
    "gracePeriod": 5 * DAY_S,
    "minimumDelay": 1 * DAY_S,
    "maximumDelay": 10 * DAY_S,
    "propositionThreshold": 50,
    "voteDuration": 19_200,
    "voteDifferential": 50,
    "minimumQuorum": 200,
}
"""Short executor: times {s}, voteDuration {blocks} (3 days), the rest in basis points."""

AAVE_V1_VOTING_WEIGHTS = {addresses.AAVE: 100, addresses.LEND: 1}
"""Votes per base unit held, by what a LEND became at the migration: a hundredth of an AAVE."""

LEND_SUPPLY = 13 * 10**26
"""In base units; the market maker holds it."""

UNISWAP_TIMELOCK_DELAY_S = COMPOUND_TIMELOCK_DELAY_S = 2 * DAY_S

COMPOUND_BRAVO_PARAMETERS = {
    "votingPeriod": 17_280,
    "votingDelay": 1,
    "proposalThreshold": 65_000 * 10**18,
}
"""Blocks (3 days), blocks (the least there may be), and COMP in base units."""


def place_protocols(on: Placement, timestamp: int) -> None:
    """Place everything that does not depend on a rebalance.

    Parameters
    ----------
    on
        Where to.
    timestamp
        Of the chain {s}.
    """
    on.place(artifact(WETH9), addresses.WETH)
    _place_exchanges(on)
    _place_aave(on)
    _place_aave_v1_governance(on)
    place_uniswap_governance(on, timestamp)
    place_safe(on)
    _place_compound_governance(on)
    on.place(artifact(SNAPSHOT_DELEGATE_REGISTRY), addresses.SNAPSHOT_DELEGATE_REGISTRY)
    _place_multicall(on)


def _place_exchanges(on: Placement) -> None:
    deployer = addresses.DEPLOYER
    weth = addresses.WETH
    uniswap = on.place(artifact(UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY, deployer)
    on.place(artifact(UNISWAP_ROUTER), addresses.UNISWAP_V2_ROUTER, uniswap, weth)
    sushiswap = on.place(artifact(SUSHISWAP_FACTORY), addresses.SUSHISWAP_FACTORY, deployer)
    on.place(artifact(SUSHISWAP_ROUTER), addresses.SUSHISWAP_ROUTER, sushiswap, weth)
    balancer = on.place(artifact(BALANCER_FACTORY), addresses.BALANCER_FACTORY)
    registry = on.place(artifact(BALANCER_REGISTRY), addresses.BALANCER_REGISTRY, balancer)
    proxy = on.place(artifact(BALANCER_PROXY), addresses.BALANCER_EXCHANGE_PROXY, weth)
    on.send(artifact(BALANCER_PROXY), proxy, "setRegistry", registry)


def _place_aave(on: Placement) -> None:
    holder = addresses.MARKET_MAKER
    nobody = addresses.labelled("indexkit.localnet.nobody")
    first, second = on.deploy(artifact(AAVE_TOKEN_V1)), on.deploy(artifact(AAVE_TOKEN))
    proxy = artifact(AAVE_PROXY)
    for address in (addresses.AAVE, addresses.STKAAVE):
        on.place(proxy, address)
        on.send(proxy, address, "initialize", first, addresses.DEPLOYER, b"")
    zero = "0x" + "00" * 20
    token = artifact(AAVE_TOKEN_V1)
    on.send(token, addresses.AAVE, "initialize", holder, holder, zero, sender=nobody)
    for address in (addresses.AAVE, addresses.STKAAVE):
        on.send(proxy, address, "upgradeTo", second)
        on.send(artifact(AAVE_TOKEN), address, "initialize", sender=nobody)

    governance = addresses.AAVE_GOVERNANCE
    strategy = on.place(
        artifact(AAVE_STRATEGY), addresses.AAVE_STRATEGY, addresses.AAVE, addresses.STKAAVE
    )
    executor = on.place(
        artifact(AAVE_EXECUTOR),
        addresses.AAVE_SHORT_EXECUTOR,
        governance,
        *AAVE_EXECUTOR_PARAMETERS.values(),
    )
    on.place(
        artifact(AAVE_GOVERNANCE),
        governance,
        strategy,
        AAVE_VOTING_DELAY_BLOCKS,
        addresses.DEPLOYER,
        [executor],
    )


def _place_aave_v1_governance(on: Placement) -> None:
    about = (LEND_SUPPLY, "EthLend Token", "LEND", 18)
    on.place(artifact(ERC20), addresses.LEND, addresses.MARKET_MAKER, *about)
    weights = on.place(
        artifact(AAVE_V1_WEIGHTS),
        addresses.AAVE_V1_WEIGHTS,
        list(AAVE_V1_VOTING_WEIGHTS),
        list(AAVE_V1_VOTING_WEIGHTS.values()),
    )
    # One token, which lets its holder propose.
    power = on.place(
        artifact(AAVE_V1_PROPOSITION_POWER),
        addresses.AAVE_V1_PROPOSITION_POWER,
        *("Aave Proposition Power", "APP", 0, [addresses.DEPLOYER], 1),
    )
    parameters = on.place(
        artifact(AAVE_V1_PARAMETERS), addresses.AAVE_V1_PARAMETERS, 1, power, weights
    )
    on.place(artifact(AAVE_V1_GOVERNANCE), addresses.AAVE_V1_GOVERNANCE, parameters)


def _place_compound_governance(on: Placement) -> None:
    deployer, timelock = addresses.DEPLOYER, addresses.COMPOUND_TIMELOCK
    comp = on.place(artifact(COMP), addresses.COMP, addresses.MARKET_MAKER)
    alpha = addresses.COMPOUND_GOVERNOR_ALPHA
    on.place(artifact(COMPOUND_TIMELOCK), timelock, alpha, COMPOUND_TIMELOCK_DELAY_S)
    on.place(artifact(COMPOUND_GOVERNOR_ALPHA), alpha, timelock, comp, deployer)
    code = on.place(artifact(COMPOUND_BRAVO_CODE), addresses.COMPOUND_BRAVO_CODE)
    bravo = on.place(
        artifact(COMPOUND_BRAVO_PROXY),
        addresses.COMPOUND_GOVERNOR_BRAVO,
        *(timelock, comp, deployer, code),
        *COMPOUND_BRAVO_PARAMETERS.values(),
    )
    _propose_once(on, alpha, comp)
    # As since April 2021: Bravo carries out what was decided; Alpha still takes votes, and no more.
    on.send(artifact(COMPOUND_TIMELOCK), timelock, "setPendingAdmin", bravo, sender=timelock)
    on.send(artifact(COMPOUND_BRAVO_CODE), bravo, "_initiate", alpha)


def _propose_once(on: Placement, alpha: str, comp: str) -> None:
    """Make a proposal in Alpha and cancel it: Bravo counts on from Alpha's last, and not from 0."""
    maker, nobody = addresses.MARKET_MAKER, "0x" + "00" * 20
    token, governor = artifact(COMP), artifact(COMPOUND_GOVERNOR_ALPHA)
    on.send(token, comp, "delegate", maker, sender=maker)
    proposal = ([comp], [0], ["totalSupply()"], [b""], "Nothing")
    on.send(governor, alpha, "propose", *proposal, sender=maker)
    on.send(governor, alpha, "cancel", 1)
    on.send(token, comp, "delegate", nobody, sender=maker)


def place_uniswap_governance(on: Placement, timestamp: int) -> None:
    """Place UNI, held by the market maker, its governor and timelock; `timestamp`: now {s}."""
    timelock, governor = addresses.UNISWAP_TIMELOCK, addresses.UNISWAP_GOVERNOR
    minting_allowed_after = timestamp + 365 * DAY_S
    on.place(artifact(UNI), addresses.UNI, addresses.MARKET_MAKER, timelock, minting_allowed_after)
    on.place(artifact(TIMELOCK), timelock, governor, UNISWAP_TIMELOCK_DELAY_S)
    on.place(artifact(GOVERNOR_ALPHA), governor, timelock, addresses.UNI)


def place_safe(on: Placement) -> None:
    """Place Safe 1.3.0: singleton, proxy factory, fallback handler, MultiSend."""
    on.place(artifact(SAFE), addresses.SAFE_SINGLETON)
    on.place(artifact(SAFE_PROXY_FACTORY), addresses.SAFE_PROXY_FACTORY)
    on.place(artifact(SAFE_FALLBACK_HANDLER), addresses.SAFE_FALLBACK_HANDLER)
    on.place(artifact(SAFE_MULTISEND), addresses.SAFE_MULTISEND)


def _place_multicall(on: Placement) -> None:
    from ape_ethereum.multicall.constants import MULTICALL3_CODE

    on.set_code(addresses.MULTICALL3, bytes(MULTICALL3_CODE))
