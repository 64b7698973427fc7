# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Rebalance book
@license MIT
@notice The state of one index's rebalance: where it stands, and target, size, pace and venue per asset.
@dev One word for the rebalance and one per asset, because a trade reads both. Values too large for their
     place spill into a second record: nothing is ever cut.

     Rebalance: index 160 | multiplier 60 | nonce 16 | epoch 16 | anyone may trade, ended, limited.
     Asset: max size 88 | target unit 88 | cool-off 24 | last trade 32 | nonce 16 | exchange 6 | listed | wide.
"""

from contracts.lib import bounds

struct Rebalance:
    # The SetToken being rebalanced; empty before `initialize` and after removal.
    index: address
    # D18{1} the index's position multiplier that the targets were made for
    multiplier: uint256
    # Counts initialisations and rebalances; an asset takes part when it bears the current one.
    nonce: uint256
    # The nonce of the last initialisation: assets with a lower one are left over from another index.
    epoch: uint256
    anyone_trade: bool
    # Ended or cancelled: nothing takes part until the next start.
    ended: bool
    # There is a guard or a deadline.
    limited: bool

struct Asset:
    # D18{comp/set} at the rebalance's multiplier
    target_unit: uint256
    # {comp} largest single trade
    max_size: uint256
    # {s} between two trades
    cool_off: uint256
    # {s}
    last_trade: uint256
    exchange: uint256
    nonce: uint256
    # Named in `listed_assets`
    listed: bool

struct Wide:
    target_unit: uint256
    max_size: uint256
    cool_off: uint256

MAX_NONCE: constant(uint256) = 2**16 - 1

MULTIPLIER_SHIFT: constant(uint256) = 160
NONCE_SHIFT: constant(uint256) = 220
EPOCH_SHIFT: constant(uint256) = 236
ANYONE_BIT: constant(uint256) = 2**252
ENDED_BIT: constant(uint256) = 2**253
LIMITED_BIT: constant(uint256) = 2**254

MAX_SHIFT: constant(uint256) = 168
TARGET_SHIFT: constant(uint256) = 80
COOL_OFF_SHIFT: constant(uint256) = 56
LAST_SHIFT: constant(uint256) = 24
ASSET_NONCE_SHIFT: constant(uint256) = 8
EXCHANGE_SHIFT: constant(uint256) = 2
LISTED_BIT: constant(uint256) = 2
WIDE_BIT: constant(uint256) = 1

# A wrong index or nonce would let trades run against stale targets.
rebalance: uint256

assets: HashMap[address, uint256]
wide_assets: HashMap[address, Wide]

# Assets of the current rebalance that may be outside the index's own list: new ones, and those sold out.
listed_assets: DynArray[address, bounds.MAX_COMPONENTS]


@internal
@view
def _load() -> Rebalance:
    word: uint256 = self.rebalance
    return Rebalance(
        index=convert(word & (2**160 - 1), address),
        multiplier=(word >> MULTIPLIER_SHIFT) & (2**60 - 1),
        nonce=(word >> NONCE_SHIFT) & (2**16 - 1),
        epoch=(word >> EPOCH_SHIFT) & (2**16 - 1),
        anyone_trade=word & ANYONE_BIT != 0,
        ended=word & ENDED_BIT != 0,
        limited=word & LIMITED_BIT != 0,
    )


@internal
def _store(_rebalance: Rebalance):
    assert _rebalance.multiplier < 2**60, "Position multiplier out of bounds"
    assert _rebalance.nonce <= MAX_NONCE, "Too many rebalances"
    word: uint256 = (
        convert(_rebalance.index, uint256)
        | (_rebalance.multiplier << MULTIPLIER_SHIFT)
        | (_rebalance.nonce << NONCE_SHIFT)
        | (_rebalance.epoch << EPOCH_SHIFT)
    )
    if _rebalance.anyone_trade:
        word |= ANYONE_BIT
    if _rebalance.ended:
        word |= ENDED_BIT
    if _rebalance.limited:
        word |= LIMITED_BIT
    self.rebalance = word


@internal
@view
def _load_asset(_component: address, _epoch: uint256) -> Asset:
    """
    @notice An asset's record; an empty one when it is unknown or stems from before `_epoch`.
    """
    word: uint256 = self.assets[_component]
    nonce: uint256 = (word >> ASSET_NONCE_SHIFT) & (2**16 - 1)
    if nonce < _epoch:
        return empty(Asset)

    asset: Asset = Asset(
        target_unit=(word >> TARGET_SHIFT) & (2**88 - 1),
        max_size=word >> MAX_SHIFT,
        cool_off=(word >> COOL_OFF_SHIFT) & (2**24 - 1),
        last_trade=(word >> LAST_SHIFT) & (2**32 - 1),
        exchange=(word >> EXCHANGE_SHIFT) & (2**6 - 1),
        nonce=nonce,
        listed=word & LISTED_BIT != 0,
    )
    if word & WIDE_BIT != 0:
        wide: Wide = self.wide_assets[_component]
        asset.target_unit = wide.target_unit
        asset.max_size = wide.max_size
        asset.cool_off = wide.cool_off
    return asset


@internal
def _store_asset(_component: address, _asset: Asset, _epoch: uint256):
    nonce: uint256 = max(_asset.nonce, _epoch)
    word: uint256 = (
        (_asset.last_trade << LAST_SHIFT)
        | (nonce << ASSET_NONCE_SHIFT)
        | (_asset.exchange << EXCHANGE_SHIFT)
    )
    if _asset.listed:
        word |= LISTED_BIT

    if (
        _asset.target_unit < 2**88
        and _asset.max_size < 2**88
        and _asset.cool_off < 2**24
    ):
        word |= (
            (_asset.max_size << MAX_SHIFT)
            | (_asset.target_unit << TARGET_SHIFT)
            | (_asset.cool_off << COOL_OFF_SHIFT)
        )
    else:
        word |= WIDE_BIT
        self.wide_assets[_component] = Wide(
            target_unit=_asset.target_unit, max_size=_asset.max_size, cool_off=_asset.cool_off
        )
    self.assets[_component] = word
