"""Snapshot's messages and envelopes, byte for byte (R-13)."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from electorate import AUTHOR, CLOSE, DPI, PROPOSAL, SPACE, START, TERMS, VOTERS, ballot, proposal
from eth_account import Account
from eth_account.messages import encode_typed_data

from indexkit.errors import IndexkitError
from indexkit.metagov.envelope import (
    proposal_of,
    read_proposal,
    recover,
    sign,
    vote_of,
)
from indexkit.metagov.snapshot import DOMAIN, Proposal, RefusalError, Vote
from indexkit.metagov.terms import terms_of
from indexkit.metagov.window import Clock, Window

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

# src/sign/hashedTypes.json of snapshot-labs/snapshot.js, commit 071172e: SHA-256 of a type's JSON,
# by which Snapshot's hub knows what a message is.
HUB = {
    "proposal": "9fecffaa3ddb7666a390be8db0aa6b8732e7679ffeebba069e4372597c0eb6c8",
    "vote": "bc8c6814ddd5b9b6ef6415c656c9e7b9e05e029cc19b954b7160dc2928a12caf",
}

Fields = dict[str, Any]


@pytest.mark.parametrize(("message", "kind"), [(Proposal, "proposal"), (Vote, "vote")])
def test_types__are_those_of_snapshots_hub(message: Any, kind: str) -> None:
    """The hub recognises a message by the hash of its types."""
    text = json.dumps(message.TYPES, separators=(",", ":"))
    assert sha256(text.encode()).hexdigest() == HUB[kind]


def test_proposal__fields() -> None:
    """What is signed: Snapshot's fields, and in the body all that decides the vote."""
    fields = PROPOSAL.message.fields()
    body = fields.pop("body")
    assert fields == {
        "from": AUTHOR.address,
        "space": SPACE,
        "timestamp": START - 60,
        "type": "basic",
        "title": "AIP-12: a vote",
        "discussion": "",
        "choices": ["For", "Against", "Abstain"],
        "start": START,
        "end": CLOSE,
        "snapshot": 100,
        "plugins": "{}",
        "app": "indexkit",
    }
    assert body == (
        '{"adapter":"0xEC568fffba86c094cf06b22134B23074DFE2252c","can_abstain":false,'
        '"chain_id":"1","circulating":"2000000000000000000000","clock":null,'
        '"governor":"AaveGovernanceV2Adapter",'
        '"index_token":"0x1494CA1F11D487c2bBe4543E90080AeBa4BA3C2b","proposal":"12",'
        '"quorum_bps":"500","strategies":["wallet"],'
        '"vote_token":"0x0954906da0Bf32d5479e25f46056d22f08464cab",'
        '"window":{"close":"1619072800","end":"1619159200","start":"1618900000","unit":"seconds"}}'
    )
    assert terms_of(body) == TERMS


def test_hash_of__equals_ethers() -> None:
    """A proposal and a vote hashed by ethers 5.8 (`_TypedDataEncoder.hash`): the same ids."""
    assert PROPOSAL.hash == "0x76b980d86774b9ea092c548642955bc270c51e57723fa880413b0a33ab94f288"
    vote = ballot(VOTERS[0], 2)
    assert vote.hash == "0x8bfc4a90220342b52c2f0b6bcba24776c92fed7b2e82ca9ad6c00a2048f2bdb2"


def test_sign__envelope_as_the_hub_has_it() -> None:
    """Address, signature, and the data that was signed; it reads back, and eth-account agrees."""
    signed = ballot(VOTERS[0], 2, reason="žluť ☃")
    document = json.loads(json.dumps(signed.document()))
    assert set(document) == {"address", "sig", "data"}
    assert document["data"]["domain"] == {"name": "snapshot", "version": "0.1.4"}
    assert vote_of(document) == signed
    full = {**document["data"], "primaryType": "Vote"}
    again = Account.sign_typed_data(VOTERS[0].secret, full_message=full)
    assert (document["sig"], signed.hash) == (
        "0x" + again.signature.hex(),
        "0x" + again.message_hash.hex(),
    )


