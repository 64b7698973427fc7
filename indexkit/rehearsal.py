"""The main job: an index as published, its rebalance trade by trade, its vote in Aave."""

from dataclasses import asdict
from typing import Any

import ape
from ape import project
from rich.console import Console

from indexkit import execution, guarding, tables, voting
from indexkit.commands import chain_line, progress, quiet_ape
from indexkit.errors import IndexkitError
from indexkit.localnet import is_embedded, keep_block_time
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.market import market_of
from indexkit.metagov import registration
from indexkit.outcome import outcome_of
from indexkit.plan import WAD
from indexkit.published_index import (
    Index,
    create_published_index,
    single_account_roles,
    test_roles,
)
from indexkit.rebalance_data import Rebalance, load


def rehearse(
    name: str,
    terminal: Console,
    *,
    account: str | None = None,
    band_bps: int | None = 30,
    trades: int | None = None,
    vote: bool = True,
    unguarded: bool = False,
) -> dict[str, Any]:
    """Replay a published rebalance on the connected fork.

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

    Returns
    -------
    dict
        The outcome and the vote's receipt, ready for json.dumps.
    """
    rebalance = load(name)
    with quiet_ape():
        index = _index(rebalance, terminal, account)
        market = market_of(rebalance)
        terms = None if unguarded else guarding.terms_for(rebalance, market)
        gas = execution.start(index, rebalance, terms)
        terminal.print(f"Rebalance started ({gas:,} gas of the manager)")

        schedule = rebalance.schedule[:trades]
        whole = schedule == rebalance.schedule
        with progress(terminal, "Trading", len(schedule)) as tick:
            executed = execution.execute(
                index,
                rebalance,
                market,
                _arbitrageur(rebalance, band_bps),
                tick,
                entries=None if whole else trades,
                unguarded=unguarded,
            )
        if executed.stopped is not None:
            raise IndexkitError(executed.stopped)
        outcome = outcome_of(rebalance, executed, market)
        terminal.print(tables.component_table(outcome, rebalance))
        terminal.print(tables.totals_table(outcome, rebalance))
        terminal.print(tables.summary(outcome))
        result: dict[str, Any] = {"rebalance": rebalance.name, "outcome": outcome.as_json()}
        result["guard"] = _guard_report(index, terms, terminal)
        for seat in registration.missing(index.token.address):
            terminal.print(registration.sentence(seat))
        if vote and any(c.symbol == "AAVE" for c in rebalance.components):
            result["vote"] = _vote(index, terminal).as_json()
    return result


def _index(rebalance: Rebalance, terminal: Console, account: str | None) -> Index:
    keep_block_time()
    terminal.print(f"[bold]{rebalance.name}[/bold] on the {chain_line()}")
    roles = test_roles() if account is None else single_account_roles(account)
    return create_published_index(project, rebalance, roles, terminal.print)


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


def _vote(index: Index, terminal: Console) -> voting.Receipt:
    receipt = voting.vote_in_aave(index)
    side = "for" if receipt.support else "against"
    terminal.print(
        f"Aave governance v2 recorded for {index.token.symbol()}: {side} proposal "
        f"{receipt.proposal} with {receipt.power / WAD:,.2f} votes; it holds "
        f"{receipt.held / WAD:,.2f} AAVE ({receipt.gas:,} gas)."
    )
    return receipt
