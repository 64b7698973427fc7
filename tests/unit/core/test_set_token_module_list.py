"""SetToken: the order of its modules against a Python list, in all removal orders (R-01)."""

from itertools import permutations

import ape
import pytest
from eth_abi import decode
from eth_utils import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

COUNT = 5
MAX_MODULES = 64


@pytest.fixture(scope="session")
def puppets(deploy_puppet):
    """Deploy modules that agree to be removed."""
    return [deploy_puppet() for _ in range(COUNT)]


@pytest.fixture(scope="session")
def commander(deploy_puppet):
    """Deploy a manager that makes any number of calls at once."""
    return deploy_puppet()


@pytest.fixture(scope="session")
def commanded(make_set, manager, commander):
    """Create an index that the commander manages, without an initialised module."""
    created = make_set()
    created.setManager(commander, sender=manager)
    return created


@pytest.fixture(scope="session")
def replay(commanded, commander, puppets, stranger):
    """Return a function that plays additions and removals and returns the list after each."""

    def enter(number):
        initialize = [(commanded, commanded.initializeModule.encode_input())]
        return [
            (commanded, commanded.addModule.encode_input(puppets[number])),
            (puppets[number], puppets[number].execute.encode_input(initialize)),
        ]

    def leave(number):
        return [(commanded, commanded.removeModule.encode_input(puppets[number]))]

    def played(steps):
        """Return the lists as numbers; a step is (enters, number)."""
        calls = []
        reads = []
        for enters, number in steps:
            calls += enter(number) if enters else leave(number)
            reads.append(len(calls))
            calls.append((commanded, commanded.getModules.encode_input()))
        answers = commander.execute.call(calls, sender=stranger)
        numbers = {puppet.address.lower(): number for number, puppet in enumerate(puppets)}
        return [[numbers[a] for a in decode(["address[]"], answers[i])[0]] for i in reads]

    return played


def model(steps):
    """Return the same of a Solidity array: the last entry moves into the gap."""
    listed = []
    lists = []
    for enters, number in steps:
        if enters:
            listed.append(number)
        else:
            listed[listed.index(number)] = listed[-1]
            listed.pop()
        lists.append(list(listed))
    return lists


@pytest.mark.parametrize("size", range(1, COUNT))
def test_remove_module__every_order(replay, size):
    """R-01: any module first, in the middle, last or next to the last, until none is left.

    S-066.
    """
    for order in permutations(range(size)):
        steps = [(True, n) for n in range(size)] + [(False, n) for n in order]
        assert replay(steps) == model(steps)


@pytest.mark.parametrize("gone", permutations(range(COUNT), 2))
def test_remove_module__two_of_five_and_back(replay, gone):
    """R-01: those that come back are the newest."""
    steps = [(True, n) for n in range(COUNT)]
    steps += [(False, n) for n in gone] + [(True, n) for n in gone] + [(False, 2)]
    assert replay(steps) == model(steps)


@st.composite
def comings_and_goings(draw):
    """Draw additions and removals that are possible, in a row."""
    present: list[int] = []
    steps = []
    for number in draw(st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=18)):
        enters = number not in present
        (present.append if enters else present.remove)(number)
        steps.append((enters, number))
    return steps


@settings(max_examples=40, deadline=None)
@given(steps=comings_and_goings())
def test_modules__any_history(replay, steps):
    """R-01, S-066: the linked list reads as the original's array after each step."""
    assert replay(steps) == model(steps)


@pytest.mark.parametrize("gone", [1, 2, 3, 35, 68, 69, 70])
def test_get_modules__more_than_the_bound__reverts(mock, owner, gone):
    """R-02, S-067: a list that is too long is refused, never cut; it mends when modules leave."""
    book = owner.deploy(mock("ModuleBook"))
    book.fill(1, 70, sender=owner)
    with ape.reverts("Too many modules"):
        book.getModules()
    expected = list(range(1, 71))
    for number in (gone, *(n for n in (1, 10, 20, 69, 5, 42) if n != gone))[:6]:
        book.remove(to_checksum_address(f"0x{number:040x}"), sender=owner)
        expected[expected.index(number)] = expected[-1]
        expected.pop()
    assert [int(module, 16) for module in book.getModules()] == expected
    assert len(expected) == MAX_MODULES
