"""TokenStream: creating, claiming, handing over, and every rule about who and how much."""

import pytest
from ape import chain, project, reverts

E18 = 10**18
DAY_S = 86_400
YEAR_S = 365 * DAY_S
ZERO = "0x" + "00" * 20
TOTAL = 100 * E18
MAX_TOTAL = 2**128 - 1
MAX_TIME = 2**40 - 1


# ---------------------------------------------------------------- create


def test_constructor__plain(streams, coin):
    """R-22: one token, no streams yet."""
    assert streams.token() == coin
    assert streams.streamCount() == 0


@pytest.mark.parametrize("token", [ZERO, "0x" + "e1" * 20])
def test_constructor__no_token__reverts(creator, token):
    """An address mistyped would only be noticed when coins are to move."""
    with reverts("Token must exist"):
        creator.deploy(project.TokenStream, token)


def test_create__plain(streams, coin, creator, recipient):
    """R-22, S-245: the whole total is taken at once, and the schedule kept as it was given."""
    held = coin.balanceOf(creator)
    begin = chain.pending_timestamp + DAY_S
    segments = [(begin + 1, 7), (begin + 2, 0), (begin + YEAR_S, TOTAL)]
    assert streams.create.call(recipient, begin, segments, sender=creator) == 0

    receipt = streams.create(recipient, begin, segments, sender=creator)

    paid = TOTAL + 7
    left = coin.allowance(creator, streams)
    assert receipt.events == [
        coin.Transfer(**{"from": creator, "to": streams, "value": paid}),
        coin.Approval(owner=creator, spender=streams, value=left),
        streams.StreamCreated(
            id=0, creator=creator, recipient=recipient, begin=begin, segments=segments
        ),
    ]
    assert streams.streamCount() == 1
    assert streams.getStream(0) == (recipient, ZERO, begin, paid, 0)
    assert streams.getSegments(0) == segments
    assert (coin.balanceOf(creator), coin.balanceOf(streams)) == (held - paid, paid)


def test_create__by_anyone(streams, coin, creator, recipient, stranger):
    """R-22: whoever pays; ids count up, and each stream keeps its own figures."""
    coin.transfer(stranger, 5, sender=creator)
    coin.approve(streams, 5, sender=stranger)
    begin = chain.pending_timestamp + 60
    streams.create(recipient, begin, [(begin + 1, 3)], sender=stranger)
    assert streams.create.call(stranger, begin, [(begin + 1, 2)], sender=stranger) == 1
    streams.create(stranger, begin + 1, [(begin + 2, 2)], sender=stranger)
    assert streams.getStream(0) == (recipient, ZERO, begin, 3, 0)
    assert streams.getStream(1) == (stranger, ZERO, begin + 1, 2, 0)
    assert streams.getSegments(1) == [(begin + 2, 2)]


def test_create__begins_now(streams, creator, recipient, at):
    """R-22: the present second is not past."""
    now = chain.pending_timestamp + 60
    at(now, streams.create, recipient, now, [(now + 1, 1)], sender=creator)
    assert streams.claimable(0) == 0


def test_create__begins_in_the_past__reverts(streams, creator, recipient, at):
    """As the original: a time mistyped would vest at once (S-246)."""
    now = chain.pending_timestamp + 60
    with reverts("Begin must not be past"):
        at(now, streams.create, recipient, now - 1, [(now + 1, 1)], sender=creator)


def test_create__recipient_that_cannot_act__reverts(streams, coin, creator):
    """Coins that arrive there are lost."""
    begin = chain.pending_timestamp + DAY_S
    for to in (ZERO, streams, coin):
        with reverts("Recipient must be able to act"):
            streams.create(to, begin, [(begin + 1, 1)], sender=creator)


