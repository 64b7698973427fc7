# pragma version 0.4.3
"""
@title Module book
@license MIT
@notice Opens contracts/lib/module_book.vy to tests, with a way to fill the list fast.
"""

from contracts.lib import module_book

initializes: module_book

exports: module_book.__interface__


@deploy
def __init__():
    module_book.__init__([])


@external
def fill(_first: uint256, _count: uint256):
    for i: uint256 in range(_count, bound=256):
        module_book._link(convert(_first + i, address))


@external
def remove(_module: address):
    module_book._unlink(_module)
