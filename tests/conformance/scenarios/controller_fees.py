"""Controller: fees, their recipient, and what is no call at all."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage

NOT_OWNER = "Ownable: caller is not the owner"
NO_MODULE = "Module does not exist"


def look(s: Stage, module: object, *types: int) -> None:
    """Read a module's fees both ways."""
    for fee_type in types:
        s.controller.fees(module, fee_type)
        s.controller.getModuleFee(module, fee_type)


@scenario
def fees_are_kept_by_module_and_type(s: Stage) -> None:
    """Add and edit fees of any size."""
    s.controller.addFee(s.issuance, 0, 10**16, by=s.owner)
    s.controller.addFee(s.issuance, MAX_UINT, MAX_UINT, by=s.owner)
    s.controller.addFee(s.module, 0, 2 * E18, by=s.owner)
    look(s, s.issuance, 0, 1, MAX_UINT)
    s.controller.editFee(s.issuance, 0, 1, by=s.owner)
    s.controller.editFee(s.issuance, 0, 1, by=s.owner)
    s.controller.editFee(s.issuance, MAX_UINT, 5, by=s.owner)
    look(s, s.issuance, 0, 1, MAX_UINT)
    look(s, s.module, 0)
    look(s, s.stranger, 0)


@scenario
def fee_of_zero_is_no_fee(s: Stage) -> None:
    """Add and edit to nothing: the fee does not exist then."""
    s.controller.addFee(s.issuance, 3, 0, by=s.owner)
    s.controller.editFee(s.issuance, 3, 1, by=s.owner, reverts="Fee type does not exist on module")
    s.controller.addFee(s.issuance, 3, 7, by=s.owner)
    s.controller.editFee(s.issuance, 3, 0, by=s.owner)
    look(s, s.issuance, 3)
    s.controller.editFee(s.issuance, 3, 7, by=s.owner, reverts="Fee type does not exist on module")
    s.controller.addFee(s.issuance, 3, 8, by=s.owner)
    look(s, s.issuance, 3)


@scenario
def fees_outlive_their_module(s: Stage) -> None:
    """Remove a module and add it again: its fees were there all the time."""
    s.controller.addFee(s.issuance, 0, 5, by=s.owner)
    s.controller.removeModule(s.issuance, by=s.owner)
    look(s, s.issuance, 0)
    s.controller.addFee(s.issuance, 1, 5, by=s.owner, reverts=NO_MODULE)
    s.controller.editFee(s.issuance, 0, 6, by=s.owner, reverts=NO_MODULE)
    s.controller.addModule(s.issuance, by=s.owner)
    s.controller.addFee(s.issuance, 0, 6, by=s.owner, reverts="Fee type already exists on module")
    s.controller.editFee(s.issuance, 0, 6, by=s.owner)


@scenario
def fee_calls_are_refused(s: Stage) -> None:
    """Break each rule of fees, alone and together."""
    s.controller.addFee(s.issuance, 0, 5, by=s.owner)
    for actor in (s.stranger, s.manager, s.module, s.fee_recipient):
        s.controller.addFee(s.issuance, 1, 5, by=actor, reverts=NOT_OWNER)
        s.controller.editFee(s.issuance, 0, 5, by=actor, reverts=NOT_OWNER)
    s.controller.addFee(s.stranger, 0, 5, by=s.stranger, reverts=NOT_OWNER)
    s.controller.editFee(s.stranger, 0, 5, by=s.stranger, reverts=NOT_OWNER)
    s.controller.addFee(s.stranger, 0, 5, by=s.owner, reverts=NO_MODULE)
    s.controller.addFee(ZERO, 0, 0, by=s.owner, reverts=NO_MODULE)
    s.controller.editFee(s.stranger, 0, 5, by=s.owner, reverts=NO_MODULE)
    s.controller.addFee(s.issuance, 0, 5, by=s.owner, reverts="Fee type already exists on module")
    s.controller.addFee(s.issuance, 0, 0, by=s.owner, reverts="Fee type already exists on module")
    s.controller.editFee(s.issuance, 1, 5, by=s.owner, reverts="Fee type does not exist on module")


@scenario
def fee_recipient_changes(s: Stage) -> None:
    """Change the recipient, to the same one and to the controller itself."""
    s.controller.editFeeRecipient(s.heir, by=s.stranger, reverts=NOT_OWNER)
    s.controller.editFeeRecipient(s.heir, by=s.fee_recipient, reverts=NOT_OWNER)
    s.controller.editFeeRecipient(ZERO, by=s.stranger, reverts=NOT_OWNER)
    s.controller.editFeeRecipient(ZERO, by=s.owner, reverts="Address must not be 0")
    s.controller.editFeeRecipient(s.heir, by=s.owner)
    s.controller.editFeeRecipient(s.heir, by=s.owner)
    s.controller.editFeeRecipient(s.controller, by=s.owner)
    s.controller.feeRecipient()


@scenario
def fee_recipient_may_be_nobody_at_first(s: Stage) -> None:
    """Deploy a controller without a recipient of fees."""
    controller = s.put("second", "Controller", ZERO)
    controller.feeRecipient()
    controller.initialize([], [], [], [], by=s.owner)
    controller.editFeeRecipient(s.heir, by=s.owner)
    controller.feeRecipient()


@scenario
def ether_and_unknown_functions_are_refused(s: Stage) -> None:
    """Send ether, unknown functions and too little data to controller, registry and creator."""
    for contract in (s.controller, s.registry, s.creator):
        s.send_raw(contract, b"", by=s.stranger, value=1, reverts="")
        s.send_raw(contract, b"", by=s.stranger, reverts="")
        s.send_raw(contract, b"\x12\x34\x56\x78", by=s.stranger, reverts="")
        s.send_raw(contract, b"\x12\x34", by=s.stranger, reverts="")
    s.controller.addModule(s.heir, by=s.owner, value=1, reverts="")
    s.controller.transferOwnership(s.heir, by=s.owner, value=1, reverts="")
    s.registry.removeIntegration(s.heir, "", by=s.owner, value=1, reverts="")
    s.send_raw(s.controller, s.controller.addModule.data(s.heir)[:-1], by=s.owner, reverts="")
    s.send_raw(s.controller, s.controller.addModule.data(s.heir) + b"\x01", by=s.owner)
