"""The integer steps of MethodologistBounty in Python; it keeps what the exact model wants."""

from dataclasses import dataclass, field

from indexkit.economics.bounty_model import Counting, Program

E18 = 10**18
MOST_FEES, MOST_TIME, MOST_VALUE = 2**112 - 1, 2**32 - 1, 2**128 - 1


def value_of(fees, share, elapsed, price_time):
    """Return what a counting's fees are worth {WETH}, rounded down twice."""
    house = min(fees * share // E18, MOST_FEES)
    if price_time == 0:
        return 0
    return min((house * min(elapsed, MOST_TIME) << 112) // price_time, MOST_VALUE)


@dataclass
class Entry:
    """An index as the contract knows it."""

    methodologist: str
    share: int
    counted: int
    accrued: int
    contributed: int = 0


@dataclass
class Mirror:
    """The contract's months and indices, without coins, pools and modules."""

    program: Program
    entries: dict = field(default_factory=dict)
    values: list = field(default_factory=list)
    countings: list = field(default_factory=list)
    settled: int = 0
    carried: int = 0
    owed: int = 0
    tranches: list = field(default_factory=list)
    paid: dict = field(default_factory=dict)

    def __post_init__(self):
        self.values = [{} for _ in range(self.program.months)]

    def register(self, index, methodologist, share, now, accrued):
        """Count from now on."""
        self.entries[index] = Entry(methodologist, share, now, accrued)

    def count(self, index, now, accrued, price_time):
        """Count an index's fees up to now; return what falls into the program {WETH}."""
        entry = self.entries[index]
        elapsed, fees = now - entry.counted, accrued - entry.accrued
        if elapsed == 0:
            return 0
        counting = (entry.methodologist, entry.counted, now, fees, entry.share, price_time)
        self.countings.append(Counting(*counting))
        value = value_of(fees, entry.share, elapsed, price_time)
        credited = self._credit(entry.methodologist, value, entry.counted, now)
        entry.contributed += fees * entry.share
        entry.counted, entry.accrued = now, accrued
        return credited

    def _credit(self, who, value, start, end):
        credited = 0
        for month, values in enumerate(self.values):
            first = self.program.begin + month * self.program.month_s
            low, high = max(start, first), min(end, first + self.program.month_s)
            if value == 0 or low >= high:
                continue
            through, before = (value * (time - start) // (end - start) for time in (high, low))
            part = min(through - before, MOST_VALUE - sum(values.values()))
            values[who] = values.get(who, 0) + part
            credited += part
        return credited

    def settle(self, now):
        """Settle every month that is over; return how many."""
        first = self.settled
        while self.settled < self.program.months:
            if self.program.begin + (self.settled + 1) * self.program.month_s > now:
                break
            tranche = self.program.tranche(self.settled) + self.carried
            valued = sum(self.values[self.settled].values()) > 0
            self.carried = 0 if valued else tranche
            self.tranches.append(tranche if valued else 0)
            self.owed += self.tranches[-1]
            self.settled += 1
        return self.settled - first

    def claim(self, month, who):
        """Return what is paid {reward}, and write it down."""
        paid = self.paid.setdefault(month, {})
        values = self.values[month]
        left = self.tranches[month] - sum(paid.values())
        paid[who] = left * values[who] // sum(v for w, v in values.items() if w not in paid)
        self.owed -= paid[who]
        return paid[who]

    def claimants(self, month):
        """Return who has not been paid his part of a month, if it is settled."""
        if month >= self.settled:
            return []
        paid = self.paid.get(month, {})
        return [w for w, value in self.values[month].items() if value and w not in paid]
