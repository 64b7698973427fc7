"""contracts/lib/address_lists.vy where no contract reaches: long lists and missing entries."""

import ape
import pytest
from eth_utils import to_checksum_address

MAX_LIST = 1024


@pytest.fixture(scope="session")
def lists(mock, owner):
    """Deploy the module on its own."""
    return owner.deploy(mock("AddressLists"))


def entry(number):
    """Return a made-up address."""
    return to_checksum_address(f"0x{number:040x}")


def test_all__up_to_the_bound(lists, owner):
    """1,024 entries are returned at once; with one more the list is read by index (S-007)."""
    for first in (1, 513):
        lists.fill(0, first, 512, sender=owner)
    assert lists.all(0) == [entry(number) for number in range(1, MAX_LIST + 1)]

    lists.append(0, entry(MAX_LIST + 1), sender=owner)
    with ape.reverts("List too long, read by index"):
        lists.all(0)
    assert lists.at(0, MAX_LIST) == entry(MAX_LIST + 1)
    assert lists.all(1) == []

    lists.remove(0, entry(1), sender=owner)
    assert lists.all(0) == [entry(number) for number in range(2, MAX_LIST + 2)]


def test_remove__not_in_the_list__reverts(lists, owner):
    """The last defence, should a register and its list ever disagree."""
    lists.fill(0, 1, 3, sender=owner)
    with ape.reverts("Address not in array."):
        lists.remove(0, entry(4), sender=owner)
    with ape.reverts():
        lists.remove(1, entry(1), sender=owner)


def test_remove__the_first_of_two(lists, owner):
    """The order of the rest stays."""
    for number in (1, 2, 1, 3):
        lists.append(0, entry(number), sender=owner)
    lists.remove(0, entry(1), sender=owner)
    assert lists.all(0) == [entry(2), entry(1), entry(3)]
