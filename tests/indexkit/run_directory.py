"""Run directories of published rebalances, made without a chain."""

from datetime import UTC, datetime, time

from indexkit.localnet.pools import plan_pools, reference_pools
from indexkit.pool_state import PoolState
from indexkit.rebalance_data import load, read_record
from indexkit.steps import basket as baskets
from indexkit.steps import orders, published, run
from indexkit.steps.folder import Folder
from indexkit.steps.state import SafeState, State

MODULE = "0x25100726B25A6ddb8f8E68988272E1883733966e"
GUARD = "0x000000000000000000000000000000000000bEEF"
NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
GWEI = 10**9
OPTIONS = orders.Options("published", 20 * GWEI, 188_000, None)


def basket_of(name):
    """Return the basket of a published rebalance."""
    return published.basket_of(read_record(name))


def state_of(name):
    """Return the chain as it was for a published rebalance, with pools of the localnet's depth."""
    rebalance = load(name)
    noon = datetime.combine(rebalance.date, time(12), UTC)
    pools = (*plan_pools(rebalance), *reference_pools(rebalance))
    return State(
        chain_id=1,
        block=139,
        timestamp=int(noon.timestamp()),
        token=rebalance.token_address,
        module=MODULE,
        guard=GUARD,
        manager=GUARD,
        house=None,
        safe=SafeState(GUARD, 7, 2),
        nonce=1,
        total_supply=rebalance.total_supply,
        position_multiplier=rebalance.position_multiplier,
        component_order=tuple(c.address for c in rebalance.old_components),
        units={c.address: c.current_unit for c in rebalance.old_components},
        decimals={c.address: c.decimals for c in rebalance.components},
        stored={c.address: (0, 0, 0) for c in rebalance.components},
        pools=tuple(
            PoolState(p.component, p.exchange, p.address, p.component_reserve, p.weth_reserve)
            for p in pools
        ),
    )


def publish(path, basket):
    """Take step 1 on the day of the basket."""
    folder = Folder(path)
    run.publish(folder, basket, today=basket.method.date)
    return folder


def make(path, basket, state, options=OPTIONS):
    """Take the first four steps; return the directory."""
    folder = publish(path, basket)
    run.verify(folder)
    run.choose(folder, lambda _: state, impact_bps=50)
    run.convert(folder, options)
    return folder


def edited(basket, **fields):
    """Return a basket with other fields."""
    return baskets.parse({**basket.content, **fields}, "basket.json")


def with_component(basket, wanted, /, **fields):
    """Return the basket's content with a component's fields changed; None takes one out."""
    content = {**basket.content, "components": []}
    for entry in basket.content["components"]:
        changed = {**entry, **fields} if entry["symbol"] == wanted else entry
        content["components"].append({k: v for k, v in changed.items() if v is not None})
    return content
