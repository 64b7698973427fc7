"""Adapters of Aave's first governance and of Snapshot: the same answers to the byte."""

from twins.canned import word
from twins.scenario import scenario
from twins.stage import MAX_UINT, ZERO, Handle, Stage

from scenarios.adapters import LONG_DATA, NUMBERS, ask

GENESIS = "Creation of new proposal only available to AAVE genesis team"
NONE = "No {} available in AAVE governance".format


def aave(s: Stage) -> list[Handle]:
    """Return the adapter of Aave's first governance, and one of nobody."""
    s.put("nobodys_aave", "AaveGovernanceAdapter", ZERO, s.heir)
    return [s.aave_v1_adapter, s.nobodys_aave]


def snapshot(s: Stage) -> list[Handle]:
    """Return the adapter of Snapshot's registry, and one of nobody."""
    s.put("nobodys_snapshot", "SnapshotGovernanceAdapter", ZERO)
    return [s.snapshot_governance_adapter, s.nobodys_snapshot]


@scenario
def constants_and_addresses(s: Stage) -> None:
    """Answer with what they were made of."""
    for adapter in aave(s):
        adapter.VOTE_FOR()
        adapter.VOTE_AGAINST()
        adapter.aaveProtoGovernance()
        adapter.aaveToken()
    for adapter in snapshot(s):
        adapter.SET_DELEGATE_SIGNATURE()
        adapter.CLEAR_DELEGATE_SIGNATURE()
        adapter.delegateRegistry()


@scenario
def votes(s: Stage) -> None:
    """Vote with AAVE, for 1 or against 2."""
    for adapter in aave(s):
        for number in NUMBERS:
            for support in (True, False):
                adapter.getVoteCalldata(number, support, b"")


@scenario
def votes_with_another_asset(s: Stage) -> None:
    """Take the asset from the first word of the data; refuse what is no address."""
    lend = word(int(s.dai.address, 16))
    rest = (b"", b"\x01", b"\xff" * 31, word(7), LONG_DATA[:992])
    wrong = (lend[:31], b"\x01", lend[12:], word(2**160), b"\xff" * 32, LONG_DATA)
    for adapter in aave(s):
        for data in (lend, word(0), word(2**160 - 1), *(lend + more for more in rest)):
            adapter.getVoteCalldata(5, True, data)
            adapter.getVoteCalldata(5, False, data)
        for data in wrong:
            adapter.getVoteCalldata(5, True, data, reverts="")


@scenario
def votes_with_too_much_data(s: Stage) -> None:
    """D-22."""
    for adapter in aave(s):
        for size in (1_025, 1_600, 9_000):
            adapter.getVoteCalldata(5, True, bytes(size), ours="", differs="D-22")


@scenario
def what_aaves_first_governance_has_not(s: Stage) -> None:
    """Refuse to delegate, propose, register and revoke, in the original's words."""
    for adapter in aave(s):
        for account in (ZERO, s.heir, "0x" + "ff" * 20):
            adapter.getDelegateCalldata(account, reverts=NONE("delegation"))
            adapter.getRegisterCalldata(account, reverts=NONE("register"))
        adapter.getRevokeCalldata(reverts=NONE("revoke"))
        for data in (b"", b"\x01", LONG_DATA):
            adapter.getProposeCalldata(data, reverts=GENESIS)
        long = {"ours": "", "differs": "D-22"}
        adapter.getProposeCalldata(bytes(8_193), reverts=GENESIS, **long)


@scenario
def delegations_on_snapshot(s: Stage) -> None:
    """Set and clear the delegate of every space."""
    for adapter in snapshot(s):
        for delegatee in (ZERO, s.heir, s.controller, adapter, "0x" + "ff" * 20):
            adapter.getDelegateCalldata(delegatee)
        adapter.getRevokeCalldata()


@scenario
def unknown_functions_and_ether(s: Stage) -> None:
    """Refuse without a reason."""
    for adapter in (s.aave_v1_adapter, s.snapshot_governance_adapter):
        for data in (b"", b"\x53", b"\xde\xad\xbe\xef", bytes(4), b"\xff" * 100):
            ask(s, adapter, data, reverts="")
            s.send_raw(adapter, data, by=s.stranger, value=1, reverts="")
    for data in (
        s.aave_adapter.getVoteCalldata.data(1, True, b""),
        s.aave_adapter.getProposeCalldata.data(b""),
        s.aave_adapter.getRegisterCalldata.data(s.heir),
    ):
        ask(s, s.snapshot_governance_adapter, data, reverts="")


@scenario
def calls_that_do_not_decode(s: Stage) -> None:
    """Refuse dirty words and calls that end in their static part."""
    vote = s.aave_v1_adapter.getVoteCalldata.data(1, True, b"")
    for data in (
        *(vote[:4], vote[:35], vote[:99]),
        vote[:36] + word(2) + vote[68:],
        vote[:68] + word(MAX_UINT) + vote[100:],
    ):
        ask(s, s.aave_v1_adapter, data, reverts="")
    for adapter in (s.aave_v1_adapter, s.snapshot_governance_adapter):
        delegate = adapter.getDelegateCalldata.data(s.heir)
        for data in (delegate[:4], delegate[:35], delegate[:4] + word(2**160)):
            ask(s, adapter, data, reverts="")
    ask(s, s.snapshot_governance_adapter, delegate + b"\x01")
    ask(s, s.aave_v1_adapter, vote + b"\xff" * 9)
