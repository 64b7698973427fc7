# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Stream book
@license MIT
@notice Who gets a stream, by which schedule, and how much of it he has had.
@dev Moves nothing: the contract that initialises this module does, and checks what it opens. A claim reads two words
     and one per segment up to the present one, and writes one. Nothing calls out, so views are @reentrant.
"""

from contracts.lib import bounds
from interfaces import ITokenStream

# {s} Latest end of a segment, far off: but milliseconds, taken for seconds, are beyond it.
MAX_TIME: constant(uint256) = 2**40 - 1
# {token} in one stream: far above any supply, and no product of it with a time overflows.
MAX_TOTAL: constant(uint256) = 2**128 - 1

MAX_ADDRESS: constant(uint256) = 2**160 - 1
BEGIN_SHIFT: constant(uint256) = 160
END_SHIFT: constant(uint256) = 200
COUNT_SHIFT: constant(uint256) = 240
AMOUNT_BITS: constant(uint256) = 128

# Streams so far: the id of the next one. Too low, and that one overwrites another.
streamCount: public(reentrant(uint256))

# id -> segments << 240 | end {s} << 200 | begin {s} << 160 | recipient; never 0 if there is such a stream. An
# end before that of the last segment pays early.
heads: HashMap[uint256, uint256]

# id -> total {token} << 128 | claimed {token}. A total above the segments' sum, or a claim that is not counted, is
# paid from other streams' coins.
sums: HashMap[uint256, uint256]

# id -> place -> end {s} << 128 | amount {token}, as many as the head says. Ends must rise, from the begin.
segments: HashMap[uint256, uint256[bounds.MAX_SEGMENTS]]

# id -> who may take the stream; empty if nobody.
offers: HashMap[uint256, address]


@external
@view
@reentrant
def getStream(id: uint256) -> ITokenStream.Stream:
    head: uint256 = self._head(id)
    return ITokenStream.Stream(
        recipient=self._recipient(head),
        pendingRecipient=self.offers[id],
        begin=(head >> BEGIN_SHIFT) & MAX_TIME,
        total=self.sums[id] >> AMOUNT_BITS,
        claimed=self.sums[id] & MAX_TOTAL,
    )


@external
@view
@reentrant
def getSegments(id: uint256) -> DynArray[ITokenStream.Segment, bounds.MAX_SEGMENTS]:
    segments: DynArray[ITokenStream.Segment, bounds.MAX_SEGMENTS] = []
    for i: uint256 in range(self._head(id) >> COUNT_SHIFT, bound=bounds.MAX_SEGMENTS):
        word: uint256 = self.segments[id][i]
        segments.append(ITokenStream.Segment(end=word >> AMOUNT_BITS, amount=word & MAX_TOTAL))
    return segments


@external
@view
@reentrant
def vested(id: uint256, time: uint256) -> uint256:
    """
    @notice {token} of a stream that have vested by a time {s}, past or to come; rounded down.
    """
    return self._vested(id, self._head(id), time)


@external
@view
@reentrant
def claimable(id: uint256) -> uint256:
    """
    @notice {token} that `claim` would pay now.
    """
    return self._vested(id, self._head(id), block.timestamp) - (self.sums[id] & MAX_TOTAL)


@internal
def _add(
    _recipient: address,
    _begin: uint256,
    _segments: DynArray[ITokenStream.Segment, bounds.MAX_SEGMENTS],
    _total: uint256,
) -> uint256:
    # At least one segment, times and total within their bounds, and the total is the segments'.
    id: uint256 = self.streamCount
    head: uint256 = len(_segments) << COUNT_SHIFT | _begin << BEGIN_SHIFT
    head |= _segments[len(_segments) - 1].end << END_SHIFT
    self.streamCount = id + 1
    self.heads[id] = head | convert(_recipient, uint256)
    self.sums[id] = _total << AMOUNT_BITS
    for i: uint256 in range(len(_segments), bound=bounds.MAX_SEGMENTS):
        self.segments[id][i] = _segments[i].end << AMOUNT_BITS | _segments[i].amount
    return id


@internal
def _take(_id: uint256, _head: uint256) -> uint256:
    # {token} vested by now and not taken before; now they are.
    amount: uint256 = self._vested(_id, _head, block.timestamp) - (self.sums[_id] & MAX_TOTAL)
    self.sums[_id] += amount
    return amount


@internal
def _set_recipient(_id: uint256, _head: uint256, _recipient: address):
    self.heads[_id] = _head & ~MAX_ADDRESS | convert(_recipient, uint256)


@internal
@view
def _head(_id: uint256) -> uint256:
    head: uint256 = self.heads[_id]
    assert head != 0, "No such stream"
    return head


@internal
@pure
def _recipient(_head: uint256) -> address:
    return convert(_head & MAX_ADDRESS, address)


@internal
@view
def _vested(_id: uint256, _head: uint256, _time: uint256) -> uint256:
    if _time >= (_head >> END_SHIFT) & MAX_TIME:
        return self.sums[_id] >> AMOUNT_BITS

    vested: uint256 = 0
    start: uint256 = (_head >> BEGIN_SHIFT) & MAX_TIME
    for i: uint256 in range(_head >> COUNT_SHIFT, bound=bounds.MAX_SEGMENTS):
        word: uint256 = self.segments[_id][i]
        end: uint256 = word >> AMOUNT_BITS
        if _time < end:
            # {token} = {token} * {s} / {s}; nothing before the begin
            return vested + (word & MAX_TOTAL) * (max(_time, start) - start) // (end - start)
        vested += word & MAX_TOTAL
        start = end
    return vested
