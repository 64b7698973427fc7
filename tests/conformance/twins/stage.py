"""A stage: one of the two worlds, played on; everything that happens is recorded or compared."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from eth_utils.crypto import keccak

from indexkit.localnet import addresses
from indexkit.localnet.artifacts import Artifact
from twins import observe
from twins.comparison import ANYTHING, Comparison, Entry, Log, Tag
from twins.interface import Function, Interface, interface, reason
from twins.node import Node
from twins.observe import Questions
from twins.world import Contract, World, original, stand_in

__all__ = ["ANYTHING", "E18", "MAX_UINT", "ZERO", "Handle", "Stage"]

SAME = object()
"""Ours is expected to answer what the original answers."""

ZERO = "0x" + "00" * 20
E18 = 10**18
MAX_UINT = 2**256 - 1
# {set} of a SetToken of ours
LARGEST_SUPPLY = 2**128 - 1


class Handle:
    """A contract on a stage: its functions are attributes, called with ``by=`` if they write."""

    def __init__(self, stage: "Stage", contract: Contract) -> None:
        self._stage = stage
        self._contract = contract

    @property
    def address(self) -> str:
        """Where it lies in this world."""
        return self._contract.address

    def __getattr__(self, function: str) -> "Method":
        functions = self._contract.interface.functions
        if function not in functions:
            raise AttributeError(f"{self._contract.interface.name} has no function {function}")
        return Method(self._stage, self._contract, functions[function])

    def __repr__(self) -> str:
        return self._contract.name


class Method:
    """A function of a contract on a stage."""

    def __init__(self, stage: "Stage", contract: Contract, function: Function) -> None:
        self._stage = stage
        self._contract = contract
        self._function = function

    def __call__(
        self,
        *arguments: Any,
        by: str | None = None,
        value: int = 0,
        reverts: Any = None,
        ours: Any = SAME,
        differs: str | None = None,
    ) -> Any:
        """Call it and return the decoded answer; None if it reverts or answers nothing.

        Parameters
        ----------
        arguments
            Handles stand for addresses.
        by
            Who sends the transaction; views need no sender.
        value
            {wei}
        reverts
            What the original answers: None if it succeeds, else the reason it gives, "" for none.
        ours
            The same for ours, where a registered difference makes it another.
        differs
            The id of that difference.
        """
        data = self._function.encode([_plain(argument) for argument in arguments])
        words = ", ".join(map(self._stage._shown, arguments))
        shown = f"{self._contract.name}.{self._function.name}({words})"
        tag = Tag(reverts, reverts if ours is SAME else ours, differs)
        return self._stage.perform(self._contract, self._function, shown, data, by, value, tag)

    def peek(self, *arguments: Any) -> Any:
        """Return a view's answer without recording or comparing it."""
        data = self.data(*arguments)
        asker, target = self._stage.actors["stranger"], self._contract.address
        success, answer = self._stage._node.call(asker, target, data)
        assert success, f"{self._contract.name}.{self._function.name} reverts"
        return self._function.decode(answer)

    def data(self, *arguments: Any) -> bytes:
        """Return a call's data without calling."""
        return self._function.encode([_plain(argument) for argument in arguments])


