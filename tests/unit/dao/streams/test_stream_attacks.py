"""TokenStream and those who want more of it: odd tokens, callbacks, donations, other streams."""

import pytest
from ape import chain, reverts
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexkit.economics.schedule import Schedule, Segment

E18 = 10**18
DAY_S = 86_400
YEAR_S = 365 * DAY_S
ZERO = "0x" + "00" * 20
TOTAL = 100 * E18


# ---------------------------------------------------------------- odd tokens


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("takes a fee", "Invalid post transfer balance"),
        ("gives one more", "Invalid post transfer balance"),
        ("moves nothing", "Invalid post transfer balance"),
        ("moves nothing, returns false", "SafeERC20: ERC20 operation did not succeed"),
    ],
)
def test_create__token_that_moves_something_else__reverts(
    odd_streams, odd, creator, open_stream, habit, reason
):
    """I-19, I-27: what is promised is here; a stream never leans on another one's coins."""
    open_stream(odd_streams)
    odd.adopt(habit, sender=creator)
    with reverts(reason):
        open_stream(odd_streams)
    assert odd_streams.streamCount() == 1


@pytest.mark.parametrize("habit", ["charges one more", "moves nothing"])
def test_claim__token_that_moves_something_else__reverts(
    odd_streams, odd, creator, recipient, open_stream, at, habit
):
    """I-19: no claim takes more than it pays, or counts what it did not pay."""
    stream, begin = open_stream(odd_streams)
    open_stream(odd_streams)
    odd.adopt(habit, sender=creator)
    with reverts("Invalid post transfer balance"):
        at(begin + YEAR_S, odd_streams.claim, stream, sender=recipient)
    assert odd_streams.getStream(stream).claimed == 0
    odd.adopt("", sender=creator)
    at(begin + YEAR_S + 9, odd_streams.claim, stream, sender=recipient)
    assert odd.balanceOf(recipient) == odd_streams.vested(stream, begin + YEAR_S + 9)


def test_claim__token_without_answers__works(odd_streams, odd, creator, recipient, open_stream, at):
    """I-19: some tokens answer nothing."""
    odd.adopt("returns nothing", sender=creator)
    stream, begin = open_stream(odd_streams)
    at(begin + 3 * YEAR_S, odd_streams.claim, stream, sender=recipient)
    assert odd.balanceOf(recipient) == TOTAL


def test_claim__recipient_on_a_blacklist__hands_over(
    odd_streams, odd, creator, recipient, successor, stranger, open_stream, at
):
    """I-19: what cannot be paid stays his, and he can still give it to somebody who can be paid.

    S-254.
    """
    stream, begin = open_stream(odd_streams)
    odd.refuse(recipient, sender=creator)
    with reverts("Account is blacklisted"):
        at(begin + YEAR_S, odd_streams.claim, stream, sender=stranger)
    assert odd_streams.claimable(stream) >= 50 * E18
    odd_streams.proposeRecipient(stream, successor, sender=recipient)
    odd_streams.acceptRecipient(stream, sender=successor)
    at(begin + 3 * YEAR_S, odd_streams.claim, stream, sender=stranger)
    assert (odd.balanceOf(successor), odd.balanceOf(recipient)) == (TOTAL, 0)


# ---------------------------------------------------------------- callbacks


@pytest.fixture(scope="module")
def calling(make_streams, mock, creator, recipient, open_stream):
    """Set up a token that calls back: it has coins, has approved, and has a stream of its own.

    Of three streams one is the recipient's, one the token's, one offered to it.
    """
    token = creator.deploy(mock("CallbackToken"), 2**255)
    streams = make_streams(token)
    token.transfer(token, TOTAL, sender=creator)
    token.execute(token, token.approve.encode_input(streams, TOTAL), sender=creator)
    _, begin = open_stream(streams)
    for _ in range(2):
        open_stream(streams)
    for stream in (1, 2):
        streams.proposeRecipient(stream, token, sender=recipient)
    token.execute(streams, streams.acceptRecipient.encode_input(1), sender=creator)
    return token, streams, begin


@pytest.mark.parametrize("during", ["create", "claim"])
@pytest.mark.parametrize("inner", ["create", "claim", "proposeRecipient", "acceptRecipient"])
def test_call_back__from_the_token__refused(calling, creator, recipient, at, during, inner):
    """I-22: in the middle of a transfer nothing can be changed; what was refused works outside."""
    token, streams, begin = calling
    time, later = begin + YEAR_S, begin + 2 * YEAR_S
    data = {
        "create": streams.create.encode_input(recipient, later, [(later + 1, 1)]),
        "claim": streams.claim.encode_input(2),
        "proposeRecipient": streams.proposeRecipient.encode_input(1, recipient),
        "acceptRecipient": streams.acceptRecipient.encode_input(2),
    }[inner]
    figures = streams.getStream(1), streams.getStream(2)
    token.callBack(streams, data, sender=creator)

    if during == "create":
        at(time, streams.create, recipient, later, [(later + 1, 7)], sender=creator)
    else:
        at(time, streams.claim, 0, sender=creator)

    assert (token.attempts(), token.succeeded()) == (1, False)
    assert streams.streamCount() == (4 if during == "create" else 3)
    moved = 7 if during == "create" else -TOTAL // 2
    assert token.balanceOf(streams) == 3 * TOTAL + moved
    assert (streams.getStream(1), streams.getStream(2)) == figures
    token.callBack(ZERO, b"", sender=creator)
    token.execute(streams, data, sender=creator)


