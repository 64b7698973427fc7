"""GovernanceModule with odd adapters, odd calls and callbacks."""

from typing import Any

from eth_abi.abi import encode
from twins.canned import answering, word
from twins.governors import compound_data, harmless
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import MAX_UINT, ZERO, Stage
from twins.world import set_v2

from indexkit.localnet import addresses
from scenarios.governance import NOT_MANAGER, UNISWAP, every_call, scripted, started

NO_REASON = "Address: low-level call with value failed"
ANSWER = ["address", "uint256", "bytes"]


def with_adapter(s: Stage, adapter: Any, name: str = "Odd") -> None:
    """Register an adapter, or put it in the place of the last one of that name."""
    valid = s.registry.isValidIntegration(s.governance, name)
    change = s.registry.editIntegration if valid else s.registry.addIntegration
    change(s.governance, name, adapter, by=s.owner)


def with_answer(s: Stage, answer: bytes, called: str = "odd") -> None:
    """Register an adapter that gives one answer to everything."""
    with_adapter(s, s.deploy(called, answering(answer)))


def with_puppet(s: Stage) -> None:
    """Let a contract be manager and governor: what it has prepared it does when called."""
    puppet = s.deploy("puppet", mock("Puppet"))
    started(s, manager=puppet.address)
    scripted(s).script(puppet, 0, b"\x12\x34\x56\x78", by=s.stranger)


@scenario
def calls_what_the_adapter_says(s: Stage) -> None:
    """Let the SetToken call any target with any data."""
    started(s)
    adapter = scripted(s)
    target = s.deploy("target", mock("Target"))
    for data in (b"", b"\x01", b"\xff" * 4, target.echo.data(b"answer"), target.echo.data(b"")):
        adapter.script(target, 0, data, by=s.stranger)
        every_call(s, s.set, "Scripted", by=s.manager)
    adapter.script(s.dai, 0, s.dai.transfer.data(s.heir, 5), by=s.stranger)
    every_call(s, s.set, "Scripted", by=s.manager)
    adapter.script(s.dai, 0, s.dai.approve.data(s.index_module, 7), by=s.stranger)
    s.governance.register(s.set, "Scripted", by=s.manager)


@scenario
def reasons_of_the_target(s: Stage) -> None:
    """Pass on the target's reason; without one, say which call failed."""
    started(s)
    adapter = scripted(s)
    target = s.deploy("target", mock("Target"))
    error = encode(["uint256", "uint256"], [1, 2])
    for data, expected in (
        (target.fail.data("Not today"), "Not today"),
        (target.fail.data("x" * 256), "x" * 256),
        (target.fail.data(""), ""),
        (target.failWith.data(b""), NO_REASON),
        (target.failWith.data(b"\x01"), "0x01"),
        (target.failWith.data(error), f"0x{error.hex()}"),
        (target.echo.data(b"")[:20], NO_REASON),
    ):
        adapter.script(target, 0, data, by=s.stranger)
        every_call(s, s.set, "Scripted", by=s.manager, reverts=expected)
    for nobody in (ZERO, s.stranger):
        adapter.script(nobody, 0, b"", by=s.stranger)
        reason = "Address: call to non-contract"
        every_call(s, s.set, "Scripted", by=s.manager, reverts=reason)
    adapter.script(s.dai, 0, s.dai.transfer.data(s.heir, MAX_UINT), by=s.stranger)
    reason = "ERC20: transfer amount exceeds balance"
    every_call(s, s.set, "Scripted", by=s.manager, reverts=reason)
    for protected in (s.governance, s.controller):
        adapter.script(protected, 0, s.set.lock.data(), by=s.stranger)
        every_call(s, s.set, "Scripted", by=s.manager, reverts=NO_REASON)
    adapter.script(s.controller, 0, s.controller.addModule.data(s.heir), by=s.stranger)
    s.governance.register(
        s.set, "Scripted", by=s.manager, reverts="Ownable: caller is not the owner"
    )


