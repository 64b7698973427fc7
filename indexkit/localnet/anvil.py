"""The anvil process: which binary, how it starts, and that it ends with whoever started it."""

import atexit
import ctypes
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from indexkit.errors import IndexkitError
from indexkit.localnet.paths import BUILD, NODE_MODULES
from indexkit.localnet.rpc import Rpc

MINIMUM_VERSION = (1, 5)
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 5.0
LONGEST_COMPLAINT = 300
_LISTENING = re.compile(r"^Listening on (\S+):(\d+)", re.MULTILINE)
_ERROR = re.compile(r"^error: ", re.MULTILINE | re.IGNORECASE)
_PR_SET_PDEATHSIG = 1


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


class AnvilNode:
    """A running anvil that belongs to this process and no other.

    It listens on the port it reports itself (port 0 lets the system choose one), has a private
    HOME that is removed when it stops, and ends when this process ends, however that happens.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", home: Path, url: str) -> None:
        self.process = process
        self.home = home
        self.url = url
        atexit.register(self.stop)

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
        anvil = find_anvil()
        remove_dead_homes()
        BUILD.mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix=f"node-{os.getpid()}-", dir=BUILD))
        log = home / "anvil.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [anvil, "--port", str(port), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(home)},
                start_new_session=True,
                preexec_fn=_end_with_parent if platform.system() == "Linux" else None,
            )
        try:
            url = _wait_until_listening(process, log, port)
            rpc = Rpc(url)
            rpc.call("anvil_setLoggingEnabled", False)
            rpc.close()
        except BaseException:
            process.kill()
            process.wait()
            shutil.rmtree(home, ignore_errors=True)
            raise
        return cls(process, home, url)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End the process and remove its home; a second call does nothing."""
        atexit.unregister(self.stop)
        if self.alive:
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def exit_on_sigterm() -> None:
    """Make SIGTERM end this process the ordinary way, so that nodes' homes are removed."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def remove_dead_homes() -> None:
    """Remove the homes of nodes whose parent was killed before it could do so."""
    for home in BUILD.glob("node-*-*"):
        if not _process_exists(int(home.name.split("-")[1])):
            shutil.rmtree(home, ignore_errors=True)


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait_until_listening(process: "subprocess.Popen[bytes]", log: Path, port: int) -> str:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        output = log.read_text(errors="replace")
        if found := _LISTENING.search(output):
            return f"http://127.0.0.1:{found.group(2)}"
        if process.poll() is not None:
            if "in use" in output:
                raise IndexkitError(
                    f"Port {port} is taken by another process; stop it or choose another port."
                )
            raise IndexkitError(f"anvil ended at once: {_complaint(output)}")
        time.sleep(0.01)
    raise IndexkitError(f"anvil did not start within {START_TIMEOUT_S:.0f} s.")


def _complaint(output: str) -> str:
    """Return what anvil said when it gave up, in one line."""
    found = _ERROR.search(output)
    words = (output[found.end() :] if found else output).split()
    return " ".join(words)[:LONGEST_COMPLAINT] or "it said nothing."
