"""A vote with the original IndexToken: powers by its events, and recomputed (R-13)."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ape
import pytest
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from electorate import SPACE, TERMS

from indexkit.errors import IndexkitError
from indexkit.localnet import mine
from indexkit.localnet.artifacts import artifact
from indexkit.metagov import reader as reading
from indexkit.metagov.envelope import Signed, sign
from indexkit.metagov.moment import NOBODY, Transfer
from indexkit.metagov.reader import ChainReader
from indexkit.metagov.result import count, recompute
from indexkit.metagov.snapshot import Proposal, Vote
from indexkit.metagov.strategies import powers
from indexkit.metagov.tally import Outcome
from indexkit.metagov.window import Window

INDEX_TOKEN = (
    "@setprotocol/index-coop-contracts/artifacts/contracts/token/IndexToken.sol/IndexToken.json"
)
E18 = 10**18


@dataclass
class Election:
    """A token with holders, and the block at which they are counted."""

    token: ContractInstance
    holders: list[AccountAPI]
    first: int
    snapshot: int


@pytest.fixture
def election(accounts: Any, owner: AccountAPI) -> Election:
    """Give INDEX to three holders, one of whom delegates, and move more after the snapshot."""
    token = owner.deploy(artifact(INDEX_TOKEN).container(), owner)
    first = ape.chain.provider.get_block("latest").number
    holders = list(accounts[6:9])
    for holder, amount in zip(holders, (60, 30, 20), strict=True):
        token.transfer(holder, amount * 1_000 * E18, sender=owner)
    # Ape has a `delegate` of its own for every address.
    token.invoke_transaction("delegate", holders[0], sender=holders[1])
    snapshot = ape.chain.provider.get_block("latest").number
    token.transfer(holders[2], 50_000 * E18, sender=holders[0])
    mine(3)
    return Election(token, holders, first, snapshot)


def addresses(election: Election) -> list[str]:
    """Return the holders' addresses."""
    return [holder.address for holder in election.holders]


def test_powers__wallet_and_delegated(election: Election) -> None:
    """At the snapshot, though coins moved since; delegated votes as the token counts them."""
    one, two, three = addresses(election)
    chain = ChainReader()
    wallet = powers(["wallet"], election.token.address, [one, two, three], election.snapshot, chain)
    assert wallet == {
        one: {"wallet": 60_000 * E18},
        two: {"wallet": 30_000 * E18},
        three: {"wallet": 20_000 * E18},
    }
    votes = powers(["delegated"], election.token.address, [one, two], election.snapshot, chain)
    assert votes == {one: {"delegated": 30_000 * E18}, two: {"delegated": 0}}


@pytest.mark.parametrize("page", [1, 2, 7, 10_000])
def test_transfers__page_by_page(election: Election, owner: AccountAPI, page: int) -> None:
    """Each transfer once, in order, whatever the size of a page."""
    chain = ChainReader(first=election.first, page=page)
    found = list(chain.transfers(election.token.address, election.snapshot))
    one, two, three = addresses(election)
    block = election.first
    assert found == [
        Transfer(block, NOBODY, owner.address, 10_000_000 * E18),
        Transfer(block + 1, owner.address, one, 60_000 * E18),
        Transfer(block + 2, owner.address, two, 30_000 * E18),
        Transfer(block + 3, owner.address, three, 20_000 * E18),
    ]


