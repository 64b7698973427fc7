"""Faults of what all indices share, each made by who can, and how a check tells it."""

from checked_house import NOBODY, WAD, House, account

TOKEN = "index.SMALL.token"
CONTROLLER, REGISTRY = "protocol.controller", "protocol.integration_registry"
FEE, GOVERNANCE = "protocol.streaming_fee", "protocol.governance"


def wrong_fee_recipient(house: House) -> list[str]:
    """Pay the protocol's share to a stranger."""
    house.at(CONTROLLER).editFeeRecipient(house.stranger, sender=house.owner)
    return [
        f"{CONTROLLER}: feeRecipient(): expected {house.deployer} (the deployer), "
        f"found {account(house.stranger)}."
    ]


def foreign_fee_share(house: House) -> list[str]:
    """Take a tenth of streaming fees, and of another kind of fee."""
    for kind in (0, 7):
        house.at(CONTROLLER).addFee(house.at(FEE), kind, WAD // 10, sender=house.owner)
    return [
        f"{CONTROLLER}: getModuleFee({FEE}, {kind}): expected 0, found {WAD // 10}."
        for kind in (0, 7)
    ]


def missing_registrations(house: House) -> list[str]:
    """Take the index out of the controller, and an adapter out of the registry."""
    house.at(CONTROLLER).removeSet(house.at(TOKEN), sender=house.owner)
    house.at(REGISTRY).removeIntegration(
        house.at(GOVERNANCE), "UniswapGovernance", sender=house.owner
    )
    adapter = house.at("protocol.adapter.UniswapGovernance")
    return [
        f"{CONTROLLER}: isSet({TOKEN}): expected true, found false.",
        f"{REGISTRY}: getIntegrationAdapter({GOVERNANCE}, UniswapGovernance): expected {adapter} "
        f"(protocol.adapter.UniswapGovernance), found {NOBODY} (nobody).",
    ]


def extra_registrations(house: House) -> list[str]:
    """Add a module, a factory and a resource; admit the module to the index."""
    controller, stranger = house.at(CONTROLLER), house.stranger
    for add, arguments in (("addModule", ()), ("addFactory", ()), ("addResource", (1,))):
        getattr(controller, add)(stranger, *arguments, sender=house.owner)
    house.agree(TOKEN, "addModule", stranger)
    kinds = ("module", "factory", "resource")
    return [
        *(f"{CONTROLLER}: {k} {account(stranger)}: expected absent, found present." for k in kinds),
        f"{TOKEN}: pending module {account(stranger)}: expected absent, found present.",
    ]


def swapped_adapter(house: House) -> list[str]:
    """Put a stranger in the place of an adapter, and under a name of his own."""
    registry, module = house.at(REGISTRY), house.at(GOVERNANCE)
    registry.editIntegration(module, "AaveGovernance", house.stranger, sender=house.owner)
    registry.addIntegration(module, "Other", house.stranger, sender=house.owner)
    adapter = house.at("protocol.adapter.AaveGovernance")
    return [
        f"{REGISTRY}: getIntegrationAdapter({GOVERNANCE}, AaveGovernance): expected {adapter} "
        f"(protocol.adapter.AaveGovernance), found {account(house.stranger)}.",
        f"{REGISTRY}: getIntegrationAdapter({GOVERNANCE}, Other): expected {NOBODY} (nobody), "
        f"found {account(house.stranger)}.",
    ]


def offered_to_a_stranger(house: House) -> list[str]:
    """Offer the controller to a stranger."""
    house.at(CONTROLLER).offerOwnership(house.stranger, sender=house.owner)
    return [
        f"{CONTROLLER}: pendingOwner(): expected {NOBODY} (nobody), "
        f"found {account(house.stranger)}."
    ]


def owned_by_a_stranger(house: House) -> list[str]:
    """Give the registry to a stranger."""
    house.at(REGISTRY).transferOwnership(house.stranger, sender=house.owner)
    return [f"{REGISTRY}: owner(): expected {house.owner}, found {account(house.stranger)}."]


PLANTS = (
    wrong_fee_recipient,
    foreign_fee_share,
    missing_registrations,
    extra_registrations,
    swapped_adapter,
    offered_to_a_stranger,
    owned_by_a_stranger,
)
