"""Step 4: weights become units, notionals, an order of trades, and startRebalance's arguments."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from indexkit import history, plan
from indexkit.conventions import CORRECTED
from indexkit.errors import IndexkitError
from indexkit.fields import Record
from indexkit.methodology.dates import check_fresh
from indexkit.methodology.weights import market_caps
from indexkit.plan import WAD
from indexkit.rebalance_data import CASH, Component, Rebalance, read_rebalance
from indexkit.steps import orders
from indexkit.steps.basket import Basket, Token
from indexkit.steps.orders import PLANNED, PUBLISHED, Options
from indexkit.steps.state import State

MOST_TRADES = 1_000
"""Of one component: a week of the shortest cool-offs."""

MAX_PRICE_AGE_DAYS = 3
"""Between the prices and the chain that the units are for."""


def derive(
    basket: Basket,
    weights: Mapping[str, Any],
    params: Mapping[str, Any],
    state: State,
    options: Options,
) -> dict[str, Any]:
    """Return the content of ``4-units.json``.

    Parameters
    ----------
    weights, params
        Contents of ``1-weights.json`` and ``3-params.json``.

    Raises
    ------
    IndexkitError
        The prices are older than `MAX_PRICE_AGE_DAYS` by the chain's clock, or the index is worth
        nothing at them.
    """
    today = datetime.fromtimestamp(state.timestamp, UTC).date()
    check_fresh(basket.method.date, today, MAX_PRICE_AGE_DAYS)
    shares = {entry["symbol"]: int(entry["weight"]) for entry in weights["components"]}
    value = index_value(basket, state)
    targets = target_units(basket, shares, state, value)
    require_targets(basket, targets)
    chosen = {entry["symbol"]: entry for entry in params["components"]}
    components = tuple(
        _component(token, chosen[token.symbol], targets[token.symbol], basket, state)
        for token in basket.tokens
    )
    published = _rebalance(basket, state, components)
    plans = orders.compare(published, state, options)
    chosen_plan = options.follow or (PLANNED if basket.conventions == CORRECTED else PUBLISHED)
    followed = published if chosen_plan == PUBLISHED else orders.planned(published, plans[PLANNED])
    return {
        "rebalance": basket.name,
        "index": basket.index,
        "index_name": basket.index_name,
        "token_address": basket.token_address,
        "date": basket.method.date.isoformat(),
        "weth_price_usd": f"{basket.weth_price_usd:f}",
        "total_supply": str(state.total_supply),
        "position_multiplier": str(state.position_multiplier),
        "index_value": str(value),
        "divisor": _divisor(basket, value),
        "conventions": followed.conventions.name,
        "components": [
            _entry(component, value, shares[component.symbol]) for component in followed.components
        ],
        "component_order": list(followed.component_order),
        "new_components": list(followed.new_symbols),
        "schedule": list(followed.schedule),
        "plans": plans,
        "followed": chosen_plan,
        "options": options.document(),
        "start": _start(followed),
        "state": state.digest,
    }


def index_value(basket: Basket, state: State) -> int:
    """Return what one index token is worth at the basket's prices, D18{USD/set}, rounded down.

    Cash of earlier rebalances counts: it will be spent.

    Raises
    ------
    IndexkitError
        It is worth nothing.
    """
    value = history.index_value(
        [*(_historical(token, 0, state) for token in basket.tokens), _cash(basket, state)],
        basket.conventions.value,
    )
    if value == 0:
        raise IndexkitError(
            f"{basket.name}: the index holds nothing of value: check the state's units."
        )
    return value


def target_units(
    basket: Basket, shares: Mapping[str, int], state: State, value: int
) -> dict[str, int]:
    """Return the target units D18{comp/set} by symbol.

    ``unit = weight · value · 10^decimals / price``, rounded down once; under the conventions of a
    published period, as its tool computed them.

    Parameters
    ----------
    shares
        Weights by symbol, D18{1}.
    value
        Of one index token, D18{USD/set}.
    """
    if basket.conventions == CORRECTED:
        return {
            token.symbol: shares[token.symbol]
            * value
            * 10**token.decimals
            // (plan.price_wad(token.price_usd) * WAD)
            for token in basket.tokens
        }
    measures = _measures(basket)
    leaving = {token.symbol: 0 for token in basket.tokens if token.leaves}
    entries = [
        _historical(token, measures[token.symbol], state)
        for token in basket.tokens
        if not token.leaves
    ]
    return history.target_units(basket.method.rule.name, entries, value) | leaving


def require_targets(basket: Basket, targets: Mapping[str, int]) -> None:
    """Refuse a component that stays with nothing: it would be sold out unannounced.

    Raises
    ------
    IndexkitError
        Its target rounds to zero.
    """
    for token in basket.tokens:
        if not token.leaves and targets[token.symbol] == 0:
            raise IndexkitError(
                f"{basket.name}: {token.symbol}: its weight is less than one base unit per index "
                'token, so nothing of it would be left: leave it out, or say "leaves": true.'
            )


def rebalance_of(content: Mapping[str, Any]) -> Rebalance:
    """Return what ``4-units.json`` says, as the plan that the keeper executes.

    Raises
    ------
    IndexkitError
        A figure is missing or malformed.
    """
    record = Record("4-units.json", content)
    return read_rebalance(replace(record, fields={**content, "name": content["rebalance"]}))


def _component(
    token: Token, chosen: Mapping[str, Any], target: int, basket: Basket, state: State
) -> Component:
    unit = state.unit(token.address)
    amount = plan.notional(unit, target, state.total_supply)
    size = int(chosen["max_trade_size"])
    count = plan.trade_count(amount, size, basket.conventions)
    if count > MOST_TRADES:
        raise IndexkitError(
            f"{basket.name}: {token.symbol}: {abs(amount)} base units in trades of {size} are "
            f"{count} trades, more than {MOST_TRADES}: allow larger ones, or correct the figures."
        )
    return Component(
        symbol=token.symbol,
        name=token.name,
        address=token.address,
        decimals=token.decimals,
        price_usd=token.price_usd,
        exchange=chosen["exchange"],
        max_trade_size=size,
        cool_off_period=chosen["cool_off_period"],
        current_unit=unit,
        target_unit=target,
        notional=amount,
        trade_count=count,
    )


def _rebalance(basket: Basket, state: State, components: tuple[Component, ...]) -> Rebalance:
    """Return the rebalance with the greedy order that was published for the like of it."""
    weth_price = plan.price_wad(basket.weth_price_usd)
    symbols = {component.address: component.symbol for component in components}
    symbols[state.weth] = CASH
    return Rebalance(
        name=basket.name,
        index=basket.index,
        index_name=basket.index_name,
        token_address=basket.token_address,
        date=basket.method.date,
        source=None,
        weth_price_usd=basket.weth_price_usd,
        total_supply=state.total_supply,
        position_multiplier=state.position_multiplier,
        components=components,
        component_order=tuple(symbols[address] for address in state.component_order),
        new_symbols=tuple(c.symbol for c in components if c.address not in state.component_order),
        schedule=plan.schedule(components, weth_price, basket.conventions),
        conventions=basket.conventions,
    )


def _entry(component: Component, value: int, share: int) -> dict[str, Any]:
    worth = component.current_unit * component.price * WAD // (10**component.decimals * value)
    usd = plan.notional_usd(component.notional, component.price, component.decimals)
    return {
        "symbol": component.symbol,
        "name": component.name,
        "address": component.address,
        "decimals": component.decimals,
        "price_usd": f"{component.price_usd:f}",
        "exchange": component.exchange,
        "max_trade_size": str(component.max_trade_size),
        "cool_off_period": component.cool_off_period,
        "current_unit": str(component.current_unit),
        "target_unit": str(component.target_unit),
        "notional": str(component.notional),
        "notional_usd": str(usd),
        "trade_count": component.trade_count,
        "weight_before": str(worth),
        "weight_target": str(share),
    }


def _start(rebalance: Rebalance) -> dict[str, Any]:
    new, new_units, old_units, multiplier = rebalance.start_arguments()
    return {
        "new_components": list(new),
        "new_target_units": [str(unit) for unit in new_units],
        "old_target_units": [str(unit) for unit in old_units],
        "position_multiplier": str(multiplier),
    }


def _divisor(basket: Basket, value: int) -> str | None:
    """Return market capitalisation over index value, for a rule that weighs by supply."""
    entries = basket.method.entries
    if any(entry.supply is None for entry in entries):
        return None
    return str(int(sum(market_caps(entries).values()) * WAD / value))


def _measures(basket: Basket) -> dict[str, int]:
    """Return what a published period's formula weighs by: whole tokens, or D18 weights."""
    measures = {}
    for entry in basket.method.entries:
        measure = entry.weight * WAD if entry.weight is not None else entry.supply
        if measure is None or measure != int(measure):
            raise IndexkitError(
                f"{basket.name}: {entry.symbol}: the conventions {basket.conventions.name!r} take "
                f"whole supplies or 18 decimals of a weight, not {measure}: correct it."
            )
        measures[entry.symbol] = int(measure)
    return measures


def _cash(basket: Basket, state: State) -> history.Entry:
    price = plan.price_wad(basket.weth_price_usd)
    return history.Entry(CASH, plan.WETH_DECIMALS, price, 0, state.unit(state.weth))


def _historical(token: Token, measure: int, state: State) -> history.Entry:
    return history.Entry(
        token.symbol,
        token.decimals,
        plan.price_wad(token.price_usd),
        measure,
        state.unit(token.address),
    )
