"""MetaGovernor: what the index votes, when, and who may have it vote (R-13, I-26)."""

import ape
import pytest
from ape import chain
from eth_abi import encode
from eth_utils import keccak
from governor_house import (
    ABSTAIN,
    AGAINST,
    E18,
    IN_FAVOUR,
    NAME,
    PROPOSAL,
    QUORUM,
)

from indexkit import deploy
from indexkit.localnet import mine

VOTE = keccak(text="vote(uint256,bool,bytes)")[:4]


@pytest.fixture
def agree(house, accounts):
    """Return a function that has both parties of the index's manager make the same call."""

    def agreed(function, *arguments):
        for party in accounts[11:13]:
            getattr(house.manager, function)(*arguments, sender=party)

    return agreed


@pytest.fixture
def voted(house, holders):
    """Return a function: holders vote (None: not), the ballot closes, its id is returned."""

    def vote(*choices, can_abstain=False):
        house.propose(can_abstain=can_abstain)
        ballot = house.open()
        for holder, choice in zip(holders, choices, strict=False):
            if choice is not None:
                house.governor.castVote(ballot, choice, sender=holder)
        house.close(ballot)
        return ballot

    return vote


def asked(house, receipt):
    """Return what the index asked the external governor: proposal, support, data."""
    (call,) = receipt.events.filter(house.set_token.Invoked)
    assert (call._target, call._value) == (house.target, 0)
    return call._data


def expected(support, data=b""):
    """Return the calldata of a vote at the scripted governor."""
    return VOTE + encode(["uint256", "bool", "bytes"], [PROPOSAL, support, data])


def arguments(house):
    """Return what is executed: the index, the governor's name, the proposal."""
    return house.set_token, NAME, PROPOSAL


OUTCOMES = [
    # against, for: the larger; just the quorum is enough
    ((AGAINST, AGAINST, None), False, AGAINST),
    ((IN_FAVOUR, IN_FAVOUR, None), False, IN_FAVOUR),
    ((IN_FAVOUR, AGAINST, None), False, IN_FAVOUR),
    ((AGAINST, IN_FAVOUR, AGAINST), False, AGAINST),
    # abstentions help to the quorum, and win only where the governor counts them
    ((ABSTAIN, IN_FAVOUR, None), False, IN_FAVOUR),
    ((ABSTAIN, AGAINST, None), False, AGAINST),
    ((ABSTAIN, IN_FAVOUR, None), True, ABSTAIN),
    ((ABSTAIN, ABSTAIN, None), True, ABSTAIN),
    # as many abstentions as votes do not win
    ((ABSTAIN, None, IN_FAVOUR), True, IN_FAVOUR),
    ((ABSTAIN, None, AGAINST), True, AGAINST),
]
UNDECIDED = [
    # 1 less than the quorum; nobody; a tie; nothing but abstentions where they are not counted
    ((IN_FAVOUR, None, None), False),
    ((None, None, None), False),
    ((IN_FAVOUR, None, AGAINST), False),
    ((ABSTAIN, ABSTAIN, ABSTAIN), False),
    ((AGAINST, ABSTAIN, IN_FAVOUR), True),
]


@pytest.mark.parametrize(("choices", "can_abstain", "winner"), OUTCOMES)
def test_execute__as_the_holders_decided(house, voted, stranger, choices, can_abstain, winner):
    """R-13, S-223: the winner takes all; anyone has the index vote."""
    ballot = voted(*choices, can_abstain=can_abstain)
    assert tuple(house.governor.outcome(ballot)) == (True, winner)
    receipt = house.governor.execute(*arguments(house), sender=stranger)
    data = encode(["uint256"], [2]) if winner == ABSTAIN else b""
    assert asked(house, receipt) == expected(winner == IN_FAVOUR, data)
    assert receipt.events.filter(house.governor.BallotExecuted) == [
        house.governor.BallotExecuted(
            _ballot=ballot, _setToken=house.set_token, _choice=winner, _byCommittee=False
        )
    ]
    assert house.governor.isExecuted(ballot, house.set_token)


