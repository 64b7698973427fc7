"""New rebalances by all six steps: derived parameters, planned order, Safe, keeper, report."""

import json
import runpy
from fractions import Fraction

import ape
import pytest
from click.testing import CliRunner

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, advance, token_at
from indexkit.localnet.paths import ROOT
from indexkit.plan import WAD
from indexkit.steps import chain, execute, submit
from indexkit.steps.folder import STEPS


def contents(folder, step):
    """Return the content of a step's file."""
    return folder.document(step)["content"]


def test_first__whole_chain__ends_at_the_targets(first, desk):
    """R-34: from weights to trades; what was executed is what the files say, and nothing else."""
    folder, submission, _, record = first
    assert [step for step in STEPS if folder.has(step)] == list(STEPS)
    chain.check(folder, "units")
    units = contents(folder, "units")
    assert units["followed"] == "planned"
    assert record.finished
    assert record.stopped is None
    assert len(record.trades) == units["plans"]["planned"]["expected"]["trades"] > 5
    assert submission["executed"]["block"] == record.start_block
    assert all(check["passed"] for check in submission["checks"])
    assert set(record.targets) == {"YFI", "UNI", "BAL", "CREAM"}
    assert record.after.units["YFI"] == 0


def test_first__weights_after__are_the_methodologists(first):
    """What trading cost is missing in the end; otherwise the weights are the published ones."""
    folder, _, _, record = first
    report = documents.read(folder.path / "report.json")
    after = {line["symbol"]: int(line["after"]) for line in report["weights"]}
    published = {e["symbol"]: int(e["weight"]) for e in contents(folder, "weights")["components"]}
    cost = Fraction(sum(trade.cost.total for trade in record.trades))
    value = Fraction(contents(folder, "units")["index_value"]) * record.after.total_supply / WAD
    weth_price = Fraction(contents(folder, "units")["weth_price_usd"])
    away = Fraction(sum(abs(after[s] - published.get(s, 0)) for s in after), 2 * WAD)
    # Of a value V, a component of weight w that lacks c is c (1 - w) / (V - c) below its weight.
    lost = cost * weth_price
    assert 0 < away < lost / (value - lost)


def test_first__report__equals_the_chain(first, desk):
    """R-43: the report's balances are the chain's."""
    _, _, _, record = first
    token = desk.index.token
    assert record.after.total_supply == token.totalSupply()
    for line, balance in record.before.balances.items():
        address = addresses.WETH if line == "WETH" else desk.market.component(line).address
        bought = sum(t.amount for t in record.trades if t.symbol == line and t.is_buy)
        sold = sum(t.amount for t in record.trades if t.symbol == line and not t.is_buy)
        assert record.after.balances[line] == token_at(address).balanceOf(token)
        if line != "WETH":
            assert record.after.balances[line] == balance + bought - sold


def test_execute__again__sends_nothing(first, desk):
    """What is finished stays finished: a keeper started again finds nothing that it can pay."""
    folder, _, _, record = first
    job, again = desk.execute(folder)
    assert again.trades == record.trades
    assert {step.what for step in job.dry_run()} == {"waits for cash"}


def test_submit__again__is_refused(first, desk):
    """What was sent is not sent again, nor composed anew."""
    folder, _, _, _ = first
    with pytest.raises(IndexkitError, match="was executed in 0x"):
        submit.send(folder, desk.house.signers.quorum, traders=desk.traders)
    with pytest.raises(IndexkitError, match="was executed in 0x"):
        submit.compose(folder, deadline_s=0, traders=(), again=True)


@pytest.mark.parametrize(
    ("step", "key", "value"),
    [("units", "target_unit", "1"), ("params", "max_trade_size", "1"), ("weights", "weight", "1")],
)
def test_execute__edited_figure__trades_nothing(first, desk, tmp_path, step, key, value):
    """A figure edited after submission is named; the keeper does not start."""
    folder, _, _, _ = first
    copy = type(folder)(tmp_path)
    for file in folder.path.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    document = json.loads(copy.file(step).read_text())
    entry = next(e for e in document["content"]["components"] if e["symbol"] == "UNI")
    before, entry[key] = entry[key], value
    documents.write(copy.file(step), document)
    with pytest.raises(IndexkitError) as caught:
        execute.job_of(copy, desk.index.roles.trader)
    assert f'UNI {key}: expected "{before}", found "{value}"' in caught.value.message


