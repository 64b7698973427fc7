"""StreamingFeeModule: a SetToken that calls back in the middle of an accrual."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import Handle, Stage

from scenarios.streaming_fee import FEE, MAXIMUM

YEAR = 365 * 24 * 3600


def calling(s: Stage) -> Handle:
    """Start a fee on what the controller takes for a SetToken: it calls back when it mints."""
    caller = s.deploy("caller", mock("CallingSet"))
    s.controller.addFactory(s.owner, by=s.owner)
    s.controller.addSet(caller, by=s.owner)
    caller.addModule(s.streaming_fee, by=s.stranger)
    settings = (s.heir, MAXIMUM, FEE, 0)
    caller.execute(s.streaming_fee, initialize(s, caller, settings), by=s.stranger)
    s.advance(YEAR)
    return caller


def initialize(s: Stage, caller: Handle, settings: tuple[object, ...]) -> bytes:
    """Return the data of an initialisation."""
    return s.streaming_fee.initialize.data(caller, settings)


@scenario
def accrues_on_anything_the_controller_knows(s: Stage) -> None:
    """Accrue on a contract that is a SetToken only to the controller."""
    caller = calling(s)
    s.streaming_fee.feeStates(caller)
    s.streaming_fee.accrueFee(caller, by=s.stranger)
    caller.positionMultiplier()


@scenario
def set_may_not_come_back(s: Stage) -> None:
    """Show D-06: accruing and updating the fee from inside an accrual."""
    caller = calling(s)
    for data in (
        s.streaming_fee.accrueFee.data(caller),
        s.streaming_fee.accrueFee.data(s.stranger),
        s.streaming_fee.updateStreamingFee.data(caller, 1),
    ):
        caller.callBack(s.streaming_fee, data, by=s.stranger)
        s.streaming_fee.accrueFee(caller, by=s.stranger)
        caller.succeeded()
        caller.answer(differs="D-06")


@scenario
def set_reads_the_module(s: Stage) -> None:
    """Let it read the fee from inside an accrual."""
    caller = calling(s)
    for data in (
        s.streaming_fee.getFee.data(caller),
        s.streaming_fee.feeStates.data(caller),
        s.streaming_fee.controller.data(),
    ):
        caller.callBack(s.streaming_fee, data, by=s.stranger)
        s.streaming_fee.accrueFee(caller, by=s.stranger)
        caller.succeeded()
        caller.answer()


@scenario
def what_the_original_leaves_open(s: Stage) -> None:
    """Show D-06: a new recipient, another start and a removal from inside an accrual."""
    caller = calling(s)
    caller.addModule(s.streaming_fee, by=s.stranger)
    recipient = s.streaming_fee.updateFeeRecipient.data(caller, s.keeper)
    for data, announced in (
        (recipient, "D-06"),
        (initialize(s, caller, (s.keeper, MAXIMUM, 0, 0)), None),
        (s.streaming_fee.removeModule.data(), None),
    ):
        with s.aside():
            caller.callBack(s.streaming_fee, data, by=s.stranger)
            s.streaming_fee.accrueFee(caller, by=s.stranger, differs=announced)
            caller.succeeded(differs="D-06")
            s.streaming_fee.feeStates(caller, differs="D-06")
