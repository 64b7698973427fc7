"""indexkit.signing.preflight: whether the chain is still as a pack assumes (R-44, R-11)."""

import copy

import ape
import pytest

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, advance, deal, token_at
from indexkit.localnet.arbitrage import pool_at
from indexkit.safe import Call
from indexkit.signing.preflight import Limits, preflight

pytestmark = pytest.mark.usefixtures("house_run", "safe_run")


WAD = 10**18
DAY_S = 86_400
ZERO = "0x" + "00" * 20


def failed(run, **choices):
    """Return the checks that fail, by name."""
    pack = run.pack(**choices.pop("pack", {}))
    checks = preflight(pack, listing=True, **choices)
    failures = [check for check in checks if not check.passed]
    assert all(check.line.startswith("FAIL  ") for check in failures)
    return {check.name: check for check in failures}


def as_safe(run, contract, function, *arguments):
    """Make a call of the Safe."""
    return run.safe.run(run.signers.quorum, Call.of(contract, function, *arguments))


def operate(run, contract, function, *arguments):
    """Make a call of the house that its operator may make alone."""
    call = Call.of(contract, function, *arguments)
    return as_safe(run, run.house.manager, "executeBatch", [(call.to, call.data)])


def test_preflight__nothing_changed__passes(either):
    """R-44: every check, for both arrangements, with signers and traders named."""
    pack = either.pack()
    owners = [owner.address for owner in either.signers.quorum]
    checks = preflight(pack, signers=owners, traders=either.traders)
    assert all(check.passed for check in checks)
    names = " ".join(check.name for check in checks)
    for part in (
        "total supply",
        "position multiplier of the start, within the module's 2 %",
        "component order",
        "unit of CREAM",
        "settings of YFI",
        "Safe's nonce",
        "safeTxHash",
        "signers' number",
        "rebalance nonce",
        "guard's loss budget",
        "price history of BAL",
        "UNI in its UniswapV2 pool",
        "rebalance under way",
        "call 5",
    ):
        assert part in names
    assert ("the whole batch" in names) == (either.house is not None)
    assert all(check.line.startswith("PASS  ") for check in checks)


def test_preflight__fee_accrued__within_bounds_passes(fresh):
    """R-44: ten minutes' fee moves multiplier, units and supply by a ten-millionth."""
    advance(600)
    fresh.index.protocol.streaming_fee.accrueFee(fresh.index.token, sender=fresh.index.roles.trader)
    assert fresh.index.token.positionMultiplier() < int(fresh.state["position_multiplier"])
    assert failed(fresh) == {}


def test_preflight__fees_of_a_month_accrued__fails(fresh):
    """R-11, V-6: the units were made for another multiplier; beyond 2 % the module says so too."""
    fees, trader = fresh.index.protocol.streaming_fee, fresh.index.roles.trader
    limits = Limits(unguarded=True, time_left=-(10**9))
    advance(60 * DAY_S)
    fees.accrueFee(fresh.index.token, sender=trader)
    assert set(failed(fresh, limits=limits, pack={"deadline_s": 0})) == {"position multiplier"}
    advance(1_000 * DAY_S)
    fees.accrueFee(fresh.index.token, sender=trader)
    names = failed(fresh, limits=limits, pack={"deadline_s": 0})
    assert "position multiplier of the start, within the module's 2 %" in names
    assert names["the whole batch"].found == "Position multiplier out of bounds"
    assert not [name for name in names if name.startswith("unit of")]


def test_preflight__issuance__within_bounds_passes_beyond_fails(fresh):
    """R-44: sizes were worked out for a supply."""
    issuance, issuer = fresh.index.protocol.issuance, fresh.index.roles.issuer
    required = issuance.getRequiredComponentUnitsForIssue(fresh.index.token, 250 * WAD)
    for address, quantity in zip(*required, strict=True):
        deal(address, issuer, quantity)
    issuance.issue(fresh.index.token, 100 * WAD, issuer, sender=issuer)
    passing = failed(fresh)
    issuance.issue(fresh.index.token, WAD, issuer, sender=issuer)
    assert passing == {}
    check = failed(fresh)["total supply"]
    assert check.found == str(10_101 * WAD)
    assert check.expected == f"{9_900 * WAD} to {10_100 * WAD}"
    assert failed(fresh, limits=Limits(supply_drift=2 * 10**16)) == {}


