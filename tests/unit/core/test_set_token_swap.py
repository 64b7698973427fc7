"""SetToken: swaps at a pair, and positions written from balances (I-01, I-09, I-22, R-08)."""

import ape
import pytest

from indexkit.localnet import addresses as known
from indexkit.localnet import deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import UNISWAP_V2, pair_address

E18 = 10**18
SUPPLY = 100 * E18
HELD = 1000


@pytest.fixture(scope="session")
def uni(components):
    """Return a component that trades at a Uniswap pair."""
    return components[1]


@pytest.fixture(scope="session")
def weth():
    """Return what it trades for."""
    return token_at(known.WETH)


@pytest.fixture(scope="session")
def pair(uni):
    """Return the real pair of both."""
    address = pair_address(UNISWAP_V2, uni.address)
    return contract_at(artifact(protocols.UNISWAP_PAIR), address)


@pytest.fixture
def funded(basket, module, issuer, components, units):
    """Return the basket with 100 SetTokens, and what they stand for."""
    for component, unit in zip(components, units, strict=True):
        deal(component, basket, unit * SUPPLY // E18)
    basket.mint(issuer, SUPPLY, sender=module)
    return basket


@pytest.fixture(scope="session")
def tokens(mock, owner):
    """Deploy two tokens that can be told to misbehave."""
    container = mock("OddToken")
    return [owner.deploy(container, 18, 10**30) for _ in range(2)]


@pytest.fixture
def odd(make_basket, tokens, module, issuer, owner):
    """Return a basket of both odd tokens: 1,000 base units each, 10 SetTokens."""
    basket = make_basket([HELD * E18 // 10, HELD * E18 // 10], tokens)
    basket.mint(issuer, 10, sender=module)
    for token in tokens:
        token.transfer(basket, HELD, sender=owner)
    return basket


def amount_out(pair, sell, buy, quantity):
    """Return what the pair gives for a quantity."""
    reserves = pair.getReserves()
    reserve_in, reserve_out = (
        reserves[:2] if int(sell.address, 16) < int(buy.address, 16) else reserves[1::-1]
    )
    with_fee = quantity * 997
    return with_fee * reserve_out // (reserve_in * 1000 + with_fee)


def unit_after(unit, supply, before, after):
    """Return D18{comp/set}: what was not accounted for before is not afterwards."""
    tracked = min(before, unit * supply // E18)
    return (after - (before - tracked)) * E18 // supply


def read(basket, *tokens):
    """Return the units of tokens."""
    return [basket.getDefaultPositionRealUnit(token) for token in tokens]


# ---------------------------------------------------------------- at the pair


def test_swap_at_pair__all_sold__neighbours_keep_their_places(
    funded, module, pair, uni, weth, units, components
):
    """I-05: the last component moves to the place that is left, and is found there."""
    quantity = units[1] * SUPPLY // E18
    bought = amount_out(pair, uni, weth, quantity)
    funded.swapAtPair(pair, uni, quantity, weth, bought, 1, sender=module)
    yfi, _, aave, bal = components
    left = [token.address for token in (yfi, bal, aave, weth)]
    worth = [units[0], units[3], units[2], bought * E18 // SUPPLY]
    assert tuple(funded.getPositionPage(0)) == (left, worth, False)
    assert read(funded, *left) == worth
    funded.editDefaultPositionUnit(bal, 7, sender=module)
    funded.removeComponent(bal, sender=module)
    left, worth = [left[0], left[3], left[2]], [worth[0], worth[3], worth[2]]
    assert tuple(funded.getPositionPage(0)) == (left, worth, False)
    assert read(funded, *left, bal) == [*worth, 7]


def test_swap_at_pair__unit_that_reads_back_as_zero__reverts(
    funded, module, issuer, pair, uni, weth, units
):
    """I-03: so many SetTokens that what was bought is one base unit, at a multiplier of 3/4."""
    quantity = units[1] * SUPPLY // E18 // 4
    bought = amount_out(pair, uni, weth, quantity)
    funded.swapAtPair(pair, uni, quantity, weth, bought, 1, sender=module)
    funded.editPositionMultiplier(E18 * 3 // 4, sender=module)
    more = amount_out(pair, uni, weth, quantity)
    funded.mint(issuer, (bought + more) * E18 - SUPPLY, sender=module)
    with ape.reverts("Virtual to Real unit conversion invalid"):
        funded.swapAtPair(pair, uni, quantity, weth, more, 1, sender=module)


def test_swap_at_pair__whole_receipt(funded, module, pair, uni, weth, units):
    """R-08, S-087: one transfer each way, the pair's own two events, then both positions."""
    quantity = units[1] * SUPPLY // E18 // 4
    bought = amount_out(pair, uni, weth, quantity)
    arguments = (pair, uni, quantity, weth, bought, 1)
    sold_unit = unit_after(units[1], SUPPLY, quantity * 4, quantity * 3)
    bought_unit = bought * E18 // SUPPLY
    answer = (quantity, bought, sold_unit, bought_unit)
    assert funded.swapAtPair.call(*arguments, sender=module) == answer
    before = [uni.balanceOf(pair), weth.balanceOf(pair)]
    listed = funded.getComponents()

    tx = funded.swapAtPair(*arguments, sender=module)
    by_pair = [log.event_name for log in tx.events if log.contract_address == pair.address]
    assert by_pair == ["Sync", "Swap"]
    rest = [log for log in tx.events if log.contract_address != pair.address]
    sent, received, *own = rest
    assert (sent.contract_address, received.contract_address) == (uni.address, weth.address)
    assert list(sent.event_arguments.values()) == [funded.address, pair.address, quantity]
    assert list(received.event_arguments.values()) == [pair.address, funded.address, bought]
    assert own == [
        funded.DefaultPositionUnitEdited(_component=uni.address, _realUnit=sold_unit),
        funded.ComponentAdded(_component=weth.address),
        funded.DefaultPositionUnitEdited(_component=weth.address, _realUnit=bought_unit),
    ]
    assert len(tx.events) == 7
    assert [uni.balanceOf(pair), weth.balanceOf(pair)] == [
        before[0] + quantity,
        before[1] - bought,
    ]
    assert uni.balanceOf(funded) == 3 * quantity
    assert read(funded, uni, weth) == [sold_unit, bought_unit]
    assert funded.getComponents() == [*listed, weth.address]


def test_swap_at_pair__all_of_it_and_back(funded, module, pair, uni, weth):
    """I-05, S-089: what is sold out leaves the list; bought again it enters at the end."""
    quantity = uni.balanceOf(funded)
    listed = funded.getComponents()
    bought = amount_out(pair, uni, weth, quantity)
    funded.swapAtPair(pair, uni, quantity, weth, bought, 1, sender=module)
    moved = [listed[0], listed[3], listed[2], weth.address]
    assert funded.getComponents() == moved
    back = amount_out(pair, weth, uni, bought)
    answer = funded.swapAtPair.call(pair, weth, bought, uni, back, 3, sender=module)
    assert answer == (bought, back, 0, back * E18 // SUPPLY)
    funded.swapAtPair(pair, weth, bought, uni, back, 3, sender=module)
    assert funded.getComponents() == [*moved[:3], uni.address]
    assert read(funded, uni, weth) == [back * E18 // SUPPLY, 0]


@pytest.mark.parametrize("place", [0, 1, 3, 4, 200, 2**256 - 1])
def test_swap_at_pair__any_place(funded, module, pair, uni, weth, units, place):
    """R-08, S-090: a wrong hint changes nothing but the gas."""
    quantity = units[1] * SUPPLY // E18 // 2
    bought = amount_out(pair, uni, weth, quantity)
    funded.swapAtPair(pair, uni, quantity, weth, bought, place, sender=module)
    expected = [unit_after(units[1], SUPPLY, quantity * 2, quantity), bought * E18 // SUPPLY]
    assert read(funded, uni, weth) == expected
    others = [token for token in funded.getComponents() if token not in (uni, weth)]
    assert read(funded, *others) == [units[0], *units[2:]]


@pytest.mark.parametrize("extra", [1, 10**20])
def test_swap_at_pair__donations_are_not_absorbed(funded, module, pair, uni, weth, units, extra):
    """I-09, S-088: what no unit accounted for stays so, of what is sold and of what is bought."""
    deal(weth, funded, extra)
    deal(uni, funded, units[1] * SUPPLY // E18 + extra)
    quantity = units[1] * SUPPLY // E18 // 4
    bought = amount_out(pair, uni, weth, quantity)
    funded.swapAtPair(pair, uni, quantity, weth, bought, 0, sender=module)
    assert read(funded, uni, weth) == [
        unit_after(units[1], SUPPLY, 4 * quantity, 3 * quantity),
        bought * E18 // SUPPLY,
    ]


def test_swap_at_pair__more_than_the_pair_gives__reverts(funded, module, pair, uni, weth, units):
    """R-08: the pair decides, in its words; nothing was paid."""
    quantity = units[1] * SUPPLY // E18
    bought = amount_out(pair, uni, weth, quantity)
    with ape.reverts("UniswapV2: K"):
        funded.swapAtPair(pair, uni, quantity, weth, bought + 1, 1, sender=module)
    assert uni.balanceOf(funded) == quantity
    assert read(funded, uni, weth) == [units[1], 0]


def test_swap_at_pair__more_than_held__reverts(odd, module, target, tokens):
    """I-01: with the reason of Set V2's trades through a router; the token is not asked."""
    tokens[0].adopt("moves nothing", sender=module)
    for quantity in (HELD + 1, 2**256 - 1):
        with ape.reverts("TransferHelper: TRANSFER_FROM_FAILED"):
            odd.swapAtPair(target, tokens[0], quantity, tokens[1], 0, 0, sender=module)


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("charges one more", "Invalid post transfer balance"),
        ("moves nothing", "Invalid post transfer balance"),
        ("moves nothing, returns false", "Invalid post transfer balance"),
        ("reverts with a reason", "Transfers are paused"),
        ("reverts without reason", "Address: low-level call with value failed"),
    ],
)
def test_swap_at_pair__sold_does_not_leave_exactly__reverts(
    odd, module, target, tokens, habit, reason
):
    """I-01, I-19: a fee on top is not paid from the others' share."""
    tokens[0].adopt(habit, sender=module)
    with ape.reverts(reason):
        odd.swapAtPair(target, tokens[0], 400, tokens[1], 0, 0, sender=module)
    assert read(odd, *tokens) == [HELD * E18 // 10] * 2


def test_swap_at_pair__what_comes_counts(odd, module, target, tokens):
    """I-01, S-087: not what was asked for: this pair keeps it all."""
    arguments = (target, tokens[0], 400, tokens[1], 300, 0)
    sold = 600 * E18 // 10
    answer = (400, 0, sold, HELD * E18 // 10)
    assert odd.swapAtPair.call(*arguments, sender=module) == answer
    odd.swapAtPair(*arguments, sender=module)
    assert read(odd, *tokens) == [sold, HELD * E18 // 10]


def test_swap_at_pair__no_pair__reverts(odd, module, stranger, tokens):
    """I-19: an address without code is none."""
    with ape.reverts():
        odd.swapAtPair(stranger, tokens[0], 400, tokens[1], 0, 0, sender=module)
    assert tokens[0].balanceOf(odd) == HELD


def test_swap_at_pair__an_external_position_keeps_the_component(
    odd, module, target, tokens, addresses
):
    """R-01: what is sold out stays listed while a module holds some of it."""
    odd.addExternalPositionModule(tokens[0], addresses[0], sender=module)
    odd.swapAtPair(target, tokens[0], HELD, tokens[1], 0, 0, sender=module)
    assert tuple(odd.getPositionPage(0)) == (list(tokens), [0, HELD * E18 // 10], True)


# ---------------------------------------------------------------- held meanwhile


def test_swap_at_pair__the_hold_ends_with_it(odd, puppet, pending, admit, target, tokens, manager):
    """I-22: nobody is held up afterwards; a hold from before goes on."""
    admit(odd)
    odd.addModule(pending, sender=manager)
    pending.execute([(odd, odd.initializeModule.encode_input())], sender=manager)
    swap = (odd, odd.swapAtPair.encode_input(target, tokens[0], 1, tokens[1], 0, 0))
    hold = (odd, odd.hold.encode_input())
    mint = (odd, odd.mint.encode_input(manager, 1))
    by_another = (pending, pending.execute.encode_input([mint]))
    puppet.execute([swap, by_another], sender=manager)
    with ape.reverts("When held, only the holder can call"):
        puppet.execute([hold, swap, by_another], sender=manager)
    puppet.execute([hold, swap, (odd, odd.release.encode_input()), by_another], sender=manager)


# ---------------------------------------------------------------- settle


@pytest.mark.parametrize("extra", [0, 7])
def test_settle__from_the_balances_before(odd, module, tokens, extra, owner):
    """I-09, R-08: as after a swap made otherwise, donations aside; the answer is the swap's.

    S-088.
    """
    for token in tokens:
        token.setBalance(odd, HELD + extra, sender=owner)
    before = [token.balanceOf(odd) for token in tokens]
    tokens[0].setBalance(odd, before[0] - 400, sender=owner)
    tokens[1].setBalance(odd, before[1] + 250, sender=owner)
    sold, bought = 600 * E18 // 10, 1250 * E18 // 10
    assert odd.settle.call(*tokens, *before, sender=module) == (400, 250, sold, bought)
    tx = odd.settle(*tokens, *before, sender=module)
    assert tx.events == [
        odd.DefaultPositionUnitEdited(_component=tokens[0].address, _realUnit=sold),
        odd.DefaultPositionUnitEdited(_component=tokens[1].address, _realUnit=bought),
    ]
    assert read(odd, *tokens) == [sold, bought]


def test_settle__all_sold_and_a_new_one(odd, module, mock, owner, tokens):
    """I-05, S-089: the one leaves the list, the other enters."""
    new = owner.deploy(mock("OddToken"), 18, 10**30)
    tokens[0].setBalance(odd, 0, sender=owner)
    new.setBalance(odd, 30, sender=owner)
    odd.settle(tokens[0], new, HELD, 0, sender=module)
    assert tuple(odd.getPositionPage(0)) == (
        [tokens[1].address, new.address],
        [HELD * E18 // 10, 3 * E18],
        False,
    )


def test_settle__unit_stands_for_more_than_there_is(odd, module, owner, tokens):
    """V-13: a few base units lost to rounding are taken from the balance, not from a donation."""
    tokens[0].setBalance(odd, HELD - 3, sender=owner)
    tokens[0].setBalance(odd, HELD - 10, sender=owner)
    odd.settle(*tokens, HELD - 3, HELD, sender=module)
    assert read(odd, *tokens) == [(HELD - 10) * E18 // 10, HELD * E18 // 10]


@pytest.mark.parametrize(("more", "less"), [(1, 0), (0, 1)])
def test_settle__moved_the_wrong_way__reverts(odd, module, owner, tokens, more, less):
    """I-01: more of what was sold, or less of what was bought, is no trade."""
    tokens[0].setBalance(odd, HELD + more, sender=owner)
    tokens[1].setBalance(odd, HELD - less, sender=owner)
    with ape.reverts("SafeMath: subtraction overflow"):
        odd.settle(*tokens, HELD, HELD, sender=module)
    assert read(odd, *tokens) == [HELD * E18 // 10] * 2
