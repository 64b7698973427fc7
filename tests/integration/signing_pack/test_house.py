"""indexkit.published_house: a published index in the hands of a Safe (R-14, R-10)."""

import ape
import pytest
from ape import project

from indexkit import published_house
from indexkit.guarding import Terms
from indexkit.localnet import advance
from indexkit.safe import Call

pytestmark = pytest.mark.usefixtures("index")


WAD, DAY_S = 10**18, 86_400
TERMS = Terms(2 * 10**16, WAD, 10 * WAD)


@pytest.mark.parametrize("with_fees", [False, True])
def test_house_of__manages_the_index(index, rebalance, with_fees):
    """R-14: Safe of two of three, manager with its list, guard; the index reads as published."""
    signers = published_house.local_signers()
    advance(DAY_S)
    house = published_house.house_of(
        project, index, signers, terms=TERMS, with_fees=with_fees, salt=2
    )
    token, guard = index.token, index.protocol.guard
    assert token.manager() == house.manager.address
    assert house.manager.operator() == house.safe.address
    assert house.manager.methodologist() == signers.methodologist.address
    assert house.safe.contract.getThreshold() == len(signers.quorum) == 2
    assert set(house.safe.contract.getOwners()) == {owner.address for owner in signers.owners}
    assert index.module.guard() == guard
    assert tuple(guard.getBounds(index.module, token)) == (2 * 10**16, WAD, 10 * WAD)
    recipient = index.protocol.streaming_fee.feeStates(token)[0]
    assert (recipient == house.manager.address) == with_fees
    assert (token.totalSupply() == rebalance.total_supply) == (not with_fees)
    if not with_fees:
        assert token.positionMultiplier() == rebalance.position_multiplier


def test_house_of__operator_alone__cannot_relax_the_guard(index):
    """R-10: bounds take both parties."""
    house = published_house.house_of(
        project, index, published_house.local_signers(), terms=TERMS, salt=2
    )
    data = index.module.setGuard.encode_input("0x" + "00" * 20)
    with ape.reverts("Call must be allowed"):
        house.safe.run(house.signers.quorum, Call.of(house.manager, "execute", index.module, data))
    relaxed = Terms(10**17, 0, 100 * WAD)
    assert house.set_guard(relaxed) > 0
    assert index.protocol.guard.getBounds(index.module, index.token)[0] == 10**17


def test_safe_of__manages_the_index(index):
    """R-14: the Safe itself, with a guard of its own choice."""
    signers = published_house.local_signers()
    made = published_house.safe_of(index, signers, terms=TERMS, salt=7)
    assert index.token.manager() == made.address
    assert index.module.guard() == index.protocol.guard
