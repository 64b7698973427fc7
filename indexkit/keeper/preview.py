"""What a keeper would do next, without doing it."""

from dataclasses import dataclass

from indexkit import guarding, quotes
from indexkit.keeper import position
from indexkit.keeper.following import Follower
from indexkit.localnet.arbitrage import BASIS_POINTS, reserves

AFFORDABLE, TOO_DEAR = "trade", "waits for cash"


@dataclass(frozen=True, slots=True)
class Step:
    """A component's next trade, as things stand.

    Attributes
    ----------
    size
        {comp}
    quoted, limit
        {wei} of WETH.
    wait
        Until its cool-off is over and its price history long enough {s}.
    what
        ``trade``, or ``waits for cash`` for a buy that the cash and the sells before do not pay.
    """

    symbol: str
    is_buy: bool
    size: int
    quoted: int
    limit: int
    wait: int
    what: str


def steps(follower: Follower) -> tuple[Step, ...]:
    """Return each component's next trade, in the order of the schedule from where it stands."""
    schedule, symbols = follower.rebalance.schedule, follower.symbols
    place, cash = follower.place(), follower.contracts.cash()
    entries = range(place, max(place, len(schedule)) + len(symbols))
    order = dict.fromkeys(position.entry(schedule, symbols, at) for at in entries)
    found = []
    for symbol in order:
        step = _step(follower, symbol, cash)
        if step is not None:
            found.append(step)
            if step.what == AFFORDABLE:
                cash += -step.quoted if step.is_buy else step.quoted
    return tuple(found)


def _step(follower: Follower, symbol: str, cash: int) -> Step | None:
    component = follower.rebalance.component(symbol)
    held = follower.contracts.holding(component)
    if held.met:
        return None
    is_buy = held.size > 0
    pool = reserves(component.address, component.exchange)
    quote = quotes.weth_for(component, pool, held.size)
    margin = quote * follower.limits.slippage_bps // BASIS_POINTS
    asset, guard = follower.contracts.asset(component), follower.contracts.guard
    wait = 0
    if asset.last_trade:
        wait = max(0, asset.last_trade + asset.cool_off - follower.clock.now())
    if guard is not None and not guarding.has_history(guard, component, is_buy=is_buy):
        wait = max(wait, int(guard.window()))
    return Step(
        symbol=symbol,
        is_buy=is_buy,
        size=abs(held.size),
        quoted=quote,
        limit=quote + margin if is_buy else quote - margin,
        wait=wait,
        what=TOO_DEAR if is_buy and quote > cash else AFFORDABLE,
    )
