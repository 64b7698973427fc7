# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Uniqueness
@license MIT
@notice Does a list name an address twice? In time that grows with its length, not with its square.
@dev Marks live in transient storage; each list has a round of its own, so marks need no clearing. Entries
     come one by one: handing over a list would copy it.
"""

rounds: transient(uint256)

# address -> the round it was last seen in
seen: transient(HashMap[address, uint256])


@internal
def _begin() -> uint256:
    """
    @return The round of a new list
    """
    round: uint256 = self.rounds + 1
    self.rounds = round
    return round


@internal
def _is_new(_entry: address, _round: uint256) -> bool:
    """
    @notice Is this the first time a list names the address?
    """
    if self.seen[_entry] == _round:
        return False
    self.seen[_entry] = _round
    return True
