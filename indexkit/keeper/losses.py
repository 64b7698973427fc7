"""What a guard counted as lost by a trade, from the log of its judgement."""

from typing import Any

from eth_abi.abi import decode

from indexkit.keeper.contracts import Contracts
from indexkit.keeper.events import TRADE_EXECUTED, Log, Traded, address_in, number, topic

TRADE_CHECKED = topic(
    "TradeChecked(address,address,uint256,address,address,uint256,uint256,uint256)"
)


def loss_of(contracts: Contracts, trade: Traded, receipt: dict[str, Any]) -> int | None:
    """Return what the guard says a trade lost against its reference price {wei}.

    Parameters
    ----------
    receipt
        Of the trade's transaction, as the node has it.

    Returns
    -------
    int or None
        None if the guard did not judge it.

    Notes
    -----
    The module shows a trade to its guard once it has logged it, so the first judgement after a
    trade's log, and before the next trade's, is the trade's own.
    """
    if contracts.guard is None:
        return None
    for log in receipt["logs"]:
        if number(log["logIndex"]) <= trade.index or not log["topics"]:
            continue
        if _is(log, contracts.module.address, TRADE_EXECUTED):
            return None
        if _is(log, contracts.guard.address, TRADE_CHECKED):
            parties = [address_in(party) for party in log["topics"][1:3]]
            if parties == [contracts.module.address, contracts.token.address]:
                return _loss(log)
    return None


def _is(log: Log, address: str, event: str) -> bool:
    return bool(log["address"].lower() == address.lower() and log["topics"][0] == event)


def _loss(log: Log) -> int:
    data = bytes.fromhex(log["data"][2:])
    *_, loss, _ = decode(["address", "address", "uint256", "uint256", "uint256"], data)
    return int(loss)
