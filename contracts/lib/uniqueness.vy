# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Uniqueness
@license MIT
@notice Does a list name an address twice? In time that grows with its length, not with its square.
@dev Marks live in transient storage; each list has a round of its own, so marks need no clearing.
"""

from contracts.lib import bounds

rounds: transient(uint256)

# address -> the round it was last seen in
seen: transient(HashMap[address, uint256])


@internal
def _has_duplicate(_list: DynArray[address, bounds.MAX_COMPONENTS]) -> bool:
    round: uint256 = self.rounds + 1
    self.rounds = round
    for entry: address in _list:
        if self.seen[entry] == round:
            return True
        self.seen[entry] = round
    return False
