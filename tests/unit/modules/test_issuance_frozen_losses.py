"""Claims on a component that lost balance, and modules that count whatever a SetToken holds."""

import itertools

import ape
import pytest

E18 = 10**18
UNIT = 5 * E18
FROZEN = "reverts with a reason"
ORDINARY = ""
MAX = 2**256 - 1


@pytest.fixture(scope="module")
def odd(mock, issuer):
    """Deploy a token whose ways and balances the test chooses; the issuer holds it all."""
    return issuer.deploy(mock("OddToken"), 18, 10**30)


@pytest.fixture(scope="module")
def claimants(accounts):
    """Return three accounts that redeem 1, 2 and 3 SetTokens while the component is frozen."""
    return dict(zip(accounts[7:10], (E18, 2 * E18, 3 * E18), strict=True))


@pytest.fixture(scope="module")
def airdrops(protocol, owner, original):
    """Deploy the original AirdropModule on our controller."""
    container = original("protocol/modules/AirdropModule.sol/AirdropModule.json")
    deployed = owner.deploy(container, protocol.controller)
    protocol.controller.addModule(deployed, sender=owner)
    return deployed


@pytest.fixture(scope="module")
def odd_set(make_plain_set, protocol, odd, module, issuer, claimants, airdrops, manager):
    """Issue 4 SetTokens to the issuer and 6 to the claimants, who claim; then the token thaws."""
    created = make_plain_set([odd], [UNIT], module, airdrops)
    created.initializeModule(sender=module)
    airdrops.initialize(created, ([odd], manager, 0, True), sender=manager)
    odd.approve(protocol.issuance, MAX, sender=issuer)
    for holder, quantity in {issuer: 4 * E18, **claimants}.items():
        protocol.issuance.issue(created, quantity, holder, sender=issuer)
    odd.adopt(FROZEN, sender=issuer)
    for holder, quantity in claimants.items():
        protocol.issuance.redeemFrozen(created, quantity, holder, sender=holder)
    odd.adopt(ORDINARY, sender=issuer)
    return created


@pytest.fixture
def issuance(protocol):
    """Return the module under test."""
    return protocol.issuance


def collect(issuance, odd_set, odd, holder):
    """Collect whatever there is of a holder's claim, and return how much."""
    before = odd.balanceOf(holder)
    claim = issuance.claims(odd_set, odd, holder)
    issuance.collectWithLimit(odd_set, odd, holder, claim, 0, sender=holder)
    return odd.balanceOf(holder) - before


LEFT = 40 * E18 + 13
"""{comp} what a loss leaves of 50e18: 20 of units, 30 of claims"""


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_collect__loss_in_any_order(issuance, odd_set, odd, claimants, issuer, order):
    """Everyone bears the same share, whoever comes first, down to rounding (R-04, S-113)."""
    odd.setBalance(odd_set, LEFT, sender=issuer)
    holders = list(claimants)
    for place in order:
        holder = holders[place]
        fair = UNIT * claimants[holder] // E18 * LEFT // (50 * E18)
        assert abs(fair - collect(issuance, odd_set, odd, holder)) <= 1
    # What is left is the same share of what the units stand for.
    assert 0 <= odd.balanceOf(odd_set) - 20 * E18 * LEFT // (50 * E18) <= 3
    assert issuance.totalClaims(odd_set, odd) == 0


