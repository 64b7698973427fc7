"""IndexManager: what it is deployed with, and what no setting may be (R-07)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS

from indexkit import deploy

E18 = 10**18
ALONE = "Target must not be operated alone"


@pytest.fixture
def construct(project, protocol, owner, set_token, operator, methodologist):
    """Return a function that deploys a manager with given, else good, arguments."""

    def constructed(**changes):
        arguments = {
            "set_token": set_token,
            "fee_module": protocol.streaming_fee,
            "operator": operator,
            "methodologist": methodologist,
            "operator_share": E18,
        }
        return deploy.deploy_manager(project, owner, **(arguments | changes))

    return constructed


def test_init__state(construct, operator, methodologist, set_token, protocol, target):
    """R-07: the arguments are the state, and the logs say so."""
    permission = (target, deploy.selector(target, "echo"))
    created = construct(permissions=[permission])
    assert (created.operator(), created.methodologist()) == (operator, methodologist)
    assert (created.setToken(), created.feeModule()) == (set_token, protocol.streaming_fee)
    assert created.operatorShare() == E18
    assert created.isAllowed(*permission)
    assert created.creation_metadata.receipt.events == [
        created.OperatorChanged(_old=ZERO_ADDRESS, _new=operator),
        created.MethodologistChanged(_old=ZERO_ADDRESS, _new=methodologist),
        created.FeeModuleChanged(_feeModule=protocol.streaming_fee),
        created.FeeSplitChanged(_operatorShare=E18),
        created.PermissionChanged(_target=target, _selector=permission[1], _allowed=True),
    ]


def test_init__bad_arguments__reverts(construct, operator, set_token, protocol, stranger):
    """R-07, S-185: two parties that can act, a SetToken, a fee module or none, at most 100 %."""
    cases = (
        ({"methodologist": operator}, "Parties must differ"),
        ({"operator": ZERO_ADDRESS}, "Party must be able to act"),
        ({"methodologist": ZERO_ADDRESS}, "Party must be able to act"),
        ({"operator": set_token}, "Party must be able to act"),
        ({"methodologist": set_token}, "Party must be able to act"),
        ({"set_token": stranger}, "SetToken must exist"),
        ({"fee_module": stranger}, "Fee module must exist"),
        ({"operator_share": E18 + 1}, "Share must be <= 100%"),
        ({"permissions": [(set_token, bytes(4))]}, ALONE),
        ({"permissions": [(protocol.streaming_fee, bytes(4))]}, ALONE),
    )
    for changes, reason in cases:
        with ape.reverts(reason):
            construct(**changes)


@pytest.mark.parametrize(("count", "accepted"), [(64, True), (65, False)])
def test_init__longest_list(construct, target, count, accepted):
    """R-07: as many permissions as a batch may have entries."""
    permissions = [(target, number.to_bytes(4, "big")) for number in range(1, count + 1)]
    if accepted:
        created = construct(permissions=permissions)
        assert all(created.isAllowed(*permission) for permission in permissions)
    else:
        with ape.reverts():
            construct(permissions=permissions)


def test_settings__bad_arguments__reverts(
    index_manager, operator, methodologist, set_token, stranger
):
    """R-07, S-185: the same rules for what is agreed on later, and from the first call on."""
    able = "Party must be able to act"
    for function, value, reason in (
        ("setOperator", ZERO_ADDRESS, able),
        ("setOperator", index_manager, able),
        ("setOperator", set_token, able),
        ("setMethodologist", ZERO_ADDRESS, able),
        ("setMethodologist", index_manager, able),
        ("setMethodologist", set_token, able),
        ("setFeeSplit", E18 + 1, "Share must be <= 100%"),
        ("setFeeModule", stranger, "Fee module must exist"),
    ):
        with ape.reverts(reason):
            getattr(index_manager, function)(value, sender=operator)
    for function, party in (("setOperator", methodologist), ("setMethodologist", operator)):
        getattr(index_manager, function)(party, sender=operator)
        with ape.reverts("Parties must differ"):
            getattr(index_manager, function)(party, sender=methodologist)
