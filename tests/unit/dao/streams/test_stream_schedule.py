"""TokenStream against its mirror in Python, and the published tables, to the wei (R-22, I-27)."""

from fractions import Fraction

import pytest
from ape import chain
from eth_abi import decode
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexkit.economics.allocation import load
from indexkit.economics.schedule import Schedule, Segment, months_after

E18 = 10**18
SUPPLY = 10_000_000 * E18
DAY_S = 86_400
YEAR_S = 365 * DAY_S
MAX_CALLS = 64

SPANS_S = st.one_of(st.integers(1, 3), st.integers(1, 4 * YEAR_S))
AMOUNTS = st.one_of(st.just(0), st.integers(1, 10**6), st.integers(1, 10**25))
SHAPES = st.lists(st.tuples(SPANS_S, AMOUNTS), min_size=1, max_size=15)
PLAIN = settings(
    max_examples=7,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def vested_at(make_house, creator):
    """Return a function that tells what a stream has vested at each of many times {s}."""
    house = make_house()

    def ask(streams, stream, times):
        found = []
        for first in range(0, len(times), MAX_CALLS):
            page = times[first : first + MAX_CALLS]
            calls = [(streams, streams.vested.encode_input(stream, time)) for time in page]
            answers = house.execute.call(calls, sender=creator)
            found += [decode(["uint256"], answer)[0] for answer in answers]
        return found

    return ask


@pytest.fixture(scope="module")
def stream_of(creator):
    """Return a function that creates a stream of a schedule, and tells its id."""

    def create(streams, schedule, to):
        segments = [(segment.end, segment.amount) for segment in schedule.segments]
        streams.create(to, schedule.begin, segments, sender=creator)
        return streams.streamCount() - 1

    return create


def scheduled(begin, shape):
    """Return a schedule of spans {s} and amounts, closed by 3 units in a second."""
    segments, end = [], begin
    for span, amount in (*shape, (1, 3)):
        end += span
        segments.append(Segment(end, amount))
    return Schedule(begin, tuple(segments))


@PLAIN
@given(shape=SHAPES, data=st.data())
def test_vested__equals_the_mirror(streams, stream_of, vested_at, recipient, shape, data):
    """I-27, S-247: at random times, at each boundary and a second beside it; and it never falls."""
    schedule = scheduled(chain.pending_timestamp + DAY_S, shape)
    stream = stream_of(streams, schedule, recipient)
    beside = {time + step for time in schedule.boundaries for step in (-1, 0, 1)}
    drawn = st.integers(schedule.begin - DAY_S, schedule.end + DAY_S)
    times = sorted({0, 2**256 - 1, *beside, *data.draw(st.lists(drawn, max_size=40))})
    found = vested_at(streams, stream, times)
    assert found == [schedule.vested(time) for time in times] == sorted(found)
    assert found[-1] == schedule.total


@PLAIN
@given(shape=SHAPES, parts=st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_claim__at_any_times__pays_everything(
    streams, stream_of, coin, recipient, stranger, at, shape, parts
):
    """R-22, I-27: claims pay what the mirror pays, in the end the total, and keep no dust.

    S-248.
    """
    schedule = scheduled(chain.pending_timestamp + DAY_S, shape)
    stream = stream_of(streams, schedule, recipient)
    here, had = coin.balanceOf(streams), coin.balanceOf(recipient)
    length = schedule.end - schedule.begin
    times = sorted({schedule.begin + length * part // 10**6 for part in parts})
    paid = schedule.claims([*times, schedule.end])
    for time, amount in zip((*times, schedule.end + 1), paid, strict=True):
        at(time, streams.claim, stream, sender=stranger)
        had += amount
        assert coin.balanceOf(recipient) == had
    assert coin.balanceOf(streams) == here - schedule.total


# ---------------------------------------------------------------- as published


@pytest.fixture(scope="module")
def index_streams(make_streams, index_token):
    """Return a contract of streams of INDEX."""
    return make_streams(index_token)


@pytest.fixture
def launched(index_streams, stream_of, at_launch, accounts):
    """Create the published streams on their day; return each one's id and schedule."""
    return {
        stream.bucket: (stream_of(index_streams, stream.schedule, to), stream.schedule)
        for stream, to in zip(load().streams(), accounts[9:13], strict=True)
    }


@pytest.mark.parametrize(
    ("months", "percent", "thirds"),
    [
        *((2, "2.5", 1), (3, "3.75", 0), (6, "7.5", 0), (12, "15", 0)),
        *((18, "19.5", 0), (24, "24", 0), (36, "30", 0)),
    ],
)
def test_team__vests_as_published(index_streams, launched, vested_at, months, percent, thirds):
    """R-22: the 30 % pool; months are twelfths of the 365 days that boundaries are apart.

    After two months both streams are at thirds of a wei, which each rounds down: a wei in all.
    """
    vested = 0
    for bucket in ("set-labs", "defi-pulse"):
        stream, schedule = launched[bucket]
        vested += vested_at(index_streams, stream, [months_after(schedule.begin, months)])[0]
    assert vested == Fraction(percent) * SUPPLY / 100 - thirds


def test_treasury__vests_as_published(
    index_streams, launched, vested_at, index_token, accounts, stranger, at
):
    """R-22: 2,375,000, 1,425,000 and 950,000 by year, paid in the very second of each boundary."""
    stream, schedule = launched["treasury-vesting"]
    assert schedule.boundaries == (1602010800, 1633546800, 1665082800, 1696618800)
    recipient = index_streams.getStream(stream).recipient
    paid = []
    for boundary in schedule.boundaries:
        before = index_token.balanceOf(recipient)
        at(boundary, index_streams.claim, stream, sender=stranger)
        assert chain.blocks.head.timestamp == boundary
        paid.append((index_token.balanceOf(recipient) - before) // E18)
        assert index_token.balanceOf(recipient) == vested_at(index_streams, stream, [boundary])[0]
    assert paid == [0, 2_375_000, 1_425_000, 950_000]
    assert index_token.balanceOf(recipient) == 4_750_000 * E18


def test_published__boundaries_to_the_second(index_streams, launched, vested_at):
    """R-22: each stream a second before, at and after each boundary, and everything is here."""
    for stream, schedule in launched.values():
        times = [time + step for time in schedule.boundaries for step in (-1, 0, 1)]
        found = vested_at(index_streams, stream, times)
        assert found == [schedule.vested(time) for time in times]
        ended = [sum(segment.amount for segment in schedule.segments[:n]) for n in range(4)]
        assert found[1::3] == ended[: len(schedule.boundaries)]
    total = sum(schedule.total for _, schedule in launched.values())
    assert total == 8_500_000 * E18
