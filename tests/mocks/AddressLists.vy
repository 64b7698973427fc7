# pragma version 0.4.3
"""
@title Address lists
@license MIT
@notice Opens contracts/lib/address_lists.vy to tests, with a way to fill a list fast.
"""

from contracts.lib import address_lists as lists
from contracts.lib import bounds

initializes: lists


@external
def append(_list: uint256, _entry: address):
    lists._append(_list, _entry)


@external
def fill(_list: uint256, _first: uint256, _count: uint256):
    for i: uint256 in range(_count, bound=512):
        lists._append(_list, convert(_first + i, address))


@external
def remove(_list: uint256, _entry: address):
    lists._remove(_list, _entry)


@external
@view
def at(_list: uint256, _index: uint256) -> address:
    return lists._at(_list, _index)


@external
@view
def all(_list: uint256) -> DynArray[address, bounds.MAX_LIST]:
    return lists._all(_list)
