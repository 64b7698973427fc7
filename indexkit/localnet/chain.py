"""Helpers for the connected chain: who holds tokens, getting some, letting time pass."""

import json
from typing import TYPE_CHECKING

import ape
from ape.contracts import ContractInstance

from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact, contract_at

if TYPE_CHECKING:
    from ape.api import AccountAPI, ProviderAPI

BLOCK_TIME_S = 13
"""Mainnet's time between blocks in 2021, rounded {s}."""

MOST_MINED_ONE_BY_ONE = 32

_NOT_IN_HEADERS = ("hash", "size", "totalDifficulty", "uncles", "transactions", "withdrawals")


def is_embedded(provider: "ProviderAPI | None" = None) -> bool:
    """Tell the embedded chain, where everything was placed, from a fork of a live one.

    Parameters
    ----------
    provider
        The connected one by default; of whatever class (a console may be attached over HTTP).
    """
    from indexkit.localnet.provider import LocalnetProvider

    provider = provider or ape.chain.provider
    if isinstance(provider, LocalnetProvider):
        return provider.embedded
    return len(provider.get_code(addresses.MARKER)) > 0


def whale() -> "AccountAPI":
    """Return the market maker's account, impersonated: it holds what is left of every supply."""
    return ape.accounts.test_accounts.impersonate_account(addresses.MARKET_MAKER)


def token_at(address: str) -> ContractInstance:
    """Return the ERC-20 at an address."""
    return contract_at(artifact(protocols.ERC20), address)


def deal(token: "str | ContractInstance", to: object, amount: int) -> None:
    """Give an account tokens.

    On the embedded chain they come from the market maker, on a fork of a live one out of nothing.

    Parameters
    ----------
    token
        WETH or a component: its address or contract.
    to
        Address, account or contract.
    amount
        To be added to the balance {base units}, of any size.
    """
    contract = token_at(token) if isinstance(token, str) else token
    receiver = ape.convert(to, ape.types.AddressType)
    if is_embedded():
        token_at(contract.address).transfer(receiver, amount, sender=whale())
        return
    balance = token_at(contract.address).balanceOf(receiver) + amount
    ape.chain.provider.make_request("anvil_dealERC20", [receiver, contract.address, hex(balance)])


def advance(seconds: int) -> None:
    """Mine one block whose time is that much later than the last one's {s}."""
    provider = ape.chain.provider
    timestamp = provider.get_block("latest").timestamp + seconds
    provider.make_request("evm_setNextBlockTimestamp", [timestamp])
    provider.make_request("evm_mine", [])


def keep_block_time(seconds: int | None = BLOCK_TIME_S) -> None:
    """Put so much time between blocks from now on, whatever the wall clock says {s}.

    None has them follow the clock again.

    Without it two transactions sent within a second share their time, and pools, which write their
    average prices once a second, cost more gas on some runs than on others.
    """
    provider = ape.chain.provider
    if seconds is None:
        provider.make_request("anvil_removeBlockTimestampInterval", [])
    else:
        provider.make_request("anvil_setBlockTimestampInterval", [seconds])


def mine(blocks: int = 1, interval: int = BLOCK_TIME_S) -> None:
    """Mine blocks, with exactly so many seconds from one to the next {s}.

    On the embedded chain only the last of many blocks is there afterwards: number and time jump,
    in a few milliseconds, and the skipped blocks read as absent.
    """
    if blocks > MOST_MINED_ONE_BY_ONE:
        if not is_embedded():
            ape.chain.provider.make_request("anvil_mine", [hex(blocks), hex(interval)])
            return
        _jump(blocks - 1, interval)
        blocks = 1
    for _ in range(blocks):
        advance(interval)


def _jump(blocks: int, interval: int) -> None:
    """Make the chain's last block one that is so many later, by loading its header as a state."""
    provider = ape.chain.provider
    head = provider.make_request("eth_getBlockByNumber", ["latest", False])
    number = int(head["number"], 16) + blocks
    timestamp = int(head["timestamp"], 16) + blocks * interval
    header = {key: value for key, value in head.items() if key not in _NOT_IN_HEADERS}
    header |= {"parentHash": head["hash"], "number": hex(number), "timestamp": hex(timestamp)}
    environment = {
        "number": hex(number),
        "beneficiary": head["miner"],
        "timestamp": hex(timestamp),
        "gas_limit": int(head["gasLimit"], 16),
        "basefee": int(head["baseFeePerGas"], 16),
        "difficulty": "0x0",
        "prevrandao": head["mixHash"],
        "blob_excess_gas_and_price": {"excess_blob_gas": 0, "blob_gasprice": 1},
    }
    state = {
        "block": environment,
        "accounts": {},
        "best_block_number": number,
        "blocks": [{"header": header, "transactions": [], "ommers": [], "withdrawals": None}],
        "transactions": [],
    }
    provider.make_request("anvil_loadState", ["0x" + json.dumps(state).encode().hex()])