@pytest.mark.parametrize(
    ("segments", "reason"),
    [
        ([], "Must have at least 1 segment"),
        ([(0, 1)], "Ends must increase"),
        ([(-1, 1)], "Ends must increase"),
        ([(2, 1), (2, 1)], "Ends must increase"),
        ([(2, 1), (1, 1)], "Ends must increase"),
        ([(1, 0), (2, 0)], "Total must be > 0"),
        ([(1, MAX_TOTAL + 1)], "Total too large"),
        ([(1, 1), (2, MAX_TOTAL)], "Total too large"),
        ([(1, 2**256 - 1), (2, 1)], "Total too large"),
        ([(1, 1), (2, 2**256 - 1)], "Total too large"),
    ],
)
def test_create__schedule_that_makes_no_sense__reverts(
    streams, creator, recipient, segments, reason
):
    """R-22: ends rise from the begin, something is vested, and no product overflows."""
    begin = chain.pending_timestamp + DAY_S
    with reverts(reason):
        streams.create(recipient, begin, [(begin + s, a) for s, a in segments], sender=creator)
    assert streams.streamCount() == 0


@pytest.mark.parametrize("end", [MAX_TIME + 1, 2**255, 1_696_618_800_000])
def test_create__end_beyond_its_room__reverts(streams, creator, recipient, end):
    """A time in milliseconds is no time in seconds; nothing is cut."""
    begin = chain.pending_timestamp + DAY_S
    with reverts("End too late"):
        streams.create(recipient, begin, [(end, 1)], sender=creator)


def test_create__more_segments_than_the_bound__reverts(streams, creator, recipient):
    """Sixteen are kept as given, seventeen do not decode."""
    begin = chain.pending_timestamp + DAY_S
    segments = [(begin + 10 * i, i) for i in range(1, 18)]
    with reverts():
        streams.create(recipient, begin, segments, sender=creator)
    streams.create(recipient, begin, segments[:16], sender=creator)
    assert streams.getSegments(0) == segments[:16]


def test_create__without_the_coins__reverts(streams, coin, recipient, stranger):
    """I-27: nothing is promised that is not here."""
    coin.approve(streams, TOTAL, sender=stranger)
    begin = chain.pending_timestamp + DAY_S
    with reverts("ERC20: transfer amount exceeds balance"):
        streams.create(recipient, begin, [(begin + 1, 1)], sender=stranger)
    assert streams.streamCount() == 0


# ---------------------------------------------------------------- claim


