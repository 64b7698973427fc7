# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Address lists
@license MIT
@notice Several ordered lists of addresses without a bound, told apart by a number.
@dev A removal closes the gap and keeps the order, so it costs with the length of what follows.
"""

from contracts.lib import bounds

# list -> length
length: HashMap[uint256, uint256]

# list -> place -> entry
entries: HashMap[uint256, HashMap[uint256, address]]


@internal
def _append(_list: uint256, _entry: address):
    place: uint256 = self.length[_list]
    self.entries[_list][place] = _entry
    self.length[_list] = place + 1


@internal
def _remove(_list: uint256, _entry: address):
    """
    @notice Remove the first occurrence.
    """
    last: uint256 = self.length[_list] - 1
    shifting: bool = False
    for place: uint256 in range(max_value(uint256)):
        shifting = shifting or self.entries[_list][place] == _entry
        if place == last:
            break
        if shifting:
            self.entries[_list][place] = self.entries[_list][place + 1]
    assert shifting, "Address not in array."

    self.entries[_list][last] = empty(address)
    self.length[_list] = last


@internal
@view
def _at(_list: uint256, _index: uint256) -> address:
    assert _index < self.length[_list], "Index must be < A length"
    return self.entries[_list][_index]


@internal
@view
def _all(_list: uint256) -> DynArray[address, bounds.MAX_LIST]:
    length: uint256 = self.length[_list]
    assert length <= bounds.MAX_LIST, "List too long, read by index"

    result: DynArray[address, bounds.MAX_LIST] = []
    for place: uint256 in range(length, bound=bounds.MAX_LIST):
        result.append(self.entries[_list][place])
    return result
