"""The original protocol in the market of a published rebalance, executed like ours."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from twins.world import VENUES
from twins.world import original as artifact_of

from indexkit import deploy, guarding, published_index
from indexkit.plan import WAD, div_ceil
from indexkit.published_index import SET_UP_ACCOUNT, Index, Roles
from indexkit.rebalance_data import Rebalance


def original_index(rebalance: Rebalance, roles: Roles) -> Index:
    """Deploy the original and create the index as published, as `create_published_index` does."""

    def put(kind: str, *arguments: Any) -> Any:
        return roles.owner.deploy(artifact_of(kind).container(), *arguments)

    controller = put("Controller", roles.owner)
    creator = put("SetTokenCreator", controller)
    modules = {
        "issuance": put("BasicIssuanceModule", controller),
        "streaming_fee": put("StreamingFeeModule", controller),
        "governance": put("GovernanceModule", controller),
    }
    module = put("SingleIndexModule", controller, *VENUES)
    known = [*modules.values(), module, SET_UP_ACCOUNT]
    controller.initialize([creator], known, [], [], sender=roles.owner)
    protocol: Any = SimpleNamespace(controller=controller, creator=creator, **modules)
    project: Any = SimpleNamespace(SetToken=artifact_of("SetToken").container())
    token = deploy.create_set(
        project,
        protocol,
        roles.manager,
        components=[c.address for c in rebalance.old_components],
        units=[
            div_ceil(c.current_unit * WAD, rebalance.position_multiplier)
            for c in rebalance.old_components
        ],
        modules=known,
        name=rebalance.index_name,
        symbol=rebalance.index,
    )
    index = Index(token, module, protocol, roles)
    published_index._write_multiplier(index, rebalance.position_multiplier)
    published_index._initialise_modules(index)
    published_index._issue(index, rebalance)
    published_index._check(index, rebalance)
    return index


def executable(index: Index) -> Index:
    """Return an index of the original that can be executed like ours."""
    token: Any = AsOurs(index.token)
    module: Any = AsOurs(index.module)
    return replace(index, token=token, module=module)


UNLIMITED = {
    "tradeWithLimit": "trade",
    "tradeRemainingWETHWithLimit": "tradeRemainingWETH",
}
"""What the original calls its trades, which take whatever they bring."""


class AsOurs:
    """An original contract with the few functions more that an execution asks ours for.

    The original knows no limits of a trade and no guard.
    """

    def __init__(self, contract: Any) -> None:
        self._contract = contract

    def __getattr__(self, name: str) -> Any:
        if name not in UNLIMITED:
            return getattr(self._contract, name)
        return Unlimited(getattr(self._contract, UNLIMITED[name]))

    def guard(self) -> str:
        """Return that there is none."""
        return guarding.NO_GUARD

    def deadline(self) -> int:
        """Return that there is none."""
        return 0

    def rebalanceNonce(self) -> int:  # noqa: N802
        """Return that there was one: the original does not count."""
        return 1


class Unlimited:
    """A trade of the original, called with a limit that it does not know."""

    def __init__(self, trade: Any) -> None:
        self._trade = trade

    def encode_input(self, component: str, _limit: int) -> bytes:
        """Return its calldata."""
        return bytes(self._trade.encode_input(component))
