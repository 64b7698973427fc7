"""Kills mutants by conformance scenarios: the original is recorded once, only ours is replayed."""

import hashlib
import os
import pickle
from collections.abc import Iterable
from contextlib import ExitStack
from http.client import HTTPException

import scenarios
from ape import accounts, project
from twins import market, world
from twins.comparison import Entry, Tally
from twins.node import NodeError, own_chain
from twins.scenario import SCENARIOS, Theatre

from indexkit.build import compile_if_changed
from indexkit.localnet.paths import ROOT
from mutation.compiler import replaced_code

RECORDINGS = ROOT / "build" / "mutation" / "recordings"
_RECORDED_FROM = (
    *("tests/conformance/twins/*.py", "tests/conformance/scenarios/*.py"),
    *("indexkit/localnet/*.py", "package-lock.json"),
)


class Replay:
    """A chain with the original protocol on it, where ours can be put again and again."""

    def __init__(self) -> None:
        scenarios.load()
        world.compile_if_changed = lambda *_: None
        compile_if_changed(project, lambda _: None)
        self._stack = ExitStack()
        self._node = self._stack.enter_context(own_chain())
        first = accounts.test_accounts[: len(world.ACTORS)]
        self._actors = dict(zip(world.ACTORS, [one.address for one in first], strict=True))
        self._original = world.build_original(self._node, self._actors)
        self._shared = market.Market(self._node).build()
        self._before_ours = self._node.snapshot()
        self._folder = RECORDINGS / _digest()
        self._recordings: dict[str, tuple[Entry, ...]] = {}

    def kill(self, contract: str, code: str, names: Iterable[str]) -> tuple[str, str] | None:
        """Return the first scenario that a mutant does not play as the original does, and why.

        Raises
        ------
        OSError, HTTPException, NodeError
            If the chain does not answer.
        """
        if not (names := list(names)):
            return None
        with replaced_code(contract, code):
            try:
                theatre = self._theatre()
            except AssertionError as error:
                return "deployment", str(error)
            for name in names:
                try:
                    recorded = self._recording(theatre, name)
                    theatre.replay(SCENARIOS[name], recorded, Tally())
                except (OSError, HTTPException, NodeError):
                    raise
                except Exception as error:
                    return name, f"{type(error).__name__}: {error}"
        return None

    def close(self) -> None:
        """End the chain."""
        self._stack.close()

    def _recording(self, theatre: Theatre, name: str) -> tuple[Entry, ...]:
        """Return what the original does, played once for all campaigns with the same sources."""
        if name not in self._recordings:
            path = self._folder / f"{name}.pickle"
            if not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                partial = path.with_suffix(f".{os.getpid()}")
                partial.write_bytes(pickle.dumps(theatre.record(SCENARIOS[name], Tally())))
                partial.replace(path)
            self._recordings[name] = pickle.loads(path.read_bytes())
        return self._recordings[name]

    def _theatre(self) -> Theatre:
        """Put ours on the chain, always at the same height and time."""
        self._node.restore(self._before_ours)
        self._before_ours = self._node.snapshot()
        worlds = (self._original.copy(), *world.build_ours(self._node, self._actors))
        world.share(worlds, self._shared)
        return Theatre(self._node, {one.name: one for one in worlds}, self._actors)


def _digest() -> str:
    digest = hashlib.sha256()
    for pattern in _RECORDED_FROM:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
