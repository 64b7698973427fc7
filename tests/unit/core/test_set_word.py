"""SetToken: supply, multiplier, lowest unit, count and lock share one word (I-03, I-04, I-05)."""

from dataclasses import dataclass, field

import ape
import pytest
from eth_abi import decode
from hypothesis import given, settings
from hypothesis import strategies as st

E18 = 10**18
MOST_SETS = 2**128 - 1
MAX_LOWEST = 2**55 - 1
WORD_SLOT = 5
UNIT = 10**15

step = st.one_of(
    st.tuples(st.sampled_from(["mint", "burn"]), st.integers(0, MOST_SETS) | st.integers(0, 9)),
    st.tuples(st.just("editPositionMultiplier"), st.integers(1, E18) | st.integers(-1, 1)),
    st.tuples(st.sampled_from(["addComponent", "removeComponent"]), st.integers(0, 7)),
    st.tuples(st.sampled_from(["lock", "unlock"])),
)


@dataclass
class Model:
    """What the word should say."""

    listed: list[int] = field(default_factory=lambda: [0])
    supply: int = 0
    multiplier: int = E18
    locked: bool = False

    def mint(self, quantity):
        """Raise the supply, or tell that it cannot be."""
        if self.supply + quantity > MOST_SETS:
            return False
        self.supply += quantity
        return True

    def burn(self, quantity):
        """Lower the supply, or tell that it cannot be."""
        if quantity > self.supply:
            return False
        self.supply -= quantity
        return True

    def edit_position_multiplier(self, multiplier):
        """Lower the multiplier, unless the one unit would read as 0."""
        vanishes = 0 in self.listed and UNIT * multiplier < E18
        if not 0 < multiplier <= self.multiplier or vanishes:
            return False
        self.multiplier = multiplier
        return True

    def add_component(self, number):
        """List a component once."""
        if number in self.listed:
            return False
        self.listed.append(number)
        return True

    def remove_component(self, number):
        """Move the last one into the gap."""
        if number not in self.listed:
            return False
        self.listed[self.listed.index(number)] = self.listed[-1]
        self.listed.pop()
        return True

    def lock(self):
        """Lock once."""
        was, self.locked = self.locked, True
        return not was

    def unlock(self):
        """Unlock once."""
        was, self.locked = self.locked, False
        return was


@pytest.fixture(scope="session")
def small(make_basket, puppet, manager):
    """Create an index of one component whose modules are the account and the puppet."""
    created = make_basket([UNIT])
    created.addModule(puppet, sender=manager)
    puppet.execute([(created, created.initializeModule.encode_input())], sender=manager)
    return created


@pytest.fixture
def word_of(chain):
    """Return a function that reads the fields of a SetToken's word."""

    def read(basket):
        word = int.from_bytes(chain.provider.get_storage(basket.address, WORD_SLOT), "big")
        return {
            "multiplier": word % 2**64,
            "supply": word >> 64 & MOST_SETS,
            "lowest": word >> 192 & MAX_LOWEST,
            "count": word >> 247 & 255,
            "locked": word >> 255,
        }

    return read


def test_word__at_the_start(small, word_of):
    """R-02: a fresh SetToken, and where its figures are."""
    assert word_of(small) == {
        "multiplier": E18,
        "supply": 0,
        "lowest": UNIT,
        "count": 1,
        "locked": 0,
    }


@pytest.mark.parametrize("unit", [1, MAX_LOWEST - 1, MAX_LOWEST, MAX_LOWEST + 1, 2**94, 2**195])
def test_word__lowest_unit_is_cut_to_its_room(make_basket, word_of, module, unit):
    """I-03: one beyond the room stands as the highest there is; the bound stays the unit's own."""
    basket = make_basket([unit])
    expected = word_of(basket) | {"lowest": min(unit, MAX_LOWEST)}
    assert word_of(basket) == expected
    bound = max(1, -(-E18 // unit))
    with ape.reverts("New multiplier too small"):
        basket.editPositionMultiplier(bound - 1, sender=module)
    basket.editPositionMultiplier(bound, sender=module)
    assert basket.getTradeUnits(basket.components(0), basket, 0)[2] == unit * bound // E18 > 0


def test_word__all_fields_full(make_basket, word_of, module, addresses):
    """I-04: a full supply, 200 components and a lock leave each other and the rest alone."""
    full = make_basket([2**94] * 200, [f"0x{0xB000 + i:040x}" for i in range(200)])
    full.mint(addresses[0], MOST_SETS, sender=module)
    full.lock(sender=module)
    most = {
        "multiplier": E18,
        "supply": MOST_SETS,
        "lowest": MAX_LOWEST,
        "count": 200,
        "locked": 1,
    }
    assert word_of(full) == most
    full.burn(addresses[0], MOST_SETS, sender=module)
    assert word_of(full) == most | {"supply": 0}
    full.removeComponent(full.components(0), sender=module)
    full.editPositionMultiplier(1, sender=module)
    full.unlock(sender=module)
    freed = {"multiplier": 1, "supply": 0, "count": 199, "locked": 0}
    assert word_of(full) == most | freed


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(step, max_size=24))
def test_word__any_history(small, puppet, stranger, addresses, steps):
    """I-02, I-04, I-05: after any steps each figure is the model's, whatever the others did."""
    model, calls, outcomes = Model(), [], []
    for name, *values in steps:
        arguments = [addresses[v] for v in values] if name.endswith("Component") else values
        if name in ("mint", "burn"):
            arguments = [stranger, *values]
        calls.append((small, getattr(small, name).encode_input(*arguments)))
        snake = "".join("_" + c.lower() if c.isupper() else c for c in name)
        outcomes.append(getattr(model, snake)(*values))
    views = ("totalSupply", "positionMultiplier", "isLocked", "getComponents")
    calls += [(small, getattr(small, name).encode_input()) for name in views]
    calls.append((small, small.getTradeUnits.encode_input(addresses[0], addresses[9], 0)))
    answers = puppet.attempt.call(calls, sender=stranger)
    assert [answer.success for answer in answers[: len(steps)]] == outcomes

    supply, multiplier, locked, listed, units = (answer.answer for answer in answers[-5:])
    assert decode(["uint256"], supply)[0] == model.supply
    assert decode(["int256"], multiplier)[0] == model.multiplier
    assert decode(["bool"], locked)[0] is model.locked
    expected = [addresses[number].lower() for number in model.listed]
    assert list(decode(["address[]"], listed)[0]) == expected
    unit = UNIT * model.multiplier // E18
    place = model.listed.index(0) if 0 in model.listed else 0
    assert decode(["uint256"] * 5, units) == (model.supply, model.multiplier, unit, 0, place)
