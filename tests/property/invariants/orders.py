"""What a rebalance wants, and what each trade must lead to."""

from fractions import Fraction

from invariants.guards import Guards
from invariants.mirror import (
    E18,
    UNIT_TOLERANCE,
    mul_down,
    mul_up,
    refuse_unless,
    unit_after,
    virtual,
)
from invariants.play import Changes
from invariants.system import INDEX_MODULES
from invariants.venues import Key, Swap


class Orders(Guards):
    """Who knows what is to be traded, and what comes of it."""

    # ------------------------------------------------------------ needs

    def target(self, index: str, token: str) -> int:
        """Return a component's target at the index's present multiplier, D18{comp/set}."""
        module = INDEX_MODULES[index]
        multiplier = self.state["positionMultiplier", index]
        made_for = self.state["positionMultiplier", module]
        return self.state["target", module, token] * multiplier // made_for

    def parts(self, index: str) -> list[str]:
        """Return who takes part in the rebalance."""
        module = INDEX_MODULES[index]
        return self.system.named(self.state, "part", module, self.state["parts", module])

    def by_need(self, index: str) -> list[str]:
        """Return who takes part: what is to be sold first, by the share that is missing."""

        def missing(token: str) -> Fraction:
            have, want = self.state["unit", index, token], self.target(index, token)
            return Fraction(want - have, max(want, have, 1))

        return sorted(self.parts(index), key=missing)

    def wanted(self, index: str, place: int) -> str:
        """Return a component that is not at its target; nothing if there is none."""
        names = [
            token
            for token in self.by_need(index)
            if self.target(index, token) != self.state["unit", index, token]
        ]
        return names[place % len(names)] if names else ""

    def is_unfinished(self, index: str, *, buys_too: bool) -> bool:
        """Return whether something is to be sold, or, if purchases count, to be bought."""
        for token in self.parts(index):
            unit, target = self.state["unit", index, token], self.target(index, token)
            if unit > target + UNIT_TOLERANCE:
                supply = self.state["totalSupply", index]
                if supply == 0 or mul_down(supply, unit) > mul_up(supply, target):
                    return True
            elif buys_too and target > unit + UNIT_TOLERANCE:
                return True
        return False

    # ------------------------------------------------------------ what is expected

    def expect_trading(self, module: str, by: str) -> None:
        """Expect a refusal of who may not trade, or trades too late."""
        self.expect_trader(module, by)
        deadline = self.state["deadline", module]
        refuse_unless(deadline == 0 or self.time <= deadline, "Rebalance has expired")

    def expect_one(
        self, index: str, token: str, limit: int | None, free: set[Key]
    ) -> tuple[Swap, Changes]:
        """Return one trade and everything that it changes."""
        self.expect_tradeable(INDEX_MODULES[index], token)
        swap = self.wanted_swap(index, token)
        sold, bought, changes = self.expect_trade(swap, free)
        if limit is not None and swap.sell == "weth":
            refuse_unless(sold <= limit, "WETH spent above limit")
        elif limit is not None:
            refuse_unless(bought >= limit, "WETH received below limit")
        return swap, changes

    def expect_trader(self, module: str, by: str) -> None:
        """Expect a refusal of anyone who is not allowed to trade (I-11)."""
        allowed = self.state["anyoneTrade", module] or self.state.get(("trader", module, by), 0)
        refuse_unless(bool(allowed), "Address not permitted to trade")

    def expect_tradeable(self, module: str, token: str) -> None:
        """Expect a refusal of what takes no part, or is not its turn."""
        s = self.state
        part = token in self.participants[module]
        refuse_unless(part, "Passed component not included in rebalance")
        refuse_unless(s["exchange", module, token] != 0, "Exchange must be specified")
        pause = s["pause", module, token]
        elapsed = self.traded.get((module, token), 0) + pause <= self.time
        refuse_unless(elapsed, "Cool off period has not elapsed.")

    def wanted_swap(self, index: str, token: str) -> Swap:
        """Return the swap that takes a component towards its target."""
        s, module = self.state, INDEX_MODULES[index]
        unit, target, supply = (
            s["unit", index, token],
            self.target(index, token),
            s["totalSupply", index],
        )
        refuse_unless(unit != target, "Target already met")
        held, want = mul_down(supply, unit), mul_up(supply, target)
        most, exchange = s["size", module, token], s["exchange", module, token]
        if want > held:
            return Swap(index, "weth", token, False, min(most, want - held), exchange)
        return Swap(index, token, "weth", True, min(most, held - want), exchange)

    def expect_trade(self, swap: Swap, free: set[Key]) -> tuple[int, int, Changes]:
        """Return what is sold and bought, and everything that changes."""
        s, index, module = self.state, swap.index, INDEX_MODULES[swap.index]
        sold, bought, changes, unknown = self.expect_swap(swap)
        supply = s["totalSupply", index]
        after = {
            swap.sell: s["balance", swap.sell, index] - sold,
            swap.buy: s["balance", swap.buy, index] + bought,
        }
        multiplier, stored = s["positionMultiplier", index], {}
        for token, balance in after.items():
            before, unit = s["balance", token, index], s["unit", index, token]
            stored[token] = unit_after(supply, before, balance, unit)
        stored = {token: virtual(unit, multiplier) for token, unit in stored.items()}

        free |= unknown
        names = self.components(index)
        for token, unit in stored.items():
            # What a claim stands for and is not there, no trade brings back.
            stray = s["balance", token, index] - self.tracked(index, token)
            short = s["claims", index, token] - max(0, stray)
            self.slack[index, token] = max(0, short) * E18**2
            self.virtual[index, token] = unit
            changes["balance", token, index] = after[token]
            changes["unit", index, token] = self.unit_of(index, token)
            _keep_in_step(names, token, unit > 0)
            changes["listed", index, token] = token in names
        component = swap.component
        if component not in names and component not in self.listed[module]:
            self.listed[module].append(component)
        self.traded[module, component] = self.time
        changes["last", module, component] = self.time
        changes |= self.list_changes(index, names) | self.part_changes(module, names)
        self.expect_judgement(swap, sold, bought, changes)
        return sold, bought, changes

    def expect_end(self, module: str) -> Changes:
        """Return what changes when a rebalance ends: nothing takes part any more."""
        refuse_unless(self.phase[module] == "under way", "No rebalance under way")
        self.phase[module] = "ended"
        self.participants[module] = set()
        self.listed[module] = []
        return self.part_changes(module)

    def is_bought(self, index: str, token: str) -> bool:
        """Return whether a component is below its target."""
        return self.target(index, token) > self.state["unit", index, token]


def _keep_in_step(names: list[str], token: str, has_unit: bool) -> None:
    """Put a token on a list or take it off; the last one takes its place."""
    if has_unit and token not in names:
        names.append(token)
    elif not has_unit and token in names:
        place, last = names.index(token), names.pop()
        if last != token:
            names[place] = last