@scenario
def adapters_may_send_ether(s: Stage) -> None:
    """Pay the target what the adapter says, if the SetToken has it."""
    started(s)
    adapter = scripted(s)
    target = s.deploy("target", mock("Target"))
    adapter.script(target, 5, b"", by=s.stranger)
    short = "Address: insufficient balance for call"
    every_call(s, s.set, "Scripted", by=s.manager, reverts=short)
    adapter.script(s.stranger, 5, b"", by=s.stranger)
    every_call(s, s.set, "Scripted", by=s.manager, reverts=short)
    s.send_raw(s.set, b"", by=s.stranger, value=30)
    adapter.script(target, 5, b"", by=s.stranger)
    every_call(s, s.set, "Scripted", by=s.manager)
    adapter.script(target, 5, target.echo.data(b"paid"), by=s.stranger)
    s.governance.register(s.set, "Scripted", by=s.manager)
    s.governance.register(s.set, "Scripted", by=s.manager, reverts=short)
    s.send_raw(s.set, b"", by=s.stranger, value=30)
    adapter.script(target, 5, target.refuseEther.data(), by=s.stranger)
    every_call(s, s.set, "Scripted", by=s.manager, reverts=NO_REASON)
    adapter.script(target, MAX_UINT, b"", by=s.stranger)
    every_call(s, s.set, "Scripted", by=s.manager, reverts=short)


@scenario
def adapters_without_code(s: Stage) -> None:
    """Refuse accounts, and contracts that know nothing of governance."""
    started(s)
    for adapter in (s.stranger, s.dai, s.governance, s.controller):
        with_adapter(s, adapter)
        every_call(s, s.set, "Odd", by=s.manager, reverts="")


@scenario
def reasons_of_the_adapter(s: Stage) -> None:
    """Pass on what the adapter says."""
    started(s)
    error = encode(["uint256"], [77])
    for index, (data, expected) in enumerate(
        (
            (b"", ""),
            (error, f"0x{error.hex()}"),
            (_error("Not in my name"), "Not in my name"),
            (_error("y" * 2000), "y" * 2000),
        )
    ):
        with_adapter(s, s.deploy(f"failing_{index}", answering(data, reverting=True)))
        every_call(s, s.set, "Odd", by=s.manager, reverts=expected)


def _error(reason: str) -> bytes:
    return bytes.fromhex("08c379a0") + encode(["string"], [reason])


@scenario
def malformed_answers_of_adapters(s: Stage) -> None:
    """Refuse what is no target, amount and data; the target is never called."""
    started(s)
    dai, head = word(int(s.dai.address, 16)), word(96)
    for index, answer in enumerate(
        (
            b"",
            b"\x00",
            dai + word(0),
            dai + word(0) + head,
            (dai + word(0) + head + word(0))[:-1],
            word(int(s.dai.address, 16) + 2**160) + word(0) + head + word(0),
            word(MAX_UINT) + word(0) + head + word(0),
            dai + word(0) + word(MAX_UINT) + word(0),
            dai + word(0) + word(2**64) + word(0),
            dai + word(0) + word(97) + word(0),
            dai + word(0) + word(128) + word(0),
            dai + word(0) + head + word(MAX_UINT),
            dai + word(0) + head + word(2**64),
            dai + word(0) + head + word(33) + b"\x01" * 32,
            dai + word(0) + head + word(1),
        )
    ):
        with_answer(s, answer, f"odd_{index}")
        every_call(s, s.set, "Odd", by=s.manager, reverts="")


@scenario
def loose_answers_of_adapters(s: Stage) -> None:
    """Take an answer that is spelled unusually but holds what is needed."""
    started(s)
    call = s.dai.approve.data(s.heir, 9)
    size, uni = word(len(call)), word(int(s.dai.address, 16))
    for index, answer in enumerate(
        (
            encode(ANSWER, [s.dai.address, 0, call]),
            encode(ANSWER, [s.dai.address, 0, call]) + b"\xff" * 40,
            uni + word(0) + word(96) + size + call,
            uni + word(0) + word(97) + b"\x00" + size + call,
            uni + word(0) + word(160) + word(1) + word(2) + size + call,
            uni + word(0) + word(96) + size + call + b"\xff" * 28,
        )
    ):
        with_answer(s, answer, f"odd_{index}")
        every_call(s, s.set, "Odd", by=s.manager)
        s.dai.allowance(s.set, s.heir)
    with_answer(s, uni + word(0) + word(0), "self_referring")
    s.governance.register(s.set, "Odd", by=s.manager, reverts="")