def test_preflight__another_order__fails(fresh):
    """R-44: targets go by the order of the index's components."""
    order = fresh.state["component_order"]
    order[0], order[1] = order[1], order[0]
    held = fresh.units["component_order"]
    held[0], held[1] = held[1], held[0]
    targets = fresh.units["start"]["old_target_units"]
    targets[0], targets[1] = targets[1], targets[0]
    fresh.units["state"] = documents.digest(fresh.state)
    check = failed(fresh)["component order"]
    assert check.expected == "LRC YFI BAL UNI AAVE"
    assert check.found == "YFI LRC BAL UNI AAVE"


def test_preflight__another_unit__fails(fresh):
    """R-44: one base unit is enough."""
    yfi = fresh.units["components"][0]
    unit = str(int(yfi["current_unit"]) - 1)
    fresh.state["units"][yfi["address"]] = yfi["current_unit"] = unit
    fresh.units["state"] = documents.digest(fresh.state)
    assert set(failed(fresh)) == {"unit of YFI"}


def test_preflight__stale_safe_nonce__fails(fresh):
    """R-44: another transaction of the Safe came first."""
    as_safe(fresh, fresh.safe.contract, "enableModule", fresh.index.roles.owner)
    check = failed(fresh)["Safe's nonce"]
    assert int(check.found) == int(check.expected) + 1


def test_preflight__stale_rebalance_nonce__fails(fresh):
    """R-11: another rebalance came first, and is under way."""
    targets = [int(unit) for unit in fresh.units["start"]["old_target_units"]]
    arguments = ([], [], targets, int(fresh.state["position_multiplier"]))
    operate(fresh, fresh.index.module, "startRebalance", *arguments)
    names = failed(fresh)
    assert {"Safe's nonce", "module's rebalance nonce"} < set(names)
    assert names["rebalance under way"].found == "YFI, LRC, BAL, UNI"
    assert names["the whole batch"].found == "Wrong rebalance nonce"
    operate(fresh, fresh.index.module, "cancelRebalance")
    fresh.read_again()
    assert failed(fresh) == {}


def test_preflight__settings_changed__fails(fresh):
    """R-44: only what differed is in the pack, so a change since then would stay."""
    yfi = fresh.units["components"][0]["address"]
    operate(fresh, fresh.index.module, "setTradeMaximums", [yfi], [7])
    assert set(failed(fresh)) == {"Safe's nonce", "settings of YFI"}


def test_preflight__threshold_changed__fails(fresh):
    """R-14: fewer owners than the pack says would do."""
    as_safe(fresh, fresh.safe.contract, "changeThreshold", 1)
    assert set(failed(fresh)) == {"Safe's nonce", "Safe's threshold"}


def test_preflight__signers__must_be_owners_and_enough(fresh):
    """R-14: found out before anyone is asked to sign."""
    owner, stranger = fresh.signers.owners[0].address, fresh.index.roles.trader.address
    assert set(failed(fresh, signers=[owner])) == {"signers' number"}
    assert set(failed(fresh, signers=[owner, owner])) == {"signers' number"}
    assert failed(fresh, signers=[owner, stranger])["signers"].found == stranger


def test_preflight__guard_off__fails(fresh):
    """R-10, R-44: an index that nobody guards is not started by accident."""
    fresh.house.agree(fresh.index.module, "setGuard", ZERO)
    fresh.read_again()
    with pytest.raises(IndexkitError) as error:
        preflight(fresh.pack())
    assert error.value.message == (
        "guard: expected a guard, found none: have the manager set a guard and its bounds."
    )
    assert failed(fresh)["guard"].expected == "a guard"
    assert failed(fresh, limits=Limits(unguarded=True)) == {}


def test_preflight__loss_budget_below_the_expected_cost__fails(fresh):
    """R-44: the rebalance would stop half way."""
    fresh.units["plans"]["published"]["expected"]["impact"] = str(10**24)
    name = "guard's loss budget, of the expected cost (wei)"
    assert set(failed(fresh)) == {name}


def test_preflight__guard_wants_deeper_pools__fails(fresh):
    """R-44: each trade would be refused."""
    bounds = (2 * 10**16, 10**26, 10**20)
    fresh.house.agree(fresh.index.protocol.guard, "configure", fresh.index.module, *bounds)
    names = failed(fresh)
    assert "WETH in the guard's pool of BAL" in names
    assert not any("AAVE" in name for name in names)


