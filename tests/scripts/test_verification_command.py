"""`ape run verification`, as a user runs it."""

import json

from indexkit.localnet.paths import ROOT

FOLDER = ROOT / "build" / "verify"


def test_verification__writes_inputs_and_proves_them(ape_run, tmp_path):
    """R-45: the named input is written, recompiled, and what was deployed stands beside it."""
    made = {
        "kind": "deploy",
        "contract": "IntegrationRegistry",
        "arguments": ["0x" + "11" * 20],
        "status": "done",
        "address": "0x" + "22" * 20,
        "transaction": "0x" + "33" * 32,
    }
    manifest = tmp_path / "ethereum-sepolia.json"
    content = {"network": "ethereum-sepolia", "chain_id": 11155111, "steps": {"a.b": made}}
    manifest.write_text(json.dumps(content))
    command = ape_run("verification", "IntegrationRegistry", "--manifest", str(manifest), "--prove")
    assert (command.status, command.err) == (0, "")
    assert command.out.endswith(
        "1 inputs in build/verify.\n"
        "1 deployed contracts in deployed.json there.\n"
        "Each compiles on its own to the project's bytecode.\n"
    )
    found = json.loads((FOLDER / "IntegrationRegistry.json").read_text())
    assert found["language"] == "Vyper"
    (written,) = json.loads((FOLDER / "deployed.json").read_text())["contracts"]
    assert written["constructor_arguments"] == "00" * 12 + "11" * 20


def test_verification__refuses_what_is_not_there(ape_run):
    """R-45: a name that is no contract's: one sentence, status 1."""
    command = ape_run("verification", "Set")
    assert (command.status, command.out) == (1, "")
    assert command.err.startswith("Error: No contract is called 'Set': name some of ")
