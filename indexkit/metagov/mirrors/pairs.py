"""Uniswap V2 pairs: the INDEX that LP tokens stand for, in wallets or staked in a farm.

An LP token stands for its part of the pair's reserve, rounded down. What the pair would mint for
its protocol on the next deposit is left out, and so is what was sent to it and not booked yet; LP
tokens of the zero address and of the pair itself are nobody's.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from indexkit.errors import IndexkitError
from indexkit.metagov.mirrors import farms
from indexkit.metagov.moment import NOBODY, Event, Kind, Moment
from indexkit.metagov.places import merged

TRANSFER = Kind("Transfer", ("address", "address"), ("uint256",))
SYNC = Kind("Sync", (), ("uint112", "uint112"))


@dataclass(slots=True)
class Pair:
    """A pair, step by step.

    Attributes
    ----------
    address
        Its own: only it destroys LP tokens.
    supply, balances
        LP tokens: all of them, and by account {LP base units}.
    reserves
        Of token0 and token1 {base units}.
    """

    address: str
    supply: int = 0
    balances: dict[str, int] = field(default_factory=dict)
    reserves: tuple[int, int] = (0, 0)


def owners(contract: str, moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return the INDEX that each account's LP tokens stood for at the end of the block.

    Raises
    ------
    IndexkitError
        INDEX is none of the pair's tokens, or a farm has fewer LP tokens than are staked there.
    """
    tokens = [moment.address(contract, f"{name}()") for name in ("token0", "token1")]
    if moment.token not in tokens:
        raise IndexkitError(
            f"{contract}, named among pools, is no pair of {moment.token}: leave it out."
        )
    side = tokens.index(moment.token)
    before, after = moment.split(contract, (TRANSFER, SYNC))
    pair = Pair(contract)
    book(pair, before)
    held, supply, reserve = dict(pair.balances), pair.supply, pair.reserves[side]
    book(pair, after)
    _meet(pair, moment, side, voters)
    lp = merged(
        _stakes(account, amount, contract, moment, voters)
        if account in moment.places.farms
        else {account: amount}
        for account, amount in held.items()
    )
    nobody = (NOBODY, contract)
    return {one: amount * reserve // supply for one, amount in lp.items() if one not in nobody}


def book(pair: Pair, events: Iterable[Event]) -> None:
    """Follow a pair's events.

    Raises
    ------
    IndexkitError
        Somebody gives more than he has.
    """
    for event in events:
        if event.name == SYNC.name:
            pair.reserves = (event.values[0], event.values[1])
            continue
        sender, receiver, amount = event.values
        if sender == NOBODY:
            pair.supply += amount
        else:
            left = pair.balances.get(sender, 0) - amount
            if left < 0:
                raise IndexkitError(
                    f"The events of {pair.address} are incomplete: in block {event.block} {sender} "
                    "sends more than it has; use a node that keeps all logs."
                )
            pair.balances[sender] = left
        # Whoever sends LP tokens to the zero address only loses them.
        if sender == pair.address and receiver == NOBODY:
            pair.supply -= amount
        else:
            pair.balances[receiver] = pair.balances.get(receiver, 0) + amount


def _stakes(
    farm: str, held: int, contract: str, moment: Moment, voters: Collection[str]
) -> dict[str, int]:
    """Return the LP tokens in a farm by who staked them; what nobody staked is the farm's own."""
    read = farms.read(farm, moment, voters)
    if read.staked != contract:
        return {farm: held}
    if (staked := sum(read.stakes.values())) > held:
        raise IndexkitError(
            f"{farm}, named among farms, has {held} LP tokens of {contract} and says that {staked} "
            "are staked: leave it out."
        )
    return dict(read.stakes)


def _meet(pair: Pair, moment: Moment, side: int, voters: Collection[str]) -> None:
    contract = pair.address
    told = moment.words(contract, "getReserves()")[side]
    moment.expect(contract, "its reserve", pair.reserves[side], told)
    moment.expect(contract, "totalSupply", pair.supply, moment.view(contract, "totalSupply()"))
    for voter in voters:
        balance = moment.view(contract, "balanceOf(address)", voter)
        what = f"the balance of {voter}"
        moment.expect(contract, what, pair.balances.get(voter, 0), balance)
