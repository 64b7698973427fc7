"""The receivers' half of a hand-over: who is offered what, and the calls by which they take it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ape.exceptions import ApeException

from indexkit.acting import act_as
from indexkit.build import compile_if_changed
from indexkit.deployment import chain, manifest
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.handover_plan import OFFERS
from indexkit.deployment.manifest import Manifest
from indexkit.deployment.parties import Party, party_at
from indexkit.errors import IndexkitError
from indexkit.safe import Call
from indexkit.signing.calls import Meant, write_calls

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

ACCEPT = "acceptOwnership"


@dataclass(frozen=True)
class Offer:
    """A contract whose ownership is offered, and not accepted yet.

    Attributes
    ----------
    step
        That deployed it.
    receiver
        Address of the next owner.
    """

    step: str
    kind: str
    contract: "ContractInstance"
    receiver: str

    @property
    def call(self) -> Call:
        """The receiver's call."""
        return Call.of(self.contract, ACCEPT)

    @property
    def words(self) -> str:
        """The call as signers read it."""
        return f"{self.kind} {self.contract.address}, {ACCEPT}(): take it over"


def offers(contracts: Contracts, made: Manifest) -> tuple[Offer, ...]:
    """Return what is offered and not accepted yet, as the chain has it.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    return tuple(_offers(contracts, made))


def _offers(contracts: Contracts, made: Manifest) -> Iterator[Offer]:
    for step, address in made.addresses.items():
        kind = made.steps[step].contract
        if kind in OFFERS:
            contract = contracts.at(kind, address)
            receiver = str(chain.reached(contract.pendingOwner))
            if receiver != NOBODY:
                yield Offer(step, kind, contract, receiver)


@dataclass(frozen=True, slots=True)
class Pack:
    """What the owners of a Safe sign to take all that it is offered.

    Attributes
    ----------
    safe_tx_hash
        As 0x-hex.
    """

    folder: Path
    safe: Party
    safe_tx_hash: str


def write_packs(folder: Path, pending: Sequence[Offer]) -> tuple[Pack, ...]:
    """Write the pack of each Safe that is offered something.

    Raises
    ------
    IndexkitError
        A file cannot be written.
    """
    written: list[Pack] = []
    for receiver in dict.fromkeys(offer.receiver for offer in pending):
        party = party_at(receiver)
        if party.is_safe:
            calls = [Meant(each.call, each.words) for each in pending if each.receiver == receiver]
            title = f"Take over {len(calls)} contracts"
            signed = write_calls(folder / receiver, receiver, calls, title)
            written.append(Pack(folder / receiver, party, signed))
    return tuple(written)


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a deployment on the connected chain.

    Raises
    ------
    IndexkitError
        There is none, or it is of another chain.
    """
    found = manifest.read(path)
    if found is None:
        raise IndexkitError(f"{path}: there is no manifest: name the deployment's with --manifest.")
    if found.genesis != chain.genesis():
        raise IndexkitError(
            f"{path} is of {found.network}, another chain than the connected one: name its network "
            "with --network."
        )
    return found


def accept(
    project: "ProjectManager", made: Manifest, signers: "Sequence[AccountAPI]"
) -> tuple[Offer, ...]:
    """Take over all that is offered to an account, or to the Safe that accounts own.

    Returns
    -------
    tuple
        What was taken; what others are offered is left.

    Raises
    ------
    IndexkitError
        A contract is not the one that was deployed, nothing is offered to these accounts, or they
        are not enough.
    """
    compile_if_changed(project, lambda _: None)
    pending = offers(Contracts(project), made)
    named = {str(account.address) for account in signers}
    parties = {each.receiver: party_at(each.receiver) for each in pending}
    ours = [each for each in pending if named & {each.receiver, *parties[each.receiver].owners}]
    if not ours:
        waiting = ", ".join(parties) or "nobody"
        raise IndexkitError(
            f"Nothing is offered to {', '.join(sorted(named))} (offers wait for: {waiting}): name "
            "another account with --account."
        )
    for offer in ours:
        _require_same_code(made, offer)
        _take(offer, signers)
    return tuple(ours)


def _take(offer: Offer, signers: "Sequence[AccountAPI]") -> Any:
    try:
        return act_as(offer.receiver, offer.call, signers, f"the offer of {offer.step}")
    except ApeException as error:
        raise IndexkitError(
            f"{offer.step} was not accepted ({chain.words(error)}): run the same command again; "
            "what was accepted stays."
        ) from error


def _require_same_code(made: Manifest, offer: Offer) -> None:
    if chain.code_hash(offer.contract.address) != made.steps[offer.step].code_hash:
        raise IndexkitError(
            f"{offer.step} is at {offer.contract.address}, where the chain has other code than was "
            "deployed: do not accept it."
        )
