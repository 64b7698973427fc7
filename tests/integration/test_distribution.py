"""INDEX distributed on the chain, and the ledger read from it, whatever others do meanwhile."""

from dataclasses import replace
from types import SimpleNamespace

import ape
import pytest
from ape import project

from indexkit.economics.allocation import load
from indexkit.economics.circulating import TOTAL
from indexkit.economics.distribution import Surroundings, distribute, plan_of
from indexkit.economics.lists import INITIAL, read_initial
from indexkit.economics.pots import Books, read_ledger
from indexkit.economics.proofs import prove_reckoned
from indexkit.economics.record import Parties, write_deployment
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, advance
from indexkit.localnet.pools import UNISWAP_V2, pair_address
from indexkit.metagov.deployed import read_deployed
from indexkit.plan import WAD

HOUR_S, YEAR_S = 3_600, 365 * 86_400


def now():
    """Return the chain's time {s}."""
    return ape.chain.provider.get_block("latest").timestamp


@pytest.fixture(scope="module")
def world(accounts, protocol, published):
    """Distribute INDEX with the published plan, put off until the chain's clock is there."""
    deployer, treasury, set_labs, defi_pulse, stranger = accounts[8:13]
    plan = plan_of(load(), read_initial())
    plan = plan.shifted(now() + HOUR_S - plan.streams["treasury"].begin)
    recipients = Parties(deployer.address, treasury.address, set_labs.address, defi_pulse.address)
    around = Surroundings(
        pool=pair_address(UNISWAP_V2, published.component("UNI").address),
        fee_module=protocol.streaming_fee.address,
        weth=addresses.WETH,
        factory=addresses.UNISWAP_V2_FACTORY,
    )
    record = distribute(project, deployer, recipients, plan, around)
    return SimpleNamespace(
        plan=plan,
        recipients=recipients,
        around=around,
        record=record,
        deployer=deployer,
        treasury=treasury,
        successor=accounts[13],
        stranger=stranger,
        token=project.IndexToken.at(record.token),
        streams=project.TokenStream.at(record.streams),
        books=lambda: Books(record, plan.initial),
    )


def test_distribute__as_published(world):
    """R-21: every part is where it belongs, the deployer has nothing left, and no power."""
    ledger = world.books().ledger()
    held = {pot.name: pot.amount // WAD for pot in ledger.pots if pot.amount}
    assert held == {
        "liquidity mining: locked": 900_000,
        "initial distribution: due": 100_000,
        "methodologist bounty: locked": 750_000,
        "treasury stream: locked": 4_750_000,
        "Set Labs stream: locked": 2_800_000,
        "DeFi Pulse stream: locked": 200_000,
        "treasury wallet": 500_000,
    }
    assert (ledger.vested, ledger.circulating) == (600_000 * WAD, 100_000 * WAD)
    record = world.record
    for address in (record.distributor, record.bounty):
        contract = project.MerkleDistributor.at(address)
        contract.acceptOwnership(sender=world.treasury)
        assert contract.owner() == world.treasury
    farm = project.StakingRewards.at(record.farms[0].address)
    farm.notifyRewardAmount(world.plan.mining, sender=world.treasury)
    assert world.books().ledger().pot("liquidity mining: locked").amount == 900_000 * WAD


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"treasury": 500_000 * WAD + 1},
            f"distributes {TOTAL + 1} base units of INDEX, and",
        ),
        ({"streams": {}}, "The plan has streams for nobody: it must be treasury, set_labs, defi_"),
        ({}, "shift the plan."),
    ],
)
def test_distribute__wrong_plan__nothing_is_sent(world, changes, words):
    """A plan that is not all INDEX, names others or lies in the past is refused first."""
    plan = replace(world.plan, **changes)
    if not changes:
        plan = plan.shifted(-YEAR_S)
    elif "streams" in changes:
        vesting = sum(schedule.total for schedule in world.plan.streams.values())
        plan = replace(plan, treasury=plan.treasury + vesting)
    before = world.deployer.nonce
    with pytest.raises(IndexkitError, match=words):
        distribute(project, world.deployer, world.recipients, plan, world.around)
    assert world.deployer.nonce == before


def test_distribute__treasury_is_the_deployer__nothing_is_sent(world):
    """Nobody's coins lie where they are not told apart."""
    recipients = replace(world.recipients, treasury=world.deployer.address)
    before = world.deployer.nonce
    with pytest.raises(IndexkitError, match="The deployer is the treasury: name another account"):
        distribute(project, world.deployer, recipients, world.plan, world.around)
    assert world.deployer.nonce == before


