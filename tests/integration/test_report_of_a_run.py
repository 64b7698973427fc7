"""R-43: the report on a rebalance that the keeper executed says what the chain says."""

import ape
import paper_run

from indexkit import execution, guarding, report
from indexkit.localnet import addresses, token_at
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.market import market_of

SWITCH = {
    "YFI": ("1.5", "0"),
    "UNI": ("3", "2.3"),
    "BAL": ("1", "1.9"),
    "AAVE": ("2", None),
    "CREAM": ("0", "1.5"),
}
"""Sells one component out, adds another, and uses all three exchanges."""


def test_write__executed_on_chain__equals_events_and_balances(
    small_rebalance, make_index, executed, tmp_path
):
    """R-43: trades are the module's events, balances the tokens', loss the guard's, to the wei."""
    rebalance = small_rebalance(SWITCH)
    index = make_index(rebalance)
    market = market_of(rebalance)
    terms = guarding.terms_for(rebalance, market)
    execution.start(index, rebalance, terms)
    record = execution.execute(index, rebalance, market, Arbitrageur(rebalance)).as_json()
    folder = paper_run.write(tmp_path / "run", paper_run.units_of(rebalance), record)
    assert report.write(folder).stat().st_size > 50_000
    told = report.build(folder)

    symbols = {c.address: c.symbol for c in rebalance.components}
    events = executed(index.module)
    assert len(told["trades"]) == len(events) > 5
    for line, event in zip(told["trades"], events, strict=True):
        amounts = (event.amount_sold, event.amount_bought)
        amount, weth = amounts[::-1] if line["is_buy"] else amounts
        component = event.bought if line["is_buy"] else event.sold
        assert (line["symbol"], int(line["amount"])) == (symbols[component], amount)
        assert (int(line["weth"]), line["time"]) == (weth, event.time)
        receipt = ape.chain.provider.get_receipt(line["transaction"])
        assert line["gas"] == receipt.gas_used

    held = {c.symbol: c.address for c in rebalance.components} | {"WETH": addresses.WETH}
    for line in told["balances"]:
        assert int(line["after"]) == token_at(held[line["symbol"]]).balanceOf(index.token)
    for line in told["units"]:
        unit = index.token.getDefaultPositionRealUnit(held[line["symbol"]])
        (target,) = index.module.getTargetUnits([held[line["symbol"]]])
        assert (int(line["after"]), int(line["target"])) == (unit, target)
    assert int(told["budget"]["loss"]) == guarding.lost(index)
    assert int(told["budget"]["budget"]) == terms.loss_budget
    assert told["verdict"]["finished"]
    assert told["totals"]["moved"] == 0
