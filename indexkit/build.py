"""Compiled contracts that are never stale.

Ape recompiles a contract when its own file changes, not when a library module or an interface that
it imports does. Everything is therefore compiled anew when any source differs from last time.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager

SOURCES = ("contracts/**/*.vy", "interfaces/**/*.vyi", "ape-config.yaml")
STAMP = Path("build") / "contracts.sha256"


def compile_if_changed(project: "ProjectManager", say: Callable[[str], None]) -> None:
    """Compile all contracts unless no source has changed since the last time.

    Parameters
    ----------
    project
        The Ape project.
    say
        Is told before compiling, which takes some 20 seconds.
    """
    stamp = project.path / STAMP
    digest = _digest(project.path)
    if stamp.is_file() and stamp.read_text() == digest and project.manifest.contract_types:
        return
    say("Compiling the contracts (when a source has changed, about 20 seconds) …")
    project.load_contracts(use_cache=False)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
