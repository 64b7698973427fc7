"""A vote in which vesting, staked, unclaimed and pooled INDEX counts (V-8, R-13)."""

import json
import runpy
import shutil
from dataclasses import replace

import pytest
from ape import chain, project
from click.testing import CliRunner
from offchain_terms import BLOCKS_PER_DAY, until_the_close
from town import DAY_S, E18, TOTAL, Town

from indexkit import deploy, documents
from indexkit.economics.record import Deployment, Farm, Parties, StreamIds, write_deployment
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.localnet.paths import ROOT
from indexkit.metagov import casting, stating, steps
from indexkit.metagov.deployed import LISTS, read_deployed
from indexkit.metagov.envelope import read_proposal, sign
from indexkit.metagov.tally import Outcome

STRATEGIES = ("wallet", "vesting", "farms", "unclaimed", "pools")


@pytest.fixture
def founded(town: Town, protocol):
    """Deploy a bounty that has not begun."""
    begin = chain.pending_timestamp + DAY_S
    made = town.treasury.deploy(
        project.MethodologistBounty,
        *(town.token, 750_000 * E18, begin, town.treasury, addresses.WETH),
        *(addresses.UNISWAP_V2_FACTORY, protocol.streaming_fee),
    )
    town.token.transfer(made, 750_000 * E18, sender=town.treasury)
    return made


@pytest.fixture
def record(town: Town, founded, tmp_path, protocol):
    """Write the deployment record."""
    deployment = Deployment(
        chain_id=chain.chain_id,
        block=1,
        token=town.token.address,
        streams=town.streams.address,
        distributor=town.distributor.address,
        bounty=founded.address,
        farms=tuple(Farm(f"farm {place}", farm.address) for place, farm in enumerate(town.farms)),
        pools=(town.pair.address,),
        fee_module=protocol.streaming_fee.address,
        weth=addresses.WETH,
        parties=Parties(*(one.address for one in (town.heir, town.treasury, town.labs, town.heir))),
        stream_ids=StreamIds(2, 0, 1),
    )
    return write_deployment(tmp_path / "deployment.json", deployment)


@pytest.fixture
def listed(town: Town):
    """Return the initial list's file."""
    return town.lists / f"{town.digests[0]}.json"


@pytest.fixture
def command(monkeypatch):
    """Return a function that runs `ape run metagov …` on the same node: status, output."""
    monkeypatch.setenv("APE_FOUNDRY_HOST", chain.provider.web3.provider.endpoint_uri)
    group = runpy.run_path(str(ROOT / "scripts" / "metagov.py"))["cli"]

    def run(*words):
        result = CliRunner().invoke(group, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


@pytest.fixture
def arguments(town: Town, index, proposal, record, listed):
    """Return what is proposed."""
    return {
        "index": index.address,
        "governor": deploy.AAVE_GOVERNANCE,
        "proposal": proposal,
        "vote_token": town.token.address,
        "title": "AIP",
        "blocks_per_day": BLOCKS_PER_DAY,
        "strategies": STRATEGIES,
        "deployed": read_deployed(record, [listed]),
    }


@pytest.fixture
def opened(town: Town, arguments, tmp_path):
    """Open the vote."""
    folder = tmp_path / "vote"
    steps.propose(folder, town.treasury, **arguments)
    return folder


def circulating(town: Town, founded):
    """Return what circulates, from the contracts at the latest block {INDEX}."""
    now = chain.blocks.head.timestamp
    streams = [town.streams.getStream(i)[3] - town.streams.vested(i, now) for i in range(2)]
    farms = [
        town.token.balanceOf(farm) - sum(farm.earned(one) for one in town.people)
        for farm in town.farms
    ]
    locked = sum(streams) + sum(farms) - town.farms[1].totalSupply()
    treasury = town.token.balanceOf(town.treasury) + 102 * E18
    return TOTAL - locked - treasury - town.token.balanceOf(founded)


def test_vote__whole(town: Town, founded, opened, accounts, index, aave, proposal):
    """R-13, V-8: a team's vested coins, a staker's rewards, a list's claim and LP tokens decide."""
    terms = read_proposal(opened / steps.PROPOSAL).message.terms
    snapshot = read_proposal(opened / steps.PROPOSAL).message.snapshot
    expected = town.count(*STRATEGIES, block=snapshot)
    for voter, choice in ((town.staker, "for"), (town.labs, "against"), (town.holder, "for")):
        steps.vote(opened, voter, choice)
    town.streams.claim(0, sender=town.heir)
    town.farms[0].exit(sender=town.staker)
    until_the_close()
    result = steps.tally(opened)
    assert {one.voter: dict(one.power) for one in result.ballots} == {
        voter.address: expected[voter.address] for voter in (town.staker, town.labs, town.holder)
    }
    assert result.outcome is Outcome.FOR
    assert result.needed == -(-terms.circulating // 20)
    casting.execute(opened, accounts[8:10])
    assert aave.getVoteOnProposal(proposal, index).support
    assert casting.verify(opened) == ()


def test_propose__circulating_is_reckoned(town: Town, founded, opened):
    """R-13: all but what is locked and the treasury's, as the contracts' views tell it."""
    terms = read_proposal(opened / steps.PROPOSAL).message.terms
    assert terms.circulating == circulating(town, founded)


def test_verify__stated_otherwise__found(town: Town, opened, accounts):
    """R-13: an author who writes another figure than the contracts' is found out by anyone."""
    message = read_proposal(opened / steps.PROPOSAL).message
    terms = replace(message.terms, circulating=message.terms.circulating - 1)
    forged = sign(replace(message, terms=terms), town.treasury)
    documents.write(opened / steps.PROPOSAL, forged.document())
    steps.vote(opened, town.staker, "for")
    until_the_close()
    steps.tally(opened)
    expected = f'circulating: expected "{message.terms.circulating}", found "{terms.circulating}".'
    assert expected in casting.verify(opened)
    with pytest.raises(IndexkitError, match="is not what the ballots say: circulating: expected"):
        casting.execute(opened, accounts[8:10])


def test_tally__list_was_edited__refused(opened, town: Town):
    """V-8: the list is the one whose digest was signed."""
    steps.vote(opened, town.staker, "for")
    until_the_close()
    (path,) = (opened / LISTS).iterdir()
    content = json.loads(path.read_text())
    content["claims"][0]["amount"] = str(10**24)
    path.write_text(json.dumps(content))
    with pytest.raises(IndexkitError, match="was edited: its SHA-256 is"):
        steps.tally(opened)
    shutil.rmtree(opened / LISTS)
    with pytest.raises(IndexkitError, match="cannot be read as JSON"):
        steps.tally(opened)
    assert not (opened / steps.RESULT).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"circulating": 10**24}, "one of both"),
        ({"deployed": None}, "The strategy vesting has no contract to count"),
        ({"deployed": None, "strategies": ("wallet",)}, "one of both"),
        ({"vote_token": addresses.AAVE}, "name the record of the token that votes"),
    ],
)
def test_propose__bad_input__one_sentence(town: Town, arguments, tmp_path, change, said):
    """R-40: before anything is signed, and no file."""
    with pytest.raises(IndexkitError, match=said):
        steps.propose(tmp_path / "none", town.treasury, **(arguments | change))
    assert not (tmp_path / "none").exists()


