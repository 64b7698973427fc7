"""StakingRewards in integers: the same steps as the contract's, from its events alone.

Every step that changes the contract's books logs an event (a claim that pays nothing changes
nothing), so that events and the times of their blocks give what any account has earned at any time,
to the base unit. See interfaces/IStakingRewards.vyi for the rules and
contracts/dao/StakingRewards.vy for the steps, which have the same names here.
"""

from dataclasses import dataclass, field

from indexkit.errors import IndexkitError

SCALE = 10**18
"""D18{1} Rewards per staked token, and what is owed, are kept at this scale."""


@dataclass(slots=True)
class StakingMirror:
    """The books of one staking contract; times must not fall from one step to the next.

    Attributes
    ----------
    duration
        Over which a reward is streamed {s}.
    supply, stakes
        All that is staked, and by account {stake}.
    unstreamed
        Still to be streamed between `last_update` and `finish` {reward}.
    last_update, finish
        Up to when the stream has been shared out, and when it ends if somebody stakes from then on
        without a gap {s}.
    undivided
        Streamed, but less than can be divided among all stakes D18{reward}.
    per_token
        Since the beginning D18{reward/stake}.
    per_token_paid, owed
        Of each account: the above when it was last looked at; what it had earned then D18{reward}.
    promised
        Notified and not paid {reward}.
    """

    duration: int
    supply: int = 0
    unstreamed: int = 0
    last_update: int = 0
    finish: int = 0
    undivided: int = 0
    per_token: int = 0
    promised: int = 0
    stakes: dict[str, int] = field(default_factory=dict)
    per_token_paid: dict[str, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)

    def stake(self, time: int, account: str, amount: int) -> None:
        """Book a stake {stake}."""
        self._update(time, account)
        self.supply += amount
        self.stakes[account] = self.stakes.get(account, 0) + amount

    def withdraw(self, time: int, account: str, amount: int) -> None:
        """Book a withdrawal {stake}.

        Raises
        ------
        IndexkitError
            He has staked less.
        """
        self._update(time, account)
        staked = self.stakes.get(account, 0)
        if staked < amount:
            raise IndexkitError(
                f"{account} withdraws {amount} and has staked {staked}: stakes are missing."
            )
        self.supply -= amount
        self.stakes[account] = staked - amount

    def pay(self, time: int, account: str, reward: int) -> None:
        """Book a payment {reward}.

        Raises
        ------
        IndexkitError
            It is not all that he had earned.
        """
        self._update(time, account)
        earned = self.owed[account] // SCALE
        if reward != earned:
            raise IndexkitError(
                f"{account} is paid {reward} and has earned {earned}: these are not the steps of "
                "this contract."
            )
        self.owed[account] -= reward * SCALE
        self.promised -= reward

    def notify(self, time: int, reward: int) -> None:
        """Book a reward that is streamed from now on, with what is left {reward}."""
        self._update(time, None)
        self.promised += reward
        self.unstreamed += reward
        self.last_update = time
        self.finish = time + self.duration

    def earned(self, time: int, account: str) -> int:
        """Return what an account could collect at a time {reward}, rounded down."""
        return self._owed(time, account) // SCALE

    def accounts(self) -> tuple[str, ...]:
        """Return whoever has ever staked, in the order of addresses."""
        return tuple(sorted(self.stakes))

    def _update(self, time: int, account: str | None) -> None:
        if self.supply == 0:
            self.finish = self._finish(time)
        else:
            streamed = self._streamed(time)
            due = self.undivided + streamed * SCALE
            self.unstreamed -= streamed
            self.undivided = due % self.supply
            self.per_token += due // self.supply
        self.last_update = min(time, self.finish)
        if account is not None:
            self.owed[account] = self._owed(time, account)
            self.per_token_paid[account] = self.per_token

    def _finish(self, time: int) -> int:
        if self.supply == 0 and self.last_update < self.finish:
            return self.finish + time - self.last_update
        return self.finish

    def _streamed(self, time: int) -> int:
        until = min(time, self.finish)
        if until == self.last_update:
            return 0
        return self.unstreamed * (until - self.last_update) // (self.finish - self.last_update)

    def _per_token(self, time: int) -> int:
        if self.supply == 0:
            return self.per_token
        return self.per_token + (self.undivided + self._streamed(time) * SCALE) // self.supply

    def _owed(self, time: int, account: str) -> int:
        since = self._per_token(time) - self.per_token_paid.get(account, 0)
        return self.owed.get(account, 0) + self.stakes.get(account, 0) * since
