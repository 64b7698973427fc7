"""Issued, redeemed and given during a rebalance, and the guard's loss of each trade (R-43)."""

import re
from copy import deepcopy
from decimal import Decimal
from typing import Any

import paper_run
import pytest

from indexkit import plan, report
from indexkit.errors import IndexkitError
from indexkit.report.page import page
from indexkit.report.plots import plots
from indexkit.report.wording import weth

WAD = 10**18
ISSUED = {40: 60_000 * WAD, 90: -25_000 * WAD, 150: -90_000 * WAD}
"""While the index holds WETH, and what it sells out, and what it adds."""

Contents = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def lively() -> Contents:
    """Return April 2021 on paper, with holders who come and go meanwhile."""
    return paper_run.play(issued=ISSUED)


@pytest.fixture(scope="module")
def told(lively: Contents) -> dict[str, Any]:
    """Return its report."""
    return report.figures(*lively)


def changed(execution: dict[str, Any], *path: str | int, by: int) -> dict[str, Any]:
    """Return a copy in which one amount is another."""
    copy = deepcopy(execution)
    *way, last = path
    at: Any = copy
    for key in way:
        at = at[key]
    at[last] = str(int(at[last]) + by)
    return copy


def value_of(units: dict[str, Any], amounts: dict[str, int]) -> int:
    """Value amounts at planned prices {wei}."""
    weth_price = plan.price_wad(Decimal(units["weth_price_usd"]))
    value = amounts["WETH"]
    for c in units["components"]:
        price, held = plan.price_wad(Decimal(c["price_usd"])), amounts[c["symbol"]]
        worth = plan.value_in_weth(abs(held), price, weth_price, c["decimals"])
        value += worth if held > 0 else -worth
    return value


def test_figures__issued_and_redeemed__balances_are_explained(
    lively: Contents, told: dict[str, Any]
):
    """R-43: before + bought - sold + flow = after, for each token, to the base unit."""
    execution = lively[1]
    assert len(told["balances"]) == len(execution["flows"]) == 15
    for line in told["balances"]:
        flow = execution["flows"][line["symbol"]]
        parts = [int(line[key]) for key in ("before", "bought", "flow")]
        assert (line["flow"], line["agrees"]) == (flow, True)
        assert int(line["after"]) == sum(parts) - int(line["sold"])
    assert told["flows"]["tokens"] == 15
    totals, cash = told["totals"], told["cash"]
    grown = int(cash["after"]["weth"]) - int(cash["before"]["weth"])
    traded = int(totals["sold"]) - int(totals["bought"]) - int(totals["cost"])
    assert grown == traded + int(cash["flow"])
    assert cash["flow"] == execution["flows"]["WETH"] != "0"


def test_figures__supply_changed__shortfall_is_of_the_supply_after(
    lively: Contents, told: dict[str, Any]
):
    """R-43: what lacks at the end = the targets' worth less what was held, came, and was lost."""
    units, execution = lively
    before, after = execution["before"], execution["after"]
    assert int(after["total_supply"]) == int(before["total_supply"]) + sum(ISSUED.values())
    supply, targets = int(after["total_supply"]), execution["targets"]
    wanted = {s: -(-int(unit) * supply // WAD) for s, unit in targets.items()} | {"WETH": 0}
    held = {s: int(amount) for s, amount in before["balances"].items()}
    flows = {s: int(amount) for s, amount in execution["flows"].items()}
    lacking = value_of(units, wanted) - value_of(units, held) - value_of(units, flows)
    tracking, left = told["tracking"], int(told["cash"]["after"]["weth"])
    open_ = int(tracking["shortfall"]) - int(tracking["excess"])
    assert abs(open_ - left - lacking - int(told["totals"]["cost"])) < 10**8
    short = [line for line in told["units"] if not line["met"]]
    assert [line["symbol"] for line in short] == ["MKR", "KNC", "LRC"]
    assert sum(int(line["missing_weth"]) for line in short) == int(tracking["shortfall"])
    came, went = int(told["flows"]["came"]), int(told["flows"]["went"])
    assert abs(came - went - value_of(units, flows)) < 15


def test_figures__weights__are_of_the_units_whatever_the_supply(told: dict[str, Any]):
    """R-43: issuing moves no weight; but what trading cost falls on fewer, or on more."""
    quiet = report.figures(*paper_run.play())
    for key in ("before", "target"):
        assert [line[key] for line in told["weights"]] == [line[key] for line in quiet["weights"]]
    for line, other in zip(told["weights"], quiet["weights"], strict=True):
        assert abs(int(line["after"]) - int(other["after"])) < WAD // 500
        assert int(line["deviation"]) == int(line["after"]) - int(line["target"])
    assert len(quiet["verdict"]["sentences"]) == len(told["verdict"]["sentences"]) - 2


def test_figures__issued_and_redeemed__is_a_remark(told: dict[str, Any]):
    """R-43: the verdict says what came and went, and the supply, and is no worse for it."""
    *_, flows, supply = told["verdict"]["sentences"]
    worth = weth(told["flows"]["went"])
    assert flows == (
        f"Besides trades, tokens worth {worth} WETH went out, on balance (issued, redeemed or "
        "given)."
    )
    assert supply == "The supply went from 318,564.1731 to 263,564.1731 meanwhile."
    assert told["verdict"]["tone"] == "fair"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (2 * WAD, "worth 2.0000 WETH came in, on"),
        (-WAD, "worth 1.0000 WETH went out, on"),
        (0, "worth less than a wei came or went, on"),
    ],
)
def test_figures__weth_given_and_a_grain_of_dust__is_told(amount: int, words: str):
    """R-43: whatever came or went is a remark, in the direction it took."""
    units, execution = paper_run.play(trades=0)
    execution["flows"] |= {"WETH": str(amount), "REN": "1"}
    for symbol, flow in execution["flows"].items():
        table = execution["after"]["balances"]
        table[symbol] = str(int(table[symbol]) + int(flow))
    execution["before"]["balances"]["WETH"] = str(WAD)
    execution["after"]["balances"]["WETH"] = str(WAD + amount)
    told = report.figures(units, execution)
    assert words in told["verdict"]["sentences"][-1]
    assert told["flows"]["tokens"] == 1 + (amount != 0)


