"""Write docs/FUNCTIONS.md from the compiled contracts."""

import click

from indexkit.commands import console


@click.command()
def cli() -> None:
    """Write docs/FUNCTIONS.md: every function and event, and who may call what."""
    from pathlib import Path

    from ape import project

    from indexkit import documents, function_tables
    from indexkit.build import compile_if_changed
    from indexkit.commands import quiet_ape
    from indexkit.deployment.verification import deployable

    terminal = console()
    root = Path(project.path)
    with quiet_ape():
        compile_if_changed(project, terminal.print)
        roles = function_tables.callers((root / function_tables.ROLES).read_text())
        text = function_tables.document(project.contracts, deployable(root), roles)
    documents.write_text(root / function_tables.DOCUMENT, text)
    terminal.print(f"Written: {function_tables.DOCUMENT}")