def test_claim__plain(streams, coin, recipient, open_stream, at):
    """R-22: half of the first year's 50 % after half of it."""
    stream, begin = open_stream(streams)
    held = coin.balanceOf(recipient)
    time = begin + YEAR_S // 2

    receipt = at(time, streams.claim, stream, sender=recipient)

    assert receipt.events == [
        coin.Transfer(**{"from": streams, "to": recipient, "value": TOTAL // 4}),
        streams.Claimed(id=stream, recipient=recipient, amount=TOTAL // 4),
    ]
    assert coin.balanceOf(recipient) == held + TOTAL // 4
    assert streams.getStream(stream) == (recipient, ZERO, begin, TOTAL, TOTAL // 4)
    assert streams.claimable(stream) == 0
    chain.mine(timestamp=time + YEAR_S)
    expected = 65 * E18 - TOTAL // 4
    assert streams.claimable(stream) == streams.claim.call(stream, sender=recipient) == expected


def test_claim__by_a_stranger__pays_the_recipient(
    streams, coin, recipient, stranger, open_stream, at
):
    """R-22, S-249: anyone may push the claim, and gains nothing by it."""
    stream, begin = open_stream(streams)
    receipt = at(begin + YEAR_S, streams.claim, stream, sender=stranger)
    assert receipt.events == [
        coin.Transfer(**{"from": streams, "to": recipient, "value": TOTAL // 2}),
        streams.Claimed(id=stream, recipient=recipient, amount=TOTAL // 2),
    ]
    assert coin.balanceOf(stranger) == 0


def test_claim__nothing_vested__does_nothing(streams, recipient, open_stream, at):
    """R-22: before and at the begin, and twice in a second: no event, no transfer, no error."""
    stream, begin = open_stream(streams)
    for time in (begin - 1, begin):
        receipt = at(time, streams.claim, stream, sender=recipient)
        assert receipt.events == []
    at(begin + 3 * YEAR_S, streams.claim, stream, sender=recipient)
    assert streams.claim(stream, sender=recipient).events == []
    assert streams.claim.call(stream, sender=recipient) == 0


def test_claim__after_the_end__pays_the_rest_once(streams, coin, recipient, open_stream, at):
    """R-22: everything, to the wei, and never again."""
    stream, begin = open_stream(streams)
    at(begin + 1, streams.claim, stream, sender=recipient)
    at(begin + 90 * YEAR_S, streams.claim, stream, sender=recipient)
    assert coin.balanceOf(recipient) == TOTAL
    assert coin.balanceOf(streams) == 0
    assert streams.getStream(stream).claimed == TOTAL


def test_claim__cliff_and_pause(streams, coin, recipient, open_stream, at):
    """R-22: segments of 0 vest nothing; a segment of a second vests at once."""
    spans = ((DAY_S, 0), (DAY_S + 1, 10), (2 * DAY_S, 0), (3 * DAY_S, 90))
    stream, begin = open_stream(streams, spans)
    for time, vested in (
        *((0, 0), (DAY_S - 1, 0), (DAY_S, 0), (DAY_S + 1, 10), (2 * DAY_S, 10)),
        *((2 * DAY_S + 960, 11), (5 * DAY_S // 2, 55), (3 * DAY_S, 100)),
    ):
        at(begin + time, streams.claim, stream, sender=recipient)
        assert coin.balanceOf(recipient) == streams.vested(stream, begin + time) == vested


def test_claim__largest_stream__does_not_overflow(odd_streams, odd, creator, recipient, at):
    """I-27: 2**128 - 1 over 16 segments up to the last second there is, claimed in between."""
    streams, begin = odd_streams, chain.pending_timestamp + DAY_S
    amount = MAX_TOTAL // 16
    step = (MAX_TIME - begin) // 16
    segments = [(begin + step * i, amount) for i in range(1, 16)] + [(MAX_TIME, amount + 15)]
    streams.create(recipient, begin, segments, sender=creator)
    assert streams.getSegments(0) == segments
    assert streams.getStream(0) == (recipient, ZERO, begin, MAX_TOTAL, 0)
    at(begin + step * 3 + step - 1, streams.claim, 0, sender=recipient)
    assert odd.balanceOf(recipient) == amount * 3 + amount * (step - 1) // step
    assert streams.vested(0, MAX_TIME - 1) < MAX_TOTAL
    for late in (MAX_TIME, MAX_TIME + 1, 2**256 - 1):
        assert streams.vested(0, late) == MAX_TOTAL
    at(MAX_TIME, streams.claim, 0, sender=recipient)
    assert (odd.balanceOf(recipient), odd.balanceOf(streams)) == (MAX_TOTAL, 0)
    assert streams.getStream(0) == (recipient, ZERO, begin, MAX_TOTAL, MAX_TOTAL)
    assert streams.getSegments(0) == segments


# ---------------------------------------------------------------- handing over


def test_propose_recipient__plain(streams, recipient, successor, open_stream):
    """R-22: the first of two steps changes nothing yet."""
    stream, begin = open_stream(streams)
    receipt = streams.proposeRecipient(stream, successor, sender=recipient)
    assert receipt.events == [
        streams.RecipientProposed(id=stream, recipient=recipient, proposed=successor)
    ]
    assert streams.getStream(stream) == (recipient, successor, begin, TOTAL, 0)


def test_accept_recipient__plain(streams, recipient, successor, open_stream):
    """R-22: the second one hands the stream over; offer and schedule are as they should be."""
    stream, begin = open_stream(streams)
    segments = streams.getSegments(stream)
    streams.proposeRecipient(stream, successor, sender=recipient)
    receipt = streams.acceptRecipient(stream, sender=successor)
    assert receipt.events == [
        streams.RecipientChanged(id=stream, previous=recipient, recipient=successor)
    ]
    assert streams.getStream(stream) == (successor, ZERO, begin, TOTAL, 0)
    assert streams.getSegments(stream) == segments


def test_accept_recipient__in_mid_stream(
    streams, coin, recipient, successor, stranger, open_stream, at
):
    """R-22: until he accepts the former one is paid; then the new one gets all that is left.

    S-250.
    """
    stream, begin = open_stream(streams)
    streams.proposeRecipient(stream, successor, sender=recipient)
    at(begin + YEAR_S, streams.claim, stream, sender=stranger)
    at(begin + 2 * YEAR_S, streams.acceptRecipient, stream, sender=successor)
    at(begin + 2 * YEAR_S + 1, streams.claim, stream, sender=recipient)
    at(begin + 3 * YEAR_S, streams.claim, stream, sender=stranger)
    assert coin.balanceOf(recipient) == 50 * E18
    assert coin.balanceOf(successor) == 50 * E18


def test_propose_recipient__again_replaces__and_zero_cancels(
    streams, recipient, successor, stranger, open_stream
):
    """R-22, S-251: one offer at a time."""
    stream, _ = open_stream(streams)
    streams.proposeRecipient(stream, stranger, sender=recipient)
    streams.proposeRecipient(stream, successor, sender=recipient)
    with reverts("Must be proposed recipient"):
        streams.acceptRecipient(stream, sender=stranger)
    receipt = streams.proposeRecipient(stream, ZERO, sender=recipient)
    assert receipt.events == [
        streams.RecipientProposed(id=stream, recipient=recipient, proposed=ZERO)
    ]
    assert streams.getStream(stream).pendingRecipient == ZERO
    with reverts("Must be proposed recipient"):
        streams.acceptRecipient(stream, sender=successor)


def test_propose_recipient__anyone_else__reverts(
    streams, recipient, successor, creator, stranger, open_stream
):
    """I-20: neither who paid for it, nor who it was offered to, nor who had it."""
    stream, _ = open_stream(streams)
    streams.proposeRecipient(stream, successor, sender=recipient)
    for account in (creator, successor, stranger):
        with reverts("Must be recipient"):
            streams.proposeRecipient(stream, account, sender=account)
    streams.acceptRecipient(stream, sender=successor)
    with reverts("Must be recipient"):
        streams.proposeRecipient(stream, recipient, sender=recipient)


def test_accept_recipient__anyone_else__reverts(
    streams, recipient, successor, creator, stranger, open_stream
):
    """I-20: an offer is good for one account, once, and for one stream."""
    stream, _ = open_stream(streams)
    other, _ = open_stream(streams)
    streams.proposeRecipient(stream, successor, sender=recipient)
    for account in (recipient, creator, stranger):
        with reverts("Must be proposed recipient"):
            streams.acceptRecipient(stream, sender=account)
    with reverts("Must be proposed recipient"):
        streams.acceptRecipient(other, sender=successor)
    streams.acceptRecipient(stream, sender=successor)
    with reverts("Must be proposed recipient"):
        streams.acceptRecipient(stream, sender=successor)


# ---------------------------------------------------------------- unknown streams


@pytest.mark.parametrize("unknown", [1, 2**256 - 1])
def test_unknown_stream__reverts(streams, recipient, open_stream, unknown):
    """R-22: one reason, whatever is asked of it."""
    open_stream(streams)
    for view in (streams.getStream, streams.getSegments, streams.claimable):
        with reverts("No such stream"):
            view(unknown)
    with reverts("No such stream"):
        streams.vested(unknown, 0)
    for function in (streams.claim, streams.acceptRecipient):
        with reverts("No such stream"):
            function(unknown, sender=recipient)
    with reverts("No such stream"):
        streams.proposeRecipient(unknown, recipient, sender=recipient)
