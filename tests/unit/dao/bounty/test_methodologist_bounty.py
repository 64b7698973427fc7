"""MethodologistBounty: registering, counting, settling, paying, and who may do what."""

import pytest
from ape import chain, reverts
from bounty_house import (
    DAY_S,
    E18,
    SHARE,
    TOTAL,
    ZERO,
    minted,
)
from bounty_mirror import value_of

from indexkit.localnet import addresses

Q112 = 2**112
NOBODY = (ZERO, 0, ZERO, 0, 0, 0)


def logs(receipt, *contracts):
    """Return a receipt's logs of the given contracts, in order."""
    senders = {contract.address for contract in contracts}
    return [log for log in receipt.events if log.contract_address in senders]


def test_constructor__plain(house, index_token, owner, treasury):
    """Nothing is registered, counted or settled; the whole total is here (R-24)."""
    bounty = house.bounty
    assert (bounty.token(), bounty.weth()) == (index_token, addresses.WETH)
    assert (bounty.treasury(), bounty.feeModule()) == (treasury, house.fees)
    assert (bounty.total(), bounty.begin()) == (TOTAL, house.begin)
    assert index_token.balanceOf(bounty) == TOTAL
    assert (bounty.owner(), bounty.pendingOwner()) == (owner, ZERO)
    assert (bounty.settledMonths(), bounty.carried(), list(bounty.getIndices())) == (0, 0, [])
    assert tuple(bounty.getMonth(0)) == (0, 0, 0, 0)
    assert sum(bounty.trancheOf(month) for month in range(18)) == TOTAL
    assert bounty.trancheOf(17) == TOTAL - TOTAL * 17 // 18
    with reverts("No such month"):
        bounty.trancheOf(18)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"token": "0x" + "11" * 20}, "Contract must exist"),
        ({"weth": "0x" + "11" * 20}, "Contract must exist"),
        ({"factory": ZERO}, "Contract must exist"),
        ({"fees": "0x" + "11" * 20}, "Contract must exist"),
        ({"treasury": ZERO}, "Treasury must be able to act"),
        ({"total": 0}, "Total must be > 0"),
        ({"total": 2**128}, "Total too large"),
        ({"begin": 2**64}, "Begin too late"),
        ({"begin": 1_600_000_000}, "Begin must not be past"),
    ],
)
def test_constructor__out_of_range__reverts(make_bounty, wrong, reason):
    """R-24: months that are over, no coins, or nowhere to pay the rest."""
    terms = {"begin": chain.pending_timestamp + DAY_S} | wrong
    with reverts(reason):
        make_bounty(funded=False, **terms)


def test_constructor__one_base_unit__is_the_last_months(make_bounty):
    """R-24: the least there can be: seventeen months have nothing, the last has it."""
    bounty = make_bounty(funded=False, begin=chain.pending_timestamp + DAY_S, total=1)
    assert [bounty.trancheOf(month) for month in range(18)] == [0] * 17 + [1]


def test_constructor__treasury_is_the_token__reverts(make_bounty, index_token):
    """R-24: INDEX would refuse nothing, and lose it."""
    with reverts("Treasury must be able to act"):
        make_bounty(chain.pending_timestamp + DAY_S, treasury=index_token, funded=False)


# ---------------------------------------------------------------- register


def test_register__plain(house):
    """R-24: what was due before accrues and does not count; counting starts now."""
    bounty, (first, _), fees = house.bounty, house.sets, house.fees
    last, supply = fees.feeStates(first)[3], first.totalSupply()
    receipt = house.register(house.begin - DAY_S, 0)
    accrued = minted(receipt.timestamp - last, supply)
    author, pool = house.authors[0], house.pools[0]
    assert logs(receipt, bounty, fees) == [
        fees.FeeActualized(_setToken=first, _managerFee=accrued, _protocolFee=0),
        bounty.IndexRegistered(setToken=first, methodologist=author, share=SHARE, pool=pool),
    ]
    entry = bounty.getEntry(first)
    assert tuple(entry) == (author, SHARE, pool, receipt.timestamp, accrued, 0)
    assert list(bounty.getIndices()) == [first]
    assert bounty.contributed(first) == 0


