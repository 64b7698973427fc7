"""What was found out so far; the chain with both protocols on it is in twins/fixtures.py."""

import os

import pytest
from twins import season


@pytest.fixture(scope="session")
def random_seed():
    """Return what the random sequences start from (CONFORMANCE_SEED)."""
    return int(os.environ.get("CONFORMANCE_SEED", "20201007"))


@pytest.fixture(scope="session")
def run(theatre, random_seed, request):
    """Return what plays every scenario once; what was covered is written down in the end."""
    one = season.Season(theatre)
    yield one
    path = season.write(one, random_seed)
    request.config.stash[SUMMARY] = path


SUMMARY = pytest.StashKey()


def pytest_terminal_summary(terminalreporter, config):
    """Say where the summary is; print it for CONFORMANCE_PROGRESS."""
    path = config.stash.get(SUMMARY, None)
    if path is None:
        return
    if os.environ.get("CONFORMANCE_PROGRESS"):
        terminalreporter.write_line(path.read_text())
    terminalreporter.write_line(f"conformance: summary in {path.relative_to(config.rootpath)}")
