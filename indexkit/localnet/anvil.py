"""The anvil process: which binary, and how it starts."""

import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from indexkit.errors import IndexkitError
from indexkit.localnet.paths import NODE_MODULES
from indexkit.localnet.process import NodeProcess
from indexkit.localnet.rpc import Rpc

MINIMUM_VERSION = (1, 5)
LONGEST_COMPLAINT = 300
_LISTENING = re.compile(r"^Listening on \S+:(\d+)", re.MULTILINE)
_ERROR = re.compile(r"^error: ", re.MULTILINE | re.IGNORECASE)


def find_anvil() -> Path:
    """Return the anvil binary: the user's own Foundry if recent enough, else the pinned npm one.

    Scripts on PATH (npm's wrapper among them) are passed over: the signal that ends the node with
    its parent would only reach the wrapper.

    Raises
    ------
    IndexkitError
        If there is neither.
    """
    own = shutil.which("anvil")
    if own and _is_binary(Path(own)) and _version(Path(own)) >= MINIMUM_VERSION:
        return Path(own)
    system = platform.system().lower()
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    pinned = NODE_MODULES / "@foundry-rs" / f"anvil-{system}-{machine}" / "bin" / "anvil"
    if pinned.is_file():
        return pinned
    raise IndexkitError(
        "anvil was not found; run 'make deps' to install the pinned one, "
        f"or put Foundry {'.'.join(map(str, MINIMUM_VERSION))} or newer on PATH."
    )


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) != b"#!"


def _version(anvil: Path) -> tuple[int, ...]:
    try:
        run = subprocess.run([anvil, "--version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", run.stdout)
    return tuple(int(part) for part in found.groups()) if found else (0,)


class AnvilNode(NodeProcess):
    """A running anvil, on the port it reports itself (port 0 lets the system choose one)."""

    @classmethod
    def start(cls, arguments: Sequence[str], port: int = 0) -> "AnvilNode":
        """Start anvil and wait until it listens.

        Parameters
        ----------
        arguments
            Command line options, without the port.
        port
            Port on 127.0.0.1; 0 for any free one.

        Raises
        ------
        IndexkitError
            If there is no anvil, the port is taken, or anvil ends at once.
        """
        command = (str(find_anvil()), "--port", str(port), *arguments)
        node = cls.launch("anvil", command, _LISTENING, partial(_complaint, port))
        try:
            rpc = Rpc(node.url)
            rpc.call("anvil_setLoggingEnabled", False)
            rpc.close()
        except BaseException:
            node.stop()
            raise
        return node


def _complaint(port: int, output: str) -> str:
    """Return a sentence on what anvil said when it gave up."""
    if "in use" in output:
        return f"Port {port} is taken by another process; stop it or choose another port."
    found = _ERROR.search(output)
    words = (output[found.end() :] if found else output).split()
    said = " ".join(words)[:LONGEST_COMPLAINT] or "it said nothing."
    return f"anvil ended at once: {said}"
