# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title GovernanceModule
@license MIT
@notice Takes part in the governance of a SetToken's components, through adapters looked up by name.
@dev See interfaces/IGovernanceModule.vyi. What the SetToken calls is exactly what the adapter said (I-25).
"""

from contracts.lib import bounds
from contracts.lib import module_base
from interfaces import IController
from interfaces import IGovernanceAdapter
from interfaces import IGovernanceModule
from interfaces import IModule
from interfaces import ISetToken

implements: IGovernanceModule
implements: IModule

initializes: module_base

exports: module_base.controller


@deploy
def __init__(_controller: IController):
    module_base.__init__(_controller)


# ---------------------------------------------------------------- manager


@external
def initialize(_setToken: address):
    """
    @notice Let the manager vote with a SetToken's components.
    @dev The SetToken's manager only, while this module is pending there.
    """
    module_base._only_manager_and_pending(ISetToken(_setToken))

    extcall ISetToken(_setToken).initializeModule(skip_contract_check=True)


@external
def delegate(
    _setToken: address, _governanceName: String[bounds.MAX_INTEGRATION_NAME], _delegatee: address
):
    """
    @notice Give the SetToken's votes to `_delegatee`.
    @dev The SetToken's manager only.
    """
    adapter: IGovernanceAdapter = self._open(_setToken, _governanceName)

    target: address = empty(address)
    amount: uint256 = 0
    data: Bytes[bounds.MAX_INVOKE_DATA] = b""
    target, amount, data = staticcall adapter.getDelegateCalldata(_delegatee)
    extcall ISetToken(_setToken).invoke(target, amount, data)

    log IGovernanceModule.VoteDelegated(
        _setToken=_setToken, _governanceAdapter=adapter.address, _delegatee=_delegatee
    )


@external
def propose(
    _setToken: address,
    _governanceName: String[bounds.MAX_INTEGRATION_NAME],
    _proposalData: Bytes[bounds.MAX_PROPOSAL_DATA],
):
    """
    @notice Make a proposal in the SetToken's name.
    @dev The SetToken's manager only. `_proposalData` is the ABI-encoded arguments of the governor's call.
    """
    adapter: IGovernanceAdapter = self._open(_setToken, _governanceName)

    target: address = empty(address)
    amount: uint256 = 0
    data: Bytes[bounds.MAX_INVOKE_DATA] = b""
    target, amount, data = staticcall adapter.getProposeCalldata(_proposalData)
    extcall ISetToken(_setToken).invoke(target, amount, data)

    log IGovernanceModule.ProposalCreated(
        _setToken=_setToken, _governanceAdapter=adapter.address, _proposalData=_proposalData
    )


@external
def register(_setToken: address, _governanceName: String[bounds.MAX_INTEGRATION_NAME]):
    """
    @notice Make the SetToken's own votes count, where a governor asks for that.
    @dev The SetToken's manager only. Compound-type governors count nothing before it: register ahead of a
         proposal's snapshot block.
    """
    adapter: IGovernanceAdapter = self._open(_setToken, _governanceName)

    target: address = empty(address)
    amount: uint256 = 0
    data: Bytes[bounds.MAX_INVOKE_DATA] = b""
    target, amount, data = staticcall adapter.getRegisterCalldata(_setToken)
    extcall ISetToken(_setToken).invoke(target, amount, data)

    log IGovernanceModule.RegistrationSubmitted(
        _setToken=_setToken, _governanceAdapter=adapter.address
    )


@external
def revoke(_setToken: address, _governanceName: String[bounds.MAX_INTEGRATION_NAME]):
    """
    @notice Undo `register` or `delegate`.
    @dev The SetToken's manager only.
    """
    adapter: IGovernanceAdapter = self._open(_setToken, _governanceName)

    target: address = empty(address)
    amount: uint256 = 0
    data: Bytes[bounds.MAX_INVOKE_DATA] = b""
    target, amount, data = staticcall adapter.getRevokeCalldata()
    extcall ISetToken(_setToken).invoke(target, amount, data)

    log IGovernanceModule.RegistrationRevoked(
        _setToken=_setToken, _governanceAdapter=adapter.address
    )


@external
def vote(
    _setToken: address,
    _governanceName: String[bounds.MAX_INTEGRATION_NAME],
    _proposalId: uint256,
    _support: bool,
    _data: Bytes[bounds.MAX_VOTE_DATA],
):
    """
    @notice Vote with the SetToken on a proposal; a vote that would carry no power is refused.
    @dev The SetToken's manager only. `_data` is for the adapter.
    """
    adapter: IGovernanceAdapter = self._open(_setToken, _governanceName)

    target: address = empty(address)
    amount: uint256 = 0
    data: Bytes[bounds.MAX_INVOKE_DATA] = b""
    target, amount, data = staticcall adapter.getVoteCalldata(_proposalId, _support, _data)
    extcall ISetToken(_setToken).invoke(target, amount, data)

    # Asked of the governor once it has counted, which costs a fraction of asking beforehand.
    known: bool = False
    power: uint256 = 0
    known, power = self._votes_cast(adapter.address, _setToken, _proposalId)
    assert not known or power > 0, "Vote must carry power"

    log IGovernanceModule.ProposalVoted(
        _setToken=_setToken,
        _governanceAdapter=adapter.address,
        _proposalId=_proposalId,
        _support=_support,
    )
    if known:
        log IGovernanceModule.VoteReceipt(
            _setToken=_setToken,
            _governanceAdapter=adapter.address,
            _proposalId=_proposalId,
            _votingPower=power,
        )


@external
def removeModule():
    """
    @dev Called by the SetToken that removes this module; nothing to clean up.
    """
    pass


# ---------------------------------------------------------------- internal


@internal
@view
def _open(
    _set_token: address, _name: String[bounds.MAX_INTEGRATION_NAME]
) -> IGovernanceAdapter:
    module_base._only_manager_and_initialized(ISetToken(_set_token))

    return IGovernanceAdapter(module_base._adapter(_name))


@internal
@view
def _votes_cast(_adapter: address, _set_token: address, _proposal_id: uint256) -> (bool, uint256):
    # An adapter that cannot tell leaves the last word to the governor.
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        _adapter,
        abi_encode(_set_token, _proposal_id, method_id=method_id("getVotesCast(address,uint256)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return False, 0
    return True, convert(answer, uint256)
