# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title External governors
@license MIT
@notice What is asked of a governor of another protocol, through the adapter that a governance module finds by name.
@dev No state.
"""

from contracts.lib import bounds
from interfaces import IController
from interfaces import IGovernanceAdapter
from interfaces import IIntegrationRegistry

interface GovernanceModule:
    def controller() -> IController: view

# The controller's resource id of the integration registry.
INTEGRATION_REGISTRY: constant(uint256) = 0


@internal
@view
def _adapter(_module: address, _name: String[bounds.MAX_INTEGRATION_NAME]) -> address:
    """
    @notice The adapter that the module finds under the name now.
    """
    controller: IController = staticcall GovernanceModule(_module).controller()
    registry: IIntegrationRegistry = IIntegrationRegistry(
        staticcall controller.resourceId(INTEGRATION_REGISTRY)
    )
    adapter: address = staticcall registry.getIntegrationAdapterWithHash(_module, keccak256(_name))
    assert adapter != empty(address), "Must be valid adapter"
    return adapter


@internal
@view
def _window(_adapter: address, _proposal: uint256) -> (uint256, uint256, bool):
    """
    @return Start and end of a vote that is pending or active {block} or {s}, and whether it is {s}
    """
    start: uint256 = 0
    end: uint256 = 0
    in_seconds: bool = False
    is_open: bool = False
    start, end, in_seconds, is_open = staticcall IGovernanceAdapter(_adapter).getProposalWindow(
        _proposal
    )
    assert is_open, "Proposal must be open"
    return start, end, in_seconds


@internal
@view
def _can_abstain(_adapter: address) -> bool:
    return staticcall IGovernanceAdapter(_adapter).canAbstain()


@internal
@view
def _counts_more(_adapter: address, _voter: address, _proposal: uint256) -> bool:
    """
    @notice Whether the governor would count more votes of a voter now than it has.
    """
    adapter: IGovernanceAdapter = IGovernanceAdapter(_adapter)
    return (
        staticcall adapter.getVotingPower(_voter, _proposal)
        > staticcall adapter.getVotesCast(_voter, _proposal)
    )


@internal
@view
def _clock(_in_seconds: bool) -> uint256:
    return block.timestamp if _in_seconds else block.number