def test_preflight__price_history_gone__fails(fresh):
    """R-44: the guard would refuse the first trades."""
    advance(3 * 3_600)
    names = failed(fresh)
    assert names["price history of YFI"].found == "Price history too old"
    assert "price history of AAVE" not in names


def test_preflight__pool_drained__fails(fresh):
    """R-44: sizes were worked out for pools that are no longer there."""
    uni = fresh.units["components"][3]["address"]
    somebody = fresh.index.roles.owner
    pool = ape.accounts.test_accounts.impersonate_account(pool_at(uni, "UniswapV2").address)
    for token in (uni, addresses.WETH):
        token_at(token).transfer(somebody, token_at(token).balanceOf(pool) * 19 // 20, sender=pool)
    pool_at(uni, "UniswapV2").sync(sender=somebody)
    names = failed(fresh)
    assert {"UNI in its UniswapV2 pool", "WETH in the UniswapV2 pool of UNI"} <= set(names)
    assert not any("YFI" in name for name in names)


def test_preflight__no_pool__fails(fresh):
    """R-40: a venue without a pool is a failed check, not a crash."""
    entry = fresh.units["components"][0]
    entry["exchange"] = "BalancerV1"
    fresh.units["components"][2]["exchange"] = "SushiSwap"
    names = failed(fresh)
    assert names["BalancerV1 pool of YFI"].found == "none"
    assert names["price history of BAL"].found == "Reference pool missing"


def test_preflight__traders__somebody_may_trade(fresh):
    """R-44: a rebalance that nobody may trade would stand still."""
    stranger = fresh.index.roles.owner.address
    assert set(failed(fresh, pack={"traders": ()})) == {"traders"}
    assert set(failed(fresh, traders=[stranger])) == {f"trader {stranger}"}
    operate(fresh, fresh.index.module, "updateTraderStatus", [stranger], [True])
    fresh.read_again()
    assert failed(fresh, pack={"traders": ()}, traders=[stranger]) == {}


def test_preflight__deadline_too_near__fails(fresh):
    """R-11: signatures take their time."""
    assert set(failed(fresh, pack={"deadline_s": DAY_S - 1})) == {"time before the deadline {s}"}
    names = failed(fresh, pack={"deadline_s": 1}, limits=Limits(time_left=-DAY_S))
    assert names == {} or "Deadline has passed" in names["the whole batch"].found


def test_preflight__operator_may_not_start__fails(fresh):
    """R-10: both parties took the start off the operator's list."""
    start = fresh.index.module.startRebalanceWithDeadline
    selector = bytes(start.encode_input([], [], [], 1, 1, 1))[:4]
    manager, arguments = fresh.house.manager, (fresh.index.module, selector, False)
    as_safe(fresh, manager, "allow", *arguments)
    manager.allow(*arguments, sender=fresh.signers.methodologist)
    names = failed(fresh)
    assert set(names) == {"Safe's nonce", "the whole batch"}
    assert names["the whole batch"].found == "Call must be allowed"


def test_preflight__another_manager__fails(fresh):
    """R-44: the index was handed over in the meantime."""
    fresh.house.agree(fresh.index.token, "setManager", fresh.index.roles.owner)
    assert "manager" in failed(fresh)


def test_preflight__another_chain__reads_nothing_else(fresh):
    """R-44: figures of another chain mean nothing."""
    fresh.state["chain_id"] = 11155111
    fresh.units["state"] = documents.digest(fresh.state)
    assert list(failed(fresh)) == ["chain"]
    elsewhere = copy.deepcopy(fresh.state) | {"chain_id": 1, "token": fresh.safe.address[:-1] + "0"}
    elsewhere["token"] = "0x" + "07" * 20
    fresh.state = elsewhere
    fresh.units["state"] = documents.digest(elsewhere)
    assert list(failed(fresh)) == ["index token's code"]


def test_preflight__no_multisend__fails(safe_run):
    """A Safe's call by code that is not there succeeds, uses the nonce up and starts nothing."""
    assert failed(safe_run) == {}
    ape.chain.provider.make_request("anvil_setCode", [addresses.SAFE_MULTISEND, "0x"])
    assert "MultiSend's code" in failed(safe_run)