@scenario
def adapters_that_know_some_functions(s: Stage) -> None:
    """Use an adapter that only delegates and revokes, as Snapshot's; the rest has no reason."""
    started(s)
    adapter = s.deploy(
        "snapshot_adapter",
        set_v2("protocol/integration/governance/SnapshotGovernanceAdapter"),
        addresses.SNAPSHOT_DELEGATE_REGISTRY,
    )
    with_adapter(s, adapter, "Snapshot")
    everywhere = bytes(32)
    s.governance.delegate(s.set, "Snapshot", s.heir, by=s.manager)
    s.snapshot.delegation(s.set, everywhere)
    twice = "Already delegated to this address"
    s.governance.delegate(s.set, "Snapshot", s.heir, by=s.manager, reverts=twice)
    s.governance.delegate(s.set, "Snapshot", s.set, by=s.manager, reverts="Can't delegate to self")
    s.governance.delegate(s.set, "Snapshot", ZERO, by=s.manager, reverts="Can't delegate to 0x0")
    s.governance.delegate(s.set, "Snapshot", s.trader, by=s.manager)
    s.governance.revoke(s.set, "Snapshot", by=s.manager)
    s.snapshot.delegation(s.set, everywhere)
    s.governance.revoke(s.set, "Snapshot", by=s.manager, reverts="No delegate set")
    s.governance.register(s.set, "Snapshot", by=s.manager, reverts="")
    s.governance.propose(s.set, "Snapshot", b"", by=s.manager, reverts="")
    s.governance.vote(s.set, "Snapshot", 1, True, b"", by=s.manager, reverts="")


@scenario
def malformed_calls(s: Stage) -> None:
    """Refuse calls that do not decode, unknown functions, ether."""
    started(s)
    vote = s.governance.vote.data(s.set, UNISWAP, 1, True, b"")
    delegate = s.governance.delegate.data(s.set, UNISWAP, s.heir)
    propose = s.governance.propose.data(s.set, UNISWAP, b"data")
    register = s.governance.register.data(s.set, UNISWAP)
    initialize = s.governance.initialize.data(s.set)
    for data in (
        b"",
        b"\x00",
        register[:3],
        b"\xde\xad\xbe\xef",
        *(call[:4] for call in (vote, delegate, propose, register, initialize)),
        *(call[:16] for call in (vote, delegate, propose, register, initialize)),
        *(call[:68] for call in (vote, delegate, propose)),
        vote[:4] + word(int(s.set.address, 16) + 2**160) + vote[36:],
        initialize[:4] + word(int(s.set.address, 16) + 2**255),
        delegate[:68] + word(2**160) + delegate[100:],
        vote[:100] + word(2) + vote[132:],
        vote[:100] + word(MAX_UINT) + vote[132:],
        register[:36] + word(MAX_UINT) + register[68:],
        register[:68] + word(MAX_UINT) + register[100:],
        register[:68] + word(2**64) + register[100:],
    ):
        s.send_raw(s.governance, data, by=s.manager, reverts="")
    for data in (b"", vote, register, s.governance.controller.data()):
        s.send_raw(s.governance, data, by=s.manager, value=1, reverts="")


