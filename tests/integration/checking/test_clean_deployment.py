"""A deployment without a fault is told to be one, before the hand-over and in operation (R-45)."""

from dataclasses import replace

import ape
import pytest
import requests
from ape import project
from checked_house import MANIFEST, WAD, House

from indexkit.deployment.chain import NodeError
from indexkit.deployment.checking.bytecode import check_code
from indexkit.deployment.checking.inspection import Inspection
from indexkit.deployment.checking.report import GROUPS, NOTED, PENDING, Report
from indexkit.deployment.execution import Execution
from indexkit.deployment.manifest import SENT
from indexkit.deployment.plan import plan
from indexkit.deployment.steps import Address, Deploy, created_kind, needed
from indexkit.localnet import deal, token_at

DAY_S = 86_400
TOKEN, MODULE = "index.SMALL.token", "index.SMALL.module"
OWNED = ("protocol.controller", "protocol.integration_registry", "dao.meta_governor")


def test_check__before_the_hand_over(deployed_house: House) -> None:
    """R-45: what the deployer still has is pending, fails by itself, and is let pass when told."""
    report = deployed_house.check()

    assert {each.status for each in report.findings} == {PENDING}
    pending = [(role.step, f"{role.view}()") for role in deployed_house.handed_over]
    assert [(each.step, each.what) for each in report.findings] == pending
    assert {*OWNED, TOKEN} <= {step for step, _ in pending}
    assert all("the deployer, an account without code" in each.found for each in report.findings)
    assert not report.ok
    assert deployed_house.check(before_hand_over=True).ok


def test_check__offered(deployed_house: House) -> None:
    """R-45: an offer to whom it is meant for is no fault, one to a stranger is, before as after."""
    controller = deployed_house.at(OWNED[0])
    controller.offerOwnership(deployed_house.owner, sender=deployed_house.deployer)
    report = deployed_house.check(before_hand_over=True)
    assert report.ok
    assert report.findings[0].found.endswith("account without code), who has offered it")

    controller.offerOwnership(deployed_house.stranger, sender=deployed_house.deployer)

    assert not deployed_house.check(before_hand_over=True).ok


def test_check__handed_over(deployed_house: House) -> None:
    """R-45: nothing is found, everything was looked at."""
    deployed_house.hand_over()

    report = deployed_house.check()

    assert (report.ok, report.findings) == (True, [])
    assert all(report.checked[group] > 10 for group in GROUPS)
    assert [line.split()[0] for line in report.lines()] == ["OK"] * len(GROUPS)


def test_check__in_operation(deployed_house: House) -> None:
    """R-45: SetTokens, fees, strangers' Sets and rebalances are no faults."""
    house = deployed_house
    house.hand_over()
    issuance, token, stranger = house.at("protocol.issuance"), house.at(TOKEN), house.stranger
    components = house.declaration.indices[0].components
    for each in components:
        deal(each.token, stranger, 10 * each.unit)
        token_at(each.token).approve(issuance, 2**256 - 1, sender=stranger)
    issuance.issue(token, 9 * WAD, stranger, sender=stranger)
    ape.chain.mine(1, timestamp=ape.chain.pending_timestamp + 90 * DAY_S)
    house.at("protocol.streaming_fee").accrueFee(token, sender=stranger)
    house.at("protocol.set_token_creator").create(
        [components[0].token], [WAD], [issuance], stranger, "Foreign", "FRG", sender=stranger
    )
    voter = house.at("dao.meta_governor")
    house.both("setVoter", voter, house.at("protocol.governance"))
    supply = 5 * 10**6 * WAD
    voter.setCirculatingSupply(supply, sender=house.owner)

    report = house.check()

    assert token.positionMultiplier() < WAD
    assert report.ok
    (noted,) = report.findings
    assert (noted.status, noted.found) == (NOTED, str(supply))


def test_check__after_a_rebalance_began(deployed_house: House) -> None:
    """R-45: from then on units and settings of trades are the operator's: told, and no faults."""
    house = deployed_house
    house.hand_over()
    first, *others = house.declaration.indices[0].components
    units = [0, *(each.unit for each in others)]
    multiplier = house.at(TOKEN).positionMultiplier()
    house.operate(MODULE, "startRebalance", [], [], units, multiplier)
    house.operate(MODULE, "setTradeMaximums", [first.token], [1])

    report = house.check()

    assert report.ok
    (noted,) = report.findings
    assert (noted.what, noted.status) == ("assetInfo(YFI)[1]", NOTED)


@pytest.mark.parametrize("status", [None, SENT])
def test_check__unfinished(deployed_house: House, status: str | None) -> None:
    """R-45: a step that is not made, or not confirmed, is named; the rest is checked."""
    manifest = deployed_house.manifest
    record = manifest.steps["index.SMALL.guard"]
    changed = replace(record, status=status, raw="0x") if status else None

    report = deployed_house.check(
        manifest.with_step("index.SMALL.guard", changed), before_hand_over=True
    )

    (finding,) = (each for each in report.findings if each.status != PENDING)
    assert (finding.step, finding.expected) == ("index.SMALL.guard", "made")
    assert finding.found == ("sent, not confirmed" if status else "missing")


