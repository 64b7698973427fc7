"""R-42, R-43: an index lives on while it is rebalanced: issued, redeemed, its fee accrued."""

from dataclasses import replace

import ape
import paper_run
import pytest

from indexkit import report
from indexkit.errors import IndexkitError
from indexkit.keeper.events import request
from indexkit.keeper.flows import read_flows
from indexkit.localnet import addresses, deal, token_at

WAD = 10**18
ISSUED, REDEEMED, GIVEN = 700 * WAD, 1_900 * WAD, 10**18
UNLIMITED = 2**256 - 1


class Life:
    """What others do to the index; counts what it moved, as the issuance module says {comp}."""

    def __init__(self, started):
        self.index = started.index
        self.symbols = {c.address: c.symbol for c in started.rebalance.components}
        self.symbols[addresses.WETH] = "WETH"
        self.moved = dict.fromkeys(self.symbols.values(), 0)

    def issue(self):
        """Issue to the issuer, for what the module asks."""
        index, issuer = self.index, self.index.roles.issuer
        issuance = index.protocol.issuance
        required = issuance.getRequiredComponentUnitsForIssue(index.token, ISSUED)
        for address, amount in zip(*required, strict=True):
            deal(address, issuer, amount)
            token_at(address).approve(issuance, UNLIMITED, sender=issuer)
            self.moved[self.symbols[address]] += amount
        issuance.issue(index.token, ISSUED, issuer, sender=issuer)

    def redeem(self):
        """Redeem to the issuer, who counts what it gets."""
        index, issuer = self.index, self.index.roles.issuer
        held = {a: token_at(a).balanceOf(issuer) for a in index.token.getComponents()}
        index.protocol.issuance.redeem(index.token, REDEEMED, issuer, sender=issuer)
        for address, amount in held.items():
            self.moved[self.symbols[address]] -= token_at(address).balanceOf(issuer) - amount

    def accrue(self):
        """Have the fee minted to its recipient: more supply, and a lower multiplier."""
        self.index.protocol.streaming_fee.accrueFee(
            self.index.token, sender=self.index.roles.issuer
        )

    def give(self):
        """Send a component to the index, which no unit counts."""
        deal(addresses.WETH, self.index.token, GIVEN)
        self.moved["WETH"] += GIVEN


def after_trades(*acts):
    """Return a watcher that acts once after each of the first trades."""
    left, sent = list(acts), {}

    def watch(line):
        if line["what"] == "intent":
            sent[line["hash"]] = line["for"]
        if line["what"] == "mined" and sent[line["hash"]] == "trade" and left:
            left.pop(0)()

    return watch


def write(started, record, tmp_path):
    """Write the run's report, and return what it says."""
    folder = paper_run.write(tmp_path, paper_run.units_of(started.rebalance), record)
    report.write(folder)
    return report.build(folder)


def test_run__issued_redeemed_accrued_in_between__finishes_and_reports(started, tmp_path):
    """The keeper reads supply and targets anew; flows are what issuance moved, to the wei."""
    life = Life(started)
    acts = (life.issue, life.accrue, life.redeem, life.give, life.accrue)
    keeper = started.keeper(watch=after_trades(*acts))
    record = keeper.run().as_json()
    assert (record["finished"], record["stopped"]) == (True, None)
    assert {symbol: int(amount) for symbol, amount in record["flows"].items()} == life.moved
    assert life.moved["UNI"] < 0 < abs(life.moved["WETH"] - GIVEN)
    before, after = record["before"], record["after"]
    minted = int(after["total_supply"]) - int(before["total_supply"]) - ISSUED + REDEEMED
    assert minted > 0
    assert int(after["position_multiplier"]) < int(before["position_multiplier"])
    assert keeper.record().as_json() == record

    told = write(started, record, tmp_path / "told")
    assert [line["symbol"] for line in told["units"] if not line["met"]] in ([], ["AAVE"])
    assert all(line["agrees"] for line in told["balances"])
    for line in told["balances"]:
        assert int(line["flow"]) == life.moved[line["symbol"]]
        holder = next(a for a, s in life.symbols.items() if s == line["symbol"])
        assert int(line["after"]) == token_at(holder).balanceOf(started.index.token)


def test_run__issued_while_a_trade_is_on_its_way__trades_what_is_missing_then(started):
    """A trade's size is the chain's when it is mined; the record says what was traded."""
    life, done = Life(started), []

    def watch(line):
        if line["what"] == "intent" and line["for"] == "trade" and not done:
            done.append(line)
            life.issue()

    record = started.keeper(watch=watch).run().as_json()
    assert (record["finished"], record["stopped"]) == (True, None)
    assert {symbol: int(amount) for symbol, amount in record["flows"].items()} == life.moved


def test_record__balance_changed_without_a_transfer__has_no_report(started, tmp_path):
    """A rebasing token's change is nobody's flow: the report refuses it by its name."""
    keeper = started.keeper()
    keeper.run(entries=2)
    bal = started.rebalance.component("BAL").address
    token, index = token_at(bal), started.index.token.address
    held = token.balanceOf(index)
    request("anvil_dealERC20", index, bal, hex(held + 5))
    assert token.balanceOf(index) == held + 5
    record = keeper.record().as_json()
    assert record["flows"]["BAL"] == "0"
    with pytest.raises(IndexkitError, match=r"the trades of BAL do not explain its balance"):
        write(started, record, tmp_path / "refused")


def test_read_flows__between_two_blocks__counts_what_is_between(started):
    """A trade in the first block, or after the last, is no flow of the other sign."""
    life = Life(started)
    done = started.keeper(watch=after_trades(life.issue)).run(entries=3)
    first, second, _ = (trade.block for trade in done.trades)

    def between(start, end):
        before, after = replace(done.before, block=start), replace(done.after, block=end)
        return read_flows(done.token, started.rebalance, before, after, done.trades)

    none = dict.fromkeys(life.moved, 0)
    assert between(done.before.block, second) == done.flows == life.moved != none
    assert between(first, second) == life.moved
    assert between(done.before.block, first) == between(second, done.after.block) == none
    assert between(first, first) == none


def test_run__guard_loss__is_what_the_guard_said_of_each_trade(started):
    """R-43: a trade's loss is in its own TradeChecked; the losses sum up to the guard's."""
    record = started.keeper().run().as_json()
    guard, total = started.index.protocol.guard, 0
    for trade in record["trades"]:
        receipt = ape.chain.provider.get_receipt(trade["transaction"])
        (checked,) = guard.TradeChecked.from_receipt(receipt)
        assert int(trade["guard_loss"]) == checked._loss
        total += checked._loss
        assert total == checked._totalLoss
    assert total == int(record["loss"]) > 0
