"""Write the standard JSON inputs that block explorers verify contracts with."""

from pathlib import Path

import click

from indexkit.commands import console, progress


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Of a deployment: write addresses and constructor arguments too.",
)
@click.option("--prove", is_flag=True, help="Recompile each in isolation, compare with the build.")
def cli(contracts: tuple[str, ...], manifest: Path | None, prove: bool) -> None:
    """Write build/verify/CONTRACT.json of some contracts, or of all."""
    from ape import project

    from indexkit import documents
    from indexkit.build import compile_if_changed
    from indexkit.commands import quiet_ape
    from indexkit.deployment import explorers, recompiling, verification

    terminal = console()
    root = Path(project.path)
    folder = root / verification.FOLDER
    picked = verification.chosen(root, contracts)
    read = documents.read(manifest) if manifest else None
    with quiet_ape():
        evm = verification.evm_version(project)
        if prove or read is not None:
            compile_if_changed(project, terminal.print)
        listed = explorers.deployed(read, project) if read is not None else []
        with progress(terminal, "Writing", len(picked)) as advance:
            for file in verification.write_inputs(root, folder, picked, evm):
                advance(file.stem)
        if read is not None:
            explorers.write_deployed(root, folder, read, listed)
        if prove:
            with progress(terminal, "Recompiling", len(picked)) as advance:
                for name in recompiling.prove(project, folder, picked):
                    advance(name)
    terminal.print(f"{len(picked)} inputs in {folder.relative_to(root)}.")
    if read is not None:
        terminal.print(f"{len(listed)} deployed contracts in {explorers.DEPLOYED} there.")
    if prove:
        terminal.print("Each compiles on its own to the project's bytecode.")
