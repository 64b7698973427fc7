"""Voters, a proposal and a chain made up: what the tests of off-chain votes are played with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ape.types.signatures import MessageSignature
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils.crypto import keccak

from indexkit.metagov.envelope import Signed, sign
from indexkit.metagov.moment import NOBODY, Transfer
from indexkit.metagov.snapshot import DOMAIN, Proposal, Vote
from indexkit.metagov.terms import Terms
from indexkit.metagov.window import Window

E18 = 10**18
START, END = 1_618_900_000, 1_618_900_000 + 3 * 86_400
CLOSE = END - 86_400
SNAPSHOT = 100
SPACE = "index"
INDEX = "0x0954906da0Bf32d5479e25f46056d22f08464cab"
DPI = "0x1494CA1F11D487c2bBe4543E90080AeBa4BA3C2b"
ADAPTER = "0xEC568fffba86c094cf06b22134B23074DFE2252c"


@dataclass(frozen=True)
class Key:
    """An account that signs as Ape's do."""

    secret: bytes

    @property
    def address(self) -> str:
        """Its address."""
        return str(Account.from_key(self.secret).address)

    def sign_message(self, message: SignableMessage) -> MessageSignature | None:
        """Sign."""
        signed = Account.sign_message(message, self.secret)
        return MessageSignature(
            v=signed.v, r=signed.r.to_bytes(32, "big"), s=signed.s.to_bytes(32, "big")
        )


AUTHOR = Key(keccak(text="author"))
VOTERS = [Key(keccak(text=f"voter {number}")) for number in range(5)]

TERMS = Terms(
    chain_id=1,
    governor="AaveGovernanceV2Adapter",
    adapter=ADAPTER,
    proposal=12,
    can_abstain=False,
    index_token=DPI,
    vote_token=INDEX,
    window=Window.of(START, END, in_seconds=True),
    clock=None,
    strategies=("wallet",),
    quorum_bps=500,
    circulating=2_000 * E18,
)


@dataclass
class FakeChain:
    """A chain of which only one token's transfers exist.

    Attributes
    ----------
    moves
        The transfers.
    delegated
        Votes by voter.
    supply
        What the token says, if not what the transfers add up to.
    """

    moves: list[Transfer] = field(default_factory=list)
    delegated: dict[str, int] = field(default_factory=dict)
    supply: int | None = None
    latest: int = SNAPSHOT + 50
    chain: int = 1
    views: list[tuple[Any, ...]] = field(default_factory=list)

    def chain_id(self) -> int:
        """Return which chain it is."""
        return self.chain

    def head(self) -> int:
        """Return the latest block."""
        return self.latest

    def transfers(self, token: str, last: int) -> Iterator[Transfer]:
        """Return the transfers."""
        assert token == INDEX
        return (move for move in self.moves if move.block <= last)

    def view(self, token: str, function: str, *arguments: str | int, block: int) -> int:
        """Answer for the token."""
        assert (token, block) == (INDEX, self.latest)
        self.views.append((function, *arguments))
        if function == "totalSupply()":
            made = sum(m.amount for m in self.moves if m.sender == NOBODY)
            gone = sum(m.amount for m in self.moves if m.receiver == NOBODY)
            return made - gone if self.supply is None else self.supply
        if function == "balanceOf(address)":
            came = sum(m.amount for m in self.moves if m.receiver == arguments[0])
            return came - sum(m.amount for m in self.moves if m.sender == arguments[0])
        assert function == "getPriorVotes(address,uint256)"
        return self.delegated.get(str(arguments[0]), 0)


def chain_of(balances: Sequence[int], block: int = 1) -> FakeChain:
    """Return a chain on which the voters got these balances in a block."""
    pairs = zip(VOTERS, balances, strict=False)
    return FakeChain([Transfer(block, NOBODY, key.address, amount) for key, amount in pairs])


def proposal(terms: Terms = TERMS, **fields: Any) -> Signed[Proposal]:
    """Return a signed proposal."""
    plain = Proposal(AUTHOR.address, SPACE, START - 60, "AIP-12: a vote", SNAPSHOT, terms)
    return sign(replace(plain, **fields), AUTHOR)


PROPOSAL = proposal()


def ballot(
    voter: Key,
    choice: int = 1,
    timestamp: int = START,
    on: Signed[Proposal] = PROPOSAL,
    **rest: Any,
) -> Signed[Vote]:
    """Return a signed vote."""
    fields = {"space": SPACE, "timestamp": timestamp, "proposal": on.hash, "choice": choice}
    return sign(Vote(voter.address, **(fields | rest)), voter)


def seal(message: Vote | Proposal, key: Key) -> Signed[Any]:
    """Sign whatever it is, in whosever name."""
    typed = encode_typed_data(DOMAIN, dict(message.TYPES), message.fields())
    signature = key.sign_message(typed)
    assert signature is not None
    return Signed(message, "0x" + bytes(signature.encode_rsv()).hex())


def fill(folder: Path, ballots: Iterable[Signed[Vote]]) -> Path:
    """Write ballots into a folder."""
    folder.mkdir(exist_ok=True)
    for signed in ballots:
        signed.write(folder)
    return folder
