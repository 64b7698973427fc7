"""R-42, R-43: what a keeper says it did is what the chain says; a dry run does nothing."""

import ape

from indexkit import documents
from indexkit.keeper import ChainClock, WallClock, clock, clock_of_chain
from indexkit.keeper.events import request
from indexkit.localnet import advance

KEYS = {
    *("chain_id", "token", "module", "guard", "trader", "nonce", "start_block", "end_block"),
    *("trades", "gas_spent", "before", "after", "targets", "raises", "loss", "loss_budget"),
    *("finished", "stopped", "flows"),
}
TRADE_KEYS = {
    *("symbol", "is_buy", "kind", "amount", "weth", "quoted", "limit", "mid", "market"),
    *("fee", "impact", "drift", "front_run", "sandwiched_by", "reserves_block_start"),
    "guard_loss",
    *("reserves_before", "gas", "gas_price", "time", "block", "transaction"),
}


def test_run__record__adds_up_to_the_chain(started, tmp_path):
    """Balances before and the trades give the balances after, to the wei; gas is the receipts'."""
    keeper = started.keeper()
    record = keeper.run().as_json()
    assert set(record) == KEYS
    before, after = record["before"], record["after"]
    change = dict.fromkeys(before["balances"], 0)
    for trade in record["trades"]:
        assert set(trade) == TRADE_KEYS
        sign = 1 if trade["is_buy"] else -1
        change[trade["symbol"]] += sign * int(trade["amount"])
        change["WETH"] -= sign * int(trade["weth"])
        parts = sum(int(trade[key]) for key in ("fee", "impact", "drift"))
        assert parts == sign * (int(trade["weth"]) - int(trade["market"]))
        receipt = request("eth_getTransactionReceipt", trade["transaction"])
        assert trade["gas"] == int(receipt["gasUsed"], 16)
        amount = trade["amount"] if trade["kind"] == "remaining" else trade["weth"]
        bought_too_little = int(amount) < int(trade["limit"])
        spends = trade["is_buy"] and trade["kind"] == "trade"
        assert bought_too_little == spends or amount == trade["limit"]
    for symbol, amount in change.items():
        assert int(after["balances"][symbol]) - int(before["balances"][symbol]) == amount, symbol
    for component in started.rebalance.components:
        assert int(before["units"][component.symbol]) == component.current_unit
    assert [spent["what"] for spent in record["gas_spent"]] == ["observe"] * len(
        record["gas_spent"]
    )
    assert 0 < int(record["loss"]) <= int(record["loss_budget"])

    assert keeper.record().as_json() == record
    path = documents.write(tmp_path / "6-execution.json", record)
    assert documents.read(path) == record


def test_record__journal_lost__is_the_chains(started):
    """All but what was quoted, and what the index was before, stands on the chain."""
    whole = started.keeper().run(entries=3)
    (started.folder / "journal.jsonl").unlink()
    again = started.keeper().record()
    assert again.trades == whole.trades
    assert again.before.units == whole.before.units
    assert (again.after, again.targets) == (whole.after, whole.targets)


def test_dry_run__sends_nothing__and_says_what_comes(started):
    """R-40: component, size, quote and limit of each next trade, in order, and its wait."""
    trader = started.index.roles.trader.address
    keeper = started.keeper()
    before = request("eth_blockNumber"), ape.chain.provider.get_nonce(trader)
    steps = keeper.dry_run()
    assert (request("eth_blockNumber"), ape.chain.provider.get_nonce(trader)) == before
    assert not (started.folder / "journal.jsonl").exists()
    assert {step.symbol for step in steps} == {c.symbol for c in started.rebalance.components}
    assert steps[0].wait == started.index.protocol.guard.window()

    done = keeper.run(entries=1).trades[0]
    first = steps[0]
    assert (first.symbol, first.is_buy, first.size, first.quoted, first.limit) == (
        *(done.symbol, done.is_buy, done.amount, done.quoted, done.limit),
    )
    (later,) = (step for step in keeper.dry_run() if step.symbol == done.symbol)
    assert 0 < later.wait <= started.rebalance.component(done.symbol).cool_off_period


def test_run__ticks__go_on_where_they_were(started):
    """Progress counts what was done before, so that the time left is told right."""
    schedule, ticks = started.rebalance.schedule, []
    started.keeper().run(entries=2)
    started.keeper().run(ticks.append)
    assert tuple(ticks) == schedule


def test_wall_clock__waits_for_the_chains_blocks(monkeypatch):
    """On a network whose blocks others make, waiting is looking at the latest block (R-42)."""
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        advance(20)

    monkeypatch.setattr(clock.time, "sleep", sleep)
    before = ChainClock().now()
    WallClock(poll=6).wait(50)
    assert before + 50 <= ChainClock().now() < before + 70
    assert [seconds > 0 for seconds in slept] == [True] * 3
    assert type(clock_of_chain()) is ChainClock
