"""Contracts that hold INDEX for others: each once, and with no more votes than coins (V-8)."""

from dataclasses import replace
from typing import Any

import pytest
from electorate import E18, INDEX, SNAPSHOT, TERMS, VOTERS
from paper_chain import FARM, LISTS, PAIR, STREAMS, PaperChain

from indexkit.errors import IndexkitError
from indexkit.metagov.mirrors import bounties, farms, pairs, streams
from indexkit.metagov.moment import NOBODY, Event
from indexkit.metagov.places import Distributor, Places
from indexkit.metagov.strategies import DELEGATE_CHANGED, check, powers
from indexkit.metagov.supply import is_off
from indexkit.metagov.terms import terms_of

ONE, TWO = (key.address for key in VOTERS[:2])
DIGEST = "ab" * 32
PLACES = Places(
    vesting=(STREAMS,),
    farms=(FARM,),
    unclaimed=(Distributor(LISTS, (DIGEST,)),),
    pools=(PAIR,),
    treasury=(TWO,),
)


def count(chain: PaperChain, name: str, places: Places, *voters: str) -> list[int]:
    """Return powers by one strategy."""
    found = powers([name], INDEX, voters, SNAPSHOT, chain, places=places)
    return [found[voter][name] for voter in voters]


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"farms": (FARM, PAIR, FARM)}, f"{FARM} is named twice among farms"),
        ({"vesting": (FARM,), "pools": (FARM,)}, f"{FARM} is named vesting, pools"),
        ({"unclaimed": (Distributor(FARM, ()),) * 2}, f"{FARM} is named twice among unclaimed"),
        ({"bounty": (TWO,), "treasury": (TWO,)}, f"{TWO} is named bounty, treasury"),
        ({"unclaimed": (Distributor(LISTS, (DIGEST,) * 2),)}, f"list {DIGEST} of {LISTS} is named"),
    ],
)
def test_places__named_twice__raises(lists: dict[str, Any], said: str) -> None:
    """V-8: whatever is named twice is refused, by its name."""
    with pytest.raises(IndexkitError, match=said):
        Places(**lists)


def test_terms__places_are_pinned() -> None:
    """R-13: the proposal's body names every contract and file; without any it is as it was."""
    terms = replace(TERMS, places=PLACES, strategies=("wallet", "farms"))
    assert terms_of(terms.text()) == terms
    assert '"farms":["' + FARM in terms.text()
    assert '{"distributor":"' + LISTS + '","lists":["' + DIGEST + '"]}' in terms.text()
    assert "places" not in TERMS.text()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f'"farms":["{FARM}"]', f'"farms":["{FARM}","{FARM}"]', "is named twice among farms"),
        (f'"farms":["{FARM}"]', f'"farms":["{PAIR}"]', f"{PAIR} is named farms, pools"),
        (f'"farms":["{FARM}"],', "", "'farms' is missing"),
        ('"bounty":[]', '"bounty":["0x12"]', "bounty is"),
        (DIGEST, "zz" * 32, "lists is"),
        ('"bounty":[]', '"bounty":[],"chef":[]', "expected nothing"),
    ],
)
def test_terms_of__places_edited__raises(old: str, new: str, said: str) -> None:
    """V-8: what an author writes by hand is read as strictly."""
    text = replace(TERMS, places=PLACES).text()
    assert old in text
    with pytest.raises(IndexkitError, match=said):
        terms_of(text.replace(old, new))


def test_terms_of__empty_places__raises() -> None:
    """R-13: there is one way to write the same terms."""
    nowhere = (
        '"places":{"bounty":[],"farms":[],"pools":[],"treasury":[],"unclaimed":[],"vesting":[]},'
    )
    text = TERMS.text().replace('"proposal"', nowhere + '"proposal"')
    with pytest.raises(IndexkitError, match="places: expected nothing"):
        terms_of(text)


def test_check__nothing_to_count__raises() -> None:
    """V-8: a strategy without a contract would count nothing and say nothing."""
    check(["wallet", "farms"], PLACES)
    with pytest.raises(IndexkitError, match="The strategy bounty has no contract to count"):
        check(["wallet", "bounty"], PLACES)


