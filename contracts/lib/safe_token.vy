# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Safe token
@license MIT
@notice Moves ERC-20 tokens of every known habit: without a return value, with false, with a fee.
@dev Balances decide. Reasons are those a caller of Set V2 sees for the same failure.
"""

from contracts.lib import precise_math as math
from ethereum.ercs import IERC20

# {bytes} of a token's answer that are looked at; enough for a revert reason of some 400 characters.
MAX_ANSWER: constant(uint256) = 512


@internal
def _pull(_token: address, _from: address, _to: address, _quantity: uint256):
    """
    @notice transferFrom, after which the receiver must have exactly `_quantity` more. {comp}; 0 does nothing.
    """
    if _quantity == 0:
        return

    before: uint256 = staticcall IERC20(_token).balanceOf(_to)

    success: bool = False
    answer: Bytes[MAX_ANSWER] = b""
    success, answer = raw_call(
        _token,
        abi_encode(
            _from, _to, _quantity, method_id=method_id("transferFrom(address,address,uint256)")
        ),
        max_outsize=MAX_ANSWER,
        revert_on_failure=False,
    )
    if not success:
        if len(answer) > 0:
            raw_revert(answer)
        raise "SafeERC20: low-level call failed"
    if len(answer) > 0:
        accepted: bool = len(answer) >= 32 and extract32(answer, 0, output_type=uint256) == 1
        assert accepted, "SafeERC20: ERC20 operation did not succeed"

    after: uint256 = staticcall IERC20(_token).balanceOf(_to)
    assert after == math.add(before, _quantity), "Invalid post transfer balance"


@internal
def _push(_token: address, _to: address, _quantity: uint256):
    """
    @notice transfer, after which this contract must have exactly `_quantity` less. {comp}; 0 does nothing.
    @dev What the token answers is ignored: some answer nothing, or no truth value.
    """
    if _quantity == 0:
        return

    self._send(_token, _to, _quantity, staticcall IERC20(_token).balanceOf(self))


@internal
def _send(_token: address, _to: address, _quantity: uint256, _before: uint256):
    """
    @notice The same for a quantity above 0, with the balance {comp} before already known.
    """
    success: bool = False
    answer: Bytes[MAX_ANSWER] = b""
    success, answer = raw_call(
        _token,
        abi_encode(_to, _quantity, method_id=method_id("transfer(address,uint256)")),
        max_outsize=MAX_ANSWER,
        revert_on_failure=False,
    )
    if not success:
        if len(answer) > 0:
            raw_revert(answer)
        raise "Address: low-level call with value failed"

    after: uint256 = staticcall IERC20(_token).balanceOf(self)
    assert after == math.sub(_before, _quantity), "Invalid post transfer balance"