@pytest.mark.parametrize(
    ("place", "methodologist", "of_fees", "reason"),
    [
        (0, ZERO, SHARE, "Methodologist must be able to act"),
        (0, "bounty", SHARE, "Methodologist must be able to act"),
        (0, "index", SHARE, "Methodologist must be able to act"),
        (0, None, E18 + 1, "Share must be <= 100%"),
        ("index", None, SHARE, None),
        ("stranger", None, SHARE, "Contract must exist"),
        ("bare", None, SHARE, "Index has no pool"),
        ("removed", None, SHARE, "Fee module not initialized"),
    ],
)
def test_register__what_cannot_be_counted__reverts(house, place, methodologist, of_fees, reason):
    """R-24: no fees, no pool, no share of fees, nobody to pay."""
    first = house.sets[0]
    chosen = {"index": house.index, "stranger": house.stranger}.get(place, first)
    if place == "bare":
        chosen = house.make_index(0)
    elif place == "removed":
        first.removeModule(house.fees, sender=house.manager)
    who = getattr(house, methodologist) if methodologist in ("bounty", "index") else methodologist
    with reverts(reason):
        house.bounty.register(chosen, who or house.authors[0], of_fees, sender=house.owner)


def test_register__twice__reverts(house):
    """R-24: an index has one methodologist."""
    house.register(house.begin, 0)
    with reverts("Index already registered"):
        house.register(house.begin + 1, 0)


def test_register__as_many_as_can_be_counted(house):
    """R-24: at most 24, so that all of them are counted when a month is settled."""
    provider, bounty = chain.provider, house.bounty
    house.register(house.begin, 0)
    words = [provider.web3.eth.get_storage_at(bounty.address, slot) for slot in range(64)]
    listed = int(house.sets[0].address, 16)
    length = next(i for i in range(63) if int.from_bytes(words[i + 1]) == listed)
    provider.make_request(
        "anvil_setStorageAt", [bounty.address, f"0x{length:064x}", f"0x{23:064x}"]
    )
    house.register(house.begin + 1, 1)
    assert bounty.getIndices()[23] == house.sets[1]
    with reverts("Too many indices"):
        bounty.register(house.index, house.authors[0], SHARE, sender=house.owner)


@pytest.mark.parametrize("function", ["register", "retire", "setMethodologist", "setShare"])
def test_owner_functions__anyone_else__reverts(house, function):
    """R-24, I-20: methodologist and treasury are no owners."""
    house.register(house.begin, 0)
    rest = {"register": (house.authors[1], 0), "retire": (), "setShare": (0,)}
    arguments = rest.get(function, (house.authors[1],))
    for account in (house.authors[0], house.treasury, house.stranger):
        with reverts("Ownable: caller is not the owner"):
            getattr(house.bounty, function)(house.sets[0], *arguments, sender=account)


@pytest.mark.parametrize("function", ["count", "retire", "setMethodologist", "setShare"])
def test_count__not_registered__reverts(house, function):
    """R-24: there is nothing to count."""
    rest = {"setMethodologist": (house.authors[0],), "setShare": (0,)}
    with reverts("Index not registered"):
        getattr(house.bounty, function)(house.sets[0], *rest.get(function, ()), sender=house.owner)


# ---------------------------------------------------------------- count


