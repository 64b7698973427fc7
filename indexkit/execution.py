"""A rebalance of an index of one's own: started by its manager, executed by its trader."""

import tempfile
from pathlib import Path

from indexkit import guarding
from indexkit.deploy import EXCHANGE_IDS
from indexkit.keeper import Contracts, Keeper, Limits
from indexkit.keeper.following import Arbitrage, Tick
from indexkit.keeper.record import Execution
from indexkit.market import Market
from indexkit.published_index import Index
from indexkit.rebalance_data import Rebalance


def start(index: Index, rebalance: Rebalance, terms: guarding.Terms | None = None) -> int:
    """Set the published parameters and start the published rebalance.

    Parameters
    ----------
    terms
        Of the guard, which is set first and reads the first prices; None for no guard.

    Returns
    -------
    int
        Gas of all the manager's transactions.
    """
    gas = 0
    if terms is not None:
        gas = guarding.set_guard(index, terms)
        guarding.observe(index, rebalance.components)
    module, manager = index.module, index.roles.manager
    components = [c.address for c in rebalance.components]
    receipts = [
        module.setTradeMaximums(
            components, [c.max_trade_size for c in rebalance.components], sender=manager
        ),
        module.setExchanges(
            components, [EXCHANGE_IDS[c.exchange] for c in rebalance.components], sender=manager
        ),
        module.setCoolOffPeriods(
            components, [c.cool_off_period for c in rebalance.components], sender=manager
        ),
        module.updateTraderStatus([index.roles.trader], [True], sender=manager),
        module.startRebalance(*rebalance.start_arguments(), sender=manager),
    ]
    return gas + sum(int(receipt.gas_used) for receipt in receipts)


def execute(
    index: Index,
    rebalance: Rebalance,
    market: Market,
    arbitrage: Arbitrage | None,
    tick: Tick = lambda _: None,
    *,
    entries: int | None = None,
    unguarded: bool = False,
    keeper: type[Keeper] = Keeper,
) -> Execution:
    """Have the keeper execute a started rebalance, with a journal that nobody keeps.

    For chains that end with this process; see `Keeper` for the others and for the parameters.

    Raises
    ------
    IndexkitError
        If the keeper refuses to begin; why it stopped later is in the answer.
    """
    with tempfile.TemporaryDirectory(prefix="indexkit-") as folder:
        executing = keeper(
            Contracts.of(index),
            rebalance,
            market,
            index.roles.trader,
            Path(folder),
            arbitrage=arbitrage,
            limits=Limits(unguarded=unguarded),
        )
        return executing.run(tick, entries=entries)
