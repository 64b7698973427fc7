"""Contracts with one line broken, each of which the machine must find."""

from collections.abc import Mapping
from dataclasses import dataclass

from twins.node import Node

from invariants.code import changed
from invariants.prepare import prepare
from invariants.run import Run
from invariants.system import System

SEED = 1


@dataclass(frozen=True)
class Variant:
    """A broken contract.

    Attributes
    ----------
    name
        What is wrong.
    kinds
        The contracts that the source is part of.
    path
        Of the source.
    passages
        What is replaced by what.
    """

    name: str
    kinds: tuple[str, ...]
    path: str
    passages: Mapping[str, str]


def find(node: Node, variant: Variant, *, steps: int) -> str | None:
    """Play on a broken system until something fails, and say what; None if nothing does."""
    base = node.snapshot()
    try:
        code = changed(variant.name, variant.kinds, variant.path, variant.passages)
        system = System(node, code)
        prepare(system)
        run = Run(system)
        try:
            run.play(steps, SEED, shrink=False)
        except (AssertionError, BaseExceptionGroup) as failure:
            return f"after {run.steps:,} steps: {_first(failure)}"
        return None
    finally:
        node.restore(base)


def _first(failure: BaseException) -> str:
    """Return the first line of a failure, or of the first one in a group."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return f"{failure}".splitlines()[0]


_SET = ("SetToken", "SetTokenShell")
_ACTIONS = _SET, "contracts/lib/set_actions.vy"
_ISSUANCE = ("BasicIssuanceModule",), "contracts/modules/BasicIssuanceModule.vy"
_INDEX = ("SingleIndexModule",)
_MODULE = _INDEX, "contracts/modules/SingleIndexModule.vy"
_TRADING = _INDEX, "contracts/lib/index_trading.vy"
_FEE = ("StreamingFeeModule",), "contracts/modules/StreamingFeeModule.vy"
_GUARD = ("ExecutionGuard",), "contracts/guards/ExecutionGuard.vy"

VARIANTS = {
    variant.name: variant
    for variant in (
        Variant(
            "issue_rounds_down",
            *_ISSUANCE,
            {
                "_setToken, math.mul_up(units[i], _quantity)": (
                    "_setToken, math.mul_down(units[i], _quantity)"
                )
            },
        ),
        Variant(
            "redeem_rounds_up",
            *_ACTIONS,
            {"math.mul_down(unit, _quantity)": "math.mul_up(unit, _quantity)"},
        ),
        Variant(
            "claim_stays_when_collected",
            ("BasicIssuanceModule",),
            "contracts/lib/frozen_claims.vy",
            {"[msg.sender] = claim - _claim": "[msg.sender] = claim"},
        ),
        Variant(
            "held_set_lets_others_in",
            _SET,
            "contracts/lib/module_lock.vy",
            {'msg.sender == holder, "When held, only the holder can call"': 'True, "No"'},
        ),
        Variant(
            "cool_off_is_ignored",
            *_MODULE,
            {"math.add(asset.last_trade, asset.cool_off) <= block.timestamp": "True"},
        ),
        Variant(
            "size_is_ignored",
            *_TRADING,
            {
                "min(_asset.max_size, missing)": "missing",
            },
        ),
        Variant(
            "tolerance_is_dropped",
            _INDEX,
            "contracts/lib/index_targets.vy",
            {"UNIT_TOLERANCE: constant(uint256) = 2": "UNIT_TOLERANCE: constant(uint256) = 0"},
        ),
        Variant(
            "gifts_are_absorbed",
            *_ACTIONS,
            {"min(_before, math.mul_down(held, supply))": "_before"},
        ),
        Variant(
            "traders_stay_allowed",
            _INDEX,
            "contracts/lib/index_settings.vy",
            {"[_traders[i]] = _statuses[i]": "[_traders[i]] = True"},
        ),
        Variant(
            "allowance_stays_at_the_proxy",
            _INDEX,
            "contracts/lib/index_venues.vy",
            {
                "self._approve_balancer(_index, _sell, allowed)": (
                    "self._approve_balancer(_index, _sell, allowed + 1)"
                ),
                "        self._approve_balancer(_index, _sell, 0)": "        pass",
            },
        ),
        Variant(
            "removed_module_remembers",
            *_MODULE,
            {
                "    state.nonce += 1\n    state.epoch = state.nonce": "    state.nonce += 1",
                "        state.epoch = state.nonce\n": "",
            },
        ),
        Variant(
            "cancelled_rebalance_goes_on",
            _INDEX,
            "contracts/lib/index_start.vy",
            {"    state.ended = True": "    state.ended = False"},
        ),
        Variant(
            "fee_is_taken_twice",
            *_FEE,
            {"(block.timestamp << TIME_SHIFT)": "((block.timestamp - 1) << TIME_SHIFT)"},
        ),
        Variant(
            "multiplier_stays_high",
            *_FEE,
            {"math.PRECISE_UNIT - _inflation), int256)": "math.PRECISE_UNIT), int256)"},
        ),
        Variant(
            "guard_judges_no_price",
            *_GUARD,
            {"math.mul(bought // (ONE - agreed.max_deviation), ONE) >= value": "True"},
        ),
        Variant(
            "guard_forgets_losses",
            *_GUARD,
            {"self.totalLoss[msg.sender][_index][_nonce] + loss": "loss"},
        ),
    )
}
"""By their names."""