@pytest.mark.parametrize("place", [0, 1])
def test_count__plain(house, place):
    """R-24: it accrues, values at the pool's price, and credits the month; to the base unit."""
    bounty, fees, index = house.bounty, house.fees, house.sets[place]
    start = house.begin + DAY_S
    house.register(start, place)
    before, supply = house.price_time(place), index.totalSupply()
    receipt = house.at(start + 7 * DAY_S, bounty.count, index)
    accrued = minted(7 * DAY_S, supply)
    price_time = house.price_time(place) - before
    assert price_time // (7 * DAY_S) == (10, 2)[place] * Q112
    value = value_of(accrued, SHARE, 7 * DAY_S, price_time)
    assert value == accrued * SHARE // E18 // (10, 2)[place]
    author, zero = house.authors[place], ZERO
    assert receipt.events == [
        index.Transfer(sender=zero, receiver=house.collector, value=accrued),
        index.PositionMultiplierEdited(_newMultiplier=index.positionMultiplier()),
        fees.FeeActualized(_setToken=index, _managerFee=accrued, _protocolFee=0),
        bounty.FeesCounted(setToken=index, methodologist=author, fees=accrued, value=value),
    ]
    entry = bounty.getEntry(index)
    assert (entry.counted, entry.accrued) == (receipt.timestamp, fees.accruedFees(index))
    assert tuple(bounty.getMonth(0)) == (value, 0, 0, 0)
    assert bounty.valueOf(0, author) == value
    assert bounty.contributed(index) == accrued * SHARE // E18
    assert bounty.claimable(0, author) == 0


def test_count__twice_in_a_block__is_once(house):
    """R-24: no time, no fees, no event."""
    index, bounty, provider = house.sets[0], house.bounty, chain.provider
    house.register(house.begin, 0)
    supply = index.totalSupply()
    data = bounty.count.encode_input(index).hex()
    call = {"to": bounty.address, "data": data, "gas": hex(3 * 10**6)}
    provider.auto_mine = False
    try:
        hashes = [
            provider.make_request("eth_sendTransaction", [{"from": sender.address, **call}])
            for sender in house.authors[:2]
        ]
        provider.make_request("evm_setNextBlockTimestamp", [house.begin + DAY_S])
        provider.make_request("evm_mine", [])
    finally:
        provider.auto_mine = True
    receipts = [provider.make_request("eth_getTransactionReceipt", [one]) for one in hashes]
    assert [receipt["status"] for receipt in receipts] == ["0x1", "0x1"]
    assert [len(receipt["logs"]) for receipt in receipts] == [4, 0]
    assert bounty.getMonth(0).value == minted(DAY_S, supply) * SHARE // E18 // 10


# ---------------------------------------------------------------- settle and claim


def test_settle__plain(house):
    """R-24: each month's tranche is fixed by its values; it pays nobody."""
    bounty = house.bounty
    house.register_both()
    receipt = house.at(house.end(0), bounty.settle)
    values = [bounty.valueOf(0, author) for author in house.authors[:2]]
    tranche, value = bounty.trancheOf(0), sum(values)
    counted = [
        bounty.FeesCounted(
            setToken=index,
            methodologist=author,
            fees=bounty.getEntry(index).accrued - registered,
            value=of_index,
        )
        for index, author, of_index, registered in zip(
            house.sets, house.authors[:2], values, _registered(house), strict=True
        )
    ]
    assert logs(receipt, bounty, house.index) == [
        *counted,
        bounty.MonthSettled(month=0, tranche=tranche, value=value),
    ]
    assert receipt.return_value == bounty.settledMonths() == 1
    assert tuple(bounty.getMonth(0)) == (value, tranche, value, tranche)
    assert bounty.claimable(0, house.authors[0]) == tranche * values[0] // value > 0