def test_propose__list_is_missing__one_sentence(town: Town, arguments, record, tmp_path):
    """R-40: found out now, not when the vote has closed."""
    arguments["deployed"] = read_deployed(record)
    with pytest.raises(IndexkitError, match="of its initial distribution: add the published file"):
        steps.propose(tmp_path / "none", town.treasury, **arguments)
    assert not (tmp_path / "none").exists()


def test_propose__record_of_another_chain__one_sentence(town: Town, arguments, record, tmp_path):
    """R-40: addresses mean nothing elsewhere."""
    content = json.loads(record.read_text()) | {"chain_id": 5}
    record.write_text(json.dumps(content))
    arguments["deployed"] = read_deployed(record)
    with pytest.raises(IndexkitError, match="The deployment record is of chain 5, not 1"):
        steps.propose(tmp_path / "none", town.treasury, **arguments)


# ---------------------------------------------------------------- commands


def test_commands__propose_by_the_record(
    command, town: Town, founded, record, listed, index, proposal, tmp_path
):
    """R-40: the figure is reckoned, and the places are told."""
    status, said = command(
        *("propose", "--folder", tmp_path / "vote", "--index", index.address),
        *("--governor", deploy.AAVE_GOVERNANCE, "--proposal", proposal, "--title", "AIP"),
        *("--vote-token", town.token.address, "--blocks-per-day", BLOCKS_PER_DAY),
        *("--deployment", record, "--list", listed, "--account", "TEST::5"),
        *(word for name in STRATEGIES for word in ("--strategy", name)),
    )
    assert status == 0, said
    assert town.farms[1].address in said
    assert f"5 % of {circulating(town, founded) / E18:,.2f}" in said


def test_commands__circulating__stated_by_the_owner(
    command, town: Town, founded, record, listed, protocol
):
    """R-13: a figure more than 1 % off is warned of, and its owner states the right one."""
    governor = deploy.deploy_meta_governor(
        project, town.treasury, protocol, votes_token=town.token, circulating_supply=10**24
    )
    words = ("circulating", record, "--list", listed, "--governor", governor.address)
    status, said = command(*words)
    assert status == 0, said
    assert f"WARNING: {governor.address} states 1,000,000.00 INDEX" in said
    assert f"Circulating: {circulating(town, founded)} base units." in said
    status, said = command(*words, "--state")
    assert (status, "add --account" in said) == (1, True)
    status, said = command(*words, "--state", "--account", "TEST::6")
    assert (status, "give its account with --account" in said) == (1, True), said
    status, said = command(*words, "--state", "--account", "TEST::5")
    assert status == 0, said
    found = governor.circulatingSupply()
    assert 0 <= circulating(town, founded) - found < 100 * E18
    status, said = command(*words)
    assert "within 1 % of the" in said
    assert stating.statement(governor.address, found).stated == found


def test_statement__no_governor__one_sentence(town: Town):
    """R-40: another contract states nothing."""
    with pytest.raises(IndexkitError, match="is no MetaGovernor on this chain"):
        stating.statement(town.token.address, 1)
