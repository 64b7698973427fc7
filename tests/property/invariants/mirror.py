"""The contracts' arithmetic in Python's integers: what a call must lead to, to the wei."""

E18 = 10**18
YEAR_S = 31_557_600
MOST_ACCRUAL = 9 * 10**17
TARGET_RAISE = 1_002_500_000_000_000_000
UNIT_TOLERANCE = 2
CASH_DUST = 10**6
MOST_RESERVE = 2**112 - 1

NO_POOL = "Address: low-level call with value failed"
NO_CASH = "TransferHelper: TRANSFER_FROM_FAILED"


class RevertedError(Exception):
    """A call is expected to revert, with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_unless(condition: bool, reason: str) -> None:
    """Expect a revert with this reason unless a condition holds."""
    if not condition:
        raise RevertedError(reason)


def mul_down(a: int, b: int) -> int:
    """Return a * b / 1e18, rounded down."""
    return a * b // E18


def mul_up(a: int, b: int) -> int:
    """Return a * b / 1e18, rounded up."""
    return -(-a * b // E18)


def inflation(elapsed: int, fee: int) -> int:
    """Return the share of the supply that an accrual mints, D18{1}."""
    return min(elapsed * fee // YEAR_S, MOST_ACCRUAL)


def virtual(real: int, multiplier: int) -> int:
    """Return the unit that is stored for a real one.

    Raises
    ------
    RevertedError
        If it would read as nothing.
    """
    unit = real * E18 // multiplier
    refuse_unless(
        real == 0 or mul_down(unit, multiplier) > 0, "Virtual to Real unit conversion invalid"
    )
    return unit


def amount_out(sold: int, reserve_in: int, reserve_out: int) -> int:
    """Return what a Uniswap V2 pair gives for exactly so much.

    Raises
    ------
    RevertedError
        With the router's reasons.
    """
    refuse_unless(sold > 0, "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT")
    refuse_unless(reserve_in > 0 and reserve_out > 0, "UniswapV2Library: INSUFFICIENT_LIQUIDITY")
    amount = sold * 997 * reserve_out // (reserve_in * 1000 + sold * 997)
    refuse_unless(amount > 0, "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT")
    return amount


def amount_in(bought: int, reserve_in: int, reserve_out: int) -> int:
    """Return what a Uniswap V2 pair wants for exactly so much.

    Raises
    ------
    RevertedError
        With the router's reasons.
    """
    refuse_unless(bought > 0, "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT")
    refuse_unless(reserve_in > 0 and reserve_out > 0, "UniswapV2Library: INSUFFICIENT_LIQUIDITY")
    refuse_unless(bought <= reserve_out, "ds-math-sub-underflow")
    refuse_unless(bought < reserve_out, NO_POOL)
    return reserve_in * bought * 1000 // ((reserve_out - bought) * 997) + 1


def unit_after(supply: int, before: int, after: int, unit: int) -> int:
    """Return the unit that a trade leaves: what was no part of it before is none afterwards.

    Raises
    ------
    RevertedError
        If more left than was part of it, or nothing is issued.
    """
    if after == 0:
        return 0
    tracked = min(before, mul_down(unit, supply))
    refuse_unless(after >= before - tracked, "SafeMath: subtraction overflow")
    refuse_unless(supply > 0, "SafeMath: division by zero")
    return (after - (before - tracked)) * E18 // supply
