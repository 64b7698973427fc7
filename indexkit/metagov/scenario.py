"""AIP-2 and AIP-3, November 2020: the first two votes of an index by its holders, replayed.

Published is that both proposals were voted on, that the holders said yes, that the vote was cast on
chain through the governance module, and that the index was the third largest voter. Not published
are proposal ids, blocks, transactions and votes. So the governor is Aave's own first one, the index
is a published one, and **who else holds INDEX and AAVE is ours**: sizes are chosen such that the
index comes third, and the rank shown is read from Aave's events.

AIP-2 goes the way of November 2020: signed ballots, counted off chain, cast by the operator's Safe.
AIP-3 goes the way that asks nobody: a ballot in MetaGovernor, cast by a stranger.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ape
from ape import project
from rich.console import Console
from rich.table import Table

from indexkit import deploy
from indexkit.commands import chain_line, quiet_ape
from indexkit.localnet import addresses, deal, keep_block_time, mine, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.chain import BLOCK_TIME_S
from indexkit.localnet.paths import ROOT
from indexkit.metagov import casting, ledger, onchain, steps
from indexkit.metagov.envelope import read_proposal, sign
from indexkit.metagov.seat import seat_of
from indexkit.metagov.snapshot import Vote
from indexkit.metagov.window import DAY_S
from indexkit.plan import WAD
from indexkit.published_index import Index, create_published_index, test_roles
from indexkit.rebalance_data import load
from indexkit.safe import Call, Safe, create_safe
from indexkit.voting import aave_held

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance

FOLDER = ROOT / "build" / "vote"
BLOCKS_PER_DAY = DAY_S // BLOCK_TIME_S
VOTING_BLOCKS = 3 * BLOCKS_PER_DAY

CIRCULATING = 760_000 * WAD
"""The airdrop's 100,000 and 44 of 60 days of 900,000 farmed, to 20 November 2020 {INDEX wei}."""

HOLDERS = (21_000, 14_000, 6_500, 2_500)
"""INDEX of those who vote; ours {INDEX}."""

OFF_CHAIN = ("for", "for", "against", "abstain")
ON_CHAIN = (1, 1, 1, 0)

OTHERS = ((150, True), (120, True), (80, False), (40, True))
"""Other voters in Aave: percent of what the index holds, and their side; ours."""

VOTED_FOR = 1


@dataclass(frozen=True, slots=True)
class House:
    """An index whose holders decide, and everybody who takes part."""

    index: Index
    coin: "ContractInstance"
    safe: Safe
    manager: "ContractInstance"
    governor: "ContractInstance"
    aave: "ContractInstance"
    holders: "tuple[AccountAPI, ...]"
    owners: "tuple[AccountAPI, ...]"
    stranger: "AccountAPI"


def play(name: str, terminal: Console, folder: Path = FOLDER) -> dict[str, Any]:
    """Play both votes on the connected chain and print their ledgers.

    Parameters
    ----------
    name
        Published rebalance whose index votes; it must hold AAVE.
    terminal
        Where the ledgers go.
    folder
        Gets ``aip-2`` with proposal, ballots, result and receipt; what it held is replaced.

    Returns
    -------
    dict
        Outcome, votes and rank by proposal, ready for json.dumps.
    """
    with quiet_ape():
        house = _house(name, terminal)
        aip_2, aip_3 = _proposals(house)
        files = _open_off_chain(house, aip_2, folder / "aip-2")
        ballot = _open_on_chain(house, aip_3)
        _vote_off_chain(house, files)
        for holder, choice in zip(house.holders, ON_CHAIN, strict=True):
            house.governor.castVote(ballot, choice, sender=holder)
        _others_vote(house, (aip_2, aip_3))

        terminal.print("Who holds INDEX and who else votes is ours: the sources have no counts.")
        terminal.print("Two days pass: both votes close, a day before Aave's own end.")
        close = house.governor.getBallot(ballot).close
        mine(max(1, close - ape.chain.blocks.head.number) + 1)
        outcome = {"AIP-2": _finish_off_chain(house, files, aip_2, terminal)}
        outcome["AIP-3"] = _finish_on_chain(house, ballot, aip_3, terminal)
    return outcome


