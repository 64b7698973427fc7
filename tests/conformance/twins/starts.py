"""Where many scenarios start: an index with every module, issued, ready to trade."""

from collections.abc import Mapping
from typing import Any

from indexkit.deploy import EXCHANGE_IDS
from twins.market import EXCHANGES
from twins.stage import E18, MAX_UINT, ZERO, Stage

INDEX = {
    "usdc": 40 * 10**6,
    "wbtc": 15 * 10**4,
    "dai": 30 * E18,
    "gem": 2 * E18,
    "uni": E18 // 2,
}
"""Components of the index and their units {base units per SetToken}."""

ISSUED = 1_000 * E18


def index(s: Stage, units: Mapping[str, int] = INDEX) -> None:
    """Create the index, initialise every module, and issue 1,000 of it to the issuer.

    The trader may trade; every component has its exchange, the largest trade size and no pause.

    Parameters
    ----------
    s
        The stage.
    units
        Of each component of `INDEX` {base units per SetToken}.
    """
    modules = [s.issuance, s.streaming_fee, s.governance, s.index_module, s.module]
    components = [getattr(s, name) for name in INDEX]
    s.create(components, [units[name] for name in INDEX], modules)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.governance.initialize(s.set, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, [*INDEX, "aave", "weth"], 10**24)
    s.issuance.issue(s.set, ISSUED, s.issuer, by=s.issuer)
    tradable = [getattr(s, name) for name in (*INDEX, "aave")]
    ids = [EXCHANGE_IDS[EXCHANGES[name]] for name in (*INDEX, "aave")]
    s.index_module.setExchanges(tradable, ids, by=s.manager)
    s.index_module.setTradeMaximums(tradable, [MAX_UINT] * len(tradable), by=s.manager)
    s.index_module.updateTraderStatus([s.trader], [True], by=s.manager)


def rebalance(
    s: Stage, targets: dict[str, int], new: dict[str, int] | None = None, **expected: Any
) -> None:
    """Start a rebalance to some targets {units}; the other components stay as they are."""
    listed = s.set.getComponents()
    names = {getattr(s, name).address.lower(): name for name in (*EXCHANGES, "weth")}
    units = [s.set.getDefaultPositionRealUnit(component) for component in listed]
    old = [targets.get(names[c.lower()], unit) for c, unit in zip(listed, units, strict=True)]
    new = new or {}
    s.index_module.startRebalance(
        [getattr(s, name) for name in new],
        list(new.values()),
        old,
        s.set.positionMultiplier(),
        by=s.manager,
        **expected,
    )