def test_sign__by_another__raises() -> None:
    """Nobody signs in another's name."""
    with pytest.raises(RefusalError, match="tampered: address: expected the signer"):
        sign(ballot(VOTERS[0]).message, VOTERS[1])


def test_sign__declined__raises() -> None:
    """An account that does not sign is named."""

    class Locked:
        address = VOTERS[0].address

        def sign_message(self, _message: object) -> None:
            return None

    with pytest.raises(IndexkitError, match=f"{VOTERS[0].address} did not sign"):
        sign(ballot(VOTERS[0]).message, Locked())


def test_sign__value_beyond_its_type__raises() -> None:
    """A timestamp has 64 bits."""
    with pytest.raises(RefusalError, match="timestamp is no plain uint64"):
        ballot(VOTERS[0], timestamp=1 << 64)


def signature(r: int, s: int, v: int) -> str:
    """Return a signature of these parts."""
    return "0x" + r.to_bytes(32, "big").hex() + s.to_bytes(32, "big").hex() + f"{v:02x}"


def test_recover__one_form_of_a_signature_only() -> None:
    """The same vote under its other s, another v, short or in capitals: refused, each by name."""
    signed = ballot(VOTERS[0])
    data = bytes.fromhex(signed.signature[2:])
    r, s, v = int.from_bytes(data[:32], "big"), int.from_bytes(data[32:64], "big"), data[64]
    assert recover(signed.message, signature(r, s, v)) == VOTERS[0].address
    twin = signature(r, ORDER - s, 55 - v)
    typed = encode_typed_data(DOMAIN, dict(Vote.TYPES), signed.message.fields())
    assert Account.recover_message(typed, signature=twin) == VOTERS[0].address
    short = signature(r, s | (v - 27) << 255, 0)[:-2]
    for form, reason in (
        (twin, "upper half"),
        (signature(r, s, v - 27), "neither 27 nor 28"),
        (signature(r, s, v + 8), "neither 27 nor 28"),
        (short, "ERC-2098"),
        (signed.signature[:-2].upper().replace("0X", "0x") + f"{v:02x}", "lower-case hex"),
        (signed.signature + "00", "not 65 bytes"),
        (signed.signature + "\n", "not 65 bytes"),
        ("", "not 65 bytes"),
        (signature(0, s, v), "nobody's"),
        (signature(r, 0, v), "nobody's"),
        (signature(ORDER, s, v), "nobody's"),
    ):
        with pytest.raises(RefusalError, match=reason):
            recover(signed.message, form)


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[[Callable[[Fields], object]], str]:
    """Return what is said to the proposal's file after an edit."""

    def refuse(edit: Callable[[Fields], object]) -> str:
        path = PROPOSAL.write(tmp_path)
        content = json.loads(path.read_text())
        edit(content)
        path.write_text(json.dumps(content))
        with pytest.raises(IndexkitError) as raised:
            read_proposal(path)
        return raised.value.message

    return refuse


