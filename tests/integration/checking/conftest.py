"""A declared deployment on the localnet, that tests plant faults in."""

from collections.abc import Sequence

import pytest
from ape.api import AccountAPI
from checked_house import House, deploy_house


@pytest.fixture(scope="module")
def deployed_house(
    accounts: Sequence[AccountAPI], tmp_path_factory: pytest.TempPathFactory
) -> House:
    """Deploy; the deployer has every role still."""
    return deploy_house(accounts, tmp_path_factory.mktemp("checked"))


@pytest.fixture(scope="module")
def handed_over_house(deployed_house: House) -> House:
    """Give every role to whom it is declared for."""
    deployed_house.hand_over()
    return deployed_house
