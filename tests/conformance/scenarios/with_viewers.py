"""Viewers of Set V2 on our SetTokens, controller and modules: the same bytes."""

from twins.guests import MONTH, basket, unknown_set
from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.starts import index
from twins.world import set_v2

from indexkit.localnet import addresses
from indexkit.localnet.artifacts import Artifact

PROTOCOL = "protocol-viewers/ProtocolViewer"

VIEWERS = {
    "protocol_viewer": "ProtocolViewer",
    "set_token_viewer": "SetTokenViewer",
    "fee_viewer": "StreamingFeeModuleViewer",
    "erc20_viewer": "ERC20Viewer",
}


def several(s: Stage) -> None:
    """Deploy the viewers and create an index, a SetToken with debt, and one that nobody holds."""
    for name, viewer in VIEWERS.items():
        s.deploy(name, set_v2(f"protocol-viewers/{viewer}"))
    index(s)
    s.create([s.usdc, s.dai], [10**6, E18], [s.streaming_fee, s.module], called="second")
    s.streaming_fee.initialize(s.second, (s.keeper, 10**17, 10**16, 0), by=s.manager)
    s.second.initializeModule(by=s.module)
    s.second.addExternalPositionModule(s.dai, s.module, by=s.module)
    s.second.editExternalPositionUnit(s.dai, s.module, -3 * E18, by=s.module)
    s.second.editExternalPositionData(s.dai, s.module, bytes(range(100)), by=s.module)
    s.second.addExternalPositionModule(s.usdc, s.keeper, by=s.module)
    s.second.editExternalPositionUnit(s.usdc, s.keeper, 5, by=s.module)
    name, symbol = "A name of exactly forty-two bytes, or more?", "S"
    s.create([s.lone], [1], [s.issuance], s.heir, name, symbol, called="third")


@scenario
def views_details_of_sets(s: Stage) -> None:
    """Read names, managers, modules, states, positions and supply, one by one and together."""
    several(s)
    modules = [s.issuance, s.streaming_fee, s.governance, s.index_module, s.module, s.stranger]
    together = [s.set, s.second, s.third]
    for viewer in (s.protocol_viewer, s.set_token_viewer):
        viewer.batchFetchManagers(together)
        viewer.batchFetchModuleStates(together, modules)
        viewer.batchFetchDetails(together, modules)
        for one in together:
            viewer.getSetDetails(one, modules)
        viewer.batchFetchManagers([])
        viewer.batchFetchModuleStates([], modules)
        viewer.batchFetchModuleStates(together, [])
        viewer.batchFetchDetails([s.set, s.set], [])
        viewer.getSetDetails(s.usdc, [], reverts="")
        viewer.getSetDetails(ZERO, modules, reverts="")


@scenario
def views_what_changes(s: Stage) -> None:
    """Read again after an accrual, an edit, a removal and a new manager."""
    several(s)
    modules = [s.issuance, s.streaming_fee, s.module]
    s.advance(MONTH)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.protocol_viewer.getSetDetails(s.set, modules)
    s.set.editDefaultPositionUnit(s.usdc, 2, by=s.module)
    s.set.removeComponent(s.usdc, by=s.module)
    s.set.removeModule(s.streaming_fee, by=s.manager)
    s.set.setManager(s.heir, by=s.manager)
    s.second.removeExternalPositionModule(s.dai, s.module, by=s.module)
    s.protocol_viewer.batchFetchDetails([s.second, s.set], modules)
    s.set.removeComponent(s.dai, by=s.module)
    s.set.removeComponent(s.gem, by=s.module)
    s.protocol_viewer.batchFetchDetails([s.second, s.set], modules)


@scenario
def views_streaming_fees(s: Stage) -> None:
    """Read recipients, fees and what has accrued, also of SetTokens without the module."""
    several(s)
    together = [s.set, s.second, s.third]
    for viewer in (s.protocol_viewer, s.fee_viewer):
        viewer.batchFetchStreamingFeeInfo(s.streaming_fee, together)
        viewer.batchFetchStreamingFeeInfo(s.streaming_fee, [])
        viewer.batchFetchStreamingFeeInfo(s.streaming_fee, [s.usdc])
    s.advance(MONTH)
    s.protocol_viewer.batchFetchStreamingFeeInfo(s.streaming_fee, together)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.streaming_fee.updateStreamingFee(s.second, 5 * 10**16, by=s.manager)
    s.protocol_viewer.batchFetchStreamingFeeInfo(s.streaming_fee, together)
    s.protocol_viewer.batchFetchStreamingFeeInfo(s.issuance, together, reverts="")


@scenario
def views_balances_and_allowances(s: Stage) -> None:
    """Read SetTokens among other tokens."""
    several(s)
    s.set.approve(s.issuance, 77, by=s.issuer)
    tokens, owners = [s.set, s.usdc, s.set], [s.issuer, s.set, s.stranger]
    for viewer in (s.protocol_viewer, s.erc20_viewer):
        viewer.batchFetchBalancesOf(tokens, owners)
        viewer.batchFetchBalancesOf(tokens, [s.issuer], reverts="")
        viewer.batchFetchBalancesOf([], [])
        viewer.batchFetchAllowances(tokens, owners, [s.issuance, s.issuance, s.heir])
        viewer.batchFetchAllowances([s.set], [s.issuer], [], reverts="")
    exceeds = "ERC20: transfer amount exceeds allowance"
    s.set.transferFrom(s.issuer, s.heir, 7, by=s.stranger, reverts=exceeds)
    s.erc20_viewer.batchFetchBalancesOf([s.stranger], [s.heir], reverts="")


@scenario
def views_a_set_that_no_controller_knows(s: Stage) -> None:
    """Read what a constructor alone made."""
    s.deploy("protocol_viewer", set_v2(PROTOCOL))
    odd = unknown_set(s)
    s.protocol_viewer.getSetDetails(odd, [s.issuance])
    s.protocol_viewer.batchFetchStreamingFeeInfo(s.streaming_fee, [odd])


@scenario
def views_forty_components(s: Stage) -> None:
    """Read a SetToken of 40 components with external positions in some."""
    s.deploy("protocol_viewer", set_v2(PROTOCOL))
    token: Artifact = set_v2("mocks/StandardTokenMock")
    names = [f"token_{number}" for number in range(40)]
    for name in names:
        s.deploy(name, token, addresses.MARKET_MAKER, 10**24, name, name, 18)
    basket(s, components={name: 10**18 + number for number, name in enumerate(names)})
    s.set.addExternalPositionModule(s.token_7, s.module, by=s.module)
    s.set.editExternalPositionUnit(s.token_7, s.module, -1, by=s.module)
    s.protocol_viewer.getSetDetails(s.set, [s.issuance])
    for name in names[:20:3]:
        s.set.removeComponent(getattr(s, name), by=s.module)
    s.protocol_viewer.batchFetchDetails([s.set], [s.issuance])
