"""The operator: real commands as processes of their own, with keyfiles of a folder of their own."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT

PASSPHRASE = "not a secret"
LONGEST_S = 300
LAST_LINES = 25


@dataclass
class Operator:
    """Whoever types commands.

    Attributes
    ----------
    running
        Commands that have not ended.
    """

    running: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def account(self, alias: str) -> str:
        """Have Ape make a keyfile; return its address."""
        from ape_accounts import generate_account

        found, _ = generate_account(alias, PASSPHRASE)
        os.environ[f"APE_ACCOUNTS_{alias}_PASSPHRASE"] = PASSPHRASE
        return str(found.address)

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Start ``ape run`` with these words."""
        process = subprocess.Popen(
            ("ape", "run", *command),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.running.append(process)
        return process

    def run(self, *command: str) -> str:
        """Run a command and return what it said.

        Raises
        ------
        IndexkitError
            It failed: with the end of what it said.
        """
        status, said = self._ended(self.start(*command))
        if status != 0:
            end = "\n".join(said.splitlines()[-LAST_LINES:])
            raise IndexkitError(f"'ape run {' '.join(command)}' ended with {status}:\n{end}")
        return said

    def refused(self, *command: str, because: str) -> str:
        """Run a command that must fail, with one sentence and status 1; return the sentence.

        Parameters
        ----------
        because
            What the sentence must say.

        Raises
        ------
        IndexkitError
            It did not fail, or said something else.
        """
        status, said = self._ended(self.start(*command))
        sentence = said.rstrip().splitlines()[-1] if said.strip() else ""
        if status != 1 or "Traceback" in said or because not in " ".join(said.split()):
            raise IndexkitError(
                f"'ape run {' '.join(command)}' should have been refused because of {because!r}, "
                f"and ended with {status}:\n{said[-2_000:]}"
            )
        return sentence

    def killed_after(self, manifest: Path, steps: int, *command: str) -> int:
        """Start a command and kill it when it has written so many steps; return how many."""
        process = self.start(*command)
        deadline = time.monotonic() + LONGEST_S
        while process.poll() is None and time.monotonic() < deadline:
            if len(steps_in(manifest)) >= steps:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.01)
        status, said = self._ended(process)
        if status != -signal.SIGKILL:
            raise IndexkitError(f"The command ended with {status} before it was killed:\n{said}")
        return len(steps_in(manifest))

    def stop(self) -> None:
        """End what still runs."""
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def _ended(self, process: "subprocess.Popen[str]") -> tuple[int, str]:
        said, _ = process.communicate(timeout=LONGEST_S)
        self.running.remove(process)
        return process.returncode, said


def steps_in(manifest: Path) -> Mapping[str, Mapping[str, object]]:
    """Return the steps of a manifest by id; none if there is no manifest yet."""
    if not manifest.exists():
        return {}
    steps: Mapping[str, Mapping[str, object]] = json.loads(manifest.read_text())["steps"]
    return steps
