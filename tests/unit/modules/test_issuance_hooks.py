"""BasicIssuanceModule: the manager's pre-issue hook."""

import ape
import pytest

E18 = 10**18
ZERO = "0x" + "00" * 20


@pytest.fixture(scope="module")
def hook(mock, owner):
    """Deploy a hook that remembers what it is told."""
    return owner.deploy(mock("IssuanceHook"))


@pytest.fixture(scope="module")
def hooked_set(make_plain_set, components, units, hook):
    """Create a SetToken that asks the hook."""
    return make_plain_set(components, units, hook=hook)


def test_issue__hook_is_asked(protocol, hooked_set, hook, issuer, stranger, logs):
    """It learns who issues how much to whom, and the event names it (R-03, S-104)."""
    receipt = protocol.issuance.issue(hooked_set, 3 * E18, stranger, sender=issuer)
    assert protocol.issuance.managerIssuanceHook(hooked_set) == hook
    told = (hook.setToken(), hook.quantity(), hook.sender(), hook.to())
    assert told == (hooked_set, 3 * E18, issuer, stranger)
    assert logs(receipt, hooked_set, protocol.issuance) == [
        hooked_set.Transfer(sender=ZERO, receiver=stranger, value=3 * E18),
        protocol.issuance.SetTokenIssued(
            _setToken=hooked_set,
            _issuer=issuer,
            _to=stranger,
            _hookContract=hook,
            _quantity=3 * E18,
        ),
    ]


def test_issue_with_limits__hook_is_asked(protocol, hooked_set, hook, components, issuer):
    """Limits are no way around the hook (R-03)."""
    limits = [2**256 - 1] * 4
    protocol.issuance.issueWithLimits(hooked_set, E18, issuer, components, limits, sender=issuer)
    assert hook.quantity() == E18
    hook.refuse(sender=issuer)
    with ape.reverts("Supply cap reached"):
        protocol.issuance.issueWithLimits(
            hooked_set, E18, issuer, components, limits, sender=issuer
        )


def test_issue__hook_refuses__reverts(protocol, hooked_set, hook, issuer):
    """A hook can cap the supply, in its own words (S-104)."""
    hook.refuse(sender=issuer)
    with ape.reverts("Supply cap reached"):
        protocol.issuance.issue(hooked_set, E18, issuer, sender=issuer)


def test_redeem__hook_refuses(protocol, hooked_set, hook, issuer):
    """Redeeming asks nobody (I-24, S-102)."""
    protocol.issuance.issue(hooked_set, E18, issuer, sender=issuer)
    hook.refuse(sender=issuer)
    protocol.issuance.redeem(hooked_set, E18, issuer, sender=issuer)
    assert hooked_set.totalSupply() == 0


def test_issue__hook_without_code__reverts(protocol, make_plain_set, components, units, stranger):
    """An account that is no contract cannot answer for the manager."""
    created = make_plain_set(components, units, hook=stranger)
    with ape.reverts():
        protocol.issuance.issue(created, E18, stranger, sender=stranger)


def test_issue__hook_lets_fees_accrue(
    protocol, hooked_set, hook, components, manager, issuer, chain, accounted
):
    """A hook may accrue fees: the issuer pays the units after it, not before."""
    settings = (manager, 10**17, 5 * 10**16, 0)
    protocol.streaming_fee.initialize(hooked_set, settings, sender=manager)
    protocol.issuance.issue(hooked_set, 100 * E18, issuer, sender=issuer)
    chain.mine(timestamp=chain.pending_timestamp + 365 * 86_400)
    accrue = protocol.streaming_fee.accrueFee.encode_input(hooked_set)
    hook.callFirst(protocol.streaming_fee, accrue, sender=issuer)
    before = components[1].balanceOf(issuer)
    protocol.issuance.issue(hooked_set, E18, issuer, sender=issuer)
    paid = before - components[1].balanceOf(issuer)
    assert paid == hooked_set.getDefaultPositionRealUnit(components[1])
    assert hooked_set.positionMultiplier() < E18
    accounted(hooked_set)


def test_issue__hook_comes_back__reverts(protocol, hooked_set, hook, issuer):
    """A hook that holds SetTokens cannot redeem them from inside (I-22)."""
    protocol.issuance.issue(hooked_set, E18, hook, sender=issuer)
    redeem = protocol.issuance.redeem.encode_input(hooked_set, E18, issuer)
    hook.callFirst(protocol.issuance, redeem, sender=issuer)
    with ape.reverts():
        protocol.issuance.issue(hooked_set, E18, issuer, sender=issuer)
    assert hooked_set.totalSupply() == hooked_set.balanceOf(hook) == E18


def test_issue__hook_reads_the_module(protocol, hooked_set, hook, issuer):
    """A hook may ask the module for the price: its views are open (R-03)."""
    view = protocol.issuance.getRequiredComponentUnitsForIssue.encode_input(hooked_set, E18)
    hook.callFirst(protocol.issuance, view, sender=issuer)
    protocol.issuance.issue(hooked_set, E18, issuer, sender=issuer)
    assert hook.quantity() == E18
