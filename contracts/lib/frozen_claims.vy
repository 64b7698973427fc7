# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Frozen claims
@license MIT
@notice Pays a redeemer one component; what cannot be paid stays in the SetToken and becomes his claim.
@dev The argument stands in docs/SECURITY.md, "Frozen components". Whether a component is frozen nobody
     decides: the transfer was tried, with gas of its own, and undone as a whole when it failed.
"""

from contracts.lib import precise_math as math
from ethereum.ercs import IERC20
from interfaces import IBasicIssuanceModule
from interfaces import ISetToken

# {gas} What a transfer may use, the SetToken's own 20,000 included. Fixed, so that neither the caller's gas limit
# nor a token decides about the other components. A transfer that needs more becomes a claim, and collecting
# has no limit.
TRANSFER_GAS: constant(uint256) = 500_000
# {gas} What must be left so that all of it can be passed on: a call keeps back a 64th, and some is used before.
GAS_NEEDED: constant(uint256) = TRANSFER_GAS * 64 // 63 + 10_000
# One part in so many of a claim may be lost without the holder's consent: what rounding after fees can take
# from units above so many base units. A token that only seems to have lost its balance takes nothing.
ROUNDING: constant(uint256) = 10_000

# {comp} SetToken -> component -> holder. Too high and a holder takes what belongs to others.
claims: public(HashMap[address, HashMap[address, HashMap[address, uint256]]])

# {comp} SetToken -> component: the sum of claims. Too low and claims are paid beyond their part of what is there.
totalClaims: public(HashMap[address, HashMap[address, uint256]])


@external
@view
def collectable(_setToken: address, _component: address, _holder: address) -> uint256:
    """
    @notice {comp} What collecting the whole claim would pay now, if the component could be moved.
    """
    return self._payment(
        ISetToken(_setToken), _component, self.claims[_setToken][_component][_holder]
    )


@internal
def _pay_or_claim(_set_token: ISetToken, _component: address, _holder: address, _to: address, _quantity: uint256):
    """
    @notice Pay `_quantity` {comp}, or else write it down as a claim; 0 does neither.
    @dev The SetToken is held, and the tokens that stood for `_quantity` are burnt.
    """
    if _quantity == 0:
        return
    assert msg.gas >= GAS_NEEDED, "Not enough gas"

    # Nothing of the answer is copied: its size is the token's choice.
    paid: bool = raw_call(
        _set_token.address,
        abi_encode(
            _to,
            _component,
            _quantity,
            method_id=method_id("transferComponent(address,address,uint256)"),
        ),
        gas=TRANSFER_GAS,
        max_outsize=0,
        revert_on_failure=False,
    )
    if paid:
        return

    self.claims[_set_token.address][_component][_holder] += _quantity
    self.totalClaims[_set_token.address][_component] += _quantity

    log IBasicIssuanceModule.ComponentClaimed(
        _setToken=_set_token.address, _component=_component, _holder=_holder, _quantity=_quantity
    )


@internal
def _collect_all(_set_token: ISetToken, _component: address, _to: address):
    """
    @notice Pay msg.sender's whole claim, unless more than rounding is missing.
    """
    claim: uint256 = self.claims[_set_token.address][_component][msg.sender]
    lost: uint256 = claim // ROUNDING + convert(claim % ROUNDING > 0, uint256)
    self._collect(_set_token, _component, _to, claim, claim - lost)


@internal
def _collect(_set_token: ISetToken, _component: address, _to: address, _claim: uint256, _min: uint256):
    """
    @notice Pay for `_claim` {comp} of msg.sender's claim, as far as the component is there.
    """
    claim: uint256 = self.claims[_set_token.address][_component][msg.sender]
    assert _claim > 0, "Claim must be > 0"
    assert _claim <= claim, "Claim exceeds what is left of it"

    payment: uint256 = self._payment(_set_token, _component, _claim)
    assert payment >= _min, "Component quantity below minimum"

    self.claims[_set_token.address][_component][msg.sender] = claim - _claim
    self.totalClaims[_set_token.address][_component] -= _claim

    # Held, so that a component that calls back cannot have the manager take modules away either (I-22).
    extcall _set_token.hold()
    extcall _set_token.transferComponent(_to, _component, payment)
    extcall _set_token.release()

    log IBasicIssuanceModule.ClaimCollected(
        _setToken=_set_token.address,
        _component=_component,
        _holder=msg.sender,
        _to=_to,
        _claim=_claim,
        _quantity=payment,
    )


@internal
@view
def _payment(_set_token: ISetToken, _component: address, _claim: uint256) -> uint256:
    """
    @notice claim * min(1, balance / (unit * supply + all claims)), rounded down. {comp}
    @dev What a component lost is borne alike by claims and units; the order of collecting changes nothing.
    """
    supply: uint256 = 0
    _multiplier: uint256 = 0
    unit: uint256 = 0
    _place: uint256 = 0
    supply, _multiplier, unit, unit, _place = staticcall _set_token.getTradeUnits(
        _component, _component, 0
    )
    balance: uint256 = staticcall IERC20(_component).balanceOf(_set_token.address)

    owed: uint256 = math.add(
        math.mul_down(unit, supply), self.totalClaims[_set_token.address][_component]
    )
    if balance >= owed:
        return _claim
    return math.mul(_claim, balance) // owed
