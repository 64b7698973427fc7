"""Anybody who has to do with INDEX, doing anything in any order; and what must hold always."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ape
from ape.api import AccountAPI
from ape.contracts import ContractInstance

from indexkit.economics.circulating import TOTAL
from indexkit.economics.epochs import Epoch
from indexkit.economics.ledger import Ledger, check_order
from indexkit.economics.lists import ClaimList
from indexkit.economics.pots import BOUNTY_MONTHS, Books
from indexkit.localnet import advance
from indexkit.plan import WAD

DAY_S = 86_400
WAITS_S = (1, 60, 3_600, DAY_S, 5 * DAY_S, 13 * DAY_S, 30 * DAY_S)


@dataclass(frozen=True)
class Scene:
    """The contracts, the accounts and the lists of a history.

    Attributes
    ----------
    owner
        The treasury: owns distributor and bounty, notifies the farm.
    indices
        SetTokens whose fees may count, with their pools in ``pools``.
    people
        Stake, vest, write indices and hold INDEX; each may do any of it.
    """

    token: ContractInstance
    streams: ContractInstance
    distributor: ContractInstance
    bounty: ContractInstance
    farm: ContractInstance
    pool: ContractInstance
    fees: ContractInstance
    issuance: ContractInstance
    indices: tuple[ContractInstance, ...]
    owner: AccountAPI
    issuer: AccountAPI
    people: tuple[AccountAPI, ...]
    initial: ClaimList
    epochs: tuple[Epoch, ...]
    books: Callable[[], Books]


class Player:
    """One random history.

    Parameters
    ----------
    scene
        Freshly distributed, liquidity mining notified.
    seed
        Decides everything.
    """

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene, self._draw = scene, random.Random(seed)
        self._books = scene.books()
        self.ledgers: list[Ledger] = []
        self.played: list[str] = []
        self.refused = 0
        self._claimed: set[int] = set()
        self._acts: list[Callable[[], Any]] = [
            self._wait,
            self._wait,
            self._stake,
            self._withdraw,
            self._get_reward,
            self._leave,
            self._claim_initial,
            self._claim_initial_wrongly,
            self._publish,
            self._claim_epochs,
            self._claim_old_epoch,
            self._claim_stream,
            self._hand_stream_over,
            self._open_stream,
            self._send,
            self._donate,
            self._accrue,
            self._redeem,
            self._count,
            self._settle,
            self._claim_bounty,
            self._claim_bounty_twice,
            self._register_or_retire,
            self._change_index,
        ]

    def play(self, steps: int) -> None:
        """Make so many steps; every coin is looked for after each."""
        self.look()
        for _ in range(steps):
            act = self._draw.choice(self._acts)
            self.played.append(act.__name__[1:])
            told = act()
            self.played[-1] += f": {told}"
            self.look()

    def look(self) -> None:
        """I-27: 10,000,000 INDEX, no pot below zero, nothing taken back, every debt covered."""
        self.ledgers.append(self._books.ledger())
        check_order(self.ledgers[-2:])

    # ------------------------------------------------------------ time and wallets

    def _wait(self) -> int:
        seconds = self._draw.choice(WAITS_S)
        advance(seconds)
        return seconds

    def _send(self) -> str:
        holder, receiver = self._draw.sample([*self.scene.people, self.scene.owner], 2)
        amount = self._part(self.scene.token.balanceOf(holder))
        self.scene.token.transfer(receiver, amount, sender=holder)
        return f"{amount} from {holder} to {receiver}"

    def _donate(self) -> str:
        """Send coins to a contract by mistake: they are lost, and nothing else is."""
        scene = self.scene
        to = self._draw.choice([scene.streams, scene.distributor, scene.bounty, scene.farm])
        amount = self._part(min(scene.token.balanceOf(scene.owner), 10**18))
        scene.token.transfer(to, amount, sender=scene.owner)
        return f"{amount} to {to}"

    # ------------------------------------------------------------ liquidity mining

    def _stake(self) -> str:
        staker = self._person()
        amount = self._part(self.scene.pool.balanceOf(staker))
        return self._try(self.scene.farm.stake, amount, sender=staker, fails=amount == 0)

    def _withdraw(self) -> str:
        staker = self._person()
        amount = self._part(self.scene.farm.balanceOf(staker))
        return self._try(self.scene.farm.withdraw, amount, sender=staker, fails=amount == 0)

    def _get_reward(self) -> str:
        staker = self._person()
        due, before = self.scene.farm.earned(staker), self.scene.token.balanceOf(staker)
        self.scene.farm.getReward(sender=staker)
        # A block later it may be a second's share more.
        assert self.scene.token.balanceOf(staker) - before >= due
        return f"{staker} {due}"

    def _leave(self) -> str:
        staker = self._person()
        nothing = self.scene.farm.balanceOf(staker) == 0
        return self._try(self.scene.farm.exit, sender=staker, fails=nothing)

    # ------------------------------------------------------------ lists

    def _claim_initial(self) -> str:
        """Have any claim of the published list paid: once, and never again."""
        index = self._draw.randrange(len(self.scene.initial.claims))
        arguments = self._claim(index)
        again = index in self._claimed
        self._claimed.add(index)
        return self._try(
            self.scene.distributor.claim, *arguments, sender=self._person(), fails=again
        )

    def _claim_initial_wrongly(self) -> str:
        index, account, amount, proof = self._claim(self._draw.randrange(1_000))
        wrong = self._draw.choice(
            [
                (index + 1, account, amount, proof),
                (index, self._person(), amount, proof),
                (index, account, amount + 1, proof),
                (index, account, amount, proof[:-1]),
                (index, account, amount, proof[::-1]),
            ]
        )
        return self._try(self.scene.distributor.claim, *wrong, sender=self._person(), fails=True)

    def _publish(self) -> str:
        scene, number = self.scene, int(self.scene.distributor.epoch())
        if number == len(scene.epochs):
            return "all are"
        epoch = scene.epochs[number]
        added = epoch.total - scene.distributor.epochTotal()
        return self._try(
            scene.distributor.publishEpoch,
            epoch.root,
            epoch.total,
            sender=scene.owner,
            fails=scene.token.balanceOf(scene.owner) < added,
        )

    def _claim_epochs(self) -> str:
        number = int(self.scene.distributor.epoch())
        if number == 0:
            return "none yet"
        entry = self._draw.choice(self.scene.epochs[number - 1].entries)
        paid = self.scene.distributor.claimedEpochs(entry.account)
        arguments = (entry.account, entry.cumulative, list(entry.proof))
        nothing = paid == entry.cumulative
        claim = self.scene.distributor.claimEpochs
        return self._try(claim, *arguments, sender=self._person(), fails=nothing)

    def _claim_old_epoch(self) -> str:
        """Use a proof of an epoch that is past, or still to come."""
        others = [
            epoch
            for number, epoch in enumerate(self.scene.epochs, 1)
            if number != self.scene.distributor.epoch()
        ]
        entry = self._draw.choice(self._draw.choice(others).entries)
        arguments = (entry.account, entry.cumulative, list(entry.proof))
        claim = self.scene.distributor.claimEpochs
        return self._try(claim, *arguments, sender=self._person(), fails=True)

    # ------------------------------------------------------------ streams

    def _claim_stream(self) -> str:
        number = self._draw.randrange(self.scene.streams.streamCount())
        stream = self.scene.streams.getStream(number)
        self.scene.streams.claim(number, sender=self._person())
        after = self.scene.streams.getStream(number)
        assert stream.claimed <= after.claimed <= after.total
        return f"{number}: {after.claimed - stream.claimed}"

    def _hand_stream_over(self) -> str:
        streams = self.scene.streams
        number = self._draw.randrange(streams.streamCount())
        recipient = streams.getStream(number).recipient
        holder = next(one for one in (*self.scene.people, self.scene.owner) if one == recipient)
        heir, stranger = self._draw.sample(self.scene.people, 2)
        streams.proposeRecipient(number, heir, sender=holder)
        self._try(streams.acceptRecipient, number, sender=stranger, fails=True)
        if self._draw.random() < 0.5:
            streams.acceptRecipient(number, sender=heir)
        return f"{number} to {heir}"

    def _open_stream(self) -> str:
        creator = self._person()
        amount = self._part(self.scene.token.balanceOf(creator))
        begin = ape.chain.pending_timestamp + 10 + self._draw.randrange(5 * DAY_S)
        cut = self._part(amount)
        length = self._draw.randrange(1, 90 * DAY_S)
        segments = [(begin + length, cut), (begin + 2 * length, amount - cut)]
        create = self.scene.streams.create
        return self._try(create, self._person(), begin, segments, sender=creator, fails=amount == 0)

    # ------------------------------------------------------------ indices and the bounty

    def _accrue(self) -> str:
        self.scene.fees.accrueFee(self._index(), sender=self._person())
        return "done"

    def _redeem(self) -> str:
        """Let an index's supply fall: what is redeemed pays no fees any more."""
        index = self._index()
        amount = self._part(index.balanceOf(self.scene.issuer)) // 4
        if amount == 0:
            return "nothing left"
        self.scene.issuance.redeem(index, amount, self.scene.issuer, sender=self.scene.issuer)
        return f"{amount}"

    def _count(self) -> str:
        index = self._index()
        return self._try(
            self.scene.bounty.count, index, sender=self._person(), fails=not self._counts(index)
        )

    def _settle(self) -> str:
        before = self.scene.bounty.settledMonths()
        self.scene.bounty.settle(sender=self._person())
        return f"{before} -> {self.scene.bounty.settledMonths()}"

    def _claim_bounty(self) -> str:
        bounty, who = self.scene.bounty, self._person()
        for month in range(bounty.settledMonths()):
            if due := bounty.claimable(month, who):
                before = self.scene.token.balanceOf(who)
                bounty.claim(month, who, sender=self._person())
                assert self.scene.token.balanceOf(who) - before == due
                return f"{month}: {due}"
        return "nothing"

    def _claim_bounty_twice(self) -> str:
        """Claim a month that is not settled, was paid, or had nothing for the methodologist."""
        month, who = self._draw.randrange(BOUNTY_MONTHS), self._person()
        nothing = self.scene.bounty.claimable(month, who) == 0
        return self._try(self.scene.bounty.claim, month, who, sender=self._person(), fails=nothing)

    def _register_or_retire(self) -> str:
        bounty, index = self.scene.bounty, self._index()
        if self._counts(index):
            return self._try(bounty.retire, index, sender=self.scene.owner, fails=False)
        share = self._draw.choice([10**18, 7 * 10**17, 1, 0])
        return self._try(
            bounty.register, index, self._person(), share, sender=self.scene.owner, fails=False
        )

    def _change_index(self) -> str:
        bounty, index = self.scene.bounty, self._index()
        function, value = self._draw.choice(
            [(bounty.setMethodologist, self._person()), (bounty.setShare, 5 * 10**17)]
        )
        fails = not self._counts(index)
        return self._try(function, index, value, sender=self.scene.owner, fails=fails)

    # ------------------------------------------------------------ the end

    def close(self) -> None:
        """Let all time pass, pay everybody, and find every coin."""
        scene = self.scene
        self._stream_out_all_rewards()
        advance(4 * 365 * DAY_S)
        while scene.bounty.settle(sender=scene.issuer).return_value:
            pass
        assert scene.bounty.settledMonths() == BOUNTY_MONTHS
        for who in (*scene.people, scene.owner):
            for month in range(BOUNTY_MONTHS):
                if scene.bounty.claimable(month, who):
                    scene.bounty.claim(month, who, sender=scene.issuer)
        for number in range(scene.streams.streamCount()):
            scene.streams.claim(number, sender=scene.issuer)
        scene.bounty.settle(sender=scene.issuer)
        self.look()
        ledger = self.ledgers[-1]
        for program in ledger.programs:
            if program.name.endswith(("stream", "streams", "bounty")):
                assert program.claimed == program.funded, program
        assert scene.token.balanceOf(scene.bounty) == 0
        # Each staker is owed less than one base unit more than he was paid; what cannot be divided
        # among all stakes is less than one for each whole LP token there is.
        indivisible = scene.pool.totalSupply() // WAD + 1
        assert ledger.program("liquidity mining").held < len(scene.people) + indivisible
        self._find_every_coin()

    def _stream_out_all_rewards(self) -> None:
        """Somebody stakes for as long as the stream can last."""
        staker = self.scene.people[0]
        if self.scene.farm.balanceOf(staker) == 0:
            self.scene.farm.stake(1, sender=staker)
        advance(61 * DAY_S)
        for who in self.scene.people:
            self.scene.farm.getReward(sender=who)

    def _find_every_coin(self) -> None:
        """Ask the token for every account that its events name: no ledger in between."""
        token = self.scene.token
        logs = token.Transfer.range(0, ape.chain.blocks.head.number + 1)
        named = {log.receiver for log in logs}
        assert sum(token.balanceOf(account) for account in named) == TOTAL

    # ------------------------------------------------------------ parts

    def _try(self, function: Any, *arguments: Any, sender: AccountAPI, fails: bool) -> str:
        """Call, and require that it fails if, and only if, it should."""
        if not fails:
            function(*arguments, sender=sender)
            return "done"
        with ape.reverts():
            function(*arguments, sender=sender)
        self.refused += 1
        return "refused"

    def _claim(self, index: int) -> tuple[int, Any, int, list[bytes]]:
        claim = self.scene.initial.claims[index]
        return index, claim.account, claim.amount, list(self.scene.initial.proofs[index])

    def _part(self, amount: int) -> int:
        """Return nothing, all, or any part."""
        return self._draw.choice([0, amount, self._draw.randint(0, amount), min(1, amount)])

    def _person(self) -> AccountAPI:
        return self._draw.choice(self.scene.people)

    def _index(self) -> ContractInstance:
        return self._draw.choice(self.scene.indices)

    def _counts(self, index: ContractInstance) -> bool:
        return index.address in self.scene.bounty.getIndices()
