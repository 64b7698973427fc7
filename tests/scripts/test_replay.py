"""The replay as a user runs it: every figure, the refused draft, and one sentence for an edit."""

import json
import re

from indexkit.localnet.paths import DATA

DRAFT = (
    "dpi-2021-03-31.json: SUSHI is in old_components as 0x6B3595068778DD592e39A122f4f5a5cF09C90fE2 "
    "and in new_components as 0x6b3595068778dd592e39a122f4f5a5cf09c90fe2, which is the same token: "
    "remove one of them."
)


def copied(tmp_path, edit):
    """Write a copy of February's file after an edit; return its path."""
    content = json.loads((DATA / "rebalances" / "dpi-2021-02.json").read_text())
    edit(content)
    path = tmp_path / "february.json"
    path.write_text(json.dumps(content))
    return path


def test_replay__all(ape_run, tmp_path):
    """R-35: all figures pass, the draft is refused, and the outcome is the same each time."""
    files = [tmp_path / name for name in ("one.json", "two.json")]
    commands = [ape_run("replay", "--json", str(file)) for file in files]
    assert [command.status for command in commands] == [0, 0]
    assert [command.err for command in commands] == ["", ""]
    lines = commands[0].out.splitlines()
    assert lines[-2:] == [f"dpi-2021-03-31 REFUSED: {DRAFT}", "381 figures, 381 pass"]
    assert "FAIL" not in commands[0].out
    assert files[0].read_bytes() == files[1].read_bytes()
    outcome = json.loads(files[0].read_text())
    assert outcome["refused"] == {"dpi-2021-03-31": DRAFT}
    assert (outcome["figures"], outcome["pass"]) == (381, 381)
    names = [rebalance["name"] for rebalance in outcome["rebalances"]]
    assert names == ["dpi-2021-02", "dpi-2021-04", "mvi-2021-06"]
    digests = json.loads((DATA / "digests.json").read_text())["rebalances"]
    assert {r["name"]: r["digests"] for r in outcome["rebalances"]} == digests
    cells = commands[0].out.count("PASS")
    assert cells == sum(len(rebalance["figures"]) for rebalance in outcome["rebalances"])


def test_replay__one(ape_run):
    """A name replays that rebalance, and leaves out the draft."""
    command = ape_run("replay", "mvi-2021-06")
    assert (command.status, command.err) == (0, "")
    assert command.out.splitlines()[-1] == "130 figures, 130 pass"
    assert "REFUSED" not in command.out
    assert re.search(r"GeneralIndexModule calldata, keccak-256 │ PASS", command.out)


def test_replay__draft(ape_run):
    """I-28: asked for by name, the draft with a token twice fails."""
    command = ape_run("replay", "dpi-2021-03-31")
    assert (command.status, command.out) == (1, "")
    assert command.err == f"Error: {DRAFT}\n"


def test_replay__edited_figure(ape_run, tmp_path):
    """R-35: the figure is shown with both values, and named in the one sentence."""
    edit = {"notional_usd": "-481323"}
    path = copied(tmp_path, lambda content: content["components"][0].update(edit))
    outcome = tmp_path / "outcome.json"
    command = ape_run("replay", str(path), "--json", str(outcome))
    assert command.status == 1
    assert command.err == (
        f"Error: {path}: YFI: notional in USD: expected -481322, found -481323 "
        "(3 of 112 figures differ): correct what was edited.\n"
    )
    assert re.search(r"│ YFI +│ notional in USD +│ -481322 +│ -481323 +│", command.out)
    assert command.out.splitlines()[-1] == "112 figures, 109 pass"
    assert json.loads(outcome.read_text())["pass"] == 109


def test_replay__edited_cool_off(ape_run, tmp_path):
    """R-35: what no other figure contradicts is found by the digest of its component."""
    edit = {"cool_off_period": 60}
    path = copied(tmp_path, lambda content: content["components"][8].update(edit))
    command = ape_run("replay", str(path))
    assert command.status == 1
    assert command.err.startswith(f"Error: {path}: UNI: as transcribed, SHA-256: expected ")


def test_replay__bad_input(ape_run, tmp_path):
    """Names that are none, files that are none, fields that are not there: a sentence each."""
    missing = copied(tmp_path, lambda content: content.pop("published"))
    for argument, sentence in {
        "dpi-2020-13": "No rebalance is called 'dpi-2020-13': use one of dpi-2021-02, dpi-2021-04, "
        "mvi-2021-06, dpi-2021-03-31 or the path of a .json file.",
        str(tmp_path / "absent.json"): f"{tmp_path / 'absent.json'}: there is no such file: name "
        "an existing rebalance file.",
        str(missing): "february.json: the field 'published' is missing: add it.",
    }.items():
        command = ape_run("replay", argument)
        assert (command.status, command.out) == (1, "")
        assert command.err == f"Error: {sentence}\n"
