"""Governance adapters: the same answers to the byte, whatever they are asked."""

from typing import Any

from eth_abi.abi import encode
from twins.canned import word
from twins.comparison import Tag
from twins.governors import (
    AAVE_PROPOSAL,
    COMPOUND_PROPOSAL,
    aave_data,
    compound_data,
    harmless,
    mine,
    name_governors,
    propose_in_aave,
    propose_in_uniswap,
)
from twins.interface import Function
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage

from indexkit.localnet import addresses

NUMBERS = (0, 1, 2, 255, 256, 10**18, 2**255, MAX_UINT)
LONG_DATA = bytes(range(256)) * 4


def adapters(s: Stage) -> list[Handle]:
    """Return the three adapters, and three of nobody."""
    for number, kind in enumerate(
        (
            "AaveGovernanceV2Adapter",
            "CompoundLikeGovernanceAdapter",
            "CompoundBravoGovernanceAdapter",
        )
    ):
        s.put(f"nobodys_{number}", kind, ZERO, s.heir if number else ZERO)
    nobodys = [s.nobodys_0, s.nobodys_1, s.nobodys_2]
    return [s.aave_adapter, s.uniswap_adapter, s.bravo_adapter, *nobodys]


def compound_adapters(s: Stage) -> list[Handle]:
    """Return those of Compound's kind."""
    return [s.uniswap_adapter, s.bravo_adapter]


def ask(
    s: Stage,
    contract: Handle,
    data: bytes,
    reverts: Any = None,
    ours: Any = ...,
    differs: str | None = None,
) -> None:
    """Ask a contract with any data, without a transaction."""
    function = Function(f"0x{data[:4].hex()}", (), (), is_view=True)
    shown = f"{contract}: 0x{data.hex()}"
    tag = Tag(reverts, reverts if ours is ... else ours, differs)
    s.perform(contract._contract, function, shown, data, None, 0, tag)


def actions(count: int, size: int) -> list[tuple[str, int, str, bytes]]:
    """Return actions with data of some size {bytes} each."""
    signature = "setPendingAdmin(address)é"
    return [(addresses.AAVE, i, signature, bytes([i]) * size) for i in range(count)]


@scenario
def constants_and_addresses(s: Stage) -> None:
    """Answer with what they were made of."""
    for adapter in adapters(s):
        adapter.DELEGATE_SIGNATURE()
        adapter.PROPOSE_SIGNATURE()
    for aave in (s.aave_adapter, s.nobodys_0):
        aave.VOTE_SIGNATURE()
        aave.aaveGovernanceV2()
        aave.aaveToken()
    for compound in (s.uniswap_adapter, s.nobodys_1, s.bravo_adapter, s.nobodys_2):
        compound.governanceToken()
    s.uniswap_adapter.governorAlpha()
    s.nobodys_1.governorAlpha()
    s.bravo_adapter.governorBravo()
    s.nobodys_2.governorBravo()


@scenario
def votes(s: Stage) -> None:
    """Call the governor's vote with the proposal and the choice."""
    for adapter in adapters(s):
        for number in NUMBERS:
            for support in (True, False):
                adapter.getVoteCalldata(number, support, b"")


@scenario
def votes_with_data(s: Stage) -> None:
    """Ignore the data of a vote."""
    words = [word(0), word(1), word(3), word(2 + 2**8), word(2)[1:], word(2) + b"\0", word(2) * 2]
    sizes = [LONG_DATA[:size] for size in (1, 4, 31, 32, 33, 70, 1_023, 1_024)]
    for adapter in adapters(s):
        for data in (*words, *sizes):
            for support in (True, False):
                adapter.getVoteCalldata(5, support, data)
    for adapter in (s.aave_adapter, s.uniswap_adapter):
        adapter.getVoteCalldata(5, True, word(2))


@scenario
def votes_with_too_much_data(s: Stage) -> None:
    """D-22."""
    for adapter in adapters(s):
        for size in (1_025, 1_600, 9_000):
            adapter.getVoteCalldata(5, True, bytes(size), ours="", differs="D-22")


@scenario
def word_that_abstains(s: Stage) -> None:
    """D-18."""
    another = s.put("another", "CompoundBravoGovernanceAdapter", s.uni, s.dai)
    for adapter in (s.bravo_adapter, another):
        for support in (True, False):
            adapter.getVoteCalldata(5, support, word(2), differs="D-18")
            adapter.getVoteCalldata(5, support, word(1))


