"""A Safe of several owners, on Safe's own bytecode (R-14)."""

import ape
import pytest

from indexkit import safe
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, token_at
from indexkit.safe import Call

E18 = 10**18


@pytest.fixture
def owners(accounts):
    """Return the owners, in no order."""
    return [accounts[9], accounts[7], accounts[8]]


@pytest.fixture
def multisig(owners, stranger):
    """Create a Safe of which two of three owners must sign."""
    return safe.create_safe(owners, 2, stranger)


@pytest.fixture
def weth(multisig):
    """Return WETH, of which the Safe has one."""
    deal(addresses.WETH, multisig.address, E18)
    return token_at(addresses.WETH)


def test_create_safe__owners_and_threshold(multisig, owners, stranger):
    """R-14: the Safe is its owners', not its deployer's."""
    assert multisig.contract.VERSION() == "1.3.0"
    assert multisig.contract.getThreshold() == 2
    assert set(multisig.contract.getOwners()) == {owner.address for owner in owners}
    assert not multisig.contract.isOwner(stranger)


def test_create_safe__another_salt__is_another_safe(owners, stranger, multisig):
    """R-14: the same owners may have several."""
    other = safe.create_safe(owners, 2, stranger, salt=1)
    assert other.address != multisig.address


def test_hash__is_the_safes_own(multisig, weth, stranger):
    """R-14, R-44: what owners sign is computed here, and is what the Safe checks."""
    for calls in (
        [Call.of(weth, "transfer", stranger, 1)],
        [Call(stranger.address, b"", 5), Call.of(weth, "approve", stranger, 1)],
    ):
        transaction = multisig.transaction(*calls)
        call = transaction.call
        assert multisig.hash(transaction) == bytes(
            multisig.contract.getTransactionHash(
                call.to,
                call.value,
                call.data,
                transaction.operation,
                0,
                0,
                0,
                safe.NOBODY,
                safe.NOBODY,
                transaction.nonce,
            )
        )


@pytest.mark.parametrize("signers", [(0, 1), (1, 0), (2, 1), (0, 1, 2)])
def test_execute__enough_signatures(multisig, owners, weth, stranger, signers):
    """R-14: any two, in any order, executed by a stranger."""
    transaction = multisig.transaction(Call.of(weth, "transfer", stranger, 7))
    signatures = multisig.sign(transaction, [owners[i] for i in signers])
    receipt = multisig.execute(transaction, signatures, stranger)
    assert len(receipt.events.filter(multisig.contract.ExecutionSuccess)) == 1
    assert weth.balanceOf(stranger) == 7


def test_execute__one_signature__reverts(multisig, owners, weth, stranger):
    """R-14: one owner alone is nobody (GS020: signatures too short)."""
    transaction = multisig.transaction(Call.of(weth, "transfer", stranger, 7))
    with ape.reverts("GS020"):
        multisig.execute(transaction, multisig.sign(transaction, owners[:1]), owners[0])


def test_execute__signature_of_no_owner__reverts(multisig, owners, weth, stranger):
    """R-14: GS026, invalid owner."""
    transaction = multisig.transaction(Call.of(weth, "transfer", stranger, 7))
    with ape.reverts("GS026"):
        multisig.execute(transaction, multisig.sign(transaction, [owners[0], stranger]), stranger)


def test_execute__twice__reverts(multisig, owners, weth, stranger):
    """R-14: signatures are for one nonce."""
    transaction = multisig.transaction(Call.of(weth, "transfer", stranger, 7))
    signatures = multisig.sign(transaction, owners[:2])
    multisig.execute(transaction, signatures, stranger)
    with ape.reverts("GS026"):
        multisig.execute(transaction, signatures, stranger)


def test_execute__callee_refuses__its_reason(multisig, owners, protocol, stranger):
    """R-14: the Safe itself would only say GS013."""
    with ape.reverts("Ownable: caller is not the owner"):
        multisig.run(owners[:2], Call.of(protocol.controller, "addModule", stranger))
    transaction = multisig.transaction(Call.of(protocol.controller, "addModule", stranger))
    assert transaction.nonce == 0


def test_run__batch__all_or_none(multisig, owners, weth, stranger, manager):
    """R-14: several calls, one transaction, by MultiSend."""
    to_stranger = Call.of(weth, "transfer", stranger, 7)
    multisig.run(owners[1:], to_stranger, Call.of(weth, "transfer", manager, E18 - 7))
    assert [weth.balanceOf(a) for a in (multisig.address, stranger)] == [0, 7]
    with ape.reverts("GS013"):
        multisig.run(owners[1:], Call.of(weth, "approve", stranger, 7), to_stranger)
    assert weth.allowance(multisig.address, stranger) == 0


def test_run__value(multisig, owners, stranger, chain):
    """R-14: ether, too."""
    chain.provider.set_balance(multisig.address, 10)
    before = stranger.balance
    multisig.run(owners[:2], Call(stranger.address, b"", 4))
    assert stranger.balance == before + 4


def test_transaction__no_calls__raises(multisig):
    """R-40: the error names the remedy."""
    with pytest.raises(IndexkitError) as error:
        multisig.transaction()
    assert error.value.message == "A Safe transaction needs at least one call: give it one."
