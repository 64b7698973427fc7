"""Whether the chain is still as a pack assumes: asked just before signing, and before executing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import ape

from indexkit import plan
from indexkit.deploy import NOBODY
from indexkit.errors import IndexkitError
from indexkit.plan import WAD
from indexkit.safe import DELEGATE_CALL
from indexkit.signing.checks import Check, answers, at_least, between, equal
from indexkit.signing.handles import Handles, handles, read
from indexkit.signing.inputs import Settings, exchange_name
from indexkit.signing.market_checks import market_checks
from indexkit.signing.pack import Pack, stored

MODULE_DRIFT = 2 * 10**16
"""How far from the live multiplier a rebalance may start: the module's own bound. D18{1}"""

ANEW = "read the state and compose the pack again"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the chain may have moved since the state was read.

    Attributes
    ----------
    supply_drift, multiplier_drift
        D18{1} of what they were.
    pool_drift
        How much of its WETH a pool may have lost D18{1}.
    time_left
        How long before its deadline a rebalance must start {s}.
    unguarded
        Whether the index may trade without a guard.
    """

    supply_drift: int = 10**16
    multiplier_drift: int = 10**15
    pool_drift: int = 2 * 10**17
    time_left: int = 86_400
    unguarded: bool = False


LIMITS = Limits()


def preflight(
    pack: Pack,
    *,
    limits: Limits = LIMITS,
    signers: Sequence[str] = (),
    traders: Sequence[str] = (),
    listing: bool = False,
) -> tuple[Check, ...]:
    """Compare the connected chain with what a pack assumes.

    Parameters
    ----------
    limits
        How far the chain may have moved.
    signers
        Addresses of those who will sign; empty while that is open.
    traders
        Addresses of those who will trade, besides those whom the pack makes traders.
    listing
        Return all checks even if one failed.

    Raises
    ------
    IndexkitError
        Naming the first check that failed.
    """
    on = handles(pack.state)
    checks: list[Check] = []
    stages = (
        _identity(pack, on),
        _safe(pack, on, signers),
        _rebalance(pack, on, limits),
        _drift(pack, on, limits),
        _components(pack, on),
        _traders(pack, on, traders),
        market_checks(pack, on, unguarded=limits.unguarded, pool_drift=limits.pool_drift),
        _calls(pack),
    )
    for stage in stages:
        for check in stage:
            checks.append(check)
            if not check.passed and not listing:
                raise IndexkitError(
                    f"{check.name}: expected {check.expected}, found {check.found}: {check.remedy}."
                )
        # On another chain, or of another index, nothing else can be read.
        if not all(check.passed for check in checks[:2]):
            break
    return tuple(checks)


def _identity(pack: Pack, on: Handles) -> Iterator[Check]:
    state = pack.state
    yield equal("chain", state.chain_id, ape.chain.chain_id, "connect to the pack's chain")
    has_code = bool(ape.chain.provider.get_code(state.token))
    yield equal("index token's code", True, has_code, "connect to the chain the state was read on")
    if not has_code:
        return
    yield equal("manager", state.manager, read(on.token, "manager"), ANEW)
    yield equal("module's index", state.token, read(on.module, "index"), ANEW)
    if on.house is not None:
        yield equal("manager's index token", state.token, read(on.house, "setToken"), ANEW)
        yield equal("manager's operator", state.safe, read(on.house, "operator"), ANEW)


def _drift(pack: Pack, on: Handles, limits: Limits) -> Iterator[Check]:
    state = pack.state
    margin = state.supply * limits.supply_drift // WAD
    low, high = state.supply - margin, state.supply + margin
    yield between("total supply", low, high, read(on.token, "totalSupply"), ANEW)
    live = read(on.token, "positionMultiplier")
    margin = state.multiplier * limits.multiplier_drift // WAD
    low, high = state.multiplier - margin, state.multiplier + margin
    yield between("position multiplier", low, high, live, ANEW)
    margin = live * MODULE_DRIFT // WAD
    low, high = live - margin, live + margin
    name = "position multiplier of the start, within the module's 2 %"
    yield between(name, low, high, pack.units.multiplier, ANEW)


def _components(pack: Pack, on: Handles) -> Iterator[Check]:
    names = {entry.address: entry.symbol for entry in (*pack.units.old, *pack.units.entries)}
    expected = " ".join(names[address] for address in pack.state.order)
    found = " ".join(names.get(address, address) for address in read(on.token, "getComponents"))
    yield equal("component order", expected, found, ANEW)
    was, live = pack.state.multiplier, read(on.token, "positionMultiplier")
    for address, name in names.items():
        unit = pack.state.units.get(address, 0)
        # Of a unit only its whole part is known; fees since then shrink it with the multiplier.
        low = unit * live // was
        high = max(low, plan.div_ceil((unit + 1) * live, was) - 1) if unit else 0
        found_unit = read(on.token, "getDefaultPositionRealUnit", address)
        yield between(f"unit of {name}", low, high, found_unit, ANEW)
    for entry in pack.units.entries:
        _, size, period, _, exchange = read(on.module, "assetInfo", entry.address)
        kept = stored(pack.state, entry.address)
        live_settings = Settings(exchange, size, period)
        name = f"settings of {entry.symbol}"
        yield equal(name, _shown(kept), _shown(live_settings), ANEW)


def _shown(settings: Settings) -> str:
    venue = exchange_name(settings.exchange)
    return f"{venue}, {settings.max_trade_size} at most, every {settings.cool_off_period} s"


def _safe(pack: Pack, on: Handles, signers: Sequence[str]) -> Iterator[Check]:
    state, contract = pack.state, on.safe.contract
    nonce = read(contract, "nonce")
    overtaken = (
        "the Safe has executed another transaction since, maybe this one elsewhere: if it started "
        f"the rebalance, go on with 'execute', else {ANEW}"
    )
    remedy = overtaken if nonce > state.safe_nonce else ANEW
    yield equal("Safe's nonce", state.safe_nonce, nonce, remedy)
    threshold, owners = read(contract, "getThreshold"), read(contract, "getOwners")
    yield equal("Safe's threshold", state.threshold, threshold, ANEW)
    yield at_least("Safe's owners", threshold, len(owners), ANEW)
    if signers:
        strangers = [signer for signer in signers if signer not in owners]
        expected = f"owners ({', '.join(owners)})"
        found = ", ".join(strangers) or "owners"
        yield Check("signers", not strangers, expected, found, "let owners sign")
        yield at_least("signers' number", threshold, len(set(signers)), "let more owners sign")
    call, operation = pack.transaction.call, pack.transaction.operation
    if operation == DELEGATE_CALL:
        # Without code there the Safe's transaction succeeds and does nothing.
        has_code = bool(ape.chain.provider.get_code(call.to))
        yield equal("MultiSend's code", True, has_code, "hand the index to an IndexManager")
    rest = (operation, 0, 0, 0, NOBODY, NOBODY, pack.transaction.nonce)
    asked = read(contract, "getTransactionHash", call.to, call.value, call.data, *rest)
    ours = "0x" + pack.hashes.transaction.hex()
    yield equal("safeTxHash", ours, "0x" + bytes(asked).hex(), "do not sign this pack")


def _rebalance(pack: Pack, on: Handles, limits: Limits) -> Iterator[Check]:
    yield equal(
        "module's rebalance nonce", pack.state.nonce, read(on.module, "rebalanceNonce"), ANEW
    )
    now = ape.chain.provider.get_block("latest").timestamp
    if pack.deadline:
        least, left = limits.time_left, pack.deadline - now
        yield at_least("time before the deadline {s}", least, left, "compose it with a later one")
    remedy = "finish it and call endRebalance, or have the manager call cancelRebalance"
    found = _unfinished(pack, on, now)
    yield equal("rebalance under way", "none", found or "none", remedy)


def _unfinished(pack: Pack, on: Handles, now: int) -> str:
    """Return which components a rebalance under way has yet to trade."""
    deadline = read(on.module, "deadline")
    components = read(on.module, "getRebalanceComponents")
    if not components or (deadline and deadline < now):
        return ""
    names = {entry.address: entry.symbol for entry in pack.units.entries}
    targets = read(on.module, "getTargetUnits", components)
    return ", ".join(
        names.get(address, address)
        for address, target in zip(components, targets, strict=True)
        if address != pack.state.weth
        and abs(read(on.token, "getDefaultPositionRealUnit", address) - target)
        > plan.UNIT_TOLERANCE
    )


def _traders(pack: Pack, on: Handles, traders: Sequence[str]) -> Iterator[Check]:
    remedy = "compose the pack with a trader"
    for trader in traders:
        allowed = (
            trader in pack.traders
            or read(on.module, "anyoneTrade")
            or read(on.module, "tradeAllowList", trader)
        )
        yield equal(f"trader {trader}", True, allowed, remedy)
    if not traders:
        somebody = bool(pack.traders) or read(on.module, "anyoneTrade")
        found = "somebody" if somebody else "nobody named"
        yield equal("traders", "somebody", found, f"{remedy}, or name one who is allowed")


def _calls(pack: Pack) -> Iterator[Check]:
    """Have the node try each call in the manager's name, and the whole in the Safe's."""
    provider = ape.chain.provider
    attempts = [(call, pack.state.manager) for call in pack.calls]
    if pack.state.house:
        attempts.append((pack.transaction.call, pack.state.safe))
    for place, (call, sender) in enumerate(attempts, 1):
        name = f"call {place}" if sender == pack.state.manager else "the whole batch"
        request = provider.network.ecosystem.create_transaction(
            sender=sender, receiver=call.to, data=call.data
        )
        attempt = partial(provider.send_call, request, skip_trace=True)
        yield answers(name, attempt, "do not sign this pack")
