"""A deployment of the localnet that is declared for a Safe and a methodologist, and finished."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from ape import project
from ape.api import AccountAPI
from lives import Deployment, compiled, counted_lives, localnet_declaration

from indexkit.deployment.accepting import accept
from indexkit.deployment.declaration import Declaration
from indexkit.safe import Safe, create_safe

OWNERS = slice(10, 13)
THRESHOLD = 2


@pytest.fixture(scope="module")
def safe_owners(accounts: Sequence[AccountAPI]) -> list[AccountAPI]:
    """Return the three owners of the Safe, two of whom must sign."""
    return list(accounts[OWNERS])


@pytest.fixture(scope="module")
def receiving_safe(owner: AccountAPI, safe_owners: list[AccountAPI]) -> Safe:
    """Create the Safe that is declared as owner and as operator."""
    return create_safe(safe_owners, THRESHOLD, owner, salt=77)


@pytest.fixture(scope="module")
def for_the_safe(receiving_safe: Safe) -> Declaration:
    """Declare the localnet's index for the Safe and, as before, its methodologist; no governors."""
    declaration = localnet_declaration()
    assert declaration.dao is not None
    (index,) = declaration.indices
    address = receiving_safe.address
    return replace(
        declaration,
        protocol=replace(declaration.protocol, owner=address, governors=()),
        indices=(replace(index, operator=address),),
        dao=replace(declaration.dao, owner=address),
    )


@pytest.fixture(scope="module")
def lives(
    owner: AccountAPI, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Declaration], Deployment]]:
    """Return a function that makes a deployment whose events are counted."""
    with counted_lives() as named:

        def make(declaration: Declaration) -> Deployment:
            path = tmp_path_factory.mktemp("handover") / "manifest.json"
            return named(Deployment(compiled(), owner, declaration, path))

        yield make


@pytest.fixture(scope="module")
def finished(lives: Callable[[Declaration], Deployment], for_the_safe: Declaration) -> Deployment:
    """Deploy all of it."""
    deployment = lives(for_the_safe)
    deployment.resume()
    return deployment


@pytest.fixture(scope="module")
def handed(finished: Deployment, safe_owners: list[AccountAPI]) -> Deployment:
    """Hand everything over, and have the Safe accept it."""
    finished.hand_over()
    accept(project, finished.manifest, safe_owners[:2])
    return finished


@pytest.fixture
def deployment(lives: Callable[[Declaration], Deployment], finished: Deployment) -> Deployment:
    """Return that deployment, with a manifest for one test alone."""
    copied = lives(finished.declaration)
    shutil.copy(finished.path, copied.path)
    return copied


@pytest.fixture
def outsider(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Return somebody whom no declaration names."""
    return accounts[8]