def test_check__begun(deployed_house: House) -> None:
    """R-45: of a deployment that has one contract only, every other step is named."""
    manifest = deployed_house.manifest
    (first, record), *others = manifest.steps.items()

    report = deployed_house.check(replace(manifest, steps={first: record}), before_hand_over=True)

    missing = [each.step for each in report.findings if each.found == "missing"]
    assert missing == [step for step, _ in others]


@pytest.mark.parametrize("step", [OWNED[0], TOKEN, "protocol.set_token_logic"])
def test_check__manifest_with_a_hole(deployed_house: House, step: str) -> None:
    """R-45: what was made with the missing address is told not to be known; nothing breaks."""
    house, manifest = deployed_house, deployed_house.manifest

    report = house.check(manifest.with_step(step, None), before_hand_over=True)

    needing = {
        each.id
        for each in plan(house.declaration, house.deployer.address)
        if created_kind(each) and step in needed(each)
    }
    unknown = {each.step for each in report.findings if "that are not known" in each.found}
    assert step in {each.step for each in report.findings if each.found == "missing"}
    assert needing <= unknown


def test_check__manifest_that_says_otherwise(deployed_house: House) -> None:
    """R-45: records that contradict the chain, the sources or the declaration are named."""
    manifest = deployed_house.manifest
    for step, change in (
        ("protocol.issuance", {"code_hash": "0x" + "00" * 32}),
        ("protocol.governance", {"source_hash": "00" * 32}),
        (MODULE, {"block": 1}),
        (OWNED[1], {"arguments": ["0x" + "11" * 20]}),
    ):
        manifest = manifest.with_step(step, replace(manifest.steps[step], **change))

    report = deployed_house.check(manifest, before_hand_over=True)

    assert {(each.step, each.what) for each in report.findings if each.status != PENDING} == {
        ("protocol.issuance", "recorded hash of the code"),
        ("protocol.governance", "recorded hash of the source"),
        (MODULE, "recorded block"),
        (OWNED[1], "argument [0]"),
    }


def test_check__manifest_of_another_deployer(deployed_house: House) -> None:
    """R-45: who stands where the declaration says "deployer" is not taken on trust."""
    house = deployed_house
    manifest = replace(house.manifest, deployer=house.stranger.address)

    report = house.check(manifest, before_hand_over=True)

    told = [each for each in report.findings if each.what == "recorded deployer"]
    assert told
    assert {each.expected for each in told} == {house.deployer.address}


def test_check__addresses_exchanged(deployed_house: House) -> None:
    """R-45: two modules at each other's address are named; so is who was told one."""
    manifest = deployed_house.manifest
    steps = ("protocol.issuance", "protocol.streaming_fee")
    first, second = (manifest.steps[step] for step in steps)
    for step, record, other in zip(steps, (first, second), (second, first), strict=True):
        manifest = manifest.with_step(step, replace(record, address=other.address))

    report = deployed_house.check(manifest, before_hand_over=True)

    code = {each.step: each.found for each in report.findings if each.group == "code"}
    assert {steps[0]: second.contract, steps[1]: first.contract}.items() <= code.items()


def test_answer__of_a_contract_that_has_none(deployed_house: House) -> None:
    """R-45: a contract that is there and does not answer is named; nothing is taken for nothing."""
    house, report = deployed_house, Report()
    inspection = Inspection(house.declaration, house.manifest, (), house.contracts, report)

    assert inspection.answer(GROUPS[0], OWNED[0], "Controller", "sets", 10**6) is None

    (finding,) = report.findings
    assert (finding.what, finding.found) == ("sets()", "no answer")


def test_check_code__constructor_that_cannot_run_any_more(deployed_house: House) -> None:
    """R-45: a beginning that is past by now is proved by the transaction that made the contract."""
    house, venues = deployed_house, deployed_house.declaration.venues
    step = Deploy(
        "dao.bounty",
        "MethodologistBounty",
        (
            Address("dao.index_token"),
            WAD,
            ape.chain.pending_timestamp + DAY_S,
            house.stranger.address,
            venues.weth,
            venues.uniswap.factory,
            Address("protocol.streaming_fee"),
        ),
    )
    made = Execution(house.contracts, house.deployer, house.folder / MANIFEST, house.manifest, 0)
    made.run([step])
    ape.chain.mine(1, timestamp=ape.chain.pending_timestamp + 2 * DAY_S)
    other = replace(step, arguments=(*step.arguments[:1], WAD + 1, *step.arguments[2:]))

    def findings(*steps: Deploy) -> list[str]:
        report = Report()
        check_code(Inspection(house.declaration, made.manifest, steps, house.contracts, report))
        return [each.found for each in report.findings]

    assert findings(step) == []
    assert findings(other) == ["MethodologistBounty made with other arguments"]
    assert project.MethodologistBounty.at(made.manifest.addresses[step.id]).owner()


@pytest.mark.parametrize("answers", [5, 40, 120])
def test_check__node_is_lost(
    deployed_house: House, monkeypatch: pytest.MonkeyPatch, answers: int
) -> None:
    """R-45: a connection that breaks is no fault of the deployment, whenever it does."""
    provider = ape.chain.provider.web3.provider
    original, left = provider.make_request, [answers]

    def answer(*question: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise requests.ConnectionError("the connection was lost")
        return original(*question)

    monkeypatch.setattr(provider, "make_request", answer)

    with pytest.raises(NodeError, match="the connection was lost"):
        deployed_house.check()
