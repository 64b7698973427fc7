"""The methodologist bounty in rational numbers: what each month's value and payments are exactly.

The rule is told in interfaces/IMethodologistBounty.vyi. Countings of fees give value {WETH}, spread
evenly over their time; a methodologist's part of a month's tranche is his part of its value.

What the contract's integer steps lose
--------------------------------------
Let a counting's exact value be v = F s / 1e18 x T 2^112 / P for fees F {set}, share s, T seconds
and the pool's summed price P, and p = T 2^112 / P the price {WETH base units per set base unit}.

1. *Value.* The contract rounds the house's fees down to h > F s / 1e18 - 1, then V down to
   V > h p - 1. So 0 <= v - V < 1 + p.
2. *Months.* A month that overlaps [x, y] of the T seconds gets floor(V y / T) - floor(V x / T),
   which is less than 1 off V (y - x) / T, and that is less than 1 + p off its exact part. So a part
   is less than 2 + p off (`part_error`); the parts add up to V.
3. *Shares.* Let V be the counted value of a month and W > 0 that of one methodologist, v and w the
   exact ones, and E the sum of 2. over all countings in the month: |V - v| < E, |W - w| < E. Then
   |W / V - w / v| = |(W - w) v - w (V - v)| / (V v) <= (E v + E w) / (V v) <= 2 E / V.
4. *Payments.* Paid one by one from what is left, the k-th payment (from 0) is floor(t W / R) for a
   rest t of the tranche and R of the value. Let e be what t has above its exact part tranche R / V.
   It is 0 at first and grows by the fraction rounded down, so 0 <= e <= k (< k for k > 0), and the
   payment is above tranche W / V - 1 and at most tranche W / V + k. The last one is all of t.

Together: a payment is less than 1 + k + 2 E tranche / V base units off the exact one
(`payment_error`), in every month to which the contract counted anything. Where rounding loses all
exact value (v > 0, V = 0; so v < E), the contract carries the tranche on, the exact rule does not.
For one index counted daily at 0.1 WETH, a month of 1 WETH and a tranche of 41,667e18, that is
2 x 31 x 2.1 x 41,667: 5.4 million base units, 5e-12 INDEX.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

E18 = 10**18
Q112 = 2**112


@dataclass(frozen=True, slots=True)
class Program:
    """What is shared, and when.

    Attributes
    ----------
    total
        {reward}
    begin
        Of the first month {s}.
    months, month_s
        How many, and how long each {s}.
    """

    total: int
    begin: int
    months: int = 18
    month_s: int = 30 * 86_400

    @property
    def end(self) -> int:
        """The end of the last month {s}."""
        return self.begin + self.months * self.month_s

    def tranche(self, month: int) -> int:
        """Return a month's own tranche {reward}: by definition a whole number."""
        return self.total * (month + 1) // self.months - self.total * month // self.months


@dataclass(frozen=True, slots=True)
class Counting:
    """Fees of one index, from one counting to the next.

    Attributes
    ----------
    methodologist
        Whom they count for.
    start, end
        {s}; start < end.
    fees
        All that accrued between them {set}.
    share
        Of it that went to the house D18{1}.
    price_time
        What the pool added up between them, UQ112x112{set/WETH} x {s}; 0 without liquidity.
    """

    methodologist: str
    start: int
    end: int
    fees: int
    share: int
    price_time: int

    @property
    def price(self) -> Fraction:
        """The harmonic mean of the price {WETH/set}; 0 without liquidity."""
        seconds = self.end - self.start
        return Fraction(seconds * Q112, self.price_time) if self.price_time else Fraction(0)

    @property
    def value(self) -> Fraction:
        """What the house's share is worth {WETH}."""
        return Fraction(self.fees * self.share, E18) * self.price

    def part(self, start: int, end: int) -> Fraction:
        """Return the part of the time that lies between two others {1}."""
        overlap = min(end, self.end) - max(start, self.start)
        return Fraction(max(0, overlap), self.end - self.start)


Values = Mapping[str, Fraction]


def month_values(program: Program, countings: Iterable[Counting]) -> tuple[Values, ...]:
    """Return what each month is worth, by methodologist {WETH}; nobody is listed with nothing."""
    found: list[dict[str, Fraction]] = [defaultdict(Fraction) for _ in range(program.months)]
    for counting in countings:
        for month, values in enumerate(found):
            value = counting.value * counting.part(*_span(program, month))
            if value:
                values[counting.methodologist] += value
    return tuple(dict(values) for values in found)


def shared(
    program: Program, values: Sequence[Mapping[str, Fraction | int]]
) -> tuple[tuple[int, ...], int]:
    """Return what each month shares, and what the treasury gets {reward}.

    A month without value shares nothing and leaves its tranche, and what it was left, to the next.
    """
    carried = 0
    tranches = []
    for month, of_month in enumerate(values):
        carried += program.tranche(month)
        tranches.append(carried if any(of_month.values()) else 0)
        carried -= tranches[-1]
    return tuple(tranches), carried


def payments(program: Program, values: Sequence[Values]) -> tuple[Values, ...]:
    """Return what each methodologist is due of each month, exactly {reward}."""
    tranches, _ = shared(program, values)
    return tuple(
        {who: tranche * value / sum(of_month.values()) for who, value in of_month.items()}
        for tranche, of_month in zip(tranches, values, strict=True)
    )


def paid_in_turn(tranche: int, values: Sequence[int]) -> list[int]:
    """Return what is paid in the order of the values, each from what is left {reward}.

    Parameters
    ----------
    tranche
        {reward}
    values
        {WETH} of each methodologist, all above 0.
    """
    left, value_left = tranche, sum(values)
    paid = []
    for value in values:
        paid.append(left * value // value_left)
        left -= paid[-1]
        value_left -= value
    return paid


def part_error(program: Program, month: int, countings: Iterable[Counting]) -> Fraction:
    """Return E of the module's text: what the values of a month are off at most, in sum {WETH}."""
    span = _span(program, month)
    touching = (counting for counting in countings if counting.part(*span))
    return sum((2 + counting.price for counting in touching), Fraction(0))


def payment_error(tranche: int, counted: int, error: Fraction, before: int) -> Fraction:
    """Return what a payment is off less than {reward}.

    Parameters
    ----------
    tranche
        The month's {reward}.
    counted
        By the contract, for all methodologists of the month {WETH}; above 0.
    error
        See `part_error` {WETH}.
    before
        How many methodologists of the month were paid before.
    """
    return 1 + before + 2 * error * tranche / counted


def _span(program: Program, month: int) -> tuple[int, int]:
    start = program.begin + month * program.month_s
    return start, start + program.month_s
