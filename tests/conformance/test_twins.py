"""The comparison itself: whatever is not the same is found, and what is gone too."""

import pytest
from eth_utils.crypto import keccak
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from twins import register, season
from twins.comparison import Tally, UnexplainedError
from twins.machine import Twins
from twins.scenario import Scenario
from twins.stage import ANYTHING, E18, ZERO


def created(s):
    """Create a SetToken of one component and issue some of it."""
    s.create([s.dai], [E18], [s.issuance, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)


def other_balance(s):
    """Give ours one base unit that the original does not get."""
    s.fund("dai", s.heir, 1 + (s.world.name == "ours"))
    s.set.approve(s.heir, 1, by=s.issuer)


def other_allowance(s):
    """Let only the SetToken of ours be spent from."""
    allowance = s.dai.approve.data(s.uniswap_router, 1 + (s.world.name == "ours"))
    s._prepare(s.dai.address, allowance, s.set.address)
    s.set.approve(s.heir, 1, by=s.issuer)


def other_call(s):
    """Call ours with another quantity."""
    s.set.approve(s.heir, 1 + (s.world.name == "ours"), by=s.issuer)


def one_call_more(s):
    """Call ours once more."""
    for _ in range(1 + (s.world.name == "ours")):
        s.set.approve(s.heir, 1, by=s.issuer)


def one_call_less(s):
    """Call ours once less."""
    for _ in range(2 - (s.world.name == "ours")):
        s.set.approve(s.heir, 1, by=s.issuer)


def other_outcome(s):
    """Lock ours, so that it refuses what the original does."""
    if s.world.name == "ours":
        s._prepare(s.set.address, s.set.lock.data(), s.module)
    s.set.setManager(s.heir, by=s.manager, reverts=ANYTHING)


def unit_behind_the_rounding(s):
    """Let virtual units differ where the real ones are rounded to the same."""
    unit = 5 + (s.world.name == "ours")
    s.set.editPositionMultiplier(E18 // 10, by=s.module)
    slot = _slot_of_unit(s)
    word = int(s._node.ask("eth_getStorageAt", s.set.address, slot, "latest"), 16)
    changed = word + (unit << 161) if s.world.name == "ours" else word + unit
    s._node.ask("anvil_setStorageAt", s.set.address, slot, f"0x{changed:064x}")
    s.set.approve(s.heir, 1, by=s.issuer)


def _slot_of_unit(s):
    """Return where a SetToken keeps the default unit of dai, by the layout of its compiler."""
    if s.world.name == "ours":
        return f"0x{7 + s.set.getComponents.peek().index(s.dai.address.lower()):064x}"
    key = bytes(12) + bytes.fromhex(s.dai.address[2:])
    return "0x" + keccak(key + (12).to_bytes(32, "big")).hex()


FOUND = {
    other_balance: r"state dai.balanceOf\(heir\)",
    other_allowance: r"state dai.allowance\(uniswap_router\)",
    other_call: "the original was called with set.approve",
    one_call_more: "only ours calls set.approve",
    one_call_less: "ours made fewer calls",
    other_outcome: 'original: succeeds; ours: reverts with "Only when unlocked"',
    unit_behind_the_rounding: r"is not the same:\n  state set.getPositions\(virtual units\)",
}


@pytest.mark.parametrize("differs", FOUND)
def test_comparison__finds(theatre, differs):
    """A difference of any kind fails, with its place; the same play without it passes."""

    def play(s):
        created(s)
        differs(s)

    theatre.play(Scenario("test.created", created, "ours"), Tally())
    with pytest.raises(AssertionError, match=FOUND[differs]):
        theatre.play(Scenario("test.differs", play, "ours"), Tally())


def test_comparison__announced_difference_that_is_gone(theatre):
    """A call announced to differ must differ."""

    def play(s):
        created(s)
        s.set.approve(s.heir, 1, by=s.issuer, differs="D-01")

    with pytest.raises(UnexplainedError, match="D-01 no longer occurs"):
        theatre.play(Scenario("test.gone", play, "ours"), Tally())


def test_matrix__is_empty_at_first():
    """Nothing counts as exercised that was not."""
    missing = season.missing(Tally())
    assert "SetToken: invoke(address,uint256,bytes) (ours)" in missing
    assert "SetToken: event Invoked(address,uint256,bytes,bytes) (original)" in missing
    assert len(missing) > 300


def test_register__is_read_from_the_document():
    """Ids with their scenarios, from both tables."""
    documented = register.documented()
    assert "streaming_fee.fee_may_equal_the_maximum" in documented["V-10"]
    assert documented["D-14"] == ["abi.differences"]
    assert len(documented) > 35


def test_machine__finds_a_difference(theatre):
    """A random history in which ours gets one base unit more fails."""

    class Tampered(Twins):
        tally = Tally()

        def do(self, step):
            super().do(step)
            super().do(lambda s: s.fund("dai", s.heir, 1 + (s.world.name == "ours")))

    Tampered.theatre = theatre
    Tampered.done = staticmethod(lambda steps: None)
    with pytest.raises(UnexplainedError):
        run_state_machine_as_test(
            Tampered,
            settings=settings(
                max_examples=1,
                stateful_step_count=5,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
