"""What it costs to deploy the protocol."""

from collections.abc import Iterator
from typing import Any

from twins.scenario import Theatre
from twins.world import VENUES, World, as_blueprint, creation_code

from bench.meter import Measured
from indexkit import deploy
from indexkit.localnet import addresses


def deployments(theatre: Theatre) -> Iterator[Measured]:
    """Deploy each contract once more, on both sides.

    The original's creator contains its SetToken; ours refers to a blueprint, and to one SetToken
    whose code all others share.
    """
    snapshot = theatre.node.snapshot()
    original, ours = theatre.worlds["original"], theatre.worlds["ours"]
    for kind in _arguments(original, theatre):
        costs = [_gas(theatre, one, kind) for one in (original, ours)]
        yield Measured(f"deploy {kind}", None, *costs)
    arguments = deploy.logic_arguments(ours.contracts["controller"].address)
    for name, code in (
        ("the SetTokens' blueprint", as_blueprint(creation_code("SetTokenShell"))),
        ("the SetTokens' shared code", ours.creation_code("SetToken", *arguments)),
    ):
        yield Measured(f"deploy {name}", None, None, _sent(theatre, code))
    theatre.node.restore(snapshot)


def _gas(theatre: Theatre, world: World, kind: str) -> int:
    code = world.creation_code(kind, *_arguments(world, theatre)[kind])
    return _sent(theatre, code)


def _sent(theatre: Theatre, code: bytes) -> int:
    receipt = theatre.node.send(theatre.actors["owner"], None, code)
    assert receipt["status"] == "0x1", "not deployed"
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
        "AaveGovernanceAdapter": (addresses.AAVE_V1_GOVERNANCE, addresses.AAVE),
        "AaveGovernanceV2Adapter": (addresses.AAVE_GOVERNANCE, addresses.AAVE),
        "CompoundLikeGovernanceAdapter": (addresses.UNISWAP_GOVERNOR, addresses.UNI),
        "CompoundBravoGovernanceAdapter": (addresses.UNISWAP_GOVERNOR, addresses.UNI),
        "SnapshotGovernanceAdapter": (addresses.SNAPSHOT_DELEGATE_REGISTRY,),
    }
