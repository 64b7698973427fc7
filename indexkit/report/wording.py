"""How figures read: whole tokens, percent, time. What is shown is rounded; the JSON is exact."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
WAD_DIGITS = 18
EXACT = Context(prec=200, rounding=ROUND_HALF_EVEN)
"""Wide enough for every amount that the EVM knows."""


def tokens(amount: str | int, decimals: int, places: int = 4) -> str:
    """Show base units as whole tokens, rounded to the nearest."""
    return _shown(EXACT.scaleb(Decimal(amount), -decimals), places)


def weth(wei: str | int, places: int = 4) -> str:
    """Show wei as WETH."""
    return tokens(wei, WAD_DIGITS, places)


def figures_of(amount: str | int, decimals: int, digits: int = 6) -> str:
    """Show base units as whole tokens with so many digits that count, and at most all there are."""
    value = EXACT.scaleb(Decimal(amount), -decimals)
    places = min(max(digits - 1 - value.adjusted(), 0), decimals) if value else 0
    return _shown(value, places)


def percent(share: str | int, places: int = 2) -> str:
    """Show a share D18{1} as percent."""
    return _shown(EXACT.scaleb(Decimal(share), -16), places) + " %"


def percent_of_bps(bps: str) -> str:
    """Show basis points as whole percent."""
    return _shown(Decimal(bps) / 100, 1) + " %"


def bps(value: str | None, places: int = 1) -> str:
    """Show basis points."""
    return NONE if value is None else _shown(Decimal(value), places)


def usd(value: str) -> str:
    """Show whole dollars."""
    return _shown(Decimal(value), 0)


def gwei(wei: str | int) -> str:
    """Show a gas price."""
    return _shown(EXACT.scaleb(Decimal(wei), -9), 2)


def number(value: int) -> str:
    """Show a count."""
    return f"{value:,}"


def moment(seconds: int) -> str:
    """Show a block's time: UTC, to the second."""
    return f"{_date(seconds):%Y-%m-%d %H:%M:%S}"


def clock(seconds: int) -> str:
    """Show the day and time of a block, without the year."""
    return f"{_date(seconds):%d %b %H:%M:%S}"


def duration(seconds: int) -> str:
    """Show a span of time."""
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7_200:
        return f"{_shown(Decimal(seconds) / 60, 0)} minutes"
    return f"{_shown(Decimal(seconds) / 3_600, 1)} hours"


def short(text: str) -> str:
    """Show the ends of a hash or address."""
    return text if len(text) <= 20 else f"{text[:8]}…{text[-4:]}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Show a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _shown(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    return f"{rounded:z,f}".replace("-", MINUS)


def _date(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
