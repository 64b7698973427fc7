"""The deployment record: read as written, and refused in one sentence when wrong (R-21)."""

import json

import pytest
from eth_utils import to_checksum_address

from indexkit.economics.record import (
    Deployment,
    Farm,
    Parties,
    StreamIds,
    read_deployment,
    write_deployment,
)
from indexkit.errors import IndexkitError


def account(number):
    """Return an address."""
    return to_checksum_address(f"0x{number:040x}")


RECORD = Deployment(
    chain_id=1,
    block=2,
    token=account(1),
    streams=account(2),
    distributor=account(3),
    bounty=account(4),
    farms=(Farm("liquidity mining", account(5)),),
    pools=(account(6),),
    fee_module=account(7),
    weth=account(8),
    parties=Parties(account(9), account(10), account(11), account(12)),
    stream_ids=StreamIds(0, 1, 2),
)


def test_record__read_as_written(tmp_path):
    """R-21: what is written is read again, and is the same text every time."""
    file = write_deployment(tmp_path / "deployment.json", RECORD)
    assert read_deployment(file) == RECORD
    text = file.read_text()
    assert write_deployment(file, read_deployment(file)).read_text() == text
    assert RECORD.contracts == (account(2), account(3), account(4), account(5))


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("kind",), "deployment", "kind is 'deployment', not one of index-deployment: correct it."),
        (("chain_id",), 0, "deployment.json: chain_id is 0: name the chain."),
        (("contracts", "token"), "0x12", "contracts: token is '0x12', not an address with"),
        (("contracts", "bounty"), account(5), f"{account(5)} is named twice: each contract has"),
        (("farms",), [{"name": "farm"}], "farms[0] farm: the field 'address' is missing: add it."),
        (("pools",), ["pool"], "pools is ['pool'], not a list of addresses with valid EIP-55"),
        (("streams", "set_labs"), 0, "a stream is named for two parties: give each its own id."),
        (("parties",), [], "parties is [], not an object: correct it."),
    ],
)
def test_record__wrong__refused(tmp_path, place, value, words):
    """One sentence that names the field."""
    content = RECORD.as_json()
    fields = content
    for key in place[:-1]:
        fields = fields[key]
    fields[place[-1]] = value
    file = tmp_path / "deployment.json"
    file.write_text(json.dumps(content))
    with pytest.raises(IndexkitError) as error:
        read_deployment(file)
    assert words in error.value.message
    assert "\n" not in error.value.message
