"""An index that is declared after the hand-over: who acts is told, and it is handed over too."""

from dataclasses import replace

import pytest
from ape import project
from ape.api import AccountAPI
from lives import Deployment

from indexkit.deployment.accepting import accept
from indexkit.errors import IndexkitError
from indexkit.safe import Call, Safe

ENABLED = "index.NEXT.module_enabled"


@pytest.fixture
def grown(deployment: Deployment, safe_owners: list[AccountAPI]) -> Deployment:
    """Hand everything over, then declare a second index."""
    deployment.hand_over()
    accept(project, deployment.manifest, safe_owners[:2])
    (index,) = deployment.declaration.indices
    another = replace(index, symbol="NEXT", components=index.components[:1])
    deployment.declaration = replace(deployment.declaration, indices=(index, another))
    return deployment


def test_run__index_that_is_declared_later(
    grown: Deployment, receiving_safe: Safe, safe_owners: list[AccountAPI]
) -> None:
    """The deployer cannot enable its module: the owner does, and the same command goes on."""
    with pytest.raises(IndexkitError) as told:
        grown.resume()
    module = grown.manifest.addresses["index.NEXT.module"]
    controller = grown.at("protocol.controller")
    assert f"have {receiving_safe.address}, the owner of Controller {controller.address}" in str(
        told.value
    )
    assert f'call addModule with ["{module}"]' in str(told.value)

    receiving_safe.run(safe_owners[:2], Call.of(controller, "addModule", module))
    grown.resume()
    assert grown.manifest.steps[ENABLED].transaction is None
    assert [step.id for step in grown.handover().left] == ["handover.index.NEXT.token"]
    grown.hand_over()

    assert grown.manifest.roles["NEXT.manager"] == grown.manifest.addresses["index.NEXT.manager"]
    assert grown.handover().left == ()


def test_run__hand_over_under_way(deployment: Deployment) -> None:
    """Nothing is deployed while a step of the hand-over is signed and not known to be mined."""
    (index,) = deployment.declaration.indices
    assert deployment.killed_at(1, deployment.hand_over)
    assert deployment.manifest.sent == "handover.protocol.controller"
    another = replace(index, symbol="NEXT")
    deployment.declaration = replace(deployment.declaration, indices=(index, another))

    with pytest.raises(IndexkitError, match=r"index\.NEXT\.module waits for: run 'ape run handov"):
        deployment.resume()
