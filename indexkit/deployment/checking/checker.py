"""The check of a deployment: the chain against the manifest, the sources and the declaration."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from indexkit.build import compile_if_changed
from indexkit.deployment import chain, manifest
from indexkit.deployment.checking.authority import check_roles
from indexkit.deployment.checking.bytecode import check_code
from indexkit.deployment.checking.indices import check_index
from indexkit.deployment.checking.inspection import Inspection
from indexkit.deployment.checking.records import check_manifest
from indexkit.deployment.checking.report import Report
from indexkit.deployment.checking.wiring import check_wiring
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.deploying import began_here, manifest_path, require_chain
from indexkit.deployment.manifest import Manifest
from indexkit.deployment.plan import plan, with_deployer
from indexkit.deployment.reading import read_declaration
from indexkit.errors import IndexkitError

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager


def check(
    project: "ProjectManager",
    declared: Path,
    manifest_file: Path | None,
    say: Callable[[str], None],
    *,
    before_hand_over: bool = False,
) -> Report:
    """Check what is deployed on the connected chain; nothing is sent, no account is needed.

    Parameters
    ----------
    declared, manifest_file
        Where declaration and manifest are; None for the manifest of the network.
    say
        Is told long work.
    before_hand_over
        Whether the deployer may still have the roles that others shall have.

    Raises
    ------
    IndexkitError
        There is no manifest of this chain, or the node did not answer.
    """
    declaration = read_declaration(declared)
    require_chain(declaration)
    genesis = chain.genesis()
    path = manifest_file or manifest_path(genesis)
    found = manifest.read(path)
    if found is None:
        raise IndexkitError(
            f"{path}: there is no manifest, so that nothing is known to be deployed: name another "
            "with --manifest, or deploy first."
        )
    _require_genesis(path, found, genesis)
    if began_here():
        raise IndexkitError(
            "This chain began with this command, so that nothing is deployed on it: name a node "
            "with --network, or a localnet that runs ('ape run localnet') with APE_FOUNDRY_HOST."
        )
    compile_if_changed(project, say)
    return inspect(Contracts(project), declaration, found, Report(before_hand_over))


def inspect(
    contracts: Contracts, declaration: Declaration, found: Manifest, report: Report
) -> Report:
    """Compare everything, and return the report.

    Parameters
    ----------
    found
        The manifest, of the connected chain.

    Raises
    ------
    IndexkitError
        The node did not answer.
    """
    terms = with_deployer(declaration, found.deployer)
    steps = plan(declaration, found.deployer)
    report.subject = {
        "network": found.network,
        "chain_id": found.chain_id,
        "genesis": found.genesis,
        "block": chain.head(),
        "declaration": {"name": declaration.name, "digest": declaration.digest},
    }
    inspection = Inspection(terms, found, steps, contracts, report)
    check_manifest(inspection)
    # First, because what foreign code answers means nothing.
    check_code(inspection)
    check_wiring(inspection)
    for index in terms.indices:
        check_index(inspection, index)
    check_roles(inspection)
    return report


def _require_genesis(path: Path, found: Manifest, genesis: str) -> None:
    if (found.chain_id, found.genesis) != (chain.chain_id(), genesis):
        raise IndexkitError(
            f"{path}: it is of the chain {found.chain_id} with the genesis {found.genesis}, the "
            f"node's is {chain.chain_id()} with {genesis}: name another manifest with --manifest, "
            "or another network with --network."
        )