def _registered(house):
    """Return what each index had accrued when it was registered {set}."""
    for index in house.sets:
        counted = house.bounty.contributed(index) * E18
        fees = -(-counted // SHARE)
        yield house.bounty.getEntry(index).accrued - fees


def test_settle__nothing_is_over__counts(house):
    """R-24: it settles no month a second too early, and the treasury gets nothing."""
    house.register_both()
    receipt = house.at(house.end(0) - 1, house.bounty.settle)
    assert receipt.return_value == house.bounty.settledMonths() == 0
    assert {log.event_name for log in logs(receipt, house.bounty)} == {"FeesCounted"}
    assert house.bounty.getMonth(0).value > 0
    assert house.index.balanceOf(house.bounty) == TOTAL


def test_claim__plain(house):
    """R-24: anyone has a methodologist paid; the last one gets the rest."""
    bounty, coin = house.bounty, house.index
    house.register_both()
    house.at(house.end(0), bounty.settle)
    tranche, value = bounty.trancheOf(0), bounty.getMonth(0).value
    amount = tranche * bounty.valueOf(0, house.authors[1]) // value
    for author, paid in ((house.authors[1], amount), (house.authors[0], tranche - amount)):
        assert bounty.claimable(0, author) == paid
        receipt = bounty.claim(0, author, sender=house.stranger)
        assert receipt.events == [
            coin.Transfer(sender=bounty, receiver=author, amount=paid),
            bounty.BountyPaid(month=0, methodologist=author, amount=paid),
        ]
        assert receipt.return_value == coin.balanceOf(author) == paid
        assert (bounty.claimable(0, author), bounty.valueOf(0, author) > 0) == (0, True)
    assert tuple(bounty.getMonth(0)) == (value, tranche, 0, 0)
    assert coin.balanceOf(bounty) == TOTAL - tranche


@pytest.mark.parametrize("month", [0, 1, 17, 18, 2**256 - 1])
def test_claim__what_is_not_due__reverts(house, month):
    """R-24: before a month is settled, twice, or without a value of one's own."""
    house.register_both()
    if month == 0:
        house.at(house.end(0), house.bounty.settle)
        house.bounty.claim(0, house.authors[0], sender=house.stranger)
    reason = "Nothing to claim" if month == 0 else "Month not settled"
    for who in (house.authors[0], house.authors[2], house.treasury):
        with reverts(reason):
            house.bounty.claim(month, who, sender=who)
        assert house.bounty.claimable(month, who) == 0


# ---------------------------------------------------------------- the owner's other functions


@pytest.mark.parametrize("function", ["setMethodologist", "setShare", "retire"])
def test_changes__plain(house, function):
    """R-24: each counts first, for whom and by what was so before."""
    bounty, (first, _) = house.bounty, house.sets
    house.register(house.begin, 0)
    old, new = house.authors[0], house.authors[2]
    arguments = {"setMethodologist": (new,), "setShare": (E18,), "retire": ()}[function]
    receipt = house.at(
        house.begin + DAY_S, getattr(bounty, function), first, *arguments, by=house.owner
    )
    counted, changed = logs(receipt, bounty)
    value = bounty.valueOf(0, old)
    assert (counted.methodologist, counted.value) == (old, value)
    assert (
        changed
        == {
            "setMethodologist": bounty.MethodologistChanged(
                setToken=first, previous=old, methodologist=new
            ),
            "setShare": bounty.ShareChanged(setToken=first, share=E18),
            "retire": bounty.IndexRetired(setToken=first),
        }[function]
    )
    entry = bounty.getEntry(first)
    now = (receipt.timestamp, house.fees.accruedFees(first), 0)
    rest = (old, SHARE, house.pools[0], *now)
    assert (
        tuple(entry)
        == {
            "setMethodologist": (new, *rest[1:]),
            "setShare": (old, E18, *rest[2:]),
            "retire": NOBODY,
        }[function]
    )
    assert list(bounty.getIndices()) == ([] if function == "retire" else [first])


@pytest.mark.parametrize("place", [0, 1])
def test_retire__leaves_the_others(house, place):
    """R-24: whichever goes, the other one is counted on."""
    house.register_both()
    house.at(house.begin + DAY_S, house.bounty.retire, house.sets[place], by=house.owner)
    assert list(house.bounty.getIndices()) == [house.sets[1 - place]]
    house.at(house.end(0), house.bounty.settle)
    assert house.bounty.getEntry(house.sets[1 - place]).counted == house.end(0)


@pytest.mark.parametrize("methodologist", [ZERO, "bounty", "index"])
def test_set_methodologist__nobody__reverts(house, methodologist):
    """R-24: whoever cannot be paid."""
    house.register(house.begin, 0)
    who = getattr(house, methodologist, methodologist)
    with reverts("Methodologist must be able to act"):
        house.bounty.setMethodologist(house.sets[0], who, sender=house.owner)


def test_set_share__more_than_all__reverts(house):
    """R-24: nothing is more than all of the fees."""
    house.register(house.begin, 0)
    with reverts("Share must be <= 100%"):
        house.bounty.setShare(house.sets[0], E18 + 1, sender=house.owner)
