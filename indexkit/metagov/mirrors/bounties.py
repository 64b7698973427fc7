"""MethodologistBounty: the parts of settled months that methodologists have not claimed.

What a methodologist's indices earned in a month is fixed once the month is settled (`valueOf`), so
the contract is asked for it at the latest block, and must name as much in all as it logged then.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from indexkit.errors import IndexkitError
from indexkit.metagov.moment import Event, Kind, Moment
from indexkit.metagov.places import merged

COUNTED = Kind("FeesCounted", ("address", "address"), ("uint256", "uint256"))
SETTLED = Kind("MonthSettled", ("uint256",), ("uint256", "uint256"))
PAID = Kind("BountyPaid", ("uint256", "address"), ("uint256",))


@dataclass(slots=True)
class Month:
    """A settled month, payment by payment.

    Attributes
    ----------
    tranche_left, value_left
        What is left to be shared {INDEX base units}, and by which values {WETH base units}.
    values
        Of those who are not paid {WETH base units}.
    """

    tranche_left: int
    value_left: int
    values: dict[str, int] = field(default_factory=dict)

    def part(self, methodologist: str) -> int:
        """Return what he could claim now {INDEX base units}, rounded down."""
        value = self.values.get(methodologist, 0)
        return self.tranche_left * value // self.value_left if value else 0

    def pay(self, methodologist: str, amount: int) -> None:
        """Book a payment {INDEX base units}.

        Raises
        ------
        IndexkitError
            It is not his part.
        """
        part = self.part(methodologist)
        if amount != part or methodologist not in self.values:
            raise IndexkitError(f"{methodologist} is paid {amount}, and his part is {part}")
        self.tranche_left -= amount
        self.value_left -= self.values.pop(methodologist)


def owners(contract: str, moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return what each methodologist could claim at the end of the block."""
    moment.require_token(contract, "bounty")
    before, after = moment.split(contract, (COUNTED, SETTLED, PAID))
    counted = (event for event in (*before, *after) if event.name == COUNTED.name)
    methodologists = sorted({event.values[1] for event in counted})
    months: dict[int, Month] = {}
    book(months, before, contract, moment, methodologists)
    found = merged({one: month.part(one) for one in month.values} for month in months.values())
    book(months, after, contract, moment, methodologists)
    settled = moment.view(contract, "settledMonths()")
    moment.expect(contract, "the number of settled months", len(months), settled)
    for voter in voters:
        for number in months if voter in methodologists else ():
            told = moment.view(contract, "claimable(uint256,address)", number, voter)
            what = f"month {number} of {voter}"
            moment.expect(contract, what, months[number].part(voter), told)
    return found


def book(
    months: dict[int, Month],
    events: Iterable[Event],
    contract: str,
    moment: Moment,
    methodologists: Collection[str],
) -> None:
    """Follow a bounty's events.

    Raises
    ------
    IndexkitError
        They are not those of the contract that this is the mirror of.
    """
    for event in events:
        if event.name == SETTLED.name:
            number, tranche, value = event.values
            values = _values(contract, moment, number, methodologists)
            moment.expect(contract, f"the value of month {number}", sum(values.values()), value)
            months[number] = Month(tranche, value, values)
        elif event.name == PAID.name:
            number, methodologist, amount = event.values
            try:
                months.get(number, Month(0, 0)).pay(methodologist, amount)
            except IndexkitError as error:
                raise IndexkitError(
                    f"{contract}, named among bounty, does not add up in block {event.block}: "
                    f"{error.message}; use a node that keeps all logs."
                ) from error


def _values(
    contract: str, moment: Moment, number: int, methodologists: Collection[str]
) -> dict[str, int]:
    function = "valueOf(uint256,address)"
    told = {one: moment.view(contract, function, number, one) for one in methodologists}
    return {one: value for one, value in told.items() if value}
