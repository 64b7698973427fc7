"""Whether the chain stands as the plan says, and whether the trader may execute it."""

from collections.abc import Iterator
from typing import Any

import ape

from indexkit import guarding
from indexkit.deploy import EXCHANGE_IDS
from indexkit.errors import IndexkitError
from indexkit.keeper import position
from indexkit.keeper.contracts import Contracts
from indexkit.rebalance_data import Rebalance

MAX_RAISES = 40
"""Raises of 25 bps before the run gives up placing the cash: 10 % in all."""


def require_plan(contracts: Contracts, rebalance: Rebalance, chain_id: int | None) -> None:
    """Refuse a chain that does not stand as the plan says.

    Raises
    ------
    IndexkitError
        The chain, a contract, the components or a parameter differs: with both values.
    """
    if chain_id is not None:
        _require("chain id", chain_id, int(ape.chain.provider.chain_id))
    _require("index of the module", contracts.token.address, contracts.module.index())
    under_way = list(contracts.module.getRebalanceComponents())
    if not under_way:
        raise IndexkitError(
            f"The index module {contracts.module.address} has no rebalance under way (it was "
            "finished or cancelled): submit startRebalance first."
        )
    planned = {c.address: c.symbol for c in rebalance.components}
    for address in under_way:
        if address not in planned:
            raise IndexkitError(
                f"{address} takes part in the rebalance on the chain, but not in the plan "
                f"{rebalance.name}: use the plan that was submitted."
            )
    for address, symbol in planned.items():
        if address not in under_way:
            _require(f"{symbol}: component of the rebalance", "yes", "no")
    for name, expected, found in _parameters(contracts, rebalance):
        _require(name, expected, found)
    found = int(contracts.module.positionMultiplier())
    if position.raises(rebalance.position_multiplier, found, MAX_RAISES) is None:
        _require("position multiplier of the rebalance", rebalance.position_multiplier, found)


def require_trader(contracts: Contracts, trader: Any, now: int, *, unguarded: bool) -> None:
    """Refuse a trader who may not trade, and trades that nobody judges.

    Parameters
    ----------
    now
        Time of the latest block {s}.
    unguarded
        Whether that is wanted.

    Raises
    ------
    IndexkitError
        The index is not guarded, or by another guard; the trader is not allowed; it is too late.
    """
    module = contracts.module
    found = module.guard()
    if contracts.guard is not None:
        _require("execution guard", contracts.guard.address, found)
    elif not unguarded:
        guarding.require_guard(contracts)
    if contracts.guard is None and found != guarding.NO_GUARD:
        raise IndexkitError(
            f"The trades of this index are judged by the guard {found}: name it to the keeper."
        )
    if not (module.anyoneTrade() or module.tradeAllowList(trader.address)):
        raise IndexkitError(
            f"The account {trader.address} is not permitted to trade: let the manager call "
            "updateTraderStatus, or name an allowed account."
        )
    deadline = int(module.deadline())
    if deadline and now > deadline:
        raise IndexkitError(
            f"The rebalance's deadline ({deadline}) has passed, it is {now}: "
            "let the manager start it anew."
        )


def _parameters(contracts: Contracts, rebalance: Rebalance) -> Iterator[tuple[str, int, int]]:
    for component in rebalance.components:
        asset, symbol = contracts.asset(component), component.symbol
        yield f"{symbol}: target unit", component.target_unit, asset.target
        yield f"{symbol}: largest trade", component.max_trade_size, asset.max_trade_size
        yield f"{symbol}: cool-off", component.cool_off_period, asset.cool_off
        yield f"{symbol}: exchange", EXCHANGE_IDS[component.exchange], asset.exchange


def _require(name: str, expected: Any, found: Any) -> None:
    if expected != found:
        raise IndexkitError(
            f"{name}: expected {expected}, found {found} on the chain: "
            "use the plan that was submitted, or have it submitted again."
        )