def test_figures__fee_accrued__says_the_supply_only():
    """R-43: a fee is minted: it changes the supply, and moves no token."""
    units, execution = paper_run.play(trades=9)
    execution["after"]["total_supply"] = str(int(execution["after"]["total_supply"]) + 1)
    execution["after"]["units"] = dict.fromkeys(execution["after"]["units"], "0")
    sentences = report.figures(units, execution)["verdict"]["sentences"]
    assert "The supply went from" in sentences[-1]
    assert not [sentence for sentence in sentences if "came in" in sentence]


def test_figures__older_record__has_no_flows_and_one_loss():
    """R-43: records from before flows and losses were told are read as they were meant."""
    units, execution = paper_run.play()
    new = report.figures(units, execution)
    older = {key: value for key, value in execution.items() if key != "flows"}
    older["trades"] = [
        {key: value for key, value in trade.items() if key != "guard_loss"}
        for trade in execution["trades"]
    ]
    old = report.figures(units, older)
    assert {line.pop("guard_loss") for line in old["trades"]} == {None}
    assert None not in {line.pop("guard_loss") for line in new["trades"]}
    assert old == new
    assert {line["flow"] for line in new["balances"]} == {"0"}


@pytest.mark.parametrize("symbol", ["YFI", "AAVE", "WETH"])
def test_figures__flow_off_by_one__raises(lively: Contents, symbol: str):
    """R-43: a balance that trades and transfers do not explain is refused by its token's name."""
    record = changed(lively[1], "flows", symbol, by=1)
    sentence = f"the trades of {symbol} and its flow of -?\\d+ besides do not explain its balance"
    with pytest.raises(IndexkitError, match=sentence):
        report.figures(lively[0], record)


@pytest.mark.parametrize(
    ("flows", "sentence"),
    [
        ({"ABC": "0"}, "flows names 'ABC', which 4-units.json does not"),
        ({"YFI": "0.5"}, "flows: YFI is '0.5', not a whole number"),
        ([], r"flows is \[\], not an object"),
        ({}, "flows: AAVE is missing: add it"),
        (None, "flows is None, not an object"),
    ],
)
def test_figures__wrong_flows__raises(lively: Contents, flows: Any, sentence: str):
    """R-43: a record that tells flows tells them of every token."""
    units, execution = lively
    listed = {**execution["flows"], **flows} if flows else flows
    with pytest.raises(IndexkitError, match=r"^6-execution\.json.*" + sentence):
        report.figures(units, {**execution, "flows": listed})


def test_figures__guard_losses_do_not_add_up__raises(lively: Contents):
    """R-43: the losses of the trades are the guard's loss, to the wei."""
    units, execution = lively
    loss = int(execution["loss"])
    sentence = f"losses of the trades do not add up to its loss: expected {loss}, found {loss + 1}:"
    with pytest.raises(IndexkitError, match=sentence):
        report.figures(units, changed(execution, "trades", 3, "guard_loss", by=1))
    unjudged = {**execution, "guard": None, "loss": None, "loss_budget": None}
    with pytest.raises(IndexkitError, match=f"expected none, found {loss}: correct the record"):
        report.figures(units, unjudged)


def test_page__flows__have_a_column_a_line_and_a_remark(told: dict[str, Any]):
    """R-43: the page tells them where the balances are, and where the cash went."""
    text = page(told)
    column = re.findall(r'data-balance="(\w+)" [^>]*data-flow="(-?\d+)"', text)
    assert dict(column) == {line["symbol"]: line["flow"] for line in told["balances"]}
    assert f'data-total="cash-flow" data-value="{told["cash"]["flow"]}"' in text
    assert text.count("issued, redeemed, given") == 3
    assert "Besides trades, tokens worth" in text
    assert "Nothing came or went besides the trades." not in text
    assert "Besides trades" not in page(report.figures(*paper_run.play(trades=4)))


def test_page__guard_loss__stands_by_each_trade_and_is_drawn(told: dict[str, Any]):
    """R-43: a column of the trades, and a line over time beside cost and budget."""
    shown = re.findall(r'data-loss="(\d+)"', page(told))
    assert shown == [line["guard_loss"] for line in told["trades"]]
    assert sum(map(int, shown)) == int(told["budget"]["loss"])
    older = deepcopy(told)
    for line in older["trades"]:
        line["guard_loss"] = None
    with_line, without = (
        plots(content)["spending"].count("stroke: var(--budget)") for content in (told, older)
    )
    assert with_line == without + 1