@pytest.mark.parametrize(("choices", "can_abstain"), UNDECIDED)
def test_execute__undecided__reverts(house, voted, stranger, choices, can_abstain):
    """R-13: no quorum, no majority: no vote."""
    ballot = voted(*choices, can_abstain=can_abstain)
    assert tuple(house.governor.outcome(ballot)) == (False, AGAINST)
    with ape.reverts("Holders must have decided"):
        house.governor.execute(*arguments(house), sender=stranger)


def test_execute__before_the_close__reverts(house, holders, stranger):
    """I-26, S-223: not while the holders can still change it."""
    house.propose()
    ballot = house.open()
    for holder in holders[:2]:
        house.governor.castVote(ballot, IN_FAVOUR, sender=holder)
    mine(house.governor.getBallot(ballot).close - chain.blocks.head.number - 2)
    with ape.reverts("Ballot must be closed"):
        house.governor.execute(*arguments(house), sender=stranger)
    house.close(ballot)
    receipt = house.governor.execute(*arguments(house), sender=stranger)
    assert receipt.block_number == house.governor.getBallot(ballot).close


def test_execute__twice__reverts(house, voted, stranger):
    """I-26, S-223: once a proposal and index."""
    voted(IN_FAVOUR, IN_FAVOUR)
    house.governor.execute(*arguments(house), sender=stranger)
    with ape.reverts("Index has voted already"):
        house.governor.execute(*arguments(house), sender=stranger)


def test_execute__again_with_more_votes(house, voted, stranger, owner):
    """I-26, S-224: the same vote, where the governor counts what is there at the moment."""
    voted(IN_FAVOUR, IN_FAVOUR)
    house.governor.execute(*arguments(house), sender=stranger)
    # 5 were counted.
    for power, more in ((5, False), (6, True)):
        house.adapter.grow(power, sender=owner)
        if more:
            receipt = house.governor.execute(*arguments(house), sender=stranger)
            assert asked(house, receipt) == expected(True)
        else:
            with ape.reverts("Index has voted already"):
                house.governor.execute(*arguments(house), sender=stranger)


def test_execute_committee_choice__again_with_more_votes(house, voted, committee, owner):
    """I-26: the same, not another one."""
    voted(None)
    house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=committee)
    house.adapter.grow(6, sender=owner)
    with ape.reverts("Index has voted already"):
        house.governor.executeCommitteeChoice(*arguments(house), IN_FAVOUR, sender=committee)
    house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=committee)


def test_execute__no_ballot__reverts(house, stranger):
    """R-13: nothing was opened."""
    with ape.reverts("No such ballot"):
        house.governor.execute(*arguments(house), sender=stranger)


def test_execute__refused_by_the_governor__can_be_tried_again(house, voted, stranger, owner):
    """R-13, S-229: a failure of any kind leaves everything as it was."""
    ballot = voted(IN_FAVOUR, IN_FAVOUR)
    refusal = house.target.fail.encode_input("Voting is paused")
    house.adapter.passOn(False, sender=owner)
    house.adapter.script(house.target, 0, refusal, sender=owner)
    with ape.reverts("Voting is paused"):
        house.governor.execute(*arguments(house), sender=stranger)
    assert not house.governor.isExecuted(ballot, house.set_token)
    house.adapter.passOn(True, sender=owner)
    house.adapter.tellPower(bytes(32), sender=owner)
    with ape.reverts("Vote must carry power"):
        house.governor.execute(*arguments(house), sender=stranger)
    house.adapter.tellPower((1).to_bytes(32, "big"), sender=owner)
    house.governor.execute(*arguments(house), sender=stranger)
    assert house.governor.isExecuted(ballot, house.set_token)


