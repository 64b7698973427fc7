"""SetToken: what a component's callback may do to it while it is issued and redeemed (D-03)."""

from twins.interface import Function, reason
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage

from scenarios.set_token_calls import changes, puppet_module

HELD = "When held, only the holder can call"
HOLD = Function("hold", (), (), is_view=False).selector


def started(s: Stage) -> Handle:
    """Create a Set of a token that calls the puppet, a module, in each transfer; issue 10."""
    token = s.deploy("token", mock("CallbackToken"), 10**30, by="issuer")
    s.create([s.dai, token], [E18, E18], [s.module, s.issuance, s.streaming_fee])
    s.set.initializeModule(by=s.module)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    token.approve(s.issuance, 2**255, by=s.issuer)
    s.issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    puppet = puppet_module(s)
    token.callBack(puppet, b"", by=s.stranger)
    return puppet


def refused(s: Stage, puppet: Handle, why: str) -> None:
    """Check that the original did all that the puppet tried, and ours nothing."""
    outcomes = puppet.getOutcomes()
    assert outcomes
    for success, answer in outcomes:
        assert success != s.world.has_our_sets
        assert success or reason(answer) == why


@scenario
def modules_wait_while_a_set_is_issued(s: Stage) -> None:
    """D-03."""
    puppet = started(s)
    puppet.prepare(changes(s, puppet), by=s.stranger)
    with s.aside():
        s.issuance.issue(s.set, E18, s.heir, by=s.issuer, differs="D-03")
        refused(s, puppet, HELD)


@scenario
def modules_wait_while_a_set_is_redeemed(s: Stage) -> None:
    """D-03: ours pays out in one call of its own, which is locked and gives no reason."""
    puppet = started(s)
    puppet.prepare(changes(s, puppet), by=s.stranger)
    with s.aside():
        s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, differs="D-03")
        refused(s, puppet, "")


@scenario
def manager_waits_while_a_set_is_issued(s: Stage) -> None:
    """D-03: each change of the manager's, the removal of a module included."""
    puppet = started(s)
    puppet.prepare([], by=s.stranger)
    s.set.setManager(puppet, by=s.manager)
    calls = (
        s.set.addModule.data(s.governance),
        s.set.removePendingModule.data(s.streaming_fee),
        s.set.removeModule.data(puppet),
        s.set.setManager.data(s.heir),
    )
    for data in calls:
        with s.aside():
            puppet.prepare([(s.set, data)], by=s.stranger)
            s.issuance.issue(s.set, E18, s.heir, by=s.issuer, differs="D-03")
            refused(s, puppet, HELD)


@scenario
def module_waits_to_be_initialised_while_a_set_is_issued(s: Stage) -> None:
    """D-03: a pending module that wants in from inside a callback."""
    puppet = started(s)
    s.set.removeModule(puppet, by=s.manager)
    s.set.addModule(puppet, by=s.manager)
    puppet.prepare([(s.set, s.set.initializeModule.data())], by=s.stranger)
    with s.aside():
        s.issuance.issue(s.set, E18, s.heir, by=s.issuer, differs="D-03")
        refused(s, puppet, HELD)


@scenario
def tokens_move_while_a_set_is_issued(s: Stage) -> None:
    """Read the Set, and transfer and approve its tokens from inside a callback."""
    puppet = started(s)
    s.set.transfer(puppet, E18, by=s.issuer)
    calls = (
        s.set.getPositions.data(),
        s.set.getDefaultPositionRealUnit.data(s.dai),
        s.set.totalSupply.data(),
        s.set.isLocked.data(),
        s.set.transfer.data(s.heir, 3),
        s.set.approve.data(s.heir, 7),
    )
    for function in (s.issuance.issue, s.issuance.redeem):
        with s.aside():
            puppet.prepare([(s.set, data) for data in calls], by=s.stranger)
            function(s.set, E18, s.heir, by=s.issuer)
            puppet.getOutcomes()


@scenario
def set_is_free_again_after_issuance(s: Stage) -> None:
    """Issue, redeem (D-04) and change the Set in one transaction, one after the other."""
    puppet = started(s)
    s.token.callBack(ZERO, b"", by=s.stranger)
    s.fund("dai", puppet, 10 * E18)
    s.token.transfer(puppet, 10 * E18, by=s.issuer)
    calls = [
        (s.dai, s.dai.approve.data(s.issuance, 10 * E18)),
        (s.token, s.token.approve.data(s.issuance, 10 * E18)),
        (s.issuance, s.issuance.issue.data(s.set, 2 * E18, puppet)),
        *changes(s, puppet),
        (s.set, s.set.editPositionMultiplier.data(E18 // 2)),
        (s.issuance, s.issuance.redeem.data(s.set, E18, s.heir)),
        (s.set, s.set.mint.data(s.heir, 1)),
        (s.issuance, s.issuance.issue.data(s.set, E18, puppet)),
    ]
    puppet.execute(calls, by=s.stranger, differs="D-04")


@scenario
def hold_ends_with_the_transaction(s: Stage) -> None:
    """D-03: the original cannot be held; ours forgets it at the end, and keeps others out until."""
    puppet = started(s)
    with s.aside():
        s.send_raw(s.set, HOLD, by=s.module, reverts="", ours=None, differs="D-03")
        s.set.mint(s.heir, 1, by=s.module)
        puppet.execute([(s.set, s.set.mint.data(s.heir, 1))], by=s.stranger)
        holding = [(s.set, HOLD), (s.set, s.set.mint.data(s.heir, 1))]
        puppet.execute(holding, by=s.stranger, reverts="", ours=None)
        waiting = [(s.set, HOLD), (s.issuance, s.issuance.redeem.data(s.set, 1, s.heir))]
        puppet.execute(waiting, by=s.stranger, reverts="", ours="Must not be held")
    for outsider in (s.stranger, s.manager, s.streaming_fee.address):
        only = "Only the module can call"
        s.send_raw(s.set, HOLD, by=outsider, reverts="", ours=only, differs="D-03")
