"""Isolation: a test starts from the chain of its module, a module from that of the session.

Takes the place of Ape's own, which makes fixtures anew when one of a wider scope comes late, and
mixes up those of one name. Here whatever has a session's scope is made before its module begins:

    session's fixtures | snapshot | module's fixtures | snapshot | test | restore … | restore
"""

from collections.abc import Iterator
from typing import Any

import ape
import pytest

WIDE = ("session", "package", "module", "class")
_tests_running: list[bool] = []


def pytest_configure(config: pytest.Config) -> None:
    """Switch Ape's isolation off."""
    config.option.disable_isolation = True


@pytest.fixture(scope="module", autouse=True)
def chain_of_the_module(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make all that this module's tests need of the session; forget what they leave."""
    for name in _of_the_session(request):
        request.getfixturevalue(name)
    yield from _restored()


@pytest.fixture(autouse=True)
def chain_of_the_test(chain_of_the_module: None) -> Iterator[None]:
    """Forget what the test did."""
    _tests_running.append(True)
    yield from _restored()
    _tests_running.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Iterator[None]:
    """Refuse a fixture that outlives the test which made it, if it is on the chain.

    Raises
    ------
    RuntimeError
        The test asks for it by name while it runs, so that it could not be made before.
    """
    late = fixturedef.scope in WIDE and _tests_running
    height = ape.chain.blocks.height if late else 0
    result = yield
    if late and ape.chain.blocks.height != height:
        raise RuntimeError(
            f"{fixturedef.argname} is made within a test, and its chain is restored: name it in "
            "the test's arguments or in usefixtures."
        )
    return result


def _restored() -> Iterator[None]:
    snapshot = ape.chain.snapshot()
    yield
    ape.chain.restore(snapshot)


def _of_the_session(request: pytest.FixtureRequest) -> list[str]:
    """Return the session's fixtures that tests of this module name, or their fixtures do."""
    names: dict[str, None] = {}
    for item in request.session.items:
        if item.getparent(pytest.Module) is request.node:
            for name, found in item._fixtureinfo.name2fixturedefs.items():
                if found[-1].scope == "session" and found[-1].params is None:
                    names[name] = None
    return list(names)
