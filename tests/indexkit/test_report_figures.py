"""The figures of a report: what they are made of, and that they add up (R-43)."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

import paper_run
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexkit import documents, report
from indexkit.report import costs, weights, wording

WAD = 10**18
Contents = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="session")
def april() -> Contents:
    """Return the April 2021 rebalance as it would have gone on paper."""
    return paper_run.play()


@pytest.fixture(scope="session")
def told(april: Contents) -> dict[str, Any]:
    """Return its report."""
    return report.figures(*april)


def total(lines: list[dict[str, Any]], key: str) -> int:
    """Sum a column."""
    return sum(int(line[key]) for line in lines)


@pytest.mark.parametrize("key", ["market", "cost", "fee", "impact", "drift", "gas"])
def test_figures__by_trade_and_by_component__give_the_same_sums(told: dict[str, Any], key: str):
    """R-43: trades, components and totals tell one story."""
    name = {"market": "traded"}.get(key, key)
    whole = told["gas"]["trades"] if key == "gas" else told["totals"][name]
    assert total(told["trades"], key) == total(told["components"], key) == int(whole) != 0


def test_figures__totals__explain_the_cash_to_the_wei(told: dict[str, Any]):
    """R-43: sold less bought less cost is what the WETH of the index grew by."""
    totals, cash = told["totals"], told["cash"]
    sold, bought, cost = (int(totals[key]) for key in ("sold", "bought", "cost"))
    grown = int(cash["after"]["weth"]) - int(cash["before"]["weth"])
    assert sold - bought - cost == int(totals["received"]) - int(totals["paid"]) == grown
    assert cost == sum(int(totals[part]) for part in ("fee", "impact", "drift"))


def test_figures__balances__follow_from_the_trades(april: Contents, told: dict[str, Any]):
    """R-43: each token's balance before, with its trades, is the balance after."""
    execution = april[1]
    for line in told["balances"]:
        assert line["before"] == execution["before"]["balances"][line["symbol"]]
        assert line["after"] == execution["after"]["balances"][line["symbol"]] == line["expected"]
        assert line["agrees"]
    assert [line["symbol"] for line in told["balances"]][-1] == "WETH"
    assert {line["symbol"] for line in told["balances"]} == set(execution["after"]["balances"])


def test_figures__weights__sum_to_one_and_follow_the_prices(april: Contents, told: dict[str, Any]):
    """R-43: weights are shares of the index's value at planned prices, cash included."""
    units, execution = april
    for name in ("before", "target", "after"):
        assert total(told["weights"], name) == WAD
    held = {
        "before": execution["before"]["units"],
        "target": {**execution["targets"], "WETH": "0"},
        "after": execution["after"]["units"],
    }
    prices = {
        c["symbol"]: Fraction(c["price_usd"]) / 10 ** c["decimals"] for c in units["components"]
    }
    prices["WETH"] = Fraction(units["weth_price_usd"]) / WAD
    for name, amounts in held.items():
        value = {symbol: int(amounts[symbol]) * price for symbol, price in prices.items()}
        whole = sum(value.values())
        for line in told["weights"]:
            assert abs(int(line[name]) - value[line["symbol"]] * WAD / whole) < 1


