"""How voting power is counted: strategies that turn voters and a block into powers, by name."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexkit.errors import IndexkitError
from indexkit.metagov.holdings import powers_in
from indexkit.metagov.moment import NOBODY, Kind, Moment, Reader
from indexkit.metagov.places import NOWHERE, Places

DELEGATE_CHANGED = Kind("DelegateChanged", ("address", "address", "address"))

Powers = Callable[[Moment, Collection[str]], Mapping[str, int]]
"""The block that counts and the voters to the power of each voter {INDEX base units}."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way of counting.

    Attributes
    ----------
    coins
        Which coins it counts: two strategies that count the same ones exclude each other.
    powers
        Does it.
    kind
        The list of `Places` it reads; none if it reads the token alone.
    """

    coins: str
    powers: Powers
    kind: str | None = None


def wallet(moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return what each voter held at the end of the block, reckoned from the token's events.

    The reckoning goes on to the chain's latest block, where it must meet what the token itself says
    of its total supply and of every voter's balance: a node that hides events is found out.

    Raises
    ------
    IndexkitError
        Events and token contradict each other.
    """
    wallets = moment.wallets()
    for voter in voters:
        balance = moment.view(moment.token, "balanceOf(address)", voter)
        what = f"the balance of {voter}"
        moment.expect(moment.token, what, wallets.now.get(voter, 0), balance)
    return {voter: wallets.then.get(voter, 0) for voter in voters}


def delegated(moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return the votes delegated to each voter at the end of the block, as the token counts them.

    Raises
    ------
    IndexkitError
        The block is not over, or one of the places has delegated: what it holds would count for
        its delegate and for those it is owed to.
    """
    if moment.block >= moment.head:
        raise IndexkitError(
            f"Block {moment.block} is not over (the latest is {moment.head}): count later, or set "
            "an earlier snapshot."
        )
    if moment.places.contracts:
        refuse_delegates(moment)
    function = "getPriorVotes(address,uint256)"
    return {voter: moment.view(moment.token, function, voter, moment.block) for voter in voters}


def refuse_delegates(moment: Moment) -> None:
    """Refuse places that had delegated what they hold.

    Raises
    ------
    IndexkitError
        Naming the place and its delegate.
    """
    before, _ = moment.split(moment.token, (DELEGATE_CHANGED,))
    delegates = {event.values[0]: event.values[2] for event in before}
    for place in moment.places.contracts:
        if (delegate := delegates.get(place, NOBODY)) != NOBODY:
            raise IndexkitError(
                f"{place} had delegated the INDEX it holds for others to {delegate}: each coin "
                "would count twice; leave the contract out, or count wallets."
            )


STRATEGIES: Mapping[str, Strategy] = {
    # What is delegated lies in wallets: together they would count a coin twice.
    "wallet": Strategy("in wallets", wallet),
    "delegated": Strategy("in wallets", delegated),
    "vesting": Strategy("in streams", powers_in("vesting"), "vesting"),
    "farms": Strategy("in farms", powers_in("farms"), "farms"),
    "unclaimed": Strategy("in distributors", powers_in("unclaimed"), "unclaimed"),
    "bounty": Strategy("in bounties", powers_in("bounty"), "bounty"),
    "pools": Strategy("in pools", powers_in("pools"), "pools"),
}


def check(
    names: Sequence[str],
    places: Places = NOWHERE,
    strategies: Mapping[str, Strategy] = STRATEGIES,
) -> None:
    """Require strategies that exist, have something to count, and count no coin twice.

    Raises
    ------
    IndexkitError
        Naming the strategies that do not go together, or that there is none.
    """
    if not names:
        raise IndexkitError("A vote needs a strategy that counts power: name at least one.")
    counted: dict[str, str] = {}
    for name in names:
        if name not in strategies:
            raise IndexkitError(
                f"There is no strategy {name!r}: choose from {', '.join(strategies)}."
            )
        strategy = strategies[name]
        if strategy.coins in counted:
            raise IndexkitError(
                f"The strategies {counted[strategy.coins]} and {name} both count the coins "
                f"{strategy.coins}, so each coin twice: choose one."
            )
        if strategy.kind and not places.of(strategy.kind):
            raise IndexkitError(
                f"The strategy {name} has no contract to count: name one in the deployment record."
            )
        counted[strategy.coins] = name


def powers(
    names: Sequence[str],
    token: str,
    voters: Iterable[str],
    block: int,
    reader: Reader,
    strategies: Mapping[str, Strategy] = STRATEGIES,
    places: Places = NOWHERE,
) -> dict[str, dict[str, int]]:
    """Return each voter's power by strategy {INDEX base units}.

    The contracts of `places` have no votes of their own: what they hold is counted where it belongs
    to somebody, and nowhere else.

    Parameters
    ----------
    names
        The strategies; their powers add up.
    token
        INDEX.
    voters
        Checksummed addresses.
    block
        The snapshot: what counts is the state at its end.
    reader
        The chain.
    strategies
        Those there are.
    places
        The contracts that hold INDEX for others.

    Raises
    ------
    IndexkitError
        The strategies do not go together, or the chain cannot answer.
    """
    check(names, places, strategies)
    moment = Moment(token, block, reader, places)
    asked = sorted(set(voters))
    result: dict[str, dict[str, int]] = {voter: {} for voter in asked}
    for name in names:
        found = strategies[name].powers(moment, asked)
        for voter in asked:
            power = found.get(voter, -1)
            if power < 0:
                raise IndexkitError(f"The strategy {name} has no power for {voter}: correct it.")
            result[voter][name] = 0 if voter in places.contracts else power
    return result
