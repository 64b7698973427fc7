"""Making the steps of a plan one after the other, so that none is ever made twice.

A step is signed, written into the manifest, and only then given to the node. Whoever finds it there
later looks its transaction up by its hash, and gives the node the very same bytes again if nothing
else has taken their nonce.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import ape
from ape.api import TestProviderAPI

from indexkit.deployment import chain, manifest, signing
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.handover_plan import is_handover
from indexkit.deployment.manifest import CALL, DEPLOY, DONE, SENT, Manifest, Record
from indexkit.deployment.roles import roles
from indexkit.deployment.steps import Call, Deploy, Step, as_json, created_kind
from indexkit.errors import IndexkitError

PATIENCE_S, LOCAL_PATIENCE_S = 1_800.0, 120.0
"""How long a live network, and a chain of this machine, may take to mine a transaction {s}."""

SHORTEST_POLL_S, POLL_S = 0.01, 2.0
"""How long to wait before the node is asked again, at first and at last {s}."""

LAG_S = 20.0
"""How long a node may lag behind another one of the same service {s}."""


@dataclass
class Execution:
    """A deployment under way.

    Attributes
    ----------
    account
        Of Ape; it signs without questions.
    path
        Of the manifest.
    manifest
        As it stands, and as its file has it.
    confirmations
        Blocks that must lie on a transaction before the next one is sent.
    """

    contracts: Contracts
    account: Any
    path: Path
    manifest: Manifest
    confirmations: int

    def run(self, steps: Sequence[Step], made: Callable[[Step], None] = lambda _: None) -> None:
        """Make the steps that are not made yet.

        Parameters
        ----------
        made
            Is told each step that is done, also those that were before.

        Raises
        ------
        IndexkitError
            A step cannot be made; the manifest says how far the deployment has come.
        """
        for step in steps:
            if self._status(step) is None:
                self._begin(step)
            if self._status(step) == SENT:
                self._finish(step)
            made(step)
        self._save(replace(self.manifest, roles=roles(self.contracts, self.manifest)))

    def sign_again(self, step: Step) -> None:
        """Sign a step that was sent and not mined anew, at higher fees.

        With the same nonce if it is free: then one of the two is mined, never both. With the next
        one if another transaction took it and deployed nothing.

        Raises
        ------
        IndexkitError
            The step's transaction was mined, or another one deployed something in its place.
        """
        old = self.manifest.steps[step.id]
        assert old.nonce is not None
        assert old.raw is not None
        if self._receipt(old) is not None:
            return
        if chain.next_nonce(self.account.address) <= old.nonce:
            self._sign(step, old.nonce, signing.raised(old.raw), old)
            return
        if old.address and chain.code(old.address):
            raise IndexkitError(
                f"{step.id}: another transaction with its nonce {old.nonce} left a contract at "
                f"{old.address}: if it is this step's, sent at another fee, put that transaction's "
                f"hash into {self.path}; else deploy with another account and manifest."
            )
        self._save(self.manifest.with_step(step.id, None))

    def forget(self, step: Step) -> None:
        """Drop the record of a step that is done, so that it is made anew."""
        self._save(self.manifest.with_step(step.id, None))

    def _status(self, step: Step) -> str | None:
        record = self.manifest.steps.get(step.id)
        return record.status if record else None

    def _begin(self, step: Step) -> None:
        """Sign and record a step, unless what it asks for is so already."""
        if (sent := self.manifest.sent) is not None:
            raise IndexkitError(
                f"{sent} was signed and is not known to be mined, which {step.id} waits for: run "
                f"'ape run {'handover' if is_handover(sent) else 'deploy all'}' first."
            )
        if isinstance(step, Call) and step.holds and self.holds(step):
            self._save(self.manifest.with_step(step.id, replace(self._record(step), status=DONE)))
            return
        self._sign(step, self._free_nonce(), signing.Fees(), None)

    def holds(self, step: Call) -> bool:
        """Tell whether the chain has all that a call is for.

        Raises
        ------
        NodeError
            The node did not answer.
        """
        addresses = self.manifest.addresses
        holds = self.contracts.holds
        return all(chain.reached(partial(holds, view, addresses)) for view in step.holds)

    def _sign(self, step: Step, nonce: int, fees: signing.Fees, old: Record | None) -> None:
        transaction = self.contracts.transaction(step, self.manifest.addresses)
        try:
            signed = signing.sign(self.account, transaction, nonce, step.id, fees)
        except signing.RefusedError as error:
            raise self._refused(step, error) from error
        record = replace(
            self._record(step),
            transaction=signed.hash,
            nonce=nonce,
            raw=signed.raw,
            earlier=(*old.earlier, str(old.transaction)) if old else (),
        )
        if isinstance(step, Deploy):
            place = self.account.get_deployment_address(nonce=nonce)
            record = replace(record, address=str(place))
        self._save(self.manifest.with_step(step.id, record))

    def _refused(self, step: Step, error: signing.RefusedError) -> IndexkitError:
        """Return the refusal of a step, with who must make it if its contract is another's."""
        if not isinstance(step, Call):
            return error
        contract = self.contracts.at(step.contract, self.manifest.addresses[step.target])
        has_owner = any(view.name == "owner" for view in contract.contract_type.view_methods)
        owner = str(chain.reached(contract.owner)) if has_owner else None
        if owner in (None, self.account.address):
            return error
        arguments = as_json(self.contracts.resolved(step.arguments, self.manifest.addresses))
        return IndexkitError(
            f"{step.id} would revert ({error.reason}): have {owner}, the owner of {step.contract} "
            f"{contract.address}, call {step.function} with {json.dumps(arguments)}, and run the "
            "same command again."
        )

    def _record(self, step: Step) -> Record:
        addresses = self.manifest.addresses
        kind = created_kind(step)
        return Record(
            kind=DEPLOY if isinstance(step, Deploy) else CALL,
            contract=kind or step.contract,
            arguments=as_json(self.contracts.resolved(step.arguments, addresses)),
            status=SENT,
            target=None if isinstance(step, Deploy) else addresses[step.target],
            function=None if isinstance(step, Deploy) else step.function,
            source_hash=self.contracts.source_hash(kind) if kind else None,
        )

    def _free_nonce(self) -> int:
        """Return the nonce of the next transaction: none before it waits or is unknown to us."""
        address = self.account.address
        used = [each.nonce for each in self.manifest.steps.values() if each.nonce is not None]
        least = max(used, default=-1) + 1
        deadline = time.monotonic() + LAG_S
        while (nonce := chain.next_nonce(address)) < least and time.monotonic() < deadline:
            time.sleep(POLL_S)
        if nonce < least:
            raise IndexkitError(
                f"The node counts {nonce} transactions of {address}, {self.path} has one with "
                f"nonce {least - 1}: the node lags behind or lost blocks, wait or name another."
            )
        if (pending := chain.next_nonce(address, "pending")) > nonce:
            raise IndexkitError(
                f"{pending - nonce} transactions of {address} wait to be mined (nonces {nonce} to "
                f"{pending - 1}) that this deployment did not send: wait for them, or replace "
                "them, and run the same command again."
            )
        return nonce

    def _finish(self, step: Step) -> None:
        """See to it that a step's transaction is mined and confirmed, and record it."""
        record = self.manifest.steps[step.id]
        receipt = self._confirmed(step.id, record)
        if chain.number(receipt["status"]) != 1:
            self._save(self.manifest.with_step(step.id, None))
            raise IndexkitError(
                f"{step.id} was mined and reverted in {receipt['transactionHash']}: see to the "
                "cause and run the same command again, which makes this step anew."
            )
        address = record.address
        if isinstance(step, Call) and step.creates:
            address = self.contracts.created(step, receipt)
        done = replace(
            record,
            status=DONE,
            transaction=receipt["transactionHash"],
            raw=None,
            earlier=(),
            block=chain.number(receipt["blockNumber"]),
            gas_used=chain.number(receipt["gasUsed"]),
            address=address,
            code_hash=chain.code_hash(address) if address else None,
        )
        self._save(self.manifest.with_step(step.id, done))

    def _confirmed(self, step: str, record: Record) -> dict[str, Any]:
        local = isinstance(ape.chain.provider, TestProviderAPI)
        patience = LOCAL_PATIENCE_S if local else PATIENCE_S
        deadline, pause = time.monotonic() + patience, SHORTEST_POLL_S
        while time.monotonic() < deadline:
            receipt = self._receipt(record)
            if receipt is None:
                self._see_to(step, record)
                receipt = self._receipt(record)
            if receipt and self._is_deep(receipt):
                return receipt
            time.sleep(pause)
            pause = min(2 * pause, POLL_S)
        raise IndexkitError(
            f"{step}: transaction {record.transaction} was not confirmed within {patience:,.0f} s: "
            "run the same command again; the same transaction is then waited for, or signed anew "
            "at higher fees with --sign-again."
        )

    def _is_deep(self, receipt: dict[str, Any]) -> bool:
        return chain.head() >= chain.number(receipt["blockNumber"]) + self.confirmations

    def _see_to(self, step: str, record: Record) -> None:
        """Give the node a transaction that it has not mined, unless its nonce is not to be had."""
        assert record.raw is not None
        assert record.nonce is not None
        nonce = chain.next_nonce(self.account.address)
        if nonce > record.nonce and self._receipt(record) is None:
            self._replaced(step, record)
        elif nonce <= record.nonce and chain.is_known(str(record.transaction)):
            signing.nudge()
        elif chain.next_nonce(self.account.address, "pending") < record.nonce:
            raise IndexkitError(
                f"{step} was signed with nonce {record.nonce}, but the account's next is {nonce}: "
                f"transactions before it were dropped, and it waits for them; send any with nonces "
                f"{nonce} to {record.nonce - 1} and run the same command again."
            )
        elif nonce <= record.nonce:
            signing.publish(record.raw, str(record.transaction))

    def _replaced(self, step: str, record: Record) -> None:
        """Refuse a step whose nonce another transaction took, once no node may merely lag."""
        deadline = time.monotonic() + LAG_S
        local = isinstance(ape.chain.provider, TestProviderAPI)
        while not local and time.monotonic() < deadline:
            time.sleep(POLL_S)
            if self._receipt(record) is not None:
                return
        raise IndexkitError(
            f"{step}: another transaction of {self.account.address} took nonce {record.nonce}, "
            f"{record.transaction} was replaced and will never be mined: find out what was sent "
            "instead, then run the same command with --sign-again."
        )

    def _receipt(self, record: Record) -> dict[str, Any] | None:
        """Return the receipt of a step's transaction, or of one that it replaced."""
        for each in (str(record.transaction), *record.earlier):
            if found := chain.receipt(each):
                return found
        return None

    def _save(self, changed: Manifest) -> None:
        if changed != self.manifest or not self.path.exists():
            manifest.write(self.path, changed)
        self.manifest = changed
