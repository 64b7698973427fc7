"""What came into an index and went out of it besides its trades: issued, redeemed, given."""

from collections.abc import Iterable, Mapping

from eth_abi.abi import decode

from indexkit.deployment import networks
from indexkit.keeper.contracts import WETH, Snapshot
from indexkit.keeper.events import Log, logs, topic
from indexkit.keeper.record import Trade
from indexkit.rebalance_data import Rebalance

TRANSFER = topic("Transfer(address,address,uint256)")


def read_flows(
    token: str, rebalance: Rebalance, before: Snapshot, after: Snapshot, trades: Iterable[Trade]
) -> dict[str, int]:
    """Read what reached an index, less what left it, between two blocks besides its trades.

    A balance that changed without a Transfer, as that of a rebasing token, is not among it.

    Parameters
    ----------
    token
        The index's address.
    before, after
        After the first block, up to and with the second.
    trades
        Those that were recorded.

    Returns
    -------
    dict
        By symbol, WETH included {comp}; negative if more left.
    """
    held = {c.address: c.symbol for c in rebalance.components} | {networks.here().venues.weth: WETH}
    made = [trade for trade in trades if before.block < trade.block <= after.block]
    traded = by_trades(held.values(), made)
    moved = {
        symbol: _moved(address, token, before.block + 1, after.block)
        for address, symbol in held.items()
    }
    return {symbol: moved[symbol] - traded[symbol] for symbol in moved}


def by_trades(symbols: Iterable[str], trades: Iterable[Trade]) -> Mapping[str, int]:
    """Return what trades added to each balance, less what they took {comp}."""
    change = dict.fromkeys(symbols, 0)
    for trade in trades:
        sign = 1 if trade.is_buy else -1
        change[trade.symbol] += sign * trade.amount
        change[WETH] -= sign * trade.weth
    return change


def _moved(component: str, index: str, first: int, last: int) -> int:
    """Return what transfers brought an index, less what they took from it {comp}."""
    if first > last:
        return 0
    party = "0x" + index[2:].lower().rjust(64, "0")
    came = logs(component, [TRANSFER, None, party], first, last)
    left = logs(component, [TRANSFER, party], first, last)
    return sum(map(_amount, came)) - sum(map(_amount, left))


def _amount(log: Log) -> int:
    (amount,) = decode(["uint256"], bytes.fromhex(log["data"][2:]))
    return int(amount)