class Stage:
    """One world, actors by role, and what can be done there.

    Contracts and accounts are attributes: ``stage.issuance.redeem(stage.set, 1, stage.issuer,
    by=stage.issuer)``.
    """

    looks_after_every_call = True
    """Whether everything is observed after every call; else only by ``look``."""

    def __init__(
        self, node: Node, world: World, actors: dict[str, str], comparison: Comparison
    ) -> None:
        self.world = world.copy()
        self.actors = actors
        self._node = node
        self._comparison = comparison
        self._watched: list[str] = []
        self._created = 0
        self._questions: tuple[Questions, ...] | None = None
        self._rename()

    def __getattr__(self, name: str) -> Any:
        if name in self.actors:
            return self.actors[name]
        if name in self.world.contracts:
            return Handle(self, self.world.contracts[name])
        raise AttributeError(f"there is no {name} on the stage")

    # ------------------------------------------------------------ calls

    def perform(
        self,
        contract: Contract,
        function: Function,
        shown: str,
        data: bytes,
        by: str | None,
        value: int,
        tag: Tag,
    ) -> Any:
        """Make a call, record or compare what came of it, and return the decoded answer."""
        if function.is_view:
            success, answer = self._node.call(by or self.actors["stranger"], contract.address, data)
            outcome = None if success else reason(answer)
            logs: tuple[Log, ...] = ()
            state: tuple[bytes, ...] = ()
            gas = 0
        else:
            assert by is not None, f"{shown}: who calls? Say by=…"
            shown = f"{shown} by {self._shown(by)}"
            answer = b""
            if function.outputs:
                success, answer = self._node.call(by, contract.address, data, value)
                if success and function.name == "create" and function.outputs == ("address",):
                    self._name_created(function.decode(answer))
            receipt = self._node.send(by, contract.address, data, value)
            outcome, logs, gas = None, self._logs(receipt), int(receipt["gasUsed"], 16)
            if receipt["status"] != "0x1":
                # The state is as before, and the time is that of the failed transaction.
                _, answer = self._node.call(by, contract.address, data, value)
                outcome = reason(answer)
            state = self._observe() if self.looks_after_every_call else ()
        entry = Entry(
            shown=shown,
            data=self._canonical(data),
            outcome=outcome,
            returned=self._canonical(answer) if outcome is None else b"",
            logs=logs,
            state=state,
            kind=contract.interface.name,
            function=function.signature,
            gas=gas,
        )
        self._comparison.take(self, entry, tag)
        if outcome is not None:
            return None
        return function.decode(answer) if function.outputs else None

    def send_raw(
        self,
        to: Any,
        data: bytes,
        *,
        by: str,
        value: int = 0,
        reverts: Any = None,
        ours: Any = SAME,
        differs: str | None = None,
    ) -> None:
        """Send any data to a contract or account: plain ether, or what no ABI knows."""
        contract = (
            to._contract if isinstance(to, Handle) else Contract(self._shown(to), to, _NOTHING)
        )
        function = Function(f"0x{data[:4].hex()}", (), (), is_view=False)
        shown = f"{contract.name}: {len(data)} bytes of data, {value} wei"
        tag = Tag(reverts, reverts if ours is SAME else ours, differs)
        self.perform(contract, function, shown, data, by, value, tag)

    def advance(self, seconds: int) -> None:
        """Let time pass {s}."""
        self._node.advance(seconds)

    def _logs(self, receipt: dict[str, Any]) -> tuple[Log, ...]:
        """Return the logs that matter: of the protocol's contracts, and transfers of any token."""
        found = []
        for log in receipt["logs"]:
            if log["address"].lower() in self._own or log["topics"][:1] == [TRANSFER]:
                emitter = bytes.fromhex(log["address"][2:])
                topics = (bytes.fromhex(topic[2:]) for topic in log["topics"])
                data = bytes.fromhex(log["data"][2:])
                found.append(
                    Log(
                        self._canonical(emitter),
                        tuple(self._canonical(topic) for topic in topics),
                        self._canonical(data),
                    )
                )
        return tuple(found)

    # ------------------------------------------------------------ contracts

    def deploy(self, name: str, contract: Artifact, *arguments: Any, by: str = "owner") -> Handle:
        """Deploy any contract under a name."""
        code = contract.init_code(*[_plain(argument) for argument in arguments])
        receipt = self._node.send(self.actors[by], None, code)
        assert receipt["status"] == "0x1", f"{contract.name} was not deployed"
        return self.name(name, receipt["contractAddress"], interface(contract))

    def put(self, name: str, kind: str, *arguments: Any) -> Handle:
        """Deploy one more of the contracts that exist twice, under a name."""
        plain = [_plain(argument) for argument in arguments]
        self.world.put(name, kind, *plain, by=self.actors["owner"])
        self._rename()
        return Handle(self, self.world.contracts[name])

    def name(self, name: str, address: str, of: Interface) -> Handle:
        """Give an address a name on this stage."""
        self.world.add(name, address, of)
        self._rename()
        return Handle(self, self.world.contracts[name])

    def share(self, *names: str) -> None:
        """Count contracts to the market, of whose logs only transfers matter."""
        self.world.shared.update(names)
        self._rename()

    def create(
        self,
        components: Sequence[Any],
        units: Sequence[int],
        modules: Sequence[Any],
        manager: str | None = None,
        name: str = "Twin",
        symbol: str = "TWIN",
        *,
        called: str = "set",
    ) -> Handle:
        """Create a SetToken, give it a name on the stage, and watch it from now on."""
        manager = manager or self.actors["manager"]
        arguments = (components, units, modules, manager, name, symbol)
        address = self.creator.create(*arguments, by=self.actors["stranger"])
        handle = self.name(called, address, interface(original("SetToken")))
        self.watch(called)
        return handle

    def _name_created(self, address: str) -> None:
        """Give a SetToken a name before it exists, so that what announces it can be compared."""
        if not any(c.address.lower() == address.lower() for c in self.world.contracts.values()):
            self._created += 1
            self.name(f"created_{self._created}", address, interface(original("SetToken")))

    def watch(self, *names: str) -> None:
        """Observe SetTokens after every call from now on."""
        self._watched.extend(names)
        self._questions = None

    # ------------------------------------------------------------ money

    def fund(self, token: Any, to: Any, amount: int) -> None:
        """Give an account tokens of the market {base units}; this is not compared by itself."""
        handle = getattr(self, token) if isinstance(token, str) else token
        self._prepare(handle.address, handle.transfer.data(to, amount), addresses.MARKET_MAKER)

    def supply(self, account: str, spender: Any, tokens: Sequence[str], amount: int) -> None:
        """Give an account so much of each token and let a contract take them."""
        for name in tokens:
            token = getattr(self, name)
            self.fund(token, account, amount)
            self._prepare(token.address, token.approve.data(spender, MAX_UINT), account)

    def _prepare(self, to: str, data: bytes, by: str) -> None:
        """Send a transaction that is no part of what is compared."""
        assert self._node.send(by, to, data)["status"] == "0x1", "could not prepare the stage"

    # ------------------------------------------------------------ side paths

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Try something and undo it: the way to show a difference that changes what follows."""
        snapshot, contracts = self._node.snapshot(), dict(self.world.contracts)
        watched = list(self._watched)
        before, created = self._comparison.diverged, self._created
        yield
        self._node.restore(snapshot)
        self._comparison.diverged, self._created = before, created
        self.world.contracts = contracts
        self._watched, self._questions = watched, None
        self._rename()

    # ------------------------------------------------------------ observation

    def questions(self) -> tuple[Questions, ...]:
        """Return what is asked after every call, in the order of the answers in an entry."""
        if self._questions is None:
            views = list(observe.system_views(self.world))
            for name in self._watched:
                views += observe.set_views(self.world, name, self.actors)
            virtual = [Questions(observe.virtual_views(self.world, n)) for n in self._watched]
            self._questions = (Questions(views), *virtual)
        return self._questions

    def look(self) -> None:
        """Observe everything now."""
        entry = Entry("a look", b"", None, b"", (), self._observe(), "", "", 0)
        self._comparison.take(self, entry, Tag(ANYTHING, ANYTHING, None))

    def count_observed(self) -> None:
        """Count the views that every call was followed by, once, as calls."""
        real, *_ = self.questions()
        for view, (success, _) in zip(real.views, real.answers(self._ask(real)), strict=True):
            key = (self.world.name, view.contract.interface.name, view.function.signature, success)
            self._comparison.tally.calls[key] += 1

    def _observe(self) -> tuple[bytes, ...]:
        real, *virtual = self.questions()
        answers = [self._ask(real)]
        for name, questions in zip(self._watched, virtual, strict=True):
            address = self.world.contracts[name].address
            word = self._node.ask("eth_getStorageAt", address, observe.slot(self.world), "latest")
            override = observe.multiplier_override(self.world, name, int(word, 16))
            answers.append(self._ask(questions, override))
        return tuple(answers)

    def _ask(self, questions: Questions, overrides: dict[str, Any] | None = None) -> bytes:
        asker = self.actors["stranger"]
        success, answer = self._node.call(
            asker, questions.address, questions.data, overrides=overrides
        )
        assert success, "the observation failed"
        return self._canonical(answer)

    # ------------------------------------------------------------ names

    def kind_of(self, stand_in: bytes) -> str:
        """Return the contract type behind a stand-in; nothing for what is not the protocol's."""
        return self._kinds.get(stand_in, "")

    def _shown(self, value: Any) -> str:
        """Return a value in words that are the same in both worlds."""
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(self._shown, value))}]"
        if isinstance(value, bytes):
            return f"0x{self._canonical(value).hex()}"
        if isinstance(value, str):
            return self._words.get(value.lower(), value)
        return repr(value)

    def _canonical(self, data: bytes) -> bytes:
        """Replace the addresses of this world's contracts by what stands for them in both."""
        return self._pattern.sub(lambda found: self._stand_ins[found.group()], data)

    def _rename(self) -> None:
        own = {n: c for n, c in self.world.contracts.items() if n not in self.world.shared}
        self._own = {contract.address.lower() for contract in own.values()}
        self._stand_ins = {bytes.fromhex(c.address[2:]): stand_in(n) for n, c in own.items()}
        self._kinds = {stand_in(n): c.interface.name for n, c in own.items()}
        self._pattern = re.compile(b"|".join(map(re.escape, self._stand_ins)), re.DOTALL)
        self._words = {address.lower(): name for name, address in self.actors.items()}
        self._words |= {c.address.lower(): name for name, c in self.world.contracts.items()}
        self._questions = None


def _plain(value: Any) -> Any:
    """Replace handles by addresses, in lists and structs too."""
    if isinstance(value, Handle):
        return value.address
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value


TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()

_NOTHING = Interface("", ())