def test_execute__after_another_adapter_took_the_name__reverts(
    house, voted, stranger, owner, mock, protocol
):
    """R-13, S-230: a ballot is on a proposal of the adapter it was opened with."""
    voted(IN_FAVOUR, IN_FAVOUR)
    other = owner.deploy(mock("ScriptedAdapter"))
    protocol.integration_registry.editIntegration(protocol.governance, NAME, other, sender=owner)
    with ape.reverts("No such ballot"):
        house.governor.execute(*arguments(house), sender=stranger)


def test_execute__index_that_did_not_name_it__reverts(house, voted, stranger, agree):
    """R-13, S-228: both parties of an index decide whether it follows the holders."""
    voted(IN_FAVOUR, IN_FAVOUR)
    agree("setVoter", stranger, house.protocol.governance)
    with ape.reverts("Must be voter"):
        house.governor.execute(*arguments(house), sender=stranger)


def test_execute__index_of_another_module__reverts(house, voted, stranger, agree):
    """R-13: under another module a name may mean another governor."""
    voted(IN_FAVOUR, IN_FAVOUR)
    agree("setVoter", house.governor, house.target)
    with ape.reverts("Manager must use the same module"):
        house.governor.execute(*arguments(house), sender=stranger)


def test_execute__two_indices(house, voted, stranger, owner, mock):
    """R-13: one ballot, every index of the house; what one does leaves the other's vote open."""
    ballot = voted(IN_FAVOUR, IN_FAVOUR)
    impostor = owner.deploy(mock("Puppet"))
    with ape.reverts():
        house.governor.execute(impostor, NAME, PROPOSAL, sender=stranger)
    assert not house.governor.isExecuted(ballot, house.set_token)
    house.governor.execute(*arguments(house), sender=stranger)


# ---------------------------------------------------------------- committee


@pytest.mark.parametrize("choice", [AGAINST, IN_FAVOUR])
@pytest.mark.parametrize(("choices", "can_abstain"), UNDECIDED)
def test_execute_committee_choice__undecided(house, voted, committee, choices, can_abstain, choice):
    """R-13, S-225: without a quorum or a majority the named committee chooses."""
    ballot = voted(*choices, can_abstain=can_abstain)
    receipt = house.governor.executeCommitteeChoice(*arguments(house), choice, sender=committee)
    assert asked(house, receipt) == expected(choice == IN_FAVOUR)
    assert receipt.events.filter(house.governor.BallotExecuted) == [
        house.governor.BallotExecuted(
            _ballot=ballot, _setToken=house.set_token, _choice=choice, _byCommittee=True
        )
    ]


def test_execute_committee_choice__abstain(house, voted, committee):
    """R-13: where the governor counts abstentions."""
    voted(None, can_abstain=True)
    receipt = house.governor.executeCommitteeChoice(*arguments(house), ABSTAIN, sender=committee)
    assert asked(house, receipt) == expected(False, encode(["uint256"], [2]))


@pytest.mark.parametrize(("choice", "can_abstain"), [(ABSTAIN, False), (3, True)])
def test_execute_committee_choice__no_such_choice__reverts(
    house, voted, committee, choice, can_abstain
):
    """R-13: what the governor cannot count is refused, not cast as something else."""
    voted(None, can_abstain=can_abstain)
    with ape.reverts("No such choice"):
        house.governor.executeCommitteeChoice(*arguments(house), choice, sender=committee)


def test_execute_committee_choice__decided__reverts(house, voted, committee):
    """R-13, S-225: the holders come first."""
    voted(IN_FAVOUR, IN_FAVOUR)
    with ape.reverts("Holders have decided"):
        house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=committee)


def test_execute_committee_choice__by_others__reverts(house, voted, owner, stranger, holders):
    """R-13: not the owner, not holders."""
    voted(None)
    for account in (owner, stranger, holders[0]):
        with ape.reverts("Must be committee"):
            house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=account)


def test_execute_committee_choice__before_the_close__reverts(house, committee):
    """R-13: the holders have until the close."""
    house.propose()
    house.open()
    with ape.reverts("Ballot must be closed"):
        house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=committee)


