"""redeemFrozen and collect under attack: gas, bombs, forced failures, all that moves a Set.

An attacker wants more than he put in, another's claim, or that others cannot redeem.
"""

import ape
import pytest
from asides import undone
from odd_code import RETURN, REVERT, bomb

ZERO = "0x" + "00" * 20
E18 = 10**18
UNIT = 5 * E18
ISSUED = 10 * E18
SHARE = 2 * UNIT
FROZEN = "reverts with a reason"
ORDINARY = ""
UNI = 1


@pytest.fixture(scope="module")
def odd(mock, issuer):
    """Deploy a token whose ways the test chooses; the issuer holds it all."""
    return issuer.deploy(mock("OddToken"), 18, 10**30)


@pytest.fixture(scope="module")
def uni(components):
    """Return a good component."""
    return components[UNI]


@pytest.fixture(scope="module")
def odd_set(make_plain_set, protocol, odd, uni, units, module, issuer, stranger):
    """Issue 10 SetTokens, the odd component first, to an attacker and to a stranger."""
    created = make_plain_set([odd, uni], [UNIT, units[UNI]], module)
    created.initializeModule(sender=module)
    odd.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    for holder in (issuer, stranger):
        protocol.issuance.issue(created, ISSUED, holder, sender=issuer)
    return created


@pytest.fixture(scope="module")
def attacker(issuer):
    """Return who holds half of the SetTokens."""
    return issuer


@pytest.fixture
def claimed(protocol, odd_set, odd, stranger):
    """Give the stranger a claim on an honest failure; the token works again."""
    odd.adopt(FROZEN, sender=stranger)
    protocol.issuance.redeemFrozen(odd_set, 2 * E18, stranger, sender=stranger)
    odd.adopt(ORDINARY, sender=stranger)
    return protocol.issuance


@pytest.mark.parametrize("habit", [ORDINARY, "uses 400,000 gas"])
def test_redeem_frozen__gas_limit_makes_no_claim(protocol, odd_set, odd, uni, attacker, habit):
    """At every gas limit it reverts or pays all: failure is not the caller's choice (R-04).

    S-111.
    """
    odd.adopt(habit, sender=attacker)
    redeem = protocol.issuance.redeemFrozen
    outcomes = set()
    for gas in [*range(100_000, 760_000, 20_000), 1_500_000]:
        snapshot = ape.chain.snapshot()
        try:
            redeem(odd_set, 2 * E18, attacker, sender=attacker, gas=gas)
            outcomes.add("paid")
        except ape.exceptions.ContractLogicError as error:
            outcomes.add(str(error.revert_message))
        assert protocol.issuance.totalClaims(odd_set, odd) == 0
        assert protocol.issuance.totalClaims(odd_set, uni) == 0
        ape.chain.restore(snapshot)
    assert {"paid", "Not enough gas"} <= outcomes


def test_redeem_frozen__least_gas_limit__token_gets_as_much(
    protocol, make_plain_set, odd, uni, units, attacker, chain
):
    """Whoever redeems with the least gas that is taken cannot starve the last transfer (R-04)."""
    created = make_plain_set([uni, odd], [units[UNI], UNIT])
    odd.approve(protocol.issuance, 2**256 - 1, sender=attacker)
    protocol.issuance.issue(created, ISSUED, attacker, sender=attacker)
    odd.adopt("keeps its gas", sender=attacker)

    def gas_of_token(limit):
        """Return the gas that the token saw; 0 if the redemption was refused."""
        with undone(chain):
            try:
                protocol.issuance.redeemFrozen(
                    created, 2 * E18, attacker, sender=attacker, gas=limit
                )
            except ape.exceptions.ContractLogicError:
                return 0
            return odd.gasKept()

    refused, taken = 530_000, 1_500_000
    ample = gas_of_token(taken)
    while taken - refused > 50:
        middle = (refused + taken) // 2
        if gas_of_token(middle):
            taken = middle
        else:
            refused = middle
    assert gas_of_token(taken) == ample > 460_000


@pytest.mark.parametrize("ending", [RETURN, REVERT], ids=["returns", "reverts"])
@pytest.mark.parametrize("size", [1_000, 300_000, 10_000_000])
def test_redeem_frozen__bomb(protocol, odd_set, odd, uni, attacker, manager, chain, size, ending):
    """The size of an answer is paid for by who gives it: the rest is redeemed (R-04, I-19)."""
    bomb(odd, size, ending, chain.provider)
    receipt = protocol.issuance.redeemFrozen(odd_set, 2 * E18, manager, sender=attacker)
    paid = ending == RETURN and size < 10_000_000
    assert odd.balanceOf(manager) == (SHARE if paid else 0)
    assert protocol.issuance.claims(odd_set, odd, attacker) == (0 if paid else SHARE)
    assert uni.balanceOf(manager) > 0
    assert receipt.gas_used < 750_000


