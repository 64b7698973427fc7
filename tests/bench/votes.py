"""What meta-governance costs, in Aave's governance and in Uniswap's governor, both real."""

from scenarios.governance import UNISWAP, started
from scenarios.governance_votes import AAVE
from twins.governors import (
    aave_data,
    compound_data,
    harmless,
    mine,
    propose_in_aave,
    propose_in_uniswap,
)
from twins.stage import E18, Stage

from bench.meter import Announce


def votes(s: Stage, announce: Announce, _n: int) -> None:
    """Vote with the index's AAVE, propose and delegate; then the same with its UNI.

    The proposal to Aave is one action with a value, a signature and two words of data.
    """
    started(s)
    payment = s.aave.transfer.data(s.heir, E18)[4:]
    proposal = aave_data([(s.aave.address, 1, "transfer(address,uint256)", payment)])
    with s.aside():
        number = propose_in_aave(s)
        announce("vote in Aave v2")
        s.governance.vote(s.set, AAVE, number, True, b"", by=s.manager)
    with s.aside():
        announce("propose in Aave v2")
        s.governance.propose(s.set, AAVE, proposal, by=s.manager)
    with s.aside():
        announce("delegate in Aave v2, first")
        s.governance.delegate(s.set, AAVE, s.heir, by=s.manager)
    with s.aside():
        announce("delegate in Uniswap, first")
        s.governance.delegate(s.set, UNISWAP, s.heir, by=s.manager)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    with s.aside():
        number = propose_in_uniswap(s)
        announce("vote in Uniswap")
        s.governance.vote(s.set, UNISWAP, number, True, b"", by=s.manager)
    mine(s, 1)
    announce("propose in Uniswap")
    s.governance.propose(s.set, UNISWAP, compound_data(harmless()), by=s.manager)
