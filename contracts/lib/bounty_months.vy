# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Bounty months
@license MIT
@notice The months of the methodologist bounty: what was counted for each, its tranche, and what is left of both.
@dev See interfaces/IMethodologistBounty.vyi. It knows no coins: what it says is to be paid must be.
"""

from contracts.lib import precise_math as math
from interfaces import IMethodologistBounty

# {s}
MONTH: constant(uint256) = 30 * 86_400
MONTHS: constant(uint256) = 18

# {reward} and {WETH} of a month: products of the two do not overflow.
MAX_TOTAL: constant(uint256) = 2**128 - 1
MAX_VALUE: constant(uint256) = 2**128 - 1

TOTAL: immutable(uint256)
# {s}
BEGIN: immutable(uint256)
END: immutable(uint256)

# month -> what was counted, and what is left to pay. `valueLeft` below the sum of the parts that are left, and the last
# cannot be paid; above it, and coins stay here.
months: HashMap[uint256, IMethodologistBounty.Month]

# {WETH} month -> methodologist; their sum is the month's value.
values: HashMap[uint256, HashMap[address, uint256]]
# Paid twice, a part is taken from the others'.
paid: HashMap[uint256, HashMap[address, bool]]

# How many are settled; nothing more is counted for them.
settledMonths: public(reentrant(uint256))

# {reward} of settled months without value, for the next one; after the last, for the treasury.
carried: public(reentrant(uint256))
# {reward} of settled months that is not paid yet. Too little, and the treasury is paid what methodologists are owed.
owed: uint256


@deploy
def __init__(_total: uint256, _begin: uint256):
    assert _total > 0, "Total must be > 0"
    assert _total <= MAX_TOTAL, "Total too large"
    assert _begin >= block.timestamp, "Begin must not be past"
    assert _begin < 2**64, "Begin too late"

    TOTAL = _total
    BEGIN = _begin
    END = _begin + MONTHS * MONTH


@internal
def _credit(_methodologist: address, _value: uint256, _start: uint256, _end: uint256) -> uint256:
    """
    @notice Count what falls into the program of a value {WETH} that came evenly from `_start` to `_end` {s}.
    @dev Up to each boundary the sum is rounded down, so that the parts add up to the whole.
    @return {WETH} what was counted
    """
    end: uint256 = min(_end, END)
    month: uint256 = (max(_start, BEGIN) - BEGIN) // MONTH
    time: uint256 = max(_start, BEGIN)
    counted: uint256 = 0
    for _: uint256 in range(MONTHS):
        if _value == 0 or time >= end:
            break
        stop: uint256 = min(BEGIN + (month + 1) * MONTH, end)
        part: uint256 = (
            _value * (stop - _start) // (_end - _start) - _value * (time - _start) // (_end - _start)
        )
        part = min(part, MAX_VALUE - self.months[month].value)
        self.months[month].value += part
        self.values[month][_methodologist] += part
        counted += part
        time = stop
        month += 1
    return counted


@internal
def _settle(_until: uint256) -> uint256:
    """
    @notice Fix the tranches of all months that ended by `_until` {s}, up to which everything is counted.
    @return How many
    """
    first: uint256 = self.settledMonths
    for month: uint256 in range(first, MONTHS, bound=MONTHS):
        if BEGIN + (month + 1) * MONTH > _until:
            break
        self._settle_month(month)
    return self.settledMonths - first


@internal
def _settle_month(_month: uint256):
    tranche: uint256 = self._tranche(_month) + self.carried
    value: uint256 = self.months[_month].value
    self.settledMonths = _month + 1
    if value == 0:
        self.carried = tranche
        tranche = 0
    else:
        self.carried = 0
        self.owed += tranche
        self.months[_month] = IMethodologistBounty.Month(
            value=value, tranche=tranche, valueLeft=value, trancheLeft=tranche
        )

    log IMethodologistBounty.MonthSettled(month=_month, tranche=tranche, value=value)


@internal
def _take(_month: uint256, _methodologist: address) -> uint256:
    """
    @notice Write a methodologist's part of a settled month down as paid, once.
    @return {reward} to be paid, rounded down; whoever comes last gets what is left
    """
    assert _month < self.settledMonths, "Month not settled"
    value: uint256 = 0
    amount: uint256 = 0
    value, amount = self._part(_month, _methodologist)
    assert value > 0, "Nothing to claim"

    self.paid[_month][_methodologist] = True
    self.months[_month].valueLeft -= value
    self.months[_month].trancheLeft -= amount
    self.owed -= amount
    return amount


@internal
@view
def _part(_month: uint256, _methodologist: address) -> (uint256, uint256):
    """
    @return {WETH} and {reward} of a methodologist's part, 0 unless it can be claimed
    """
    value: uint256 = self.values[_month][_methodologist]
    if _month >= self.settledMonths or value == 0 or self.paid[_month][_methodologist]:
        return 0, 0
    return value, self.months[_month].trancheLeft * value // self.months[_month].valueLeft


@internal
@view
def _tranche(_month: uint256) -> uint256:
    assert _month < MONTHS, "No such month"
    return TOTAL * (_month + 1) // MONTHS - TOTAL * _month // MONTHS