@pytest.mark.parametrize("count", [1, 10, 25])
def test_redeem_frozen__tokens_that_burn_all_gas(
    protocol, make_plain_set, mock, uni, units, issuer, record_property, count
):
    """So many hostile components, and the good one last: what each costs is bounded (R-04)."""
    tokens = [issuer.deploy(mock("OddToken"), 18, 10**30) for _ in range(count)]
    created = make_plain_set([*tokens, uni], [UNIT] * count + [units[UNI]])
    for token in tokens:
        token.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(created, E18, issuer, sender=issuer)
    for token in tokens:
        token.adopt("burns all gas", sender=issuer)
    before = uni.balanceOf(issuer)
    receipt = protocol.issuance.redeemFrozen(created, E18, issuer, sender=issuer)
    assert uni.balanceOf(issuer) - before == units[UNI]
    assert [protocol.issuance.claims(created, token, issuer) for token in tokens] == [UNIT] * count
    record_property("gas", receipt.gas_used)
    assert receipt.gas_used < 200_000 + 555_000 * count


def test_redeem_frozen__forced_failure_pays_the_same(
    protocol, odd_set, odd, uni, attacker, manager, accounted
):
    """A recipient that is refused, or the SetToken itself, only turns tokens into claims."""
    odd.refuse(manager, sender=attacker)
    protocol.issuance.redeemFrozen(odd_set, 2 * E18, manager, sender=attacker)
    accounted(odd_set)
    before = odd.balanceOf(attacker), uni.balanceOf(attacker)
    protocol.issuance.redeemFrozen(odd_set, 2 * E18, odd_set, sender=attacker)
    accounted(odd_set)
    for token in (odd, uni):
        protocol.issuance.collect(odd_set, token, attacker, sender=attacker)
    assert odd.balanceOf(attacker) - before[0] == 2 * SHARE
    assert uni.balanceOf(attacker) - before[1] == uni.balanceOf(manager)
    accounted(odd_set)