# ---------------------------------------------------------------- contracts that lie


def farm_of(chain: PaperChain, stake: int, held: int) -> PaperChain:
    """Have a contract say that somebody staked INDEX with it."""
    chain.give(FARM, held)
    chain.tell(FARM, rewardsToken=INDEX, stakingToken=INDEX, rewardsDuration=60, totalSupply=stake)
    chain.log(FARM, 2, farms.STAKED, ONE, stake)
    chain.answers[FARM, "balanceOf(address)", ONE] = stake
    chain.answers[FARM, "earned(address)", ONE] = 0
    return chain


def test_owners__more_than_it_has__refused() -> None:
    """V-8: a contract that its author made up makes no votes of nothing."""
    places = Places(farms=(FARM,))
    assert count(farm_of(PaperChain(), 5, held=5), "farms", places, ONE) == [5]
    with pytest.raises(IndexkitError, match=f"{FARM}, named among farms, owed 5 at block 100 and"):
        count(farm_of(PaperChain(), 5, held=4), "farms", places, ONE)


def test_owners__got_it_after_the_snapshot__refused() -> None:
    """I-26: what it has when it is counted does not matter."""
    chain = farm_of(PaperChain(), 5, held=4)
    chain.give(FARM, 10, block=SNAPSHOT + 1)
    with pytest.raises(IndexkitError, match="owed 5 at block 100 and had 4"):
        count(chain, "farms", Places(farms=(FARM,)), ONE)


def test_owners__about_another_token__refused() -> None:
    """V-8: neither pays INDEX nor takes it."""
    chain = farm_of(PaperChain(), 5, held=5)
    chain.tell(FARM, rewardsToken=PAIR, stakingToken=STREAMS)
    with pytest.raises(IndexkitError, match=f"{FARM}, named among farms, neither pays {INDEX}"):
        count(chain, "farms", Places(farms=(FARM,)), ONE)
    chain.tell(STREAMS, token=PAIR)
    with pytest.raises(IndexkitError, match=f"{STREAMS}, named among vesting, is about the token"):
        count(chain, "vesting", PLACES, ONE)
    chain.tell(PAIR, token0=FARM, token1=STREAMS)
    with pytest.raises(IndexkitError, match=f"{PAIR}, named among pools, is no pair of {INDEX}"):
        count(chain, "pools", PLACES, ONE)


def test_owners__events_hidden__refused() -> None:
    """V-8: the contract itself says what its events do not add up to, of all and of each voter."""
    for answer, value, said in (
        (
            "totalSupply()",
            6,
            "do not account for totalSupply: they add up to 5, the contract says 6",
        ),
        (("balanceOf(address)", ONE), 6, f"do not account for the stake of {ONE}"),
        (("earned(address)", ONE), 1, f"do not account for the earnings of {ONE}"),
    ):
        chain = farm_of(PaperChain(), 5, held=9)
        key = (answer,) if isinstance(answer, str) else answer
        chain.answers[FARM, *key] = value
        with pytest.raises(IndexkitError, match=said.replace("(", r"\(").replace(")", r"\)")):
            count(chain, "farms", Places(farms=(FARM,)), ONE)


def test_powers__place_that_votes__has_none() -> None:
    """V-8: what a contract holds for others is theirs, and not its own besides."""
    chain = farm_of(PaperChain(), 5, held=5)
    assert count(chain, "wallet", Places(), FARM) == [5]
    assert count(chain, "wallet", Places(farms=(FARM,)), FARM) == [0]
    chain.delegated[FARM] = 7
    assert count(chain, "delegated", Places(farms=(FARM,)), FARM) == [0]


