"""Where the project keeps what the localnet reads and writes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""

DATA = ROOT / "data"
"""Figures and addresses with their sources."""

NODE_MODULES = ROOT / "node_modules"
"""The pinned npm packages: anvil and other people's compiled contracts."""

BUILD = ROOT / "build" / "localnet"
"""Everything the localnet writes: cached chain states and the private homes of running nodes."""

RUNS = ROOT / "build" / "rebalance"
"""The run directories of rehearsals."""
