"""Two indices that pay fees, their pools, and the bounty that shares INDEX by them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ape import chain, project
from bounty_mirror import Mirror

from indexkit import deploy
from indexkit.economics.bounty_model import Program
from indexkit.localnet import addresses, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at

E18 = 10**18
DAY_S = 86_400
MONTH_S = 30 * DAY_S
YEAR_S = 31_557_600
TOTAL = 750_000 * E18
FEE = 95 * 10**14
SHARE = 7 * 10**17
SUPPLY = 1_000 * E18
POOLED = 100 * E18
WETH_POOLED = (10 * E18, 50 * E18)
"""{WETH} beside `POOLED` {set}: prices of 0.1 and 0.5."""

BEGIN_IN_S = 10 * DAY_S
GRACE_S = 7 * DAY_S
ZERO = "0x" + "00" * 20


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a test of the bounty touches.

    Attributes
    ----------
    collector
        Receives the indices' fees.
    authors
        Methodologists: of the first index, of the second one, and a third.
    manager, issuer
        Of both indices.
    make_index
        Creates another index like the first or the second, without a pool.
    """

    bounty: Any
    index: Any
    fees: Any
    sets: tuple[Any, Any]
    pools: tuple[Any, Any]
    owner: Any
    treasury: Any
    collector: Any
    authors: tuple[Any, Any, Any]
    stranger: Any
    manager: Any
    issuer: Any
    make_index: Callable[[int], Any]

    @property
    def begin(self) -> int:
        """Of the first month {s}."""
        return int(self.bounty.begin())

    @property
    def program(self) -> Program:
        """What the model shares."""
        return Program(TOTAL, self.begin)

    def end(self, month: int) -> int:
        """Return when a month ends {s}."""
        return self.begin + (month + 1) * MONTH_S

    def at(self, time: int, function: Any, *arguments: Any, by: Any = None) -> Any:
        """Send a transaction at a time {s}, as a stranger unless told."""
        chain.pending_timestamp = time
        return function(*arguments, sender=by or self.stranger)

    def register(self, time: int, place: int, share: int = SHARE) -> Any:
        """Register an index for its author, at a time {s}."""
        arguments = self.sets[place], self.authors[place], share
        return self.at(time, self.bounty.register, *arguments, by=self.owner)

    def register_both(self) -> None:
        """Register both indices at the begin."""
        for place in range(2):
            self.register(self.begin - 1 + place, place)

    def price_time(self, place: int) -> int:
        """Return what an index's pool has added up by the last block, UQ112x112{set/WETH} x {s}."""
        pool = self.pools[place]
        reserves = pool.getReserves()
        set_first = int(self.sets[place].address, 16) < int(addresses.WETH, 16)
        held, weth = (reserves[0], reserves[1]) if set_first else (reserves[1], reserves[0])
        last = pool.price1CumulativeLast() if set_first else pool.price0CumulativeLast()
        elapsed = chain.blocks.head.timestamp - reserves[2]
        return last + (held << 112) // weth * elapsed if weth else 0

    def mirror(self) -> Mirror:
        """Return the mirror of a bounty without indices."""
        return Mirror(self.program)


@contextmanager
def undone() -> Iterator[None]:
    """Undo on the chain what happens within; a failure is passed on."""
    snapshot = chain.snapshot()
    try:
        yield
    finally:
        chain.restore(snapshot)


def minted(elapsed: int, supply: int, fee: int = FEE) -> int:
    """Return what an accrual mints without a protocol's share {set}."""
    share = elapsed * fee // YEAR_S
    return share * supply // (E18 - share)


def create_index(protocol: Any, manager: Any, issuer: Any, collector: Any, parts: Any) -> Any:
    """Create an index that charges `FEE` for a collector, with `SUPPLY` issued to the issuer.

    Parameters
    ----------
    parts
        Components, units D18{comp/set}, and one module more.
    """
    components, units, module = parts
    created = deploy.create_set(
        project,
        protocol,
        manager,
        components=components,
        units=units,
        modules=[protocol.issuance, protocol.streaming_fee, module],
        name="Index",
        symbol="IDX",
    )
    protocol.issuance.initialize(created, ZERO, sender=manager)
    settings = (collector.address, 5 * 10**16, FEE, 0)
    protocol.streaming_fee.initialize(created, settings, sender=manager)
    created.initializeModule(sender=module)
    for component, unit in zip(components, units, strict=True):
        deal(component, issuer, 10 * SUPPLY * unit // E18)
        component.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(created, SUPPLY, issuer, sender=issuer)
    return created


def create_pool(set_token: Any, issuer: Any, weth: int) -> Any:
    """Create an index's pool of `POOLED` {set} and so much {WETH}; empty if it is 0."""
    factory = uniswap_factory()
    factory.createPair(set_token, addresses.WETH, sender=issuer)
    pool = contract_at(artifact(protocols.UNISWAP_PAIR), factory.getPair(set_token, addresses.WETH))
    if weth:
        fill_pool(pool, set_token, issuer, weth)
    return pool


def fill_pool(pool: Any, set_token: Any, issuer: Any, weth: int) -> Any:
    """Add `POOLED` {set} and so much {WETH} to a pool."""
    set_token.transfer(pool, POOLED, sender=issuer)
    deal(addresses.WETH, pool, weth)
    return pool.mint(issuer, sender=issuer)


def uniswap_factory() -> Any:
    """Return Uniswap V2's factory."""
    return contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.UNISWAP_V2_FACTORY)


def swap(house: House, place: int, sold: int, *, sets: bool, time: int) -> int:
    """Sell SetTokens or WETH to an index's pool as the market maker, at a time {s}.

    Returns
    -------
    int
        What came out: {WETH} or {set}.
    """
    pool, set_token = house.pools[place], house.sets[place]
    token = set_token if sets else token_at(addresses.WETH)
    reserves = pool.getReserves()
    set_first = int(set_token.address, 16) < int(addresses.WETH, 16)
    first_in = set_first == sets
    held, other = reserves[:2] if first_in else reserves[1::-1]
    out = sold * 997 * other // (held * 1000 + sold * 997)
    if sets:
        token.transfer(pool, sold, sender=house.authors[2])
    else:
        deal(token, pool, sold)
    amounts = (0, out) if first_in else (out, 0)
    house.at(time, pool.swap, *amounts, house.authors[2], b"", by=house.authors[2])
    return int(out)
