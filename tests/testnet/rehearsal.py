"""The order of a rehearsal: a deployment, lost and resumed, and the index's life after it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from testnet import life, refusals
from testnet.comparison import facts, require_same
from testnet.node import HardhatNode
from testnet.operator import Operator
from testnet.stage import Stage, set_up

KILLED_AFTER = 14
"""Steps that are in the manifest when the resumed deployment is killed."""


def rehearse(folder: Path, say: Callable[[str], object]) -> Table:
    """Play the whole path on a node of its own, which ends in every case.

    Parameters
    ----------
    folder
        Everything that is written goes there; Ape's keyfiles too.
    say
        Is given a line when a step is over.

    Returns
    -------
    Table
        What each step took.

    Raises
    ------
    IndexkitError
        A command failed, or did something else than it must.
    """
    operator = Operator()
    node = HardhatNode.start()
    try:
        stage = set_up(node, operator, folder, say)
        _play(stage)
        return stage.ledger.table()
    finally:
        operator.stop()
        node.stop()


def _play(stage: Stage) -> None:
    step = stage.ledger.step
    with step("refused: wrong chain, wrong network, no ether"):
        refusals.wrong_terms(stage)
    with stage.taken_back():
        whole = _deploy_whole(stage)
    with step("refused: transactions dropped and replaced (taken back)"):
        refusals.lost_transactions(stage)
    with step("deploy: node lost, killed, resumed"):
        _deploy_with_losses(stage)
    with step("compare with the deployment without a stop"):
        require_same(whole, facts(stage.network, stage.declared, stage.manifest))
    with step("check, hand over, check again"):
        life.check(stage, "--before-hand-over")
        life.hand_over(stage)
        life.check(stage)
    with step("issue"):
        life.issue(stage)
    life.watch_prices(stage)
    with step("rebalance"):
        life.rebalance(stage)
    with step("vote: registered, opened, decided"):
        life.open_vote(stage)
    life.close_vote(stage)
    with step("vote: counted, cast, verified"):
        life.cast(stage)
    with step("redeem"):
        life.redeem(stage)


def _deploy_whole(stage: Stage) -> dict[str, str]:
    manifest = stage.folder / "whole.json"
    with stage.ledger.step("deploy: without a stop"):
        stage.operator.run(*stage.deploying(manifest))
    return facts(stage.network, stage.declared, manifest)


def _deploy_with_losses(stage: Stage) -> None:
    refusals.lost_node(stage, stage.manifest)
    words = stage.deploying(stage.manifest)
    stage.operator.killed_after(stage.manifest, KILLED_AFTER, *words)
    stage.operator.run(*words)


def empty(folder: Path) -> Path:
    """Return a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
