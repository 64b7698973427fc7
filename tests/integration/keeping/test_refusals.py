"""R-42, I-14: what a keeper does when the chain, the manager or the market says no."""

import json
from dataclasses import replace

import ape
import pytest
from ape.exceptions import ProviderError

from indexkit.errors import IndexkitError
from indexkit.keeper import ChainClock, Contracts, Limits, Patience
from indexkit.keeper.journal import open_journal
from indexkit.localnet import addresses, deal, token_at
from indexkit.localnet.arbitrage import Arbitrageur, pool_at

OUTSIDE = "Price outside guard"


def lines(started, what=None):
    """Return the journal's lines of a kind."""
    text = (started.folder / "journal.jsonl").read_text()
    found = [json.loads(line) for line in text.splitlines()]
    return [line for line in found if what in (None, line["what"])]


def depress(started, symbol):
    """Sell a fifth of a pool's reserve into it: its price falls by a third."""
    component = started.rebalance.component(symbol)
    pool = pool_at(component.address, component.exchange)
    trader = ape.accounts.test_accounts[4]
    amount = token_at(component.address).balanceOf(pool) // 5
    deal(component.address, pool.address, amount)
    first = pool.token0() == component.address
    reserve = token_at(addresses.WETH).balanceOf(pool)
    out = reserve // 7
    pool.swap(*((0, out) if first else (out, 0)), trader, b"", sender=trader)


@pytest.fixture
def observed(started):
    """Let the guard know the prices of half an hour before anybody moves them."""
    ChainClock().wait(1_800)
    return started


def once(what, act, **having):
    """Return a watcher that acts once, at the first line of a kind."""
    done = []

    def watch(line):
        if line["what"] == what and not done and having.items() <= line.items():
            done.append(line)
            act()

    return watch


def test_run__price_moved__backs_off_and_recovers(observed):
    """The refused component waits, longer each time; the others trade; all is met in the end."""
    depress(observed, "UNI")
    refused = []

    def watch(line):
        if line["what"] == "refused":
            refused.append(line)
            if len(refused) == 3:
                Arbitrageur(observed.rebalance).restore("UNI")

    done = observed.keeper(watch=watch).run()
    assert (done.finished, done.stopped) == (True, None)
    assert [(line["component"], line["why"]) for line in refused] == [("UNI", OUTSIDE)] * 3
    assert [line["seconds"] for line in refused] == [300, 600, 1_200]
    order = [trade.symbol for trade in done.trades]
    assert "YFI" in order[: order.index("UNI")]
    assert abs(done.after.units["UNI"] - done.targets["UNI"]) <= 2


def test_run__price_stays__gives_the_component_up(observed):
    """After so many refusals the run ends in one sentence; what could be traded was (R-40)."""
    depress(observed, "UNI")
    done = observed.keeper(limits=Limits(patience=Patience(first=60, refusals=2))).run()
    assert not done.finished
    assert done.stopped == (
        f"The chain kept refusing UNI ({OUTSIDE}, 2 times): the other trades stand; "
        "see to the cause, and start the keeper again."
    )
    assert "YFI" in {trade.symbol for trade in done.trades}
    assert "UNI" not in {trade.symbol for trade in done.trades}
    assert lines(observed)[-1]["why"] == done.stopped


def test_run__budget_used_up__stops(started):
    """I-14: the loss stays within the budget, and the run ends with a remedy."""
    started.set_budget(3 * 10**18)
    done = started.keeper().run()
    assert 0 < done.loss <= done.loss_budget == 3 * 10**18
    assert not done.finished
    assert "was refused (Loss budget used up): the guard allows no more losses" in done.stopped
    trades = len(done.trades)
    started.set_budget(10**20)
    again = started.keeper().run()
    assert again.finished
    assert again.trades[:trades] == done.trades
    assert len(again.trades) > trades


def test_run__trader_removed__stops(started):
    """I-11: at once, with what was traded kept; later the same account is not even let begin."""
    module, roles = started.index.module, started.index.roles

    def remove():
        module.updateTraderStatus([roles.trader], [False], sender=roles.manager)

    done = started.keeper(watch=once("sent", remove)).run(entries=4)
    assert "(Address not permitted to trade): the trader was removed" in done.stopped
    before = ape.chain.provider.get_nonce(roles.trader.address)
    with pytest.raises(IndexkitError, match=r"is not permitted to trade: let the manager"):
        started.keeper().run()
    assert ape.chain.provider.get_nonce(roles.trader.address) == before


def test_run__cancelled__stops(started):
    """R-09: the manager's word ends it, and nothing can begin again."""
    module, roles = started.index.module, started.index.roles
    cancel = once("mined", lambda: module.cancelRebalance(sender=roles.manager), component="UNI")
    done = started.keeper(watch=cancel).run()
    assert not done.finished
    assert "the manager cancelled the rebalance" in done.stopped
    with pytest.raises(IndexkitError, match="has no rebalance under way"):
        started.keeper().run()


def test_run__restarted__stops(started):
    """Not one trade of an old plan goes into a new rebalance, whatever its targets (R-11)."""
    module, token, roles = started.index.module, started.index.token, started.index.roles

    def restart():
        held = token.getComponents()
        targets = [token.getDefaultPositionRealUnit(one) for one in held]
        targets = [0 if c == addresses.WETH else t for c, t in zip(held, targets, strict=True)]
        multiplier = token.positionMultiplier()
        module.startRebalance([], [], targets, multiplier, sender=roles.manager)

    done = started.keeper(watch=once("mined", restart, component="UNI")).run()
    assert "The manager started another rebalance" in done.stopped
    with pytest.raises(IndexkitError, match=r"^\w+: "):
        started.keeper().run()


