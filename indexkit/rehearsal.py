"""The main job: an index as published, its rebalance trade by trade, its vote in Aave."""

import os
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ape
from ape import project
from rich.console import Console

from indexkit import guarding, tables, voting
from indexkit.commands import chain_line, progress, quiet_ape
from indexkit.errors import IndexkitError
from indexkit.localnet import advance, is_embedded, keep_block_time
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.localnet.paths import RUNS
from indexkit.market import market_of
from indexkit.metagov import registration
from indexkit.outcome import outcome_of
from indexkit.parameters import IMPACT_BPS
from indexkit.plan import WAD
from indexkit.planner_model import GAS_PER_TRADE
from indexkit.published_house import House, Signers, house_of, local_signers
from indexkit.published_index import (
    Index,
    create_published_index,
    single_account_roles,
    test_roles,
)
from indexkit.rebalance_data import Rebalance, load, read_record
from indexkit.signing.preflight import Limits
from indexkit.steps import execute, published, submit
from indexkit.steps import run as steps
from indexkit.steps.basket import Basket
from indexkit.steps.folder import Folder
from indexkit.steps.orders import GAS_PRICE, Options
from indexkit.steps.reader import read_state


def rehearse(
    name: str,
    terminal: Console,
    *,
    account: str | None = None,
    band_bps: int | None = 30,
    trades: int | None = None,
    vote: bool = True,
    unguarded: bool = False,
    follow: str | None = None,
    run: Path | None = None,
) -> dict[str, Any]:
    """Take all six steps of a published rebalance on the connected fork, then vote.

    Parameters
    ----------
    name
        Of the rebalance, or the path of its file.
    terminal
        Where steps, progress and tables go.
    account
        Alias of one account in every role; None for the local chain's own accounts.
    band_bps
        The arbitrageur's band; None leaves him out, as a live fork does.
    trades
        Stop after so many entries of the schedule; None follows it to the end and finishes.
    vote
        Whether to vote in Aave's governance at the end, if the index holds AAVE.
    unguarded
        Whether to leave the execution guard out.
    follow
        Whose order is executed, as `indexkit.steps.orders.Options` says.
    run
        The run directory, empty; ``build/rebalance/`` and the name by default, which is emptied.

    Returns
    -------
    dict
        The outcome, the vote's receipt and the report's file, ready for json.dumps.
    """
    record, rebalance = read_record(name), load(name)
    folder = _folder(run, rebalance.name)
    with quiet_ape():
        keep_block_time()
        terminal.print(f"[bold]{rebalance.name}[/bold] on the {chain_line()}")
        house, terms = _house(rebalance, terminal, account, unguarded=unguarded)
        index = house.index
        basket = published.basket_of(record, index.token.address)
        _prepare(folder, basket, index, follow)
        gas = _submit(folder, house, unguarded=unguarded)
        terminal.print(f"Rebalance started by the Safe ({gas:,} gas)")

        job = execute.job_of(
            folder,
            index.roles.trader,
            arbitrage=lambda plan: _arbitrageur(plan, band_bps),
            unguarded=unguarded,
        )
        schedule = job.rebalance.schedule[:trades]
        with progress(terminal, "Trading", len(schedule)) as tick:
            executed = job.run(tick, entries=trades)
        if executed.stopped is not None:
            raise IndexkitError(executed.stopped)
        outcome = outcome_of(job.rebalance, executed, job.market)
        terminal.print(tables.component_table(outcome, job.rebalance))
        terminal.print(tables.totals_table(outcome, job.rebalance))
        terminal.print(tables.summary(outcome))
        result: dict[str, Any] = {"rebalance": rebalance.name, "outcome": outcome.as_json()}
        result["guard"] = _guard_report(index, terms, terminal)
        for seat in registration.missing(index.token.address):
            terminal.print(registration.sentence(seat))
        if vote and any(c.symbol == "AAVE" for c in rebalance.components):
            result["vote"] = _vote(house, terminal).as_json()
    result["report"] = str(Path(os.path.relpath(job.report())))
    terminal.print(f"Report: {result['report']}")
    return result


def _folder(path: Path | None, name: str) -> Folder:
    """Return the run directory: one's own must be empty."""
    if path is not None and path.exists() and any(path.iterdir()):
        raise IndexkitError(f"{path} is not empty: name another directory with --run.")
    # What is there is removed, so nothing but a folder of its own below RUNS may be there.
    if path is None and not re.fullmatch(r"\w[\w.-]*", name):
        raise IndexkitError(
            f"{name!r}: no directory can be called so: name the rebalance with letters, digits, "
            "'-', '_' and '.', or a directory with --run."
        )
    return Folder(path or RUNS / name)


def _house(
    rebalance: Rebalance, terminal: Console, account: str | None, *, unguarded: bool
) -> tuple[House, guarding.Terms | None]:
    """Create the index as published, and hand it to an IndexManager that a Safe operates."""
    roles, signers = test_roles(), local_signers
    if account is not None:
        roles = single_account_roles(account)
    index = create_published_index(project, rebalance, roles, terminal.print)
    terms = None if unguarded else guarding.terms_for(rebalance, market_of(rebalance))
    alone = Signers((roles.manager,), 1, roles.manager)
    house = house_of(project, index, signers() if account is None else alone, terms=terms)
    if terms is not None:
        guarding.observe(index, rebalance.components)
        advance(index.protocol.guard.window())
    return house, terms


def _prepare(folder: Folder, basket: Basket, index: Index, follow: str | None) -> None:
    """Take the first four steps: weights, verification, parameters, units."""
    shutil.rmtree(folder.path, ignore_errors=True)
    steps.publish(folder, basket, today=basket.method.date)
    steps.verify(folder)
    components = [token.address for token in basket.tokens]
    steps.choose(
        folder,
        lambda _: read_state(index.token.address, index.module.address, components),
        impact_bps=IMPACT_BPS,
    )
    steps.convert(folder, Options(follow, GAS_PRICE, GAS_PER_TRADE, None))


def _submit(folder: Folder, house: House, *, unguarded: bool) -> int:
    """Take the fifth step, and return the gas of the Safe's transaction."""
    traders = [str(house.index.roles.trader)]
    submit.compose(folder, deadline_s=submit.DEADLINE_S, traders=traders)
    limits = Limits(unguarded=unguarded)
    content = submit.send(folder, house.signers.quorum, traders=traders, limits=limits)
    return int(content["executed"]["gas"])


def _arbitrageur(rebalance: Rebalance, band_bps: int | None) -> Arbitrageur | None:
    if band_bps is None or not is_embedded(ape.chain.provider):
        return None
    return Arbitrageur(rebalance, band_bps)


def _guard_report(
    index: Index, terms: guarding.Terms | None, terminal: Console
) -> dict[str, int] | None:
    if terms is None:
        terminal.print("No guard judged the trades.")
        return None
    lost = guarding.lost(index)
    terminal.print(
        f"Lost against the guard's reference prices: {lost / WAD:,.3f} WETH of a budget of "
        f"{terms.loss_budget / WAD:,.3f}."
    )
    return {**asdict(terms), "lost": lost}


def _vote(house: House, terminal: Console) -> voting.Receipt:
    index = house.index
    receipt = voting.vote_in_aave(index, house.operate)
    side = "for" if receipt.support else "against"
    terminal.print(
        f"Aave governance v2 recorded for {index.token.symbol()}: {side} proposal "
        f"{receipt.proposal} with {receipt.power / WAD:,.2f} votes; it holds "
        f"{receipt.held / WAD:,.2f} AAVE ({receipt.gas:,} gas)."
    )
    return receipt