def test_figures__tracking_error__is_what_it_is_defined_as(told: dict[str, Any]):
    """R-43: active share, root mean square, and the value of what is missing."""
    deviations = [int(line["after"]) - int(line["target"]) for line in told["weights"]]
    assert sum(deviations) == 0
    squares = sum(deviation**2 for deviation in deviations)
    assert told["tracking"]["active_share"] == str(sum(d for d in deviations if d > 0))
    assert told["tracking"]["rms"] == str(isqrt(squares // len(deviations)))
    (missed,) = [line for line in told["units"] if not line["met"]]
    assert missed["symbol"] == "AAVE"
    assert told["tracking"]["shortfall"] == missed["missing_weth"]
    # With no cash left, the index lacks what trading cost: docs/REBALANCE.md, section 4.
    assert abs(int(told["tracking"]["shortfall"]) - int(told["totals"]["cost"])) < 10**13


def test_figures__trade__tells_quote_and_costs(april: Contents, told: dict[str, Any]):
    """R-43: quoted against executed, slippage and its parts."""
    raw, line = april[1]["trades"][0], told["trades"][0]
    assert (line["symbol"], line["is_buy"]) == ("UNI", False)
    assert line["worse_than_quoted"] == "0" == str(int(raw["quoted"]) - int(raw["weth"]))
    slippage = Decimal(int(raw["fee"]) + int(raw["impact"])) * 10_000 / int(raw["mid"])
    assert line["slippage_bps"] == str(slippage.quantize(Decimal("0.01")))
    front_run = told["trades"][30]
    assert front_run["is_buy"]
    assert front_run["worse_than_quoted"] == front_run["front_run"] != "0"
    assert front_run["pool_moved_bps"] == "49.99"
    assert front_run["sandwiched_by"] == paper_run.THIEF


def test_figures__remaining_weth__is_quoted_in_the_component(told: dict[str, Any]):
    """R-43: what spends the rest of the WETH is exact in WETH; its quote is of the component."""
    line = told["trades"][-1]
    assert line["kind"] == "remaining"
    assert line["quoted"] == line["amount"]
    assert line["worse_than_quoted"] == "0"
    changed = deepcopy(paper_run.play())
    changed[1]["trades"][-1]["quoted"] = str(int(line["amount"]) * 2)
    assert report.figures(*changed)["trades"][-1]["worse_than_quoted_bps"] == "5000.00"


def test_figures__gas__is_priced_as_paid_and_as_it_would_be():
    """R-43: all gas of the run, in gas, ETH and USD; a free chain says what others would take."""
    told = report.figures(*paper_run.play(gas_price=30 * 10**9))
    gas = told["gas"]
    assert gas["gas"] == gas["trades"] + 91_234
    assert gas["cost"] == str(gas["gas"] * 30 * 10**9)
    assert gas["cost_usd"] == f"{Decimal(gas['cost']) / WAD * Decimal('1942.51'):.2f}"
    free = report.figures(*paper_run.play())["gas"]
    assert free["cost"] == "0"
    assert [line["gwei"] for line in free["at"]] == [20, 50, 100]
    assert free["at"] == gas["at"]
    assert free["at"][0]["cost"] == str(gas["gas"] * 20 * 10**9)


def test_figures__several_trades_of_one_transaction__count_its_gas_once(april: Contents):
    """R-43: whoever trades through a contract pays for one transaction."""
    execution = deepcopy(april[1])
    first, second, third = execution["trades"][:3]
    second["transaction"] = first["transaction"]
    second["limit"] = None
    told = report.figures(april[0], execution)
    assert [line["gas"] for line in told["trades"][:3]] == [first["gas"], 0, third["gas"]]
    assert told["trades"][1]["limit"] is None
    assert told["gas"]["trades"] == sum(t["gas"] for t in execution["trades"]) - second["gas"]
    assert total(told["components"], "gas") == told["gas"]["trades"]


def test_figures__plans__stand_beside_what_happened(april: Contents, told: dict[str, Any]):
    """R-43: both orders as expected, and the run; none if none are compared."""
    published, planned, happened = told["plans"]["lines"]
    assert [line["name"] for line in told["plans"]["lines"]] == ["published", "planned", "happened"]
    assert published["trades"] == happened["trades"] == 209
    assert planned["impact"] == april[0]["plans"]["planned"]["expected"]["impact"]
    assert [happened[key] for key in ("fee", "impact")] == [
        told["totals"][key] for key in ("fee", "impact")
    ]
    units = {key: value for key, value in april[0].items() if key not in ("plans", "followed")}
    assert report.figures(units, april[1])["plans"] == {"followed": None, "lines": []}


def test_figures__no_guard__says_so(april: Contents):
    """R-43: a run without a guard has a report, and the report says there was none."""
    execution = paper_run.unguarded(april[1])
    told = report.figures(april[0], execution)
    assert told["budget"] is None
    assert told["verdict"]["within_budget"] is None
    assert "No guard counted losses." in told["verdict"]["sentences"]


def test_figures__verdict__names_what_went_wrong(april: Contents, told: dict[str, Any]):
    """R-43: fair with a missed target; bad if it stopped, or lost more than its budget."""
    assert told["verdict"]["tone"] == "fair"
    assert told["verdict"]["sentences"][1] == "13 of 14 targets are met; not AAVE."
    stopped = report.figures(*paper_run.play(trades=20))["verdict"]
    assert (stopped["tone"], stopped["sandwiched"]) == ("bad", 0)
    assert stopped["sentences"][0] == "It stopped: The trader was taken off the list."
    lost = {**april[1], "loss_budget": str(int(april[1]["loss"]) - 1)}
    assert report.figures(april[0], lost)["verdict"]["tone"] == "bad"


def test_figures__all_targets_met_by_nobody_disturbed__is_good(april: Contents):
    """R-43: the verdict is good only if nothing is missing."""
    execution = deepcopy(april[1])
    execution["targets"] = {s: u for s, u in execution["after"]["units"].items() if s != "WETH"}
    assert report.figures(april[0], execution)["verdict"]["tone"] == "fair", "two sandwiches"
    for trade in execution["trades"]:
        trade["sandwiched_by"] = None
    verdict = report.figures(april[0], execution)["verdict"]
    assert (verdict["tone"], verdict["targets_met"]) == ("good", 14)
    assert verdict["sentences"][-1].endswith("0 of them were sandwiched.")


def test_figures__nothing_traded__is_a_report_too(april: Contents):
    """R-43: a run that was stopped before its first trade."""
    told = report.figures(*paper_run.play(trades=0))
    assert told["trades"] == told["components"] == []
    assert told["totals"]["cost_bps"] is None
    assert told["cash"]["before"] == told["cash"]["after"]


def test_figures__twice__same_bytes(april: Contents, told: dict[str, Any]):
    """R-43: identical inputs give an identical document."""
    assert documents.canonical(report.figures(*april)) == documents.canonical(told)


@given(st.dictionaries(st.text(max_size=3), st.fractions(min_value=0), min_size=1))
def test_shares__any_values__sum_to_one(values: dict[str, Fraction]):
    """R-43: shares sum to 1e18 exactly, each within one of its exact value."""
    shares = weights.shares(values)
    whole = sum(values.values())
    assert sum(shares.values()) == (WAD if whole else 0)
    for name, share in shares.items():
        assert not whole or abs(share - values[name] * WAD / whole) < 1


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**40))
def test_share_bps__any_amounts__within_half_a_hundredth(part: int, whole: int):
    """R-43: basis points are rounded to the nearest hundredth, whatever the size."""
    shown = costs.share_bps(part, whole)
    assert shown is not None
    assert abs(Fraction(shown) - Fraction(part * 10_000, whole)) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (wording.weth(1_234_567_890_123_456_789_012), "1,234.5679"),
        (wording.weth(-1), "0.0000"),
        (wording.weth(-(10**18)), "\N{MINUS SIGN}1.0000"),
        (wording.weth(2**256 - 1, 0)[:7], "115,792"),
        (wording.figures_of("566411985921079", 18, 8), "0.00056641199"),
        (wording.figures_of("0", 18), "0"),
        (wording.figures_of("123456789", 0), "123,456,789"),
        (wording.duration(119), "119 s"),
        (wording.duration(36_816), "10.2 hours"),
        (wording.moment(0), "1970-01-01 00:00:00"),
        (wording.short("0x" + "ab" * 20), "0xababab…abab"),
    ],
)
def test_wording__rounds_to_the_nearest(shown: str, expected: str):
    """R-43: what a person reads is rounded; no minus before a zero."""
    assert shown == expected
