"""`python -m bench`: what it refuses, in one sentence and before anything is measured."""

import pytest
from click.testing import CliRunner

from bench.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "everything"], "Error: Invalid value for '--only': 'everything' is not one of"),
        (["--only", "growth", "--update-budget"], "Error: --only and --update-budget exclude"),
        (["growth"], "Error: Got unexpected extra argument (growth)"),
    ],
)
def test_main__bad_arguments(arguments, words):
    """Named, with a status that is not zero."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code != 0
    assert words in result.output


def test_main__live_chain(monkeypatch):
    """A fork of the live chain has other pools and other prices."""
    monkeypatch.setenv("MAINNET_RPC_URL", "http://localhost:1")
    result = CliRunner().invoke(main, [])
    assert result.exit_code != 0
    assert result.output == (
        "Error: The bench runs on the embedded chain only: unset MAINNET_RPC_URL.\n"
    )
