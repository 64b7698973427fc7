"""SingleIndexModule: limits of trades, batches, deadline, nonce, end, cancellation, reservation."""

import ape
import pytest
from ape import project

from indexkit import deploy
from indexkit.localnet import addresses, advance

E18 = 10**18
MAX = 2**256 - 1
YFI, UNI, AAVE, BAL = range(4)


@pytest.fixture
def open_rebalance(ready, start, components, units, manager):
    """Sell half of the UNI in steps, buy a tenth more AAVE."""
    ready.setTradeMaximums(components, [E18, E18, E18 // 100, E18], sender=manager)
    start((components[UNI], units[UNI] // 2), (components[AAVE], units[AAVE] * 11 // 10))
    return ready


@pytest.fixture
def begin(ready, set_token, manager):
    """Return a function that starts a rebalance to the present units, with nonce and deadline."""

    def call(nonce, deadline=0, sender=manager):
        listed, units, _ = set_token.getPositionPage(0)
        old = [0 if c == addresses.WETH else u for c, u in zip(listed, units, strict=True)]
        old[UNI] //= 2
        multiplier = set_token.positionMultiplier()
        return ready.startRebalanceWithDeadline(
            [], [], old, multiplier, nonce, deadline, sender=sender
        )

    return call


def now():
    """Return the time of the next block, at the earliest {s}."""
    return ape.chain.provider.get_block("latest").timestamp


# ---------------------------------------------------------------- limits of a trade


def test_trade_with_limit__sale_to_the_wei(open_rebalance, quote, components, weth, trader):
    """A sale that brings exactly the limit passes, one wei less does not (R-10, S-144)."""
    uni = components[UNI]
    brings = quote("UniswapV2", uni, weth, E18, True)
    with ape.reverts("WETH received below limit"):
        open_rebalance.tradeWithLimit(uni, brings + 1, sender=trader)
    receipt = open_rebalance.tradeWithLimit(uni, brings, sender=trader)
    (log,) = receipt.events.filter(open_rebalance.TradeExecuted)
    assert (log._amountSold, log._amountBought) == (E18, brings)


def test_trade_with_limit__purchase_to_the_wei(
    open_rebalance, quote, components, exchanges, weth, trader
):
    """A purchase that costs exactly the limit passes, one wei more does not (R-10, S-144)."""
    for _ in range(3):
        open_rebalance.trade(components[UNI], sender=trader)
    aave, size = components[AAVE], E18 // 100
    costs = quote(exchanges[AAVE], weth, aave, size, False)
    with ape.reverts("WETH spent above limit"):
        open_rebalance.tradeWithLimit(aave, costs - 1, sender=trader)
    receipt = open_rebalance.tradeWithLimit(aave, costs, sender=trader)
    (log,) = receipt.events.filter(open_rebalance.TradeExecuted)
    assert (log._amountSold, log._amountBought) == (costs, size)


def test_trade_remaining_weth_with_limit__to_the_wei(
    ready, start, quote, set_token, components, units, exchanges, weth, trader
):
    """The last purchase brings at least what was asked for (R-10)."""
    aave = components[AAVE]
    start((components[UNI], units[UNI] * 9 // 10), (aave, units[AAVE] * 2))
    ready.trade(components[UNI], sender=trader)
    brings = quote(exchanges[AAVE], weth, aave, weth.balanceOf(set_token), True)
    with ape.reverts("Bought below limit"):
        ready.tradeRemainingWETHWithLimit(aave, brings + 1, sender=trader)
    receipt = ready.tradeRemainingWETHWithLimit(aave, brings, sender=trader)
    (log,) = receipt.events.filter(ready.TradeExecuted)
    assert log._amountBought == brings


# ---------------------------------------------------------------- batches


def test_trade_batch__several_in_order(open_rebalance, components, weth, trader):
    """Several trades in one transaction, a sale before the purchase it pays for (R-11, S-145)."""
    uni, aave = components[UNI], components[AAVE]
    receipt = open_rebalance.tradeBatch([uni, uni, uni, aave], [0, 0, 0, MAX], sender=trader)
    logs = receipt.events.filter(open_rebalance.TradeExecuted)
    assert [log._sellComponent for log in logs] == [uni, uni, uni, weth]
    assert [log._buyComponent for log in logs] == [weth, weth, weth, aave]


def test_trade_batch__cool_off__reverts(open_rebalance, components, manager, trader):
    """Each trade has its own cool-off: none of the batch stands (I-12)."""
    uni = components[UNI]
    open_rebalance.setCoolOffPeriods([uni], [60], sender=manager)
    with ape.reverts("Cool off period has not elapsed."):
        open_rebalance.tradeBatch([uni, uni], [0, 0], sender=trader)
    assert open_rebalance.assetInfo(uni)[3] == 0


def test_trade_batch__one_out_of_limit__reverts(open_rebalance, components, trader):
    """All of them or none (R-11, S-145)."""
    uni = components[UNI]
    with ape.reverts("WETH received below limit"):
        open_rebalance.tradeBatch([uni, uni], [0, MAX], sender=trader)


def test_trade_batch__lengths_differ__reverts(open_rebalance, components, trader):
    """One limit a trade."""
    with ape.reverts("Array length mismatch"):
        open_rebalance.tradeBatch([components[UNI]], [], sender=trader)


def test_trade_batch__not_allowed__reverts(open_rebalance, components, stranger):
    """Allowed traders only, even for an empty batch (I-11)."""
    for batch in ([], [components[UNI]]):
        with ape.reverts("Address not permitted to trade"):
            open_rebalance.tradeBatch(batch, [0] * len(batch), sender=stranger)


def test_trade__contract_when_guarded(
    open_rebalance, protocol, components, manager, caller, trader
):
    """A guard replaces the rule that contracts do not trade; without it the rule is back.

    S-137.
    """
    open_rebalance.updateTraderStatus([caller], [True], sender=manager)
    protocol.guard.configure(open_rebalance, 10**17, 0, 10**21, sender=manager)
    uni = components[UNI]
    protocol.guard.observe([protocol.guard.referencePair(1, uni)], sender=trader)
    advance(deploy.GUARD_WINDOW_S)
    data = open_rebalance.trade.encode_input(uni)
    open_rebalance.setGuard(protocol.guard, sender=manager)
    caller.invoke(open_rebalance, 0, data, sender=trader)
    assert open_rebalance.assetInfo(uni)[3] == now()
    open_rebalance.setGuard(deploy.ANYONE, sender=manager)
    with ape.reverts("Caller must be EOA Address"):
        caller.invoke(open_rebalance, 0, data, sender=trader)


# ---------------------------------------------------------------- guard, nonce, deadline


def test_set_guard__plain(ready, protocol, manager):
    """The manager sets the guard and takes it away (R-10)."""
    assert ready.guard() == deploy.ANYONE
    for guard in (protocol.guard.address, deploy.ANYONE):
        receipt = ready.setGuard(guard, sender=manager)
        assert receipt.events == [ready.GuardUpdated(_guard=guard)]
        assert ready.guard() == guard


@pytest.mark.parametrize("call", ["setGuard", "startRebalanceWithDeadline", "cancelRebalance"])
def test_manager_only__reverts(ready, begin, trader, stranger, call):
    """Neither traders nor strangers (I-20)."""
    for sender in (trader, stranger):
        with ape.reverts("Must be the SetToken manager"):
            if call == "startRebalanceWithDeadline":
                begin(ready.rebalanceNonce() + 1, sender=sender)
            else:
                getattr(ready, call)(*([sender] if call == "setGuard" else []), sender=sender)


def test_start_rebalance_with_deadline__plain(ready, begin, components, protocol, manager, trader):
    """Trading ends with the deadline, and the guard stays (R-11, S-135)."""
    ready.setTradeMaximums([components[UNI]], [E18], sender=manager)
    ready.setGuard(protocol.guard, sender=manager)
    nonce, deadline = ready.rebalanceNonce() + 1, now() + 1000
    receipt = begin(nonce, deadline)
    assert receipt.events.filter(ready.RebalanceStarted) == [
        ready.RebalanceStarted(_nonce=nonce, _deadline=deadline)
    ]
    assert (ready.rebalanceNonce(), ready.deadline()) == (nonce, deadline)
    assert ready.guard() == protocol.guard.address
    ready.setGuard(deploy.ANYONE, sender=manager)
    assert ready.deadline() == deadline
    advance(deadline - now() - 1)
    ready.trade(components[UNI], sender=trader)
    assert now() <= deadline
    advance(deadline + 1 - now())
    for call in (
        lambda: ready.trade(components[UNI], sender=trader),
        lambda: ready.tradeBatch([components[UNI]], [0], sender=trader),
        lambda: ready.tradeRemainingWETH(components[AAVE], sender=trader),
    ):
        with ape.reverts("Rebalance has expired"):
            call()


def test_start_rebalance__takes_the_deadline_away(ready, begin, start, components, units, trader):
    """The original's start knows no deadline (R-11)."""
    begin(ready.rebalanceNonce() + 1, now() + 100)
    advance(200)
    start((components[UNI], units[UNI] // 2))
    assert ready.deadline() == 0
    ready.trade(components[UNI], sender=trader)


@pytest.mark.parametrize("off", [-1, 1])
def test_start_rebalance_with_deadline__nonce__reverts(ready, begin, off):
    """A signed start that another one has overtaken does nothing (R-11, S-135)."""
    begin(ready.rebalanceNonce() + 1)
    with ape.reverts("Wrong rebalance nonce"):
        begin(ready.rebalanceNonce() + 1 + off)


def test_start_rebalance_with_deadline__past__reverts(ready, begin):
    """A deadline lies ahead, and fits."""
    nonce = ready.rebalanceNonce() + 1
    with ape.reverts("Deadline has passed"):
        begin(nonce, now())
    with ape.reverts("Deadline too late"):
        begin(nonce, 2**64)


# ---------------------------------------------------------------- end and cancellation


def test_cancel_rebalance__plain(open_rebalance, start, components, units, manager, trader):
    """Whatever was under way, nothing trades until the next start (R-09, I-15, S-149)."""
    uni, nonce = components[UNI], open_rebalance.rebalanceNonce()
    open_rebalance.trade(uni, sender=trader)
    receipt = open_rebalance.cancelRebalance(sender=manager)
    assert receipt.events == [open_rebalance.RebalanceEnded(_nonce=nonce, _finished=False)]
    assert open_rebalance.getRebalanceComponents() == []
    with ape.reverts("Passed component not included in rebalance"):
        open_rebalance.trade(uni, sender=trader)
    with ape.reverts("Passed component not included in rebalance"):
        open_rebalance.tradeRemainingWETH(uni, sender=trader)
    with ape.reverts("Rebalance has ended"):
        open_rebalance.raiseAssetTargets(sender=trader)
    for call in (
        lambda: open_rebalance.cancelRebalance(sender=manager),
        lambda: open_rebalance.endRebalance(sender=trader),
    ):
        with ape.reverts("No rebalance under way"):
            call()
    start((uni, units[UNI] // 2))
    open_rebalance.trade(uni, sender=trader)


def test_end_rebalance__plain(ready, start, components, units, trader):
    """A trader ends it once the targets are met; the rest of the WETH stays as cash (R-09).

    S-149.
    """
    uni = components[UNI]
    start((uni, units[UNI] // 2))
    with ape.reverts("Targets must be met"):
        ready.endRebalance(sender=trader)
    ready.trade(uni, sender=trader)
    receipt = ready.endRebalance(sender=trader)
    nonce = ready.rebalanceNonce()
    assert receipt.events == [ready.RebalanceEnded(_nonce=nonce, _finished=True)]
    assert ready.getRebalanceComponents() == []


def test_end_rebalance__not_allowed__reverts(ready, start, stranger):
    """Allowed traders only (I-11)."""
    start()
    with ape.reverts("Address not permitted to trade"):
        ready.endRebalance(sender=stranger)


@pytest.mark.parametrize("who", ["manager", "trader"])
def test_end_rebalance__never_started__reverts(ready, manager, trader, who):
    """Before the first start there is nothing to end."""
    with ape.reverts("No rebalance under way"):
        if who == "manager":
            ready.cancelRebalance(sender=manager)
        else:
            ready.endRebalance(sender=trader)


def test_remove_module__forgets_guard_and_deadline(
    ready, begin, set_token, protocol, manager, owner
):
    """Another index finds neither (V-12)."""
    ready.setGuard(protocol.guard, sender=manager)
    begin(ready.rebalanceNonce() + 1, now() + 1000)
    ready.cancelRebalance(sender=manager)
    set_token.removeModule(ready, sender=manager)
    assert (ready.guard(), ready.deadline()) == (deploy.ANYONE, 0)
    set_token.addModule(ready, sender=manager)
    ready.initialize(set_token, sender=manager)
    assert (ready.guard(), ready.deadline()) == (deploy.ANYONE, 0)
    begin(ready.rebalanceNonce() + 1)
    assert ready.getRebalanceComponents() == set_token.getComponents()


# ---------------------------------------------------------------- reservation


def test_initialize__reserved(
    protocol, make_plain_set, components, units, owner, manager, stranger
):
    """A reserved module serves the index of whom it is reserved for, and no stranger's (V-5).

    S-131.
    """
    module = deploy.deploy_index_module(project, owner, protocol, reserved_for=manager)
    assert module.reservedFor() == manager.address
    squatter = deploy.create_set(
        project,
        protocol,
        stranger,
        components=[components[UNI]],
        units=[1],
        modules=[module],
        name="Squatter",
        symbol="SQ",
    )
    with ape.reverts("Module is reserved"):
        module.initialize(squatter, sender=stranger)
    intended = make_plain_set(components, units, module)
    module.initialize(intended, sender=manager)
    assert module.index() == intended.address
