"""The basket of a rebalance: what the methodologist types in, and the tokens it speaks of.

One JSON file, described in ``docs/REBALANCE.md``. `indexkit.methodology.basket` reads what the
weights follow from; here are the tokens, how the index is to trade them, and whether one leaves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.conventions import CORRECTED, PRESETS, Conventions, named
from indexkit.deployment import networks
from indexkit.fields import ADDRESS, BOOL, COUNT, NAME, PRICE, SYMBOL, Record, one_of
from indexkit.methodology import basket as methodology
from indexkit.parameters import Given, given_from_json

MOST_DECIMALS = 36


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the basket.

    Attributes
    ----------
    price_usd
        USD per whole token.
    leaves
        Whether the index sells all of it.
    given
        How it is traded, if that is not derived from pools.
    """

    symbol: str
    name: str
    address: str
    decimals: int
    price_usd: Decimal
    leaves: bool
    given: Given | None


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket as read from its file.

    Attributes
    ----------
    content
        The file's, which the digest is of.
    method
        What the weights follow from: of all tokens but those that leave.
    conventions
        How weights become units and trades.
    """

    content: Mapping[str, Any]
    name: str
    index: str
    index_name: str
    token_address: str
    method: methodology.Basket
    conventions: Conventions
    weth_price_usd: Decimal
    tokens: tuple[Token, ...]

    @property
    def digest(self) -> str:
        """Of the file."""
        return documents.digest(self.content)


def read(path: Path) -> Basket:
    """Read a basket and check its figures against each other.

    Raises
    ------
    IndexkitError
        The file cannot be read, or a figure in it is missing, malformed or at odds with another.
    """
    return parse(documents.read(path), path.name)


def parse(content: Mapping[str, Any], where: str = "basket") -> Basket:
    """Return the basket of a JSON object; see `read`."""
    record = Record(where, content)
    components = record.records("components", "symbol")
    for sentence in (*_twice(components, "symbol"), *_twice(components, "address")):
        raise record.error(sentence)
    tokens = tuple(map(_token, components))
    # A basket names no chain.
    weth = {network.venues.weth for network in networks.known().values()}
    for component, token in zip(components, tokens, strict=True):
        if token.address in weth:
            raise component.error("WETH is what the index trades against, no component: remove it")
    staying = [
        component.fields
        for component, token in zip(components, tokens, strict=True)
        if not token.leaves
    ]
    return Basket(
        content=content,
        name=record.read("name", NAME),
        index=record.read("index", NAME),
        index_name=record.read("index_name", NAME),
        token_address=record.read("token_address", ADDRESS),
        method=methodology.parse_basket({**content, "components": staying}, where),
        conventions=_conventions(record),
        weth_price_usd=record.read("weth_price_usd", PRICE),
        tokens=tokens,
    )


def _conventions(record: Record) -> Conventions:
    if "conventions" not in record.fields:
        return CORRECTED
    return named(record.read("conventions", one_of(tuple(preset.name for preset in PRESETS))))


def _token(record: Record) -> Token:
    decimals = record.read("decimals", COUNT)
    if decimals > MOST_DECIMALS:
        raise record.error(f"decimals is {decimals}, above {MOST_DECIMALS}: correct it")
    # One alone is refused, not ignored: what was typed in is not what would be derived.
    given = {"exchange", "max_trade_size", "cool_off_period"} & {*record.fields}
    return Token(
        symbol=record.read("symbol", SYMBOL),
        name=record.read("name", NAME),
        address=record.read("address", ADDRESS),
        decimals=decimals,
        price_usd=record.read("price_usd", PRICE),
        leaves="leaves" in record.fields and record.read("leaves", BOOL),
        given=given_from_json(record.fields, record.where) if given else None,
    )


def _twice(components: tuple[Record, ...], key: str) -> Iterator[str]:
    """Yield a sentence for each value listed twice: addresses in two spellings are one token."""
    places: dict[str, list[str]] = defaultdict(list)
    for component in components:
        value = component.fields.get(key)
        if isinstance(value, str):
            places[value if key == "symbol" else value.lower()].append(component.where)
    for value, listed in places.items():
        if len(listed) > 1:
            entries = " and ".join(where.split(", ")[-1] for where in listed)
            yield f"{key} {value} is listed twice, as {entries}: remove one of them"
