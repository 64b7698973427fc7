"""How power is counted, on a chain made up (R-13)."""

from collections.abc import Collection, Mapping

import pytest
from electorate import E18, INDEX, SNAPSHOT, VOTERS, FakeChain, chain_of

from indexkit.errors import IndexkitError
from indexkit.metagov.moment import NOBODY, Moment, Transfer
from indexkit.metagov.strategies import STRATEGIES, Strategy, check, powers, wallet

ONE, TWO, THREE = (key.address for key in VOTERS[:3])


def wallets(chain: FakeChain, *voters: str, block: int = SNAPSHOT) -> list[int]:
    """Return what these voters held."""
    found = wallet(Moment(INDEX, block, chain), voters)
    assert set(found) == set(voters)
    return [found[voter] for voter in voters]


def test_wallet__at_the_end_of_the_block() -> None:
    """Transfers of the snapshot block count, later ones do not."""
    chain = chain_of([70 * E18, 30 * E18])
    chain.moves += [
        Transfer(SNAPSHOT - 1, ONE, TWO, 5 * E18),
        Transfer(SNAPSHOT, TWO, THREE, 10 * E18),
        Transfer(SNAPSHOT, THREE, THREE, 4 * E18),
        Transfer(SNAPSHOT + 1, ONE, TWO, 60 * E18),
        Transfer(SNAPSHOT + 1, NOBODY, TWO, 1 * E18),
        Transfer(SNAPSHOT + 2, TWO, NOBODY, 9 * E18),
    ]
    assert wallets(chain, ONE, TWO, THREE) == [65 * E18, 25 * E18, 10 * E18]
    assert wallets(chain, ONE, block=SNAPSHOT - 2) == [70 * E18]
    assert wallets(chain, ONE, block=chain.latest) == [5 * E18]
    assert wallets(chain, ONE, block=0) == [0]


def test_wallet__asks_for_no_past_state() -> None:
    """Views at the latest block only, which any node can answer (the fake asserts the block)."""
    chain = chain_of([70 * E18])
    assert wallets(chain, ONE, TWO) == [70 * E18, 0]
    assert chain.views == [
        ("totalSupply()",),
        ("balanceOf(address)", ONE),
        ("balanceOf(address)", TWO),
    ]


def test_wallet__block_to_come__raises() -> None:
    """The latest block is named."""
    chain = chain_of([1])
    with pytest.raises(IndexkitError, match=r"Block 151 is still to come \(the latest is 150\)"):
        wallets(chain, ONE, block=151)


def test_wallet__supply_differs__raises() -> None:
    """A mint whose event is missing."""
    chain = chain_of([70, 30])
    chain.supply = 101
    with pytest.raises(IndexkitError) as raised:
        wallets(chain, ONE)
    assert raised.value.message == (
        f"The events of {INDEX} do not account for totalSupply: they add up to 100, the token says "
        "101; use a node that keeps all logs."
    )


def test_wallet__missing_event__raises() -> None:
    """A transfer between two holders is missing: the supply is right, the voter's balance not."""

    class Forgetful(FakeChain):
        """Hides one transfer from the logs."""

        def transfers(self, token: str, last: int) -> list[Transfer]:
            return self.moves[:1]

    chain = Forgetful([*chain_of([70]).moves, Transfer(2, ONE, TWO, 5)])
    with pytest.raises(IndexkitError, match=f"do not account for the balance of {ONE}"):
        wallets(chain, ONE)


def test_wallet__sends_more_than_it_has__raises() -> None:
    """What it got is missing."""
    chain = chain_of([70])
    chain.moves.append(Transfer(3, TWO, ONE, 1))
    with pytest.raises(IndexkitError, match=f"in block 3 {TWO} sends more than it has"):
        wallets(chain, ONE)


def test_delegated__as_the_token_counts() -> None:
    """The votes at the snapshot block, asked for at the latest."""
    chain = FakeChain(delegated={ONE: 7, TWO: 0})
    found = powers(["delegated"], INDEX, [TWO, ONE, ONE], SNAPSHOT, chain)
    assert found == {ONE: {"delegated": 7}, TWO: {"delegated": 0}}
    expected = [("getPriorVotes(address,uint256)", voter, SNAPSHOT) for voter in sorted([ONE, TWO])]
    assert chain.views == expected


def test_delegated__block_not_over__raises() -> None:
    """The token itself would refuse."""
    chain = FakeChain()
    with pytest.raises(IndexkitError, match="Block 150 is not over"):
        powers(["delegated"], INDEX, [ONE], 150, chain)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["wallet", "delegated"], "wallet and delegated both count the coins in wallets"),
        (["delegated", "wallet"], "delegated and wallet both count the coins in wallets"),
        (["wallet", "wallet"], "wallet and wallet both count"),
        (["votes"], "There is no strategy 'votes': choose from wallet, delegated"),
        ([], "name at least one"),
    ],
)
def test_check__coins_counted_twice__raises(names: list[str], said: str) -> None:
    """No coin counts twice."""
    with pytest.raises(IndexkitError, match=said):
        check(names)


def test_powers__another_strategy_adds_up() -> None:
    """Strategies plug in by name; those of other coins add to the wallets."""

    def staked(_: Moment, voters: Collection[str]) -> Mapping[str, int]:
        return dict.fromkeys(voters, 3)

    pluggable = {**STRATEGIES, "staked": Strategy("in the farm", staked)}
    names = ["wallet", "staked"]
    found = powers(names, INDEX, [ONE, TWO], SNAPSHOT, chain_of([70]), pluggable)
    assert found == {ONE: {"wallet": 70, "staked": 3}, TWO: {"wallet": 0, "staked": 3}}


@pytest.mark.parametrize("answer", [{}, {ONE: -1}])
def test_powers__strategy_without_an_answer__raises(answer: dict[str, int]) -> None:
    """A voter that a strategy forgets is no voter without power."""
    broken = {"broken": Strategy("somewhere", lambda *_: answer)}
    with pytest.raises(IndexkitError, match=f"The strategy broken has no power for {ONE}"):
        powers(["broken"], INDEX, [ONE], SNAPSHOT, FakeChain(), broken)
