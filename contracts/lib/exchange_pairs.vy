# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Exchange pairs
@license MIT
@notice Which pair of Uniswap V2 or SushiSwap two tokens trade at, by Set V2's exchange ids.
"""

from contracts.lib import uniswap_v2

# Exchange ids of Set V2's ABI.
NO_EXCHANGE: constant(uint256) = 0
UNISWAP: constant(uint256) = 1
SUSHISWAP: constant(uint256) = 2
BALANCER: constant(uint256) = 3

UNISWAP_FACTORY: immutable(address)
SUSHISWAP_FACTORY: immutable(address)
UNISWAP_PAIR_HASH: immutable(bytes32)
SUSHISWAP_PAIR_HASH: immutable(bytes32)


@deploy
def __init__(
    _uniswap_factory: address,
    _sushiswap_factory: address,
    _uniswap_pair_hash: bytes32,
    _sushiswap_pair_hash: bytes32,
):
    """
    @param _uniswap_pair_hash keccak256 of the pair's init code, from which its address follows (CREATE2)
    """
    UNISWAP_FACTORY = _uniswap_factory
    SUSHISWAP_FACTORY = _sushiswap_factory
    UNISWAP_PAIR_HASH = _uniswap_pair_hash
    SUSHISWAP_PAIR_HASH = _sushiswap_pair_hash


@internal
@view
def _pair_of(_exchange: uint256, _a: address, _b: address) -> address:
    """
    @return The pair on SushiSwap for its id, on Uniswap V2 for any other
    """
    if _exchange == SUSHISWAP:
        return uniswap_v2._pair(SUSHISWAP_FACTORY, SUSHISWAP_PAIR_HASH, _a, _b)
    return uniswap_v2._pair(UNISWAP_FACTORY, UNISWAP_PAIR_HASH, _a, _b)
