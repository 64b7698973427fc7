"""The steps that a chain takes part in, as commands show them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from indexkit.commands import progress
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS
from indexkit.outcome import outcome_of
from indexkit.plan import WAD
from indexkit.signing.preflight import Limits
from indexkit.steps import state as states
from indexkit.steps import submit, tables
from indexkit.steps.basket import Basket
from indexkit.steps.execute import Job
from indexkit.steps.folder import Folder
from indexkit.steps.state import State
from indexkit.tables import component_table, summary, totals_table

if TYPE_CHECKING:
    from ape.api import AccountAPI


def source_of(
    state: Path | None, network: str | None, module: str | None
) -> Callable[[Basket], State]:
    """Return how to get the state: from a file, or from the connected chain.

    Raises
    ------
    IndexkitError
        Neither or both were named, or the module was not.
    """
    if (state is None) == (network is None):
        raise IndexkitError("Name either a file with --state or a node with --network.")
    if state is not None:
        return lambda _: states.read(state)
    if module is None:
        raise IndexkitError("Name the index's SingleIndexModule with --module.")
    if ADDRESS.parse(module) is None:
        raise IndexkitError(f"--module is {module!r}, not {ADDRESS.words}: correct it.")

    def read(basket: Basket) -> State:
        from indexkit.steps.reader import read_state

        return read_state(basket.token_address, module, [t.address for t in basket.tokens])

    return read


def submission(
    terminal: Console,
    folder: Folder,
    signers: "Sequence[AccountAPI]",
    *,
    traders: Sequence[str],
    unguarded: bool,
) -> None:
    """Check the pack, simulate it on a fork, and with signers execute it."""
    limits = Limits(unguarded=unguarded)
    if signers:
        content = submit.send(folder, signers, traders=traders, limits=limits)
    else:
        content = submit.rehearse(folder, signers=(), traders=traders, limits=limits)
    terminal.print(tables.checks_table(content))
    if content["simulated"] is not None:
        terminal.print(f"Simulated: {len(content['simulated']['events'])} events.")
    executed = content["executed"]
    if executed is not None:
        terminal.print(
            f"Executed in {executed['transaction']} (block {executed['block']:,}, "
            f"{executed['gas']:,} gas), as simulated."
        )


def execution(terminal: Console, job: Job, *, dry_run: bool) -> None:
    """Execute what is left, or say what would be done; write the report.

    Raises
    ------
    IndexkitError
        The keeper stopped before the end; its record and the report are written all the same.
    """
    if dry_run:
        terminal.print(_preview(job))
        return
    schedule = job.rebalance.schedule
    with progress(terminal, "Trading", len(schedule)) as tick:
        executed = job.run(tick)
    outcome = outcome_of(job.rebalance, executed, job.market)
    terminal.print(component_table(outcome, job.rebalance))
    terminal.print(totals_table(outcome, job.rebalance))
    terminal.print(summary(outcome))
    terminal.print(f"Report: {job.report()}")
    if executed.stopped is not None:
        raise IndexkitError(executed.stopped)


def _preview(job: Job) -> Table:
    table = Table(title="Next, as things stand; nothing was sent")
    for column in ("component", "side", "size", "quote WETH", "limit WETH", "wait", "then"):
        table.add_column(column, justify="left" if column in ("component", "side") else "right")
    for step in job.dry_run():
        decimals = job.rebalance.component(step.symbol).decimals
        table.add_row(
            step.symbol,
            "buy" if step.is_buy else "sell",
            tables.tokens(step.size, decimals),
            f"{step.quoted / WAD:,.6f}",
            f"{step.limit / WAD:,.6f}",
            f"{step.wait} s",
            step.what,
        )
    return table
