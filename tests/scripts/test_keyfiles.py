"""Keyfiles whose passphrase is in the environment: they sign without a question, or not at all."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

ALIAS, PASSPHRASE = "unattended", "not a secret"
SIGN = f"""
from eth_account.messages import encode_defunct
from indexkit.commands import load_account
signature = load_account({ALIAS!r}).sign_message(encode_defunct(text="hello"))
print(len(signature.encode_rsv()), "bytes")
"""


@pytest.fixture
def keyfile_folder(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user whose only account is a keyfile."""
    (tmp_path / "accounts").mkdir()
    keyfile = Account.encrypt("0x" + "5a" * 32, PASSPHRASE, kdf="pbkdf2", iterations=1)
    (tmp_path / "accounts" / f"{ALIAS}.json").write_text(json.dumps(keyfile))
    return {"APE_DATA_FOLDER": str(tmp_path)}


def test_load_account__passphrase_in_the_environment(
    run: Callable[..., Any], keyfile_folder: dict[str, str]
) -> None:
    """Nobody is there to answer: it signs."""
    variables = keyfile_folder | {f"APE_ACCOUNTS_{ALIAS}_PASSPHRASE": PASSPHRASE}

    signed = run(sys.executable, "-c", SIGN, variables=variables)

    assert (signed.status, signed.err) == (0, "")
    assert signed.out.splitlines()[-1] == "65 bytes"


def test_load_account__wrong_passphrase(
    ape_run: Callable[..., Any], keyfile_folder: dict[str, str], tmp_path: Path
) -> None:
    """It is said in one sentence, before anything else is done."""
    variables = keyfile_folder | {f"APE_ACCOUNTS_{ALIAS}_PASSPHRASE": "a wrong one"}
    words = ("vote", "--folder", str(tmp_path), "--choice", "for", "--account", ALIAS)

    refused = ape_run("metagov", *words, variables=variables)

    assert refused.status == 1
    assert f"Account '{ALIAS}' was not unlocked" in refused.err
    assert "Traceback" not in refused.err