def test_collectable__sum_never_exceeds_what_is_there(issuance, odd_set, odd, claimants, issuer):
    """Payments for all claims, with the units' own part, fit into any balance (R-04)."""
    for left in (0, 1, 7, LEFT, 50 * E18 - 1, 50 * E18, 60 * E18):
        odd.setBalance(odd_set, left, sender=issuer)
        due = sum(issuance.collectable(odd_set, odd, holder) for holder in claimants)
        assert due <= min(30 * E18, 30 * E18 * left // (50 * E18))


def test_collect__loss__reverts(issuance, odd_set, odd, claimants, issuer):
    """Nobody accepts a loss unasked: the balance may come back (R-04, S-114)."""
    holder = next(iter(claimants))
    for left in (0, LEFT, 50 * E18 - 50 * E18 // 10_000 - 1):
        odd.setBalance(odd_set, left, sender=issuer)
        with ape.reverts("Component quantity below minimum"):
            issuance.collect(odd_set, odd, holder, sender=holder)
    odd.setBalance(odd_set, 50 * E18, sender=issuer)
    issuance.collect(odd_set, odd, holder, sender=holder)
    assert odd.balanceOf(holder) == UNIT


def test_collect__hidden_balance__reverts(issuance, odd_set, odd, claimants, issuer):
    """A token that shows no balance for a while takes no claim away (I-19)."""
    holder = next(iter(claimants))
    odd.adopt("hides balances", sender=issuer)
    with ape.reverts("Component quantity below minimum"):
        issuance.collect(odd_set, odd, holder, sender=holder)
    assert issuance.claims(odd_set, odd, holder) == UNIT


def test_collect__rounding_is_no_loss(issuance, odd_set, odd, claimants, issuer):
    """What an accrual may round away does not keep a claim from being collected (S-114)."""
    holder = next(iter(claimants))
    odd.setBalance(odd_set, 50 * E18 - 10, sender=issuer)
    issuance.collect(odd_set, odd, holder, sender=holder)
    assert odd.balanceOf(holder) == UNIT - 1


def test_redeem_frozen__short_already(issuance, odd_set, odd, claimants, issuer):
    """A claim made on a short component joins the others at the same share (R-04)."""
    odd.setBalance(odd_set, LEFT, sender=issuer)
    holder = next(iter(claimants))
    due = issuance.collectable(odd_set, odd, holder)
    odd.adopt(FROZEN, sender=issuer)
    issuance.redeemFrozen(odd_set, 4 * E18, issuer, sender=issuer)
    odd.adopt(ORDINARY, sender=issuer)
    assert issuance.collectable(odd_set, odd, holder) == due
    assert issuance.collectable(odd_set, odd, issuer) == 20 * E18 * LEFT // (50 * E18)
    shares = [collect(issuance, odd_set, odd, each) for each in (issuer, *claimants)]
    assert 0 <= LEFT - sum(shares) <= 4


def test_redeem_frozen__more_than_is_there(issuance, odd_set, odd, claimants, issuer):
    """The last holder of a short component, whom redeem would refuse, leaves with the rest."""
    for holder in claimants:
        issuance.collect(odd_set, odd, holder, sender=holder)
    odd.setBalance(odd_set, 20 * E18 - 3, sender=issuer)
    with ape.reverts():
        issuance.redeem(odd_set, 4 * E18, issuer, sender=issuer)
    issuance.redeemFrozen(odd_set, 4 * E18, issuer, sender=issuer)
    issuance.collect(odd_set, odd, issuer, sender=issuer)
    assert odd.balanceOf(odd_set) == 0


def test_redeem__short__first_come_first_served(issuance, odd_set, odd, claimants, issuer):
    """A limit, as in Set V2: redeem pays whole units; who stays bears it, claims like units."""
    odd.setBalance(odd_set, LEFT, sender=issuer)
    issuance.redeem(odd_set, 3 * E18, issuer, sender=issuer)
    rest = LEFT - 15 * E18
    for holder, quantity in claimants.items():
        fair = UNIT * quantity // E18 * rest // (35 * E18)
        assert abs(issuance.collectable(odd_set, odd, holder) - fair) <= 1


def test_collect__short__issued_around_it(issuance, odd_set, odd, claimants, issuer):
    """A limit that follows: issuing whole units into a short component lends it a better share.

    Redeem hands the whole units out again, so who does both around his collection loses less than
    the others. It takes nothing from a component that is not short.
    """
    odd.setBalance(odd_set, LEFT, sender=issuer)
    holder = next(iter(claimants))
    fair = issuance.collectable(odd_set, odd, holder)
    issuance.issue(odd_set, 1_000 * E18, issuer, sender=issuer)
    assert fair < issuance.collectable(odd_set, odd, holder) < UNIT
    odd.setBalance(odd_set, 5050 * E18, sender=issuer)
    assert issuance.collectable(odd_set, odd, holder) == UNIT


def test_absorb__original_airdrop_module(issuance, odd_set, odd, claimants, airdrops, stranger):
    """A limit: AirdropModule of Set V2, for a component its manager named, makes claims units.

    Claims then share with the units what there is: all bear the same, and nobody collects unasked.
    """
    airdrops.absorb(odd_set, odd, sender=stranger)
    assert odd_set.getDefaultPositionRealUnit(odd) == 50 * E18 // 4
    for holder, quantity in claimants.items():
        assert issuance.collectable(odd_set, odd, holder) == UNIT * quantity // E18 * 50 // 80
        with ape.reverts("Component quantity below minimum"):
            issuance.collect(odd_set, odd, holder, sender=holder)


def test_trade__index_module_leaves_claims(
    protocol, ready, start, set_token, components, trader, issuer
):
    """A sale of all the units there are leaves what is claimed, and the claim is paid (R-04)."""
    uni = components[1]
    unit = set_token.getDefaultPositionRealUnit(uni)
    protocol.issuance.redeemFrozen(set_token, 400 * E18, set_token, sender=issuer)
    claim = protocol.issuance.claims(set_token, uni, issuer)
    assert claim == 400 * unit
    start((uni, 0))
    ready.trade(uni, sender=trader)
    assert not set_token.isComponent(uni)
    assert uni.balanceOf(set_token) == claim
    before = uni.balanceOf(issuer)
    protocol.issuance.collect(set_token, uni, issuer, sender=issuer)
    assert uni.balanceOf(issuer) - before == claim


def test_trade_remaining_weth__claims_on_cash(
    protocol, ready, start, set_token, components, units, trader, issuer, weth
):
    """Cash beyond the units is spent only as dust, a millionth of a millionth WETH per SetToken."""
    uni, aave = components[1], components[2]
    start((uni, units[1] // 2), (aave, 2 * units[2]))
    ready.trade(uni, sender=trader)
    protocol.issuance.redeemFrozen(set_token, 400 * E18, set_token, sender=issuer)
    claim = protocol.issuance.claims(set_token, weth, issuer)
    assert claim > 0
    ready.tradeRemainingWETH(aave, sender=trader)
    assert weth.balanceOf(set_token) >= claim
    before = weth.balanceOf(issuer)
    protocol.issuance.collect(set_token, weth, issuer, sender=issuer)
    assert weth.balanceOf(issuer) - before == claim


def test_trade_remaining_weth__claims_as_small_as_dust(
    protocol, ready, start, set_token, components, units, trader, issuer, weth
):
    """A limit: a claim below a trillionth WETH per SetToken is spent as dust of earlier trades."""
    uni, aave = components[1], components[2]
    start((uni, units[1] // 2), (aave, 2 * units[2]))
    ready.trade(uni, sender=trader)
    protocol.issuance.redeemFrozen(set_token, 10**9, set_token, sender=issuer)
    claim = protocol.issuance.claims(set_token, weth, issuer)
    assert 0 < claim < 10**6 * set_token.totalSupply() // E18
    ready.tradeRemainingWETH(aave, sender=trader)
    assert weth.balanceOf(set_token) == 0
    with ape.reverts("Component quantity below minimum"):
        protocol.issuance.collect(set_token, weth, issuer, sender=issuer)