def test_third__cash_of_the_second__is_spent(second, third, desk):
    """R-11: what was given up leaves WETH: no component, but part of the value, and spent."""
    folder, record = third
    assert len(second.trades) == 1
    assert second.cash > 0
    state = chain.state_of(folder)
    place = state.component_order.index(addresses.WETH)
    units = contents(folder, "units")
    assert units["component_order"][place] == "WETH"
    assert units["start"]["old_target_units"][place] == "0"
    assert record.finished
    assert record.cash < second.cash // 100
    assert state.nonce + 1 == record.nonce == desk.index.module.rebalanceNonce()


def test_submit__another_pack__is_asked_for(desk, third, tmp_path):
    """A submission that nobody signed may be repeated; another pack in its place must be meant."""
    assert third
    weights = {"UNI": "0.4", "BAL": "0.3", "CREAM": "0.1", "AAVE": "0.2"}
    folder = desk.prepare(tmp_path, desk.basket("other", weights))
    one = submit.compose(folder, deadline_s=86_400, traders=())
    again = submit.compose(folder, deadline_s=86_400, traders=())
    assert one.hashes == again.hashes
    with pytest.raises(IndexkitError, match="says something else already"):
        submit.compose(folder, deadline_s=86_401, traders=())
    assert submit.verified(folder).hashes == one.hashes
    other = submit.compose(folder, deadline_s=86_401, traders=(), again=True)
    assert submit.verified(folder).hashes == other.hashes != one.hashes


@pytest.fixture
def command(monkeypatch):
    """Return a function that runs a command on the test's own node."""
    monkeypatch.setenv("APE_FOUNDRY_HOST", ape.chain.provider.uri)
    cli = runpy.run_path(str(ROOT / "scripts" / "rebalance.py"))["cli"]

    def run(*words):
        return CliRunner().invoke(cli, [str(word) for word in words])

    return run


def test_commands__params_to_execute__ask_the_node(command, desk, third, tmp_path):
    """R-40: the same by commands: state from the node, preflight, simulation, Safe, keeper."""
    assert third
    advance(submit.DEADLINE_S)
    desk.observe()
    basket = documents.write(
        tmp_path / "basket.json",
        desk.basket("fourth", {"UNI": "0.4", "BAL": "0.3", "CREAM": "0.1", "AAVE": "0.2"}).content,
    )
    run = ("--run", tmp_path / "run")
    network = ("--network", "ethereum:mainnet-fork:foundry")
    today = documents.read(basket)["date"]
    module = ("--module", desk.index.module.address)
    trader = ("--trader", desk.traders[0])
    for words in (
        ("weights", basket, *run, "--today", today),
        ("verify", *run),
        ("params", *run, *network, *module),
        ("units", *run, "--gas-price", "30"),
        ("submit", *run, *network, *trader),
    ):
        result = command(*words)
        assert result.exit_code == 0, (words, result.output)
    assert "Preflight" in result.output
    assert "FAIL" not in result.output
    assert "Simulated: " in result.output
    owners = [f"TEST::{place}" for place in (6, 7)]
    signing = [word for owner in owners for word in ("--account", owner)]
    twice = command("submit", *run, *network, *trader, *signing[:2], *signing[:2])
    assert (twice.exit_code, "'TEST::6' is named twice" in twice.output) == (1, True)
    result = command("submit", *run, *network, *trader, *signing)
    assert result.exit_code == 0, result.output
    assert "Executed in 0x" in result.output
    trading = ("execute", *run, *network, "--account", "TEST::2")
    dry = command(*trading, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "nothing was sent" in dry.output
    result = command(*trading)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "run" / "report.html").exists()
    assert "Report: " in result.output
