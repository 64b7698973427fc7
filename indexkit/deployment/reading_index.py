"""Reading an index of a declaration."""

from decimal import Decimal

from indexkit.deployment.declaration import ComponentTerms, GuardTerms, IndexTerms
from indexkit.deployment.kinds import (
    DECIMAL,
    LABEL,
    ROLE,
    ROLES,
    SHARE,
    WAD,
    in_base_units,
    only,
    require,
)
from indexkit.deployment.networks import Venues
from indexkit.fields import ADDRESS, COUNT, NAME, POSITIVE, SYMBOL, TEXT, Record

ONE = 10**18
MOST_COMPONENTS = 200
LONGEST_NAME = 64
MOST_DECIMALS = 36
MOST_TRADERS = 64
LARGEST_UNIT = 2**94 - 1
LARGEST_TRADE, LONGEST_PAUSE_S = 2**88 - 1, 2**20 - 1
LARGEST_DEVIATION = 2 * 10**17
LARGEST_BOUND = 2**96 - 1
"""What the contracts take without a slower way of storing it (docs/ARCHITECTURE.md, section 2)."""

FIELDS = (
    "symbol",
    "name",
    "streaming_fee",
    "max_streaming_fee",
    "operator",
    "methodologist",
    "operator_share",
    "traders",
    "guard",
    "component",
)


def index_terms(record: Record, venues: Venues) -> IndexTerms:
    """Return an index of a declaration.

    Raises
    ------
    IndexkitError
        A field is missing, unknown, out of bounds, or names an exchange that is not there.
    """
    only(record, FIELDS)
    name = record.read("name", NAME)
    require(len(name.encode()) <= LONGEST_NAME, record, "its name is too long: at most 64 bytes")
    fee, most = record.read("streaming_fee", SHARE), record.read("max_streaming_fee", SHARE)
    require(most < ONE, record, "max_streaming_fee is not below 1: lower it")
    require(fee <= most, record, "streaming_fee is above max_streaming_fee: lower it")
    operator, methodologist = record.read("operator", ROLE), record.read("methodologist", ROLE)
    require(
        operator != methodologist,
        record,
        "operator and methodologist are the same: two parties manage an index, name another",
    )
    traders = record.read("traders", ROLES)
    require(len(traders) <= MOST_TRADERS, record, f"more than {MOST_TRADERS} traders: drop some")
    return IndexTerms(
        symbol=record.read("symbol", LABEL),
        name=name,
        streaming_fee=fee,
        max_streaming_fee=most,
        operator=operator,
        methodologist=methodologist,
        operator_share=record.read("operator_share", SHARE),
        traders=traders,
        guard=_guard(record.record("guard")),
        components=_components(record, venues),
    )


def _guard(record: Record) -> GuardTerms:
    only(record, ("max_deviation", "min_liquidity_weth", "loss_budget_weth"))
    terms = GuardTerms(
        record.read("max_deviation", SHARE),
        record.read("min_liquidity_weth", WAD),
        record.read("loss_budget_weth", WAD),
    )
    require(
        0 < terms.max_deviation <= LARGEST_DEVIATION,
        record,
        'max_deviation is not above "0" and at most "0.2", as the guard takes it: correct it',
    )
    require(
        max(terms.min_liquidity, terms.loss_budget) <= LARGEST_BOUND,
        record,
        "min_liquidity_weth or loss_budget_weth is more than there is WETH: lower it",
    )
    return terms


def _components(record: Record, venues: Venues) -> tuple[ComponentTerms, ...]:
    entries = record.records("component", "symbol")
    require(
        0 < len(entries) <= MOST_COMPONENTS,
        record,
        f"{len(entries)} components, not 1 to {MOST_COMPONENTS}: correct them",
    )
    components = tuple(_component(entry, venues) for entry in entries)
    for key in ("token", "symbol"):
        values = [getattr(each, key) for each in components]
        require(len(set(values)) == len(values), record, f"two components have one {key}: drop one")
    return components


def _component(record: Record, venues: Venues) -> ComponentTerms:
    token, decimals = record.read("token", ADDRESS), record.read("decimals", COUNT)
    require(decimals <= MOST_DECIMALS, record, f"decimals are above {MOST_DECIMALS}: correct them")
    known = ("symbol", "token", "decimals", "unit", "amount")
    is_cash = token == venues.weth
    only(
        record, known, () if is_cash else ("exchange", "max_trade", "max_trade_size", "cool_off_s")
    )
    unit = _quantity(record, "amount", "unit", decimals)
    require(unit <= LARGEST_UNIT, record, "its unit is too large for a SetToken: lower it")
    exchange, size, pause = None, 0, 0
    if not is_cash:
        exchange = record.read("exchange", TEXT)
        require(
            exchange in venues.names,
            record,
            f"trades on {exchange!r}, which this network does not have (there are: "
            f"{', '.join(venues.names)}): name another",
        )
        size = _quantity(record, "max_trade", "max_trade_size", decimals)
        pause = record.read("cool_off_s", COUNT)
    require(size <= LARGEST_TRADE, record, "its largest trade is too large to store: lower it")
    require(pause <= LONGEST_PAUSE_S, record, "cool_off_s is longer than 12 days: lower it")
    symbol = "WETH" if is_cash else record.read("symbol", SYMBOL)
    return ComponentTerms(token, symbol, decimals, unit, exchange, size, pause)


def _quantity(record: Record, tokens: str, base_units: str, decimals: int) -> int:
    """Return what is given either in tokens or in base units, above zero {base units}."""
    given = [key for key in (tokens, base_units) if key in record.fields]
    if len(given) != 1:
        raise record.error(f"give either {tokens} (in tokens) or {base_units} (in base units)")
    if given == [base_units]:
        return record.read(base_units, POSITIVE)
    number: Decimal = record.read(tokens, DECIMAL)
    amount = in_base_units(number, decimals)
    if not amount:
        raise record.error(
            f"{tokens} is {number}, not a number above zero with at most {decimals} decimals: "
            "correct it"
        )
    return amount
