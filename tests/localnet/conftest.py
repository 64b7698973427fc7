"""What the tests of the localnet take for granted."""

import pytest

from indexkit.localnet import is_embedded, selected_market
from indexkit.localnet.state import DEFAULT_MARKET


@pytest.fixture(scope="session", autouse=True)
def embedded_default_market():
    """Skip on a fork of a live chain, and on another market than the default one."""
    if not is_embedded() or selected_market().name != DEFAULT_MARKET:
        pytest.skip("tests of the embedded chain of the default market")
