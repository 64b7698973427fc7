"""An index with a token that misbehaves, and everything that can be done with it (I-19)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ape import project
from ape.exceptions import ContractLogicError

from indexkit import deploy
from indexkit.localnet import addresses, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import BALANCER_FEE, BALANCER_WEIGHT, pair_address

ZERO = "0x" + "00" * 20
E18 = 10**18
MAX = 2**256 - 1
UNISWAP, BALANCER = 1, 3
HELD = 2
"""Odd tokens per SetToken."""
ISSUED = 100
"""SetTokens."""
RESERVE = 10**7
"""Odd tokens in each pool, against a thousandth as much WETH."""


@dataclass
class World:
    """An index of UNI, the odd token and WETH, and who acts on it."""

    index: Any
    odd: Any
    whole: int
    """{comp} One odd token."""
    protocol: deploy.Protocol
    trading: Any
    pools: dict[int, Any]
    owner: Any
    manager: Any
    issuer: Any
    """Has made the odd token, owns the SetTokens, and has a claim."""
    module: Any
    """May transfer components."""


@dataclass(frozen=True)
class Operation:
    """One thing to do, and what it should move."""

    act: Callable[[World], Any]
    moves: Callable[[World], tuple[Any, Any, int]]
    """Sender, receiver and {comp} amount of the odd token, if all is well."""
    prepare: Callable[[World], Any] = lambda world: None
    held: int | None = None
    """Odd tokens per SetToken after a trade, if all is well."""


def _rebalance(world: World, exchange: int, target: int) -> None:
    world.trading.setExchanges([world.odd], [exchange], sender=world.manager)
    listed, units, _ = world.index.getPositionPage(0)
    targets = {world.odd.address: target * world.whole, addresses.WETH: 0}
    wanted = [targets.get(token, unit) for token, unit in zip(listed, units, strict=True)]
    world.trading.startRebalance([], [], wanted, E18, sender=world.manager)


def _sell(exchange: int) -> Operation:
    return Operation(
        lambda w: w.trading.trade(w.odd, sender=w.manager),
        lambda w: (w.index, w.pools[exchange], ISSUED * w.whole),
        lambda w: _rebalance(w, exchange, HELD - 1),
        HELD - 1,
    )


def _buy(exchange: int) -> Operation:
    return Operation(
        lambda w: w.trading.trade(w.odd, sender=w.manager),
        lambda w: (w.pools[exchange], w.index, ISSUED * w.whole),
        lambda w: _rebalance(w, exchange, HELD + 1),
        HELD + 1,
    )


def _share_out(world: World) -> tuple[Any, Any, int]:
    return world.index, world.issuer, HELD * world.whole


def _nothing(world: World) -> tuple[Any, Any, int]:
    return world.index, world.issuer, 0


def _create(world: World) -> Any:
    return deploy.create_set(
        project,
        world.protocol,
        world.manager,
        components=[world.odd],
        units=[1],
        modules=[world.protocol.issuance],
        name="Other",
        symbol="OTHER",
    )


OPERATIONS: dict[str, Operation] = {
    "issue": Operation(
        lambda w: w.protocol.issuance.issue(w.index, E18, w.issuer, sender=w.issuer),
        lambda w: (w.issuer, w.index, HELD * w.whole),
    ),
    "redeem": Operation(
        lambda w: w.protocol.issuance.redeem(w.index, E18, w.issuer, sender=w.issuer), _share_out
    ),
    "redeemFrozen": Operation(
        lambda w: w.protocol.issuance.redeemFrozen(w.index, E18, w.issuer, sender=w.issuer),
        _share_out,
    ),
    "collect": Operation(
        lambda w: w.protocol.issuance.collect(w.index, w.odd, w.issuer, sender=w.issuer),
        _share_out,
    ),
    "transferComponent": Operation(
        lambda w: w.index.transferComponent(w.issuer, w.odd, HELD * w.whole, sender=w.module),
        _share_out,
    ),
    "transferPositions": Operation(
        lambda w: w.index.transferPositions(w.issuer, E18, sender=w.module), _share_out
    ),
    "sell, Uniswap": _sell(UNISWAP),
    "buy, Uniswap": _buy(UNISWAP),
    "sell, Balancer": _sell(BALANCER),
    "buy, Balancer": _buy(BALANCER),
    "accrueFee": Operation(
        lambda w: w.protocol.streaming_fee.accrueFee(w.index, sender=w.issuer), _nothing
    ),
    "create": Operation(_create, _nothing),
}


def outcome(world: World, operation: Operation, arm: Callable, disarm: Callable) -> str:
    """Return what comes of an operation while the token misbehaves, in the table's words.

    Balances are read, and the index is prepared, while it behaves.
    """
    operation.prepare(world)
    sender, receiver, quantity = operation.moves(world)
    claim = world.protocol.issuance.claims(world.index, world.odd, world.issuer)
    before = [world.odd.balanceOf(each) for each in (sender, receiver)]
    arm(world)
    try:
        operation.act(world)
    except ContractLogicError as error:
        refusal = _reason(error)
    else:
        refusal = None
    disarm(world)
    after = [world.odd.balanceOf(each) for each in (sender, receiver)]
    added = world.protocol.issuance.claims(world.index, world.odd, world.issuer) - claim
    left, came = before[0] - after[0], after[1] - before[1]
    if refusal is not None:
        assert left == came == added == 0
        return refusal
    if left == came == 0 and added == quantity > 0:
        return "claim"
    assert added in (0, -quantity)
    unit = world.index.getDefaultPositionRealUnit(world.odd)
    # A trade rounds the unit down by one base unit at most.
    kept = operation.held is None or 0 <= operation.held * world.whole - unit <= 1
    return _amounts(left, came, quantity) + ("" if kept else ", unit as shown")


def _amounts(left: int, came: int, quantity: int) -> str:
    if came == left == quantity:
        return "exact"
    if left == quantity and came < quantity:
        return "less"
    if came == quantity and left > quantity:
        return "more"
    if left == came == 0:
        return "nothing"
    return f"{left} left, {came} came of {quantity}"


def _reason(error: ContractLogicError) -> str:
    # Ape gives its own words when there is no text, and data that are no text as they are.
    reason = str(error.revert_message or "")
    if reason in ("", "Transaction failed.") or reason.startswith("0x"):
        return "no reason"
    return f'"{reason}"'


def build(
    token: Any,
    whole: int,
    uni: Any,
    protocol: deploy.Protocol,
    make_set: Callable[..., Any],
    owner: Any,
    manager: Any,
    issuer: Any,
    module: Any,
) -> World:
    """Make pools of a token and an index of it; the issuer, who holds it all, gets SetTokens."""
    trading = deploy.deploy_index_module(project, owner, protocol)
    weth = token_at(addresses.WETH)
    created = make_set([uni, token, weth], [E18, HELD * whole, E18], trading, module)
    pools = {UNISWAP: _pair(token, whole, issuer), BALANCER: _balancer_pool(token, whole, issuer)}
    created.initializeModule(sender=module)
    protocol.streaming_fee.initialize(created, (manager, 10**17, 10**16, 0), sender=manager)
    trading.initialize(created, sender=manager)
    trading.setTradeMaximums([token], [MAX], sender=manager)
    trading.updateTraderStatus([manager], [True], sender=manager)

    deal(uni, issuer, 10**3 * E18)
    deal(weth, issuer, 10**3 * E18)
    for component in (uni, token, weth):
        component.approve(protocol.issuance, MAX, sender=issuer)
    protocol.issuance.issue(created, (ISSUED + 1) * E18, issuer, sender=issuer)
    # A redemption to the SetToken itself moves nothing: that is a claim.
    protocol.issuance.redeemFrozen(created, E18, created, sender=issuer)
    return World(created, token, whole, protocol, trading, pools, owner, manager, issuer, module)


def _pair(token: Any, whole: int, issuer: Any) -> Any:
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)
    factory.createPair(token, addresses.WETH, sender=issuer)
    pair = contract_at(artifact(protocols.UNISWAP_PAIR), pair_address("UniswapV2", token.address))
    token.transfer(pair, _reserve(whole), sender=issuer)
    deal(addresses.WETH, pair, RESERVE * E18 // 1000)
    pair.mint(issuer, sender=issuer)
    return pair


def _balancer_pool(token: Any, whole: int, issuer: Any) -> Any:
    factory = contract_at(artifact(protocols.BALANCER_FACTORY), addresses.BALANCER_FACTORY)
    weth, reserve = token_at(addresses.WETH), RESERVE * E18 // 1000
    (created,) = factory.newBPool(sender=issuer).events.filter(factory.LOG_NEW_POOL)
    pool = contract_at(artifact(protocols.BALANCER_POOL), created.pool)
    deal(weth, issuer, reserve)
    for bound, amount in ((token, _reserve(whole)), (weth, reserve)):
        bound.approve(pool, MAX, sender=issuer)
        pool.bind(bound, amount, BALANCER_WEIGHT, sender=issuer)
    pool.setSwapFee(BALANCER_FEE, sender=issuer)
    pool.finalize(sender=issuer)
    registry = contract_at(artifact(protocols.BALANCER_REGISTRY), addresses.BALANCER_REGISTRY)
    registry.addPoolPair(pool, token, weth, sender=issuer)
    registry.sortPools([token, weth], 10, sender=issuer)
    return pool


def _reserve(whole: int) -> int:
    # A pair holds less than 2^112 of either token.
    return min(RESERVE * whole, 10**33)
