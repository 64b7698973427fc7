"""A node's process: started with a home of its own, and ended with whoever started it."""

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
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TypeVar

from indexkit.errors import IndexkitError
from indexkit.localnet.paths import BUILD

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 5.0
_PR_SET_PDEATHSIG = 1

N = TypeVar("N", bound="NodeProcess")


class NodeProcess:
    """A running node that belongs to this process and no other.

    It has a private HOME that is removed when it stops, and ends when this process ends, however
    that happens.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", home: Path, url: str) -> None:
        self.process = process
        self.home = home
        self.url = url
        atexit.register(self.stop)

    @classmethod
    def launch(
        cls: type[N],
        name: str,
        command: Sequence[str],
        listening: re.Pattern[str],
        complaint: Callable[[str], str],
        *,
        folder: Path | None = None,
    ) -> N:
        """Start a node and wait until it listens.

        Parameters
        ----------
        name
            Of the node; its output goes to a file that is called after it.
        command
            What is run.
        listening
            Finds in its output the port on 127.0.0.1, as the first group.
        complaint
            Turns the output of a node that ended at once into a sentence.
        folder
            Where it is run; the present one by default.

        Raises
        ------
        IndexkitError
            It ends at once, or does not listen in time.
        """
        remove_dead_homes()
        BUILD.mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix=f"node-{os.getpid()}-", dir=BUILD))
        log = home / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(home)},
                start_new_session=True,
                preexec_fn=_end_with_parent if platform.system() == "Linux" else None,
            )
        try:
            url = _wait_until_listening(name, process, log, listening, complaint)
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


def _wait_until_listening(
    name: str,
    process: "subprocess.Popen[bytes]",
    log: Path,
    listening: re.Pattern[str],
    complaint: Callable[[str], str],
) -> str:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        output = log.read_text(errors="replace")
        if found := listening.search(output):
            return f"http://127.0.0.1:{found.group(1)}"
        if process.poll() is not None:
            raise IndexkitError(complaint(output))
        time.sleep(0.01)
    raise IndexkitError(f"{name} did not start within {START_TIMEOUT_S:.0f} s.")
