"""BasicIssuanceModule: redeeming while a component cannot be moved, and collecting it later."""

import ape
import pytest
from asides import undone

ZERO = "0x" + "00" * 20
E18 = 10**18
UNIT = 5 * E18 + 1
ISSUED = 10 * E18
QUANTITY = 2 * E18 + 3
SHARE = UNIT * QUANTITY // E18
FROZEN = "reverts with a reason"
ORDINARY = ""


@pytest.fixture(scope="module")
def odd(mock, issuer):
    """Deploy a token whose ways the test chooses; the issuer holds it all."""
    return issuer.deploy(mock("OddToken"), 18, 10**30)


@pytest.fixture(scope="module")
def basket(components, odd):
    """Return the components: the odd one stands between two good ones."""
    return [components[1], odd, components[2]]


@pytest.fixture(scope="module")
def basket_units(units):
    """Return their units, D18{comp/set}."""
    return [units[1], UNIT, units[2]]


@pytest.fixture(scope="module")
def odd_set(make_plain_set, protocol, basket, basket_units, odd, module, issuer, stranger):
    """Issue 10 SetTokens to the issuer and 10 to a stranger."""
    created = make_plain_set(basket, basket_units, module)
    created.initializeModule(sender=module)
    odd.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    for holder in (issuer, stranger):
        protocol.issuance.issue(created, ISSUED, holder, sender=issuer)
    return created


@pytest.fixture
def claimed(protocol, odd_set, odd, issuer):
    """Freeze the odd token, redeem, and thaw it: the issuer has a claim."""
    odd.adopt(FROZEN, sender=issuer)
    protocol.issuance.redeemFrozen(odd_set, QUANTITY, issuer, sender=issuer)
    odd.adopt(ORDINARY, sender=issuer)
    return protocol.issuance


def balances(tokens, holder):
    """Return what an account holds of each token {comp}."""
    return [token.balanceOf(holder) for token in tokens]


def gained(before, after):
    """Return what was added to each balance."""
    return [b - a for a, b in zip(before, after, strict=True)]