def _house(name: str, terminal: Console) -> House:
    keep_block_time()
    rebalance = load(name)
    terminal.print(f"[bold]AIP-2 and AIP-3[/bold] on the {chain_line()}")
    roles = test_roles()
    accounts = ape.accounts.test_accounts
    owners, methodologist = tuple(accounts[4:7]), accounts[7]
    index = create_published_index(project, rebalance, roles, terminal.print)
    aave_held(index.token)
    protocol = index.protocol

    terminal.print("Handing it over to an IndexManager: a Safe (2 of 3) and a methodologist")
    safe = create_safe(owners, 2, owners[0])
    manager = deploy.deploy_manager(
        project,
        roles.owner,
        index.token,
        fee_module=protocol.streaming_fee,
        operator=safe.address,
        methodologist=methodologist,
        operator_share=WAD,
        permissions=deploy.operator_permissions(protocol, index.module),
    )
    index.token.setManager(manager, sender=roles.manager)

    terminal.print("Deploying INDEX and MetaGovernor, the index's voter")
    coin = deploy.deploy_index_token(project, roles.owner, roles.owner)
    governor = deploy.deploy_meta_governor(
        project,
        roles.owner,
        protocol,
        votes_token=coin,
        circulating_supply=CIRCULATING,
        blocks_per_day=BLOCKS_PER_DAY,
    )
    safe.run(owners[:2], Call.of(manager, "setVoter", governor, protocol.governance))
    manager.setVoter(governor, protocol.governance, sender=methodologist)

    holders = tuple(accounts[8:12])
    for holder, amount in zip(holders, HOLDERS, strict=True):
        coin.transfer(holder, amount * WAD, sender=roles.owner)
        coin.invoke_transaction("delegate", holder, sender=holder)
    mine(2)
    aave = contract_at(artifact(protocols.AAVE_V1_GOVERNANCE), addresses.AAVE_V1_GOVERNANCE)
    stranger = accounts[12]
    return House(index, coin, safe, manager, governor, aave, holders, owners, stranger)


def _proposals(house: House) -> tuple[int, int]:
    """Have Aave's founders, who alone may, make both proposals; return their numbers."""
    genesis = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    terms = (house.aave.MIN_THRESHOLD(), house.stranger, VOTING_BLOCKS, VOTING_BLOCKS, 2)
    numbers = []
    for title in (b"AIP-2", b"AIP-3"):
        receipt = house.aave.newProposal(title, title, *terms, sender=genesis)
        (created,) = house.aave.ProposalCreated.from_receipt(receipt)
        numbers.append(int(created.proposalId))
    return numbers[0], numbers[1]