@scenario
def zero_address_is_answered(s: Stage) -> None:
    """D-19."""
    adapters(s)
    for adapter in (*compound_adapters(s), s.nobodys_1, s.nobodys_2):
        adapter.ZERO_ADDRESS()
        data = adapter.ZERO_ADDRESS.data()
        ask(s, adapter, data + b"\xff" * 7)
        s.send_raw(adapter, data, by=s.stranger)
        s.send_raw(adapter, data, by=s.stranger, value=1, reverts="")
        ask(s, adapter, data[:3], reverts="")
    ask(s, s.aave_adapter, s.uniswap_adapter.ZERO_ADDRESS.data(), reverts="")


@scenario
def unknown_functions(s: Stage) -> None:
    """D-19: the fallback that knows ZERO_ADDRESS() gives a reason for every other function."""
    for data in (b"\xde\xad\xbe\xef", bytes(4), b"\xff" * 100):
        ask(s, s.aave_adapter, data, reverts="")
        for adapter in compound_adapters(s):
            ask(s, adapter, data, reverts="", ours="Unknown function", differs="D-19")
    for adapter in (s.aave_adapter, *compound_adapters(s)):
        for data in (b"", b"\x53", b"\x53\x8b\xa4"):
            ask(s, adapter, data, reverts="")
        for data in (b"", b"\xde\xad\xbe\xef", adapter.DELEGATE_SIGNATURE.data()):
            s.send_raw(adapter, data, by=s.stranger, value=1, reverts="")


@scenario
def delegations(s: Stage) -> None:
    """Call the token's delegation."""
    for adapter in adapters(s):
        for delegatee in (ZERO, s.heir, s.controller, adapter, "0x" + "ff" * 20):
            adapter.getDelegateCalldata(delegatee)


@scenario
def registrations(s: Stage) -> None:
    """Register by delegating to the SetToken and revoke to nobody; not in Aave's governance."""
    all_of_them = adapters(s)
    for account in (ZERO, s.heir, s.controller, "0x" + "ff" * 20):
        for aave in (s.aave_adapter, s.nobodys_0):
            none = "No register available in AAVE governance"
            aave.getRegisterCalldata(account, reverts=none)
            aave.getRevokeCalldata(reverts="No revoke available in AAVE governance")
        for compound in all_of_them:
            if compound._contract.interface.name != "AaveGovernanceV2Adapter":
                compound.getRegisterCalldata(account)
                compound.getRevokeCalldata()


@scenario
def proposals(s: Stage) -> None:
    """Call the governor with the proposal, few actions or many, short or long."""
    shapes = ((0, 0), (1, 0), (1, 1), (2, 32), (3, 33), (10, 68), (10, 100), (1, 1_600), (1, 6_000))
    for count, size in shapes:
        for compound in compound_adapters(s):
            for description in ("", "One", "# Title\n" + "wörter " * 20, "x" * 1_500):
                compound.getProposeCalldata(compound_data(actions(count, size), description))
        for executor in (addresses.AAVE_SHORT_EXECUTOR, ZERO):
            s.aave_adapter.getProposeCalldata(aave_data(actions(count, size), executor))


@scenario
def proposals_at_the_bound(s: Stage) -> None:
    """D-22: up to 8,192 bytes."""
    fixed = len(compound_data(harmless(), ""))
    for length, expected in ((8_192, {}), (8_224, {"ours": "", "differs": "D-22"})):
        data = compound_data(harmless(), "x" * (length - fixed))
        assert len(data) == length
        for adapter in compound_adapters(s):
            adapter.getProposeCalldata(data, **expected)
    fixed = len(aave_data(harmless()))
    for length, expected in ((8_192, {}), (8_224, {"ours": "", "differs": "D-22"})):
        data = aave_data([(addresses.AAVE, 0, "totalSupply()", bytes(length - fixed))])
        assert len(data) == length
        s.aave_adapter.getProposeCalldata(data, **expected)


@scenario
def proposals_of_uneven_lists(s: Stage) -> None:
    """Pass on lists of different lengths: the governor compares them."""
    lists = ([addresses.AAVE] * 3, [1, 2], ["a", "", "c", "d"], [])
    for adapter in compound_adapters(s):
        adapter.getProposeCalldata(encode(COMPOUND_PROPOSAL, [*lists, "uneven"]))
    data = encode(AAVE_PROPOSAL, [s.heir, *lists, [True, False], b"\xff" * 32])
    s.aave_adapter.getProposeCalldata(data)


