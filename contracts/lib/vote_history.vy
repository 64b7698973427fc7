# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Vote history
@license MIT
@notice Votes by delegate, at present and at the end of every past block.
@dev Who delegates how much to whom is the business of the contract that initialises this module: together never
     more than 96 bits, and no delegate loses what he has not got, so nothing here can over- or underflow. Nothing
     calls out, so every function is @reentrant. A checkpoint is 128 bits: votes << 32 | block. The newest
     shares a word with the number of all, the older ones lie two in a word: a first checkpoint writes one slot, a
     further one two, a second one in a block one.
"""

from interfaces import IIndexToken

MAX_VOTES: constant(uint256) = 2**96 - 1
MAX_BLOCK: constant(uint256) = 2**32 - 1
MAX_CHECKPOINT: constant(uint256) = 2**128 - 1

# delegate -> checkpoints so far << 128 | newest checkpoint. 0: none; read as a checkpoint, no votes since block 0.
newest: HashMap[address, uint256]
# delegate -> pair -> later << 128 | earlier, of all checkpoints but the newest, whose place stays empty. Their
# blocks must rise, or the search goes astray.
older: HashMap[address, HashMap[uint256, uint256]]


@external
@view
@reentrant
def numCheckpoints(account: address) -> uint32:
    return convert(self.newest[account] >> 128, uint32)


@external
@view
@reentrant
def checkpoints(account: address, index: uint32) -> (uint32, uint96):
    """
    @return The block from which on, and votes {INDEX}; zeros past the end
    """
    head: uint256 = self.newest[account]
    checkpoint: uint256 = head & MAX_CHECKPOINT
    if unsafe_add(convert(index, uint256), 1) != head >> 128:
        checkpoint = self._older(account, convert(index, uint256))
    return convert(checkpoint & MAX_BLOCK, uint32), convert(checkpoint >> 32, uint96)


@internal
def _move(_from: address, _to: address, _votes: uint256):
    """
    @dev Nobody loses or gains by the zero address.
    """
    if _from == _to or _votes == 0:
        return
    if _from != empty(address):
        head: uint256 = self.newest[_from]
        before: uint256 = self._votes(head)
        self._write(_from, head, before, unsafe_sub(before, _votes))
    if _to != empty(address):
        head: uint256 = self.newest[_to]
        before: uint256 = self._votes(head)
        self._write(_to, head, before, unsafe_add(before, _votes))


@internal
def _write(_account: address, _head: uint256, _before: uint256, _after: uint256):
    assert block.number <= MAX_BLOCK, "INDEX._writeCheckpoint: block number exceeds 32 bits"

    count: uint256 = _head >> 128
    if _head & MAX_BLOCK != block.number:
        if count != 0:
            self._keep(_account, unsafe_sub(count, 1), _head & MAX_CHECKPOINT)
        count = unsafe_add(count, 1)
    self.newest[_account] = count << 128 | _after << 32 | block.number

    log IIndexToken.DelegateVotesChanged(
        delegate=_account, previousBalance=_before, newBalance=_after
    )


@internal
def _keep(_account: address, _index: uint256, _checkpoint: uint256):
    if _index & 1 == 0:
        self.older[_account][_index >> 1] = _checkpoint
    else:
        self.older[_account][_index >> 1] |= _checkpoint << 128


@internal
@view
def _current_votes(_account: address) -> uint256:
    return self._votes(self.newest[_account])


@internal
@view
def _prior_votes(_account: address, _block: uint256) -> uint256:
    """
    @dev Of the end of a block, so of a past one only. At most 32 halvings: there is one checkpoint to a block.
    """
    self._check_past(_block)
    head: uint256 = self.newest[_account]
    if head & MAX_BLOCK <= _block:
        return self._votes(head)

    # The last of the older checkpoints that is not after the block is found, below `low`, or there is none.
    found: uint256 = 0
    low: uint256 = 0
    high: uint256 = unsafe_sub(head >> 128, 1)
    for _: uint256 in range(32):
        if low == high:
            break
        middle: uint256 = unsafe_add(low, high) >> 1
        checkpoint: uint256 = self._older(_account, middle)
        if checkpoint & MAX_BLOCK <= _block:
            found = checkpoint
            low = unsafe_add(middle, 1)
        else:
            high = middle
    return self._votes(found)


@internal
@view
def _check_past(_block: uint256):
    assert _block < block.number, "INDEX.getPriorVotes: not yet determined"


@internal
@view
def _older(_account: address, _index: uint256) -> uint256:
    pair: uint256 = self.older[_account][_index >> 1]
    if _index & 1 == 0:
        return pair & MAX_CHECKPOINT
    return pair >> 128


@internal
@pure
def _votes(_word: uint256) -> uint256:
    return (_word >> 32) & MAX_VOTES
