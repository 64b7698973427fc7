"""What must hold after every call (I-…): one function for each, found by its name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from invariants.market import TOKENS
from invariants.mirror import E18, mul_down
from invariants.system import HOLDERS, INDEX_MODULES, SETS, SPENDERS, State

if TYPE_CHECKING:
    from invariants.play import Play

Check = Callable[["Play", State, State, str], None]

CHECKS: list[Check] = []
"""All of them, in the order of their numbers."""


def check(function: Check) -> Check:
    """Have a function called after every call."""
    CHECKS.append(function)
    return function


@check
def i_01_units_are_backed(play: "Play", _: State, new: State, shown: str) -> None:
    """I-01: units and claims never stand for more than there is, but for issuance's rounding."""
    for index in SETS:
        supply, multiplier = new["totalSupply", index], new["positionMultiplier", index]
        for token in TOKENS:
            balance = new["balance", token, index]
            claims = new["claims", index, token]
            if mul_down(new["unit", index, token], supply) + claims <= balance:
                continue
            owed = play.virtual[index, token] * multiplier * supply
            slack = play.slack[index, token]
            assert owed + (claims - balance) * E18 * E18 <= slack, (
                f"{shown}: {index} has {balance} {token}, its units and claims stand for more"
            )


@check
def i_02_multiplier_never_rises(_play: "Play", old: State, new: State, shown: str) -> None:
    """I-02: above 0, at most 1e18, never higher than before."""
    for index in SETS:
        multiplier = new["positionMultiplier", index]
        assert 0 < multiplier <= old["positionMultiplier", index] <= E18, f"{shown}: {multiplier}"


@check
def i_03_units_read_as_they_are(play: "Play", _: State, new: State, shown: str) -> None:
    """I-03: no stored unit reads as 0, and each reads as the stored one times the multiplier."""
    for (index, token), unit in play.virtual.items():
        real = new["unit", index, token]
        assert real == mul_down(unit, new["positionMultiplier", index]), f"{shown}: {token}"
        assert unit == 0 or real > 0, f"{shown}: {token} of {index} reads as 0"


@check
def i_04_shares_add_up(_play: "Play", _: State, new: State, shown: str) -> None:
    """I-04: the balances are the supply."""
    for index in SETS:
        held = sum(new["shares", index, holder] for holder in HOLDERS)
        assert held == new["totalSupply", index], f"{shown}: {index}"


@check
def i_05_components_are_those_with_units(play: "Play", _: State, new: State, shown: str) -> None:
    """I-05: no component twice, and one is listed exactly when it has a unit."""
    for index in SETS:
        names = play.components(index)
        assert len(set(names)) == len(names), f"{shown}: {names}"
        for token in TOKENS:
            has_unit = new["unit", index, token] > 0
            assert (token in names) == has_unit == bool(new["listed", index, token]), (
                f"{shown}: {token} of {index}"
            )


@check
def i_13_no_allowance_stays(_play: "Play", _: State, new: State, shown: str) -> None:
    """I-13: an index allows nobody anything (V-4)."""
    for index in SETS:
        for token in TOKENS:
            for spender in SPENDERS:
                assert new["allowance", token, index, spender] == 0, f"{shown}: {token} {spender}"


@check
def i_23_modules_serve_one_index(_play: "Play", _: State, new: State, shown: str) -> None:
    """I-23: an index module serves its own index or none; every other change is unpredicted."""
    for index, module in INDEX_MODULES.items():
        served = _play.system.names[new["index", module]]
        assert served in (index, ""), f"{shown}: {module} serves {served}"


def about(number: str) -> list[Any]:
    """Return the checks of an invariant, by its number."""
    return [one for one in CHECKS if one.__name__.startswith(f"i_{number[2:]}_")]
