"""A published rebalance as a basket, so that the steps can be taken once more."""

from typing import Any

from indexkit import history
from indexkit.fields import Record, one_of
from indexkit.rebalance_data import read_rebalance
from indexkit.steps import basket as baskets
from indexkit.steps.basket import Basket

CAP = "0.25"
"""Of the published rule that caps: DPI's methodology v0.3."""

INPUTS = {"circulating_supply": "supply", "target_weight": "weight"}
"""What a file of ``data/rebalances`` calls what a basket calls otherwise."""

TRADING = ("exchange", "max_trade_size", "cool_off_period")


def basket_of(record: Record, token_address: str | None = None) -> Basket:
    """Return the basket of a rebalance's file.

    Parameters
    ----------
    record
        The file, as `rebalance_data.read_record` reads it.
    token_address
        Of the index where it was created anew; None for the original's.

    Raises
    ------
    IndexkitError
        The file lacks what the weights follow from.
    """
    rebalance = read_rebalance(record)
    rule = {"name": record.read("rule", one_of(tuple(history.RULES)))}
    if rule["name"] == "single-pass-cap":
        rule["cap"] = CAP
    content = {
        "name": rebalance.name,
        "index": rebalance.index,
        "index_name": rebalance.index_name,
        "token_address": token_address or rebalance.token_address,
        "date": rebalance.date.isoformat(),
        "rule": rule,
        "conventions": rebalance.conventions.name,
        "weth_price_usd": f"{rebalance.weth_price_usd:f}",
        "components": [_entry(entry) for entry in record.records("components", "symbol")],
    }
    return baskets.parse(content, record.where)


def _entry(record: Record) -> dict[str, Any]:
    kept = ("symbol", "name", "address", "decimals", "price_usd", *TRADING)
    entry = {key: record.fields[key] for key in kept}
    entry |= {ours: record.fields[key] for key, ours in INPUTS.items() if key in record.fields}
    if record.fields["target_unit"] == "0":
        entry["leaves"] = True
    return entry