@scenario
def loose_calls(s: Stage) -> None:
    """Take calls that are spelled unusually."""
    started(s)
    register = s.governance.register.data(s.set, UNISWAP)
    size, name = word(len(UNISWAP)), UNISWAP.encode()
    head = register[:36]
    for data in (
        register + b"\xff" * 50,
        head + word(64) + size + name,
        head + word(64) + size + name + b"\xff" * 3,
        head + word(65) + b"\x07" + size + name,
        head + word(128) + word(1) + word(2) + size + name,
    ):
        s.send_raw(s.governance, data, by=s.manager)
        s.send_raw(s.governance, data, by=s.stranger, reverts=NOT_MANAGER)
    invalid = head + word(64) + word(4) + b"\xff\xfe\x00\x80"
    s.send_raw(s.governance, invalid, by=s.manager, reverts="Must be valid adapter")
    shared = s.governance.propose.data(s.set, UNISWAP, b"")[:4]
    shared += word(int(s.set.address, 16)) + word(96) * 2 + size + name
    s.registry.editIntegration(s.governance, UNISWAP, scripted(s), by=s.owner)
    s.scripted.script(s.dai, 0, s.dai.approve.data(s.heir, 1), by=s.stranger)
    s.send_raw(s.governance, shared, by=s.manager)


@scenario
def data_beyond_the_bounds(s: Stage) -> None:
    """D-22."""
    started(s)
    s.deploy("mock", set_v2("mocks/integrations/GovernanceAdapterMock"), 1)
    with_adapter(s, s.mock, "Mock")
    for size in (1_600, 8_160, 8_191, 8_192):
        s.governance.propose(s.set, "Mock", word(size) + bytes(size - 32), by=s.manager)
        s.mock.proposalCreated(size)
    for size in (1, 70, 1_023, 1_024):
        s.governance.vote(s.set, "Mock", 5, True, b"\x05" * size, by=s.manager)
    differs = {"ours": "", "differs": "D-22"}
    with s.aside():
        s.governance.propose(s.set, "Mock", bytes(8_193), by=s.manager, **differs)
    with s.aside():
        s.governance.vote(s.set, "Mock", 5, False, bytes(1_025), by=s.manager, **differs)
    with s.aside():
        s.governance.vote(s.set, "Mock", 5, False, bytes(1_600), by=s.manager, **differs)
    long = {"ours": "Adapter answer too long", "differs": "D-22"}
    call = s.dai.approve.data(s.heir, 9)
    for size, expected in ((2_080, {}), (2_081, long), (9_000, long)):
        with_answer(s, encode(ANSWER, [s.dai.address, 0, call + bytes(size - 68)]), f"a_{size}")
        for function, *arguments in (
            (s.governance.register,),
            (s.governance.revoke,),
            (s.governance.delegate, s.heir),
            (s.governance.vote, 5, True, b""),
        ):
            with s.aside():
                function(s.set, "Odd", *arguments, by=s.manager, **expected)
    for size, expected in ((8_196, {}), (8_197, differs)):
        with_answer(s, encode(ANSWER, [s.dai.address, 0, call + bytes(size - 68)]), f"p_{size}")
        with s.aside():
            s.governance.propose(s.set, "Odd", b"", by=s.manager, **expected)


@scenario
def answers_beyond_the_bounds(s: Stage) -> None:
    """D-22."""
    started(s)
    target = s.deploy("target", mock("Target"))
    for size, expected in (
        (4_095, {}),
        (4_096, {"ours": "Return data too long", "differs": "D-22"}),
    ):
        call = target.echo.data(bytes(size))
        with_answer(s, encode(ANSWER, [target.address, 0, call]), f"t_{size}")
        with s.aside():
            s.governance.propose(s.set, "Odd", b"", by=s.manager, **expected)


@scenario
def calls_back_into_the_module(s: Stage) -> None:
    """D-06."""
    with_puppet(s)
    calls = [
        s.governance.register.data(s.set, UNISWAP),
        s.governance.revoke.data(s.set, UNISWAP),
        s.governance.delegate.data(s.set, UNISWAP, s.heir),
        s.governance.propose.data(s.set, UNISWAP, compound_data(harmless())),
        s.governance.vote.data(s.set, UNISWAP, 1, True, b""),
    ]
    s.puppet.prepare([(s.governance, call) for call in calls], by=s.stranger)
    s.governance.register(s.set, "Scripted", by=s.puppet.address)
    s.puppet.getOutcomes(differs="D-06")
    s.uni_votes.delegates(s.set)
    s.governance.register(s.set, UNISWAP, by=s.puppet.address)
