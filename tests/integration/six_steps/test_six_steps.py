"""New rebalances by all six steps: derived parameters, planned order, Safe, keeper, report."""

import json
import runpy

import ape
import pytest
from click.testing import CliRunner

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, token_at
from indexkit.localnet.paths import ROOT
from indexkit.plan import WAD
from indexkit.steps import chain, execute, submit
from indexkit.steps.folder import STEPS

pytestmark = pytest.mark.usefixtures("desk", "first", "second")


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
    """What cost leaves: each weight within a tenth of a per cent of the published one."""
    folder, _, _, _ = first
    report = documents.read(folder.path / "report.json")
    weights = {line["symbol"]: line for line in report["weights"]}
    for entry in contents(folder, "weights")["components"]:
        found = int(weights[entry["symbol"]]["after"])
        assert abs(found - int(entry["weight"])) < WAD // 500, entry["symbol"]


def test_first__report__equals_the_chain(first, desk):
    """R-43: the report's balances are the chain's."""
    _, _, _, record = first
    token = desk.index.token
    assert record.after.total_supply == token.totalSupply()
    for line, balance in record.before.balances.items():
        address = addresses.WETH if line == "WETH" else desk.market.component(line).address
        bought = sum(t.amount for t in record.trades if t.symbol == line and t.is_buy)
        sold = sum(t.amount for t in record.trades if t.symbol == line and not t.is_buy)
        if line != "WETH":
            assert record.after.balances[line] == balance + bought - sold
        assert token_at(address)


def test_second__cash_of_the_first__is_counted_and_kept_out(second, desk):
    """R-11: the dust that the first left is no component, and does not keep the second back."""
    folder, _, _, record = second
    state = chain.state_of(folder)
    assert addresses.WETH in state.component_order
    units = contents(folder, "units")
    place = state.component_order.index(addresses.WETH)
    assert units["component_order"][place] == "WETH"
    assert units["start"]["old_target_units"][place] == "0"
    assert record.finished
    assert state.nonce + 1 == record.nonce == desk.index.module.rebalanceNonce()


def test_execute__again__sends_nothing(second, desk):
    """What is finished stays finished: a keeper started again finds nothing to do."""
    folder, _, _, record = second
    job, again = desk.execute(folder)
    assert again.trades == record.trades
    assert job.dry_run() == ()


def test_submit__again__is_refused(second, desk):
    """What was sent is not sent again, nor composed anew."""
    folder, _, _, _ = second
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


@pytest.fixture
def command(monkeypatch):
    """Return a function that runs a command on the test's own node."""
    monkeypatch.setenv("APE_FOUNDRY_HOST", ape.chain.provider.uri)
    cli = runpy.run_path(str(ROOT / "scripts" / "rebalance.py"))["cli"]

    def run(*words):
        return CliRunner().invoke(cli, [str(word) for word in words])

    return run


def test_commands__params_to_execute__ask_the_node(command, desk, second, tmp_path):
    """R-40: the same by commands: state from the node, preflight and simulation, dry run."""
    folder = second[0]
    basket = documents.write(
        tmp_path / "basket.json", {**documents.read(folder.path / "basket.json"), "name": "third"}
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
    dry = command("execute", *run, *network, "--account", "TEST::2", "--dry-run")
    assert dry.exit_code == 1
    assert "Error: " in dry.output
