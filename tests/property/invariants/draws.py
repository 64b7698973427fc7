"""What the rules draw from."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from invariants.market import TOKENS, TRADED
from invariants.mirror import E18
from invariants.system import HOLDERS, ISSUERS, SETS

DAY_S = 24 * 60 * 60
MOST_FEE = 5 * 10**17
"""D18{1/year}"""

index = st.sampled_from(SETS)
mostly_alpha = st.sampled_from(["alpha", "alpha", "alpha", "beta"])
issuer = st.sampled_from(ISSUERS)
holder = st.sampled_from(HOLDERS)
token = st.sampled_from(TOKENS)
frozen = st.sampled_from(["ice", "ice", "ice", *TOKENS])
traded = st.sampled_from(TRADED)
amount = (
    st.integers(1, 12)
    | st.integers(0, 27).map(lambda digits: 10**digits)
    | st.integers(10**15, 10**22)
    | st.integers(1, 10**27)
)
usual = st.integers(10**18, 10**22)
mostly_usual = st.one_of(usual, usual, usual, usual, amount)
place = st.integers(0, 5)
part = st.sampled_from([1, 2, 3, 10, 100, 500, 999, 1000]).map(lambda n: Fraction(n, 1000))
small_part = st.sampled_from([1, 3, 10, 30, 100, 300]).map(lambda n: Fraction(n, 1000))
limit = st.sampled_from([0, 1, 500, 990, 1000, 1010, 2000]).map(lambda n: Fraction(n, 1000))
factor = st.sampled_from(
    [
        Fraction(n, 10**6)
        for n in (0, 500_000, 900_000, 10**6, 10**6, 10**6 + 1, 1_100_000, 1_250_000)
    ]
)
new = st.one_of(st.just([]), st.lists(token, max_size=2, unique=True))
factors = st.lists(factor, min_size=7, max_size=7)
seconds = st.sampled_from([1, 60, 600, 3600, DAY_S, 30 * DAY_S, 365 * DAY_S])
fee = st.sampled_from([0, 10**16, 10**17, MOST_FEE, MOST_FEE, MOST_FEE + 1])
share = st.sampled_from([0, 0, 10**17, E18])
by_manager = st.sampled_from(["manager"] * 9 + ["stranger"])
by_trader = st.sampled_from(["trader"] * 12 + ["stranger"])

Rule = TypeVar("Rule", bound=Callable[..., None])
SELDOM: list[st.SearchStrategy[tuple[str, dict[str, Any]]]] = []
"""What happens seldom: names of functions with what they draw."""


def seldom(**drawn: st.SearchStrategy[Any]) -> Callable[[Rule], Rule]:
    """Have all functions marked with this together be drawn about as often as two rules."""

    def mark(function: Rule) -> Rule:
        SELDOM.append(st.tuples(st.just(function.__name__), st.fixed_dictionaries(drawn)))
        return function

    return mark
