"""V-7: the operator of Index Coop's manager takes the index alone, around the two-party rule.

`updateManager` waits for the methodologist. `interactModule` asks no one, and takes the SetToken
for a module: it sends any call there in the manager's name.
"""

import ape
import pytest
from twins.index_house import index_coop
from twins.world import VENUES, original

from indexkit import deploy
from indexkit.localnet import advance

E18 = 10**18
YEAR_S = 31_557_600
FEE = 95 * 10**14
"""D18{1/year}"""

SHARE = 6 * 10**17
"""Of the fees, the operator's D18{1}."""

ZERO = "0x" + "00" * 20


@pytest.fixture(scope="module")
def operator(accounts):
    """Run the index."""
    return accounts[7]


@pytest.fixture(scope="module")
def methodologist(accounts):
    """Wrote its rules, and lives on a share of the fees."""
    return accounts[8]


@pytest.fixture(scope="module")
def index_house(
    owner, manager, operator, methodologist, issuer, set_token, components, units, protocol
):
    """Create an index on Set V2's own bytecode, managed by Index Coop's manager, with supply.

    It asks for the small index because the issuer has a stock of its components then.
    """
    assert set_token.totalSupply() > 0
    controller = owner.deploy(original("Controller").container(), owner)
    creator = owner.deploy(original("SetTokenCreator").container(), controller)
    issuance = owner.deploy(original("BasicIssuanceModule").container(), controller)
    fees = owner.deploy(original("StreamingFeeModule").container(), controller)
    rebalances = owner.deploy(original("SingleIndexModule").container(), controller, *VENUES)
    modules = [issuance, fees, rebalances]
    controller.initialize([creator], modules, [], [], sender=owner)
    receipt = creator.create(components, units, modules, manager, "Index", "IDX", sender=manager)
    (created,) = creator.SetTokenCreated.from_receipt(receipt)
    index = original("SetToken").container().at(created._setToken)
    house = owner.deploy(
        index_coop("manager/ICManager").container(),
        index,
        rebalances,
        fees,
        operator,
        methodologist,
        SHARE,
    )
    issuance.initialize(index, ZERO, sender=manager)
    fees.initialize(index, (house, 5 * 10**16, FEE, 0), sender=manager)
    rebalances.initialize(index, sender=manager)
    index.setManager(house, sender=manager)
    for component in components:
        component.approve(issuance, 2**256 - 1, sender=issuer)
    issuance.issue(index, 1_000 * E18, issuer, sender=issuer)
    return index, house, fees


@pytest.fixture(scope="module")
def ours(project, protocol, owner, manager, operator, methodologist, set_token, index_module):
    """Give the small index to a manager of ours, with all that an operator is usually allowed."""
    house = deploy.deploy_manager(
        project,
        owner,
        set_token,
        fee_module=protocol.streaming_fee,
        operator=operator,
        methodologist=methodologist,
        operator_share=SHARE,
        permissions=deploy.operator_permissions(protocol, index_module),
    )
    protocol.streaming_fee.updateFeeRecipient(set_token, house, sender=manager)
    set_token.setManager(house, sender=manager)
    return set_token, house, protocol.streaming_fee


def earned(index, fees, house, share, parties):
    """Return what both parties earn in a year, distributed by a function of the house."""
    before = [index.balanceOf(party) for party in parties]
    advance(YEAR_S)
    share()
    return [index.balanceOf(p) - b for p, b in zip(parties, before, strict=True)]


def test_update_manager__operator_alone__waits_on_the_original(
    index_house, operator, methodologist
):
    """V-7: the rule that is meant to protect the methodologist."""
    index, house, _ = index_house
    house.updateManager(operator, sender=operator)
    assert index.manager() == house
    house.updateManager(operator, sender=methodologist)
    assert index.manager() == operator


def test_interact_module__operator_alone__takes_the_original(
    index_house, operator, methodologist, stranger
):
    """V-7: one call, no signature of the methodologist, who earns nothing from then on."""
    index, house, fees = index_house
    parties = (operator, methodologist)
    before = earned(
        index, fees, house, lambda: house.accrueFeeAndDistribute(sender=stranger), parties
    )
    assert before[1] > 3 * E18

    house.interactModule(index, index.setManager.encode_input(operator), sender=operator)
    assert index.manager() == operator
    fees.updateFeeRecipient(index, operator, sender=operator)
    after = earned(index, fees, house, lambda: fees.accrueFee(index, sender=stranger), parties)
    assert after[0] > sum(before) * 99 // 100
    assert after[1] == 0


def test_execute__operator_alone__is_refused(ours, operator, methodologist, stranger):
    """V-7, I-21: the same call, and every other that leads there; the methodologist still earns."""
    index, house, fees = ours
    alone = "Target must not be operated alone"
    for contract, call in (
        (index, index.setManager.encode_input(operator)),
        (fees, fees.updateFeeRecipient.encode_input(index, operator)),
        (house, house.setOperator.encode_input(stranger)),
        (house, house.allow.encode_input(index, bytes(4), True)),
        (house, house.executeAgreed.encode_input(index, b"")),
    ):
        with ape.reverts(alone):
            house.execute(contract, call, sender=operator)
        with ape.reverts(alone):
            house.executeBatch([(contract, call)], sender=operator)
    assert index.manager() == house
    paid = earned(
        index, fees, house, lambda: house.distributeFees(sender=stranger), (operator, methodologist)
    )
    assert paid[1] > 3 * E18


def test_execute_agreed__operator_alone__waits(ours, operator, methodologist):
    """V-7: what takes both is one function, and it waits for both."""
    index, house, _ = ours
    call = index.setManager.encode_input(operator)
    for _ in range(2):
        house.executeAgreed(index, call, sender=operator)
    assert index.manager() == house
    house.executeAgreed(index, call, sender=methodologist)
    assert index.manager() == operator
