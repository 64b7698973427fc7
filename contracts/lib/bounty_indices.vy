# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Bounty indices
@license MIT
@notice Whose fees count for the methodologist bounty, up to when they are counted, and what they are worth.
@dev See interfaces/IMethodologistBounty.vyi.
"""

from contracts.lib import bounds
from contracts.lib import bounty_months as months
from contracts.lib import fee_value
from contracts.lib import precise_math as math
from interfaces import IMethodologistBounty
from interfaces import ISetToken
from interfaces import IStreamingFeeModule

uses: months

interface Factory:
    def getPair(_a: address, _b: address) -> address: view

struct Index:
    entry: IMethodologistBounty.Entry
    # Its pool at the last counting. From another time, fees are valued by a time in which they did not fall due.
    reading: fee_value.Reading
    # D18{set} that the house received from the registration to the last counting
    contributed: uint256

# {s} so long an index that cannot accrue makes the others wait
GRACE: constant(uint256) = 7 * 86_400

WETH: immutable(address)
FACTORY: immutable(Factory)
FEE_MODULE: immutable(address)

# Those registered. One that is missing is not counted when a month is settled, and loses what it earned then.
listed: DynArray[address, bounds.MAX_INDICES]

# SetToken -> what is counted of it; empty unless it is registered.
indices: HashMap[address, Index]


@deploy
def __init__(_weth: address, _factory: address, _fee_module: address):
    for part: address in [_weth, _factory, _fee_module]:
        assert part.is_contract, "Contract must exist"

    WETH = _weth
    FACTORY = Factory(_factory)
    FEE_MODULE = _fee_module


@internal
def _add(_set_token: address, _methodologist: address, _share: uint256) -> address:
    """
    @notice Count an index from now on, once what was due has accrued; return its pool.
    """
    assert self.indices[_set_token].entry.methodologist == empty(address), "Index already registered"
    assert len(self.listed) < bounds.MAX_INDICES, "Too many indices"
    assert _set_token.is_contract, "Contract must exist"
    charged: bool = staticcall ISetToken(_set_token).isInitializedModule(FEE_MODULE)
    assert charged, "Fee module not initialized"
    pool: address = staticcall FACTORY.getPair(_set_token, WETH)
    assert pool != empty(address), "Index has no pool"
    assert fee_value._accrue(FEE_MODULE, _set_token), "Fee cannot accrue"

    self.listed.append(_set_token)
    self.indices[_set_token] = Index(
        entry=IMethodologistBounty.Entry(
            methodologist=_methodologist,
            share=_share,
            pool=pool,
            counted=block.timestamp,
            accrued=staticcall IStreamingFeeModule(FEE_MODULE).accruedFees(_set_token),
            stuck=0,
        ),
        reading=fee_value._read(pool, _set_token, WETH),
        contributed=0,
    )
    return pool


@internal
def _remove(_set_token: address):
    last: address = self.listed.pop()
    for place: uint256 in range(len(self.listed), bound=bounds.MAX_INDICES):
        if self.listed[place] == _set_token:
            self.listed[place] = last
    self.indices[_set_token] = empty(Index)


@internal
def _count_all() -> uint256:
    """
    @return {s} up to which all are counted
    """
    until: uint256 = block.timestamp
    outside: bool = self._is_outside()
    for set_token: address in self.listed:
        self._count(set_token, outside)
        until = min(until, self.indices[set_token].entry.counted)
    return until


@internal
def _count(_set_token: address, _outside: bool) -> bool:
    """
    @notice Have an index's fee accrue, count what it brought; return whether it is counted up to now.
    @param _outside Whether the caller is known to be inside of no operation of the index
    """
    index: Index = self.indices[_set_token]
    entry: IMethodologistBounty.Entry = index.entry
    elapsed: uint256 = block.timestamp - entry.counted
    if elapsed == 0:
        return True
    if fee_value._accrue(FEE_MODULE, _set_token):
        entry.stuck = 0
    else:
        log IMethodologistBounty.AccrualFailed(setToken=_set_token)
        if not _outside or not self._has_waited(_set_token):
            return False

    # {set} and D18{set}: 160 and 220 bits
    accrued: uint256 = staticcall IStreamingFeeModule(FEE_MODULE).accruedFees(_set_token)
    fees: uint256 = accrued - entry.accrued
    house: uint256 = fees * entry.share
    reading: fee_value.Reading = fee_value._read(entry.pool, _set_token, WETH)
    value: uint256 = fee_value._value(house // math.PRECISE_UNIT, elapsed, index.reading, reading)

    value = months._credit(entry.methodologist, value, entry.counted, block.timestamp)
    entry.counted = block.timestamp
    entry.accrued = accrued
    self.indices[_set_token] = Index(
        entry=entry, reading=reading, contributed=index.contributed + house
    )

    log IMethodologistBounty.FeesCounted(
        setToken=_set_token, methodologist=entry.methodologist, fees=fees, value=value
    )
    return True


@internal
def _has_waited(_set_token: address) -> bool:
    """
    @notice Remember since when an index cannot accrue.
    @return Whether that is so long ago that it is counted all the same
    """
    if self.indices[_set_token].entry.stuck == 0:
        self.indices[_set_token].entry.stuck = block.timestamp

    return block.timestamp >= self.indices[_set_token].entry.stuck + GRACE


@internal
@view
def _is_outside() -> bool:
    """
    @return Whether the transaction calls this contract itself, so that nothing is held by whoever called
    @dev An account with code of its own could have been called back.
    """
    return msg.sender == tx.origin and not msg.sender.is_contract
