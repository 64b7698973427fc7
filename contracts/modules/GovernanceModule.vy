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

INVOKE: constant(Bytes[4]) = method_id("invoke(address,uint256,bytes)")

# {bytes} of the longest question but for a proposal, that of a vote, and of its answer. A proposal is eight times
# as long, and memory is paid for by its length squared.
MAX_QUESTION: constant(uint256) = 4 + 32 * 4 + bounds.MAX_VOTE_DATA
MAX_ANSWER: constant(uint256) = 32 * 4 + bounds.MAX_VOTE_CALL


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
    adapter: address = self._open(_setToken, _governanceName)

    self._relay(
        _setToken,
        adapter,
        abi_encode(_delegatee, method_id=method_id("getDelegateCalldata(address)")),
    )

    log IGovernanceModule.VoteDelegated(
        _setToken=_setToken, _governanceAdapter=adapter, _delegatee=_delegatee
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
    adapter: address = self._open(_setToken, _governanceName)

    target: address = empty(address)
    amount: uint256 = 0
    data: Bytes[bounds.MAX_INVOKE_DATA] = b""
    target, amount, data = staticcall IGovernanceAdapter(adapter).getProposeCalldata(_proposalData)
    extcall ISetToken(_setToken).invoke(target, amount, data)

    log IGovernanceModule.ProposalCreated(
        _setToken=_setToken, _governanceAdapter=adapter, _proposalData=_proposalData
    )


@external
def register(_setToken: address, _governanceName: String[bounds.MAX_INTEGRATION_NAME]):
    """
    @notice Make the SetToken's own votes count, where a governor asks for that.
    @dev The SetToken's manager only. Compound-type governors count nothing before it: register ahead of a
         proposal's snapshot block.
    """
    adapter: address = self._open(_setToken, _governanceName)

    self._relay(
        _setToken,
        adapter,
        abi_encode(_setToken, method_id=method_id("getRegisterCalldata(address)")),
    )

    log IGovernanceModule.RegistrationSubmitted(
        _setToken=_setToken, _governanceAdapter=adapter
    )


@external
def revoke(_setToken: address, _governanceName: String[bounds.MAX_INTEGRATION_NAME]):
    """
    @notice Undo `register` or `delegate`.
    @dev The SetToken's manager only.
    """
    adapter: address = self._open(_setToken, _governanceName)

    self._relay(_setToken, adapter, method_id("getRevokeCalldata()"))

    log IGovernanceModule.RegistrationRevoked(
        _setToken=_setToken, _governanceAdapter=adapter
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
    adapter: address = self._open(_setToken, _governanceName)

    self._relay(
        _setToken,
        adapter,
        abi_encode(
            _proposalId, _support, _data, method_id=method_id("getVoteCalldata(uint256,bool,bytes)")
        ),
    )

    # Asked of the governor once it has counted, which costs a fraction of asking beforehand.
    known: bool = False
    power: uint256 = 0
    known, power = self._votes_cast(adapter, _setToken, _proposalId)
    assert not known or power > 0, "Vote must carry power"

    log IGovernanceModule.ProposalVoted(
        _setToken=_setToken,
        _governanceAdapter=adapter,
        _proposalId=_proposalId,
        _support=_support,
    )
    if known:
        log IGovernanceModule.VoteReceipt(
            _setToken=_setToken,
            _governanceAdapter=adapter,
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
def _open(_set_token: address, _name: String[bounds.MAX_INTEGRATION_NAME]) -> address:
    module_base._only_manager_and_initialized(ISetToken(_set_token))

    return module_base._adapter(_name)


@internal
def _relay(_set_token: address, _adapter: address, _question: Bytes[MAX_QUESTION]):
    """
    @notice Let the SetToken make the call that an adapter asks for.
    @dev (target, value, data) is spelled as the arguments of `invoke`, and is passed on as it is once it is known
         to be whole: to decode it and encode it again takes buffers, and memory is paid for by its length squared.
         What is not whole is refused without a reason, as by whoever decodes.
    """
    answer: Bytes[MAX_ANSWER + 1] = raw_call(
        _adapter, _question, max_outsize=MAX_ANSWER + 1, is_static_call=True
    )
    # A longer answer was cut off.
    assert len(answer) <= MAX_ANSWER, "Adapter answer too long"
    place: uint256 = extract32(answer, 64, output_type=uint256)
    size: uint256 = extract32(answer, place, output_type=uint256)
    assert size <= len(answer) - place - 32

    response: Bytes[64] = raw_call(_set_token, concat(INVOKE, answer), max_outsize=64)
    # What a SetToken returns has a place and a length.
    _length: uint256 = extract32(response, 32, output_type=uint256)


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
