"""`ape run vote`, `sizes` and `localnet`, and `make help`, as a user runs them."""

import re

import pytest

from indexkit.localnet.paths import ROOT
from indexkit.localnet.rpc import Rpc, RpcError

CODE_LIMIT = 24_576


def test_vote__prints_the_receipt(ape_run):
    """All the AAVE the index holds counts, and the command says so (I-26)."""
    command = ape_run("vote")
    assert (command.status, command.err) == (0, "")
    *_, last = command.out.splitlines()
    found = re.fullmatch(
        r"Aave governance v2 recorded for DPI: for proposal 0 with ([\d,.]+) votes; "
        r"it holds ([\d,.]+) AAVE \([\d,]+ gas\)\.",
        last,
    )
    assert found.group(1) == found.group(2) == "64,256.20"


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