def test_redeem_frozen__nothing_frozen(
    protocol, odd_set, basket, basket_units, issuer, manager, logs
):
    """It pays and announces exactly what redeem would, and leaves no claim (R-04, S-110)."""
    receipt = protocol.issuance.redeemFrozen(odd_set, QUANTITY, manager, sender=issuer)
    assert logs(receipt, odd_set, protocol.issuance) == [
        odd_set.Transfer(sender=issuer, receiver=ZERO, value=QUANTITY),
        protocol.issuance.SetTokenRedeemed(
            _setToken=odd_set, _redeemer=issuer, _to=manager, _quantity=QUANTITY
        ),
    ]
    assert balances(basket, manager) == [unit * QUANTITY // E18 for unit in basket_units]
    assert [protocol.issuance.totalClaims(odd_set, token) for token in basket] == [0, 0, 0]


def test_redeem_frozen__one_frozen(
    protocol, odd_set, odd, basket, basket_units, issuer, manager, logs, accounted
):
    """The rest is paid at once, the frozen part becomes the caller's claim (R-04, S-110)."""
    odd.adopt(FROZEN, sender=issuer)
    before = balances(basket, odd_set)
    receipt = protocol.issuance.redeemFrozen(odd_set, QUANTITY, manager, sender=issuer)
    paid = [unit * QUANTITY // E18 for unit in basket_units]
    paid[1] = 0
    assert logs(receipt, odd_set, protocol.issuance) == [
        odd_set.Transfer(sender=issuer, receiver=ZERO, value=QUANTITY),
        protocol.issuance.ComponentClaimed(
            _setToken=odd_set, _component=odd, _holder=issuer, _quantity=SHARE
        ),
        protocol.issuance.SetTokenRedeemed(
            _setToken=odd_set, _redeemer=issuer, _to=manager, _quantity=QUANTITY
        ),
    ]
    assert balances(basket, manager) == paid
    assert gained(balances(basket, odd_set), before) == paid
    assert odd_set.totalSupply() == 2 * ISSUED - QUANTITY
    assert protocol.issuance.claims(odd_set, odd, issuer) == SHARE
    assert protocol.issuance.claims(odd_set, odd, manager) == 0
    assert protocol.issuance.totalClaims(odd_set, odd) == SHARE
    assert protocol.issuance.collectable(odd_set, odd, issuer) == SHARE
    accounted(odd_set)


FAILURES = [
    FROZEN,
    "reverts without reason",
    "burns all gas",
    "moves nothing",
    "moves nothing, returns false",
    "charges one more",
    "has no balances",
    "hides balances",
    "doubles balances",
]


@pytest.mark.parametrize("habit", FAILURES)
def test_redeem_frozen__failures(protocol, odd_set, odd, basket, issuer, manager, accounted, habit):
    """Whatever does not move exactly the share is undone as a whole and leaves a claim (I-19).

    S-111.
    """
    before = odd.balanceOf(odd_set)
    odd.adopt(habit, sender=issuer)
    protocol.issuance.redeemFrozen(odd_set, QUANTITY, manager, sender=issuer)
    odd.adopt(ORDINARY, sender=issuer)
    assert odd.balanceOf(odd_set) == before
    assert protocol.issuance.claims(odd_set, odd, issuer) == SHARE
    assert [token.balanceOf(manager) > 0 for token in basket] == [True, False, True]
    accounted(odd_set)

    protocol.issuance.collect(odd_set, odd, manager, sender=issuer)
    assert odd.balanceOf(manager) == SHARE


@pytest.mark.parametrize("habit", ["returns nothing", "returns false", "returns a lot"])
def test_redeem_frozen__odd_answers(protocol, odd_set, odd, issuer, manager, habit):
    """Balances decide, as in redeem: what left in the exact quantity is paid (I-19)."""
    odd.adopt(habit, sender=issuer)
    protocol.issuance.redeemFrozen(odd_set, QUANTITY, manager, sender=issuer)
    assert odd.balanceOf(manager) == SHARE
    assert protocol.issuance.totalClaims(odd_set, odd) == 0


def test_redeem_frozen__fee_on_transfer(protocol, odd_set, odd, issuer, manager):
    """A fee that the receiver bears is his, as in redeem; it is no failure (I-19)."""
    odd.adopt("takes a fee", sender=issuer)
    protocol.issuance.redeemFrozen(odd_set, QUANTITY, manager, sender=issuer)
    assert odd.balanceOf(manager) == SHARE - SHARE // 100
    assert protocol.issuance.totalClaims(odd_set, odd) == 0


def test_redeem_frozen__token_gone(protocol, odd_set, odd, issuer, manager, chain):
    """A component without code becomes a claim, which waits for code to come back (I-19)."""
    code = chain.provider.get_code(odd.address)
    chain.provider.set_code(odd.address, b"")
    protocol.issuance.redeemFrozen(odd_set, QUANTITY, manager, sender=issuer)
    assert protocol.issuance.claims(odd_set, odd, issuer) == SHARE
    with ape.reverts():
        protocol.issuance.collect(odd_set, odd, manager, sender=issuer)
    chain.provider.set_code(odd.address, code)
    protocol.issuance.collect(odd_set, odd, manager, sender=issuer)
    assert odd.balanceOf(manager) == SHARE


def test_redeem_frozen__all_frozen(protocol, make_plain_set, mock, issuer):
    """Nothing can be paid, everything is claimed, and all is collected in the end (R-04)."""
    tokens = [issuer.deploy(mock("OddToken"), 18, 10**30) for _ in range(3)]
    created = make_plain_set(tokens, [UNIT] * 3)
    for token in tokens:
        token.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(created, QUANTITY, issuer, sender=issuer)
    for token in tokens:
        token.adopt(FROZEN, sender=issuer)
    protocol.issuance.redeemFrozen(created, QUANTITY, issuer, sender=issuer)
    assert created.totalSupply() == 0
    for token in tokens:
        token.adopt(ORDINARY, sender=issuer)
        protocol.issuance.collect(created, token, issuer, sender=issuer)
        assert token.balanceOf(issuer) == 10**30 - 1
        assert token.balanceOf(created) == 1


def test_redeem_frozen__share_of_nothing(protocol, set_token, odd, module, issuer):
    """A component of no units, or too few for a wei of it, is neither paid nor claimed."""
    set_token.addComponent(odd, sender=module)
    odd.adopt("burns all gas", sender=issuer)
    protocol.issuance.redeemFrozen(set_token, 1, issuer, sender=issuer)
    assert protocol.issuance.claims(set_token, odd, issuer) == 0


def test_redeem_frozen__claims_add_up(protocol, odd_set, odd, issuer):
    """Each redemption is rounded down by itself, and adds to what is there (R-04)."""
    odd.adopt(FROZEN, sender=issuer)
    total = 0
    for quantity in (1, E18 - 1, 10**9 + 7):
        protocol.issuance.redeemFrozen(odd_set, quantity, issuer, sender=issuer)
        total += UNIT * quantity // E18
        assert protocol.issuance.claims(odd_set, odd, issuer) == total
    assert protocol.issuance.totalClaims(odd_set, odd) == total


def test_redeem_frozen__gas(
    protocol, odd_set, odd, basket, issuer, stranger, chain, record_property
):
    """What it costs beyond redeem: a call per component, and two slots per new claim (R-04).

    Redeem authorises one call for all components; here each has its own: 8,840 more, as measured.
    """
    gas = {}
    redeem, frozen = protocol.issuance.redeem, protocol.issuance.redeemFrozen
    for name, function, habit in (
        ("redeem", redeem, ORDINARY),
        ("nothing frozen", frozen, ORDINARY),
        ("one frozen", frozen, FROZEN),
    ):
        with undone(chain):
            odd.adopt(habit, sender=issuer)
            gas[name] = function(odd_set, QUANTITY, stranger, sender=issuer).gas_used
    odd.adopt(FROZEN, sender=issuer)
    frozen(odd_set, QUANTITY, stranger, sender=issuer)
    odd.adopt(ORDINARY, sender=issuer)
    gas["collect"] = protocol.issuance.collect(odd_set, odd, stranger, sender=issuer).gas_used
    record_property("gas", gas)
    assert gas["nothing frozen"] - gas["redeem"] < 9_000 * len(basket)
    assert gas["one frozen"] - gas["nothing frozen"] < 50_000
    assert gas["collect"] < 120_000


def test_redeem_frozen__zero_quantity__reverts(protocol, odd_set, issuer):
    """Nothing cannot be redeemed."""
    with ape.reverts("Redeem quantity must be > 0"):
        protocol.issuance.redeemFrozen(odd_set, 0, issuer, sender=issuer)


def test_redeem_frozen__more_than_held__reverts(protocol, odd_set, manager):
    """Only what one has."""
    with ape.reverts("ERC20: burn amount exceeds balance"):
        protocol.issuance.redeemFrozen(odd_set, 1, manager, sender=manager)


def test_redeem_frozen__pending__reverts(protocol, empty_set, issuer):
    """Not before the manager initialised the module (I-10)."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.issuance.redeemFrozen(empty_set, E18, issuer, sender=issuer)


def test_redeem_frozen__external_position__reverts(protocol, odd_set, basket, module, issuer):
    """What lies elsewhere can neither be paid nor claimed: refused, as in redeem (R-01)."""
    odd_set.addExternalPositionModule(basket[2], module, sender=module)
    odd_set.editExternalPositionUnit(basket[2], module, 10**15, sender=module)
    with ape.reverts("Only default positions are supported"):
        protocol.issuance.redeemFrozen(odd_set, E18, issuer, sender=issuer)


def test_redeem_frozen__renounced_manager(protocol, odd_set, odd, manager, issuer):
    """Nobody is needed to get out (I-24)."""
    odd_set.setManager("0x000000000000000000000000000000000000dEaD", sender=manager)
    odd.adopt(FROZEN, sender=issuer)
    protocol.issuance.redeemFrozen(odd_set, ISSUED, issuer, sender=issuer)
    odd.adopt(ORDINARY, sender=issuer)
    protocol.issuance.collect(odd_set, odd, issuer, sender=issuer)
    assert odd_set.balanceOf(issuer) == 0


def test_collect__plain(claimed, odd_set, odd, issuer, manager, logs, accounted):
    """The whole claim is paid to whom the holder says, and is gone (R-04)."""
    before = odd.balanceOf(odd_set)
    receipt = claimed.collect(odd_set, odd, manager, sender=issuer)
    assert logs(receipt, odd_set, claimed) == [
        claimed.ClaimCollected(
            _setToken=odd_set,
            _component=odd,
            _holder=issuer,
            _to=manager,
            _claim=SHARE,
            _quantity=SHARE,
        ),
    ]
    assert odd.balanceOf(manager) == SHARE
    assert odd.balanceOf(odd_set) == before - SHARE
    assert claimed.claims(odd_set, odd, issuer) == claimed.totalClaims(odd_set, odd) == 0
    accounted(odd_set)


def test_collect__twice__reverts(claimed, odd_set, odd, issuer):
    """A claim is paid once (S-112)."""
    claimed.collect(odd_set, odd, issuer, sender=issuer)
    with ape.reverts("Claim must be > 0"):
        claimed.collect(odd_set, odd, issuer, sender=issuer)


def test_collect__not_the_holder__reverts(claimed, odd_set, odd, stranger, manager, owner):
    """Nobody else collects it: no other holder, manager or owner (R-04, S-112)."""
    for account in (stranger, manager, owner):
        with ape.reverts("Claim must be > 0"):
            claimed.collect(odd_set, odd, account, sender=account)
        with ape.reverts("Claim exceeds what is left of it"):
            claimed.collectWithLimit(odd_set, odd, account, 1, 0, sender=account)


def test_collect__other_component__reverts(claimed, odd_set, components, issuer):
    """A claim is on one component."""
    with ape.reverts("Claim must be > 0"):
        claimed.collect(odd_set, components[1], issuer, sender=issuer)


def test_collect__still_frozen__reverts(claimed, odd_set, odd, issuer):
    """The token's own words come through, and the claim stays (R-04)."""
    odd.adopt(FROZEN, sender=issuer)
    with ape.reverts("Transfers are paused"):
        claimed.collect(odd_set, odd, issuer, sender=issuer)
    assert claimed.claims(odd_set, odd, issuer) == claimed.totalClaims(odd_set, odd) == SHARE


@pytest.mark.parametrize("habit", ["moves nothing", "charges one more"])
def test_collect__other_amount_leaves__reverts(claimed, odd_set, odd, issuer, habit):
    """Exactly the payment leaves, or nothing does."""
    odd.adopt(habit, sender=issuer)
    with ape.reverts("Invalid post transfer balance"):
        claimed.collect(odd_set, odd, issuer, sender=issuer)
    assert claimed.claims(odd_set, odd, issuer) == SHARE


def test_collect_with_limit__parts(claimed, odd_set, odd, issuer, manager, accounted):
    """A claim can be paid in parts, for tokens that limit the size of transfers (R-04, S-112)."""
    claimed.collectWithLimit(odd_set, odd, manager, SHARE // 3, SHARE // 3, sender=issuer)
    assert odd.balanceOf(manager) == SHARE // 3
    assert claimed.claims(odd_set, odd, issuer) == SHARE - SHARE // 3
    accounted(odd_set)
    claimed.collect(odd_set, odd, manager, sender=issuer)
    assert odd.balanceOf(manager) == SHARE


def test_collect_with_limit__below_minimum__reverts(claimed, odd_set, odd, issuer):
    """The holder says what is the least (R-03)."""
    with ape.reverts("Component quantity below minimum"):
        claimed.collectWithLimit(odd_set, odd, issuer, SHARE, SHARE + 1, sender=issuer)


def test_collect_with_limit__more_than_claimed__reverts(claimed, odd_set, odd, issuer):
    """Nor more than the claim."""
    with ape.reverts("Claim exceeds what is left of it"):
        claimed.collectWithLimit(odd_set, odd, issuer, SHARE + 1, 0, sender=issuer)


def test_collect_with_limit__nothing__reverts(claimed, odd_set, odd, issuer):
    """Nor nothing."""
    with ape.reverts("Claim must be > 0"):
        claimed.collectWithLimit(odd_set, odd, issuer, 0, 0, sender=issuer)