@scenario
def proposals_that_do_not_decode(s: Stage) -> None:
    """D-17: the original decodes, ours leaves that to the governor."""
    judged = {"reverts": "", "ours": None, "differs": "D-17"}
    good = compound_data(harmless(2))
    address = word(int(addresses.AAVE, 16))
    dirty = good.replace(address, word(int(addresses.AAVE, 16) + 2**160))
    assert dirty != good
    for data in (
        *(b"", b"\x00", word(0), word(MAX_UINT) * 5, word(160) * 5),
        *(good[:-19], good[:-33], good[:159], good[:200], dirty),
        word(2**64) + good[32:],
    ):
        for adapter in compound_adapters(s):
            adapter.getProposeCalldata(data, **judged)
    good = aave_data(harmless(2))
    for data in (
        *(b"", b"\x00", word(0), word(MAX_UINT) * 7, good[:-1], good[:-33], good[:223]),
        word(2**160) + good[32:],
    ):
        s.aave_adapter.getProposeCalldata(data, **judged)


@scenario
def proposals_of_another_spelling(s: Stage) -> None:
    """D-17: the original spells the proposal its own way, ours leaves it as it is."""
    good = compound_data(harmless(), "")
    cut = compound_data(harmless(), "One")[:-1]
    empty = word(192) * 5 + word(7) + word(0)
    moved = [word(int.from_bytes(good[i : i + 32], "big") + 32) for i in range(0, 160, 32)]
    loose = (good + b"\x01", good + bytes(32), b"".join(moved) + word(9) + good[160:])
    for data in (*loose, cut, empty, bytes(160)):
        for adapter in compound_adapters(s):
            adapter.getProposeCalldata(data, differs="D-17")
    s.aave_adapter.getProposeCalldata(aave_data(harmless()) + b"\x01", differs="D-17")
    s.aave_adapter.getProposeCalldata(aave_data(harmless()))


@scenario
def calls_that_do_not_decode(s: Stage) -> None:
    """Refuse dirty words and calls that end in their static part."""
    for adapter in (s.aave_adapter, *compound_adapters(s)):
        vote = adapter.getVoteCalldata.data(1, True, b"")
        delegate = adapter.getDelegateCalldata.data(s.heir)
        register = adapter.getRegisterCalldata.data(s.heir)
        propose = adapter.getProposeCalldata.data(b"")
        for data in (
            vote[:36] + word(2) + vote[68:],
            vote[:36] + word(MAX_UINT) + vote[68:],
            delegate[:4] + word(2**160),
            register[:4] + word(2**160),
            *(call[:4] for call in (vote, delegate, register, propose)),
            *(call[:35] for call in (vote, delegate, register, propose)),
            vote[:99],
            vote[:68] + word(MAX_UINT) + vote[100:],
            propose[:4] + word(MAX_UINT) + propose[36:],
            propose[:36] + word(MAX_UINT),
            propose[:36] + word(2**64),
        ):
            ask(s, adapter, data, reverts="")
        for data in (vote, delegate):
            s.send_raw(adapter, data, by=s.stranger)
            s.send_raw(adapter, data, by=s.stranger, value=1, reverts="")


@scenario
def calls_of_another_spelling(s: Stage) -> None:
    """Answer calls with more data than needed, or with gaps."""
    for adapter in adapters(s):
        vote = adapter.getVoteCalldata.data(1, True, b"12345")
        ask(s, adapter, vote + b"\xff" * 9)
        ask(s, adapter, vote[:68] + word(160) + word(1) * 2 + vote[100:])
        ask(s, adapter, vote[:68] + word(0) + word(7))
        ask(s, adapter, adapter.getDelegateCalldata.data(s.heir) + b"\x01")
        ask(s, adapter, adapter.getVoteCalldata.data(1, False, b"1" * 33)[:-31])


@scenario
def power_is_an_addition(s: Stage) -> None:
    """D-16: the original's adapters cannot tell a voter's power."""
    name_governors(s)
    s.fund("aave", s.heir, 3 * E18)
    s.fund("uni", s.heir, 4 * E18)
    s.uni_votes.delegate(s.heir, by=s.heir)
    uniswap, aave = propose_in_uniswap(s), propose_in_aave(s)
    mine(s, 1)
    told = {"reverts": "", "differs": "D-16"}
    for adapter, number in (
        (s.uniswap_adapter, uniswap),
        (s.bravo_adapter, uniswap),
        (s.aave_adapter, aave),
    ):
        for voter in (s.heir, s.stranger):
            ask(s, adapter, _power(voter, number), ours=None, **told)
        ask(s, adapter, _power(s.heir, 999), ours="No such proposal", **told)
        ask(s, adapter, _power(s.heir, number)[:67], **told | {"differs": None})


def _power(voter: str, number: int) -> bytes:
    return POWER.encode([voter, number])


POWER = Function("getVotingPower", ("address", "uint256"), ("uint256",), is_view=True)
