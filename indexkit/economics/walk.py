"""The walk through INDEX's calendar, from October 2020 to October 2023, with a ledger per month."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ape
from ape import project
from rich.console import Console

from indexkit import deploy, documents
from indexkit.commands import chain_line, progress, quiet_ape
from indexkit.economics import ledger_tables as tables
from indexkit.economics.allocation import load
from indexkit.economics.allocation_model import Allocation
from indexkit.economics.calendar import FILE as CHOSEN
from indexkit.economics.calendar import Calendar, ledger_times, read_calendar
from indexkit.economics.claiming import write_epochs
from indexkit.economics.distribution import Plan, Surroundings, distribute, plan_of
from indexkit.economics.epoch_files import name_of
from indexkit.economics.ledger import Ledger, check_order
from indexkit.economics.ledger_plot import draw
from indexkit.economics.lists import INITIAL, read_initial, read_rewards
from indexkit.economics.pots import Books
from indexkit.economics.proofs import prove, prove_end, prove_reckoned, proved
from indexkit.economics.record import Deployment, Parties, write_deployment
from indexkit.economics.stage import Event, People, Stage
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, is_embedded, keep_block_time
from indexkit.localnet.paths import ROOT
from indexkit.metagov.deployed import read_deployed
from indexkit.plan import WAD

if TYPE_CHECKING:
    from ape.api import AccountAPI

FOLDER = ROOT / "build" / "economics"
RECORD = "deployment.json"
EPOCHS = "epochs"
FINISH_S = 3_600
"""How long after the last boundary the last ledger is taken, when everybody has claimed {s}."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk leaves.

    Attributes
    ----------
    deployment
        Where everything is.
    ledgers
        In their order.
    sentences
        What they show.
    """

    deployment: Deployment
    ledgers: tuple[Ledger, ...]
    sentences: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it for json.dumps, amounts as decimal strings {INDEX base units}."""
        return {
            "deployment": self.deployment.as_json(),
            "ledgers": [tables.as_json(ledger) for ledger in self.ledgers],
            "proved": list(self.sentences),
        }

    def write(self, *, csv: Path | None = None, plot: Path | None = None) -> None:
        """Write the ledgers as CSV and as a plot, where they are wanted.

        Raises
        ------
        IndexkitError
            A file cannot be written.
        """
        if csv is not None:
            documents.write_text(csv, tables.csv_text(self.ledgers))
        if plot is not None:
            draw(self.ledgers, plot)


def walk(terminal: Console, *, every: int = 1, folder: Path = FOLDER) -> Walk:
    """Deploy and distribute INDEX, and walk its calendar on the connected fork.

    Parameters
    ----------
    terminal
        Where steps, progress and the ledgers go.
    every
        How many months lie between two ledgers.
    folder
        Gets the deployment record, and the files of all epochs in ``epochs``, which is emptied.

    Raises
    ------
    IndexkitError
        The chain's clock is past 6 October 2020, or anything reads otherwise than published.
    """
    allocation, calendar = load(), read_calendar()
    initial, rewards = read_initial(), read_rewards()
    plan = plan_of(allocation, initial)
    with quiet_ape():
        _check_clock(calendar)
        keep_block_time(1)
        terminal.print(f"[bold]INDEX[/bold] on the {chain_line()}")
        people = _people(allocation, calendar.stakers)
        terminal.print("Deploying the protocol")
        protocol = deploy.deploy_protocol(project, people.deployer, people.treasury, terminal.print)
        stage = Stage(people, calendar, plan, initial, rewards, protocol)
        deployment = _distribute(stage, calendar, plan, protocol, terminal)
        write_deployment(folder / RECORD, deployment)
        shutil.rmtree(folder / EPOCHS, ignore_errors=True)
        write_epochs(folder / RECORD, folder / EPOCHS)
        books = Books(deployment, plan.initial)
        begin = allocation.published.boundaries[0]
        events = stage.events(ledger_times(begin)[1:-1])
        times = ledger_times(begin, every)
        with progress(terminal, "Walking", len(events) + len(times)) as tick:

            def look() -> Ledger:
                ledger = books.ledger()
                prove(ledger, allocation, plan, calendar, stage.pool_supply)
                prove_reckoned(ledger, _reckoned(deployment, folder))
                return ledger

            ledgers = _play(events, times, look, tick)
        _go_to(times[-1] + FINISH_S - 60)
        stage.finish()
        _mine_at(times[-1] + FINISH_S)
        ledgers.append(look())
        prove_end(ledgers[-1], plan)
        check_order(ledgers)
    done = Walk(deployment, tuple(ledgers), tuple(proved(ledgers, plan)))
    terminal.print(tables.months_table(done.ledgers))
    terminal.print(f"Who stakes and who claims when is ours: {_shown(CHOSEN)}.")
    terminal.print(
        f"Deployment record: {_shown(folder / RECORD)}; epochs: {_shown(folder / EPOCHS)}"
    )
    for sentence in done.sentences:
        terminal.print(sentence)
    return done


