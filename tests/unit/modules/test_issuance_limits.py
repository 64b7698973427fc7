"""BasicIssuanceModule: issuing and redeeming within the caller's limits."""

import ape
import pytest

E18 = 10**18
ZERO = "0x" + "00" * 20
QUANTITY = 2 * E18 + 1


@pytest.fixture(scope="module")
def costs(units):
    """Return what issuing QUANTITY costs {comp}."""
    return [-(-unit * QUANTITY // E18) for unit in units]


@pytest.fixture(scope="module")
def payments(units):
    """Return what redeeming QUANTITY pays {comp}."""
    return [unit * QUANTITY // E18 for unit in units]


def test_issue_with_limits__exact(protocol, set_token, components, costs, issuer, logs):
    """Limits equal to the cost are enough; everything else is as without limits (R-03)."""
    before = [component.balanceOf(issuer) for component in components]
    receipt = protocol.issuance.issueWithLimits(
        set_token, QUANTITY, issuer, components, costs, sender=issuer
    )
    assert logs(receipt, set_token, protocol.issuance) == [
        set_token.Transfer(sender=ZERO, receiver=issuer, value=QUANTITY),
        protocol.issuance.SetTokenIssued(
            _setToken=set_token,
            _issuer=issuer,
            _to=issuer,
            _hookContract=ZERO,
            _quantity=QUANTITY,
        ),
    ]
    after = [component.balanceOf(issuer) for component in components]
    assert [a - b for a, b in zip(before, after, strict=True)] == costs
    assert set_token.balanceOf(issuer) == 1_000 * E18 + QUANTITY


def test_redeem_with_limits__exact(protocol, set_token, components, payments, issuer, logs):
    """Limits equal to the payment are met; everything else is as without limits (R-03)."""
    before = [component.balanceOf(issuer) for component in components]
    receipt = protocol.issuance.redeemWithLimits(
        set_token, QUANTITY, issuer, components, payments, sender=issuer
    )
    assert logs(receipt, set_token, protocol.issuance) == [
        set_token.Transfer(sender=issuer, receiver=ZERO, value=QUANTITY),
        protocol.issuance.SetTokenRedeemed(
            _setToken=set_token, _redeemer=issuer, _to=issuer, _quantity=QUANTITY
        ),
    ]
    after = [component.balanceOf(issuer) for component in components]
    assert [a - b for a, b in zip(after, before, strict=True)] == payments
    assert set_token.balanceOf(issuer) == 1_000 * E18 - QUANTITY


@pytest.mark.parametrize("place", range(4))
def test_issue_with_limits__one_below_cost__reverts(
    protocol, set_token, components, costs, issuer, place
):
    """One wei too little for any component refuses the whole (R-03, S-108)."""
    limits = [*costs]
    limits[place] -= 1
    with ape.reverts("Component quantity above maximum"):
        protocol.issuance.issueWithLimits(
            set_token, QUANTITY, issuer, components, limits, sender=issuer
        )


@pytest.mark.parametrize("place", range(4))
def test_redeem_with_limits__one_above_payment__reverts(
    protocol, set_token, components, payments, issuer, place
):
    """One wei too much of any component refuses the whole (R-03, S-108)."""
    limits = [*payments]
    limits[place] += 1
    with ape.reverts("Component quantity below minimum"):
        protocol.issuance.redeemWithLimits(
            set_token, QUANTITY, issuer, components, limits, sender=issuer
        )


@pytest.mark.parametrize("function", ["issueWithLimits", "redeemWithLimits"])
def test_with_limits__lengths_differ__reverts(protocol, set_token, components, issuer, function):
    """One limit per component."""
    with ape.reverts("Array length mismatch"):
        getattr(protocol.issuance, function)(
            set_token, QUANTITY, issuer, components, [0, 0, 0], sender=issuer
        )


@pytest.mark.parametrize("function", ["issueWithLimits", "redeemWithLimits"])
@pytest.mark.parametrize("change", ["reordered", "shorter", "longer", "replaced"])
def test_with_limits__other_components__reverts(
    protocol, set_token, components, issuer, stranger, function, change
):
    """A list that is not the SetToken's own, in its order, means something else was seen (R-03).

    S-109.
    """
    seen = {
        "reordered": [components[1], components[0], *components[2:]],
        "shorter": components[:3],
        "longer": [*components, stranger],
        "replaced": [*components[:3], stranger],
    }[change]
    limit = 2**256 - 1 if function == "issueWithLimits" else 0
    with ape.reverts("Components have changed"):
        getattr(protocol.issuance, function)(
            set_token, QUANTITY, issuer, seen, [limit] * len(seen), sender=issuer
        )


def test_issue_with_limits__component_added_meanwhile__reverts(
    protocol, set_token, components, costs, issuer, stranger, module
):
    """A trade between quote and issue cannot make the caller pay something unseen."""
    set_token.addComponent(stranger, sender=module)
    with ape.reverts("Components have changed"):
        protocol.issuance.issueWithLimits(
            set_token, QUANTITY, issuer, components, costs, sender=issuer
        )


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("issueWithLimits", "Issue quantity must be > 0"),
        ("redeemWithLimits", "Redeem quantity must be > 0"),
    ],
)
def test_with_limits__zero_quantity__reverts(
    protocol, set_token, components, issuer, function, reason
):
    """Nothing cannot be issued or redeemed."""
    with ape.reverts(reason):
        getattr(protocol.issuance, function)(
            set_token, 0, issuer, components, [0] * 4, sender=issuer
        )


@pytest.mark.parametrize("function", ["issueWithLimits", "redeemWithLimits"])
def test_with_limits__pending__reverts(protocol, empty_set, components, issuer, function):
    """Not before the manager initialised the module (I-10)."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        getattr(protocol.issuance, function)(
            empty_set, QUANTITY, issuer, components, [0] * 4, sender=issuer
        )


def test_redeem_with_limits__renounced_manager(
    protocol, set_token, components, payments, manager, issuer
):
    """Nobody is needed to get out (I-24)."""
    set_token.setManager("0x000000000000000000000000000000000000dEaD", sender=manager)
    before = components[0].balanceOf(issuer)
    protocol.issuance.redeemWithLimits(
        set_token, QUANTITY, issuer, components, payments, sender=issuer
    )
    assert components[0].balanceOf(issuer) - before == payments[0]