def test_transfers__node_with_a_limit__halves_the_page(
    election: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that answers for three blocks at most is asked for fewer."""
    asked = []
    genuine = reading._logs

    def limited(token: str, first: int, last: int, topics: Any) -> list[dict[str, Any]]:
        asked.append(last - first + 1)
        if last - first >= 3:
            raise ape.exceptions.ProviderError("query returned more than 3 blocks")
        return genuine(token, first, last, topics)

    monkeypatch.setattr(reading, "_logs", limited)
    chain = ChainReader(first=election.first)
    assert len(list(chain.transfers(election.token.address, chain.head()))) == 5
    assert max(asked[-2:]) <= 3
    asked.clear()
    list(ChainReader(first=election.first, page=3).transfers(election.token.address, chain.head()))
    assert max(asked) == 3


def test_transfers__node_without_logs__raises(
    election: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One block is the least one can ask for."""

    def broken(*_: object) -> list[dict[str, Any]]:
        raise ape.exceptions.ProviderError("pruned")

    monkeypatch.setattr(reading, "_logs", broken)
    with pytest.raises(IndexkitError, match=r"does not give the logs of block .*\(pruned\)"):
        list(ChainReader().transfers(election.token.address, 9))


def test_transfers__logs_not_asked_for__raises(
    election: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that ignores the range would have a transfer counted twice."""
    genuine = reading._logs
    head = ChainReader().head()
    monkeypatch.setattr(reading, "_logs", lambda token, *rest: genuine(token, 0, head, rest[-1]))
    with pytest.raises(IndexkitError, match="not asked for"):
        list(ChainReader(page=2).transfers(election.token.address, head))


@pytest.mark.parametrize("data", ["0x", "0x01", "0x" + "00" * 64])
def test_events__data_of_another_kind__raises(
    election: Election, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    """A contract that logs under a name what the name does not stand for."""
    genuine = reading._logs
    monkeypatch.setattr(
        reading, "_logs", lambda *query: [log | {"data": data} for log in genuine(*query)]
    )
    with pytest.raises(IndexkitError, match=r"logs a Transfer in block .* that is none"):
        list(ChainReader().transfers(election.token.address, election.snapshot))


def test_words__each_of_an_answer(election: Election) -> None:
    """A number is one word; an answer of several is none."""
    chain = ChainReader()
    token, head = election.token.address, chain.head()
    assert chain.words(token, "totalSupply()", block=head) == (10_000_000 * E18,)
    assert len(chain.words(token, "name()", block=head)) > 1
    with pytest.raises(IndexkitError, match=r"does not answer name\(\) .*it is no whole number"):
        chain.view(token, "name()", block=head)


def test_time__of_a_block(election: Election) -> None:
    """As the block itself has it."""
    for block in (election.first, election.snapshot):
        assert ChainReader().time(block) == ape.chain.blocks[block].timestamp


def test_wallet__first_block_too_late__raises(election: Election) -> None:
    """Logs from after the deployment miss coins, and the token says so."""
    chain = ChainReader(first=election.first + 1)
    with pytest.raises(IndexkitError, match=r"The events of .* are incomplete"):
        powers(["wallet"], election.token.address, addresses(election), election.snapshot, chain)
    chain = ChainReader(first=election.snapshot + 5)
    with pytest.raises(IndexkitError, match="do not account for totalSupply"):
        powers(["wallet"], election.token.address, addresses(election), election.snapshot, chain)


def test_view__no_token__raises(owner: AccountAPI) -> None:
    """An account without code answers nothing."""
    with pytest.raises(IndexkitError, match=r"does not answer totalSupply\(\) at block"):
        ChainReader().view(owner.address, "totalSupply()", block=ChainReader().head())


def test_view__the_call_fails__raises(election: Election) -> None:
    """COMP's rule: not yet determined."""
    chain = ChainReader()
    head = chain.head()
    with pytest.raises(IndexkitError, match=r"does not answer getPriorVotes\(address,uint256\)"):
        chain.view(
            election.token.address,
            "getPriorVotes(address,uint256)",
            addresses(election)[0],
            head + 1,
            block=head,
        )


def test_count__signed_by_apes_accounts(
    election: Election, owner: AccountAPI, tmp_path: Path
) -> None:
    """From the author's signature to the outcome, and recomputed by someone else's node."""
    now = ape.chain.provider.get_block("latest").timestamp
    window = Window.of(now, now + 3 * 86_400, in_seconds=True)
    terms = replace(
        TERMS, vote_token=election.token.address, window=window, circulating=2_000_000 * E18
    )
    proposal: Signed[Proposal] = sign(
        Proposal(owner.address, SPACE, now, "A vote", election.snapshot, terms), owner
    )
    for holder, choice in zip([*election.holders, owner], (1, 2, 3, 2), strict=True):
        sign(Vote(holder.address, SPACE, now, proposal.hash, choice), holder).write(tmp_path)
    (tmp_path / f"{proposal.hash}.json").write_text("{}")
    result = count(proposal, tmp_path, ChainReader())
    totals = result.totals
    assert (totals.votes_for, totals.abstain) == (60_000 * E18, 20_000 * E18)
    assert totals.total == 10_000_000 * E18
    assert result.outcome is Outcome.AGAINST
    mine(2)
    assert recompute(result, tmp_path, ChainReader(first=election.first, page=3)) == ()
