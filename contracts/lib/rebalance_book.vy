# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Rebalance book
@license MIT
@notice The state of one index's rebalance: where it stands, and target, size, pace and venue per asset.
@dev One word for the rebalance and one per asset, because a trade reads both. Values too large for their
     place spill into a second record: nothing is ever cut.

     Rebalance: index 160 | multiplier 60 | nonce 16 | epoch 16 | anyone may trade, ended, limited.
     Asset: max size 88, all ones for no limit | target unit 88 | cool-off 20 | last trade 32 | nonce 16 |
     place 8 | exchange 2 | listed | wide.
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
    # Where in the index's list it was last seen: finds it there with one read less
    place: uint256
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
COOL_OFF_SHIFT: constant(uint256) = 60
LAST_SHIFT: constant(uint256) = 28
ASSET_NONCE_SHIFT: constant(uint256) = 12
PLACE_SHIFT: constant(uint256) = 4
EXCHANGE_SHIFT: constant(uint256) = 2
LISTED_BIT: constant(uint256) = 2
WIDE_BIT: constant(uint256) = 1
MAX_SIZE: constant(uint256) = 2**88 - 1
MAX_TARGET: constant(uint256) = 2**88 - 1
MAX_COOL_OFF: constant(uint256) = 2**20 - 1
MAX_EXCHANGE: constant(uint256) = 2**2 - 1
TARGET_FIELDS: constant(uint256) = (
    (MAX_TARGET << TARGET_SHIFT) | (MAX_NONCE << ASSET_NONCE_SHIFT) | LISTED_BIT
)

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
def _set_field(_component: address, _epoch: uint256, _shift: uint256, _largest: uint256, _value: uint256):
    """
    @notice Change one figure of an asset's record: its target, max size, cool-off, or exchange.
    """
    word: uint256 = self._word(_component, _epoch)
    if word & WIDE_BIT == 0 and _value <= _largest and _value != MAX_SIZE:
        self.assets[_component] = (word & ~(_largest << _shift)) | (_value << _shift)
        return

    asset: Asset = self._load_asset(_component, _epoch)
    if _shift == MAX_SHIFT:
        asset.max_size = _value
    elif _shift == TARGET_SHIFT:
        asset.target_unit = _value
    elif _shift == COOL_OFF_SHIFT:
        asset.cool_off = _value
    else:
        asset.exchange = _value
    self._store_asset(_component, asset, _epoch)


@internal
def _set_target(_component: address, _epoch: uint256, _nonce: uint256, _target: uint256, _listed: bool):
    """
    @notice Let an asset take part in the rebalance `_nonce`, once, with a target.
    """
    word: uint256 = self._word(_component, _epoch)
    assert (word >> ASSET_NONCE_SHIFT) & MAX_NONCE != _nonce, "Cannot duplicate components"
    if word & WIDE_BIT == 0 and _target <= MAX_TARGET:
        self.assets[_component] = (
            (word & ~TARGET_FIELDS)
            | (_target << TARGET_SHIFT)
            | (_nonce << ASSET_NONCE_SHIFT)
            | (convert(_listed, uint256) * LISTED_BIT)
        )
        return

    asset: Asset = self._load_asset(_component, _epoch)
    asset.nonce = _nonce
    asset.target_unit = _target
    asset.listed = _listed
    self._store_asset(_component, asset, _epoch)


@internal
@view
def _target(_component: address, _nonce: uint256) -> (bool, uint256):
    """
    @return Whether an asset takes part in the rebalance `_nonce`, and its target D18{comp/set}
    """
    word: uint256 = self.assets[_component]
    if (word >> ASSET_NONCE_SHIFT) & MAX_NONCE != _nonce:
        return False, 0
    if word & WIDE_BIT != 0:
        return True, self.wide_assets[_component].target_unit
    return True, (word >> TARGET_SHIFT) & MAX_TARGET


@internal
@pure
def _only_once(_is_new: bool):
    assert _is_new, "Cannot duplicate components"


@internal
@pure
def _same_length(_a: uint256, _b: uint256):
    assert _a == _b, "Array length mismatch"


@internal
@view
def _word(_component: address, _epoch: uint256) -> uint256:
    word: uint256 = self.assets[_component]
    if (word >> ASSET_NONCE_SHIFT) & MAX_NONCE < _epoch:
        return _epoch << ASSET_NONCE_SHIFT
    return word


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
        max_size=self._size(word >> MAX_SHIFT),
        cool_off=(word >> COOL_OFF_SHIFT) & MAX_COOL_OFF,
        last_trade=(word >> LAST_SHIFT) & (2**32 - 1),
        exchange=(word >> EXCHANGE_SHIFT) & MAX_EXCHANGE,
        nonce=nonce,
        place=(word >> PLACE_SHIFT) & (2**8 - 1),
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
        | (_asset.place << PLACE_SHIFT)
        | (_asset.exchange << EXCHANGE_SHIFT)
    )
    if _asset.listed:
        word |= LISTED_BIT

    size: uint256 = self._size_field(_asset.max_size)
    if _asset.target_unit <= MAX_TARGET and size <= MAX_SIZE and _asset.cool_off <= MAX_COOL_OFF:
        word |= (
            (size << MAX_SHIFT)
            | (_asset.target_unit << TARGET_SHIFT)
            | (_asset.cool_off << COOL_OFF_SHIFT)
        )
    else:
        word |= WIDE_BIT
        self.wide_assets[_component] = Wide(
            target_unit=_asset.target_unit, max_size=_asset.max_size, cool_off=_asset.cool_off
        )
    self.assets[_component] = word


@internal
@pure
def _size_field(_size: uint256) -> uint256:
    """
    @return A largest size as its field: `MAX_SIZE` for no limit, something larger when there is no room
    """
    if _size < MAX_SIZE:
        return _size
    return MAX_SIZE if _size == max_value(uint256) else MAX_SIZE + 1


@internal
@pure
def _size(_field: uint256) -> uint256:
    return max_value(uint256) if _field == MAX_SIZE else _field
