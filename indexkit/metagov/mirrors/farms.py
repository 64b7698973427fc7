"""StakingRewards: INDEX that was earned and not paid, and INDEX that is staked itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from indexkit.economics.staking_mirror import StakingMirror
from indexkit.errors import IndexkitError
from indexkit.metagov.moment import Event, Kind, Moment

ADDED = Kind("RewardAdded", (), ("uint256",))
STAKED = Kind("Staked", ("address",), ("uint256",))
WITHDRAWN = Kind("Withdrawn", ("address",), ("uint256",))
PAID = Kind("RewardPaid", ("address",), ("uint256",))


@dataclass(frozen=True, slots=True)
class Farm:
    """A staking contract at the end of a block.

    Attributes
    ----------
    pays_index
        Whether its rewards are INDEX.
    staked
        The token that is staked.
    earned
        By account, not paid {reward}.
    stakes
        By account {stake}.
    """

    pays_index: bool
    staked: str
    earned: Mapping[str, int]
    stakes: Mapping[str, int]


def owners(contract: str, moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return what each staker earned and was not paid, with his stake if that is INDEX too.

    Raises
    ------
    IndexkitError
        The contract neither pays nor takes INDEX, nor a pool's LP token.
    """
    farm = read(contract, moment, voters)
    stakes_index = farm.staked == moment.token
    if not (farm.pays_index or stakes_index or farm.staked in moment.places.pools):
        raise IndexkitError(
            f"{contract}, named among farms, neither pays {moment.token}, nor is it or a pool's LP "
            "token staked there: leave it out."
        )
    earned = farm.earned if farm.pays_index else {}
    stakes = farm.stakes if stakes_index else {}
    return {one: earned.get(one, 0) + stakes.get(one, 0) for one in farm.stakes}


def read(contract: str, moment: Moment, voters: Collection[str]) -> Farm:
    """Return a staking contract's books at the end of the block."""
    before, after = moment.split(contract, (ADDED, STAKED, WITHDRAWN, PAID))
    then, now = moment.times
    mirror = StakingMirror(moment.view(contract, "rewardsDuration()"))
    book(mirror, before, contract, moment)
    farm = Farm(
        moment.address(contract, "rewardsToken()") == moment.token,
        moment.address(contract, "stakingToken()"),
        {account: mirror.earned(then, account) for account in mirror.accounts()},
        {account: mirror.stakes[account] for account in mirror.accounts()},
    )
    book(mirror, after, contract, moment)
    moment.expect(contract, "totalSupply", mirror.supply, moment.view(contract, "totalSupply()"))
    for voter in voters:
        for what, function, reckoned in (
            ("stake", "balanceOf(address)", mirror.stakes.get(voter, 0)),
            ("earnings", "earned(address)", mirror.earned(now, voter)),
        ):
            told = moment.view(contract, function, voter)
            moment.expect(contract, f"the {what} of {voter}", reckoned, told)
    return farm


def book(mirror: StakingMirror, events: Iterable[Event], contract: str, moment: Moment) -> None:
    """Follow a contract's events.

    Raises
    ------
    IndexkitError
        They are not those of the contract that the mirror is of.
    """
    for event in events:
        time, name, values = moment.reader.time(event.block), event.name, event.values
        try:
            if name == ADDED.name:
                mirror.notify(time, *values)
            elif name == STAKED.name:
                mirror.stake(time, *values)
            elif name == WITHDRAWN.name:
                mirror.withdraw(time, *values)
            else:
                mirror.pay(time, *values)
        except IndexkitError as error:
            raise IndexkitError(
                f"{contract}, named among farms, does not add up in block {event.block}: "
                f"{error.message}"
            ) from error
