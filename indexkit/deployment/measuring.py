"""Measuring what the steps of a deployment take, on the localnet."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexkit.build import compile_if_changed
from indexkit.deployment import chain, costs
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.deploying import fresh
from indexkit.deployment.execution import Execution
from indexkit.deployment.plan import plan
from indexkit.deployment.steps import Step
from indexkit.economics.schedule import Schedule
from indexkit.localnet import keep_block_time

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager

PROTOCOL_SHARE = 10**16
"""So that the step which sets the protocol's share of fees is there to be measured D18{1}."""


def measure(
    project: "ProjectManager",
    account: Any,
    declaration: Declaration,
    made: Callable[[Step], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, costs.Gas]:
    """Deploy twice, with all that is declared and with the shortest lists, and compare.

    Parameters
    ----------
    account
        Signs, and pays nothing on the localnet.
    declaration
        With an index of several components.
    made
        Is told each step.

    Returns
    -------
    dict
        The table of data/deployment_gas.json.
    """
    compile_if_changed(project, say)
    # Two steps within a second would do without what happens once a second: fees that accrue.
    keep_block_time()
    contracts = Contracts(project)
    share = replace(declaration.protocol, streaming_fee_share=PROTOCOL_SHARE)
    long = replace(declaration, protocol=share)
    runs = []
    for each in (long, _shortest(long)):
        steps = plan(each, account.address)
        runs.append((steps, _run(contracts, account, each, steps, made).manifest.steps))
    return costs.measured(runs)


def _run(
    contracts: Contracts,
    account: Any,
    declaration: Declaration,
    steps: Sequence[Step],
    made: Callable[[Step], None],
) -> Execution:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "manifest.json"
        empty = fresh(declaration, account, chain.genesis(), contracts)
        execution = Execution(contracts, account, path, empty, confirmations=0)
        execution.run(steps, made)
    return execution


def _shortest(declaration: Declaration) -> Declaration:
    """Return a declaration whose lists have one entry: governors, components, traders, segments."""
    protocol = declaration.protocol
    indices = tuple(
        replace(each, components=each.components[:1], traders=each.traders[:1])
        for each in declaration.indices
    )
    fewer = replace(protocol, governors=protocol.governors[:1])
    dao = declaration.dao
    if dao and dao.distribution:
        streams = tuple(
            replace(each, schedule=Schedule(each.schedule.begin, each.schedule.segments[:1]))
            for each in dao.distribution.streams
        )
        dao = replace(dao, distribution=replace(dao.distribution, streams=streams))
    return replace(declaration, protocol=fewer, indices=indices, dao=dao)
