"""The calls that start a rebalance, and the one Safe transaction that makes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from eth_utils.address import is_checksum_address

from indexkit import documents, safe
from indexkit.errors import IndexkitError
from indexkit.safe import Call, Hashes, Transaction
from indexkit.signing import calldata
from indexkit.signing.inputs import UNSET, Settings, State, Units
from indexkit.signing.reading import read_state, read_units, require_place

LONGEST_S = 366 * 86_400
"""How far a deadline may be away: prices and pools of a year ago say nothing {s}."""

MAX_CALL_DATA = 8_192
"""Longest call of an IndexManager's batch {bytes} (contracts/lib/bounds.vy, MAX_BATCHED_DATA)."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What the owners of a Safe are asked to sign.

    Attributes
    ----------
    deadline
        After which nothing trades {s}; 0 for no end.
    traders
        Who becomes a trader with it.
    calls
        On the index module.
    transaction
        Of the Safe: all the calls, or none.
    """

    units: Units
    state: State
    deadline: int
    traders: tuple[str, ...]
    calls: tuple[Call, ...]
    transaction: Transaction

    @property
    def hashes(self) -> Hashes:
        """What wallets show, and what is signed."""
        return safe.hashes(self.transaction, self.state.safe, self.state.chain_id)

    @property
    def calldata(self) -> str:
        """What the Safe is to send, as hex."""
        return "0x" + self.transaction.call.data.hex()

    @property
    def calldata_digest(self) -> str:
        """SHA-256 of the bytes that the Safe is to send."""
        return sha256(self.transaction.call.data).hexdigest()

    @property
    def rebalance_nonce(self) -> int:
        """Of the rebalance that it starts."""
        return self.state.nonce + 1


def compose(
    units: Mapping[str, Any],
    state: Mapping[str, Any],
    *,
    deadline_s: int,
    traders: Sequence[str],
) -> Pack:
    """Compose what the Safe is to sign, without a node.

    Parameters
    ----------
    units
        Content of `4-units.json`.
    state
        `state.json`.
    deadline_s
        How long after the state was read the rebalance may trade {s}; 0 for no end.
    traders
        Who is to become a trader; nobody for an empty list.

    Raises
    ------
    IndexkitError
        A figure is malformed, or at odds with another one; or the Safe cannot make the calls.
    """
    read = read_state(state)
    require_place(read)
    if deadline_s < 0:
        raise IndexkitError(f"The deadline is {deadline_s} s from the state: give 0 s or more.")
    deadline = read.timestamp + deadline_s if deadline_s else 0
    found = read_units(units, read, documents.digest(state))
    return compose_read(found, read, deadline, tuple(traders))


def compose_read(units: Units, state: State, deadline: int, traders: tuple[str, ...]) -> Pack:
    """Compose the same from documents that were read, with the deadline itself {s}."""
    _check_traders(traders)
    if deadline - state.timestamp > LONGEST_S:
        raise IndexkitError(
            f"The deadline is {deadline - state.timestamp} s after the state: give at most "
            f"{LONGEST_S // 86_400} days, or none."
        )
    calls = tuple(
        Call(state.module, data) for data in _module_calls(units, state, deadline, traders)
    )
    if state.house:
        for call in calls:
            _check_length(call, units)
        data = calldata.encode(calldata.EXECUTE_BATCH, [(call.to, call.data) for call in calls])
        transaction = safe.batch([Call(state.house, data)], state.safe_nonce)
    else:
        transaction = safe.batch(calls, state.safe_nonce)
    return Pack(units, state, deadline, traders, calls, transaction)


def changes(units: Units, state: State, field: str) -> dict[str, int]:
    """Return by address what a setting becomes, of components that have another value on chain.

    Parameters
    ----------
    field
        Of `Settings`.
    """
    return {
        entry.address: getattr(entry.settings, field)
        for entry in units.entries
        if getattr(entry.settings, field) != getattr(stored(state, entry.address), field)
    }


def stored(state: State, address: str) -> Settings:
    """Return what the module has stored of a component; nothing for one it does not know."""
    return state.stored.get(address, UNSET)


def _module_calls(
    units: Units, state: State, deadline: int, traders: tuple[str, ...]
) -> Iterator[bytes]:
    for function, field in (
        (calldata.SET_TRADE_MAXIMUMS, "max_trade_size"),
        (calldata.SET_EXCHANGES, "exchange"),
        (calldata.SET_COOL_OFF_PERIODS, "cool_off_period"),
    ):
        # The module refuses an empty list.
        if changed := changes(units, state, field):
            yield calldata.encode(function, list(changed), list(changed.values()))
    if traders:
        yield calldata.encode(calldata.UPDATE_TRADER_STATUS, traders, [True] * len(traders))
    yield calldata.encode(
        calldata.START,
        [entry.address for entry in units.new],
        [entry.target_unit for entry in units.new],
        [entry.target_unit for entry in units.old],
        units.multiplier,
        state.nonce + 1,
        deadline,
    )


def _check_traders(traders: tuple[str, ...]) -> None:
    for place, trader in enumerate(traders):
        if not is_checksum_address(trader):
            raise IndexkitError(
                f"The trader {trader!r} is no address with a valid EIP-55 checksum: correct it."
            )
        if trader in traders[:place]:
            raise IndexkitError(f"The trader {trader} is named twice: leave one out.")


def _check_length(call: Call, units: Units) -> None:
    if len(call.data) > MAX_CALL_DATA:
        raise IndexkitError(
            f"{units.name}: the start of {len(units.old) + len(units.new)} components takes "
            f"{len(call.data):,} bytes, more than the {MAX_CALL_DATA:,} of an IndexManager's "
            "batch: agree on it with both parties (executeAgreed)."
        )
