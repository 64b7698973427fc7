"""BasicIssuanceModule and the ways of tokens: what each oddity leads to (I-19)."""

import ape
import pytest

E18 = 10**18
UNIT = 5 * E18
ORDINARY = ""


@pytest.fixture(scope="module")
def odd(mock, issuer):
    """Deploy a token whose ways the test chooses; the issuer holds it all."""
    return issuer.deploy(mock("OddToken"), 18, 10**30)


@pytest.fixture(scope="module")
def odd_set(make_plain_set, protocol, odd, components, units, issuer):
    """Create a SetToken of UNI and the odd token and issue 10 of it."""
    set_token = make_plain_set([components[1], odd], [units[1], UNIT])
    odd.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(set_token, 10 * E18, issuer, sender=issuer)
    return set_token


@pytest.mark.parametrize("habit", [ORDINARY, "returns nothing", "returns a lot"])
def test_issue__acceptable_answer(protocol, odd_set, odd, issuer, habit):
    """True, nothing at all, and true with a long tail count as done."""
    odd.adopt(habit, sender=issuer)
    protocol.issuance.issue(odd_set, E18, issuer, sender=issuer)
    assert odd_set.totalSupply() == 11 * E18
    assert odd.balanceOf(odd_set) == 11 * UNIT


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("returns false", "SafeERC20: ERC20 operation did not succeed"),
        ("moves nothing, returns false", "SafeERC20: ERC20 operation did not succeed"),
        ("returns two", "SafeERC20: ERC20 operation did not succeed"),
        ("returns one byte", "SafeERC20: ERC20 operation did not succeed"),
        ("reverts without reason", "SafeERC20: low-level call failed"),
        ("reverts with a reason", "Transfers are paused"),
        ("takes a fee", "Invalid post transfer balance"),
        ("gives one more", "Invalid post transfer balance"),
        ("moves nothing", "Invalid post transfer balance"),
    ],
)
@pytest.mark.parametrize("function", ["issue", "issueWithLimits"])
def test_issue__odd_token__reverts(
    protocol, odd_set, odd, components, issuer, function, habit, reason
):
    """Anything but the exact amount, gladly given, refuses the whole; nothing was taken."""
    odd.adopt(habit, sender=issuer)
    before = components[1].balanceOf(issuer)
    limits = []
    if function == "issueWithLimits":
        limits = [[components[1], odd], [2**256 - 1] * 2]
    with ape.reverts(reason):
        getattr(protocol.issuance, function)(odd_set, E18, issuer, *limits, sender=issuer)
    assert components[1].balanceOf(issuer) == before
    assert odd_set.totalSupply() == 10 * E18


@pytest.mark.parametrize(
    "habit", [ORDINARY, "returns nothing", "returns a lot", "returns false", "gives one more"]
)
def test_redeem__tokens_that_leave_exactly(protocol, odd_set, odd, issuer, habit):
    """What counts on the way out is that exactly the share left the SetToken (R-01)."""
    odd.adopt(habit, sender=issuer)
    before = odd.balanceOf(issuer)
    protocol.issuance.redeem(odd_set, E18, issuer, sender=issuer)
    assert odd.balanceOf(odd_set) == 9 * UNIT
    assert odd.balanceOf(issuer) - before == UNIT + (habit == "gives one more")


@pytest.mark.parametrize(
    ("habit", "data"),
    [
        ("reverts with one byte", b"\x07"),
        ("reverts with 640 bytes", bytes(511) + b"\x07"),
    ],
)
def test_issue__revert_data__comes_back(protocol, odd_set, odd, issuer, chain, habit, data):
    """D-31: a token's revert data are passed on, up to 512 bytes."""
    odd.adopt(habit, sender=issuer)
    call = protocol.issuance.issue.encode_input(odd_set, E18, issuer)
    request = {
        "from": issuer.address,
        "to": protocol.issuance.address,
        "data": call.to_0x_hex(),
    }
    answer = chain.provider.web3.provider.make_request("eth_call", [request, "latest"])
    assert answer["error"]["data"] == "0x" + data.hex()


def test_redeem__fee_on_transfer(protocol, odd_set, odd, issuer):
    """A token that starts taking fees pays the redeemer less, and nobody else (I-19)."""
    odd.adopt("takes a fee", sender=issuer)
    before = odd.balanceOf(issuer)
    protocol.issuance.redeem(odd_set, E18, issuer, sender=issuer)
    assert odd.balanceOf(odd_set) == 9 * UNIT
    assert odd.balanceOf(issuer) - before == UNIT - UNIT // 100


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("moves nothing", "Invalid post transfer balance"),
        ("moves nothing, returns false", "Invalid post transfer balance"),
        ("reverts with a reason", "Transfers are paused"),
        ("reverts without reason", "Address: low-level call with value failed"),
    ],
)
def test_redeem__tokens_that_stay__reverts(protocol, odd_set, odd, issuer, habit, reason):
    """A share that does not leave keeps the SetToken unburnt."""
    odd.adopt(habit, sender=issuer)
    with ape.reverts(reason):
        protocol.issuance.redeem(odd_set, E18, issuer, sender=issuer)
    assert odd_set.balanceOf(issuer) == 10 * E18


def test_issue__rebased_up(protocol, odd_set, odd, issuer):
    """A balance that grew by itself changes no price (I-09)."""
    odd.setBalance(odd_set, 20 * UNIT, sender=issuer)
    protocol.issuance.issue(odd_set, E18, issuer, sender=issuer)
    assert odd.balanceOf(odd_set) == 21 * UNIT


def test_redeem__rebased_down__reverts(protocol, odd_set, odd, issuer):
    """A balance that shrank pays what it can to those who come first, exactly, and then no more."""
    odd.setBalance(odd_set, 6 * UNIT, sender=issuer)
    protocol.issuance.redeem(odd_set, 6 * E18, issuer, sender=issuer)
    assert odd.balanceOf(odd_set) == 0
    with ape.reverts():
        protocol.issuance.redeem(odd_set, E18, issuer, sender=issuer)


def test_issue__unit_too_small_to_cost(protocol, make_plain_set, odd, issuer):
    """A dust share is rounded up to one base unit; redeeming it pays nothing (I-06)."""
    set_token = make_plain_set([odd], [1])
    protocol.issuance.issue(set_token, 1, issuer, sender=issuer)
    assert odd.balanceOf(set_token) == 1
    protocol.issuance.redeem(set_token, 1, issuer, sender=issuer)
    assert odd.balanceOf(set_token) == 1


def test_issue__component_of_zero_units(protocol, set_token, odd, issuer, module):
    """A component without units costs nothing: its token is not even called."""
    set_token.addComponent(odd, sender=module)
    odd.adopt("reverts without reason", sender=issuer)
    protocol.issuance.issue(set_token, E18, issuer, sender=issuer)
    protocol.issuance.redeem(set_token, E18, issuer, sender=issuer)
    assert odd.balanceOf(set_token) == 0
