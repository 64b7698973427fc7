"""The system under test: the protocol, two indices, their market, and what is seen of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from eth_utils.address import to_checksum_address
from twins.interface import Function, Interface, interface, reason
from twins.node import Node
from twins.world import as_blueprint

from indexkit.deploy import logic_arguments
from indexkit.localnet import addresses
from indexkit.localnet.artifacts import Artifact
from indexkit.localnet.pools import PAIR_CODE_HASHES
from invariants.code import Code
from invariants.market import PAIR_OF, TOKENS, TRADED, TRAITS, Bazaar
from invariants.observer import observer

Key = tuple[Any, ...]
State = dict[Key, int]

SETS = ("alpha", "beta")
"""Two indices; each has an index module of its own, and they share everything else."""

INDEX_MODULES = {"alpha": "alpha_index", "beta": "beta_index"}
SET_OF = {module: name for name, module in INDEX_MODULES.items()}
COMPONENTS = {
    "alpha": ("usdc", "wbtc", "gem", "hook", "ray"),
    "beta": ("gem", "hook", "usdc", "ice"),
}
"""What they consist of when they are created."""

ISSUERS = ("issuer", "heir", "stranger")
HOLDERS = (*ISSUERS, "collector", "treasury")
"""Who may come to hold an index; the last two receive fees."""

ACTORS = ("owner", "manager", "trader", "successor", *HOLDERS)
SPENDERS = ("uniswap_router", "sushiswap_router", "balancer_proxy", "issuance", "alpha_index")
MODULES = ("issuance", "streaming_fee", "alpha_index", "beta_index")

INDEX_WORDS = (
    *("index", "positionMultiplier", "anyoneTrade"),
    *("rebalanceNonce", "deadline", "guard"),
)
MOST_COMPONENTS = 9
OBSERVER = addresses.labelled("invariants.observer")
WINDOW_S = 1_800
"""Over at least which the guard takes its reference prices {s}."""
ZERO = "0x" + "00" * 20


class System:
    """One chain with the protocol on it.

    Parameters
    ----------
    node
        Of the chain.
    code
        Of our contracts.
    """

    def __init__(self, node: Node, code: Code) -> None:
        self.node = node
        self.actors = {role: addresses.labelled(f"invariants.{role}") for role in ACTORS}
        self.actors["maker"] = addresses.MARKET_MAKER
        self.contracts: dict[str, tuple[str, Interface]] = {}
        self._code = code
        for name, address, of in Bazaar(node).build():
            self.contracts[name] = (address, of)
        self._deploy()
        self._create()
        self.names = {int(address, 16): name for name, (address, _) in self.contracts.items()}
        self.names |= {int(address, 16): role for role, address in self.actors.items()} | {0: ""}
        self._watch()

    # ------------------------------------------------------------ calls

    def address(self, name: Any) -> Any:
        """Replace names by addresses, in lists and structs too."""
        if isinstance(name, list | tuple):
            return type(name)(map(self.address, name))
        if not isinstance(name, str) or name.startswith("0x"):
            return name
        return self.contracts[name][0] if name in self.contracts else self.actors.get(name, name)

    def function(self, what: str) -> Function:
        """Return a function by contract and name: ``issuance.redeem``."""
        contract, function = what.split(".")
        return self.contracts[contract][1].functions[function]

    def data(self, what: str, *arguments: Any) -> bytes:
        """Return a call's data."""
        return self.function(what).encode(self.address(arguments))

    def ask(self, what: str, *arguments: Any, by: str = "stranger") -> Any:
        """Return the answer of a call that succeeds."""
        success, answer = self._call(what, arguments, by)
        assert success, f"{what} fails: {reason(answer)}"
        return self.function(what).decode(answer)

    def failure(self, what: str, *arguments: Any, by: str, at: int | None = None) -> str | None:
        """Return why a call would fail, "" for no reason given, None if it would succeed.

        Parameters
        ----------
        what, arguments, by
            The call.
        at
            Time of the block it would be in {s}.
        """
        success, answer = self._call(what, arguments, by, at)
        return None if success else reason(answer)

    def _call(
        self, what: str, arguments: Sequence[Any], by: str, at: int | None = None
    ) -> tuple[bool, bytes]:
        to = self.contracts[what.split(".")[0]][0]
        data, sender = self.data(what, *arguments), self.address(by)
        return self.node.call(sender, to, data, blocks={} if at is None else {"time": hex(at)})

    def do(self, what: str, *arguments: Any, by: str, value: int = 0) -> dict[str, Any]:
        """Make a transaction that succeeds, and return its receipt."""
        to = self.contracts[what.split(".")[0]][0]
        data = self.data(what, *arguments)
        receipt = self.node.send(self.address(by), to, data, value)
        if receipt["status"] != "0x1":
            raise AssertionError(f"{what} fails: {self.failure(what, *arguments, by=by)}")
        return receipt

    # ------------------------------------------------------------ deployment

    def put(self, name: str, contract: Artifact, *arguments: Any) -> str:
        """Deploy a contract under a name and return its address."""
        code = contract.init_code(*self.address(arguments))
        receipt = self.node.send(self.actors["owner"], None, code)
        assert receipt["status"] == "0x1", f"{name} was not deployed"
        address = to_checksum_address(receipt["contractAddress"])
        self.contracts[name] = (address, interface(contract))
        return address

    def _deploy(self) -> None:
        code = self._code
        self.put("controller", code("Controller"), "treasury")
        self.put(
            "blueprint", Artifact("Blueprint", (), as_blueprint(code("SetTokenShell").bytecode))
        )
        self.put("logic", code("SetToken"), *logic_arguments("controller"))
        self.put("creator", code("SetTokenCreator"), "controller", "blueprint", "logic")
        self.put("issuance", code("BasicIssuanceModule"), "controller")
        self.put("streaming_fee", code("StreamingFeeModule"), "controller")
        index_module = code("SingleIndexModule")
        hashes = [bytes.fromhex(PAIR_CODE_HASHES[name]) for name in ("UniswapV2", "SushiSwap")]
        routers = ("uniswap_router", "sushiswap_router", "balancer_proxy")
        for name in INDEX_MODULES.values():
            arguments = ("weth", *routers, *hashes, "creator", ZERO)
            self.put(name, index_module, "controller", *arguments)
        factories = (addresses.UNISWAP_V2_FACTORY, addresses.SUSHISWAP_FACTORY)
        guard = code("ExecutionGuard")
        self.put("guard", guard, "weth", *factories, *hashes, WINDOW_S)
        self.do("controller.initialize", ["creator"], list(MODULES), [], [], by="owner")

    def _create(self) -> None:
        set_token = interface(self._code("SetToken"))
        for name in SETS:
            components = list(COMPONENTS[name])
            units = [TRAITS[component].unit for component in components]
            modules = ["issuance", "streaming_fee", INDEX_MODULES[name]]
            arguments = (components, units, modules, "manager", name, name.upper())
            address = self.ask("creator.create", *arguments, by="owner")
            self.do("creator.create", *arguments, by="owner")
            self.contracts[name] = (address, set_token)

    # ------------------------------------------------------------ observation

    def observe(self) -> tuple[bytes, State]:
        """Return everything observable, as it came and by keys."""
        success, words = self.node.call(self.actors["stranger"], OBSERVER, b"")
        assert success, "the observation failed"
        numbers = [int.from_bytes(words[i : i + 32], "big") for i in range(0, len(words), 32)]
        return words, dict(zip(self.keys, numbers, strict=True))

    def _watch(self) -> None:
        self.keys: list[Key] = [("now",), ("block",), *(("ether", index) for index in SETS)]
        questions = []
        for what, arguments, keys in self._questions():
            self.keys.extend(keys)
            target = self.contracts[what.split(".")[0]][0]
            questions.append((target, self.data(what, *arguments), len(keys)))
        code = observer([self.contracts[index][0] for index in SETS], questions)
        self.node.ask("anvil_setCode", OBSERVER, f"0x{code.hex()}")

    def _questions(self) -> Iterator[tuple[str, tuple[Any, ...], list[Key]]]:
        """Yield what is asked: function, arguments, and the keys of the words of the answer."""
        for token in TOKENS:
            for who in (*SETS, *ISSUERS, *self.pools(token)):
                yield f"{token}.balanceOf", (who,), [("balance", token, who)]
            for index in SETS:
                for spender in SPENDERS:
                    key = ("allowance", token, index, spender)
                    yield f"{token}.allowance", (index, spender), [key]
        for token, pair in PAIR_OF.items():
            keys: list[Key] = [("reserve", token, 0), ("reserve", token, 1), ("synced", token)]
            yield f"{pair}.getReserves", (), keys
            for place in (0, 1):
                key = ("cumulative", token, place)
                yield f"{pair}.price{place}CumulativeLast", (), [key]
        for index in SETS:
            yield from self._set_questions(index)
        for module in INDEX_MODULES.values():
            yield from self._index_questions(module)

    def _set_questions(self, index: str) -> Iterator[tuple[str, tuple[Any, ...], list[Key]]]:
        for function in ("totalSupply", "positionMultiplier", "manager", "locker"):
            yield f"{index}.{function}", (), [(function, index)]
        for token in TOKENS:
            yield f"{index}.getDefaultPositionRealUnit", (token,), [("unit", index, token)]
            yield f"{index}.isComponent", (token,), [("listed", index, token)]
            yield "issuance.totalClaims", (index, token), [("claims", index, token)]
            for holder in HOLDERS:
                key = ("claim", index, token, holder)
                yield "issuance.claims", (index, token, holder), [key]
        for holder in HOLDERS:
            yield f"{index}.balanceOf", (holder,), [("shares", index, holder)]
        for module in MODULES:
            yield f"{index}.moduleStates", (module,), [("module", index, module)]
        listed = [("component", index, place) for place in range(MOST_COMPONENTS)]
        yield f"{index}.getComponents", (), [("list", index), ("components", index), *listed]
        fee = [(what, index) for what in ("recipient", "most_fee", "fee", "accrued")]
        yield "streaming_fee.feeStates", (index,), fee
        yield "streaming_fee.accruedFees", (index,), [("collected", index)]

    def _index_questions(self, module: str) -> Iterator[tuple[str, tuple[Any, ...], list[Key]]]:
        for function in INDEX_WORDS:
            yield f"{module}.{function}", (), [(function, module)]
        agreed = [(word, module) for word in ("deviation", "liquidity", "budget")]
        yield "guard.getBounds", (module, SET_OF[module]), agreed
        for token in TOKENS:
            words = ("target", "size", "pause", "last", "exchange")
            yield f"{module}.assetInfo", (token,), [(word, module, token) for word in words]
        for who in ("trader", "stranger"):
            yield f"{module}.tradeAllowList", (who,), [("trader", module, who)]
        listed = [("part", module, place) for place in range(MOST_COMPONENTS)]
        yield f"{module}.getRebalanceComponents", (), [("list", module), ("parts", module), *listed]

    def pools(self, token: str) -> tuple[str, ...]:
        """Return where a token trades; all pools for WETH."""
        if token == "weth":
            return tuple(pool for traded in TRADED for pool in self.pools(traded))
        names = (f"{token}_pool", f"{token}_pool_2", f"{token}_pair")
        return tuple(name for name in names if name in self.contracts)

    def named(self, state: State, kind: str, of: str, count: int) -> list[str]:
        """Return the names of a list of addresses in a state."""
        return [self.names[state[kind, of, place]] for place in range(count)]
