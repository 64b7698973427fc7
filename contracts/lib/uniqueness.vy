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
def _begin():
    """
    @notice Start a new list.
    """
    self.rounds += 1


@internal
def _is_new(_entry: address) -> bool:
    """
    @notice Is this the first time the current list names the address?
    """
    if self.seen[_entry] == self.rounds:
        return False
    self.seen[_entry] = self.rounds
    return True
