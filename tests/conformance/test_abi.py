"""Our ABIs are the original ones, but for what is registered (R-01)."""

from twins import abi


def test_abi__differs_as_registered_and_in_nothing_else(theatre):
    """Functions, events, constructors, ether: neither more nor fewer differences than known."""
    assert abi.differences() == set().union(*abi.REGISTERED.values())
