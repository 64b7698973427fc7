"""What it costs to deploy the protocol."""

from collections.abc import Iterator
from typing import Any

from twins.scenario import Theatre
from twins.world import VENUES, World, blueprint_code

from bench.meter import Measured
from indexkit.localnet import addresses


def deployments(theatre: Theatre) -> Iterator[Measured]:
    """Deploy each contract once more, on both sides.

    The original's creator contains its SetToken, ours refers to a blueprint: creating a SetToken
    takes both.
    """
    snapshot = theatre.node.snapshot()
    original, ours = theatre.worlds["original"], theatre.worlds["ours"]
    for kind in _arguments(original, theatre):
        costs = [_gas(theatre, one, kind) for one in (original, ours)]
        yield Measured(f"deploy {kind}", None, *costs)
    receipt = theatre.node.send(theatre.actors["owner"], None, blueprint_code())
    yield Measured("deploy the SetToken's blueprint", None, None, int(receipt["gasUsed"], 16))
    theatre.node.restore(snapshot)


def _gas(theatre: Theatre, world: World, kind: str) -> int:
    code = world.creation_code(kind, *_arguments(world, theatre)[kind])
    receipt = theatre.node.send(theatre.actors["owner"], None, code)
    assert receipt["status"] == "0x1", f"{kind} was not deployed"
    return int(receipt["gasUsed"], 16)


def _arguments(world: World, theatre: Theatre) -> dict[str, tuple[Any, ...]]:
    """Return the original's constructor arguments, by contract."""
    controller = world.contracts["controller"].address
    return {
        "Controller": (theatre.actors["fee_recipient"],),
        "IntegrationRegistry": (controller,),
        "SetTokenCreator": (controller,),
        "BasicIssuanceModule": (controller,),
        "StreamingFeeModule": (controller,),
        "GovernanceModule": (controller,),
        "SingleIndexModule": (controller, *VENUES),
        "AaveGovernanceV2Adapter": (addresses.AAVE_GOVERNANCE, addresses.AAVE),
        "CompoundLikeGovernanceAdapter": (addresses.UNISWAP_GOVERNOR, addresses.UNI),
        "CompoundBravoGovernanceAdapter": (addresses.UNISWAP_GOVERNOR, addresses.UNI),
    }
