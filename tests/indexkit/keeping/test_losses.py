"""R-43: a trade's loss is what the guard said of it, whatever else its transaction did."""

from types import SimpleNamespace
from typing import Any

import pytest
from eth_abi.abi import encode

from indexkit.keeper.contracts import Contracts
from indexkit.keeper.events import TRADE_EXECUTED, Traded
from indexkit.keeper.losses import TRADE_CHECKED, loss_of

TOKEN, MODULE, GUARD, OTHER, COMPONENT = (f"0x{digit * 40}" for digit in "12345")


def word(address: str) -> str:
    """Return an address as a topic."""
    return "0x" + address[2:].rjust(64, "0")


def executed(index: int) -> dict[str, Any]:
    """Return the log of a trade."""
    return {"address": MODULE, "topics": [TRADE_EXECUTED], "data": "0x", "logIndex": hex(index)}


def checked(index: int, loss: int, guard: str = GUARD, token: str = TOKEN) -> dict[str, Any]:
    """Return the log of a judgement."""
    kinds = ["address", "address", "uint256", "uint256", "uint256"]
    data = encode(kinds, [COMPONENT, OTHER, 9, loss, 77])
    topics = [TRADE_CHECKED, word(MODULE), word(token), word(TOKEN)]
    return {"address": guard, "topics": topics, "data": "0x" + data.hex(), "logIndex": hex(index)}


def loss_at(index: int, *logs: dict[str, Any], guard: str | None = GUARD) -> int | None:
    """Return the loss of the trade whose log has an index."""
    parts = [SimpleNamespace(address=address) for address in (TOKEN, MODULE)]
    contracts = Contracts(*parts, None if guard is None else SimpleNamespace(address=guard))
    trade = Traded(COMPONENT, True, 1, 1, 5, "0x", index)
    return loss_of(contracts, trade, {"logs": list(logs)})


def test_loss_of__two_trades_of_one_transaction__each_its_own():
    """R-43: a trader that is a contract makes several trades at once."""
    logs = executed(3), checked(4, 50), executed(8), checked(9, 60)
    assert (loss_at(3, *logs), loss_at(8, *logs)) == (50, 60)


def test_loss_of__not_judged__is_none():
    """R-43: a trade that the guard did not judge has no loss, not that of the next one."""
    logs = executed(3), executed(8), checked(9, 60)
    assert (loss_at(3, *logs), loss_at(8, *logs)) == (None, 60)
    assert loss_at(3, executed(3), checked(4, 50), guard=None) is None
    assert loss_at(3, executed(3)) is None


@pytest.mark.parametrize("stray", [{"guard": OTHER}, {"token": OTHER}], ids=["guard", "index"])
def test_loss_of__judgement_of_another__is_passed_over(stray: dict[str, str]):
    """R-43: another guard's judgement, or the guard's of another index, is not this trade's."""
    anonymous = {"address": OTHER, "topics": [], "data": "0x", "logIndex": "0x4"}
    assert loss_at(3, executed(3), anonymous, checked(5, 50, **stray), checked(6, 70)) == 70