# ---------------------------------------------------------------- other streams, donations


def test_claim__never_from_another_stream(
    streams, coin, recipient, successor, open_stream, at, creator
):
    """I-27: who has had all of his gets nothing of what others have not had, whoever asks.

    S-252.
    """
    stream, begin = open_stream(streams, [(1, TOTAL)])
    other, _ = open_stream(streams, [(YEAR_S, 7 * TOTAL)], successor)
    at(begin + YEAR_S // 2, streams.claim, stream, sender=recipient)
    for account in (recipient, successor, creator):
        streams.claim(stream, sender=account)
    assert coin.balanceOf(recipient) == TOTAL
    assert coin.balanceOf(streams) == 7 * TOTAL
    at(begin + 2 * YEAR_S, streams.claim, other, sender=recipient)
    assert (coin.balanceOf(successor), coin.balanceOf(streams)) == (7 * TOTAL, 0)


def test_donation__does_nothing(streams, coin, creator, recipient, open_stream, at):
    """I-09, S-253: coins sent in belong to no stream; the original pays them to its recipient."""
    stream, begin = open_stream(streams)
    figures = streams.getStream(stream), streams.getSegments(stream)
    coin.transfer(streams, 7, sender=creator)
    assert (streams.getStream(stream), streams.getSegments(stream)) == figures
    at(begin + 3 * YEAR_S, streams.claim, stream, sender=recipient)
    assert (coin.balanceOf(recipient), coin.balanceOf(streams)) == (TOTAL, 7)


def test_create__for_somebody_elses_coins__reverts(streams, coin, creator, stranger):
    """An approval is good for its owner's own streams only."""
    begin = chain.pending_timestamp + DAY_S
    assert coin.allowance(creator, streams) > 0
    with reverts("ERC20: transfer amount exceeds balance"):
        streams.create(stranger, begin, [(begin + 1, 1)], sender=stranger)


# ---------------------------------------------------------------- contracts as recipients


def test_recipient__is_a_contract(streams, coin, make_house, creator, stranger, at):
    """R-22: it is paid by anyone's push, and hands over or takes like an account."""
    house, heir = make_house(), make_house()
    begin = chain.pending_timestamp + DAY_S
    streams.create(house, begin, [(begin + 10, 10)], sender=creator)
    at(begin + 4, streams.claim, 0, sender=stranger)
    assert coin.balanceOf(house) == 4
    offer = streams.proposeRecipient.encode_input(0, heir)
    house.execute([(streams, offer)], sender=stranger)
    take = streams.acceptRecipient.encode_input(0)
    with reverts("Must be proposed recipient"):
        house.execute([(streams, take)], sender=stranger)
    heir.execute([(streams, take)], sender=stranger)
    at(begin + 10, streams.claim, 0, sender=stranger)
    assert (coin.balanceOf(house), coin.balanceOf(heir)) == (4, 6)


# ---------------------------------------------------------------- any history

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "claim", "claim", "hand over", "donate"]),
        st.integers(0, 3),
        st.sampled_from([0, 1, 13, DAY_S, 90 * DAY_S]),
        st.integers(1, 10**24),
    ),
    min_size=5,
    max_size=10,
)


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_streams__any_history(make_streams, coin, creator, accounts, stranger, at, steps):
    """I-27: what is here is what streams have left, and donations; each gets what vested, once."""
    streams, here = make_streams(), 0
    opened, claimed, owners = [], [], []
    for action, which, pause, amount in [("create", 0, 0, 10**20), *steps]:
        time = chain.pending_timestamp + pause
        stream = which % max(1, len(opened))
        if action == "create":
            shape = [(time + DAY_S, 0), (time + 2 * DAY_S + which, amount), (2**40 - 1, 3)]
            at(time, streams.create, accounts[9 + which], time, shape, sender=creator)
            opened.append(Schedule(time, tuple(Segment(*one) for one in shape)))
            claimed.append(0)
            owners.append(accounts[9 + which])
            here += amount + 3
        elif action == "claim":
            at(time, streams.claim, stream, sender=stranger)
            here -= opened[stream].vested(time) - claimed[stream]
            claimed[stream] = opened[stream].vested(time)
        elif action == "hand over":
            new = accounts[10 + which]
            streams.proposeRecipient(stream, new, sender=owners[stream])
            streams.acceptRecipient(stream, sender=new)
            owners[stream] = new
        else:
            coin.transfer(streams, amount, sender=creator)
            here += amount
        assert coin.balanceOf(streams) == here
    for stream, schedule in enumerate(opened):
        figures = (schedule.begin, schedule.total, claimed[stream])
        assert streams.getStream(stream) == (owners[stream], ZERO, *figures)
