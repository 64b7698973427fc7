"""The ledger of all INDEX: what it adds up to, and what it refuses (R-25, I-27)."""

from dataclasses import replace

import pytest

from indexkit.economics.circulating import TOTAL, Pot, Standing, circulating
from indexkit.economics.ledger import Contract, Ledger, Program, check_order, checked
from indexkit.errors import IndexkitError
from indexkit.plan import WAD

STREAMS = Contract(
    "TokenStream",
    3_000 * WAD + 7,
    (
        Program("treasury stream", 2_000 * WAD, 1_200 * WAD, 0, 300 * WAD, 500 * WAD),
        Program("Set Labs stream", 1_500 * WAD, 1_000 * WAD, 500 * WAD, 0, 0),
    ),
)
WALLETS = (
    Pot("treasury", Standing.TREASURY, 100_500 * WAD),
    Pot("other wallets", Standing.CIRCULATING, TOTAL - 103_500 * WAD - 7),
)
LEDGER = Ledger(8, 1_602_010_800, (STREAMS,), WALLETS)


def with_program(**changes):
    """Return the ledger with its first program changed."""
    first, *others = STREAMS.programs
    contract = replace(STREAMS, programs=(replace(first, **changes), *others))
    return replace(LEDGER, contracts=(contract,))


def test_checked__every_coin_once():
    """R-25: pots add up to ten million; locked, the treasury's and circulating are all there is."""
    ledger = checked(LEDGER)
    assert sum(pot.amount for pot in ledger.pots) == TOTAL
    assert ledger.vested == TOTAL - 2_200 * WAD - 7
    assert ledger.claimed == TOTAL - 3_000 * WAD - 7
    assert ledger.circulating == TOTAL - 2_200 * WAD - 7 - 300 * WAD - 100_500 * WAD
    assert ledger.pot("strays") == Pot("strays", Standing.LOCKED, 7)
    assert ledger.program("Set Labs stream").released == 500 * WAD


def test_circulating__what_is_due_counts_and_the_treasury_does_not():
    """R-25: the definition, a pot of each standing."""
    pots = [Pot(str(kind), kind, 10**place) for place, kind in enumerate(Standing)]
    assert circulating(pots) == 100


def test_checked__sent_by_mistake__told_and_not_refused():
    """R-25: whoever sends a coin to a contract cannot break the ledger."""
    wallets = (WALLETS[0], replace(WALLETS[1], amount=WALLETS[1].amount - 1))
    contract = replace(STREAMS, balance=STREAMS.balance + 1)
    ledger = checked(replace(LEDGER, contracts=(contract,), wallets=wallets))
    assert ledger.pot("strays").amount == 8
    assert ledger.circulating == LEDGER.circulating - 1


@pytest.mark.parametrize(
    ("ledger", "sentence"),
    [
        (
            with_program(claimed=500 * WAD - 1),
            f"Block 8: the treasury stream got {2_000 * WAD} and accounts for {2_000 * WAD - 1}, "
            "a difference of 1: check its contract.",
        ),
        (
            with_program(locked=1_200 * WAD + 8, funded=2_000 * WAD + 8),
            f"Block 8: the TokenStream holds {3_000 * WAD + 7}, which is 1 less than it owes: "
            "check its contract.",
        ),
        (
            with_program(locked=-1, claimed=1_700 * WAD + 1),
            "Block 8: treasury stream: locked is -1: no pot can be below zero.",
        ),
        (
            replace(LEDGER, wallets=WALLETS[:1]),
            f"Block 8: all pots together hold {WALLETS[1].amount} base units less than {TOTAL}: "
            "a wallet is counted twice, or left out.",
        ),
        (
            replace(LEDGER, wallets=(*WALLETS, Pot("twice", Standing.CIRCULATING, 1))),
            f"Block 8: all pots together hold 1 base units more than {TOTAL}: "
            "a wallet is counted twice, or left out.",
        ),
    ],
)
def test_checked__one_unit_wrong__refused(ledger, sentence):
    """R-25: a single base unit is enough; the pot and the difference are named."""
    with pytest.raises(IndexkitError) as error:
        checked(ledger)
    assert error.value.message == sentence


@pytest.mark.parametrize("figure", ["funded", "released", "claimed"])
def test_check_order__taken_back__refused(figure):
    """I-27: nothing that was paid in, vested or claimed becomes less."""
    changes = {
        "funded": {"funded": 2_000 * WAD - 1, "due": -1},
        "released": {"locked": 1_200 * WAD + 1},
        "claimed": {"claimed": 500 * WAD - 1},
    }[figure]
    check_order([LEDGER, LEDGER])
    with pytest.raises(IndexkitError, match=f"of the treasury stream 1 less is {figure}"):
        check_order([LEDGER, with_program(**changes)])


def test_program__unknown__refused():
    """A figure is asked for by a name that there is."""
    with pytest.raises(IndexkitError, match="no 'farm': choose from treasury stream, Set Labs"):
        LEDGER.program("farm")
    with pytest.raises(IndexkitError, match="no 'farm': choose from treasury stream: locked,"):
        LEDGER.pot("farm")