def test_write__a_whole_file_called_after_the_hash(tmp_path: Path) -> None:
    """Nothing else is left in the folder, and anyone may read it."""
    path = PROPOSAL.write(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [f"{PROPOSAL.hash}.json"]
    assert path.stat().st_mode & 0o777 == 0o644
    assert read_proposal(path) == PROPOSAL
    other = path.rename(tmp_path / "proposal.json")
    assert read_proposal(other) == PROPOSAL


def test_write__fails__leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted before the end, there is no half a file."""
    path = PROPOSAL.write(tmp_path)
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(IndexkitError, match="No space left on device"):
        PROPOSAL.write(tmp_path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


def test_read_proposal__called_after_another_id__raises(tmp_path: Path) -> None:
    """The name of the file is the id: expected and found are named."""
    wrong = "0x" + "1" * 64
    path = PROPOSAL.write(tmp_path).rename(tmp_path / f"{wrong}.json")
    with pytest.raises(IndexkitError, match=f"id: expected {PROPOSAL.hash}, found {wrong}"):
        read_proposal(path)


def test_read_proposal__edited__raises(
    refusal: Callable[[Callable[[Fields], object]], str],
) -> None:
    """Field, expected and found."""

    def message(key: str, value: object) -> Callable[[Fields], object]:
        return lambda content: content["data"]["message"].update({key: value})

    assert "end: expected 1619072800, found 1619072801" in refusal(message("end", CLOSE + 1))
    assert "address: expected the signer" in refusal(message("title", "AIP-12: another vote"))
    assert "address: expected the signer" in refusal(message("snapshot", 101))
    assert 'type: expected "basic", found "approval"' in refusal(message("type", "approval"))
    assert 'plugins: expected "{}"' in refusal(message("plugins", "[]"))
    assert "choices[1]" in refusal(message("choices", ["For", "Never", "Abstain"]))
    assert "start is no plain uint64" in refusal(message("start", str(START)))
    assert f"found {DPI}" in refusal(lambda content: content.update(address=DPI))
    assert "address: expected the signer" in refusal(message("from", DPI))
    assert "forged domain" in refusal(lambda c: c["data"]["domain"].update(chainId=1))
    assert "forged types" in refusal(lambda c: c["data"]["types"]["Proposal"].pop())
    assert "fields are not those" in refusal(message("network", "1"))
    said = refusal(message("body", "Vote for it!"))
    assert f"{PROPOSAL.hash}.json: The body of the proposal is not the terms of a vote" in said
    shorter = PROPOSAL.message.terms.text().replace(str(CLOSE), str(CLOSE - 1))
    said = refusal(message("body", shorter))
    assert f"window close: expected {CLOSE}, found {CLOSE - 1}" in said


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("quorum_bps", 10_001, "quorum_bps: expected at most 10000, found 10001"),
        ("quorum_bps", 0, "quorum_bps is '0', not a whole number above zero"),
        ("circulating", 0, "circulating is '0'"),
        ("chain_id", -1, "chain_id is '-1'"),
        ("adapter", DPI.lower(), "not an address with a valid EIP-55 checksum"),
        ("window", Window(START, START + 9, True, START + 4), "window close: expected"),
        ("clock", Clock(1, 1, 1), "a window in blocks needs a clock"),
        ("window", Window.of(1, 9, False), "a window in blocks needs a clock"),
    ],
)
def test_proposal__terms_that_cannot_be__raises(field: str, value: object, said: str) -> None:
    """Nobody signs terms that no one could read."""
    with pytest.raises(IndexkitError, match=said):
        proposal(replace(TERMS, **{field: value}))


def test_terms_of__other_forms__raises() -> None:
    """One text for one vote: no spaces, no other order, no leading zeros, no key more."""
    text = TERMS.text()
    for form, said in (
        (text.replace(":", ": ", 1), "not written canonically"),
        (text.replace('"12"', '"012"'), 'proposal: expected "12", found "012"'),
        (text[:-1] + ',"zebra":null}', "zebra: expected nothing, found null"),
        (text[:-1] + ',"window":{}}', "a key is named twice"),
    ):
        with pytest.raises(IndexkitError, match=said):
            terms_of(form)


def test_proposal__window_in_blocks() -> None:
    """Snapshot's start and end are reckoned from the stated clock, and bound by the body."""
    clock = Clock(block=12_000_000, time=START, blocks_per_day=6_400)
    window = Window.of(12_000_100, 12_019_300, in_seconds=False, day=6_400)
    signed = proposal(replace(TERMS, window=window, clock=clock))
    assert (signed.message.start, signed.message.end) == (START + 1_350, START + 1_350 + 2 * 86_400)
    assert proposal_of(signed.document()) == signed


def test_may_cast__ballots_closed_and_governor_open() -> None:
    """By the governor's clock and by the ballots': the block may come before its stated second."""
    clock = Clock(block=12_000_000, time=START, blocks_per_day=6_400)
    window = Window.of(12_000_000, 12_019_200, in_seconds=False, day=6_400)
    vote = proposal(replace(TERMS, window=window, clock=clock)).message
    block, second = 12_012_800, START + 2 * 86_400
    assert vote.may_cast(block, second)
    assert not vote.may_cast(block - 1, second)
    assert not vote.may_cast(block, second - 1)
    assert vote.may_cast(12_019_200, second + 86_400)
    assert not vote.may_cast(12_019_201, second)