def _open_off_chain(house: House, proposal: int, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    steps.propose(
        folder,
        house.stranger,
        index=house.index.token.address,
        governor=deploy.AAVE_V1_GOVERNANCE,
        proposal=proposal,
        vote_token=house.coin.address,
        circulating=CIRCULATING,
        title="AIP-2",
        blocks_per_day=BLOCKS_PER_DAY,
    )
    return folder


def _open_on_chain(house: House, proposal: int) -> bytes:
    name = deploy.AAVE_V1_GOVERNANCE
    house.governor.open(name, proposal, sender=house.stranger)
    return bytes(house.governor.ballotOf(name, proposal))


def _vote_off_chain(house: House, folder: Path) -> None:
    """Hand in four ballots, and three files that must not count."""
    paths = [
        steps.vote(folder, holder, choice)
        for holder, choice in zip(house.holders, OFF_CHAIN, strict=True)
    ]
    box = folder / steps.BALLOTS
    shutil.copy(paths[0], box / "a-copy.json")
    edited = json.loads(paths[2].read_text())
    edited["data"]["message"]["choice"] = 1
    (box / "edited.json").write_text(json.dumps(edited))
    proposal = read_proposal(folder / steps.PROPOSAL)
    late = Vote(
        author=house.holders[2].address,
        space=proposal.message.space,
        timestamp=proposal.message.end,
        proposal=proposal.hash,
        choice=1,
    )
    sign(late, house.holders[2]).write(box)


def _others_vote(house: House, proposals: tuple[int, ...]) -> None:
    """Let others vote in Aave with AAVE of their own."""
    held = aave_held(house.index.token)
    for place, (percent, support) in enumerate(OTHERS):
        voter = ape.accounts.test_accounts.impersonate_account(
            addresses.labelled(f"indexkit.vote.other-{place}")
        )
        ape.chain.provider.set_balance(voter.address, WAD)
        deal(addresses.AAVE, voter, held * percent // 100)
        side = VOTED_FOR if support else 2
        for proposal in proposals:
            house.aave.submitVoteByVoter(proposal, side, addresses.AAVE, sender=voter)


def _finish_off_chain(
    house: House, folder: Path, proposal: int, terminal: Console
) -> dict[str, Any]:
    terminal.rule("AIP-2: signed ballots, counted off chain, cast by the Safe")
    for part in ledger.tables(steps.tally(folder)):
        terminal.print(part)
    receipt = casting.execute(folder, house.owners[:2])
    assert receipt is not None
    terminal.print(
        f"Cast by two of three owners: {receipt.outcome}, {receipt.gas:,} gas, in "
        f"{receipt.transaction} (block {receipt.block:,})."
    )
    differences = casting.verify(folder)
    terminal.print(
        "Verified: the ballots give this result, and the chain agrees."
        if not differences
        else f"NOT verified: {' '.join(differences)}"
    )
    terminal.print(f"All of it is in {folder}.")
    return _record(house, proposal, receipt.outcome, terminal)


def _finish_on_chain(
    house: House, ballot: bytes, proposal: int, terminal: Console
) -> dict[str, Any]:
    terminal.rule("AIP-3: ballots in MetaGovernor, cast by anyone")
    told = onchain.read_ballot(house.governor, ballot)
    terms = steps.terms_now(
        seat_of(house.index.token.address, deploy.AAVE_V1_GOVERNANCE),
        proposal,
        vote_token=house.coin.address,
        circulating=CIRCULATING,
        strategies=("delegated",),
        blocks_per_day=BLOCKS_PER_DAY,
    )
    terminal.print(f"Proposal {proposal} of {terms.governor}, ballot 0x{ballot.hex()}")
    terminal.print(ledger.window_table(terms))
    terminal.print(onchain.voters_table(told))
    for line in onchain.lines(told):
        terminal.print(line)
    receipt = house.governor.execute(
        house.index.token, deploy.AAVE_V1_GOVERNANCE, proposal, sender=house.stranger
    )
    terminal.print(
        f"Cast by a stranger: {told.outcome}, {receipt.gas_used:,} gas, in {receipt.txn_hash} "
        f"(block {receipt.block_number:,})."
    )
    return _record(house, proposal, str(told.outcome), terminal)


def _record(house: House, proposal: int, outcome: str, terminal: Console) -> dict[str, Any]:
    """Show Aave's own record of a vote, and the index's rank among its voters."""
    token = house.index.token
    ranked = sorted(_voters(house, proposal).items(), key=lambda item: -item[1][1])
    table = Table("rank", "voter", "side", title="Voters in Aave, by its own events")
    table.add_column("AAVE", justify="right")
    place = 0
    for number, (voter, (vote, balance)) in enumerate(ranked, 1):
        name = token.symbol() if voter == token.address else voter
        place = number if voter == token.address else place
        side = "for" if vote == VOTED_FOR else "against"
        table.add_row(str(number), name, side, ledger.tokens(balance))
    terminal.print(table)
    vote, _, balance, *_ = house.aave.getVoterData(proposal, token)
    side = "for" if vote == VOTED_FOR else "against"
    terminal.print(
        f"Aave has {token.symbol()}'s vote: {side}, with {ledger.tokens(balance)} AAVE, number "
        f"{place} of {len(ranked)} voters."
    )
    return {"outcome": outcome, "side": side, "votes": str(balance), "rank": place}


def _voters(house: House, proposal: int) -> dict[str, tuple[int, int]]:
    """Return side and AAVE of everybody who voted on a proposal."""
    head = ape.chain.blocks.head.number
    logs = house.aave.VoteEmitted.range(0, head + 1)
    return {
        log.voter: (int(log.vote), int(log.balance)) for log in logs if log.proposalId == proposal
    }
