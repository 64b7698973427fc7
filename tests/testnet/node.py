"""Hardhat's node: how it starts, and how its blocks and its time go on."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexkit.errors import IndexkitError
from indexkit.localnet.process import NodeProcess
from indexkit.localnet.rpc import Rpc

FOLDER = Path(__file__).parent
CLI = FOLDER / "node_modules" / "hardhat" / "internal" / "cli" / "bootstrap.js"
BLOCK_MS = 250
"""A block comes every so often {ms}, whether anything was sent or not."""

_LISTENING = re.compile(r"server at http://127\.0\.0\.1:(\d+)/")


class HardhatNode(NodeProcess):
    """A running node of Hardhat, on a port that the system chose."""

    @classmethod
    def start(cls) -> "HardhatNode":
        """Start the node; it mines what it is sent at once until `blocks_come`.

        Raises
        ------
        IndexkitError
            Hardhat is not installed, or ends at once.
        """
        runtime = shutil.which("node")
        if runtime is None or not CLI.is_file():
            raise IndexkitError("Hardhat is not installed: run 'make testnet-rehearsal'.")
        command = (runtime, str(CLI), "node", "--hostname", "127.0.0.1", "--port", "0")
        # Its log stays on: hardhat_mine makes it panic without (2.26.3, edr_napi/src/logger.rs).
        return cls.launch("hardhat", command, _LISTENING, _complaint, folder=FOLDER)


class Clock:
    """How a node's blocks come and its time passes.

    Parameters
    ----------
    rpc
        Of the node.
    """

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    def blocks_come(self) -> None:
        """Let blocks come by the wall clock from now on, every `BLOCK_MS`."""
        self._rpc.call("evm_setAutomine", False)
        self._rpc.call("evm_setIntervalMining", BLOCK_MS)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let no block come for the length of a `with`: what is sent waits."""
        self._rpc.call("evm_setIntervalMining", 0)
        try:
            yield
        finally:
            self._rpc.call("evm_setIntervalMining", BLOCK_MS)

    def now(self) -> int:
        """Return the latest block's time {s}."""
        return int(self._rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def block(self) -> int:
        """Return the latest block's number."""
        return int(self._rpc.call("eth_blockNumber"), 16)

    def pass_time(self, seconds: int) -> None:
        """Let the next block, which comes at once, be that much later {s}."""
        self._rpc.call("evm_increaseTime", seconds)
        self._rpc.call("evm_mine")

    def pass_blocks(self, count: int, interval: int) -> None:
        """Let that many blocks come at once, with so many seconds between them {s}."""
        self._rpc.call("hardhat_mine", hex(count), hex(interval))


def _complaint(output: str) -> str:
    return "Hardhat's node ended at once: " + (" ".join(output.split())[:300] or "it said nothing.")
