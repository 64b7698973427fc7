"""`ape run metagov` as an operator types it, on the connected node (R-40)."""

import runpy

import pytest
from ape import chain
from click.testing import CliRunner
from offchain_terms import BLOCKS_PER_DAY, until_the_close

from indexkit import deploy
from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.paths import ROOT
from indexkit.metagov import registration, steps


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


def test_commands__whole_vote(command, tmp_path, index, proposal, index_coin, aave):
    """R-40: each step a command; the ledger names voters, quorum, and outcome."""
    folder = ("--folder", tmp_path / "vote")
    status, said = command(
        *("propose", *folder, "--index", index.address, "--governor", deploy.AAVE_GOVERNANCE),
        *("--proposal", proposal, "--title", "AIP", "--vote-token", index_coin.address),
        *("--circulating", 1_000_000, "--blocks-per-day", BLOCKS_PER_DAY),
        *("--account", "TEST::4"),
    )
    assert status == 0, said
    assert "5 % of 1,000,000.00" in said
    for account, choice in (("TEST::5", "against"), ("TEST::6", "for")):
        status, said = command("vote", *folder, "--account", account, "--choice", choice)
        assert status == 0, said
    until_the_close()
    status, said = command("tally", *folder)
    assert (status, "Quorum reached: 90,000.00 INDEX voted, 50,000.00 are needed." in said) == (
        0,
        True,
    )
    owners = ("--account", "TEST::8", "--account", "TEST::10")
    status, said = command("execute", *folder, *owners, "--dry-run")
    assert (status, said) == (0, "The governor would take the vote; nothing was sent.\n")
    status, said = command("execute", *folder, *owners)
    assert status == 0, said
    assert said.startswith("AGAINST cast with ")
    assert aave.getVoteOnProposal(proposal, index).support is False
    status, said = command("verify", *folder)
    assert (status, said) == (0, "The ballots give this result, and the chain agrees.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tally", "--folder", "nowhere"), "nowhere/proposal.json"),
        (
            ("vote", "--folder", "nowhere", "--account", "nobody", "--choice", "for"),
            "No account is called 'nobody'",
        ),
        (("register", "--index", addresses.AAVE), "is no index on this chain"),
    ],
)
def test_commands__bad_input(command, words, sentence):
    """R-40: one sentence, and status 1."""
    status, said = command(*words)
    assert status == 1
    assert said.startswith("Error: ")
    assert sentence in said


def test_verify__differences(command, opened, holders):
    """R-40: what does not agree is said, and the status is 1."""
    steps.vote(opened, holders[0], "for")
    until_the_close()
    steps.tally(opened)
    status, said = command("verify", "--folder", opened)
    assert status == 1
    assert "cast: expected FOR, found nothing." in said
    assert "do not trust this result" in said


def test_register(command, index, protocol, safe, accounts):
    """R-13: UNI counts for nobody until it is registered; --fix does it, by the Safe."""
    uni = contract_at(artifact(protocols.UNI), addresses.UNI)
    assert [seat.name for seat in registration.missing(index.address)] == [
        deploy.UNISWAP_GOVERNANCE
    ]
    told = (
        "SMALL holds votes of UniswapGovernance that count for nobody: register them before the "
        "next proposal starts, with 'ape run metagov register --index "
        f"{index.address} --fix'."
    )
    status, said = command("register", "--index", index.address)
    assert (status, said) == (0, f"{told}\n")
    assert uni.delegates(index) == deploy.NOBODY
    status, said = command("register", "--index", index.address, "--fix")
    assert status == 1
    assert "add --account" in said
    owners = ("--account", "TEST::9", "--account", "TEST::10")
    status, said = command("register", "--index", index.address, "--fix", *owners)
    assert status == 0, said
    assert uni.delegates(index) == index
    assert registration.missing(index.address) == ()
    status, said = command("register", "--index", index.address)
    assert (status, said) == (0, "Every component's votes count.\n")


def test_register__component_that_comes_in(index, module):
    """R-13: COMP in the basket counts for nobody before it is registered, either."""
    names = [seat.name for seat in registration.missing(index.address)]
    assert deploy.COMPOUND_GOVERNANCE not in names
    index.addComponent(addresses.COMP, sender=module)
    assert [seat.name for seat in registration.missing(index.address)] == [
        *names,
        deploy.COMPOUND_GOVERNANCE,
    ]
