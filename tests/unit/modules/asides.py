"""Asides: what is played and then undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from ape.managers.chain import ChainManager


@contextmanager
def undone(chain: ChainManager) -> Iterator[None]:
    """Undo on the chain what happens within; a failure is passed on.

    Ape's own ``chain.isolate()`` swallows every exception, also a failed assertion.
    """
    snapshot = chain.snapshot()
    try:
        yield
    finally:
        chain.restore(snapshot)
