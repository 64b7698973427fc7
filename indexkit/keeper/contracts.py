"""The contracts a keeper works with, and what it reads from them before each step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexkit import guarding, plan
from indexkit.deployment import networks
from indexkit.localnet import token_at
from indexkit.rebalance_data import Component, Rebalance

if TYPE_CHECKING:
    from indexkit.published_index import Index

UNLIMITED = 2**256 - 1
WETH = "WETH"


@dataclass(frozen=True, slots=True)
class Holding:
    """What the index holds of one component, and what it should.

    Attributes
    ----------
    unit, target
        D18{comp/set}
    missing
        To be bought, or (negative) to be sold {comp}.
    size
        Of the next trade, with the sign of `missing` {comp}.
    """

    unit: int
    target: int
    missing: int
    size: int

    @property
    def met(self) -> bool:
        """Whether the module takes the target as met, or nothing is left to trade."""
        return self.size == 0 or abs(self.unit - self.target) <= plan.UNIT_TOLERANCE


@dataclass(frozen=True, slots=True)
class Asset:
    """A component's record in the module.

    Attributes
    ----------
    target
        D18{comp/set} at the multiplier of the rebalance.
    max_trade_size
        {comp}
    cool_off, last_trade
        {s}
    exchange
        Id.
    """

    target: int
    max_trade_size: int
    cool_off: int
    last_trade: int
    exchange: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the index is at a block.

    Attributes
    ----------
    units, balances
        By symbol, WETH included: D18{comp/set}, {comp}.
    """

    block: int
    time: int
    total_supply: int
    position_multiplier: int
    units: dict[str, int]
    balances: dict[str, int]


@dataclass(frozen=True, slots=True)
class Contracts:
    """An index, the module that rebalances it, and the guard that judges the trades, if any."""

    token: Any
    module: Any
    guard: Any | None

    @classmethod
    def of(cls, index: "Index") -> "Contracts":
        """Return those of an index of one's own."""
        guarded = index.module.guard() != guarding.NO_GUARD
        return cls(index.token, index.module, index.protocol.guard if guarded else None)

    def holding(self, component: Component) -> Holding:
        """Read what the index holds of a component and the size of its next trade."""
        supply = self.token.totalSupply()
        unit = self.token.getDefaultPositionRealUnit(component.address)
        (target,) = self.module.getTargetUnits([component.address])
        missing = plan.trade_size(supply, unit, target, UNLIMITED)
        limit = component.max_trade_size
        return Holding(unit, target, missing, size=max(-limit, min(limit, missing)))

    def cash(self) -> int:
        """Read the WETH that belongs to the index's units {wei}."""
        unit = self.token.getDefaultPositionRealUnit(networks.here().venues.weth)
        return plan.current_notional(self.token.totalSupply(), unit)

    def asset(self, component: Component) -> Asset:
        """Read a component's record."""
        return Asset(*map(int, self.module.assetInfo(component.address)))

    def loss(self, nonce: int) -> int | None:
        """Read what a rebalance has lost against the guard's prices {wei}; None unguarded."""
        if self.guard is None:
            return None
        return int(self.guard.totalLoss(self.module, self.token, nonce))

    def loss_budget(self) -> int | None:
        """Read what a rebalance may lose {wei}; None unguarded."""
        if self.guard is None:
            return None
        return int(self.guard.getBounds(self.module, self.token)[2])

    def targets(self, rebalance: Rebalance) -> dict[str, int]:
        """Read the targets at the index's present multiplier D18{comp/set}."""
        found = self.module.getTargetUnits([c.address for c in rebalance.components])
        return dict(zip((c.symbol for c in rebalance.components), map(int, found), strict=True))

    def snapshot(self, rebalance: Rebalance, number: int, time: int, **at: Any) -> Snapshot:
        """Read what the index is.

        Parameters
        ----------
        number, time
            Of the block.
        at
            ``block_id`` for a block that is not the latest.
        """
        token, weth = self.token, networks.here().venues.weth
        held = {c.symbol: c.address for c in rebalance.components} | {WETH: weth}
        return Snapshot(
            number,
            time,
            int(token.totalSupply(**at)),
            int(token.positionMultiplier(**at)),
            {s: int(token.getDefaultPositionRealUnit(a, **at)) for s, a in held.items()},
            {s: int(token_at(a).balanceOf(token.address, **at)) for s, a in held.items()},
        )
