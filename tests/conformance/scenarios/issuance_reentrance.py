"""BasicIssuanceModule: a component that calls back in the middle of a transfer."""

from typing import Any

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage

YEAR = 365 * 24 * 3600


def calling(s: Stage) -> Handle:
    """Start with a component that calls back, is a module, and has some of the SetToken."""
    token = s.deploy("caller", mock("CallbackToken"), 10**30)
    token.transfer(s.issuer, 10**27, by=s.owner)
    token.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.controller.addModule(token, by=s.owner)
    s.create([token, s.dai], [E18 // 2, E18], [s.issuance, s.streaming_fee, token, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    token.execute(s.set, s.set.initializeModule.data(), by=s.stranger)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)
    s.issuance.issue(s.set, 10 * E18, token, by=s.issuer)
    return token


def issues_and_redeems(s: Stage, token: Handle, target: Any, data: bytes) -> None:
    """Issue and redeem while the component makes a call; see what came of it."""
    token.callBack(target, data, by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    token.attempts()
    token.succeeded()


@scenario
def component_may_not_come_back(s: Stage) -> None:
    """Show D-06: issuing and redeeming from inside a transfer, of any SetToken."""
    token = calling(s)
    for data in (
        s.issuance.issue.data(s.set, E18, token),
        s.issuance.issue.data(s.stranger, E18, token),
        s.issuance.redeem.data(s.set, E18, token),
        s.issuance.redeem.data(s.set, 0, token),
    ):
        issues_and_redeems(s, token, s.issuance, data)
        token.answer(differs="D-06")


@scenario
def component_reads_the_module(s: Stage) -> None:
    """Let the component read module and SetToken from inside a transfer."""
    token = calling(s)
    for target, data in (
        (s.issuance, s.issuance.getRequiredComponentUnitsForIssue.data(s.set, E18)),
        (s.issuance, s.issuance.managerIssuanceHook.data(s.set)),
        (s.set, s.set.totalSupply.data()),
        (s.set, s.set.getDefaultPositionRealUnit.data(token)),
        (s.set, s.set.balanceOf.data(s.issuer)),
    ):
        issues_and_redeems(s, token, target, data)
        token.answer()


@scenario
def component_moves_set_tokens(s: Stage) -> None:
    """Let the component transfer and approve the SetToken itself from inside a transfer."""
    token = calling(s)
    for data in (
        s.set.transfer.data(s.stranger, E18),
        s.set.approve.data(s.stranger, E18),
        s.set.transfer.data(s.set, E18),
    ):
        issues_and_redeems(s, token, s.set, data)
        token.answer()


@scenario
def strangers_stay_strangers(s: Stage) -> None:
    """Show D-03: a component that may not do a thing is refused for another reason."""
    token = calling(s)
    s.set.removeModule(s.streaming_fee, by=s.manager)
    token.callBack(s.set, s.set.setManager.data(token), by=s.stranger)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    token.answer()
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer)
    token.answer(differs="D-03")


@scenario
def component_accrues_the_fee(s: Stage) -> None:
    """Show D-03: an accrual from inside a transfer changes the units half-way."""
    token = calling(s)
    s.advance(YEAR)
    token.callBack(s.streaming_fee, s.streaming_fee.accrueFee.data(s.set), by=s.stranger)
    with s.aside():
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, differs="D-03")
        token.succeeded()
    with s.aside():
        s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, differs="D-03")
        token.succeeded()
    token.callBack(ZERO, b"", by=s.stranger)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def component_uses_another_issuance_module(s: Stage) -> None:
    """Show D-03: a second issuance module cannot redeem in the middle of an issue."""
    token = calling(s)
    second = s.put("second_issuance", "BasicIssuanceModule", s.controller)
    s.controller.addModule(second, by=s.owner)
    s.set.addModule(second, by=s.manager)
    second.initialize(s.set, ZERO, by=s.manager)
    token.callBack(second, second.redeem.data(s.set, E18, s.heir), by=s.stranger)
    expected = {"reverts": "Invalid post transfer balance", "ours": None, "differs": "D-03"}
    with s.aside():
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, **expected)
    with s.aside():
        s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, **expected)


@scenario
def component_that_is_a_module(s: Stage) -> None:
    """Show D-03: it cannot lock the SetToken, mint or change units in between."""
    token = calling(s)
    locked = "When locked, only the locker can call"
    token.callBack(s.set, s.set.lock.data(), by=s.stranger)
    with s.aside():
        s.issuance.issue(
            s.set, E18, s.issuer, by=s.issuer, reverts=locked, ours=None, differs="D-03"
        )
    with s.aside():
        s.issuance.redeem(
            s.set, E18, s.issuer, by=s.issuer, reverts=locked, ours=None, differs="D-03"
        )
    for data in (
        s.set.mint.data(token, E18),
        s.set.editDefaultPositionUnit.data(s.dai, 1),
        s.set.addExternalPositionModule.data(s.dai, token),
        s.set.removeComponent.data(s.dai),
    ):
        token.callBack(s.set, data, by=s.stranger)
        with s.aside():
            s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, differs="D-03")
        s.issuance.getRequiredComponentUnitsForIssue(s.set, E18)
    token.callBack(s.set, s.set.addExternalPositionModule.data(s.dai, token), by=s.stranger)
    with s.aside():
        s.issuance.redeem(
            s.set,
            E18,
            s.issuer,
            by=s.issuer,
            reverts="Only default positions are supported",
            ours=None,
            differs="D-03",
        )


@scenario
def component_that_is_the_manager(s: Stage) -> None:
    """Show D-03: the manager cannot add or remove modules while one is issued or redeemed."""
    token = calling(s)
    s.set.setManager(token, by=s.manager)
    for target, data in (
        (s.set, s.set.removeModule.data(s.streaming_fee)),
        (s.set, s.set.addModule.data(s.index_module)),
        (s.set, s.set.setManager.data(s.heir)),
        (s.streaming_fee, s.streaming_fee.updateStreamingFee.data(s.set, 0)),
    ):
        token.callBack(target, data, by=s.stranger)
        with s.aside():
            s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, differs="D-03")
        with s.aside():
            s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, differs="D-03")