def test_run__deadline_passes__stops(started):
    """R-11: under way in one sentence, and at the start in another."""
    module, roles = started.index.module, started.index.roles
    deadline = ChainClock().now() + 2_000
    nonce = module.rebalanceNonce() + 1
    module.startRebalanceWithDeadline(
        *started.rebalance.start_arguments(), nonce, deadline, sender=roles.manager
    )
    done = started.keeper().run()
    assert "(Rebalance has expired): its deadline has passed" in done.stopped
    with pytest.raises(IndexkitError, match=rf"'s deadline \({deadline}\) has passed"):
        started.keeper().run()


def test_run__second_keeper__refused(started):
    """One keeper a folder: the second says so and touches nothing."""
    with open_journal(started.folder):
        for act in (started.keeper().run, started.keeper().record, started.keeper().dry_run):
            with pytest.raises(IndexkitError, match=r"^Another keeper works in .*: wait until"):
                act()
    assert not (started.folder / "journal.jsonl").exists()


def test_run__node_fails__says_to_start_again(started):
    """R-40: a node that does not answer ends the run in one sentence; the next one goes on."""

    class Broken(ChainClock):
        def wait(self, seconds):
            raise ProviderError("connection reset")

    done = started.keeper(clock=Broken()).run()
    assert done.stopped == (
        "The node failed (ProviderError: connection reset): the trades before stand; "
        "start the keeper again when it answers."
    )
    assert started.keeper().run().finished


class CrashError(Exception):
    """Stands for whatever ends a process."""


def crash():
    """End the run."""
    raise CrashError


def test_run__nonce_used_by_another__says_so_and_goes_on(started):
    """What was signed can never be mined then: it is not sent again, the chain tells the rest."""
    dies = once("intent", crash, **{"for": "trade"})
    with pytest.raises(CrashError):
        started.keeper(watch=dies).run()
    started.index.roles.trader.transfer(started.index.roles.manager, 0)
    done = started.keeper().run()
    assert done.finished
    (signed,) = [line for line in lines(started, "intent") if line["for"] == "trade"][:1]
    (replaced,) = lines(started, "replaced")
    assert replaced["hash"] == signed["hash"]
    assert lines(started, "resent") == []
    assert signed["hash"] not in {trade.transaction for trade in done.trades}


def test_run__reverts_when_resent__goes_on(started):
    """The same bytes may find another price: the limit holds, and the trade is made anew."""
    dies = once("intent", crash, **{"for": "trade"})
    with pytest.raises(CrashError):
        started.keeper(watch=dies).run()
    depress(started, lines(started, "intent")[-1]["component"])
    clock = ChainClock()
    done = started.keeper(arbitrage=Arbitrageur(started.rebalance), clock=clock).run()
    assert done.finished
    assert [line["status"] for line in lines(started, "mined")].count("reverted") == 1
    assert "reverted trade" in {spent.what for spent in done.gas_spent}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"target_unit": 1}, r"^UNI: target unit: expected 1, found \d+ on the chain"),
        ({"max_trade_size": 1}, r"^UNI: largest trade: expected 1, found"),
        ({"cool_off_period": 1}, r"^UNI: cool-off: expected 1, found"),
        ({"exchange": "SushiSwap"}, r"^UNI: exchange: expected 2, found 1"),
    ],
)
def test_run__component_differs__raises(started, change, complaint):
    """R-34: the plan must be what was submitted: component, expected and found."""
    changed = tuple(
        replace(c, **change) if c.symbol == "UNI" else c for c in started.rebalance.components
    )
    plan = replace(started.rebalance, components=changed)
    with pytest.raises(IndexkitError, match=complaint):
        started.keeper(rebalance=plan).run()


def test_run__plan_differs__raises(started):
    """R-34: the chain, the multiplier, the components, the guard."""
    plan = started.rebalance
    with pytest.raises(IndexkitError, match=r"^chain id: expected 5, found 1 on the chain"):
        started.keeper(chain_id=5).run()
    other = replace(plan, position_multiplier=plan.position_multiplier + 1)
    with pytest.raises(IndexkitError, match=r"^position multiplier of the rebalance: expected"):
        started.keeper(rebalance=other).run()
    fewer = replace(plan, components=plan.components[1:])
    with pytest.raises(IndexkitError, match=r"takes part in the rebalance on the chain, but not"):
        started.keeper(rebalance=fewer).run()
    blind = replace(Contracts.of(started.index), guard=None)
    with pytest.raises(IndexkitError, match=r"are judged by the guard 0x\w+: name it"):
        started.keeper(contracts=blind, limits=Limits(unguarded=True)).run()
    started.index.module.setGuard("0x" + 40 * "0", sender=started.index.roles.manager)
    with pytest.raises(IndexkitError, match=r"are not guarded, so each of them can be sandwiched"):
        started.keeper().run()


def test_run__journal_of_another_rebalance__raises(started):
    """A folder belongs to one rebalance of one module on one chain."""
    started.keeper().run(entries=1)
    path = started.folder / "journal.jsonl"
    path.write_text(path.read_text().replace('"start_hash":"0x', '"start_hash":"0xff'))
    with pytest.raises(IndexkitError, match=r"^The journal is of the rebalance .* another folder"):
        started.keeper().run()