def test_ledger__sent_by_mistake__strays(world):
    """R-25, an attack: a base unit sent to each contract breaks nothing, and is told."""
    for number, address in enumerate(world.record.contracts):
        world.token.transfer(address, 10**number, sender=world.treasury)
    ledger = world.books().ledger()
    waiting = ledger.program("liquidity mining").funded - 900_000 * WAD
    assert (ledger.pot("strays").amount, waiting) == (111, 1_000)
    assert ledger.circulating == 100_000 * WAD


def test_ledger__streams_of_others__counted(world):
    """R-25: anybody may stream; two streams of others are one program."""
    world.token.approve(world.streams, 100, sender=world.treasury)
    for place, who in enumerate((world.stranger, world.successor)):
        begin = now() + HOUR_S
        world.streams.create(who, begin, [(begin + 10 + place, 40)], sender=world.treasury)
    advance(HOUR_S + 100)
    world.streams.claim(3, sender=world.stranger)
    program = world.books().ledger().program("other streams")
    assert (program.funded, program.claimed, program.due, program.locked) == (80, 40, 40, 0)


def test_ledger__treasury_hands_its_stream_over__circulates(world):
    """R-25: what is due is the treasury's own only as long as the stream is the treasury's."""
    advance(100 * 86_400)
    due = world.books().ledger().program("treasury stream").treasury_due
    assert due > 0
    world.streams.proposeRecipient(0, world.successor, sender=world.treasury)
    world.streams.acceptRecipient(0, sender=world.successor)
    program = world.books().ledger().program("treasury stream")
    assert (program.treasury_due, program.due >= due) == (0, True)


def test_reckoned_from_events__as_the_contracts_tell(world, tmp_path):
    """V-8, R-25: strays, handed over and strangers' streams circulate alike for quorum and ledger.

    A difference is told with both figures.
    """
    record = tmp_path / "deployment.json"
    write_deployment(record, world.record)
    world.token.transfer(world.record.streams, 7, sender=world.treasury)
    world.token.approve(world.streams, 100, sender=world.treasury)
    world.streams.create(
        world.stranger, now() + HOUR_S, [(now() + YEAR_S, 90)], sender=world.treasury
    )
    advance(100 * 86_400)
    world.streams.claim(1, sender=world.stranger)
    world.streams.proposeRecipient(0, world.successor, sender=world.treasury)
    world.streams.acceptRecipient(0, sender=world.successor)
    ledger = world.books().ledger()
    reckoned = read_deployed(record, (INITIAL,)).circulating_now().amount
    prove_reckoned(ledger, reckoned)
    with pytest.raises(IndexkitError, match=f"that {reckoned + 1} circulate, .* of 1"):
        prove_reckoned(ledger, reckoned + 1)


def test_ledger__step_by_step_as_at_once(world):
    """R-25: ledgers one after the other read as one that replays everything."""
    books = world.books()
    world.token.transfer(world.stranger, 7 * WAD, sender=world.treasury)
    books.ledger()
    advance(400 * 86_400)
    world.streams.claim(1, sender=world.stranger)
    world.token.transfer(world.stranger, 5 * WAD, sender=world.treasury)
    assert books.ledger() == world.books().ledger()
    with pytest.raises(IndexkitError, match="which was read already: read ledgers in their order"):
        books.ledger(world.record.block)


def test_ledger__events_missing__refused(world):
    """R-25: a node that hides the oldest events is found out, and the account is named."""
    late = replace(world.record, block=world.record.block + 6)
    with pytest.raises(IndexkitError, match=r"by its events INDEX's .* holds -?\d+, by the token"):
        Books(late, world.plan.initial).ledger()


def test_read_ledger__wrong_place__one_sentence(world, tmp_path):
    """A record of another chain, a block out of reach, an address without a contract."""
    file = tmp_path / "deployment.json"
    write_deployment(file, replace(world.record, chain_id=5))
    with pytest.raises(IndexkitError, match=r"is of chain 5, connected is 1: name its network"):
        read_ledger(file)
    write_deployment(file, world.record)
    assert read_ledger(file) == world.books().ledger()
    with pytest.raises(IndexkitError, match="Block 1 is not between the token's"):
        read_ledger(file, 1)
    write_deployment(file, replace(world.record, bounty=world.stranger.address))
    with pytest.raises(IndexkitError, match=r"The chain does not tell what .* names"):
        read_ledger(file)