def test_redeem_frozen__claims_cannot_be_had_twice(protocol, odd_set, odd, attacker, stranger):
    """Claim, collect, claim again: never more than issuing cost (I-06)."""
    before = odd.balanceOf(attacker)
    for quantity in (E18 + 1, 3 * E18 - 7, 6 * E18 + 6):
        protocol.issuance.redeemFrozen(odd_set, quantity, odd_set, sender=attacker)
        protocol.issuance.collect(odd_set, odd, attacker, sender=attacker)
    assert odd.balanceOf(attacker) - before <= 10 * UNIT
    protocol.issuance.redeem(odd_set, ISSUED, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == 10 * UNIT


def test_redeem__others_with_claims_open(claimed, odd_set, odd, attacker, stranger, accounted):
    """All other holders leave whole, and what is left is the claim (R-04)."""
    before = odd.balanceOf(attacker)
    claimed.redeem(odd_set, ISSUED, attacker, sender=attacker)
    claimed.redeem(odd_set, 8 * E18, attacker, sender=stranger)
    assert odd.balanceOf(attacker) - before == 18 * UNIT
    assert odd.balanceOf(odd_set) == claimed.claims(odd_set, odd, stranger) == SHARE
    accounted(odd_set)


def test_collect__after_supply_was_zero(claimed, odd_set, odd, uni, attacker, stranger, accounted):
    """The last holder leaves, others issue as in a new SetToken: the claim stays whole (I-10).

    S-115.
    """
    claimed.redeem(odd_set, ISSUED, attacker, sender=attacker)
    claimed.redeemFrozen(odd_set, 8 * E18, attacker, sender=stranger)
    assert odd_set.totalSupply() == 0
    accounted(odd_set)
    assert claimed.collectable(odd_set, odd, stranger) == SHARE

    before = odd.balanceOf(attacker)
    claimed.issue(odd_set, 3 * E18, attacker, sender=attacker)
    assert before - odd.balanceOf(attacker) == 3 * UNIT
    accounted(odd_set)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE
    claimed.redeem(odd_set, 3 * E18, attacker, sender=attacker)
    assert odd.balanceOf(odd_set) == 0


def test_collect__at_zero_supply(claimed, odd_set, odd, attacker, stranger):
    """Nobody else need be there (I-10)."""
    claimed.redeem(odd_set, ISSUED, attacker, sender=attacker)
    claimed.redeem(odd_set, 8 * E18, attacker, sender=stranger)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


@pytest.mark.parametrize("unit", [UNIT // 2, 3 * UNIT // 4])
def test_collect__after_the_unit_changed(
    claimed, odd_set, odd, module, attacker, stranger, accounted, unit
):
    """A claim is a fixed amount: units of which something was sold since do not change it."""
    odd_set.transferComponent(attacker, odd, 18 * (UNIT - unit), sender=module)
    odd_set.editDefaultPositionUnit(odd, unit, sender=module)
    accounted(odd_set)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE
    accounted(odd_set)


def test_collect__after_fees(protocol, claimed, odd_set, odd, manager, stranger, chain, accounted):
    """Fees are taken from holders; who has a claim is none (R-05, S-115)."""
    protocol.streaming_fee.initialize(odd_set, (manager, 10**17, 5 * 10**16, 0), sender=manager)
    chain.mine(timestamp=chain.pending_timestamp + 365 * 86_400)
    protocol.streaming_fee.accrueFee(odd_set, sender=stranger)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert SHARE - odd.balanceOf(stranger) <= 1
    accounted(odd_set)


def test_collect__component_removed_and_added_again(
    claimed, odd_set, odd, module, attacker, stranger, accounted
):
    """The claim does not ask whether its component is still, or again, in the SetToken (I-18)."""
    odd_set.transferComponent(attacker, odd, 18 * UNIT, sender=module)
    odd_set.editDefaultPosition(odd, 0, sender=module)
    assert not odd_set.isComponent(odd)
    claimed.collectWithLimit(odd_set, odd, stranger, SHARE // 2, SHARE // 2, sender=stranger)

    odd.transfer(odd_set, 18 * UNIT, sender=attacker)
    odd_set.editDefaultPosition(odd, UNIT, sender=module)
    accounted(odd_set)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE
    accounted(odd_set)


def test_collect__external_position(claimed, odd_set, odd, module, stranger):
    """What lies elsewhere closes redemption, not claims: they were earned before."""
    odd_set.addExternalPositionModule(odd, module, sender=module)
    odd_set.editExternalPositionUnit(odd, module, -(10**18), sender=module)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


def test_collect__locked__reverts(claimed, odd_set, odd, module, stranger):
    """A claim waits while another module keeps the SetToken locked; redeeming waits too."""
    odd_set.lock(sender=module)
    with ape.reverts("When locked, only the locker can call"):
        claimed.collect(odd_set, odd, stranger, sender=stranger)
    with ape.reverts("When locked, only the locker can call"):
        claimed.redeemFrozen(odd_set, E18, stranger, sender=stranger)
    odd_set.unlock(sender=module)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


def test_collect__module_disabled__reverts(protocol, claimed, odd_set, odd, owner, stranger):
    """It waits while the controller's owner stops the module; no claim is made of that either."""
    protocol.controller.removeModule(claimed, sender=owner)
    with ape.reverts("Module must be enabled on controller"):
        claimed.collect(odd_set, odd, stranger, sender=stranger)
    with ape.reverts("Module must be enabled on controller"):
        claimed.redeemFrozen(odd_set, E18, stranger, sender=stranger)
    protocol.controller.addModule(claimed, sender=owner)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


def test_collect__set_removed_from_controller(protocol, claimed, odd_set, odd, owner, stranger):
    """A claim outlives the controller's list: the SetToken itself still knows the module.

    S-115.
    """
    protocol.controller.removeSet(odd_set, sender=owner)
    with ape.reverts("Must be a valid and initialized SetToken"):
        claimed.redeemFrozen(odd_set, E18, stranger, sender=stranger)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


def test_collect__donation_pays_nobody(claimed, odd_set, odd, attacker, stranger):
    """A balance that grew pays no claim more (I-09)."""
    odd.transfer(odd_set, 10**24, sender=attacker)
    assert claimed.collectable(odd_set, odd, stranger) == SHARE
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


def test_collect__other_set__reverts(claimed, protocol, set_token, make_plain_set, odd, stranger):
    """A claim on one SetToken is none on another that holds the same token (I-23, S-301)."""
    other = make_plain_set([odd], [UNIT])
    odd.setBalance(other, 10 * UNIT, sender=stranger)
    with ape.reverts("Claim must be > 0"):
        claimed.collect(other, odd, stranger, sender=stranger)


def test_collect__not_a_set__reverts(protocol, odd, attacker):
    """Nor is there a claim on what is no SetToken."""
    with ape.reverts("Claim must be > 0"):
        protocol.issuance.collect(attacker, odd, attacker, sender=attacker)


def test_transfers__claims_stay(claimed, odd_set, odd, attacker, stranger):
    """Selling the rest of one's SetTokens does not sell the claim."""
    odd_set.transfer(attacker, 8 * E18, sender=stranger)
    claimed.redeem(odd_set, 18 * E18, attacker, sender=attacker)
    with ape.reverts("Claim must be > 0"):
        claimed.collect(odd_set, odd, attacker, sender=attacker)
    claimed.collect(odd_set, odd, stranger, sender=stranger)
    assert odd.balanceOf(stranger) == SHARE


def test_views__closed_in_the_middle(protocol, make_plain_set, mock, issuer):
    """While a redemption is under way its claims are half written: the views refuse (I-22)."""
    pest = issuer.deploy(mock("CallbackToken"), 10**30)
    created = make_plain_set([pest], [UNIT])
    pest.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(created, E18, issuer, sender=issuer)
    data = protocol.issuance.totalClaims.encode_input(created, pest)
    pest.callBack(protocol.issuance, data, sender=issuer)
    protocol.issuance.redeemFrozen(created, E18, issuer, sender=issuer)
    assert (pest.attempts(), pest.succeeded()) == (1, False)
    pest.execute(protocol.issuance, data, sender=issuer)
