# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title StreamingFeeModule
@license MIT
@notice A yearly fee on a SetToken, paid in SetTokens by inflation.
@dev See interfaces/IStreamingFeeModule.vyi. New tokens are minted and the position multiplier falls by the
     same share, so each token stands for less and the basket itself is untouched. Views are @reentrant:
     nothing here calls anything but a SetToken and the controller.
"""

from contracts.lib import module_base
from contracts.lib import precise_math as math
from interfaces import IController
from interfaces import IModule
from interfaces import ISetToken
from interfaces import IStreamingFeeModule

implements: IModule
implements: IStreamingFeeModule

initializes: module_base

exports: module_base.controller

# {s}
YEAR: constant(uint256) = 31_557_600  # 365.25 days
PROTOCOL_FEE_TYPE: constant(uint256) = 0

# D18{1} The most one accrual takes, however long the Set lay idle: at 100 % it could never accrue again.
MAX_ACCRUAL: constant(uint256) = 9 * 10**17

FEE_SHIFT: constant(uint256) = 160
FEE_MASK: constant(uint256) = 2**60 - 1
TIME_SHIFT: constant(uint256) = 220
# {set} More than any supply; a count that reaches it stays there, so that it never keeps a fee from accruing.
MAX_ACCRUED: constant(uint256) = 2**160 - 1

# What an accrual writes. SetToken -> time of the last accrual {s} 36 | yearly fee D18{1/year} 60 | all that the
# manager's recipients were ever minted {set} 160. A time too early charges holders twice; the last part
# outlives the removal of the module, and whoever shares by fees is cheated if it falls.
streams: HashMap[address, uint256]

# What the manager decides. SetToken -> most yearly fee D18{1/year} << 160 | recipient
terms: HashMap[address, uint256]


@deploy
def __init__(_controller: IController):
    module_base.__init__(_controller)


# ---------------------------------------------------------------- anyone


@external
def accrueFee(_setToken: address):
    """
    @notice Mint the fee since the last accrual to the manager's recipient and the protocol.
    @dev Anyone. Minted quantities are rounded down, the multiplier too.
    """
    module_base._only_initialized(ISetToken(_setToken))

    self._accrue(_setToken)


# ---------------------------------------------------------------- manager


@external
def initialize(_setToken: address, _settings: IStreamingFeeModule.FeeState):
    """
    @notice Start charging; `lastStreamingFeeTimestamp` is set to now, whatever is passed.
    @dev The SetToken's manager only, while this module is pending there.
    """
    set_token: ISetToken = ISetToken(_setToken)
    module_base._only_manager_and_pending(set_token)
    assert _settings.feeRecipient != empty(address), "Fee Recipient must be non-zero address."
    assert _settings.maxStreamingFeePercentage < math.PRECISE_UNIT, "Max fee must be < 100%."
    assert (
        _settings.streamingFeePercentage <= _settings.maxStreamingFeePercentage
    ), "Fee must be <= max."

    self._agree(_setToken, _settings.maxStreamingFeePercentage, _settings.feeRecipient)
    self._store(
        _setToken, _settings.streamingFeePercentage, self._accrued(self.streams[_setToken])
    )
    extcall set_token.initializeModule(skip_contract_check=True)


@external
def updateStreamingFee(_setToken: address, _newFee: uint256):
    """
    @notice Charge `_newFee` D18{1/year}, at most the maximum, from now on.
    @dev The SetToken's manager only.
    """
    module_base._only_manager_and_initialized(ISetToken(_setToken))
    assert _newFee <= self._maximum(self.terms[_setToken]), "Fee must be less than max"

    self._accrue(_setToken)
    self._store(_setToken, _newFee, self._accrued(self.streams[_setToken]))

    log IStreamingFeeModule.StreamingFeeUpdated(_setToken=_setToken, _newStreamingFee=_newFee)


@external
def updateFeeRecipient(_setToken: address, _newFeeRecipient: address):
    """
    @notice Pay `_newFeeRecipient` from now on; what was earned before goes to the old one.
    @dev The SetToken's manager only.
    """
    module_base._only_manager_and_initialized(ISetToken(_setToken))
    assert _newFeeRecipient != empty(address), "Fee Recipient must be non-zero address."

    self._accrue(_setToken)
    self._agree(_setToken, self._maximum(self.terms[_setToken]), _newFeeRecipient)

    log IStreamingFeeModule.FeeRecipientUpdated(
        _setToken=_setToken, _newFeeRecipient=_newFeeRecipient
    )


@external
def removeModule():
    """
    @dev Called by the SetToken that removes this module. What it has not accrued is waived, what it has stays
         counted.
    """
    self.streams[msg.sender] = self._accrued(self.streams[msg.sender])
    self.terms[msg.sender] = 0


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def feeStates(_setToken: address) -> (address, uint256, uint256, uint256):
    """
    @return Recipient, maximum and current fee D18{1/year}, time of the last accrual {s}
    """
    stream: uint256 = self.streams[_setToken]
    terms: uint256 = self.terms[_setToken]
    return (
        self._recipient(terms),
        self._maximum(terms),
        self._fee(stream),
        stream >> TIME_SHIFT,
    )


@external
@view
@reentrant
def getFee(_setToken: address) -> uint256:
    """
    @notice D18{1} The share of the inflated supply that an accrual now would mint.
    """
    return self._inflation(self.streams[_setToken])


@external
@view
@reentrant
def accruedFees(_setToken: address) -> uint256:
    """
    @notice {set} All that was ever minted to the manager's recipients, whether the module is still there or not.
    """
    return self._accrued(self.streams[_setToken])


# ---------------------------------------------------------------- internal


@internal
def _accrue(_set_token: address):
    stream: uint256 = self.streams[_set_token]
    manager_fee: uint256 = 0
    protocol_fee: uint256 = 0

    if self._fee(stream) > 0:
        set_token: ISetToken = ISetToken(_set_token)
        inflation: uint256 = self._inflation(stream)
        recipient: address = self._recipient(self.terms[_set_token])
        manager_fee, protocol_fee = self._mint(set_token, inflation, recipient)
        self._lower_multiplier(set_token, inflation)

    self._store(
        _set_token,
        self._fee(stream),
        self._accrued(stream) + min(manager_fee, MAX_ACCRUED - self._accrued(stream)),
    )

    log IStreamingFeeModule.FeeActualized(
        _setToken=_set_token, _managerFee=manager_fee, _protocolFee=protocol_fee
    )


@internal
def _mint(_set_token: ISetToken, _inflation: uint256, _recipient: address) -> (uint256, uint256):
    # {set} = {set} * D18{1} / (1 - D18{1}): the fee is that share of the supply after minting
    quantity: uint256 = math.div(
        math.mul(_inflation, staticcall _set_token.totalSupply()),
        math.PRECISE_UNIT - _inflation,
    )
    protocol_share: uint256 = staticcall module_base.CONTROLLER.getModuleFee(self, PROTOCOL_FEE_TYPE)
    protocol_fee: uint256 = math.mul_down(quantity, protocol_share)
    manager_fee: uint256 = math.sub(quantity, protocol_fee)

    extcall _set_token.mint(_recipient, manager_fee)
    if protocol_fee > 0:
        extcall _set_token.mint(staticcall module_base.CONTROLLER.feeRecipient(), protocol_fee)
    return manager_fee, protocol_fee


@internal
def _lower_multiplier(_set_token: ISetToken, _inflation: uint256):
    multiplier: uint256 = math.to_uint(staticcall _set_token.positionMultiplier())
    extcall _set_token.editPositionMultiplier(
        convert(math.mul_down(multiplier, math.PRECISE_UNIT - _inflation), int256)
    )


@internal
@view
def _inflation(_stream: uint256) -> uint256:
    # D18{1} = {s} * D18{1/year} / {s/year}
    elapsed: uint256 = block.timestamp - (_stream >> TIME_SHIFT)
    return min(elapsed * self._fee(_stream) // YEAR, MAX_ACCRUAL)


@internal
def _store(_set_token: address, _fee: uint256, _accrued: uint256):
    self.streams[_set_token] = (
        (block.timestamp << TIME_SHIFT) | (_fee << FEE_SHIFT) | _accrued
    )


@internal
def _agree(_set_token: address, _maximum: uint256, _recipient: address):
    self.terms[_set_token] = (_maximum << FEE_SHIFT) | convert(_recipient, uint256)


@internal
@pure
def _accrued(_stream: uint256) -> uint256:
    return _stream & MAX_ACCRUED


@internal
@pure
def _fee(_stream: uint256) -> uint256:
    return (_stream >> FEE_SHIFT) & FEE_MASK


@internal
@pure
def _recipient(_terms: uint256) -> address:
    return convert(_terms & (2**160 - 1), address)


@internal
@pure
def _maximum(_terms: uint256) -> uint256:
    return _terms >> FEE_SHIFT
