"""`ape run rebalance weights … submit`, as an operator types them, without a node (R-34, R-40)."""

import json

import pytest

from indexkit.localnet.paths import DATA
from indexkit.rebalance_data import load

EXAMPLE = DATA / "examples" / "dpi-2021-04"
TODAY = ("--today", "2021-04-20")


@pytest.fixture
def step(ape_run, tmp_path):
    """Return a function that takes a step in a directory of the test's own."""
    # An address where nothing answers: whoever asked a node would fail.
    nowhere = {"MAINNET_RPC_URL": "http://127.0.0.1:9"}
    run = ("--run", str(tmp_path / "run"))
    return lambda name, *words: ape_run("rebalance", name, *words, *run, variables=nowhere)


def test_steps__example__without_a_node(step, tmp_path):
    """The first five steps from data files: files, tables, status 0, nothing on stderr."""
    for name, *words in (
        ("weights", str(EXAMPLE / "basket.json"), *TODAY),
        ("verify",),
        ("params", "--state", str(EXAMPLE / "state.json")),
        ("units",),
        ("submit",),
    ):
        command = step(name, *words)
        assert (command.status, command.err) == (0, ""), name
    assert "Signer pack: " in command.out
    assert "Nothing was asked of a chain" in command.out
    folder, april = tmp_path / "run", load("dpi-2021-04")
    units = json.loads((folder / "4-units.json").read_text())["content"]
    assert tuple(units["schedule"]) == april.schedule
    found = [int(entry["target_unit"]) for entry in units["components"]]
    assert found == [component.target_unit for component in april.components]
    assert {path.name for path in (folder / "pack").iterdir()} == {
        *("transactions.json", "decoded.txt", "hashes.json")
    }


def test_step__out_of_order__says_what_to_run(step):
    """Step 4 before step 1: the missing file and the command that makes it."""
    command = step("units")
    assert command.status == 1
    assert command.out == ""
    assert "1-weights.json is missing: run 'ape run rebalance weights" in command.err
    assert command.err.count("\n") == 1


def test_weights__stale_prices__say_so_and_leave_nothing(step, tmp_path):
    """A basket of 2021 is no basket of today; --today is how to say that it is meant."""
    command = step("weights", str(EXAMPLE / "basket.json"))
    assert command.status == 1
    assert command.err.startswith("Error: The prices are of 2021-04-20, ")
    assert command.err.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_verify__edited_weight__names_component_and_both(step, tmp_path):
    """One digit in the methodologist's file: the sentence has component, expected and found."""
    assert step("weights", str(EXAMPLE / "basket.json"), *TODAY).status == 0
    file = tmp_path / "run" / "1-weights.json"
    document = json.loads(file.read_text())
    entry = next(e for e in document["content"]["components"] if e["symbol"] == "UNI")
    entry["weight"] = "250000000000000001"
    file.write_text(json.dumps(document))
    command = step("verify")
    assert command.status == 1
    assert (
        'components UNI weight: expected "250000000000000000", found "250000000000000001"'
        in command.err
    )
    assert not (tmp_path / "run" / "2-verification.json").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Name either a file with --state or a node with --network."),
        (
            ("--network", "ethereum:mainnet-fork:foundry"),
            "Name the index's SingleIndexModule with --module.",
        ),
    ],
)
def test_params__no_source__says_so(step, words, sentence):
    """Neither file nor node, or a node and no module."""
    command = step("params", *words)
    assert (command.status, command.err) == (1, f"Error: {sentence}\n")