def test_delegated__place_that_delegates__refused() -> None:
    """V-8: its coins would count for its delegate, and for those it owes them to."""
    chain = farm_of(PaperChain(), 5, held=5)
    chain.log(INDEX, 3, DELEGATE_CHANGED, FARM, NOBODY, TWO)
    with pytest.raises(IndexkitError, match=f"{FARM} had delegated .* to {TWO}"):
        count(chain, "delegated", Places(farms=(FARM,)), TWO)
    chain.log(INDEX, 4, DELEGATE_CHANGED, FARM, TWO, NOBODY)
    chain.log(INDEX, SNAPSHOT + 1, DELEGATE_CHANGED, FARM, NOBODY, TWO)
    assert count(chain, "delegated", Places(farms=(FARM,)), TWO) == [0]


def test_pools__more_staked_than_the_farm_has__refused() -> None:
    """V-8: LP tokens that a farm only says it has are nobody's."""
    chain = PaperChain()
    chain.give(PAIR, 100)
    chain.tell(PAIR, token0=INDEX, token1=STREAMS, totalSupply=40, getReserves=(100, 7, 0))
    chain.log(PAIR, 2, pairs.TRANSFER, NOBODY, FARM, 40)
    chain.log(PAIR, 2, pairs.SYNC, 100, 7)
    for stake in (30, 41):
        chain.logs[FARM] = []
        chain.tell(
            FARM, rewardsToken=INDEX, stakingToken=PAIR, rewardsDuration=60, totalSupply=stake
        )
        chain.log(FARM, 3, farms.STAKED, ONE, stake)
        chain.answers[FARM, "balanceOf(address)", ONE] = stake
        chain.answers[FARM, "earned(address)", ONE] = 0
        chain.answers[PAIR, "balanceOf(address)", ONE] = 0
        places = Places(farms=(FARM,), pools=(PAIR,))
        if stake == 30:
            assert count(chain, "pools", places, ONE) == [75]
            continue
        with pytest.raises(IndexkitError, match=f"{FARM}, named among farms, has 40 LP tokens"):
            count(chain, "pools", places, ONE)


# ---------------------------------------------------------------- books


def test_pair__lp_tokens_thrown_away__stay_in_the_supply() -> None:
    """V-8: sent to the zero address they are lost; only the pair itself destroys any."""
    pair = pairs.Pair(PAIR)
    moves = ((NOBODY, NOBODY, 10), (NOBODY, ONE, 90), (ONE, NOBODY, 20), (ONE, PAIR, 30))
    events = [Event(1, "Transfer", move) for move in moves]
    pairs.book(pair, events)
    assert (pair.supply, pair.balances) == (100, {NOBODY: 30, ONE: 40, PAIR: 30})
    pairs.book(pair, [Event(2, "Transfer", (PAIR, NOBODY, 30))])
    assert (pair.supply, pair.balances[PAIR]) == (70, 0)
    with pytest.raises(IndexkitError, match=f"in block 3 {TWO} sends more than it has"):
        pairs.book(pair, [Event(3, "Transfer", (TWO, ONE, 1))])


def test_streams__event_of_none__raises() -> None:
    """V-8: its creation is missing."""
    with pytest.raises(IndexkitError, match="block 7 tells of stream 0, and there are 0"):
        streams.book([], [Event(7, "Claimed", (0, ONE, 5))], STREAMS)


def test_bounty_month__payments_one_by_one() -> None:
    """R-24: each his part of what is left, rounded down; the last one the rest."""
    month = bounties.Month(100, 3, {ONE: 1, TWO: 2})
    assert [month.part(one) for one in (ONE, TWO, INDEX)] == [33, 66, 0]
    month.pay(ONE, 33)
    assert [month.part(one) for one in (ONE, TWO)] == [0, 67]
    for methodologist, amount in ((ONE, 0), (TWO, 66), (INDEX, 0)):
        with pytest.raises(IndexkitError, match=f"{methodologist} is paid {amount}"):
            month.pay(methodologist, amount)


@pytest.mark.parametrize(("stated", "off"), [(99, False), (98, True), (101, False), (102, True)])
def test_is_off__more_than_a_hundredth(stated: int, off: bool) -> None:
    """R-13: one per cent of what is true."""
    assert is_off(stated * E18, 100 * E18) is off
    assert is_off(99 * E18 - 1, 100 * E18)
