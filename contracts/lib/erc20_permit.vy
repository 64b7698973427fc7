# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title EIP-2612 permit
@license MIT
@notice Approvals of an ERC-20 by signature.
@dev Calls nothing but the signature precompile, so every function is @reentrant.
"""

from contracts.lib import bounds
from contracts.lib import erc20

uses: erc20

interface Named:
    def name() -> String[bounds.MAX_NAME]: view

EIP712_DOMAIN_TYPEHASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPEHASH: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
# Signatures with s in the upper half of the curve order are malleable twins of those below (EIP-2).
# 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, which the compiler takes as bytes32.
MAX_SIGNATURE_S: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)

# The number of permits an owner has used; each nonce is good once.
nonces: public(reentrant(HashMap[address, uint256]))


@external
@reentrant
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice Approve by signature (EIP-2612).
    @dev Anyone may submit it. `deadline` {s} is the last moment at which it is good.
    """
    assert block.timestamp <= deadline, "Permit expired"
    assert convert(s, uint256) <= MAX_SIGNATURE_S, "Invalid signature"

    nonce: uint256 = self.nonces[owner]
    digest: bytes32 = keccak256(
        concat(
            x"1901",
            self._domain_separator(),
            keccak256(abi_encode(PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline)),
        )
    )
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address) and signer == owner, "Invalid signature"

    self.nonces[owner] = unsafe_add(nonce, 1)
    erc20._approve(owner, spender, amount)


@external
@view
@reentrant
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice The EIP-712 domain of `permit`, for the chain it is asked on.
    """
    return self._domain_separator()


@internal
@view
def _domain_separator() -> bytes32:
    # Asked, since a shell has its name in its own code.
    name: String[bounds.MAX_NAME] = staticcall Named(self).name()
    return keccak256(
        abi_encode(EIP712_DOMAIN_TYPEHASH, keccak256(name), keccak256("1"), chain.id, self)
    )