def test_execute_committee_choice__twice__reverts(house, voted, committee):
    """I-26: once."""
    voted(None)
    house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=committee)
    with ape.reverts("Index has voted already"):
        house.governor.executeCommitteeChoice(*arguments(house), IN_FAVOUR, sender=committee)


# ---------------------------------------------------------------- owner


def test_set_circulating_supply__next_ballots(house, owner):
    """R-13, S-222: a ballot keeps the quorum it was opened with."""
    house.propose()
    ballot = house.open()
    least = 100_000 * E18
    receipt = house.governor.setCirculatingSupply(least, sender=owner)
    assert receipt.events == [house.governor.CirculatingSupplyChanged(_circulatingSupply=least)]
    assert house.governor.getBallot(ballot).quorum == QUORUM
    assert house.governor.getBallot(house.open(PROPOSAL + 1)).quorum == least // 20


@pytest.mark.parametrize("supply", [0, 100_000 * E18 - 1, 10**25 + 1])
def test_set_circulating_supply__out_of_bounds__reverts(house, owner, supply):
    """R-13, S-227: more than there is cannot circulate, and of next to nothing anybody has 5 %."""
    with ape.reverts("Circulating supply must be 1% to 100%"):
        house.governor.setCirculatingSupply(supply, sender=owner)


def test_set_committee__next_ballots(house, owner, stranger, committee, voted):
    """R-13: a ballot keeps the committee it was opened with, so that the owner decides none.

    S-226.
    """
    ballot = voted(None)
    receipt = house.governor.setCommittee(stranger, sender=owner)
    assert receipt.events == [house.governor.CommitteeChanged(_committee=stranger)]
    assert house.governor.getBallot(ballot).committee == committee
    with ape.reverts("Must be committee"):
        house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=stranger)
    house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=committee)
    later = house.open(PROPOSAL + 1) if house.propose() else b""
    assert house.governor.getBallot(later).committee == stranger


def test_execute_committee_choice__nobody_named__reverts(house, owner, voted, stranger):
    """R-13, S-225: then nothing is cast."""
    house.governor.setCommittee(deploy.NOBODY, sender=owner)
    voted(None)
    with ape.reverts("Must be committee"):
        house.governor.executeCommitteeChoice(*arguments(house), AGAINST, sender=stranger)


def test_owner__decides_no_ballot(house, owner):
    """I-21, S-226: the owner has these two functions and his own hand-over."""
    functions = {abi.name for abi in house.governor.contract_type.mutable_methods}
    everyone = {"open", "castVote", "execute", "executeCommitteeChoice"}
    assert functions - everyone == {
        "setCirculatingSupply",
        "setCommittee",
        "transferOwnership",
        "acceptOwnership",
        "renounceOwnership",
    }


def test_transfer_ownership__takes_effect_when_accepted(house, owner, stranger):
    """R-45, S-231: a wrong address takes nothing."""
    receipt = house.governor.transferOwnership(stranger, sender=owner)
    assert receipt.events == [
        house.governor.OwnershipTransferStarted(previousOwner=owner, newOwner=stranger)
    ]
    assert (house.governor.owner(), house.governor.pendingOwner()) == (owner, stranger)
    with ape.reverts("Ownable: caller is not the owner"):
        house.governor.setCommittee(stranger, sender=stranger)
    receipt = house.governor.acceptOwnership(sender=stranger)
    assert receipt.events == [
        house.governor.OwnershipTransferred(previousOwner=owner, newOwner=stranger)
    ]
    with ape.reverts("Ownable: caller is not the owner"):
        house.governor.setCommittee(stranger, sender=owner)


def test_accept_ownership__without_an_offer__reverts(house, owner, stranger):
    """R-45: neither a stranger nor whose offer was taken back."""
    house.governor.transferOwnership(stranger, sender=owner)
    house.governor.transferOwnership(deploy.NOBODY, sender=owner)
    for account in (owner, stranger):
        with ape.reverts("Ownable2Step: caller is not the new owner"):
            house.governor.acceptOwnership(sender=account)
