"""Every token misbehaviour has one stated outcome: the table of docs/SECURITY.md, played (I-19)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from asides import undone
from odd_code import RETURN, REVERT, bomb
from odd_world import HELD, ISSUED, OPERATIONS, ZERO, build, outcome

DOCUMENT = Path(__file__).parents[3] / "docs" / "SECURITY.md"
HEADING = "## Tokens"
BOMB = 300_000


@dataclass(frozen=True)
class Misbehaviour:
    """What a token does while it is asked, and how it stops."""

    arm: Callable = lambda world: None
    disarm: Callable = lambda world: None
    before: Callable = lambda world: None
    """What happened to the SetToken's balance before."""
    kind: str = "18 decimals"


def habit(name):
    """Return a habit of the OddToken."""
    return Misbehaviour(
        lambda w: w.odd.adopt(name, sender=w.issuer), lambda w: w.odd.adopt("", sender=w.issuer)
    )


def refusing(account):
    """Return a blacklist with one entry."""
    return Misbehaviour(
        lambda w: w.odd.refuse(account(w), sender=w.issuer),
        lambda w: w.odd.refuse(ZERO, sender=w.issuer),
    )


def rebased(numerator, denominator):
    """Return a change of the SetToken's balance that nobody made."""

    def change(world):
        balance = world.odd.balanceOf(world.index) * numerator // denominator
        world.odd.setBalance(world.index, balance, sender=world.issuer)

    return Misbehaviour(before=change)


def coded(change):
    """Return a change of the token's code, and its way back."""
    codes = {}

    def arm(world):
        provider = world.index.provider
        codes[world.odd.address] = provider.get_code(world.odd.address)
        change(world.odd, provider)

    def disarm(world):
        world.index.provider.set_code(world.odd.address, codes.pop(world.odd.address))

    return Misbehaviour(arm, disarm)


def calling_back(world):
    """Have the token call back into the module that is its best chance."""
    issuance = world.protocol.issuance
    call = issuance.redeemFrozen.encode_input(world.index, 10**18, world.odd)
    world.odd.callBack(issuance, call, sender=world.issuer)


def calling_nobody(world):
    """Have it stop; nothing it tried has succeeded."""
    assert not world.odd.succeeded()
    world.odd.callBack(ZERO, b"", sender=world.issuer)


MISBEHAVIOURS = {
    "none": Misbehaviour(),
    "no return value": habit("returns nothing"),
    "returns false, moves": habit("returns false"),
    "returns false, moves nothing": habit("moves nothing, returns false"),
    "returns true, moves nothing": habit("moves nothing"),
    "approves from zero only": habit("approves from zero only"),
    "fee from what the receiver gets": habit("takes a fee"),
    "fee on top of what the sender pays": habit("charges one more"),
    "rebased up by half": rebased(3, 2),
    "rebased down by a quarter": rebased(3, 4),
    "paused": habit("reverts with a reason"),
    "reverts without a reason": habit("reverts without reason"),
    "SetToken on the blacklist": refusing(lambda w: w.index),
    "caller on the blacklist": refusing(lambda w: w.issuer),
    "calls back from its transfers": Misbehaviour(calling_back, calling_nobody, kind="hooks"),
    "300 kB of return data": coded(lambda odd, on: bomb(odd, BOMB, RETURN, on)),
    "300 kB of revert data": coded(lambda odd, on: bomb(odd, BOMB, REVERT, on)),
    "burns all gas": habit("burns all gas"),
    "0 decimals": Misbehaviour(kind="0 decimals"),
    "27 decimals": Misbehaviour(kind="27 decimals"),
    "shows no balances": habit("hides balances"),
    "shows twice the balances": habit("doubles balances"),
    "reverts when asked for balances": habit("has no balances"),
    "no code left": coded(lambda odd, on: on.set_code(odd.address, b"")),
}


def section():
    """Return the tables of the section: lists of rows, each a list of cells."""
    text = DOCUMENT.read_text().split(HEADING, 1)[1].split("\n## ", 1)[0]
    tables = []
    for block in text.split("\n\n"):
        if block.startswith("|"):
            lines = block.splitlines()
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
            tables.append([rows[0], *rows[2:]])
    return tables


def documented():
    """Return the table of outcomes: misbehaviour -> operation -> outcome."""
    (head, *body) = section()[1]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}


def words():
    """Return the words of the first table that stand for reasons: reason -> word."""
    _, *body = section()[0]
    return {reason: word for word, means in body for reason in re.findall(r'"[^"]*"', means)}


@pytest.fixture(scope="module")
def worlds(mock, components, protocol, make_plain_set, owner, manager, issuer, module):
    """Build one index for each kind of token."""
    tokens = {
        f"{decimals} decimals": (issuer.deploy(mock("OddToken"), decimals, 10**50), 10**decimals)
        for decimals in (0, 18, 27)
    }
    tokens["hooks"] = issuer.deploy(mock("CallbackToken"), 10**50), 10**18
    uni = components[1]
    people = owner, manager, issuer, module
    return {
        kind: build(token, whole, uni, protocol, make_plain_set, *people)
        for kind, (token, whole) in tokens.items()
    }


def test_table__is_complete():
    """The document states every misbehaviour and every operation, and no other (I-19)."""
    table = documented()
    assert list(table) == list(MISBEHAVIOURS)
    for row in table.values():
        assert list(row) == list(OPERATIONS)


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_misbehaviour__has_the_stated_outcomes(worlds, chain, name):
    """Each cell of the table is what happens, and nothing moves when it is a refusal (I-19).

    S-303.
    """
    misbehaviour = MISBEHAVIOURS[name]
    world = worlds[misbehaviour.kind]
    misbehaviour.before(world)
    stated = words()
    outcomes = {}
    for title, operation in OPERATIONS.items():
        with undone(chain):
            came = outcome(world, operation, misbehaviour.arm, misbehaviour.disarm)
            outcomes[title] = stated.get(came, came)
    assert outcomes == documented()[name]


def test_world__is_as_described(worlds):
    """The table starts from 200 odd tokens in units and a claim on two more."""
    for world in worlds.values():
        held = world.odd.balanceOf(world.index)
        assert held == HELD * (ISSUED + 1) * world.whole
        issuance = world.protocol.issuance
        assert issuance.totalClaims(world.index, world.odd) == HELD * world.whole
