"""MethodologistBounty: indices whose fee cannot accrue, and who would profit from it (R-24)."""

from fractions import Fraction

import pytest
from ape import chain, project, reverts
from bounty_house import (
    DAY_S,
    E18,
    FEE,
    GRACE_S,
    SHARE,
    SUPPLY,
    WETH_POOLED,
    ZERO,
    create_pool,
    fill_pool,
    undone,
)

from indexkit import deploy


@pytest.fixture
def block(house, protocol, module, owner):
    """Return a function that keeps the first index's fee from accruing, in one way or another."""

    def stop(how, undo=False):
        first, controller = house.sets[0], protocol.controller
        if how == "locked":
            (first.unlock if undo else first.lock)(sender=module)
        elif how == "module disabled":
            act = controller.addModule if undo else controller.removeModule
            act(house.fees, sender=owner)
        else:
            act = controller.addSet if undo else controller.removeSet
            if undo:
                controller.addFactory(owner, sender=owner)
            act(first, sender=owner)

    return stop


DELEGATED = "0xef0100" + 20 * "11"
"""The code of an account that has others' code run for it (EIP-7702)."""

HOW = pytest.mark.parametrize("how", ["locked", "module disabled", "set removed"])


def test_removed_module__blocks_nothing(house):
    """R-24, S-291: what had accrued counts; nothing is due, and nothing waits."""
    bounty, first = house.bounty, house.sets[0]
    house.register(house.begin, 0)
    house.register(house.begin + 1, 1)
    house.at(house.begin + 10 * DAY_S, house.fees.accrueFee, first)
    fees = bounty.contributed(first)
    first.removeModule(house.fees, sender=house.manager)
    receipt = house.at(house.end(0), bounty.settle)
    assert receipt.return_value == 1
    assert bounty.valueOf(0, house.authors[0]) == fees // 10 > 0
    assert bounty.getEntry(first).stuck == 0
    for function, *arguments in (("setShare", 0), ("retire",)):
        getattr(bounty, function)(first, *arguments, sender=house.owner)


@HOW
def test_paused_accrual__is_waited_for(house, block, how):
    """R-24: a month is not settled without it, and everything counts when it accrues again."""
    bounty, (first, second) = house.bounty, house.sets
    house.register_both()
    with undone():
        house.at(house.end(0), bounty.settle)
        plain = bounty.valueOf(0, house.authors[0])
    block(how)
    receipt = house.at(house.end(0) - DAY_S, bounty.count, first)
    assert receipt.events == [bounty.AccrualFailed(setToken=first)]
    assert bounty.getEntry(first).stuck == receipt.timestamp
    receipt = house.at(house.end(0), bounty.settle)
    assert receipt.return_value == bounty.settledMonths() == 0
    assert bounty.getEntry(second).counted == house.end(0) or how == "module disabled"
    block(how, undo=True)
    receipt = house.at(house.end(0) + 1, bounty.settle)
    assert receipt.return_value == 1
    assert abs(Fraction(bounty.valueOf(0, house.authors[0]), plain) - 1) < Fraction(1, 10**5)
    assert bounty.getEntry(first).stuck == 0


@HOW
def test_paused_accrual__delays_no_longer_than_grace(house, block, how):
    """R-24: seven days after the first try the others are settled, and go on being settled.

    S-292.
    """
    bounty, first = house.bounty, house.sets[0]
    house.register_both()
    house.at(house.begin + 5 * DAY_S, bounty.count, first)
    counted = bounty.valueOf(0, house.authors[0])
    block(how)
    house.at(house.end(0), bounty.settle)
    receipt = house.at(house.end(0) + GRACE_S - 1, bounty.settle)
    assert receipt.return_value == 0
    receipt = house.at(house.end(0) + GRACE_S, bounty.settle)
    assert receipt.return_value == 1
    assert bounty.valueOf(0, house.authors[0]) == counted
    entry = bounty.getEntry(first)
    assert (entry.counted, entry.stuck) == (house.end(0) + GRACE_S, house.end(0))
    assert house.at(house.end(1), bounty.settle).return_value == 1
    assert house.at(house.end(17), bounty.settle).return_value == 16
    assert bounty.claim(0, house.authors[0], sender=house.stranger).return_value > 0


def test_paused_accrual__counted_before__blocks_no_month(house, block):
    """R-24: what was counted after a month's end is enough for that month."""
    house.register_both()
    house.at(house.end(0), house.bounty.count, house.sets[0])
    block("locked")
    receipt = house.at(house.end(0) + DAY_S, house.bounty.settle)
    assert receipt.return_value == 1
    assert house.bounty.getEntry(house.sets[0]).counted == house.end(0)


