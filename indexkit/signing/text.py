"""The calls of a pack in plain text, read back from the calldata that is signed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

from indexkit.signing import calldata
from indexkit.signing.inputs import Entry, exchange_name
from indexkit.signing.pack import Pack, stored


def decoded(pack: Pack) -> str:
    """Return what the Safe's transaction does, call by call, for a person to read."""
    lines = [*_heading(pack), ""]
    calls = calldata.inner_calls(pack.transaction.call)
    outer, _ = calldata.decode(pack.transaction.call.data)
    lines += [f"The Safe calls {pack.transaction.call.to}, {outer}:", ""]
    for place, call in enumerate(calls, 1):
        function, arguments = calldata.decode(call.data)
        purpose = calldata.FUNCTIONS[function].purpose
        callee = "index module" if call.to == pack.state.module else call.to
        lines += [f"{place}. {callee}, {function}: {purpose}"]
        lines += [f"   {line}" for line in _body(pack, function, arguments)] + [""]
    return "\n".join(lines)


def tokens(amount: int, decimals: int) -> str:
    """Return an amount in whole tokens, exactly."""
    with localcontext() as context:
        context.prec = 100
        whole, _, part = f"{Decimal(amount).scaleb(-decimals):,f}".partition(".")
    return f"{whole}.{part}".rstrip("0").rstrip(".")


def _heading(pack: Pack) -> list[str]:
    state, units, hashes = pack.state, pack.units, pack.hashes
    kind = "IndexManager of two parties" if state.house else "the Safe itself"
    guard = state.guard or "none: trades are not guarded"
    return [
        f"Rebalance {units.name} of {units.index}, rebalance number {pack.rebalance_nonce} "
        "of its module",
        "",
        f"chain         {state.chain_id}, read at block {state.block}, {_time(state.timestamp)}",
        f"Safe          {state.safe}, nonce {state.safe_nonce}, {state.threshold} must sign",
        f"manager       {state.manager} ({kind})",
        f"index token   {state.token}, supply {tokens(state.supply, 18)} ({state.supply})",
        f"index module  {state.module}",
        f"guard         {guard}",
        "",
        f"domain hash   0x{hashes.domain.hex()}",
        f"message hash  0x{hashes.message.hex()}",
        f"safeTxHash    0x{hashes.transaction.hex()}",
    ]


def _body(pack: Pack, function: str, arguments: Sequence[Any]) -> Iterator[str]:
    if function == calldata.START:
        yield from _targets(pack, arguments)
        return
    known = {entry.address: entry for entry in pack.units.entries}
    for key, value in zip(*arguments, strict=True):
        if function == calldata.UPDATE_TRADER_STATUS:
            yield f"{key}  {'may trade' if value else 'may no longer trade'}"
        else:
            yield _setting(pack, function, known[key], value)


def _setting(pack: Pack, function: str, entry: Entry, value: int) -> str:
    old, start = stored(pack.state, entry.address), f"{entry.symbol:<7} {entry.address}  "
    if function == calldata.SET_EXCHANGES:
        return f"{start}{exchange_name(old.exchange)} -> {exchange_name(value)} ({value})"
    if function == calldata.SET_COOL_OFF_PERIODS:
        return f"{start}{old.cool_off_period} s -> {value} s"
    was, now = (tokens(size, entry.decimals) for size in (old.max_trade_size, value))
    return f"{start}{was} -> {now} {entry.symbol} ({old.max_trade_size} -> {value})"


def _targets(pack: Pack, arguments: Sequence[Any]) -> Iterator[str]:
    new, new_targets, old_targets, multiplier, nonce, deadline = arguments
    entries = {entry.address: entry for entry in (*pack.units.old, *pack.units.entries)}
    units = dict(zip(pack.state.order, old_targets, strict=True))
    targets = units | dict(zip(new, new_targets, strict=True))
    before = _weights(entries, {a: entries[a].current_unit for a in targets})
    after = _weights(entries, targets)
    yield f"nonce {nonce}, deadline {deadline} ({_time(deadline) if deadline else 'none'})"
    yield f"position multiplier {tokens(multiplier, 18)} ({multiplier})"
    for address, target in targets.items():
        entry = entries[address]
        was, now = (tokens(unit, entry.decimals) for unit in (entry.current_unit, target))
        what = "enters" if address in new else "leaves" if target == 0 else "stays"
        yield (
            f"{entry.symbol:<7} {address}  {what:<6}  {was} -> {now} per {pack.units.index} "
            f"({entry.current_unit} -> {target}), "
            f"weight {before[address]} % -> {after[address]} %"
        )


def _weights(entries: Mapping[str, Entry], units: Mapping[str, int]) -> dict[str, str]:
    """Return the share of each component in percent, at the prices of the units' file."""
    values = {
        address: Decimal(unit * entries[address].price) / 10 ** entries[address].decimals
        for address, unit in units.items()
    }
    whole = sum(values.values()) or Decimal(1)
    return {address: f"{value * 100 / whole:.2f}" for address, value in values.items()}


def _time(timestamp: int) -> str:
    return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M:%S} UTC"
