"""AmmModule of Set V2 on our SetToken, with its mock pool and with Uniswap's pairs."""

from twins.guests import (
    LOCKED,
    NO_ADAPTER,
    NOT_ENABLED,
    NOT_INITIALIZED,
    NOT_MANAGER,
    NOT_OF_THE_CONTROLLER,
    NOT_PENDING,
    approved,
    basket,
    live,
    register,
    unknown_set,
)
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, Handle, Stage
from twins.world import set_v2

MOCK = "mocks/integrations/AmmAdapterMock"
UNISWAP = "protocol/integration/amm/UniswapV2AmmAdapter"


def pending(s: Stage) -> None:
    """Create a basket with the module pending, a mock pool, and Uniswap's adapter."""
    plug(s, "amm", "AmmModule")
    pool = s.deploy("pool", set_v2(MOCK), [s.dai, s.usdc])
    register(s, s.amm, "Mock", pool)
    adapter = s.deploy("uniswap_amm", set_v2(UNISWAP), s.uniswap_router)
    register(s, s.amm, "Uniswap", adapter)
    basket(s, s.amm)
    pool.mintTo(s.issuer, 10**22, by=s.owner)
    approved(s, pool, s.issuer, s.issuance)


def started(s: Stage) -> None:
    """Create a basket with the module initialised."""
    pending(s)
    s.amm.initialize(s.set, by=s.manager)


def removable(s: Stage, pool: Handle) -> int:
    """Return the most that can be taken out at once: the module takes all of it for a unit."""
    return s.set.getDefaultPositionRealUnit(pool) * E18 // s.set.totalSupply()


