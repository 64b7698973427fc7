"""SetToken: invoke, ether, unknown functions (D-05), changes in the middle of a call (D-03)."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

from indexkit.localnet.artifacts import Artifact

FAILED = "Address: low-level call with value failed"

BURNER = bytes.fromhex("60fe60005360016000f3")
"""Creates a contract of one invalid instruction, which uses up all gas."""


def ready(s: Stage) -> Handle:
    """Create a Set with a module, 1 ether and 100 DAI of its own, and a target to call."""
    s.create([s.dai], [E18], [s.module, s.issuance, s.streaming_fee])
    s.set.initializeModule(by=s.module)
    s.fund("dai", s.set, 100 * E18)
    s.send_raw(s.set, b"", by=s.stranger, value=E18)
    return s.deploy("target", mock("Target"))


@scenario
def invoke_returns_what_the_target_returns(s: Stage) -> None:
    """Invoke: nothing, a word, a string, 64 bytes, 4,064 bytes; the event repeats both ways."""
    target = ready(s)
    invoke = s.set.invoke
    invoke(s.dai, 0, s.dai.transfer.data(s.heir, E18), by=s.module)
    invoke(s.dai, 0, s.dai.balanceOf.data(s.set), by=s.module)
    invoke(s.dai, 0, s.dai.symbol.data(), by=s.module)
    for answer in (b"", b"\x01", b"a" * 31, b"b" * 64, b"c" * 4031):
        invoke(target, 0, target.echo.data(answer), by=s.module)
    invoke(target, 0, b"", by=s.module)
    invoke(target, 0, b"\xff", by=s.module)


@scenario
def invoke_passes_failures_on(s: Stage) -> None:
    """Invoke what fails with a reason, with other data, with nothing, and for want of gas."""
    target = ready(s)
    invoke = s.set.invoke
    invoke(target, 0, target.fail.data("Some reason"), by=s.module, reverts="Some reason")
    invoke(target, 0, target.fail.data("r" * 200), by=s.module, reverts="r" * 200)
    invoke(target, 0, target.failWith.data(b"\x12\x34"), by=s.module, reverts="0x1234")
    data = b"\xab" * 1000
    invoke(target, 0, target.failWith.data(data), by=s.module, reverts=f"0x{data.hex()}")
    invoke(target, 0, target.failWith.data(b""), by=s.module, reverts=FAILED)
    invoke(target, 1, target.refuseEther.data(), by=s.module, reverts=FAILED)
    invoke(s.controller, 0, b"\xff" * 4, by=s.module, reverts=FAILED)
    burner = s.deploy("burner", Artifact("Burner", (), BURNER))
    invoke(burner, 0, b"", by=s.module, reverts=FAILED)
    overdrawn = s.dai.transfer.data(s.heir, 101 * E18)
    invoke(s.dai, 0, overdrawn, by=s.module, reverts="ERC20: transfer amount exceeds balance")


@scenario
def invoke_sends_ether(s: Stage) -> None:
    """Invoke with ether: to a contract, into WETH and back, to the Set itself, all of it."""
    target = ready(s)
    s.set.invoke(target, 1, b"", by=s.module)
    s.set.invoke(target, 2, target.echo.data(b"x"), by=s.module)
    s.set.invoke(s.weth, E18 // 2, s.weth.deposit.data(), by=s.module)
    s.set.invoke(s.weth, 0, s.weth.withdraw.data(E18 // 4), by=s.module)
    s.set.invoke(s.set, E18 // 8, b"", by=s.module)
    rest = E18 - 3 - E18 // 2 + E18 // 4
    short = "Address: insufficient balance for call"
    s.set.invoke(target, rest + 1, b"", by=s.module, reverts=short)
    s.set.invoke(target, rest, b"", by=s.module)
    s.set.invoke(target, 1, b"", by=s.module, reverts=short)


@scenario
def invoke_is_refused(s: Stage) -> None:
    """Invoke accounts, precompiles and more ether than there is, alone and together."""
    target = ready(s)
    no_contract, short = "Address: call to non-contract", "Address: insufficient balance for call"
    for account in (s.heir, ZERO, "0x" + "00" * 19 + "04"):
        s.set.invoke(account, 0, b"", by=s.module, reverts=no_contract)
        s.set.invoke(account, E18, b"", by=s.module, reverts=no_contract)
        s.set.invoke(account, E18 + 1, b"", by=s.module, reverts=short)
    s.set.invoke(target, 2**256 - 1, b"", by=s.module, reverts=short)
    for actor in (s.manager, s.owner, s.stranger, s.streaming_fee.address):
        s.set.invoke(target, 0, b"", by=actor, reverts="Only the module can call")
        s.set.invoke(ZERO, 2 * E18, b"", by=actor, reverts="Only the module can call")
    s.set.invoke(target, 0, b"", by=s.module, value=1, reverts="")


@scenario
def set_may_call_its_own_token(s: Stage) -> None:
    """Invoke the Set itself: it holds, sends and allows its own tokens."""
    ready(s)
    s.set.mint(s.set, 10, by=s.module)
    s.set.invoke(s.set, 0, s.set.transfer.data(s.heir, 4), by=s.module)
    s.set.invoke(s.set, 0, s.set.approve.data(s.heir, 6), by=s.module)
    s.set.transferFrom(s.set, s.heir, 6, by=s.heir)
    s.set.invoke(s.set, 0, s.set.getPositions.data(), by=s.module)
    data = s.set.transfer.data(s.heir, 1)
    too_much = "ERC20: transfer amount exceeds balance"
    s.set.invoke(s.set, 0, data, by=s.module, reverts=too_much)


@scenario
def invoke_may_carry_much(s: Stage) -> None:
    """Invoke with 8,196 bytes of data, a selector and 8,192 bytes."""
    target = ready(s)
    s.set.invoke(target, 0, b"\x12\x34\x56\x78" + b"\xab" * 8192, by=s.module)


@scenario
def plain_ether_is_welcome(s: Stage) -> None:
    """Send ether from anybody, none at all, from a contract with little gas, by force."""
    target = ready(s)
    s.send_raw(s.set, b"", by=s.manager, value=E18)
    s.send_raw(s.set, b"", by=s.stranger)
    s.send_raw(s.set, b"", by=s.module, value=1)
    s.weth.deposit(by=s.stranger, value=E18)
    s.weth.transfer(s.set, E18, by=s.stranger)
    s.set.invoke(s.weth, 0, s.weth.withdraw.data(E18), by=s.module)
    s.deploy("force", set_v2("mocks/ForceFunderMock")).fund(s.set, by=s.stranger, value=5)
    s.set.invoke(target, 3 * E18 + 6, b"", by=s.module)
    short = "Address: insufficient balance for call"
    s.set.invoke(target, 1, b"", by=s.module, reverts=short)


@scenario
def unknown_functions_are_refused(s: Stage) -> None:
    """D-05: also without ether, and with less than a selector."""
    ready(s)
    for data in (b"\x00", b"\x12\x34\x56", b"\x12\x34\x56\x78", b"\xff" * 100):
        for value in (0, 1):
            s.send_raw(
                s.set,
                data,
                by=s.stranger,
                value=value,
                reverts="",
                ours="Unknown function",
                differs="D-05",
            )


@scenario
def views_answer_in_the_middle_of_a_call(s: Stage) -> None:
    """Read everything the Set shows, and let its token move, from inside an invoke."""
    ready(s)
    puppet = puppet_module(s)
    s.set.mint(puppet, 10, by=s.module)
    s.set.addExternalPositionModule(s.dai, puppet, by=s.module)
    the_set, pair = s.set, (s.dai, puppet)
    for calls in (
        *(
            [(view, ()) for view in group]
            for group in (
                (the_set.name, the_set.symbol, the_set.decimals, the_set.totalSupply),
                (the_set.controller, the_set.manager, the_set.locker, the_set.isLocked),
                (the_set.positionMultiplier, the_set.getComponents, the_set.getModules),
                (the_set.getPositions,),
            )
        ),
        [(the_set.components, (0,)), (the_set.modules, (1,)), (the_set.modules, (2,))],
        [(view, pair) for view in (the_set.isExternalPositionModule, the_set.allowance)],
        [(the_set.getExternalPositionRealUnit, pair), (the_set.getExternalPositionData, pair)],
        [(the_set.isComponent, (s.dai,)), (the_set.getDefaultPositionRealUnit, (s.dai,))],
        [(the_set.getTotalComponentRealUnits, (s.dai,)), (the_set.balanceOf, (puppet,))],
        [(the_set.getExternalPositionModules, (s.dai,)), (the_set.moduleStates, (puppet,))],
        [(the_set.isInitializedModule, (puppet,)), (the_set.isPendingModule, (puppet,))],
        [(the_set.transfer, (s.heir, 3)), (the_set.approve, (s.heir, 7))],
        [(the_set.increaseAllowance, (s.heir, 2)), (the_set.decreaseAllowance, (s.heir, 1))],
        [(the_set.approve, (puppet, 5)), (the_set.transferFrom, (puppet, s.heir, 5))],
    ):
        with s.aside():
            prepared = [(the_set, function.data(*arguments)) for function, arguments in calls]
            puppet.prepare(prepared, by=s.stranger)
            puppet.execute([(the_set, the_set.invoke.data(puppet, 0, b""))], by=s.stranger)
            puppet.getOutcomes()


def puppet_module(s: Stage) -> Handle:
    """Make a puppet a module of the Set."""
    puppet = s.deploy("puppet", mock("Puppet"))
    s.controller.addModule(puppet, by=s.owner)
    s.set.addModule(puppet, by=s.manager)
    puppet.execute([(s.set, s.set.initializeModule.data())], by=s.stranger)
    return puppet


def changes(s: Stage, puppet: Handle) -> list[tuple[Handle, bytes]]:
    """Return calls that a module makes to change a Set, each of which succeeds by itself."""
    the_set = s.set
    calls = (
        (the_set.addComponent, (s.usdc,)),
        (the_set.editDefaultPositionUnit, (s.usdc, 5)),
        (the_set.addExternalPositionModule, (s.usdc, puppet)),
        (the_set.editExternalPositionUnit, (s.usdc, puppet, 5)),
        (the_set.editExternalPositionData, (s.usdc, puppet, b"x")),
        (the_set.removeExternalPositionModule, (s.usdc, puppet)),
        (the_set.editPositionMultiplier, (E18 // 2,)),
        (the_set.removeComponent, (s.usdc,)),
        (the_set.mint, (s.heir, 5)),
        (the_set.burn, (s.heir, 5)),
        (the_set.invoke, (s.dai, 0, s.dai.symbol.data())),
        (the_set.lock, ()),
        (the_set.unlock, ()),
    )
    return [(the_set, function.data(*arguments)) for function, arguments in calls]


@scenario
def modules_cannot_change_a_set_from_inside_its_call(s: Stage) -> None:
    """D-03: the original carries every change out, ours refuses each without a reason."""
    ready(s)
    puppet = puppet_module(s)
    prepared = changes(s, puppet)
    puppet.prepare(prepared, by=s.stranger)
    with s.aside():
        puppet.execute([(s.set, s.set.invoke.data(puppet, 0, b""))], by=s.stranger, differs="D-03")
        for success, answer in puppet.getOutcomes():
            assert success != s.world.has_our_sets
            assert success or answer == b""
    puppet.prepare([], by=s.stranger)
    puppet.execute(prepared, by=s.stranger)


@scenario
def manager_cannot_change_a_set_from_inside_its_call(s: Stage) -> None:
    """D-03: modules are added and pending ones removed, and the manager changes, or not."""
    ready(s)
    puppet = puppet_module(s)
    s.set.setManager(puppet, by=s.manager)
    calls = [
        (s.set, s.set.addModule.data(s.governance)),
        (s.set, s.set.removePendingModule.data(s.governance)),
        (s.set, s.set.setManager.data(s.heir)),
    ]
    puppet.prepare(calls, by=s.stranger)
    with s.aside():
        puppet.execute([(s.set, s.set.invoke.data(puppet, 0, b""))], by=s.stranger, differs="D-03")
        for success, answer in puppet.getOutcomes():
            assert success != s.world.has_our_sets
            assert success or answer == b""


@scenario
def manager_removes_a_module_in_the_middle_of_a_call(s: Stage) -> None:
    """Remove a module from inside an invoke: the lock does not cover it."""
    ready(s)
    puppet = puppet_module(s)
    god = s.deploy("god", set_v2("mocks/GodModeMock"), s.controller)
    s.controller.addModule(god, by=s.owner)
    s.set.addModule(god, by=s.manager)
    god.initialize(s.set, by=s.manager)
    s.set.setManager(puppet, by=s.manager)
    puppet.prepare([(s.set, s.set.removeModule.data(god))], by=s.stranger)
    puppet.execute([(s.set, s.set.invoke.data(puppet, 0, b""))], by=s.stranger)
    puppet.getOutcomes()
    god.transferTokens(s.set, s.dai, s.heir, 1, by=s.stranger, reverts="Only the module can call")


@scenario
def set_cannot_be_its_own_manager_at_work(s: Stage) -> None:
    """D-03: a Set that manages itself acts through an invoke, or not."""
    ready(s)
    s.set.setManager(s.set, by=s.manager)
    data = s.set.setManager.data(s.heir)
    with s.aside():
        s.set.invoke(s.set, 0, data, by=s.module, ours=FAILED, differs="D-03")
