"""The execution guard, mirrored: reference prices, bounds and the losses of a rebalance (I-14)."""

from collections import ChainMap
from collections.abc import Iterable, Mapping

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invariants import draws
from invariants.market import PAIR_OF, PAIRS
from invariants.mirror import E18, refuse_unless
from invariants.play import Changes, Reading
from invariants.system import INDEX_MODULES, SET_OF, WINDOW_S
from invariants.venues import BALANCER, Key, Swap, Venues

MOST_WINDOWS = 4
MOST_DEVIATION = 2 * 10**17
UNISWAP = 1


class Guards(Venues):
    """Who knows what the guard says to a trade."""

    @rule()
    def observe(self) -> None:
        """Have the guard remember the prices of all pairs, as a stranger."""
        self.do_observe()

    def do_observe(self) -> None:
        """Have the guard remember the prices of all pairs that have any."""
        tokens = [token for token in PAIR_OF if all(self.reserves(token))]

        def expect() -> Changes:
            for token in tokens:
                self._note(token, self.state, (0, 1))
            return {}

        pairs = [PAIR_OF[token] for token in tokens]
        self.act("guard.observe", pairs, by="stranger", expect=expect)

    @draws.seldom(
        index=draws.index,
        deviation=st.sampled_from([0, 10**16, 5 * 10**16, MOST_DEVIATION, MOST_DEVIATION + 1]),
        liquidity=st.sampled_from([0, 10**20, 10**22]),
        budget=st.sampled_from([0, 10**18, 10**20, 10**25]),
        by=draws.by_manager,
    )
    def configure(self, index: str, deviation: int, liquidity: int, budget: int, by: str) -> None:
        """Set the bounds of an index's trades."""
        module, manager = INDEX_MODULES[index], self.holder(("manager", index))
        by = manager if by == "manager" else by

        def expect() -> Changes:
            refuse_unless(bool(self.state["index", module]), "")
            refuse_unless(by == manager, "Must be the SetToken manager")
            refuse_unless(deviation > 0, "Deviation must be > 0")
            refuse_unless(deviation <= MOST_DEVIATION, "Deviation too large")
            return {
                ("deviation", module): deviation,
                ("liquidity", module): liquidity,
                ("budget", module): budget,
            }

        arguments = (module, deviation, liquidity, budget)
        self.act("guard.configure", *arguments, by=by, expect=expect)

    def is_guarded(self, index: str) -> bool:
        """Return whether a guard judges an index's trades."""
        return bool(self.state["guard", INDEX_MODULES[index]])

    # ------------------------------------------------------------ what is expected

    def expect_judgement(self, swap: Swap, sold: int, bought: int, changes: Changes) -> None:
        """Count what a swap lost against the reference price.

        Raises
        ------
        RevertedError
            If the guard refuses it.
        """
        if not self.is_guarded(swap.index):
            return
        s, module = self.state, INDEX_MODULES[swap.index]
        refuse_unless(s["deviation", module] > 0, "Guard not configured")
        token = swap.component
        exchange = UNISWAP if swap.exchange == BALANCER else swap.exchange
        refuse_unless((exchange, token) in PAIRS, "Reference pool missing")
        after: Mapping[Key, int] = ChainMap(changes, s)
        price = self.reference_price(token, swap.sell, after)
        low = self.word(token) < self.word("weth")
        refuse_unless(
            after["reserve", token, int(low)] >= s["liquidity", module], "Reference pool too thin"
        )
        # To parts of a base unit: UQ112x112{bought}, rounded against the trade
        within = (bought << 112) // (E18 - s["deviation", module]) * E18 >= sold * price
        refuse_unless(within, "Price outside guard")
        if swap.sell == "weth":
            loss = max(0, sold - (bought << 112) // price)
        else:
            loss = max(0, (sold * price >> 112) - bought)
        nonce = (module, s["rebalanceNonce", module])
        total = self.losses.get(nonce, 0) + loss
        refuse_unless(total <= s["budget", module], "Loss budget used up")
        self.losses[nonce] = total
        self._note(token, after, [self._side(token, swap.sell)])

    def reference_price(self, token: str, sell: str, state: Mapping[Key, int]) -> int:
        """Return the mean price of what is sold, UQ112x112{bought/sold}.

        Raises
        ------
        RevertedError
            If there is none.
        """
        reserves = [state["reserve", token, place] for place in (0, 1)]
        refuse_unless(all(reserves), "Reference pool too thin")
        side = self._side(token, sell)
        time, before = self._start(token, side)
        grown = (self.cumulative(token, state)[side] - before) % 2**256
        return grown // (self.time - time)

    def _side(self, token: str, sell: str) -> int:
        """Return which token of a pair is sold, 0 or 1."""
        other = "weth" if sell == token else token
        return 0 if self.word(sell) < self.word(other) else 1

    def _start(self, token: str, side: int) -> Reading:
        """Return the younger of the readings that are old enough."""
        known = self.readings.get((token, side), [])
        old = [reading for reading in known if self.time - reading[0] >= WINDOW_S]
        refuse_unless(bool(old), "Price history too short")
        start = max(old)
        young = self.time - start[0] <= MOST_WINDOWS * WINDOW_S
        refuse_unless(young, "Price history too old")
        return start

    def _note(self, token: str, state: Mapping[Key, int], sides: Iterable[int]) -> None:
        """Remember prices of a pair, each unless its last reading is young."""
        for side in sides:
            known = self.readings.get((token, side), [])
            if not known or self.time - known[-1][0] >= WINDOW_S:
                reading = self.time, self.cumulative(token, state)[side]
                self.readings[token, side] = [*known, reading][-2:]

    def i_14_losses_are_within_the_budget(self, index: str) -> None:
        """I-14: what a rebalance lost by the guard's prices is what was counted, and agreed."""
        module = INDEX_MODULES[index]
        nonce = self.state["rebalanceNonce", module]
        counted = self.system.ask("guard.totalLoss", module, index, nonce)
        assert counted == self.losses[module, nonce], f"the guard counts {counted}"
        assert counted <= self.state["budget", module], f"{counted} lost"


__all__ = ["SET_OF", "Guards"]
