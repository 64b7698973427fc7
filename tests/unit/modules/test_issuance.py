"""BasicIssuanceModule: set-up, issuing and redeeming in kind."""

import ape
import pytest

from indexkit.localnet import deal

ZERO = "0x" + "00" * 20
E18 = 10**18


def up(unit, quantity):
    """Return what issuing costs, rounded up {comp}."""
    return -(-unit * quantity // E18)


def down(unit, quantity):
    """Return what redeeming pays, rounded down {comp}."""
    return unit * quantity // E18


def balances(components, holder):
    """Return what an account holds of each component {comp}."""
    return [component.balanceOf(holder) for component in components]


def test_initialize__plain(protocol, empty_set, manager, stranger, logs):
    """The module is initialised on the SetToken and remembers the hook (R-03)."""
    issuance = protocol.issuance
    receipt = issuance.initialize(empty_set, stranger, sender=manager)
    assert logs(receipt, empty_set, issuance) == [empty_set.ModuleInitialized(_module=issuance)]
    assert empty_set.isInitializedModule(issuance)
    assert issuance.managerIssuanceHook(empty_set) == stranger
    assert issuance.controller() == protocol.controller


def test_initialize__not_manager__reverts(protocol, empty_set, stranger):
    """Only the manager may (I-20)."""
    with ape.reverts("Must be the SetToken manager"):
        protocol.issuance.initialize(empty_set, ZERO, sender=stranger)


def test_initialize__set_not_in_controller__reverts(protocol, empty_set, owner, manager):
    """A SetToken the controller does not know is refused (R-01)."""
    protocol.controller.removeSet(empty_set, sender=owner)
    with ape.reverts("Must be controller-enabled SetToken"):
        protocol.issuance.initialize(empty_set, ZERO, sender=manager)


def test_initialize__twice__reverts(protocol, set_token, manager):
    """An initialised module is not pending any more."""
    with ape.reverts("Must be pending initialization"):
        protocol.issuance.initialize(set_token, ZERO, sender=manager)


def test_initialize__never_added__reverts(protocol, empty_set, manager):
    """Nor is one that was never added."""
    empty_set.removePendingModule(protocol.issuance, sender=manager)
    with ape.reverts("Must be pending initialization"):
        protocol.issuance.initialize(empty_set, ZERO, sender=manager)


def test_initialize__original_set_token__reverts(
    protocol, original, owner, manager, components, units
):
    """A SetToken of Set V2 itself, which has no batch functions, is refused by name (R-01)."""
    foreign = owner.deploy(
        original("protocol/SetToken.sol/SetToken.json"),
        components,
        units,
        [protocol.issuance],
        protocol.controller,
        manager,
        "Original",
        "ORIG",
    )
    protocol.controller.addFactory(owner, sender=owner)
    protocol.controller.addSet(foreign, sender=owner)
    with ape.reverts("SetToken must support batch calls"):
        protocol.issuance.initialize(foreign, ZERO, sender=manager)
    assert foreign.isPendingModule(protocol.issuance)


def test_remove_module__reverts(protocol, set_token, manager):
    """Holders keep their way out, whoever asks (I-24, S-103)."""
    with ape.reverts("The BasicIssuanceModule module cannot be removed"):
        set_token.removeModule(protocol.issuance, sender=manager)
    with ape.reverts("The BasicIssuanceModule module cannot be removed"):
        protocol.issuance.removeModule(sender=manager)
    assert set_token.isInitializedModule(protocol.issuance)


def test_issue__plain(protocol, set_token, components, units, issuer, stranger, logs, accounted):
    """The caller pays each component rounded up, the receiver gets what was asked for (R-03).

    S-100.
    """
    quantity = 3 * E18 + 1
    costs = [up(unit, quantity) for unit in units]
    payer, basket = balances(components, issuer), balances(components, set_token)
    receipt = protocol.issuance.issue(set_token, quantity, stranger, sender=issuer)
    assert logs(receipt, set_token, protocol.issuance) == [
        set_token.Transfer(sender=ZERO, receiver=stranger, value=quantity),
        protocol.issuance.SetTokenIssued(
            _setToken=set_token,
            _issuer=issuer,
            _to=stranger,
            _hookContract=ZERO,
            _quantity=quantity,
        ),
    ]
    assert set_token.balanceOf(stranger) == quantity
    assert set_token.totalSupply() == 1_000 * E18 + quantity
    assert balances(components, issuer) == [
        have - cost for have, cost in zip(payer, costs, strict=True)
    ]
    assert balances(components, set_token) == [
        have + cost for have, cost in zip(basket, costs, strict=True)
    ]
    accounted(set_token)


@pytest.mark.parametrize("quantity", [1, 10**6, E18 - 1, E18, E18 + 1, 123_456_789 * 10**10 + 7])
def test_issue__rounds_up(protocol, set_token, components, units, issuer, accounted, quantity):
    """In the SetToken's favour, to the wei, and as the view said (R-03, I-06, S-100)."""
    costs = [up(unit, quantity) for unit in units]
    before = balances(components, issuer)
    answer = protocol.issuance.getRequiredComponentUnitsForIssue(set_token, quantity)
    assert [list(part) for part in answer] == [[c.address for c in components], costs]
    protocol.issuance.issue(set_token, quantity, issuer, sender=issuer)
    paid = [a - b for a, b in zip(before, balances(components, issuer), strict=True)]
    assert paid == costs
    accounted(set_token)


@pytest.mark.parametrize("quantity", [1, 10**6, E18 - 1, E18, E18 + 1, 1_000 * E18])
def test_redeem__rounds_down(protocol, set_token, components, units, issuer, accounted, quantity):
    """In the SetToken's favour, to the wei, up to the whole supply (R-03, S-101)."""
    before = balances(components, issuer)
    protocol.issuance.redeem(set_token, quantity, issuer, sender=issuer)
    got = [a - b for a, b in zip(balances(components, issuer), before, strict=True)]
    assert got == [down(unit, quantity) for unit in units]
    accounted(set_token)


def test_issue__zero_quantity__reverts(protocol, set_token, issuer):
    """Nothing cannot be issued."""
    with ape.reverts("Issue quantity must be > 0"):
        protocol.issuance.issue(set_token, 0, issuer, sender=issuer)


def test_issue__pending__reverts(protocol, empty_set, issuer):
    """Not before the manager initialised the module (I-10)."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.issuance.issue(empty_set, E18, issuer, sender=issuer)


def test_issue__set_removed_from_controller__reverts(protocol, set_token, owner, issuer):
    """Not for a SetToken the controller dropped."""
    protocol.controller.removeSet(set_token, sender=owner)
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.issuance.issue(set_token, E18, issuer, sender=issuer)


def test_issue__not_a_set__reverts(protocol, issuer, stranger):
    """Nor for an account that is no SetToken at all."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.issuance.issue(stranger, E18, issuer, sender=issuer)


def test_issue__module_disabled_in_controller__reverts(protocol, set_token, owner, issuer):
    """The owner can stop a module everywhere (I-04)."""
    protocol.controller.removeModule(protocol.issuance, sender=owner)
    with ape.reverts("Module must be enabled on controller"):
        protocol.issuance.issue(set_token, E18, issuer, sender=issuer)


def test_issue__locked__reverts(protocol, set_token, module, issuer):
    """Not while another module keeps the SetToken locked."""
    set_token.lock(sender=module)
    with ape.reverts("When locked, only the locker can call"):
        protocol.issuance.issue(set_token, E18, issuer, sender=issuer)


def test_issue__without_allowance__reverts(protocol, set_token, stranger):
    """The component's own words come through."""
    with ape.reverts("ERC20: transfer amount exceeds balance"):
        protocol.issuance.issue(set_token, E18, stranger, sender=stranger)


def test_issue__quantity_too_large__reverts(protocol, set_token, issuer):
    """Overflow has the reason integrators know (R-01)."""
    with ape.reverts("SafeMath: multiplication overflow"):
        protocol.issuance.issue(set_token, 2**256 - 1, issuer, sender=issuer)


def test_issue__donated_components(protocol, set_token, components, units, issuer):
    """What strangers sent in changes no price (I-09, S-107)."""
    deal(components[1], set_token, 10**24)
    before = balances(components, issuer)
    protocol.issuance.issue(set_token, E18, issuer, sender=issuer)
    paid = [a - b for a, b in zip(before, balances(components, issuer), strict=True)]
    assert paid == units


def test_redeem__plain(protocol, set_token, components, units, issuer, stranger, logs, accounted):
    """The caller's tokens are burnt, the receiver gets each component rounded down (R-03).

    S-101.
    """
    quantity = 2 * E18 - 1
    basket = balances(components, set_token)
    receipt = protocol.issuance.redeem(set_token, quantity, stranger, sender=issuer)
    assert logs(receipt, set_token, protocol.issuance) == [
        set_token.Transfer(sender=issuer, receiver=ZERO, value=quantity),
        protocol.issuance.SetTokenRedeemed(
            _setToken=set_token, _redeemer=issuer, _to=stranger, _quantity=quantity
        ),
    ]
    paid = [down(unit, quantity) for unit in units]
    assert set_token.totalSupply() == set_token.balanceOf(issuer) == 1_000 * E18 - quantity
    assert balances(components, stranger) == paid
    assert balances(components, set_token) == [
        have - out for have, out in zip(basket, paid, strict=True)
    ]
    accounted(set_token)


def test_redeem__zero_quantity__reverts(protocol, set_token, issuer):
    """Nothing cannot be redeemed."""
    with ape.reverts("Redeem quantity must be > 0"):
        protocol.issuance.redeem(set_token, 0, issuer, sender=issuer)


def test_redeem__pending__reverts(protocol, empty_set, issuer):
    """Not before the manager initialised the module (I-10)."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.issuance.redeem(empty_set, E18, issuer, sender=issuer)


def test_redeem__more_than_held__reverts(protocol, set_token, stranger):
    """Only what one has."""
    with ape.reverts("ERC20: burn amount exceeds balance"):
        protocol.issuance.redeem(set_token, 1, stranger, sender=stranger)


def test_redeem__renounced_manager(protocol, set_token, components, units, manager, issuer):
    """Nobody is needed to get out (I-24, S-102)."""
    set_token.setManager("0x000000000000000000000000000000000000dEaD", sender=manager)
    before = balances(components, issuer)
    protocol.issuance.redeem(set_token, 1_000 * E18, issuer, sender=issuer)
    got = [a - b for a, b in zip(balances(components, issuer), before, strict=True)]
    assert got == [1_000 * unit for unit in units]
    assert set_token.totalSupply() == 0


def test_issue__again_after_everything_was_redeemed(protocol, set_token, components, units, issuer):
    """A re-issued SetToken behaves like a new one (I-10)."""
    protocol.issuance.redeem(set_token, 1_000 * E18, issuer, sender=issuer)
    protocol.issuance.issue(set_token, E18, issuer, sender=issuer)
    assert set_token.totalSupply() == E18
    assert balances(components, set_token) == units


def test_issue_redeem__small_steps(protocol, set_token, components, issuer):
    """Splitting an issue never costs less, splitting a redemption never pays more (I-06, I-07).

    S-106.
    """
    before = balances(components, issuer)
    for quantity in (1, 10, 10**9 + 1):
        protocol.issuance.issue(set_token, quantity, issuer, sender=issuer)
    middle = balances(components, issuer)
    whole = protocol.issuance.getRequiredComponentUnitsForIssue(set_token, 10**9 + 12)[1]
    assert all(a - b >= cost for a, b, cost in zip(before, middle, whole, strict=True))
    for quantity in (10**9 + 1, 10, 1):
        protocol.issuance.redeem(set_token, quantity, issuer, sender=issuer)
    assert all(a >= b for a, b in zip(before, balances(components, issuer), strict=True))


def external_position(set_token, component, module):
    """Give a component a position outside the SetToken."""
    set_token.addExternalPositionModule(component, module, sender=module)
    set_token.editExternalPositionUnit(component, module, 10**15, sender=module)


@pytest.mark.parametrize("function", ["issue", "issueWithLimits", "redeem", "redeemWithLimits"])
def test_external_position__reverts(protocol, set_token, components, module, issuer, function):
    """What lies elsewhere cannot be paid in kind: every way in and out is refused (R-01, S-105)."""
    external_position(set_token, components[2], module)
    limits = [[], []] if function.endswith("WithLimits") else []
    with ape.reverts("Only default positions are supported"):
        getattr(protocol.issuance, function)(set_token, E18, issuer, *limits, sender=issuer)


def test_get_required_component_units_for_issue__external_position__reverts(
    protocol, set_token, components, module
):
    """Nor is a price quoted."""
    external_position(set_token, components[2], module)
    with ape.reverts("Only default positions are supported"):
        protocol.issuance.getRequiredComponentUnitsForIssue(set_token, E18)


def test_get_required_component_units_for_issue__pending__reverts(protocol, empty_set):
    """A price is quoted only where one can issue."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.issuance.getRequiredComponentUnitsForIssue(empty_set, E18)


def test_get_required_component_units_for_issue__after_fees(
    protocol, set_token, components, stranger, chain
):
    """The price falls with the position multiplier (R-05)."""
    chain.mine(timestamp=chain.pending_timestamp + 365 * 86_400)
    protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    units = [set_token.getDefaultPositionRealUnit(component) for component in components]
    _, costs = protocol.issuance.getRequiredComponentUnitsForIssue(set_token, 7 * E18 + 5)
    assert list(costs) == [up(unit, 7 * E18 + 5) for unit in units]


@pytest.mark.parametrize("decimals", [4, 8, 18, 27])
def test_issue_redeem__decimals(
    protocol, make_plain_set, original, owner, issuer, accounted, decimals
):
    """Units are per whole SetToken, whatever a component's decimals (I-06)."""
    mock = original("mocks/StandardTokenMock.sol/StandardTokenMock.json")
    token = owner.deploy(mock, issuer, 10 ** (decimals + 9), "Token", "TKN", decimals)
    unit = 3 * 10**decimals + 1
    set_token = make_plain_set([token], [unit])
    token.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    held = token.balanceOf(issuer)
    for quantity in (1, 10**9 + 1, 5 * E18 + 3):
        protocol.issuance.issue(set_token, quantity, issuer, sender=issuer)
        held -= up(unit, quantity)
        assert token.balanceOf(issuer) == held
        accounted(set_token)
    for quantity in (10**9, 5 * E18):
        protocol.issuance.redeem(set_token, quantity, issuer, sender=issuer)
        held += down(unit, quantity)
        assert token.balanceOf(issuer) == held
        accounted(set_token)


def test_functions__many_in_one_transaction(
    protocol, set_token, components, units, owner, mock, chain
):
    """A zap issues, redeems and accrues as often as it likes: nothing stays held (R-01, I-22)."""
    zap, issuance = owner.deploy(mock("Puppet")), protocol.issuance
    for component, unit in zip(components, units, strict=True):
        deal(component, zap, 4 * unit)
    listed, most, least = [c.address for c in components], [2**255] * 4, [0] * 4
    limited = (set_token, E18, zap, listed)
    calls = [(c.address, c.approve.encode_input(issuance, 2**256 - 1)) for c in components]
    calls += [
        (issuance.address, call)
        for call in (
            *(2 * [issuance.issue.encode_input(set_token, E18, zap)]),
            *(2 * [issuance.issueWithLimits.encode_input(*limited, most)]),
            *(2 * [issuance.redeem.encode_input(set_token, E18 // 4, zap)]),
            *(
                2
                * [
                    issuance.redeemWithLimits.encode_input(
                        *limited[:1], E18 // 4, zap, listed, least
                    )
                ]
            ),
            *(2 * [issuance.redeemFrozen.encode_input(set_token, E18 // 4, zap)]),
        )
    ]
    calls += [
        (
            protocol.streaming_fee.address,
            protocol.streaming_fee.accrueFee.encode_input(set_token),
        )
    ]
    zap.execute(calls, sender=owner)
    assert set_token.balanceOf(zap) == 4 * E18 - 6 * (E18 // 4)