def _distribute(
    stage: Stage, calendar: Calendar, plan: Plan, protocol: deploy.Protocol, terminal: Console
) -> Deployment:
    """Create the first index, whose pool is farmed; distribute; have the treasury take over."""
    people, first = stage.people, calendar.indices[0]
    _go_to(first.created)
    index = stage.create(first)
    _go_to(calendar.deployed)
    named = Parties(*(str(party) for party in _parties(people)))
    around = Surroundings(
        pool=index.pool,
        fee_module=protocol.streaming_fee.address,
        weth=addresses.WETH,
        factory=addresses.UNISWAP_V2_FACTORY,
    )
    deployment = distribute(project, people.deployer, named, plan, around, terminal.print)
    stage.take_over(deployment)
    stage.equip_stakers()
    return deployment


def _reckoned(deployment: Deployment, folder: Path) -> int:
    """Return what circulates as a vote reckons it, from events {INDEX base units}."""
    epoch = int(project.MerkleDistributor.at(deployment.distributor).epoch())
    latest = (folder / EPOCHS / name_of(epoch),) if epoch else ()
    return read_deployed(folder / RECORD, (INITIAL, *latest)).circulating_now().amount


def _play(
    events: list[Event],
    times: tuple[int, ...],
    look: Callable[[], Ledger],
    tick: Callable[[str], None],
) -> list[Ledger]:
    """Play the events in their order, and look at the ledger at its times.

    An event at the time of a ledger comes after it: the ledger is the state at the boundary.
    """
    ledgers = []
    moments = [(time, 0, None) for time in times] + [(one.time, 1, one) for one in events]
    for time, _, event in sorted(moments, key=lambda moment: moment[:2]):
        if event is None:
            _mine_at(time)
            ledgers.append(look())
        else:
            _go_to(time)
            event.act()
        tick(tables.day(time)[:7])
    return ledgers


def _go_to(time: int) -> None:
    """Give the next block exactly that time {s}.

    Raises
    ------
    IndexkitError
        The chain's clock is past it.
    """
    provider = ape.chain.provider
    now = int(provider.get_block("latest").timestamp)
    if time <= now:
        raise IndexkitError(
            f"Something is due at {time}, and the chain's clock is at {now}: put more time "
            "between the entries of data/token/walk.json."
        )
    provider.make_request("evm_setNextBlockTimestamp", [time])


def _mine_at(time: int) -> None:
    """Mine an empty block at exactly that time {s}."""
    _go_to(time)
    ape.chain.provider.make_request("evm_mine", [])


def _people(allocation: Allocation, stakers: int) -> People:
    """Return local accounts; on a fork of the live chain, the published ones as parties."""
    accounts = ape.accounts.test_accounts
    people = People(
        deployer=accounts[0],
        treasury=accounts[1],
        set_labs=accounts[2],
        defi_pulse=accounts[3],
        issuer=accounts[4],
        stranger=accounts[5],
        stakers=tuple(accounts[6 + place] for place in range(stakers)),
    )
    if is_embedded():
        return people
    by_party = {
        "treasury": "treasury-vesting",
        "set_labs": "set-labs",
        "defi_pulse": "defi-pulse",
    }
    published = {
        party: _published(allocation.stream(key).recipient) for party, key in by_party.items()
    }
    return replace(people, **published)


def _published(address: str) -> "AccountAPI":
    ape.chain.provider.set_balance(address, WAD)
    return ape.accounts.test_accounts.impersonate_account(address)


def _parties(people: People) -> tuple["AccountAPI", ...]:
    return people.deployer, people.treasury, people.set_labs, people.defi_pulse


def _check_clock(calendar: Calendar) -> None:
    now = int(ape.chain.provider.get_block("latest").timestamp)
    first = calendar.indices[0].created
    if now >= first:
        raise IndexkitError(
            f"The chain's clock is at {tables.moment(now)}, and the walk begins before "
            f"{tables.moment(first)}: fork an earlier block (MAINNET_FORK_BLOCK=10999000), or "
            "unset MAINNET_RPC_URL for the embedded chain."
        )


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
