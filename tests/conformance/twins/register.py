"""The register of intended differences, docs/DIVERGENCES.md, as the comparison knows it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eth_utils.crypto import keccak

if TYPE_CHECKING:
    from twins.stage import Stage

DOCUMENT = Path(__file__).parents[3] / "docs" / "DIVERGENCES.md"

_ROW = re.compile(r"^\| ([VD]-\d+) \|.*\| ([^|]*) \|$", re.MULTILINE)
_SHOWN_BY = re.compile(r"`([a-z0-9_]+\.[a-z0-9_]+)`")
_PLAYED_IN = re.compile(r"`(tests/[a-z0-9_/]+\.py)`")


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same after the same call.

    Attributes
    ----------
    aspect
        "outcome", "answer", "logs" or "state".
    what
        The view, if it is the state.
    original, ours
        Both sides of it.
    call
        Contract type and signature of the call.
    """

    aspect: str
    what: str
    original: Any
    ours: Any
    call: tuple[str, str]

    @property
    def changes_what_follows(self) -> bool:
        """Whether the two worlds are different afterwards."""
        if self.aspect == "outcome":
            return None in (self.original, self.ours)
        return self.aspect == "state"

    @property
    def function(self) -> str:
        """The name of the function that was called."""
        return self.call[1].partition("(")[0]

    def __str__(self) -> str:
        if self.aspect == "outcome":
            return f"original: {worded(self.original)}; ours: {worded(self.ours)}"
        name = f"{self.aspect} {self.what}".strip()
        return f"{name}\n    original: {_short(self.original)}\n    ours:     {_short(self.ours)}"


def worded(outcome: str | None) -> str:
    """Return an outcome in words."""
    return "succeeds" if outcome is None else f'reverts with "{outcome}"'


def _short(value: Any) -> str:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, tuple) and value and hasattr(value[0], "topics"):
        return "".join(f"\n      {log.topics[0].hex()[:8]} {log.data.hex()}" for log in value)
    return str(value)


def documented() -> dict[str, list[str]]:
    """Return the ids of the register, each with the scenarios that show it.

    What only tests of attacks show, since no call differs by itself, is not among them.
    """
    rows = _ROW.findall(DOCUMENT.read_text())
    found = {identifier: _SHOWN_BY.findall(shown_by) for identifier, shown_by in rows}
    played = attacks()
    return {one: names for one, names in found.items() if names or not played[one]}


def attacks() -> dict[str, list[str]]:
    """Return the ids of the register, each with the test files that play it as an attack."""
    rows = _ROW.findall(DOCUMENT.read_text())
    return {identifier: _PLAYED_IN.findall(shown_by) for identifier, shown_by in rows}


def explain(difference: Difference, tagged: str | None, free: bool, stage: "Stage") -> str | None:
    """Return the id of the difference, None if it is not registered.

    Parameters
    ----------
    tagged
        The id under which the scenario announced that this call differs.
    free
        Whether the call was made at random: then rules decide instead of an announcement.
    stage
        Ours, as it is after the call.
    """
    for identifier, holds in AMBIENT.items():
        if holds(difference):
            return identifier
    if tagged is not None:
        return tagged
    if free:
        for identifier, outcomes in AT_RANDOM.items():
            if any(one.explains(difference, stage) for one in outcomes):
                return identifier
    return None


def _topic(event: str) -> bytes:
    return keccak(text=event)


INVOKED = _topic("Invoked(address,uint256,bytes,bytes)")
VOTE_RECEIPT = _topic("VoteReceipt(address,address,uint256,uint256)")


def _no_invoked(difference: Difference) -> bool:
    return (
        difference.aspect == "logs"
        and difference.call[0] in ("BasicIssuanceModule", "SingleIndexModule")
        and difference.function in ("redeem", "trade", "tradeRemainingWETH")
        and tuple(log for log in difference.original if log.topics[0] != INVOKED) == difference.ours
    )


def _vote_receipt(difference: Difference) -> bool:
    return (
        difference.aspect == "logs"
        and difference.function == "vote"
        and difference.original
        == tuple(log for log in difference.ours if log.topics[0] != VOTE_RECEIPT)
    )


def _no_allowance(difference: Difference) -> bool:
    return (
        difference.aspect == "state"
        and ".allowance(" in difference.what
        and difference.what.endswith(("_router)", "_proxy)"))
        and difference.original > difference.ours == 0
    )


def _components_derived(difference: Difference) -> bool:
    return (
        difference.aspect == "state"
        and difference.what.endswith(".getRebalanceComponents()")
        and set(difference.original) >= set(difference.ours)
    )


AMBIENT: dict[str, Callable[[Difference], bool]] = {
    "D-04": _no_invoked,
    "D-11": _components_derived,
    "D-16": _vote_receipt,
    "V-4": _no_allowance,
}
"""Differences that need no announcement: they change nothing that follows."""


@dataclass(frozen=True)
class Outcomes:
    """A pair of outcomes of some functions that a registered difference explains.

    Attributes
    ----------
    functions
        Of which it may be.
    original, ours
        None for success, else the reason.
    holds
        What must be true of our world afterwards, besides.
    """

    functions: tuple[str, ...]
    original: str | None
    ours: str | object | None = None
    holds: "Callable[[Stage], bool]" = lambda _: True

    def explains(self, difference: Difference, stage: "Stage") -> bool:
        """Tell whether a difference is this one."""
        return (
            difference.aspect == "outcome"
            and difference.function in self.functions
            and difference.original == self.original
            and self.ours in (difference.ours, WHATEVER)
            and self.holds(stage)
        )


WHATEVER = object()
"""Ours answers anything else: what the original checks first holds for ours."""


def _nothing_to_sell(stage: "Stage") -> bool:
    """Tell whether no component of the rebalance is above its target, but for rounding."""
    components = stage.index_module.getRebalanceComponents.peek()
    targets = stage.index_module.getTargetUnits.peek(components)
    units = map(stage.set.getDefaultPositionRealUnit.peek, components)
    supply = stage.set.totalSupply.peek()

    def sold(unit: int, target: int) -> bool:
        whole = supply * unit // 10**18 > -(-supply * target // 10**18)
        return unit - target <= 2 or (supply > 0 and not whole)

    return all(sold(unit, target) for unit, target in zip(units, targets, strict=True))


AT_RANDOM: dict[str, tuple[Outcomes, ...]] = {
    "V-1": (
        Outcomes(("startRebalance",), "WETH cannot be an index component"),
        Outcomes(
            ("raiseAssetTargets",), "Targets must be met and ETH remaining in order to raise target"
        ),
    ),
    "V-2": (
        Outcomes(
            ("tradeRemainingWETH",),
            "Must sell all sellable tokens before can be called",
            WHATEVER,
            _nothing_to_sell,
        ),
    ),
    "V-10": (Outcomes(("updateStreamingFee",), "Fee must be less than max"),),
    "V-13": (Outcomes(("trade", "tradeRemainingWETH"), "SafeMath: subtraction overflow"),),
}
"""Differences between outcomes that random sequences may run into."""
