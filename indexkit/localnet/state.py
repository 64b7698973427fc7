"""Which market the localnet has, and the cached chain state of each."""

import fcntl
import hashlib
import json
import os
import re
from pathlib import Path

import click

from indexkit import rebalance_data
from indexkit.localnet.anvil import find_anvil
from indexkit.localnet.genesis import build_state
from indexkit.localnet.paths import BUILD, DATA, ROOT

DEFAULT_MARKET = "dpi-2021-04"
MARKET_VARIABLE = "INDEXKIT_MARKET"

_SOURCES = ("addresses", "genesis", "placement", "pools", "protocols")


def select_market(name: str) -> None:
    """Choose the rebalance whose market the localnet has; call it before connecting.

    Child processes inherit the choice.

    Parameters
    ----------
    name
        A name among `rebalance_data.available`, or the path of a ``.json`` file.

    Raises
    ------
    IndexkitError
        If there are no such figures, or they are wrong.
    """
    rebalance_data.load(name)
    os.environ[MARKET_VARIABLE] = name


def selected_market() -> rebalance_data.Rebalance:
    """Return the chosen rebalance: `select_market`, else INDEXKIT_MARKET, else the default.

    Raises
    ------
    IndexkitError
        If there are no such figures, or they are wrong.
    """
    return rebalance_data.load(os.environ.get(MARKET_VARIABLE, DEFAULT_MARKET))


def state_file(market: rebalance_data.Rebalance) -> Path:
    """Return the file with a market's chain state, built first unless it is cached.

    Raises
    ------
    IndexkitError
        If building fails.
    """
    label = re.sub(r"[^A-Za-z0-9]+", "-", market.name)
    path = BUILD / f"state-{label}-{_fingerprint(market)}.json"
    if path.exists():
        return path
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / f"state-{label}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _build(market, path)
            for other in BUILD.glob(f"state-{label}-????????????????.json"):
                if other != path:
                    other.unlink(missing_ok=True)
    return path


def _build(market: rebalance_data.Rebalance, path: Path) -> None:
    find_anvil()
    click.echo(f"Building the localnet of {market.name} (once) …", err=True)
    rebalances = [*map(rebalance_data.load, rebalance_data.available()), market]
    components = {c.address.lower(): c for each in rebalances for c in each.components}
    state = build_state(market, components.values())
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(state))
    partial.replace(path)


def _fingerprint(market: rebalance_data.Rebalance) -> str:
    """Return a hash of all that determines a state: figures, addresses, packages, this code."""
    here = Path(__file__).parent
    files = [
        *sorted((DATA / "rebalances").glob("*.json")),
        DATA / "addresses.json",
        ROOT / "package-lock.json",
        *(here / f"{module}.py" for module in _SOURCES),
    ]
    digest = hashlib.sha256(repr(market).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
