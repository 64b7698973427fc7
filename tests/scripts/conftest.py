"""Commands as a user runs them: a process of their own, from the repository's folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexkit.localnet.paths import BUILD, ROOT
from indexkit.localnet.state import selected_market, state_file

OURS = ("MAINNET_RPC_URL", "MAINNET_FORK_BLOCK", "INDEXKIT_MARKET", "APE_FOUNDRY_HOST")
LONGEST_S = 180


@dataclass
class Command:
    """A command that was started.

    Attributes
    ----------
    process
        Its process; a node it starts has a home that is named after it.
    status, out, err
        How it ended and what it said, once it has.
    """

    process: "subprocess.Popen[str]"
    status: int | None = None
    out: str = ""
    err: str = ""

    def wait(self) -> "Command":
        """Wait until it ends; require that it left no node and no node's home."""
        self.out, self.err = self.process.communicate(timeout=LONGEST_S)
        self.status = self.process.returncode
        assert not list(BUILD.glob(f"node-{self.process.pid}-*"))
        assert not nodes_of(self.process.pid)
        return self

    def interrupt(self) -> "Command":
        """Press Ctrl-C and wait."""
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait_for_node(self) -> str:
        """Wait until its node listens; return the node's URL."""
        deadline = time.monotonic() + LONGEST_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for log in BUILD.glob(f"node-{self.process.pid}-*/anvil.log"):
                if found := re.search(r"Listening on (127\.0\.0\.1:[0-9]+)", log.read_text()):
                    return f"http://{found.group(1)}"
            time.sleep(0.02)
        raise AssertionError("the node did not start")


def nodes_of(pid: int) -> list[int]:
    """Return the processes that run with a home of a command's node (known on Linux only)."""
    mark = f"/node-{pid}-".encode()
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if mark in content:
            found.append(int(file.parent.name))
    return found


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Return the environment of a user who has set nothing that these commands read."""
    return {key: value for key, value in os.environ.items() if key not in OURS}


@pytest.fixture(scope="session")
def start(environment: dict[str, str]) -> Iterator[Callable[..., Command]]:
    """Return a function that starts a command; what still runs at the end is ended."""
    started: list[Command] = []

    def begin(
        *arguments: str, variables: Mapping[str, str] | None = None, folder: Path = ROOT
    ) -> Command:
        process = subprocess.Popen(
            arguments,
            cwd=folder,
            env={**environment, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Command(process))
        return started[-1]

    yield begin
    for command in started:
        if command.process.poll() is None:
            command.process.kill()
            command.process.communicate()


@pytest.fixture(scope="session")
def run(start: Callable[..., Command]) -> Callable[..., Command]:
    """Return a function that runs a command to its end."""
    return lambda *arguments, **options: start(*arguments, **options).wait()


@pytest.fixture(scope="session")
def ape_run(run: Callable[..., Command]) -> Callable[..., Command]:
    """Return a function that runs one of the project's scripts to its end."""
    return lambda *arguments, **options: run("ape", "run", *arguments, **options)


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Return a function that finds a port nobody has."""

    def find() -> int:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            return int(listener.getsockname()[1])

    return find


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what the scripts need, and the chain's cached state, but not node_modules."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("indexkit", "scripts", "data", "contracts", "interfaces"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("ape_indexkit.py", "ape-config.yaml", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "build" / "localnet").mkdir(parents=True)
    shutil.copy(state_file(selected_market()), folder / "build" / "localnet")
    return folder
