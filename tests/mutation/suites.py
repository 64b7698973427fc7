"""Kills mutants by test files: pytest runs in a fork of a process that has loaded everything."""

import os
import sys
import time
import traceback
from pathlib import Path

import ape
import ape_foundry
import hypothesis
import pytest

from indexkit.localnet.node import DevAccounts, start_node
from indexkit.localnet.paths import ROOT
from indexkit.localnet.provider import HOST_VARIABLE
from indexkit.localnet.rpc import Rpc
from mutation.compiler import replaced_code, replaced_source
from mutation.operators import Mutation

NETWORK = "ethereum:mainnet-fork:foundry"
LONGEST_RUN_S = 900
FOLDER = ROOT / "build" / "mutation"
RUNS_PER_NODE = 25

_LOADED = (ape, ape_foundry, hypothesis)


class SuiteError(Exception):
    """The tests could not be run: this says nothing about a mutant."""


class TooLongError(SuiteError):
    """The tests took longer than any run of them should."""


class Suite:
    """A fresh chain for test files, and the process they are forked from."""

    def __init__(self) -> None:
        self._runs = 0
        self._start()

    def kill(
        self, contract: str, code: str, mutation: Mutation | None, tests: list[str]
    ) -> tuple[str, str] | None:
        """Return the first test that fails with a mutant, and why; None if all pass.

        Parameters
        ----------
        contract, code
            Name of the contract and its mutated creation code.
        mutation
            For test contracts that import the mutated file.
        tests
            Files and node ids, in this order.
        """
        if self._runs >= RUNS_PER_NODE:
            self.close()
            self._runs = 0
            self._start()
        self._runs += 1
        self._rpc.call("evm_revert", self._snapshot)
        self._snapshot = self._rpc.call("evm_snapshot")
        log = FOLDER / f"suite-{os.getpid()}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        child = os.fork()
        if child == 0:
            _run(contract, code, mutation, tests, self._anvil.url, log)
        status = _wait(child)
        output = log.read_text(errors="replace")
        if status == pytest.ExitCode.OK:
            return None
        if status != pytest.ExitCode.TESTS_FAILED:
            raise SuiteError(f"pytest ended with {status}: {output[-500:]}")
        test, _, why = output.rpartition("FAILED-FIRST ")[2].partition("\n")
        return test, why.strip()

    def close(self) -> None:
        """End the chain."""
        self._rpc.close()
        self._anvil.stop()

    def _start(self) -> None:
        self._anvil = start_node(DevAccounts.of_ape(), None, automine=False)
        self._rpc = Rpc(self._anvil.url)
        self._snapshot = self._rpc.call("evm_snapshot")


class _First:
    """Writes down the first failure."""

    found = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the first report that failed."""
        if report.failed and not self.found:
            crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", "")
            self.found = f"FAILED-FIRST {report.nodeid}\n{crash or str(report.longrepr)[-400:]}"


def _run(
    contract: str, code: str, mutation: Mutation | None, tests: list[str], url: str, log: Path
) -> None:
    """Run pytest in this process, which is a fork, and end it."""
    status: int = pytest.ExitCode.INTERNAL_ERROR
    try:
        with log.open("w") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        os.environ[HOST_VARIABLE] = url
        # Forked, not started: pytest must look at the test files, not at what runs the campaign.
        sys.argv = ["pytest"]
        first = _First()
        options = ["-x", "-q", "--network", NETWORK, "-p", "no:cacheprovider", "--tb=line"]
        with replaced_code(contract, code), replaced_source(mutation):
            status = pytest.main([*options, *tests], plugins=[first])
        print(first.found, flush=True)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(int(status))


def _wait(child: int) -> int:
    deadline = time.monotonic() + LONGEST_RUN_S
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)
    raise TooLongError(f"longer than {LONGEST_RUN_S} s")
