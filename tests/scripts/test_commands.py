"""`ape run vote`, `sizes` and `localnet`, and `make help`, as a user runs them."""

import json
import re

import pytest

from indexkit.localnet.paths import ROOT
from indexkit.localnet.rpc import Rpc, RpcError

CODE_LIMIT = 24_576


def test_vote__replays_both_votes(ape_run, tmp_path):
    """Both paths are cast, Aave's record and the rank are shown, and the files are there (R-13)."""
    file = tmp_path / "votes.json"
    command = ape_run("vote", "--json", str(file))
    assert (command.status, command.err) == (0, "")
    for words in (
        "Quorum reached: 44,000.00 INDEX voted, 38,000.00 are needed.",
        "Cast by two of three owners: FOR",
        "Verified: the ballots give this result, and the chain agrees.",
        "Cast by a stranger: FOR",
        "tampered: ",
        "duplicate: ",
        "late: ",
    ):
        assert words in command.out
    held = "64256"
    for number, vote in json.loads(file.read_text()).items():
        assert number in ("AIP-2", "AIP-3")
        assert (vote["outcome"], vote["side"], vote["rank"]) == ("FOR", "for", 3)
        assert vote["votes"][:-18] == held
    folder = ROOT / "build" / "vote" / "aip-2"
    assert {path.name for path in folder.iterdir()} == {
        *("proposal.json", "ballots", "result.json", "receipt.json")
    }
    assert len(list((folder / "ballots").iterdir())) == 7


def test_sizes__prints_every_contract_below_the_limit(ape_run):
    """Every deployable contract is in the table once, and fits (EIP-170)."""
    command = ape_run("sizes")
    assert (command.status, command.err) == (0, "")
    rows = re.findall(r"│ (\w+) +│ +([\d,]+) │ +([\d,]+) │ +(\d+)% │", command.out)
    contracts = [
        file.stem for file in (ROOT / "contracts").rglob("*.vy") if "lib" not in file.parts
    ]
    assert sorted(name for name, *_ in rows) == sorted(contracts)
    for _, size, left, share in rows:
        size, left = int(size.replace(",", "")), int(left.replace(",", ""))
        assert 0 < size < CODE_LIMIT
        assert size + left == CODE_LIMIT
        assert abs(int(share) - 100 * size / CODE_LIMIT) <= 0.5


def test_localnet__answers_until_ctrl_c(start, free_port):
    """It listens where it was told to, says what it has, and ends with status 0."""
    url = f"http://127.0.0.1:{free_port()}"
    command = start("ape", "run", "localnet", "--port", url.rsplit(":", 1)[1])
    said = []
    for line in command.process.stdout:
        said.append(line.split())
        if line == "Ctrl-C ends it.\n":
            break
    assert said[:3] == [
        ["URL", url],
        ["Chain", "id", "1"],
        ["Market", "dpi-2021-04,", "2021-04-20"],
    ]
    assert command.wait_for_node() == url
    assert Rpc(url).call("eth_chainId") == "0x1"
    command.interrupt()
    assert (command.status, command.err, command.out) == (0, "", "Stopped.\n")
    with pytest.raises(RpcError):
        Rpc(url).call("eth_chainId")


def test_make_help__lists_every_target(run):
    """Each target that a user may ask for has a line; asking for nothing prints them too."""
    listed, default = run("make", "help"), run("make")
    names = re.findall(r"^  make (\S+) +\S", listed.out, re.MULTILINE)
    declared = re.findall(r"^\.PHONY: (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert listed.status == default.status == 0
    assert listed.out == default.out
    assert names == sorted(set(declared) - {"deps"})
    assert {"help", "rebalance", "test"} <= set(names)
