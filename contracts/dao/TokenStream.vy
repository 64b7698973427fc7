# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title TokenStream
@license MIT
@notice Vests one token for any number of recipients, second by second, as piecewise linear streams.
@dev See interfaces/ITokenStream.vyi. Views are @reentrant: everything is written before the token is called.
"""

from contracts.lib import bounds
from contracts.lib import safe_token
from contracts.lib import stream_book
from interfaces import ITokenStream

implements: ITokenStream

initializes: stream_book

exports: (
    stream_book.streamCount,
    stream_book.getStream,
    stream_book.getSegments,
    stream_book.vested,
    stream_book.claimable,
)

TOKEN: immutable(address)


@deploy
def __init__(_token: address):
    """
    @param _token What is vested. It must move what it says, and change no balance otherwise.
    """
    assert _token.is_contract, "Token must exist"

    TOKEN = _token


# ---------------------------------------------------------------- anyone


@external
def create(
    recipient: address, begin: uint256, segments: DynArray[ITokenStream.Segment, bounds.MAX_SEGMENTS]
) -> uint256:
    """
    @notice Take all of a new stream from the caller, to be vested from `begin` {s} on.
    @dev Anyone. A segment's amount may be 0: a pause, or at the beginning, a cliff. Nobody can take it back.
    @return Id of the stream
    """
    assert recipient not in [empty(address), self, TOKEN], "Recipient must be able to act"
    # What lies in the past is a mistake more often than it is meant.
    assert begin >= block.timestamp, "Begin must not be past"
    total: uint256 = self._total(begin, segments)
    assert total > 0, "Total must be > 0"

    id: uint256 = stream_book._add(recipient, begin, segments, total)

    safe_token._pull(TOKEN, msg.sender, self, total)

    log ITokenStream.StreamCreated(
        id=id, creator=msg.sender, recipient=recipient, begin=begin, segments=segments
    )
    return id


@external
def claim(id: uint256) -> uint256:
    """
    @notice Pay the recipient what has vested and was not paid before.
    @dev Anyone. Where that is nothing, nothing happens.
    @return {token} paid
    """
    head: uint256 = stream_book._head(id)
    amount: uint256 = stream_book._take(id, head)
    if amount == 0:
        return 0

    recipient: address = stream_book._recipient(head)
    safe_token._push(TOKEN, recipient, amount)

    log ITokenStream.Claimed(id=id, recipient=recipient, amount=amount)
    return amount


# ---------------------------------------------------------------- recipients


@external
def proposeRecipient(id: uint256, proposed: address):
    """
    @notice Offer a stream to `proposed`, instead of whoever it was offered to before; to nobody, if zero.
    @dev Its recipient only, and he stays it until the other accepts.
    """
    recipient: address = stream_book._recipient(stream_book._head(id))
    assert msg.sender == recipient, "Must be recipient"

    stream_book.offers[id] = proposed

    log ITokenStream.RecipientProposed(id=id, recipient=recipient, proposed=proposed)


@external
def acceptRecipient(id: uint256):
    """
    @notice Take a stream, with what has vested of it and was not claimed.
    @dev Who it was offered to only. The former recipient is not paid first: a token that refuses to pay him
         would keep the stream with him.
    """
    head: uint256 = stream_book._head(id)
    assert msg.sender == stream_book.offers[id], "Must be proposed recipient"

    stream_book.offers[id] = empty(address)
    stream_book._set_recipient(id, head, msg.sender)

    log ITokenStream.RecipientChanged(
        id=id, previous=stream_book._recipient(head), recipient=msg.sender
    )


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def token() -> address:
    return TOKEN


# ---------------------------------------------------------------- internal


@internal
@pure
def _total(
    _begin: uint256, _segments: DynArray[ITokenStream.Segment, bounds.MAX_SEGMENTS]
) -> uint256:
    """
    @return {token} of all segments, after checking each
    """
    assert len(_segments) > 0, "Must have at least 1 segment"

    total: uint256 = 0
    last: uint256 = _begin
    for segment: ITokenStream.Segment in _segments:
        assert segment.end > last, "Ends must increase"
        assert segment.end <= stream_book.MAX_TIME, "End too late"
        assert segment.amount <= stream_book.MAX_TOTAL - total, "Total too large"
        total += segment.amount
        last = segment.end
    return total
