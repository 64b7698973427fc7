"""The rest of the chain: Sepolia's venues, tokens and a governor, and whoever else acts there.

Other people's compiled contracts are placed at the addresses that data/networks.json has for
Sepolia; pools are made and funded by the market maker, an address that the node impersonates.
"""

import time
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.grammar import parse
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import networks
from indexkit.deployment.declaration import Declaration
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact
from indexkit.localnet.placement import GAS, Placement

SEPOLIA = 11155111
ETHER = 10**18
PURSE = 10**24
"""Ether of whoever acts and has none {wei}."""

SUPPLY = 10**27
"""Of a plain token, in base units; the market maker holds it."""

PATIENCE_S = 30.0
NOBODY = "0x" + 20 * "00"


@dataclass(frozen=True, slots=True)
class Pool:
    """What a component's pool holds in the beginning {comp}, {wei}."""

    component: int
    weth: int


POOLS = {
    "UNI": Pool(1_000_000 * ETHER, 5_000 * ETHER),
    "LINK": Pool(1_000_000 * ETHER, 6_000 * ETHER),
}
"""By symbol, of the components of deployments/declared/sepolia.toml."""


class World(Placement):
    """Everybody on a node of Hardhat's whose key is not asked for."""

    def mined(self, request: dict[str, str]) -> dict[str, Any]:
        """Send a transaction in anybody's name, and return its receipt once it is mined."""
        sender = request["from"]
        self.rpc.call("hardhat_impersonateAccount", sender)
        if self.balance(sender) == 0:
            self.set_balance(sender, PURSE)
        transaction = self.rpc.call("eth_sendTransaction", request)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            receipt: dict[str, Any] | None
            if receipt := self.rpc.call("eth_getTransactionReceipt", transaction):
                return receipt
            time.sleep(0.05)
        raise IndexkitError(f"{transaction} was not mined within {PATIENCE_S:.0f} s.")

    def act(self, sender: str, to: str, signature: str, *arguments: Any) -> dict[str, Any]:
        """Call a contract's function, such as ``transfer(address,uint256)``; return the receipt."""
        data = "0x" + calldata(signature, arguments).hex()
        return self.transact({"from": sender, "to": to, "data": data, "gas": GAS}, signature)

    def ask(self, to: str, signature: str, answer: str, *arguments: Any) -> Any:
        """Return what a contract's view answers, of one ABI type."""
        call = {"to": to, "data": "0x" + calldata(signature, arguments).hex()}
        found = self.rpc.call("eth_call", call, "latest")
        (value,) = decode([answer], bytes.fromhex(found[2:]))
        return value

    def balance(self, account: str) -> int:
        """Return an account's ether {wei}."""
        return int(self.rpc.call("eth_getBalance", account, "latest"), 16)


def build(on: World, timestamp: int) -> None:
    """Place what does not depend on a declaration: venues, Safe, UNI with its governor.

    Parameters
    ----------
    timestamp
        Of the chain {s}.
    """
    venues = networks.of(SEPOLIA).venues
    uniswap = venues.uniswap
    on.place(artifact(protocols.WETH9), venues.weth)
    on.place(artifact(protocols.UNISWAP_FACTORY), uniswap.factory, addresses.DEPLOYER)
    on.place(artifact(protocols.UNISWAP_ROUTER), uniswap.router, uniswap.factory, venues.weth)
    protocols.place_safe(on)
    protocols.place_uniswap_governance(on, timestamp)


def open_market(on: World, declaration: Declaration) -> None:
    """Place the tokens of the declared index, and make and fund their pools."""
    maker, weth = addresses.MARKET_MAKER, declaration.venues.weth
    total = sum(pool.weth for pool in POOLS.values())
    on.set_balance(maker, total + PURSE)
    on.send(artifact(protocols.WETH9), weth, "deposit", sender=maker, value=total)
    for component in declaration.indices[0].components:
        if component.token != addresses.UNI:
            about = (SUPPLY, component.symbol, component.symbol, component.decimals)
            on.place(artifact(protocols.ERC20), component.token, maker, *about)
        factory = artifact(protocols.UNISWAP_FACTORY)
        home, pool = declaration.venues.uniswap, POOLS[component.symbol]
        on.send(factory, home.factory, "createPair", component.token, weth)
        pair = home.pair(component.token, weth)
        for token, amount in ((component.token, pool.component), (weth, pool.weth)):
            on.act(maker, token, "transfer(address,uint256)", pair, amount)
        on.act(maker, pair, "mint(address)", maker)


def create_safe(on: World, owners: list[str]) -> str:
    """Create a Safe whose owners must all sign; return its address."""
    setup = "setup(address[],uint256,address,bytes,address,address,uint256,address)"
    handler = addresses.SAFE_FALLBACK_HANDLER
    terms = (owners, len(owners), NOBODY, b"", handler, NOBODY, 0, NOBODY)
    receipt = on.act(
        addresses.DEPLOYER,
        addresses.SAFE_PROXY_FACTORY,
        "createProxyWithNonce(address,bytes,uint256)",
        addresses.SAFE_SINGLETON,
        calldata(setup, terms),
        0,
    )
    created = keccak(text="ProxyCreation(address,address)").hex()
    (log,) = (each for each in receipt["logs"] if each["topics"][0] == "0x" + created)
    proxy, _ = decode(["address", "address"], bytes.fromhex(log["data"][2:]))
    return to_checksum_address(proxy)


def calldata(signature: str, arguments: tuple[Any, ...]) -> bytes:
    """Return the call of a function, such as ``transfer(address,uint256)``."""
    listed = signature[signature.index("(") :]
    types = [each.to_type_str() for each in parse(listed).components] if listed != "()" else []
    return keccak(text=signature)[:4] + encode(types, arguments)