@pytest.mark.parametrize("function", ["setMethodologist", "setShare", "retire"])
def test_paused_accrual__owner_waits_too(house, block, function):
    """R-24: nobody's fees are given to somebody else because they could not accrue just then."""
    bounty, first = house.bounty, house.sets[0]
    rest = {"setMethodologist": (house.authors[2],), "setShare": (E18,), "retire": ()}[function]
    arguments = (getattr(bounty, function), first, *rest)
    house.register(house.begin, 0)
    block("locked")
    with reverts("Fee cannot accrue"):
        house.at(house.begin + DAY_S, *arguments, by=house.owner)
    house.at(house.begin + 2 * DAY_S, bounty.count, first)
    with reverts("Fee cannot accrue"):
        house.at(house.begin + 2 * DAY_S + GRACE_S - 1, *arguments, by=house.owner)
    house.at(house.begin + 2 * DAY_S + GRACE_S, *arguments, by=house.owner)


def test_register__paused_accrual__reverts(house, block):
    """R-24: what was due before would count as if it had come after."""
    block("locked")
    with reverts("Fee cannot accrue"):
        house.register(house.begin, 0)


@pytest.fixture
def pest(house, mock):
    """Deploy a token that calls back whoever its sender says."""
    return house.issuer.deploy(mock("CallbackToken"), 10**30)


@pytest.fixture
def pest_index(house, protocol, pest):
    """Create an index of it, with a pool; register it and the second one."""
    issuer = house.issuer
    index = deploy.create_set(
        project,
        protocol,
        house.manager,
        components=[pest],
        units=[E18],
        modules=[protocol.issuance, house.fees],
        name="Pest",
        symbol="PEST",
    )
    protocol.issuance.initialize(index, ZERO, sender=house.manager)
    house.fees.initialize(index, (house.collector, FEE, FEE, 0), sender=house.manager)
    pest.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(index, SUPPLY, issuer, sender=issuer)
    fill_pool(create_pool(index, issuer, 0), index, issuer, WETH_POOLED[0])
    arguments = (index, house.authors[0], SHARE)
    house.at(house.begin, house.bounty.register, *arguments, by=house.owner)
    house.register(house.begin + 1, 1)
    return index


def test_settling_from_inside__takes_no_fees_away(house, protocol, pest, pest_index):
    """R-24, S-294: an issuer whom a component calls back finds the index held: he settles in vain.

    Also if he came the same way a grace before, as if the index had waited.
    """
    bounty, issuer = house.bounty, house.issuer
    with undone():
        house.at(house.end(0), bounty.settle)
        plain = bounty.valueOf(0, house.authors[0])

    for call, time in (
        (bounty.count.encode_input(pest_index), house.end(0) - GRACE_S),
        (bounty.settle.encode_input(), house.end(0)),
    ):
        pest.callBack(bounty, call, sender=issuer)
        house.at(time, protocol.issuance.issue, pest_index, E18, issuer, by=issuer)
        assert (pest.succeeded(), bounty.settledMonths()) == (True, 0)
        assert bounty.getEntry(pest_index).stuck == 0
    pest.callBack(ZERO, b"", sender=issuer)
    receipt = house.at(house.end(0) + 60, bounty.settle)
    assert receipt.return_value == 1
    assert abs(Fraction(bounty.valueOf(0, house.authors[0]), plain) - 1) < Fraction(1, 100)


def test_settling_from_inside__what_waited__is_no_excuse(house, protocol, pest, pest_index):
    """R-24: nor does an index that could not accrue once stand open to him a grace later."""
    bounty, issuer = house.bounty, house.issuer
    protocol.controller.removeModule(house.fees, sender=house.owner)
    house.at(house.end(0) - GRACE_S, bounty.count, pest_index)
    protocol.controller.addModule(house.fees, sender=house.owner)
    pest.callBack(bounty, bounty.settle.encode_input(), sender=issuer)
    house.at(house.end(0), protocol.issuance.issue, pest_index, E18, issuer, by=issuer)
    assert (pest.succeeded(), bounty.settledMonths()) == (True, 0)


def test_settling__account_with_code__is_no_try(house, block):
    """R-24: who sends a transaction, and has code, could have been called back in it."""
    bounty, first = house.bounty, house.sets[0]
    house.register(house.begin, 0)
    block("locked")
    with undone():
        chain.provider.make_request("anvil_setCode", [house.stranger.address, DELEGATED])
        house.at(house.end(0), bounty.settle)
        assert bounty.getEntry(first).stuck == 0
    house.at(house.end(0), bounty.settle)
    assert bounty.getEntry(first).stuck == house.end(0)
