"""Whose the INDEX is that contracts hold for others, at the end of a block."""

from collections.abc import Callable, Collection, Mapping

from indexkit.errors import IndexkitError
from indexkit.metagov.mirrors import bounties, distributors, farms, pairs, streams
from indexkit.metagov.moment import Moment
from indexkit.metagov.places import merged

Owners = Callable[[str, Moment, Collection[str]], dict[str, int]]

MIRRORS: Mapping[str, Owners] = {
    "vesting": streams.owners,
    "farms": farms.owners,
    "unclaimed": distributors.owners,
    "bounty": bounties.owners,
    "pools": pairs.owners,
}
"""By the lists of `indexkit.metagov.places.Places`."""


def owners(kind: str, contract: str, moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return what a contract owed to each account at the end of the block {INDEX base units}.

    Whatever its events say, it cannot owe more than it had: no contract makes votes of nothing.

    Parameters
    ----------
    kind
        Its list.
    contract
        One of the moment's places.
    moment
        The block.
    voters
        Those whose figures must be what the contract itself tells at the latest block.

    Raises
    ------
    IndexkitError
        The contract is none of this kind, its events contradict it, or it had less than it owed.
    """
    found = MIRRORS[kind](contract, moment, voters)
    wallets = moment.wallets()
    held, owed = wallets.then.get(contract, 0), sum(found.values())
    if owed > held:
        raise IndexkitError(
            f"{contract}, named among {kind}, owed {owed} at block {moment.block} and had {held}: "
            "leave it out."
        )
    told = moment.view(moment.token, "balanceOf(address)", contract)
    moment.expect(moment.token, f"the balance of {contract}", wallets.now.get(contract, 0), told)
    return found


def powers_in(kind: str) -> Callable[[Moment, Collection[str]], dict[str, int]]:
    """Return the strategy that counts what contracts of a kind owed."""

    def powers(moment: Moment, voters: Collection[str]) -> dict[str, int]:
        owed = merged(owners(kind, one, moment, voters) for one in moment.places.of(kind))
        return {voter: owed.get(voter, 0) for voter in voters}

    return powers
