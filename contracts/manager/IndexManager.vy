# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title IndexManager
@license MIT
@notice Manages one index for an operator and a methodologist, and shares the fees between them.
@dev See interfaces/IIndexManager.vyi, also for what the allow-list must not contain. Who agreed to what is kept
     in lib/two_parties.vy. Redeeming never asks the manager (I-24).
"""

from contracts.lib import bounds
from contracts.lib import precise_math as math
from contracts.lib import two_parties
from ethereum.ercs import IERC20
from interfaces import IGovernanceModule
from interfaces import IIndexManager
from interfaces import IStreamingFeeModule

implements: IIndexManager

initializes: two_parties

exports: two_parties.__interface__

# {bytes} of a function's selector
SELECTOR: constant(uint256) = 4

SET_TOKEN: immutable(address)

# Where the index's fees accrue; empty if there is no such module. With a wrong one, fees of one split could be paid
# by the next.
feeModule: public(reentrant(address))

# D18{1} of all fees; the rest is the methodologist's
operatorShare: public(reentrant(uint256))

# Who may vote with the index's tokens and do nothing else, and through which module; empty if nobody. A wrong one can
# spoil every vote, not move a coin.
voter: public(reentrant(address))
governanceModule: public(reentrant(address))

# target -> selector -> may the operator call it alone? A wrong entry can be worth the whole index (V-7).
allowed: HashMap[address, HashMap[bytes4, bool]]


@deploy
def __init__(
    _setToken: address,
    _feeModule: address,
    _operator: address,
    _methodologist: address,
    _operatorShare: uint256,
    _permissions: DynArray[IIndexManager.Permission, bounds.MAX_BATCH],
):
    """
    @dev The list is given here because nothing can be done with it before the SetToken's manager hands it over:
         whoever does that has read the logs. Later entries take both parties.
    @param _operatorShare D18{1}
    """
    assert _setToken.is_contract, "SetToken must exist"
    self._check_fee_module(_feeModule)
    self._check_share(_operatorShare)
    SET_TOKEN = _setToken
    self._check_party(_operator)
    self._check_party(_methodologist)
    two_parties.__init__(_operator, _methodologist)
    self._set_fee_module(_feeModule)
    self._set_split(_operatorShare)
    for permission: IIndexManager.Permission in _permissions:
        self._only_operable(permission.target)
        self._set_permission(permission.target, permission.selector, True)


# ---------------------------------------------------------------- anyone


@external
def distributeFees() -> (uint256, uint256):
    """
    @notice Accrue the fee and pay all SetTokens held here to both parties.
    @dev Anyone. {set} The operator's share is rounded down, the methodologist gets the rest; nothing stays. If the
         fee cannot accrue now, what is here is paid all the same.
    @return What the operator and the methodologist received
    """
    # Whether it worked changes nothing: later accruals are shared in the same way.
    accrued: bool = self._try_to_accrue()

    return self._pay()


# ---------------------------------------------------------------- operator


@external
def execute(
    _target: address, _data: Bytes[bounds.MAX_CALL_DATA]
) -> Bytes[bounds.MAX_RETURN_DATA]:
    """
    @notice Make one allowed call as the index's manager; its reason comes back when it fails.
    @dev Operator only. Value 0.
    """
    two_parties._only_operator()
    self._only_allowed(_target, _data)

    return self._call(_target, _data)


@external
def executeBatch(_calls: DynArray[IIndexManager.Call, bounds.MAX_CALLS]):
    """
    @notice Make several allowed calls, all or none.
    @dev Operator only. Value 0.
    """
    two_parties._only_operator()
    assert len(_calls) > 0, "Must have at least 1 call"
    for call: IIndexManager.Call in _calls:
        self._only_allowed(call.target, call.data)
        self._call(call.target, call.data)


# ---------------------------------------------------------------- voter


@external
def vote(
    _governanceName: String[bounds.MAX_INTEGRATION_NAME],
    _proposalId: uint256,
    _support: bool,
    _data: Bytes[bounds.MAX_VOTE_DATA],
):
    """
    @notice Vote with the index's tokens in another protocol's governance.
    @dev Voter only. It reaches this one function of the governance module, for this SetToken.
    """
    assert msg.sender == self.voter, "Must be voter"

    extcall IGovernanceModule(self.governanceModule).vote(
        SET_TOKEN, _governanceName, _proposalId, _support, _data
    )


# ---------------------------------------------------------------- both parties


@external
def executeAgreed(
    _target: address, _data: Bytes[bounds.MAX_CALL_DATA]
) -> Bytes[bounds.MAX_RETURN_DATA]:
    """
    @notice Make any call but one to this contract: hand over the SetToken, change modules or fees, …
    @dev Both parties, one after the other. Value 0. Handing over or removing the fee module does not distribute:
         what has accrued to this contract stays payable, what has not is as that call leaves it.
    @return What the target answered; nothing from the first of the two
    """
    assert _target != self, "Target must not be the manager"
    if not two_parties._agree(
        abi_encode(_target, _data, method_id=method_id("executeAgreed(address,bytes)"))
    ):
        return b""

    return self._call(_target, _data)


@external
def allow(_target: address, _selector: bytes4, _allowed: bool):
    """
    @notice Let the operator make a kind of call alone, or no longer.
    @dev Both parties, one after the other.
    """
    if _allowed:
        self._only_operable(_target)
    if two_parties._agree(
        abi_encode(
            _target, _selector, _allowed, method_id=method_id("allow(address,bytes4,bool)")
        )
    ):
        self._set_permission(_target, _selector, _allowed)


@external
def setOperator(_operator: address):
    """
    @notice Replace the operator, who is paid first; all approvals fall.
    @dev Both parties, one after the other.
    """
    self._check_party(_operator)
    if two_parties._agree(abi_encode(_operator, method_id=method_id("setOperator(address)"))):
        self._settle()
        two_parties._set_operator(_operator)


@external
def setMethodologist(_methodologist: address):
    """
    @notice Replace the methodologist, who is paid first; all approvals fall.
    @dev Both parties, one after the other.
    """
    self._check_party(_methodologist)
    if two_parties._agree(abi_encode(_methodologist, method_id=method_id("setMethodologist(address)"))):
        self._settle()
        two_parties._set_methodologist(_methodologist)


@external
def setFeeSplit(_operatorShare: uint256):
    """
    @notice Change the operator's share D18{1}; what was earned before is paid by the old one.
    @dev Both parties, one after the other.
    """
    self._check_share(_operatorShare)
    if two_parties._agree(abi_encode(_operatorShare, method_id=method_id("setFeeSplit(uint256)"))):
        self._settle()
        self._set_split(_operatorShare)


@external
def setFeeModule(_feeModule: address):
    """
    @notice Name the module that the fees accrue in; empty if there is none.
    @dev Both parties, one after the other. The old one accrues if it can: it may have been removed, or be the
         reason for the change.
    """
    self._check_fee_module(_feeModule)
    if two_parties._agree(abi_encode(_feeModule, method_id=method_id("setFeeModule(address)"))):
        accrued: bool = self._try_to_accrue()
        self._set_fee_module(_feeModule)


@external
def setVoter(_voter: address, _governanceModule: address):
    """
    @notice Name who votes with the index's tokens, and through which module; both empty for nobody.
    @dev Both parties, one after the other. What the operator may do with the module stays as the list says.
    """
    assert _voter == empty(address) or _governanceModule.is_contract, "Module must exist"
    if two_parties._agree(
        abi_encode(_voter, _governanceModule, method_id=method_id("setVoter(address,address)"))
    ):
        self.voter = _voter
        self.governanceModule = _governanceModule

        log IIndexManager.VoterChanged(_voter=_voter, _governanceModule=_governanceModule)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def setToken() -> address:
    return SET_TOKEN


@external
@view
@reentrant
def isAllowed(_target: address, _selector: bytes4) -> bool:
    """
    @notice Whether the operator alone may make this kind of call now.
    """
    return self.allowed[_target][_selector] and self._is_operable(_target)


# ---------------------------------------------------------------- calls


@internal
@view
def _only_allowed(_target: address, _data: Bytes[bounds.MAX_CALL_DATA]):
    assert len(_data) >= SELECTOR, "Data must have a selector"
    # Asked again here: what was an ordinary target when it was allowed may be the fee module now.
    self._only_operable(_target)
    selector: bytes4 = convert(slice(_data, 0, SELECTOR), bytes4)
    assert self.allowed[_target][selector], "Call must be allowed"


@internal
@view
def _only_operable(_target: address):
    assert self._is_operable(_target), "Target must not be operated alone"


@internal
@view
def _is_operable(_target: address) -> bool:
    return _target not in [self, SET_TOKEN, self.feeModule]


@internal
def _call(
    _target: address, _data: Bytes[bounds.MAX_CALL_DATA]
) -> Bytes[bounds.MAX_RETURN_DATA]:
    assert _target.is_contract, "Target must be a contract"

    answer: Bytes[bounds.MAX_RETURN_DATA] = raw_call(
        _target, _data, max_outsize=bounds.MAX_RETURN_DATA
    )
    # A full buffer may be a longer answer cut off.
    assert len(answer) < bounds.MAX_RETURN_DATA, "Return data too long"

    selector: bytes4 = empty(bytes4)
    if len(_data) >= SELECTOR:
        selector = convert(slice(_data, 0, SELECTOR), bytes4)
    log IIndexManager.Executed(_target=_target, _selector=selector)
    return answer


# ---------------------------------------------------------------- fees


@internal
def _settle():
    """
    @notice Pay what has been earned until now; if it cannot accrue, nothing may change.
    """
    if self.feeModule != empty(address):
        extcall IStreamingFeeModule(self.feeModule).accrueFee(SET_TOKEN)
    self._pay()


@internal
def _try_to_accrue() -> bool:
    return raw_call(
        self.feeModule,
        abi_encode(SET_TOKEN, method_id=method_id("accrueFee(address)")),
        max_outsize=0,
        revert_on_failure=False,
    )


@internal
def _pay() -> (uint256, uint256):
    held: uint256 = staticcall IERC20(SET_TOKEN).balanceOf(self)
    if held == 0:
        return 0, 0
    # {set} = {set} * D18{1}
    operator_fee: uint256 = math.mul_down(held, self.operatorShare)
    methodologist_fee: uint256 = held - operator_fee

    self._push(two_parties.operator, operator_fee)
    self._push(two_parties.methodologist, methodologist_fee)

    log IIndexManager.FeesDistributed(
        _operator=two_parties.operator,
        _methodologist=two_parties.methodologist,
        _operatorFee=operator_fee,
        _methodologistFee=methodologist_fee,
    )
    return operator_fee, methodologist_fee


@internal
def _push(_to: address, _quantity: uint256):
    if _quantity > 0:
        extcall IERC20(SET_TOKEN).transfer(_to, _quantity)


# ---------------------------------------------------------------- settings


@internal
@view
def _check_party(_party: address):
    # Fees sent to any of these would be lost, or come round again.
    assert _party not in [empty(address), self, SET_TOKEN], "Party must be able to act"


@internal
@view
def _check_fee_module(_fee_module: address):
    assert _fee_module == empty(address) or _fee_module.is_contract, "Fee module must exist"


@internal
@pure
def _check_share(_operator_share: uint256):
    assert _operator_share <= math.PRECISE_UNIT, "Share must be <= 100%"


@internal
def _set_permission(_target: address, _selector: bytes4, _allowed: bool):
    self.allowed[_target][_selector] = _allowed

    log IIndexManager.PermissionChanged(_target=_target, _selector=_selector, _allowed=_allowed)


@internal
def _set_fee_module(_fee_module: address):
    self.feeModule = _fee_module

    log IIndexManager.FeeModuleChanged(_feeModule=_fee_module)


@internal
def _set_split(_operator_share: uint256):
    self.operatorShare = _operator_share

    log IIndexManager.FeeSplitChanged(_operatorShare=_operator_share)