@scenario
def adds_and_removes_liquidity(s: Stage) -> None:
    """Add two components, live, add more, remove a part and then the rest."""
    started(s)
    both = [s.dai, s.usdc]
    s.amm.addLiquidity(s.set, "Mock", s.pool, E18, both, [2 * E18, 20 * 10**6], by=s.manager)
    s.set.getPositions()
    live(s)
    s.amm.addLiquidity(s.set, "Mock", s.pool, E18 // 3, both, [E18, 10**7], by=s.manager)
    most = removable(s, s.pool)
    s.amm.removeLiquidity(s.set, "Mock", s.pool, most, both, [E18, 10**7], by=s.manager)
    s.set.getPositions()
    live(s)


@scenario
def adds_and_removes_one_component(s: Stage) -> None:
    """Add one component entirely, so that it leaves the list, and take it back."""
    started(s)
    add, remove = s.amm.addLiquiditySingleAsset, s.amm.removeLiquiditySingleAsset
    add(s.set, "Mock", s.pool, E18, s.usdc, 100 * 10**6, by=s.manager)
    s.set.getPositions()
    live(s)
    most = removable(s, s.pool)
    remove(s.set, "Mock", s.pool, most, s.usdc, 30 * 10**6, by=s.manager)
    s.set.getComponents()
    live(s)


@scenario
def leaves_donations_out(s: Stage) -> None:
    """Keep donated components and pool tokens out of the units."""
    started(s)
    both = [s.dai, s.usdc]
    s.fund("dai", s.set, 55 * E18)
    s.pool.transfer(s.set, 99, by=s.issuer)
    s.amm.addLiquidity(s.set, "Mock", s.pool, E18, both, [E18, 10**7], by=s.manager)
    s.set.getPositions()
    s.amm.removeLiquidity(s.set, "Mock", s.pool, E18 // 200, both, [E18, 10**7], by=s.manager)
    s.set.getPositions()
    live(s)


@scenario
def refuses_additions(s: Stage) -> None:
    """Check roles, adapter, lengths, quantities, units, and what came back."""
    started(s)
    odd = unknown_set(s)
    add = s.amm.addLiquidity
    both = [s.dai, s.usdc]
    add(odd, "none", s.pool, 0, both, [1], by=s.stranger, reverts=NOT_MANAGER)
    add(odd, "none", s.pool, 0, both, [1], by=s.manager, reverts=NOT_INITIALIZED)
    add(s.set, "none", s.pool, 0, both, [1], by=s.manager, reverts=NO_ADAPTER)
    length, none = "Components and units must be equal length", "Token quantity must be nonzero"
    add(s.set, "Mock", s.pool, 0, both, [1], by=s.manager, reverts=length)
    add(s.set, "Mock", s.pool, 0, both, [11 * E18, 1], by=s.manager, reverts=none)
    owned = "Unit cant be greater than positions owned"
    add(s.set, "Mock", s.pool, E18, both, [11 * E18, 1], by=s.manager, reverts=owned)
    invalid = "Pool token must be enabled on the Adapter"
    add(s.set, "Mock", s.lone, E18, both, [11 * E18, 1], by=s.manager, reverts=invalid)
    s.pool.setMintLessThanMinimum(by=s.owner)
    less = "Liquidity tokens received must be greater than minimum specified"
    add(s.set, "Mock", s.pool, E18, both, [E18, 10**6], by=s.manager, reverts=less)
    single = s.amm.addLiquiditySingleAsset
    single(s.set, "Mock", s.pool, E18, s.dai, E18, by=s.manager, reverts=less)
    single(s.set, "Mock", s.pool, 0, s.dai, E18, by=s.manager, reverts=none)
    single(s.set, "Mock", s.lone, 1, s.dai, 11 * E18, by=s.manager, reverts=invalid)
    single(s.set, "Mock", s.pool, 1, s.dai, 11 * E18, by=s.manager, reverts=owned)
    single(s.set, "Mock", s.pool, 1, s.dai, 11 * E18, by=s.stranger, reverts=NOT_MANAGER)


@scenario
def refuses_removals(s: Stage) -> None:
    """Check roles, lengths, quantities, ownership, and what came back."""
    started(s)
    remove, single = s.amm.removeLiquidity, s.amm.removeLiquiditySingleAsset
    both, units = [s.dai, s.usdc], [E18, 10**6]
    s.amm.addLiquidity(s.set, "Mock", s.pool, E18, both, units, by=s.manager)
    remove(s.set, "none", s.pool, 0, both, [1], by=s.stranger, reverts=NOT_MANAGER)
    remove(s.set, "none", s.pool, 0, both, [1], by=s.manager, reverts=NO_ADAPTER)
    length, none = "Components and units must be equal length", "Token quantity must be nonzero"
    remove(s.set, "Mock", s.pool, 0, both, [1], by=s.manager, reverts=length)
    remove(s.set, "Mock", s.pool, 0, both, [0, 1], by=s.manager, reverts=none)
    zero, owned = "Component quantity must be nonzero", "SetToken must own enough liquidity token"
    remove(s.set, "Mock", s.pool, E18 + 1, both, [0, 1], by=s.manager, reverts=zero)
    remove(s.set, "Mock", s.pool, E18 + 1, both, units, by=s.manager, reverts=owned)
    single(s.set, "Mock", s.pool, E18 // 10**9, s.dai, 0, by=s.manager, reverts=zero)
    single(s.set, "Mock", s.pool, E18 + 1, s.dai, 1, by=s.manager, reverts=owned)
    invalid = "Pool token must be enabled on the Adapter"
    single(s.set, "Mock", s.lone, E18, s.dai, 1, by=s.manager, reverts=invalid)
    s.issuance.redeem(s.set, 99 * E18, s.issuer, by=s.issuer)
    s.pool.setMintLessThanMinimum(by=s.owner)
    less = "Underlying tokens received must be greater than minimum specified"
    remove(s.set, "Mock", s.pool, E18 // 2, both, [E18, 10**6], by=s.manager, reverts=less)
    single(s.set, "Mock", s.pool, E18 // 2, s.dai, E18, by=s.manager, reverts=less)


@scenario
def is_initialised_once(s: Stage) -> None:
    """Check roles and states of initialisation, removal and return, lock and controller."""
    pending(s)
    odd = unknown_set(s)
    s.amm.initialize(odd, by=s.stranger, reverts=NOT_MANAGER)
    s.amm.initialize(odd, by=s.manager, reverts=NOT_OF_THE_CONTROLLER)
    s.amm.initialize(s.set, by=s.manager)
    s.amm.initialize(s.set, by=s.manager, reverts=NOT_PENDING)
    arguments = (s.set, "Mock", s.pool, E18, s.dai, E18)
    s.set.lock(by=s.module)
    s.amm.addLiquiditySingleAsset(*arguments, by=s.manager, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.amm, by=s.owner)
    s.amm.addLiquiditySingleAsset(*arguments, by=s.manager, reverts=NOT_ENABLED)
    s.controller.addModule(s.amm, by=s.owner)
    s.set.removeModule(s.amm, by=s.manager)
    s.amm.addLiquiditySingleAsset(*arguments, by=s.manager, reverts=NOT_INITIALIZED)
    s.set.addModule(s.amm, by=s.manager)
    s.amm.initialize(s.set, by=s.manager)
    s.amm.addLiquiditySingleAsset(*arguments, by=s.manager)


def share(s: Stage) -> None:
    """Give the issuer shares of Uniswap's pool of DAI, to issue with."""
    approved(s, s.dai_pool, s.issuer, s.issuance)
    s.fund("dai", s.dai_pool, 10**22)
    s.fund("weth", s.dai_pool, 4 * E18)
    s.dai_pool.mint(s.issuer, by=s.issuer)


@scenario
def provides_liquidity_to_uniswap(s: Stage) -> None:
    """Add to a pair at its price, live, and take it out in two steps."""
    started(s)
    share(s)
    both, most = [s.dai, s.weth], [5 * E18, E18 // 20]
    add, remove = s.amm.addLiquidity, s.amm.removeLiquidity
    add(s.set, "Uniswap", s.dai_pool, E18 // 100, both, most, by=s.manager)
    s.set.getPositions()
    live(s)
    s.dai.allowance(s.set, s.uniswap_router)
    part = removable(s, s.dai_pool) // 3
    remove(s.set, "Uniswap", s.dai_pool, part, both, [10**12, 10**9], by=s.manager)
    s.set.getPositions()
    live(s)
    s.dai_pool.allowance(s.set, s.uniswap_router)


@scenario
def takes_everything_out_of_uniswap(s: Stage) -> None:
    """Take all out at once while there is one SetToken only, and one base unit too many."""
    started(s)
    share(s)
    s.issuance.redeem(s.set, 99 * E18, s.issuer, by=s.issuer)
    both, most = [s.dai, s.weth], [10 * E18, E18 // 10]
    s.amm.addLiquidity(s.set, "Uniswap", s.dai_pool, 1, both, most, by=s.manager)
    s.set.getComponents()
    held = s.set.getDefaultPositionRealUnit(s.dai_pool)
    remove, least = s.amm.removeLiquidity, [10**16, 10**13]
    few = "SetToken must own enough liquidity token"
    remove(s.set, "Uniswap", s.dai_pool, held + 1, both, least, by=s.manager, reverts=few)
    remove(s.set, "Uniswap", s.dai_pool, held, both, least, by=s.manager)
    s.set.getComponents()
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    live(s)


@scenario
def gives_tokens_in_the_other_order(s: Stage) -> None:
    """Name WETH first."""
    started(s)
    both, most = [s.weth, s.dai], [E18 // 20, 5 * E18]
    s.amm.addLiquidity(s.set, "Uniswap", s.dai_pool, 1, both, most, by=s.manager)
    part = removable(s, s.dai_pool)
    s.amm.removeLiquidity(s.set, "Uniswap", s.dai_pool, part, both, [1, 1], by=s.manager)
    s.set.getPositions()


@scenario
def bubbles_uniswaps_refusals(s: Stage) -> None:
    """Refuse what the adapter refuses, and a pool it does not know."""
    started(s)
    add, remove = s.amm.addLiquidity, s.amm.removeLiquidity
    both = [s.dai, s.weth]
    high = "_minLiquidity is too high for input token limit"
    add(s.set, "Uniswap", s.dai_pool, E18, both, [E18, E18 // 100], by=s.manager, reverts=high)
    zero = "Component quantity must be nonzero"
    add(s.set, "Uniswap", s.dai_pool, 1, both, [0, E18 // 100], by=s.manager, reverts=zero)
    invalid = "Pool token must be enabled on the Adapter"
    for pool in (s.usdc_pool, s.wbtc_pool, s.dai):
        add(s.set, "Uniswap", pool, 1, both, [1, 1], by=s.manager, reverts=invalid)
    add(s.set, "Uniswap", s.dai_pool, 1, [s.dai], [1], by=s.manager, reverts=invalid)
    single = s.amm.addLiquiditySingleAsset
    single(s.set, "Uniswap", s.dai_pool, 1, s.dai, 1, by=s.manager, reverts=invalid)
    add(s.set, "Uniswap", s.dai_pool, 1, both, [5 * E18, E18 // 20], by=s.manager)
    part = removable(s, s.dai_pool)
    much = "amounts must be <= ownedTokens"
    most = [10 * E18, E18 // 10]
    remove(s.set, "Uniswap", s.dai_pool, part, both, most, by=s.manager, reverts=much)
